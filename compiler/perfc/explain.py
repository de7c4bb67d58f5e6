"""The manual of the rules, from `explain.md`: a section a rule, its first line saying what it finds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path


@cache
def manual() -> dict[str, str]:
    """Each rule's page in Chinese, by its name, in the order of the manual."""
    text = (Path(__file__).parent / "explain.md").read_text("utf-8")
    sections = re.split(r"^## ([a-z-]+)\n", text, flags=re.MULTILINE)[1:]
    return {name: page.strip() for name, page in zip(sections[::2], sections[1::2], strict=True)}
