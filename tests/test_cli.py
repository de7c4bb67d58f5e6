"""The commands as a person types them: what they print, what they leave on disk, and their exit codes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, TESTS

NOTICE = "版式: test/notice\n标题: {}\n金额: {{财政资金: 4.00, 其他资金: 0.50}}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with the test's own layout in templates/."""
    shutil.copytree(TESTS / "layouts", tmp_path / "templates")
    return tmp_path


def perfc(workspace: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "perfc.cli", *arguments]
    return subprocess.run(command, cwd=workspace, capture_output=True, encoding="utf-8", check=False, timeout=60)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_layout_of_the_workspace_needs_no_python(workspace: Path) -> None:
    write(workspace / "specs/a/2025/x.yaml", NOTICE.format("通知"))
    run = perfc(workspace, "build")
    assert (run.returncode, run.stdout) == (0, "已生成 output/a/2025/通知.docx\n")
    assert run.stderr == "共 1 份规格：没有问题\n"
    assert [path.name for path in (workspace / "output").rglob("*.docx")] == ["通知.docx"]


def test_one_spec_or_a_folder_and_another_output(workspace: Path) -> None:
    spec = write(workspace / "here/x.yaml", NOTICE.format("通知"))
    assert perfc(workspace, "build", "here/x.yaml", "-o", "out").stdout == "已生成 out/通知.docx\n"
    assert perfc(workspace, "build", str(spec.parent), "--output", "out").returncode == 0


def test_included_files_are_no_specs_of_their_own(workspace: Path) -> None:
    write(workspace / "specs/main.yaml", NOTICE.format("通知") + "明细:\n  引用: parts/*.yaml\n")
    for number, name in enumerate("乙甲"):
        write(workspace / f"specs/parts/{number}.yaml", f"名称: {name}\n")
    assert perfc(workspace, "build").returncode == 0
    write(workspace / "specs/parts/note.yml", "名称: 忘了\n")
    run = perfc(workspace, "check")
    assert run.returncode == 1
    assert "specs/parts/note.yml:1:1: 错误[unknown-layout] 这个文件没有写“版式”，也没有被哪份规格引用" in run.stdout


def test_one_spec_that_cannot_be_read_leaves_the_others(workspace: Path) -> None:
    write(workspace / "specs/a.yaml", NOTICE.format("甲") + "明细:\n  引用: /etc/*.yaml\n")
    write(workspace / "specs/b.yaml", "版式: 通知".encode("gbk"))
    write(workspace / "specs/c.yaml", NOTICE.format("丙") + "明细:\n  引用: parts/*.yaml\n")
    write(workspace / "specs/parts/1.yaml", "名称: 通知".encode("gbk"))
    write(workspace / "specs/d.YAML", NOTICE.format("丁"))
    run = perfc(workspace, "build")
    assert (run.returncode, run.stdout) == (1, "已生成 output/丁.docx\n")
    rules = [line.partition("错误[")[2].partition("]")[0] for line in run.stderr.splitlines() if "错误[" in line]
    assert rules == ["unknown-include", "unreadable-file", "unreadable-file"]
    assert "不是 UTF-8 编码（可能是 GBK）" in run.stderr


def test_findings_leave_the_earlier_document(workspace: Path) -> None:
    spec = write(workspace / "specs/x.yaml", NOTICE.format("通知"))
    perfc(workspace, "build")
    before = (workspace / "output/通知.docx").read_bytes()
    spec.write_text(NOTICE.format("通知") + "多余: 1\n", "utf-8")
    run = perfc(workspace, "build")
    assert (run.returncode, run.stdout) == (1, "")
    assert "specs/x.yaml:4:1: 错误[schema] 规格没有“多余”这一项" in run.stderr
    assert (workspace / "output/通知.docx").read_bytes() == before


def test_a_bad_spec_does_not_stop_the_others(workspace: Path) -> None:
    write(workspace / "specs/a.yaml", "版式: test/notice\n")
    write(workspace / "specs/b.yaml", NOTICE.format("通知"))
    run = perfc(workspace, "build")
    assert (run.returncode, run.stdout) == (1, "已生成 output/通知.docx\n")
    assert "共 2 份规格：2 个错误；跳过规则" in run.stderr


def test_two_specs_of_one_document(workspace: Path) -> None:
    write(workspace / "specs/a.yaml", NOTICE.format("ABC"))
    write(workspace / "specs/b.yaml", NOTICE.format("abc"))
    run = perfc(workspace, "build")
    assert run.returncode == 1
    assert "specs/b.yaml:1:1: 错误[output-name] 与 specs/a.yaml 生成同一个文件：output/abc.docx" in run.stderr


