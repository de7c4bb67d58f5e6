"""Builds of many specs: what is made again and what is not, with one process or several, interrupted or killed."""

import base64
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path
from threading import Thread

import pytest
from conftest import ROOT, TESTS
from hypothesis import given
from hypothesis import strategies as st
from perfc.diagnostic import Diagnostic, Note, Severity, Span
from perfc.recall import kept, recalled
from perfc.seal import intact
from perfc.source import Refused
from perfc.workers import in_order

NOTICE = "版式: test/notice\n标题: {}\n金额: {{财政资金: 4.00, 其他资金: 0.50}}\n"


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of perfc, so that its own code can be changed."""
    root = tmp_path_factory.mktemp("perfc")
    shutil.copytree(ROOT / "compiler/perfc", root / "compiler/perfc", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", root / "templates")
    return root / "compiler"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with two layouts, the second like the first, and a spec for each and one that includes others."""
    shutil.copytree(TESTS / "layouts", tmp_path / "templates")
    shutil.copytree(tmp_path / "templates/test/notice", tmp_path / "templates/test/other")
    (tmp_path / "templates/_shared").mkdir()
    write(tmp_path / "templates/_shared/signs.html", "{% macro 号() %}号{% endmacro %}")
    write(tmp_path / "specs/a.yaml", NOTICE.format("甲"))
    write(tmp_path / "specs/b/b.yaml", NOTICE.format("乙") + "明细:\n  引用: parts/*.yaml\n")
    write(tmp_path / "specs/b/parts/1.yaml", "名称: 一\n")
    write(tmp_path / "specs/c.yaml", NOTICE.format("丙").replace("test/notice", "test/other"))
    return tmp_path


@pytest.fixture
def perfc(package: Path, workspace: Path):
    """A function that runs perfc in the workspace."""

    def run(*arguments: str, **options) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, *options.pop("python", ()), "-m", "perfc.cli", *arguments],
            cwd=options.pop("cwd", workspace),
            env=environment(package),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def start(package: Path, workspace: Path):
    """A function that starts perfc in the workspace, in a group of processes of its own, and does not wait."""
    started: list[subprocess.Popen] = []

    def run(*arguments: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "perfc.cli", *arguments]
        pipe = subprocess.PIPE
        # What runs the tests may ignore Ctrl-C, as shells make their background jobs do, and a child inherits that.
        process = subprocess.Popen(
            command,
            cwd=workspace,
            env=environment(package),
            stdout=pipe,
            stderr=pipe,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def environment(package: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(package), "PYTHONIOENCODING": "utf-8"}


def write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode())
    return path


def written(run: subprocess.CompletedProcess) -> str:
    """The names of the documents that a run says it has written."""
    return "".join(Path(line.split()[1]).stem for line in run.stdout.splitlines() if line.startswith("已生成"))


def append(path: Path, text: str) -> None:
    write(path, path.read_text("utf-8") + text)


def documents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.docx")}


def test_what_did_not_change_is_not_made_again(perfc, workspace: Path) -> None:
    first = perfc("build")
    assert written(first) == "甲乙丙"
    assert first.stderr == "共 3 份规格：没有问题\n"
    before = documents(workspace / "output")
    again = perfc("build")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr == "共 3 份规格：没有问题；3 份没有变化\n"
    assert documents(workspace / "output") == before


CHANGES = {
    "a spec": ("specs/a.yaml", "# 注\n", "甲"),
    "an included file": ("specs/b/parts/1.yaml", "数量: 3\n", "乙"),
    "a new file to include": ("specs/b/parts/2.yaml", "名称: 二\n", "乙"),
    "a page": ("templates/test/notice/page.html", "<!-- -->\n", "甲乙"),
    "a style sheet": ("templates/test/other/page.css", "\n", "丙"),
    "a new file of a layout": ("templates/test/other/rules.yaml", "规则: {}\n", "丙"),
    "a macro that all share": ("templates/_shared/signs.html", "\n", "甲乙丙"),
    "the settings": ("perfc.toml", "\n", "甲乙丙"),
    "what is no input": ("specs/README.md", "\n", ""),
}


