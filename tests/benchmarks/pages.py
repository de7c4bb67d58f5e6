"""How often the predicted page of a heading is the page on which LibreOffice puts it, and what predicting costs.

python tests/benchmarks/pages.py [--count 200] [--seed 1] [--font NAME] [--keep FOLDER]
"""

import argparse
import io
import re
import statistics
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from xml.etree.ElementTree import Element

from departments import departments
from perfc.compile import compile_spec
from perfc.diagnostic import Severity
from perfc.lint import Level, rules
from perfc.paginate import paginate
from perfc.places import folders
from perfc.policy import Policy
from perfc.source import Sources
from perfc.style import Sheet
from perfc.tree import HEADINGS, Document, classes
from pypdf import PdfReader
from pypdf.generic import Destination

ROOT = Path(__file__).parents[2]
RUNS = 3  # of each compilation; the median counts
PROCESSES = 2
BATCH = 10  # documents that one call of soffice converts
# Made-up texts break rules; the rules run all the same.
LENIENT = Policy(levels={name: Level(Severity.INFO, "made up") for name in rules()})
FILTER = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'


@dataclass
class Entry:
    """A heading, the number of its page as predicted, and how the pages before it are counted.

    `first` is the place, among the document's headings, of one that stands at the start of a numbering, or None
    where the numbers count all pages.
    """

    title: str
    predicted: int
    first: int | None


@dataclass
class Compiled:
    """A compiled spec: its headings in order, and the seconds that its compilation and its pagination took."""

    name: str
    docx: bytes
    entries: list[Entry]
    seconds: float
    paginating: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="how many departments to make up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--font", help="an installed font that stands in for every Chinese one")
    parser.add_argument("--keep", type=Path, help="keep the .docx and .pdf files in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        compiled = []
        for name, path in specs(place, options.count, options.seed):
            compiled.append(compile_timed(name, path))
            (place / f"{name}.docx").write_bytes(with_font(compiled[-1].docx, options.font))
        convert([place / f"{one.name}.docx" for one in compiled], place)
        report(compiled, place)


def specs(folder: Path, count: int, seed: int) -> Iterator[tuple[str, Path]]:
    """The project's own specs, the examples of the layouts, and made-up ones that are written into a folder."""
    for tree in sorted((ROOT / "specs").glob("*/*/*/*.yaml")):
        yield tree.parent.parent.name, tree
    for example in sorted((ROOT / "templates").glob("*/*/*/example.yaml")):
        yield f"example-{example.parts[-4]}", example
    for name, text in departments(count, seed):
        path = folder / f"{name}.yaml"
        path.write_text(text, "utf-8")
        yield name, path


def compile_timed(name: str, path: Path) -> Compiled:
    """Compile a spec several times and listen to what is predicted."""
    entries: list[Entry] = []
    paginating: list[float] = []
    compiling: list[float] = []

    def listen(document: Document, sheet: Sheet) -> dict[Element, int]:
        start = time.perf_counter()
        pages = paginate(document, sheet)
        paginating.append(time.perf_counter() - start)
        entries[:] = listed(document, sheet, pages)
        return pages

    with patch("perfc.compile.paginate", listen):
        for _ in range(RUNS):
            start = time.perf_counter()
            result = compile_spec(path.as_posix(), Sources(), folders(ROOT), LENIENT)
            compiling.append(time.perf_counter() - start)
    if result.docx is None:
        raise SystemExit("\n".join(f"{path}: {one.message}" for one in result.diagnostics))
    return Compiled(name, result.docx, entries, statistics.median(compiling), statistics.median(paginating))


def listed(document: Document, sheet: Sheet, pages: dict[Element, int]) -> Iterator[Entry]:
    """The headings of a document; a section that resets the number has to begin with one of them."""
    count, first = 0, None
    for section in document.root.findall("section"):
        if sheet.style("section", classes(section), None).counter_reset is not None:
            first = count
        for heading in (one for one in section.iter() if one.tag in HEADINGS):
            yield Entry("".join(heading.itertext()), pages[heading], first)
            count += 1


def with_font(docx: bytes, font: str | None) -> bytes:
    """A document whose Chinese text is set in one font."""
    if font is None:
        return docx
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(changed, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "word/styles.xml":
                part = re.sub(r'w:eastAsia="[^"-]*"', f'w:eastAsia="{font}"', part.decode()).encode()
            target.writestr(entry, part)
    return changed.getvalue()


def convert(files: list[Path], folder: Path) -> None:
    """PDF files beside the documents, made by a few soffice processes with profiles of their own."""
    batches = [files[at : at + BATCH] for at in range(0, len(files), BATCH)]

    def work(number: int) -> None:
        profile = f"-env:UserInstallation={(folder / f'profile-{number}').as_uri()}"
        for batch in batches[number::PROCESSES]:
            command = ["soffice", profile, "--headless", "--convert-to", FILTER, "--outdir", str(folder)]
            subprocess.run([*command, *map(str, batch)], check=True, capture_output=True)

    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(work, range(PROCESSES)))


def true_pages(pdf: Path) -> list[int]:
    """The page, counted from one, of each entry of a PDF file's outline."""
    reader = PdfReader(pdf)

    def walk(outline: Iterable[Destination | list[Destination]]) -> Iterator[int]:
        for one in outline:
            if isinstance(one, list):
                yield from walk(one)
            else:
                number = reader.get_destination_page_number(one)
                assert number is not None
                yield number + 1

    return list(walk(reader.outline))


def report(compiled: list[Compiled], folder: Path) -> None:
    """Print each miss, the share of right entries, and the time of paginating."""
    total = misses = 0
    for one in compiled:
        found = true_pages(folder / f"{one.name}.pdf")
        if len(found) != len(one.entries):
            raise SystemExit(f"{one.name}: {len(found)} headings in the PDF, {len(one.entries)} in the document")
        for entry, page in zip(one.entries, found, strict=True):
            true = page if entry.first is None else page - found[entry.first] + 1
            total += 1
            if true != entry.predicted:
                misses += 1
                print(f"{one.name}: {entry.title[:40]}: predicted {entry.predicted}, true {true}")
    seconds, paginating = sum(one.seconds for one in compiled), sum(one.paginating for one in compiled)
    print(f"{len(compiled)} documents, {total} entries, {misses} wrong: {1 - misses / total:.3%} right")
    print(f"paginating takes {paginating:.2f} s of {seconds:.2f} s: {paginating / seconds:.1%}")


if __name__ == "__main__":
    main()
