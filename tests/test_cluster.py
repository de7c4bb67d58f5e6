"""Builds by a Dask cluster: the same as here, whatever workers see of this machine and whichever of them is lost."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, TESTS
from test_build import append, documents, environment, many, needs_proc, wait_for, write
from test_build import package as package  # noqa: PLC0414  # a fixture
from test_build import start as start  # noqa: PLC0414  # another

# What every worker runs first: the client's files cannot be opened, and a spec of that name ends the process.
PRELOAD = """
import os, signal, sys
from perfc import remote

def look(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, os.PathLike)):
        path = os.path.abspath(arguments[0])
        if path.startswith({hidden!r}) and not path.startswith({seen!r}):
            raise PermissionError(13, "a file of the client", path)

def make(plan, file, sources, make=remote.make):
    if "deadly" in file:
        os.kill(os.getpid(), signal.SIGKILL)
    return make(plan, file, sources)

sys.addaudithook(look)
remote.make = make
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two layouts and many specs, some with findings, one that includes others, one of a layout that is wrong."""
    folder = tmp_path / "workspace"
    shutil.copytree(TESTS / "layouts", folder / "templates")
    shutil.copytree(folder / "templates/test/notice", folder / "templates/test/wrong")
    append(folder / "templates/test/wrong/page.html", "<img/>")
    (folder / "specs").mkdir()
    many(folder, 30)
    notice = "版式: {}\n标题: {}\n金额: {{财政资金: 4.00, 其他资金: 0.50}}\n"
    write(folder / "specs/a.yaml", notice.format("test/notice", "甲") + '明细: {"引用": parts/*.part}\n')
    write(folder / "specs/parts/1.part", "名称: 一\n")
    write(folder / "specs/b.yaml", notice.format("test/wrong", "乙"))
    write(folder / "specs/c.yaml", notice.format("test/no-such", "丙"))
    write(folder / "specs/d.yaml", "# perfc: from parts/../a.yaml\n" + notice.format("test/notice", "丁"))
    write(folder / "specs/e.yaml", notice.format("test/notice", "戊") + "明细: {引用: nothing/*.yaml}\n")
    (folder / "specs/f.yaml").write_bytes(b"\xb0\xa1")
    for example in ("hebei/budget-performance/2024", "hunan/self-evaluation/2022"):
        shutil.copy(ROOT / f"templates/{example}/example.yaml", folder / f"specs/{example[:5]}.yaml")
    return folder


@pytest.fixture
def perfc(start):
    """A function that starts perfc in the workspace, in a group of processes of its own, and does not wait."""
    return start


def done(process: subprocess.Popen) -> tuple[int, str, str]:
    """What a run came to: exit code, output, messages."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out.decode(), err.decode()