@pytest.mark.parametrize(("file", "more", "again"), CHANGES.values(), ids=list(CHANGES))
def test_what_changed_is_made_again(perfc, workspace: Path, file: str, more: str, again: str) -> None:
    perfc("build")
    path = workspace / file
    write(path, (path.read_text("utf-8") if path.exists() else "") + more)
    run = perfc("build")
    assert (run.returncode, written(run)) == (0, again)
    assert written(perfc("build")) == ""


def test_a_file_that_is_included_no_more(perfc, workspace: Path) -> None:
    write(workspace / "specs/b/parts/2.yaml", "名称: 二\n")
    perfc("build")
    (workspace / "specs/b/parts/2.yaml").unlink()
    assert written(perfc("build")) == "乙"


def test_a_layout_that_extends_another_depends_on_it(perfc, workspace: Path) -> None:
    write(workspace / "templates/test/other/page.html", '{% extends "test/notice/page.html" %}\n')
    schema = json.loads((workspace / "templates/test/notice/schema.json").read_text("utf-8"))
    schema["properties"] = {key: {"$ref": f"../notice/schema.json#/properties/{key}"} for key in schema["properties"]}
    write(workspace / "templates/test/other/schema.json", json.dumps(schema))
    assert written(perfc("build")) == "甲乙丙"
    append(workspace / "templates/test/notice/page.html", "<!-- -->\n")
    assert written(perfc("build")) == "甲乙丙"
    append(workspace / "templates/test/notice/schema.json", "\n")
    assert written(perfc("build")) == "甲乙丙"


def test_new_code_makes_everything_again(perfc, package: Path) -> None:
    perfc("build")
    append(package / "perfc/explain.md", "\n")
    assert written(perfc("build")) == "甲乙丙"


def test_strictness_is_part_of_what_was_made(perfc) -> None:
    perfc("build")
    assert written(perfc("build", "--strict")) == "甲乙丙"


@pytest.mark.parametrize("change", ["touch", "remove"])
def test_a_document_that_is_not_as_it_was(perfc, workspace: Path, change: str) -> None:
    perfc("build")
    document = workspace / "output/甲.docx"
    if change == "touch":
        os.utime(document, (0, 0))
    else:
        document.unlink()
    assert written(perfc("build")) == "甲"


@pytest.mark.parametrize(
    "nonsense", [b"", b"{", b"[]", b"\xff\xfe", b'{"a.docx": 3}', b'{"a.docx": {"spec": 1}}', b"[" * 99999, None]
)
def test_what_is_remembered_may_be_nonsense(perfc, workspace: Path, nonsense: bytes | None) -> None:
    perfc("build")
    memory = workspace / "output/.perfc.json"
    if nonsense is None:
        memory.unlink()
        memory.mkdir()
    else:
        memory.write_bytes(nonsense)
    run = perfc("build")
    assert (run.returncode, written(run)) == (0, "甲乙丙")
    assert run.stderr == "共 3 份规格：没有问题\n"


def test_findings_never_go_quiet(perfc, workspace: Path) -> None:
    example = (ROOT / "templates/hebei/budget-performance/2024/example.yaml").read_text("utf-8")
    write(workspace / "specs/d.yaml", example.replace("≥24场", "≥24场）"))
    runs = [perfc("build") for _ in range(2)]
    assert [run.returncode for run in runs] == [0, 0]
    assert "警告[brackets]" in runs[0].stderr
    assert runs[1].stderr == runs[0].stderr.replace("警告\n", "警告；4 份没有变化\n")
    assert written(runs[1]) == ""
    elsewhere = perfc("build", str(workspace / "specs"), "-o", "../output", cwd=workspace / "templates")
    assert "警告[brackets]" in elsewhere.stderr
    write(workspace / "perfc.toml", '[rules]\nno-such-rule = "警告"\n')
    runs = [perfc("build") for _ in range(2)]
    assert [run.stderr.count("错误[settings]") for run in runs] == [1, 1]


