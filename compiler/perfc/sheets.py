"""A spec's indicators as a workbook, in the columns of `sheets.json`, which finance systems import.

Same spec, same bytes. Every text is a text cell, whatever it begins with; a number that Excel cannot hold is one too.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfc import __version__, values
from perfc.compile import understand
from perfc.diagnostic import Diagnostic, Note
from perfc.disk import write
from perfc.load import Map, Seq
from perfc.naming import top
from perfc.policy import Policy
from perfc.seal import PART, intact, seal
from perfc.source import Sources
from perfc.specs import Spec
from perfc.values import Kind
from perfc.vocabulary import CLASSIFIED, INDICATORS, MEASURE, SIGN, TITLE, Indicator, Record, department

_FORM: dict[str, Any] = json.loads((Path(__file__).parent / "sheets.json").read_text("utf-8"))
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_LONGEST_NAME = 31  # UTF-16 units of a worksheet's name
_LONGEST_TEXT = 32_767  # UTF-16 units of a cell
_DIGITS = 15  # that a number of Excel holds
_TEXT_SIGN = values.bound("").sign
# Excel in Chinese refuses the wide forms as well.
_BRACKETS = str.maketrans("[]［］", "〔〕〔〕")
_UNFIT = re.compile(r"[:*?/\\：＊？／＼\s]+")
_RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")  # a program that reads the cell again may compute it

_Cell = str | Decimal | None


def workbook(layouts: tuple[Path, ...], file: str, *, public: bool = False) -> bytes | None:
    """The bytes of the workbook of a spec that compiles; None where it has no indicators that may be shown."""
    understood, _ = understand(file, sources := Sources(), layouts, Policy(public=public))
    if not understood:
        return None
    spec, _ = understood[0]
    record = Record(spec, sources)
    names = dict(_names(spec, department(spec) or ""))
    tables = [(names[id(owner)], rows) for owner, rows in record.tables if id(owner) in names]
    return _sealed(_written(tables)) if tables else None


def save(content: bytes, path: Path, spec: Spec, *, force: bool) -> tuple[bool, Diagnostic | None]:
    """Whether a workbook was written, and why not if somebody has worked on the one that is there; raises OSError."""
    before = path.read_bytes() if path.exists() else None
    if before is not None and not force and not intact(before):
        message = f"{path.as_posix()} 生成以后被改动过，或不是 perfc 生成的，没有覆盖它"
        look = Note("要留的改动写进规格；perfc build --xlsx --force 覆盖它")
        return False, Diagnostic("changed-by-hand", message, top(spec), notes=(look,))
    if before == content:
        return False, None
    write(content, path)
    return True, None


def split(row: Indicator) -> tuple[str, _Cell, str]:
    """An indicator's value in three columns: sign, number, unit; where it is not one number, 定性 and the text.

    A date or a range is its text without sign and unit.
    """
    own = str(next((row.row[label] for label in SIGN if label in row.row), "")).strip()
    unit = str(next((row.row[label] for label in MEASURE if label in row.row), "")).strip()
    bound = row.target
    if bound is None:
        return own, None, unit
    quantity = None if own == _TEXT_SIGN else bound.quantity
    if quantity is None or bound.kind in (Kind.RANGE, Kind.DATE):
        return own or bound.sign, str(row.value), unit
    return bound.sign or own, quantity.number, quantity.unit or unit


def whole(row: Indicator) -> bool:
    """Whether the value is one number that says all with its sign and unit."""
    bound = row.target
    if bound is None or not isinstance(split(row)[1], Decimal) or bound.quantity is None:
        return False
    return not bound.quantity.about and not (row.stated[: bound.start] + row.stated[bound.end :]).strip()


def sheet_names(names: Iterable[str]) -> Iterator[str]:
    """Names that Excel takes for worksheets, each different from those before, letters of both cases alike."""
    taken: set[str] = set()
    for name in names:
        plain = _UNFIT.sub("_", name.strip().translate(_BRACKETS)).strip("'_") or "_"
        plain = f"{plain}_" if plain.casefold() == "history" else plain
        number, fitting = 1, _cut(plain, _LONGEST_NAME).rstrip("'")
        while fitting.casefold() in taken:
            number += 1
            fitting = _cut(plain, _LONGEST_NAME - len(f"({number})")) + f"({number})"
        taken.add(fitting.casefold())
        yield fitting


def _names(value: Any, name: str) -> Iterator[tuple[int, str]]:
    """The name of each mapping that holds indicators, by its id, without the projects that are secret."""
    if isinstance(value, Map):
        if value.get(CLASSIFIED) is True:
            return
        name = str(value.get(TITLE, name))
        if INDICATORS in value:
            yield id(value), name
        for key, inner in value.items():
            within = f"{name}_{key}" if isinstance(inner, Map) and TITLE not in inner else name
            yield from _names(inner, within)
    elif isinstance(value, Seq):
        for inner in value:
            yield from _names(inner, name)


def _cells(row: Indicator) -> tuple[_Cell, ...]:
    sign, value, unit = split(row)
    remark = row.row.get(_FORM["remark"])
    if remark is None and isinstance(value, Decimal) and not whole(row):
        remark = row.stated  # what the number alone does not say
    return row.level1, row.level2, row.name, sign, value, unit, row.points, None if remark is None else str(remark)


def _written(tables: list[tuple[str, tuple[Indicator, ...]]]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": _EPOCH})
    book.set_custom_property("perfc", __version__, "text")
    head = book.add_format({"bold": True, "bottom": 1, "align": "center"})
    quoted = book.add_format({"quote_prefix": True})
    places: dict[int, Any] = {}
    for name, (_, rows) in zip(sheet_names(name for name, _ in tables), tables, strict=True):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, one in enumerate(_FORM["columns"]):
            sheet.set_column(column, column, one["width"])
            sheet.write_string(0, column, one["title"], head)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(_cells(row)):
                if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _DIGITS:
                    count = values.decimals(cell)
                    if count not in places:
                        places[count] = book.add_format({"num_format": f"0.{'0' * count}" if count else "0"})
                    sheet.write_number(number, column, float(cell), places[count])
                elif cell is not None and (text := _cut(_shown(cell), _LONGEST_TEXT)):
                    sheet.write_string(number, column, text, quoted if text.lstrip().startswith(_RISKY) else None)
    book.close()
    return content.getvalue()


def _shown(cell: str | Decimal) -> str:
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip("\n")


def _cut(text: str, longest: int) -> str:
    """The beginning of a text that is not longer than so many UTF-16 units."""
    return text.encode("utf-16-le", "replace")[: 2 * longest].decode("utf-16-le", "ignore")


def _sealed(content: bytes) -> bytes:
    """A workbook with the seal, its parts in one order and of one time."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[PART] = parts[PART].rstrip()
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in seal(parts).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return result.getvalue()
