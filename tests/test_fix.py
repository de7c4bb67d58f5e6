"""What `--fix` changes is what findings say, and not one byte more."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import TESTS
from hypothesis import example, given
from hypothesis import strategies as st
from perfc import Sources, fix, lint
from perfc.diagnostic import Diagnostic, Edit, Span
from perfc.load import load
from perfc.source import Source
from perfc.vocabulary import Record

CASES = sorted((TESTS / "fixes").glob("*.yaml"))


def mended(text: str) -> str:
    """A spec after its certain findings are mended, whatever its layout."""
    source = Source("x.yaml", text)
    for _ in range(fix.PASSES):
        sources = Sources({source.name: source})
        spec, _ = load(source.name, sources)
        changed = fix.mend(lint.lint(Record(spec, sources), {}), sources)
        if not changed:
            break
        source = changed[source.name]
    return source.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_cases(case: Path, expect) -> None:
    expect(mended(case.read_bytes().decode()), case.with_suffix(".txt"))


def test_what_is_mended_stays() -> None:
    for case in CASES:
        once = mended(case.read_text("utf-8"))
        assert mended(once) == once


@example([(38, 0, "乙:")])
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.text("甲乙: #\n-\"'", max_size=3)), max_size=6))
def test_edits_never_change_what_is_no_word(edits) -> None:
    text = "甲: 一二三四五\n# 注释\n乙: [六七, 八九]\n丙: '十\n\n  百'\n"
    source = Source("x.yaml", text)
    spans = [(Span(source.name, start, min(start + length, len(text))), new) for start, length, new in edits]
    found = [Diagnostic("typo", "", span, edits=(Edit(span, new),)) for span, new in spans]
    for changed in fix.mend(found, Sources({source.name: source})).values():
        values, wrong = load(changed.name, Sources({changed.name: changed}))
        assert not wrong
        assert list(values) == ["甲", "乙", "丙"]
        assert len(values["乙"]) == 2


def perfc(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "perfc.cli", *words], check=False, cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    example = (TESTS.parent / "templates/hebei/budget-performance/2024/example.yaml").read_text("utf-8")
    text = "\ufeff" + example.replace("≥24场", "≧24场").replace("\n", "\r\n")
    (tmp_path / "specs/a.yaml").write_bytes(text.encode())
    return tmp_path


def test_other_bytes_stay(workspace: Path) -> None:
    before = (workspace / "specs/a.yaml").read_bytes()
    run = perfc(workspace, "check", "--fix")
    assert (run.returncode, run.stdout.splitlines()[0]) == (0, "已改正 specs/a.yaml")
    assert (workspace / "specs/a.yaml").read_bytes() == before.replace("≧".encode(), "≥".encode())
    assert "没有可以自动改正的问题" in perfc(workspace, "check", "--fix").stderr


def test_a_diff_writes_nothing(workspace: Path) -> None:
    before = (workspace / "specs/a.yaml").read_bytes()
    run = perfc(workspace, "check", "--diff")
    assert "-            指标值: ≧24场" in run.stdout
    assert "+            指标值: ≥24场" in run.stdout
    assert (workspace / "specs/a.yaml").read_bytes() == before