def test_findings_that_are_kept_may_be_nonsense(perfc, workspace: Path) -> None:
    perfc("build")
    memory = workspace / "output/.perfc.json"
    entries = json.loads(memory.read_bytes())
    deep = base64.b64encode(zlib.compress(b"[" * 99999)).decode()
    for entry, nonsense in zip(entries.values(), ("eJyLjjaMjQUABOIBog==", "{", deep), strict=True):
        entry["found"] = nonsense
    memory.write_text(json.dumps(entries))
    assert written(perfc("build")) == "甲乙丙"


_SPANS = st.builds(
    Span, st.sampled_from(["specs/a/甲.yaml", "specs/a/项目/1.yaml", "specs/b.yaml"]), *[st.integers(0, 99)] * 2
)
_FINDINGS = st.builds(
    Diagnostic,
    st.text(),
    st.text(),
    _SPANS,
    st.sampled_from([one for one in Severity if one is not Severity.SKIPPED]),
    st.lists(st.builds(Note, st.text(), st.none() | _SPANS)).map(tuple),
)


@given(st.lists(_FINDINGS))
def test_findings_are_recalled_as_they_were(found: list[Diagnostic]) -> None:
    skipped = Diagnostic("brackets", "没有看", Span("specs/a/甲.yaml", 0, 0), Severity.SKIPPED)
    assert recalled(kept([*found, skipped], "specs/a/甲.yaml"), "specs/a/甲.yaml") == tuple(found)
    elsewhere = recalled(kept(found, "specs/a/甲.yaml"), "../x/specs/a/甲.yaml")
    assert [one.span.file for one in elsewhere] == [f"../x/{one.span.file}" for one in found]


def test_a_mistake_and_back(perfc, workspace: Path) -> None:
    perfc("build")
    append(workspace / "specs/a.yaml", "多余: 1\n")
    for _ in range(2):
        assert "错误[schema]" in perfc("build").stderr
    write(workspace / "specs/a.yaml", NOTICE.format("甲"))
    run = perfc("build")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "共 3 份规格：没有问题；3 份没有变化\n")


def test_a_title_that_another_document_has(perfc, workspace: Path) -> None:
    perfc("build")
    write(workspace / "specs/a.yaml", NOTICE.format("丙"))
    run = perfc("build")
    assert (run.returncode, written(run)) == (1, "丙")
    assert "specs/c.yaml:1:1: 错误[output-name] 与 specs/a.yaml 生成同一个文件：output/丙.docx" in run.stderr


def test_a_spec_for_two_layouts(perfc, workspace: Path) -> None:
    page = workspace / "templates/test/other/page.html"
    write(page, page.read_text("utf-8").replace("<title>{{ 标题 }}", "<title>{{ 标题 }}附表"))
    write(workspace / "specs/a.yaml", NOTICE.format("甲").replace("test/notice", "[test/notice, test/other]"))
    assert written(perfc("build")) == "甲甲附表乙丙附表"
    assert "4 份" not in (said := perfc("build").stderr)
    assert said.endswith("3 份没有变化\n")
    write(page, page.read_text("utf-8") + "\n")
    assert written(perfc("build")) == "甲甲附表丙附表"
    (workspace / "output/甲附表.docx").unlink()
    assert written(perfc("build")) == "甲甲附表"
    write(workspace / "specs/a.yaml", NOTICE.format("甲"))
    run = perfc("build", "--prune")
    assert (written(run), "已删去 output/甲附表.docx" in run.stdout) == ("甲", True)


