"""Mistakes injected into clean specs: `mutations/<rule>.py` says how, each rule has to find its own."""

from collections.abc import Callable
from functools import cache
from importlib import util
from types import ModuleType
from typing import Any

from conftest import EXAMPLES, LAYOUTS, TESTS
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from perfc import Sources, compile_spec
from perfc.source import Source

Draw = Callable[[st.SearchStrategy], Any]
CLEAN = [path.read_text("utf-8") for path in (*EXAMPLES, *sorted((TESTS / "clean").glob("*.yaml")))]


def recall(name: str, count: int) -> tuple[int, list[tuple[str, list[str]]]]:
    """How many mistakes were injected, and for each that its rule missed the line and what was found instead.

    A mistake is found when the rule names its line and did not do so before.
    """
    tried, missed = 0, []

    def inject(draw: Draw) -> None:
        nonlocal tried
        lines = draw(st.sampled_from(able(name))).split("\n")
        line = module(name).mutate(draw, lines)
        if line is None:
            return
        tried += 1
        found = places(name, "\n".join(lines))
        if line not in found:
            missed.append((lines[line], [lines[one].strip() for one in found]))

    drawing(inject, count)
    assert tried >= count / 2, f"{name}: only {tried} of {count} draws gave a mistake"
    return tried, missed


def places(name: str, text: str) -> list[int]:
    """The zero-based lines that a rule names in a spec."""
    file = "specs/clean.yaml"
    sources = Sources({file: Source(file, text)})
    found = compile_spec(file, sources, LAYOUTS).diagnostics
    # A row of another name is not found by what refers to it; the rules are run all the same.
    stopped = [one for one in found if one.rule in ("schema", "yaml-syntax")]
    assert not stopped, f"{name}: the mistake is one of the schema's: {stopped[0].message}"
    spans = [one.span for one in found if one.rule == name and one.severity != "skipped"]
    return [sources[file].position(one.start)[0] for one in spans]


@cache
def able(name: str) -> list[str]:
    """The clean specs that have a place for a rule's kind of mistake, as far as a few draws show."""

    def fits(text: str) -> bool:
        hits = []
        drawing(lambda draw: hits.append(module(name).mutate(draw, text.split("\n"))), 5)
        return any(hit is not None for hit in hits)

    return [text for text in CLEAN if fits(text)]


def drawing(work: Callable[[Draw], None], count: int) -> None:
    """Do something with values that hypothesis draws, the same ones each time."""

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def once(data: st.DataObject) -> None:
        work(data.draw)

    once()


@cache
def module(name: str) -> ModuleType:
    path = TESTS / f"mutations/{name.replace('-', '_')}.py"
    spec = util.spec_from_file_location(path.stem, path)
    loaded = util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
