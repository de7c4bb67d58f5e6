"""Whether builds that are killed at random moments leave anything but complete documents.

python tests/benchmarks/kills.py [--kills 50] [--specs 60] [--jobs 2] [--seed 1]
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from perfc.seal import intact

ROOT = Path(__file__).parents[2]
NOTICE = "版式: test/notice\n标题: 通知{}\n金额: {{财政资金: 4.00, 其他资金: 0.50}}\n说明: |\n  {}\n"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--specs", type=int, default=60)
    options.add_argument("--jobs", default="2")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count(Path(folder), given)


def count(workspace: Path, given: argparse.Namespace) -> None:
    """Kill builds, each over the documents of the one before, and print what is found after each."""
    moments = random.Random(given.seed)
    shutil.copytree(ROOT / "tests/layouts", workspace / "templates")
    save(workspace, given.specs, 0)
    build(workspace, given.jobs)
    known = {document: {path.read_bytes()} for document, path in documents(workspace).items()}
    found: Counter[str] = Counter()
    number = 0
    while found["killed"] < given.kills:
        number += 1
        save(workspace, given.specs, number)
        seconds = build(workspace, given.jobs, "undisturbed")
        for document, path in documents(workspace, "undisturbed").items():
            known[document].add(path.read_bytes())
        process = start(workspace, given.jobs)
        time.sleep(moments.uniform(0, seconds))
        found["ended before it was killed" if process.poll() is not None else "killed"] += 1
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for document, path in documents(workspace).items():
            content = path.read_bytes()
            new = content == (workspace / "undisturbed" / document).read_bytes()
            whole = intact(content) and content in known[document]
            found["new document" if new else "earlier document" if whole else "NOT A WHOLE DOCUMENT"] += 1
        found["temporary file"] += len(list((workspace / "output").rglob(".perfc-*")))
    build(workspace, given.jobs)
    same = all(
        path.read_bytes() == (workspace / "undisturbed" / document).read_bytes()
        for document, path in documents(workspace).items()
    )
    left = len(list((workspace / "output").rglob(".perfc-*")))
    for what, times in sorted(found.items()):
        print(f"{what:30} {times:6}")
    print(f"the next build is {'the same as' if same else 'DIFFERENT FROM'} an undisturbed one; {left} files left over")


def save(workspace: Path, specs: int, number: int) -> None:
    for spec in range(specs):
        path = workspace / f"specs/{spec % 4}/{spec}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NOTICE.format(spec, f"第{number}次改动。" * (spec + 1)), "utf-8")


def documents(workspace: Path, output: str = "output") -> dict[str, Path]:
    return {path.relative_to(workspace / output).as_posix(): path for path in (workspace / output).rglob("*.docx")}


def start(workspace: Path, jobs: str, output: str = "output") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "perfc.cli", "build", "--jobs", jobs, "--output", output]
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=workspace, stdout=silent, stderr=silent, start_new_session=True)


def build(workspace: Path, jobs: str, output: str = "output") -> float:
    """Build undisturbed; the seconds that it takes."""
    begin = time.monotonic()
    assert start(workspace, jobs, output).wait() == 0
    return time.monotonic() - begin


if __name__ == "__main__":
    main()
