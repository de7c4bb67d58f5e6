"""The manual: a page for each finding of a stage, from `explain.md`, and for each rule, its docstring."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from perfc.lint import rules


@cache
def manual() -> dict[str, str]:
    """Each page in Chinese by the rule's name, its first line saying what is found; the stages' pages come first."""
    text = (Path(__file__).parent / "explain.md").read_text("utf-8")
    sections = re.split(r"^## ([a-z-]+)\n", text, flags=re.MULTILINE)[1:]
    stages = {name: page.strip() for name, page in zip(sections[::2], sections[1::2], strict=True)}
    return stages | {name: one.page for name, one in rules().items()}