def test_one_folder_at_a_time_and_from_elsewhere(perfc, workspace: Path) -> None:
    perfc("build")
    assert perfc("build", "specs/b", "-o", "output/b").stderr == "共 1 份规格：没有问题\n"
    assert "没有变化" in perfc("build").stderr
    run = perfc("build", str(workspace / "specs"))
    assert run.stderr == "共 3 份规格：没有问题；3 份没有变化\n"
    run = perfc("build", "../specs", "-o", "../output", cwd=workspace / "templates")
    assert "stale-document" not in run.stderr


def test_a_build_of_nothing_new_loads_nothing(perfc) -> None:
    perfc("build")
    run = perfc("build", python=("-X", "importtime"))
    assert "3 份没有变化" in run.stderr
    modules = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    heavy = ("docx", "jsonschema", "jsonschema_rs", "jinja2", "yaml", "tinycss2", "lxml", "concurrent", "rich")
    assert not [name for name in modules if name.split(".")[0] in heavy]
    assert not [name for name in modules if name.startswith(("perfc.rules", "perfc.layout", "perfc.compile"))]


def test_only_workers_load_the_compiler(package: Path, workspace: Path) -> None:
    many(workspace, 12)
    script = (
        "import sys; from perfc.cli import app; app(['build', '--jobs', '2'], standalone_mode=False);"
        "print(*sorted({name.split('.')[0] for name in sys.modules} & {'docx', 'jinja2', 'yaml', 'lxml'}), 'loaded')"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=workspace, env=environment(package), capture_output=True, check=True
    )
    assert run.stdout.decode().splitlines()[-1] == "loaded"


def test_work_by_hand_is_left_alone(perfc, workspace: Path) -> None:
    from docx import Document

    perfc("build")
    document = workspace / "output/甲.docx"
    word = Document(str(document))
    word.add_paragraph("手写的一段")
    word.save(str(document))
    by_hand = document.read_bytes()
    for _ in range(2):
        run = perfc("build")
        assert (run.returncode, run.stdout) == (1, "")
        assert "specs/a.yaml:1:1: 错误[changed-by-hand] output/甲.docx 生成以后被手工改动过" in run.stderr
        assert "perfc verify output/甲.docx specs/a.yaml" in run.stderr
        assert document.read_bytes() == by_hand
    assert "手写的一段" in perfc("verify", "output/甲.docx", "specs/a.yaml").stdout
    assert written(perfc("build", "--force")) == "甲"
    assert intact(document.read_bytes())
    assert perfc("build").stderr == "共 3 份规格：没有问题；3 份没有变化\n"


def test_a_file_that_is_not_of_perfc_is_left_alone(perfc, workspace: Path) -> None:
    write(workspace / "output/甲.docx", "别人的")
    run = perfc("build")
    assert (run.returncode, written(run)) == (1, "乙丙")
    assert (workspace / "output/甲.docx").read_text("utf-8") == "别人的"


def test_documents_without_a_spec(perfc, workspace: Path) -> None:
    perfc("build")
    (workspace / "specs/a.yaml").unlink()
    write(workspace / "specs/c.yaml", (workspace / "specs/c.yaml").read_text("utf-8").replace("丙", "丁"))
    for _ in range(2):
        run = perfc("build")
        assert run.returncode == 0
        assert "output/甲.docx: 警告[stale-document] 规格 specs/a.yaml 已经不在，这个文件不再更新" in run.stderr
        assert "output/丙.docx: 警告[stale-document] specs/c.yaml 现在生成 丁.docx，这个文件不再更新" in run.stderr
    assert "output/丙.docx" not in perfc("build", "specs/b").stderr, "what was not built may be in use"
    run = perfc("build", "--prune")
    assert sorted(run.stdout.splitlines()) == ["已删去 output/丙.docx", "已删去 output/甲.docx"]
    assert run.stderr == "共 2 份规格：没有问题；2 份没有变化\n"
    assert "stale-document" not in perfc("build").stderr


