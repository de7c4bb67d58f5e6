"""Texts with names, and the only code that reads them from disk."""

from __future__ import annotations

import errno
import hashlib
import traceback
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path

from perfc.diagnostic import Diagnostic, Span

INCLUDE = "引用"  # in a spec, a mapping with this one key stands for the list of the files that match its value
LIMIT = 16 * 1024 * 1024  # bytes; the largest real spec is some hundred times smaller


@dataclass(frozen=True)
class Source:
    """A file's text under the name that messages use; offsets count code points, CR and LF included."""

    name: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self.text.split("\n")[:-1]), initial=0))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both zero based, the column in code points."""
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]

    @property
    def lines(self) -> int:
        """How many lines there are, an empty last one included."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """The text of a zero-based line without its line end."""
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def line_span(self, number: int) -> Span:
        """The span of a zero-based line without its indentation; the last line if there are fewer."""
        number = min(number, len(self._starts) - 1)
        line, start = self.line(number), self._starts[number]
        return Span(self.name, start + len(line) - len(line.lstrip()), start + len(line))


class Refused(Exception):
    """A call that could not run; the message says why, in Chinese."""


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese; systems say it in English, or in their own language."""
    said = {
        errno.ENOENT: "没有这个文件或文件夹",
        errno.EACCES: "没有权限，或文件正被别的程序打开",
        errno.EPERM: "没有权限",
        errno.EBUSY: "文件正被别的程序使用",
        errno.EEXIST: "有同名的文件",
        errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
        errno.EISDIR: "这是文件夹，不是文件",
        errno.ENOSPC: "磁盘已满",
        errno.EFBIG: "文件过大",
        errno.EROFS: "磁盘是只读的",
        errno.ENAMETOOLONG: "文件名过长",
    }
    return said.get(error.errno or 0, error.strerror or str(error))


def internal(error: BaseException) -> str:
    """What to say of a mistake of perfc's own: one line with what its maintainers need."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"perfc 内部出错，请把规格和这一行发给维护者：{type(error).__name__}: {error}（{where}）"


def display_width(text: str) -> int:
    """Columns that a text takes on a terminal, where Chinese characters take two."""
    return len(text) if text.isascii() else sum(map(_width, text))


@lru_cache(maxsize=65536)
def _width(char: str) -> int:
    return 1 + (unicodedata.east_asian_width(char) in "WF")


class Sources(dict[str, Source]):
    """Every file that a compilation has read, by name; what is put in beforehand is not read from disk."""

    def read(self, name: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
        """The text of a UTF-8 file, or a finding that says why there is none."""
        if name in self:
            return self[name], ()
        text, problem = _decode(Path(name))
        if problem:
            return None, (Diagnostic("unreadable-file", problem, Span(name, 0, 0)),)
        self[name] = Source(name, text)
        return self[name], ()

    def digest(self, names: Iterable[str]) -> str:
        """The SHA-256 of texts that were read, the same on systems with other line ends."""
        texts = (self[name].text.replace("\r\n", "\n") for name in names)
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()

    def find(self, pattern: str, beside: str) -> list[str]:
        """Names of the files that match a pattern relative to the folder of the file `beside`, sorted."""
        try:
            found = [path for path in Path(beside).parent.glob(pattern) if path.is_file()]
        except (NotImplementedError, ValueError, OSError):  # no relative pattern, or no place to look in
            return []
        return sorted(path.as_posix() for path in found)


def _decode(path: Path) -> tuple[str, str]:
    """The text of a file and what is wrong with it, one of them empty."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= LIMIT else None
    except OSError as error:
        return "", f"文件无法读取：{reason(error)}"
    if raw is None:
        return "", f"文件超过 {LIMIT // 1024 // 1024} MB，不像是规格；请检查是否选错了文件"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", "文件是 UTF-16 编码；请在编辑器中另存为 UTF-8"
    if b"\0" in raw:
        return "", "这不是文本文件；规格是 UTF-8 编码的 YAML 文本"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "文件不是 UTF-8 编码（可能是 GBK）；请在编辑器中另存为 UTF-8"
