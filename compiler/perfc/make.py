"""One spec to its documents, in whatever process; what compiles is imported there alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from perfc import fingerprints
from perfc.diagnostic import Diagnostic
from perfc.fingerprints import Looked, Watched
from perfc.places import SETTINGS
from perfc.source import Sources, internal

if TYPE_CHECKING:
    from perfc.policy import Policy

_LAYOUTS = re.compile(
    r"^版式[ \t]*:[ \t]*(\[[^\]]*|[^\s#][^\r\n]*|(?:#[^\r\n]*)?(?:\r?\n[ \t]*(?:[-#][^\r\n]*)?)+)", re.MULTILINE
)
_NAME = re.compile(r"#[^\r\n]*|([^\s\"'#,\[\]-][^\s\"'#,\[\]]*)")


@dataclass(frozen=True, slots=True)
class Plan:
    """What all specs of a build have in common.

    `base` is the fingerprint of what all documents depend on. With `office`, the path of LibreOffice, each document is
    also made a PDF, which is saved, or its pages are verified, or both. `settings` is the file of the workspace's
    settings, `cluster` the address of a Dask cluster that compiles.
    """

    output: Path
    layouts: tuple[Path, ...]
    base: str
    strict: bool = False
    public: bool = False
    force: bool = False
    office: str = ""
    pdf: bool = False
    verify_pages: bool = False
    settings: str = SETTINGS
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A compilation, as processes send it to each other: what the spec and the workspace's settings come to.

    And what was looked at, or what failed. `docx`, `title`, `found` and `headings` are those of compile.Result; `more`
    has the other documents of the spec, with nothing else.
    """

    docx: bytes | None = None
    title: str = ""
    found: tuple[Diagnostic, ...] = ()
    headings: tuple[tuple[str, int], ...] = ()
    settings: tuple[Diagnostic, ...] = ()
    looked: Looked | None = None
    fingerprint: str = ""
    failure: str = ""
    more: tuple[Made, ...] = ()

    @property
    def documents(self) -> tuple[Made, ...]:
        """All documents of the spec, each with its title and headings; none where it makes none."""
        return (self, *self.more) if self.docx is not None else ()


def make(plan: Plan, file: str, sources: Watched | None = None) -> Made:
    """Compile a spec; perfc's own mistakes concern this spec alone."""
    from perfc.compile import compile_spec

    sources = Watched() if sources is None else sources
    try:
        policy, settings = _policy(plan.base, plan.settings, strict=plan.strict, public=plan.public)
        source, _ = sources.read(file)
        layouts = " ".join(_layouts(source.text) if source else ())
        # Before the layouts are read: if one changes meanwhile, the next build sees it.
        of_layouts = fingerprints.of_layouts(layouts, plan.layouts)
        result = compile_spec(file, sources, plan.layouts, policy)
        known = fingerprints.fingerprint(file, sources, of_layouts, plan.base)
        return Made(
            result.docx,
            result.title,
            result.diagnostics,
            result.headings,
            settings,
            sources.looked(layouts),
            known if " ".join(one.layout for one in (result, *result.more)) in ("", layouts) else "",
            more=tuple(Made(one.docx, one.title, headings=one.headings) for one in result.more),
        )
    except Exception as error:  # noqa: BLE001  # it is said, and the other specs are made
        return Made(failure=f"{file}：{internal(error)}")


def _layouts(text: str) -> tuple[str, ...]:
    """The names of the layouts that a spec names, as far as that can be seen without reading it as YAML."""
    named = _LAYOUTS.search(text)
    names = (match.group(1) for match in _NAME.finditer(named.group(1))) if named else ()
    return tuple(dict.fromkeys(name for name in names if name))


@cache
def _policy(base: str, settings: str, *, strict: bool, public: bool) -> tuple[Policy, tuple[Diagnostic, ...]]:
    """The policy of the workspace, read once for each state of it, and what is wrong with its settings."""
    from perfc.policy import Policy, read

    levels, found = read(Sources(), settings)
    return Policy(levels, strict, public=public), found