def test_work_by_hand_is_not_pruned(perfc, workspace: Path) -> None:
    perfc("build")
    (workspace / "specs/a.yaml").unlink()
    (workspace / "output/甲.docx").write_bytes(b"PK\0 by hand")
    run = perfc("build", "--prune")
    assert (run.returncode, run.stdout) == (0, "")
    assert "output/甲.docx: 警告[stale-document]" in run.stderr
    assert (workspace / "output/甲.docx").read_bytes() == b"PK\0 by hand"


def many(workspace: Path, count: int) -> None:
    """Specs in place of those of the workspace; every seventh has a finding."""
    shutil.rmtree(workspace / "specs")
    for number in range(count):
        text = NOTICE.format(f"通知{number}") + ("多余: 1\n" if number % 7 == 3 else "")
        long = "".join(f"通知书{1000 + sentence}号发给各村。" for sentence in range(number))
        write(workspace / f"specs/{number % 3}/{number:03}.yaml", text + f"说明: |\n  {long}\n")


def test_several_processes_do_the_same_as_one(perfc, workspace: Path) -> None:
    many(workspace, 30)
    runs = [perfc("build", "--jobs", jobs, "--output", f"output-{jobs}") for jobs in ("1", "3")]
    one, three = documents(workspace / "output-1"), documents(workspace / "output-3")
    assert len(one) == 26
    assert one == three
    assert [run.returncode for run in runs] == [1, 1]
    assert runs[0].stderr == runs[1].stderr
    assert runs[0].stdout == runs[1].stdout.replace("output-3", "output-1")
    assert "\x1b" not in runs[1].stdout + runs[1].stderr
    assert "\r" not in runs[1].stdout + runs[1].stderr


