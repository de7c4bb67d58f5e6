"""A document knows whether it is as perfc wrote it."""

import io
import zipfile

import pytest
from conftest import EXAMPLES, LAYOUTS
from docx import Document
from perfc import Sources, compile_spec
from perfc.seal import intact


@pytest.fixture(scope="module")
def docx() -> bytes:
    return compile_spec(EXAMPLES[0].as_posix(), Sources(), LAYOUTS).docx


def with_part(docx: bytes, name: str, change) -> bytes:
    """The document with one part changed, added (the change of b"") or, where the change gives None, left out."""
    parts = {one: zipfile.ZipFile(io.BytesIO(docx)).read(one) for one in zipfile.ZipFile(io.BytesIO(docx)).namelist()}
    parts[name] = change(parts.get(name, b""))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for one, content in parts.items():
            if content is not None:
                archive.writestr(one, content)
    return file.getvalue()


def test_what_perfc_wrote_is_intact(docx: bytes) -> None:
    assert intact(docx)
    assert intact(with_part(docx, "word/document.xml", lambda content: content)), "packed anew, nothing changed"


CHANGES = {
    "a character": ("word/document.xml", lambda content: content.replace("年".encode(), "月".encode(), 1)),
    "a style": ("word/styles.xml", lambda content: content + b" "),
    "a property": ("docProps/custom.xml", lambda content: content.replace(b'name="spec"', b'name="spek"')),
    "the seal": ("docProps/custom.xml", lambda content: content.replace(b'name="parts"', b'name="part"')),
    "a new part": ("word/comments.xml", lambda content: b"<comments/>"),
    "a part gone": ("word/fontTable.xml", lambda content: None),
}


@pytest.mark.parametrize(("name", "change"), CHANGES.values(), ids=list(CHANGES))
def test_what_was_changed_is_not(docx: bytes, name: str, change) -> None:
    assert not intact(with_part(docx, name, change))


def test_what_another_program_saved_is_not(docx: bytes) -> None:
    file = io.BytesIO()
    Document(io.BytesIO(docx)).save(file)
    assert not intact(file.getvalue())
    file = io.BytesIO()
    Document().save(file)
    assert not intact(file.getvalue())


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 40, "文字".encode()])
def test_what_is_no_document_is_not(content: bytes) -> None:
    assert not intact(content)


def test_what_was_cut_off_is_not(docx: bytes) -> None:
    for length in range(0, len(docx), max(1, len(docx) // 200)):
        assert not intact(docx[:length])
    for at in range(100, len(docx), max(1, len(docx) // 200)):
        intact(docx[:at] + b"\xff" + docx[at + 1 :])  # says something, whatever the damage
