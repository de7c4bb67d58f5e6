"""LibreOffice, the judge of pages: the only code that runs it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from perfc.diagnostic import Diagnostic, Severity, Span
from perfc.source import Refused, reason

_TIMEOUT = 180  # seconds for one document; a long one takes some ten
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_FILTER = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'


class Failed(Exception):
    """LibreOffice did not make the PDF; the message says why in Chinese."""


def find() -> str:
    """The program's path; raises Refused."""
    for name in ("soffice", "libreoffice", *_PLACES):
        if path := shutil.which(name):
            return path
    raise Refused("没有找到 LibreOffice（soffice）；请安装 LibreOffice，或不用 --pdf 和 --verify-pages")


def to_pdf(docx: bytes, program: str) -> bytes:
    """The PDF of a .docx with its headings as bookmarks; in a profile of its own, so that runs do not meet.

    Raises Failed.
    """
    with tempfile.TemporaryDirectory(prefix="perfc-") as folder:
        file = Path(folder, "document.docx")
        file.write_bytes(docx)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", _FILTER, "--outdir", folder, str(file)]
        try:
            # S603: the program is the one that the user installed
            run = subprocess.run(  # noqa: S603
                command, capture_output=True, check=False, timeout=_TIMEOUT, env=_environment()
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"LibreOffice 在 {_TIMEOUT} 秒内没有转换完") from None
        except OSError as error:
            raise Failed(f"LibreOffice 无法运行：{reason(error)}") from None
        pdf = file.with_suffix(".pdf")
        if run.returncode or not pdf.is_file():
            raise Failed(f"LibreOffice 没有生成 PDF（退出码 {run.returncode}）")
        return pdf.read_bytes()


def headings(pdf: bytes) -> tuple[list[tuple[str, int]], int]:
    """The text and the zero-based page of each bookmark of a PDF, in order, and how many pages it has."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))

    def flat(outline: list[Any]) -> list[Any]:
        return [entry for item in outline for entry in (flat(item) if isinstance(item, list) else [item])]

    entries = flat(reader.outline)
    return [(str(entry.title), reader.get_destination_page_number(entry) or 0) for entry in entries], len(reader.pages)


def misplaced(said: tuple[tuple[str, int], ...], pdf: bytes, span: Span) -> Iterator[Diagnostic]:
    """The headings of a document that stand on another page of its PDF than perfc says; `said` has text and page."""
    shown, _ = headings(pdf)
    if len(shown) != len(said):
        message = f"PDF 中有 {len(shown)} 个标题，文件中有 {len(said)} 个，无法核对页码"
        yield Diagnostic("page-number", message, span, Severity.WARNING)
        return
    before, last = 0, 0
    for index, ((text, number), (_, page)) in enumerate(zip(said, shown, strict=True)):
        if index == 0 or number < last:  # where the numbers begin anew, the count of what is before does too
            before = page - number
        last = number
        if page - before != number:
            message = f"“{text}”在第 {page - before} 页，perfc 算作第 {number} 页"
            yield Diagnostic("page-number", message, span, Severity.WARNING)


def _environment() -> dict[str, str]:
    """The environment without what would make LibreOffice look for a screen."""
    return {name: value for name, value in os.environ.items() if name != "DISPLAY"}