def wait_for(condition, seconds: float = 60) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def is_running(group: int) -> bool:
    """Whether any process of a group is there that has not ended."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            return True
    return False


def workers_of(process: subprocess.Popen) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")


@needs_proc
@pytest.mark.parametrize(("jobs", "moment"), [("1", "in the middle"), ("2", "in the middle"), ("2", "at the start")])
def test_ctrl_c_stops_at_once(start, perfc, workspace: Path, jobs: str, moment: str) -> None:
    many(workspace, 120)
    process = start("build", "--jobs", jobs)
    output = workspace / "output"
    if moment == "in the middle":
        wait_for(lambda: len(documents(output)) > 2)
    else:
        wait_for(lambda: workers_of(process))
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes
    pressed = time.monotonic()
    _, said = process.communicate(timeout=60)
    assert time.monotonic() - pressed < 10
    assert process.returncode == 2
    assert said.decode().endswith("perfc: 已中断\n")
    assert "Traceback" not in said.decode()
    wait_for(lambda: not is_running(process.pid))
    assert len(documents(output)) < 100
    assert all(intact(content) for content in documents(output).values())
    assert not list(output.rglob(".perfc-*"))
    if moment == "in the middle":
        assert f"；{len(documents(output))} 份没有变化" in perfc("build").stderr


@needs_proc
def test_a_worker_that_dies(start, perfc, workspace: Path) -> None:
    many(workspace, 120)
    here = perfc("build", "--output", "here")
    process = start("build", "--jobs", "2")
    wait_for(lambda: len(documents(workspace / "output")) > 2)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.decode()) == (here.returncode, here.stderr)
    assert documents(workspace / "output") == documents(workspace / "here")
    wait_for(lambda: not is_running(process.pid))


def deadly(number: int) -> int:
    """Ends its process on some numbers."""
    if number % 7 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_what_a_process_dies_of_is_lost_alone() -> None:
    assert list(in_order(deadly, range(12), 3, lambda number: -number)) == [0, 1, 2, -3, *range(4, 10), -10, 11]
    with pytest.raises(Refused, match="3：编译它的进程意外退出"):
        list(in_order(deadly, range(12), 3))


@needs_proc
def test_killed_at_any_moment(start, perfc, workspace: Path) -> None:
    many(workspace, 30)
    assert perfc("build").returncode == 1
    old = documents(workspace / "output")
    for path in (workspace / "specs").rglob("*.yaml"):
        append(path, "# 改过\n")
    assert perfc("build", "--output", "undisturbed").returncode == 1
    new = documents(workspace / "undisturbed")
    write(workspace / "output/0/.perfc-left", "half a document")
    moments = random.Random(1)
    for _ in range(5):
        process = start("build", "--jobs", "2")
        time.sleep(moments.uniform(0.3, 4))
        process.kill()
        process.wait()
        now = documents(workspace / "output")
        assert now.keys() == old.keys()
        assert all(content in (old[name], new[name]) for name, content in now.items())
        wait_for(lambda group=process.pid: not is_running(group))
    assert perfc("build", "--jobs", "2").returncode == 1
    assert documents(workspace / "output") == new
    assert not list((workspace / "output").rglob(".perfc-*"))
    assert "26 份没有变化" in perfc("build").stderr


def test_a_document_that_the_disk_has_no_room_for(package: Path, workspace: Path) -> None:
    resource = pytest.importorskip("resource")
    write(workspace / "specs/a.yaml", NOTICE.format("甲") + f"说明: {random.Random(1).randbytes(40_000).hex()}\n")
    run = subprocess.run(
        [sys.executable, "-m", "perfc.cli", "build"],
        cwd=workspace,
        env={**environment(package), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)),
    )
    assert (run.returncode, written(run)) == (2, "乙丙")
    assert run.stderr == "无法写入 output/甲.docx：文件过大\n共 3 份规格：没有问题，有文件没有写成\n"
    assert not list((workspace / "output").rglob(".perfc-*"))


def test_a_folder_that_cannot_be_written_to(perfc, workspace: Path) -> None:
    write(workspace / "output/b", "a file where a folder should be")
    for _ in range(2):
        run = perfc("build")
        assert run.returncode == 2
        assert "无法写入 output/b/乙.docx：" in run.stderr
        assert run.stderr.count("无法写入") == 1
    assert set(documents(workspace / "output")) == {"甲.docx", "丙.docx"}


def test_a_document_that_another_program_has_open(perfc, package: Path, workspace: Path) -> None:
    perfc("build")
    for name in ("a", "b/b", "c"):
        append(workspace / f"specs/{name}.yaml", "# 改过\n")
    before = documents(workspace / "output")
    # As Windows refuses to replace what Word has open.
    script = """
import pathlib
from perfc.cli import app
replace = pathlib.Path.replace
def refused(self, target):
    if target.name == "乙.docx":
        raise PermissionError(13, "Permission denied", str(target))
    return replace(self, target)
pathlib.Path.replace = refused
app(["build"])
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=workspace,
        env=environment(package),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, written(run)) == (2, "甲丙")
    assert "无法写入 output/b/乙.docx：没有权限，或文件正被别的程序打开\n" in run.stderr
    assert documents(workspace / "output")["b/乙.docx"] == before["b/乙.docx"]
    assert not list((workspace / "output").rglob(".perfc-*"))
    assert written(perfc("build")) == "乙"


