"""perfc compiles a budget department's performance specs, written in YAML, to official Word documents."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfc.compile import Result, compile_spec
    from perfc.diagnostic import Diagnostic, Note, Severity, Span
    from perfc.source import Source, Sources

__version__ = "0.1.0"

_HOMES = {
    **dict.fromkeys(("Result", "compile_spec"), "perfc.compile"),
    **dict.fromkeys(("Diagnostic", "Note", "Severity", "Span"), "perfc.diagnostic"),
    **dict.fromkeys(("Source", "Sources"), "perfc.source"),
}
__all__ = ["Diagnostic", "Note", "Result", "Severity", "Source", "Sources", "Span", "compile_spec"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the command line starts without the compiler."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'perfc' has no attribute {name!r}")