@pytest.mark.parametrize("title", ["../上一层", "a/b", "a\\b", "CON", "lpt1.x", "问?", "句号."])
def test_titles_that_are_no_file_names(workspace: Path, title: str) -> None:
    write(workspace / "specs/x.yaml", NOTICE.format(json.dumps(title, ensure_ascii=False)))
    run = perfc(workspace, "build")
    assert run.returncode == 1
    assert "错误[output-name]" in run.stderr
    assert not (workspace / "output").exists()


BAD_FILES = {
    "empty": (b"", "yaml-syntax"),
    "binary": (b"PK\x03\x04\0\0", "unreadable-file"),
    "gbk": ("版式: 通知".encode("gbk"), "unreadable-file"),
    "utf-16": ("版式: 通知".encode("utf-16"), "unreadable-file"),
    "not yaml": (b"{{{", "yaml-syntax"),
    "ten megabytes": ("很多字".encode() * 1_200_000, "yaml-syntax"),
    "twenty megabytes": (b"a" * 20_000_000, "unreadable-file"),
    "deep": (b"[" * 100_000, "yaml-syntax"),
    "bomb": (
        b"a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + b"".join(
            f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]\n".encode() for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "yaml-syntax",
    ),
    "a template": (b"\x00\xff<html>", "unreadable-file"),
}


@pytest.mark.parametrize(("content", "rule"), BAD_FILES.values(), ids=list(BAD_FILES))
def test_bad_files(workspace: Path, content: bytes, rule: str) -> None:
    write(workspace / "specs/x.yaml", content)
    run = perfc(workspace, "check", "specs/x.yaml", "--format", "json")
    assert run.returncode == 1
    assert [one["rule"] for one in json.loads(run.stdout)] == [rule]
    shown = perfc(workspace, "check", "specs/x.yaml").stdout
    assert len(shown) < 2000


CALLS_THAT_CANNOT_RUN = {
    "missing folder": (["build", "nowhere"], "没有这个文件或文件夹：nowhere"),
    "no specs": (["build", "templates/test/notice/none"], "没有这个文件或文件夹"),
    "a folder without specs": (["build", "void"], "void 中没有规格（*.yaml）"),
    "no folder at all": (["check"], "没有这个文件或文件夹：specs"),
    "unknown command": (["biuld"], "没有这个命令"),
    "unknown option": (["build", "--ouput", "x"], "没有 --ouput 这个选项"),
    "missing argument": (["new"], "缺少 版式"),
    "bad format": (["check", "--format", "xml"], "--format 的值不对"),
    "no jobs": (["build", "--jobs", "0"], "--jobs、-j 的值不对"),
    "unknown rule": (["explain", "equatoin"], "没有“equatoin”这条规则；是不是“equation”？"),
    "unknown layout": (["new", "test/notise", "x.yaml"], "没有“test/notise”这个版式；是不是“test/notice”？"),
    "no yaml": (["new", "test/notice", "x.docx"], "规格的文件名应以 .yaml 结尾"),
}


@pytest.mark.parametrize(("arguments", "message"), CALLS_THAT_CANNOT_RUN.values(), ids=list(CALLS_THAT_CANNOT_RUN))
def test_calls_that_cannot_run(workspace: Path, arguments: list[str], message: str) -> None:
    (workspace / "void").mkdir()
    run = perfc(workspace, *arguments)
    assert run.returncode == 2
    assert run.stderr.startswith("perfc: ")
    assert message in run.stderr
    assert run.stdout == ""