def test_specs_that_change_while_they_are_read(start, perfc, workspace: Path) -> None:
    many(workspace, 12)
    texts = {path: path.read_text("utf-8") for path in sorted((workspace / "specs").rglob("*.yaml"))}
    moments = random.Random(1)
    for _ in range(4):
        process = start("build", "--jobs", "2")
        while process.poll() is None:
            path, text = moments.choice(list(texts.items()))
            if moments.random() < 0.3:
                path.unlink()
            write(path, text[: len(text) // 2])
            write(path, text + moments.choice(["", "# 改过\n"]))
        said = b"".join(process.communicate()).decode()
        assert process.returncode in (0, 1), said
        assert "Traceback" not in said
        assert "内部" not in said
    now, clean = perfc("build"), perfc("build", "--output", "clean")
    assert now.returncode == clean.returncode
    assert documents(workspace / "output") == documents(workspace / "clean")


def test_a_spec_that_goes_while_others_are_made(start, perfc, workspace: Path) -> None:
    many(workspace, 120)
    process = start("build", "--jobs", "2")
    wait_for(lambda: documents(workspace / "output"))
    (workspace / "specs/2/119.yaml").unlink()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "specs/2/119.yaml: 错误[unreadable-file] 文件无法读取：没有这个文件或文件夹" in said.decode()
    assert len(documents(workspace / "output")) == 102
    assert "；102 份没有变化" in perfc("build").stderr


def on_a_terminal(package: Path, workspace: Path, *arguments: str) -> str:
    """What perfc writes on a terminal."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "perfc.cli", *arguments]
    size = {"COLUMNS": "100", "LINES": "30", "TERM": "xterm"}
    process = subprocess.Popen(
        command, cwd=workspace, env={**environment(package), **size}, stdout=theirs, stderr=theirs, stdin=theirs
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        said += more
        if not more:
            break
    process.wait()
    os.close(ours)
    return said.decode()


def test_a_bar_on_a_terminal(package: Path, workspace: Path) -> None:
    assert "每秒" not in on_a_terminal(package, workspace, "build"), "few specs need no bar"
    many(workspace, 60)
    said = on_a_terminal(package, workspace, "build")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said).replace("\r", "\n")
    assert re.search(r"\d+/60 份 +每秒 \d+\.\d 份 +还要 +[\d:-]+ +specs/\d/\d+\.yaml", plain)
    assert [line for line in plain.splitlines() if line.startswith("已生成 output/0/通知0.docx")]
    assert plain.rstrip().endswith("份没有变化") or "共 60 份规格：9 个错误" in plain


@needs_proc
def test_watch_builds_what_is_saved(start, workspace: Path) -> None:
    process = start("watch", "--jobs", "1")
    output = workspace / "output"
    heard: list[str] = []
    for stream in (process.stdout, process.stderr):
        Thread(target=lambda stream=stream: heard.extend(line.decode() for line in stream), daemon=True).start()
    wait_for(lambda: "正在等待改动" in "".join(heard))
    assert {path.name for path in output.rglob("*.docx")} == {"甲.docx", "乙.docx", "丙.docx"}

    def saved(path: str, content: str, then) -> str:
        """What is said after a file is saved, up to when something holds of it."""
        before = len(heard)
        write(workspace / path, content)
        wait_for(lambda: then("".join(heard[before:])))
        return "".join(heard[before:])

    def done(said: str) -> bool:
        return "共 " in said

    assert "已生成 output/丁.docx" in saved("specs/d.yaml", NOTICE.format("丁"), done)
    assert "已生成 output/b/乙.docx" in saved("specs/b/parts/2.yaml", "名称: 二\n", done)
    said = saved("specs/a.yaml", "版式: [\n", done)
    assert "错误[yaml-syntax]" in said
    said = saved("specs/c.yaml", NOTICE.format("戊").replace("test/notice", "test/other"), done)
    assert "已生成 output/戊.docx" in said
    assert "yaml-syntax" not in said, "it is said once"
    assert "甲" not in said
    page = (workspace / "templates/test/notice/page.html").read_text("utf-8")
    said = saved("templates/test/notice/page.html", page.replace("<td>合计<", "<td>共计<"), done)
    assert "已生成 output/b/乙.docx" in said
    assert "已生成 output/丁.docx" in said
    assert "戊" not in said
    assert "共计" in zipfile.ZipFile(output / "丁.docx").read("word/document.xml").decode()
    assert "错误[settings]" in saved("perfc.toml", "rules = 1\n", done)
    (workspace / "perfc.toml").unlink()
    assert "已生成 output/甲.docx" in saved(
        "specs/a.yaml", NOTICE.format("甲") + "# 改好\n", lambda said: "甲.docx" in said
    )
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(30) == 0
    assert "Traceback" not in "".join(heard)
