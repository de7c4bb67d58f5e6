"""Each spec in findings/ gives the report that stands beside it."""

import json
from pathlib import Path

import pytest
from conftest import LAYOUTS, TESTS
from perfc import Sources, compile_spec, report

CASES = sorted((TESTS / "findings").glob("*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_report(case: Path, expect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case.parent)
    sources = Sources()
    result = compile_spec(case.name, sources, LAYOUTS)
    expect(report.text(result.diagnostics, sources), case.with_suffix(".txt"))
    assert (result.docx is None) == any(one.severity == "error" for one in result.diagnostics)


def test_json_names_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TESTS / "findings")
    sources = Sources()
    found = compile_spec("wrong-sum.yaml", sources, LAYOUTS).diagnostics
    (one,) = json.loads(report.as_json(found, sources))
    assert (one["rule"], one["severity"], one["file"]) == ("equation", "error", "wrong-sum.yaml")
    assert (one["start"], one["end"]) == ({"line": 6, "column": 7}, {"line": 6, "column": 11})
    assert one["notes"]


def test_every_severity_has_its_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TESTS / "findings")
    sources = Sources()
    found = compile_spec("waiver-unused.yaml", sources, LAYOUTS).diagnostics
    shown = report.text(found, sources, colour=True)
    assert "\033[1;31m错误[waiver]\033[0m" in shown
    assert "\033[1;33m警告[waiver]\033[0m" in shown