@contextmanager
def dask(package: Path, folder: Path, *command: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """A part of a cluster in an empty folder with a home of its own, and what it says once it is ready."""
    folder.mkdir(parents=True)
    log = folder / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{command[0]}", *command[1:]],
            cwd=folder,
            env={**environment(package), "HOME": str(folder), "TMPDIR": str(folder)},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        wait_for(lambda: process.poll() is not None or re.search("Scheduler at:|Registered to:", log.read_text()))
        assert process.poll() is None, log.read_text()
        yield process, log.read_text()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def scheduler(package: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler."""
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", ":0")
    with dask(package, tmp_path / "scheduler", "scheduler", *options) as (_, said):
        yield re.search(r"Scheduler at: *(\S+)", said)[1]


@contextmanager
def worker(package: Path, workspace: Path, scheduler: str, name: str, *options: str) -> Iterator[subprocess.Popen]:
    """A worker that cannot open the files of the workspace or the layouts that perfc brings."""
    folder = workspace.parent / name
    hidden = (str(workspace), str(package.parent / "templates"))
    preload = write(workspace.parent / f"{name}.py", PRELOAD.format(hidden=hidden, seen=str(folder)))
    given = ("--nthreads", "1", "--no-dashboard", "--preload", str(preload), *options)
    with dask(package, folder, "worker", scheduler, *given) as (process, _):
        yield process


@pytest.fixture
def cluster(package: Path, workspace: Path, scheduler: str) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler's address and its two workers."""
    with (
        worker(package, workspace, scheduler, "one", "--no-nanny") as one,
        worker(package, workspace, scheduler, "two", "--no-nanny") as two,
    ):
        yield scheduler, [one, two]


def test_the_same_as_without_a_cluster(perfc, workspace: Path, cluster) -> None:
    write(workspace / "perfc.toml", '[rules]\nno-such-rule = "警告"\n')
    seen = []
    for version in ([], ["--public"]):
        here = done(perfc("build", "--output", "output", *version))
        (workspace / "output").rename(workspace / "here")
        there = done(perfc("build", "--output", "output", *version, "--cluster", cluster[0]))
        assert there == here
        assert here[0] == 1
        assert "perfc.toml:2:1: 错误[settings]" in here[2]
        assert "templates/test/wrong/page.html:" in here[2]
        assert documents(workspace / "output") == documents(workspace / "here")
        seen.append(documents(workspace / "output"))
        shutil.rmtree(workspace / "here")
        shutil.rmtree(workspace / "output")
    internal, public = seen
    assert len(internal) == len(public) == 30
    assert internal != public


def test_only_what_changed_travels(perfc, workspace: Path, cluster) -> None:
    def build(*options: str) -> tuple[int, str, str]:
        return done(perfc("build", "--cluster", cluster[0], *options))

    build()
    again = build()
    assert again == done(perfc("build"))
    assert (again[1], again[2].rpartition("；")[2]) == ("", "30 份没有变化\n")
    append(workspace / "specs/parts/1.part", "数量: 3\n")
    assert build()[1] == "已生成 output/甲.docx\n已生成 output/丁.docx\n"
    (workspace / "output/甲.docx").write_bytes(b"by hand")
    assert "错误[changed-by-hand] output/甲.docx" in build()[2]
    assert build("--force")[1] == "已生成 output/甲.docx\n"
    append(workspace / "templates/test/notice/page.html", "<!-- -->\n")
    (workspace / "specs/0/000.yaml").unlink()
    made = build("--prune")[1]
    assert made.count("已生成") == 27
    assert "已删去 output/0/通知0.docx" in made


@needs_proc
def test_a_lost_worker_loses_nothing(perfc, workspace: Path, cluster) -> None:
    many(workspace, 120)
    here = done(perfc("build", "--output", "here"))
    address, workers = cluster
    process = perfc("build", "--cluster", address)
    wait_for(lambda: len(documents(workspace / "output")) > 2)
    workers[0].kill()
    code, made, said = done(process)
    assert len(documents(workspace / "output")) == 103
    assert documents(workspace / "output") == documents(workspace / "here")
    assert (code, made.replace("output/", "here/"), said) == here


def test_a_spec_that_workers_die_of(perfc, package: Path, workspace: Path, scheduler: str) -> None:
    many(workspace, 30)
    shutil.copy(workspace / "specs/0/012.yaml", workspace / "specs/1/deadly.yaml")
    with worker(package, workspace, scheduler, "one"):
        code, made, said = done(perfc("build", "--cluster", scheduler))
    assert code == 2
    assert "specs/1/deadly.yaml：编译它的节点接连退出（多半是内存不够，或被系统终止）\n" in said
    assert said.count("接连退出") == 1
    assert "perfc 内部出错" not in said
    assert made.count("已生成") == 26


def test_a_scheduler_that_goes(perfc, package: Path, workspace: Path, tmp_path: Path) -> None:
    many(workspace, 120)
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", ":0")
    with dask(package, tmp_path / "scheduler", "scheduler", *options) as (scheduler, log):
        address = re.search(r"Scheduler at: *(\S+)", log)[1]
        with worker(package, workspace, address, "one", "--no-nanny"):
            process = perfc("build", "--cluster", address)
            wait_for(lambda: len(documents(workspace / "output")) > 2)
            scheduler.kill()
            code, _, said = done(process)
    assert code == 2
    assert said.endswith(f"perfc: 与 Dask 集群 {address} 的连接断了\n")
    assert "Traceback" not in said


@needs_proc
def test_ctrl_c_stops_at_once(perfc, workspace: Path, cluster) -> None:
    many(workspace, 120)
    process = perfc("build", "--cluster", cluster[0])
    wait_for(lambda: len(documents(workspace / "output")) > 2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 2
    assert said.decode().endswith("perfc: 已中断\n")
    assert b"Traceback" not in said
    assert len(documents(workspace / "output")) < 100
    assert f"；{len(documents(workspace / 'output'))} 份没有变化" in done(perfc("build"))[2]


def test_a_worker_with_another_perfc(perfc, package: Path, workspace: Path, scheduler: str) -> None:
    other = workspace.parent / "other"
    shutil.copytree(package.parent, other)
    append(other / "compiler/perfc/explain.md", "\n")
    with worker(other / "compiler", workspace, scheduler, "one", "--no-nanny"):
        code, made, said = done(perfc("build", "--cluster", scheduler))
    assert (code, made) == (2, "")
    assert re.fullmatch(r"perfc: 节点 \S+ 上的 perfc 与本机的不同；在调度器和每个节点装上相同的版本再试\n", said)


def test_clusters_that_are_none(perfc, package: Path, workspace: Path, scheduler: str) -> None:
    code, made, said = done(perfc("build", "--cluster", scheduler))
    assert (code, made, said) == (2, "", f"perfc: Dask 集群 {scheduler} 没有节点（worker）\n")
    code, made, said = done(perfc("build", "--cluster", "tcp://127.0.0.1:9"))
    assert (code, made, said) == (2, "", "perfc: 5 秒内连不上 Dask 调度器 tcp://127.0.0.1:9\n")
    code, made, said = done(perfc("build", "--cluster", "nonsense://x"))
    assert (code, made) == (2, "")
    assert said == "perfc: nonsense://x 不是 Dask 调度器的地址；写成 tcp://主机:8786\n"
    script = "import sys; sys.modules['distributed'] = None; from perfc.cli import main; main()"
    command = [sys.executable, "-c", script, "build", "--cluster", scheduler]
    run = subprocess.run(command, cwd=workspace, env=environment(package), capture_output=True, check=False)
    assert (run.returncode, run.stderr.decode()) == (2, 'perfc: 没有安装 Dask：pip install "perfc[cluster]"\n')
