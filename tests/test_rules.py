"""Each rule finds what its cases say, and the examples on its page are what they are called."""

import re
import textwrap
from collections.abc import Iterator

import pytest
from conftest import ROOT, TESTS
from perfc import Sources, lint, report
from perfc.diagnostic import Diagnostic, Severity
from perfc.load import load
from perfc.source import Source
from perfc.vocabulary import Record

RULES = lint.rules()
RIGHT = "# 正确"


def data() -> dict:
    values, found = load((ROOT / "templates/_shared/rules.yaml").as_posix(), Sources())
    assert values is not None, found
    return values


DATA = data()


def cases(name: str) -> Iterator[str]:
    """The specs in a rule's file, each on the lines where it stands there."""
    above = 0
    for case in re.split(r"^---\n", (TESTS / f"rules/{name}.yaml").read_text("utf-8"), flags=re.MULTILINE):
        yield "\n" * above + case
        above += case.count("\n") + 1


def findings(name: str, case: str, file: str = "case.yaml") -> tuple[list[Diagnostic], Sources]:
    """What a rule finds in a spec; under `数据` a case may say what its layout says to the rules."""
    sources = Sources({file: Source(file, case)})
    spec, wrong = load(file, sources)
    assert spec is not None, [one.message for one in wrong]
    return list(lint.run(RULES[name], Record(spec, sources, {**DATA, **spec.pop("数据", {})}))), sources


def examples(page: str, heading: str) -> list[str]:
    """The indented texts below a heading of a rule's page."""
    return [
        textwrap.dedent(one)
        for one in re.findall(rf"^{heading}：\n((?:[ ]{{4}}.*\n|\n)*(?:[ ]{{4}}.*))", page, re.MULTILINE)
    ]


@pytest.mark.parametrize("name", RULES)
def test_cases(name: str, expect) -> None:
    shown = ""
    for case in cases(name):
        found, sources = findings(name, case, f"{name}.yaml")
        if RIGHT in case.split("\n"):
            assert not [one.message for one in found], case.strip()
        else:
            assert found, case.strip()
        shown += report.text(found, sources)
    expect(shown, TESTS / f"rules/{name}.txt")


@pytest.mark.parametrize("name", RULES)
def test_the_page_has_examples_that_are_right(name: str) -> None:
    page = RULES[name].page
    wrong, right = examples(page, "错误"), examples(page, "正确")
    assert re.fullmatch(r"[^\n]+。", page.partition("\n")[0])
    assert wrong
    assert right
    for one in wrong:
        found, _ = findings(name, one)
        assert [each for each in found if each.severity is not Severity.SKIPPED], one
    for one in right:
        found, _ = findings(name, one)
        assert not found, one


def test_a_file_of_cases_belongs_to_a_rule() -> None:
    assert {path.stem for path in (TESTS / "rules").iterdir()} == set(RULES)
