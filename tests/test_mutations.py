"""Each rule finds the mistakes it is for, wherever they stand in a sound spec, and nothing in the sound spec itself."""

from pathlib import Path

import pytest
from conftest import EXAMPLES, LAYOUTS, TESTS
from mutating import recall
from perfc import Severity, Sources, compile_spec
from perfc.lint import rules

CLEAN = [*EXAMPLES, *sorted((TESTS / "clean").rglob("*.yaml"))]


@pytest.mark.parametrize("name", rules())
def test_injected_mistakes_are_found(name: str) -> None:
    tried, missed = recall(name, 20)
    assert len(missed) <= tried // 20, missed


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_nothing_is_found_in_a_sound_spec(path: Path) -> None:
    found = compile_spec(path.as_posix(), Sources(), LAYOUTS).diagnostics
    assert not [(one.rule, one.message) for one in found if one.severity in (Severity.ERROR, Severity.WARNING)]
