"""What builds of many departments cost: by their number, by projects, by workers, when little changed, and at the start.

python tests/benchmarks/builds.py [--sizes 10,100,1000] [--runs 3] [--only sizes,projects,workers,changes,start]

Whatever is compared is run in turns, and medians count. Costs are processor time of all processes, which a busy machine
changes little; only two workers against one are measured by the clock, which wants an idle machine.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from departments import department
from perfc.compile import compile_spec
from perfc.diagnostic import Severity
from perfc.lint import Level, rules
from perfc.places import folders
from perfc.policy import Policy
from perfc.source import Source, Sources

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "templates/hebei/budget-performance/2024/example.yaml"
DEPARTMENT = ROOT / "tests/clean/hebei-education-2024.yaml"
PERFC = (sys.executable, "-m", "perfc.cli")
PROJECTS = (1, 20, 100, 400)
# Made-up texts break rules; the rules run all the same.
LENIENT = Policy(levels={name: Level(Severity.INFO, "made up") for name in rules()})


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of processor time, and the peak megabytes of the process and of any of its children."""

    clock: float
    processor: float
    parent: float
    worker: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=lambda text: [int(one) for one in text.split(",")], default=[10, 100, 1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", type=lambda text: text.split(","), default=["sizes", *PARTS])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if "sizes" in options.only:
            sizes(Path(folder), options.sizes, options.runs)
        for name, part in PARTS.items():
            if name in options.only:
                part(Path(folder), options.runs)


def sizes(place: Path, numbers: Sequence[int], runs: int) -> None:
    """The cost of a department and the memory of the processes, by the number of departments."""
    works = {number: lambda number=number: build(workspace(place, number)) for number in numbers}
    costs = in_turns(works, runs)
    base = min(costs, key=lambda number: abs(number - 100))
    print(f"departments  ms each  × that of {base}  parent MB  worker MB")
    for number, cost in costs.items():
        each = cost.processor / number
        ratio = each / (costs[base].processor / base)
        print(f"{number:11}  {each * 1000:7.1f}  {ratio:13.2f}  {cost.parent:9.0f}  {cost.worker:9.0f}")


def projects(_: Path, runs: int) -> None:
    """The cost of a project, by the number of projects in a department."""
    texts = {number: department(number, seed=1) for number in PROJECTS}

    def compiled(text: str) -> Cost:
        start = time.process_time()
        result = compile_spec("x.yaml", Sources({"x.yaml": Source("x.yaml", text)}), folders(ROOT), LENIENT)
        assert result.docx, result.diagnostics
        return Cost(0, time.process_time() - start, 0, 0)

    costs = in_turns({number: lambda text=text: compiled(text) for number, text in texts.items()}, runs + 1)
    print("projects  ms each  × that of 20")
    for number, cost in costs.items():
        each = cost.processor / number
        print(f"{number:8}  {each * 1000:7.1f}  {each / (costs[20].processor / 20):12.2f}")


def workers(place: Path, runs: int) -> None:
    """Two workers against one, by the clock."""
    folder = workspace(place, 400)
    costs = in_turns({jobs: lambda jobs=jobs: build(folder, "--jobs", jobs) for jobs in ("1", "2")}, runs)
    print(f"two workers are {costs['1'].clock / costs['2'].clock:.2f} × as fast as one ({os.getloadavg()[0]:.1f} load)")


def changes(place: Path, runs: int) -> None:
    """Builds when nothing changed and when one spec did, against a full one."""
    folder = workspace(place, 1000)
    build(folder)

    def one() -> Cost:
        spec = next((folder / "specs").rglob("*.yaml"))
        spec.write_text(spec.read_text("utf-8") + "\n# 改过\n", "utf-8")
        return again(folder)

    full = {"full": lambda: build(folder)}
    costs = in_turns({**full, "no change": lambda: again(folder), "one change": one}, runs)
    for name in ("no change", "one change"):
        share = costs[name].processor / costs["full"].processor
        print(f"1000 departments, {name}: {costs[name].processor:.2f} s, {share:.1%} of a full build")


def start(place: Path, runs: int) -> None:
    """How long the shortest calls take, against the import of typer."""
    spec = shutil.copy(EXAMPLE, place / "example.yaml")
    commands = {
        "import typer": (sys.executable, "-c", "import typer"),
        "perfc --version": (*PERFC, "--version"),
        "perfc check": (*PERFC, "check", spec),
    }
    works = {name: lambda command=command: run(command, place) for name, command in commands.items()}
    costs = in_turns(works, 3 * runs)
    for name, cost in costs.items():
        ratio = cost.processor / costs["import typer"].processor
        print(f"{name:16} {cost.processor * 1000:6.0f} ms  {ratio:5.2f} × import typer  {cost.parent:4.0f} MB")


PARTS: dict[str, Callable[[Path, int], None]] = {
    "projects": projects,
    "workers": workers,
    "changes": changes,
    "start": start,
}


def in_turns(works: dict[Any, Callable[[], Cost]], runs: int) -> dict[Any, Cost]:
    """The median cost of each work."""
    taken: dict[Any, list[Cost]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            taken[name].append(work())

    def median(name: Any, figure: str) -> float:
        return statistics.median(getattr(cost, figure) for cost in taken[name])

    return {name: Cost(*(median(name, figure) for figure in Cost.__slots__)) for name in works}


def workspace(place: Path, number: int) -> Path:
    """A folder with a number of departments, each of 15 projects and with a few hints."""
    folder = place / str(number)
    text = DEPARTMENT.read_text("utf-8")
    for one in range(number):
        path = folder / f"specs/{one:05}/spec.yaml"
        if not path.exists():
            path.parent.mkdir(parents=True)
            path.write_text(f"# {one}\n{text}", "utf-8")
    return folder


def build(folder: Path, *options: str) -> Cost:
    """Build everything anew."""
    shutil.rmtree(folder / "output", ignore_errors=True)
    return again(folder, *options)


def again(folder: Path, *options: str) -> Cost:
    """Build what changed."""
    return run((*PERFC, "build", *(options or ("--jobs", "2"))), folder)


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end; what it started is looked at all the while, because peaks are gone with a process."""
    silent = subprocess.DEVNULL
    begin, used = time.monotonic(), sum(os.times()[2:4])
    process = subprocess.Popen(command, cwd=folder, stdout=silent, stderr=silent)
    parent = worker = 0.0
    while process.poll() is None:
        parent = max(parent, peak(process.pid))
        for child in children(process.pid):
            worker = max(worker, peak(child))
        time.sleep(0.02)
    assert process.returncode == 0, command
    return Cost(time.monotonic() - begin, sum(os.times()[2:4]) - used, parent, worker)


def children(process: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def peak(process: int) -> float:
    """The most megabytes that a process has had, as Linux counts them; 0 elsewhere."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
