"""How grave each rule is here: what layouts (`rules.yaml`) and the workspace (`perfc.toml`) say about the rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from perfc.diagnostic import Diagnostic, Note, Severity, Span, nearest
from perfc.explain import manual
from perfc.lint import Level, rules
from perfc.places import SETTINGS
from perfc.source import Source, Sources

_WORDS = {"错误": Severity.ERROR, "警告": Severity.WARNING, "提示": Severity.INFO, "关闭": None}


@dataclass(frozen=True)
class Policy:
    """What the one who calls wants: the workspace's levels, whether warnings stop, whether waivers count, for whom."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    strict: bool = False
    waivers: bool = True
    public: bool = False


def read(sources: Sources, settings: str = SETTINGS) -> tuple[Mapping[str, Level], tuple[Diagnostic, ...]]:
    """The levels in the workspace's settings, which need not be there, and what is wrong with them."""
    if not Path(settings).exists():
        return {}, ()
    source, unreadable = sources.read(settings)
    if source is None:
        return {}, unreadable
    try:
        contents = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place.group(1)) - 1 if place else source.lines - 1
        hint = Note('写成 规则名 = "警告"，或 规则名 = {level = "关闭", reason = "理由"}')
        return {}, (Diagnostic("settings", "不是正确的 TOML", source.line_span(line), notes=(hint,)),)
    found = [_said(source, key, f"{SETTINGS} 中没有“{key}”这一节") for key in contents if key != "rules"]
    levels: dict[str, Level] = {}
    rules_said = contents.get("rules", {})
    if not isinstance(rules_said, dict):
        return {}, (_said(source, "rules", "rules 应是一节：[rules]"),)
    for name, entry in rules_said.items():
        given = entry if isinstance(entry, dict) else {"level": entry}
        level, wrong = _level(name, given.get("level"), given.get("reason", ""))
        if level:
            levels[name] = level
        else:
            found.append(_said(source, name, wrong))
    return levels, tuple(found)


def of_layout(settings: Mapping[str, Any]) -> tuple[Mapping[str, Level], tuple[tuple[str, str], ...]]:
    """The levels in a layout's settings of the rules, and the rules whose entries are wrong, with what is."""
    levels: dict[str, Level] = {}
    wrong: list[tuple[str, str]] = []
    for name, entry in settings.items():
        if name in rules() and "级别" not in entry:
            continue
        level, problem = _level(name, entry.get("级别"), entry.get("理由", ""))
        if level:
            levels[name] = level
        else:
            wrong.append((name, problem))
    return levels, tuple(wrong)


def strictly(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings as a strict reader takes them: each warning is an error."""
    return tuple(replace(one, severity=Severity.ERROR) if one.severity is Severity.WARNING else one for one in found)


def _level(name: str, word: Any, reason: Any) -> tuple[Level | None, str]:
    """A level, or what is wrong with its entry."""
    if name not in rules():
        near = nearest(name, rules())
        return None, f"没有“{name}”这条可以调整的规则" + (
            f"；是不是“{near}”？" if near and name not in manual() else ""
        )
    if word not in _WORDS:
        return None, f"{name} 的级别应是 {'、'.join(_WORDS)} 之一"
    if _WORDS[word] is None and not str(reason).strip():
        return None, f"关闭 {name} 要写明理由"
    return Level(_WORDS[word], str(reason)), ""


def _said(source: Source, key: str, message: str) -> Diagnostic:
    """A finding at the line that a key begins."""
    match = re.search(rf"^\s*\[?\"?{re.escape(key)}\b", source.text, re.MULTILINE)
    span = source.line_span(source.position(match.end())[0]) if match else Span(source.name, 0, 0)
    return Diagnostic("settings", message, span)
