"""Whether a Word file is as perfc wrote it: a seal in its custom properties, over all of its parts."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping

PART = "docProps/custom.xml"  # the part that carries the seal
_SEAL = re.compile(rb'<property [^<>]* name="parts"><vt:lpwstr>([0-9a-f]{64})</vt:lpwstr></property>')


def seal(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of a document with the seal, a SHA-256 over all of them, added to the custom properties."""
    custom = parts[PART]
    number = custom.count(b"<property ") + 2
    added = (
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="parts">'
        f"<vt:lpwstr>{_hash(parts)}</vt:lpwstr></property></Properties>"
    )
    return {**parts, PART: custom.removesuffix(b"</Properties>") + added.encode()}


def intact(docx: bytes) -> bool:
    """Whether a file is a document that perfc wrote and nobody has changed since."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return False  # what is no zip file can be wrong in all these ways
    custom = parts.get(PART, b"")
    match = _SEAL.search(custom)
    if match is None:
        return False
    unsealed = {**parts, PART: custom[: match.start()] + custom[match.end() :]}
    return match.group(1).decode() == _hash(unsealed)


def _hash(parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(f"{name}\0{len(parts[name])}\0".encode())
        digest.update(parts[name])
    return digest.hexdigest()
