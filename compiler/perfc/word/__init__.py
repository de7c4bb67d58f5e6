"""The document tree to the bytes of a Word file."""

from perfc.word.package import write

__all__ = ["write"]