def test_an_output_that_cannot_be_written(workspace: Path) -> None:
    write(workspace / "specs/x.yaml", NOTICE.format("通知"))
    write(workspace / "output", "a file in the way")
    run = perfc(workspace, "build")
    assert run.returncode == 2
    assert "无法写入 output/通知.docx" in run.stderr
    assert (workspace / "output").read_text() == "a file in the way"


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write everywhere")
def test_an_output_folder_without_permission(workspace: Path) -> None:
    write(workspace / "specs/x.yaml", NOTICE.format("通知"))
    (workspace / "output").mkdir(mode=0o555)
    command = [sys.executable, "-m", "perfc.cli", "build"]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", *command]
    run = subprocess.run(command, cwd=workspace, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 2
    assert "无法写入 output/通知.docx" in run.stderr
    assert not list((workspace / "output").iterdir())


def test_new_writes_a_spec_that_builds(tmp_path: Path) -> None:
    for name in ("hebei/budget-performance/2024", "hunan/self-evaluation/2022"):
        assert name in perfc(tmp_path, "layouts").stdout
        path = f"specs/{name.replace('/', '-')}/x.yaml"
        assert perfc(tmp_path, "new", name, path).stdout == f"已写好 {path}\n"
        run = perfc(tmp_path, "new", name, path)
        assert (run.returncode, "已经存在" in run.stderr) == (2, True)
    assert perfc(tmp_path, "build").returncode == 0


COMMANDS = ("build", "watch", "check", "verify", "layouts", "new", "next", "explain")


def test_help_is_chinese() -> None:
    assert perfc(ROOT, "--version").stdout == "perfc 0.1.0\n"
    for arguments in ([], ["--help"], *([name, "--help"] for name in COMMANDS)):
        text = perfc(ROOT, *arguments).stdout
        assert text.startswith("用法：perfc")
        assert not [word for word in ("Usage", "Options", "Show this", "Arguments", "default") if word in text]


def test_explain_tells_of_every_rule() -> None:
    pages = perfc(ROOT, "explain").stdout.splitlines()
    assert "equation\t写出的数与按算式算出的不符。" in pages
    assert perfc(ROOT, "explain", "equation").stdout.startswith("equation\n\n写出的数与按算式算出的不符。\n")


SUM = "版式: test/notice\n标题: 通知\n金额: {财政资金: 4.00, 其他资金: 0.40, 合计: 4.50}  # perfc: allow equation 原件如此\n"


def signed(workspace: Path) -> None:
    example = (ROOT / "templates/hebei/budget-performance/2024/example.yaml").read_text("utf-8")
    write(workspace / "specs/a.yaml", example.replace("≥24场", "不少于24场"))


def test_a_report_that_cannot_be_written(workspace: Path) -> None:
    write(workspace / "specs/x.yaml", NOTICE.format("通知"))
    run = perfc(workspace, "check", "--output", "specs")
    assert (run.returncode, run.stderr) == (2, "perfc: 无法写入 specs：这是文件夹，不是文件\n")


def test_waivers_can_be_ignored(workspace: Path) -> None:
    write(workspace / "specs/a.yaml", SUM)
    assert perfc(workspace, "check").returncode == 0
    run = perfc(workspace, "check", "--no-waivers")
    assert run.returncode == 1
    assert "错误[equation]" in run.stdout


def test_strict_makes_warnings_stop(workspace: Path) -> None:
    signed(workspace)
    assert perfc(workspace, "build").returncode == 0
    run = perfc(workspace, "build", "--strict", "-o", "strict")
    assert (run.returncode, "错误[value-in-words]" in run.stderr) == (1, True)
    assert not (workspace / "strict").exists()


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ('[rules]\nvalue-in-words = "错误"\n', 1, "错误[value-in-words]"),
        ('[rules]\nvalue-in-words = "提示"\n', 0, "提示[value-in-words]"),
        (
            '[rules]\nvalue-in-words = {level = "关闭", reason = "另行检查"}\n',
            0,
            "跳过 value-in-words：已关闭：另行检查",
        ),
        ('[rules]\nvalue-in-words = "关闭"\n', 1, "perfc.toml:2:1: 错误[settings] 关闭 value-in-words 要写明理由"),
        ('[rules]\nvalue-in-word = "警告"\n', 1, "是不是“value-in-words”？"),
        ('[rules]\nequation = "警告"\n', 1, "没有“equation”这条可以调整的规则"),
        ("[rules]\nvalue-in-words = 3\n", 1, "级别应是 错误、警告、提示、关闭 之一"),
        ("[rule]\n", 1, "perfc.toml:1:1: 错误[settings] perfc.toml 中没有“rule”这一节"),
        ("rules = 1\n", 1, "错误[settings]"),
        ("[rules\n", 1, "perfc.toml:1:1: 错误[settings] 不是正确的 TOML"),
    ],
)
def test_levels_of_the_workspace(workspace: Path, settings: str, code: int, said: str) -> None:
    signed(workspace)
    write(workspace / "perfc.toml", settings)
    run = perfc(workspace, "check")
    assert said in run.stdout
    assert run.returncode == code


def test_a_report_goes_to_a_file(workspace: Path) -> None:
    signed(workspace)
    run = perfc(workspace, "check", "--format", "html", "-o", "findings.html")
    assert run.stdout == "已生成 findings.html\n共 1 份规格：1 个警告\n"
    page = (workspace / "findings.html").read_text("utf-8")
    assert "长青县文化馆" in page
    assert "不少于24场" in page
