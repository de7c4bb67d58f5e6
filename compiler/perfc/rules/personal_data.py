"""Data of private persons in a document that will be public."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

from perfc import values
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import load
from perfc.source import Sources
from perfc.vocabulary import TITLE, Line, Record

_ID = re.compile(r"(?<![0-9A-Za-z])[1-8][0-9]{5} ?(?:19|20)[0-9]{6} ?[0-9]{3}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.])(?<![0-9]-)1(?:3[0-9]|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])"
    r"(?P<gap>[ -]?)[0-9]{4}(?P=gap)[0-9]{4}(?![0-9A-Za-z]|\.[0-9]|-[0-9]| ?[万亿元人%])"
)
_CARD = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?:62|955|60)[0-9]{13,17}|(?:4[0-9]|5[1-5])[0-9]{14}"
    r"|[4-69][0-9]{3}(?: [0-9]{4}){3}(?: [0-9]{1,3})?)(?![0-9A-Za-z]| [0-9]|\.[0-9])"
)
_LONG = re.compile("[0-9０-９][0-9０-９ －-]{10}")
_OTHER = re.compile("编[号码]|代码|单号|文号|证号|对公|序列号")
_MANY, _FEW = 50, 5  # numbers in a line, and names in a spec; places shown of each
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@rule(Severity.WARNING)
def personal_data(record: Record) -> Iterator[Finding]:
    """公开的文件不写个人信息：身份证号、手机号、银行卡号，以及项目名称和目标中的个人姓名。

    绩效目标和自评结果要向社会公开。救助、抚恤、优抚、助学等项目写出了受助人的姓名，就公开了他的病情和家庭情况；
    姓名写成“李某”，或不写。身份证号核对校验码，银行卡号核对校验位，热线电话、固定电话不算。

    依据：《中华人民共和国个人信息保护法》《中华人民共和国政府信息公开条例》第十五条。

    错误：
        项目: [{项目名称: 王志强医疗救助, 绩效目标: [保障治疗，联系电话13800138000]}]
    正确：
        项目: [{项目名称: 王某医疗救助, 绩效目标: [保障治疗，联系电话0311-87654321]}]
    """
    for line in record.having(_LONG):
        for start, end, kind in islice(_numbers(line.words), _MANY):
            message = f"写出了{kind} {_masked(line.words[start:end])}"
            yield Finding(line.at(start, end), message, (Note("公开的文件不写，删去"),))
    for figure in record.figures:
        if figure.value.adjusted() < 10:
            continue
        for *_, kind in _numbers(str(figure.value)):
            message = f"{figure.path[-1]}写出了{kind} {_masked(str(figure.value))}"
            yield Finding(figure.value.span, message, (Note("公开的文件不写，删去"),))
    yield from _persons(record)


def _numbers(words: str) -> Iterator[tuple[int, int, str]]:
    """The personal numbers in a text: from where, to where, and what each is."""
    plain = values.plain(words)
    if not _LONG.search(plain):
        return
    for pattern, kind, right in ((_ID, "身份证号", _is_id), (_MOBILE, "手机号", None), (_CARD, "银行卡号", _is_card)):
        for match in pattern.finditer(plain):
            digits = match.group().replace(" ", "").upper()
            if kind != "身份证号" and _OTHER.search(plain, max(0, match.start() - 10), match.start()):
                continue
            if right is None or right(digits):
                yield *match.span(), kind


def _is_id(digits: str) -> bool:
    """Whether the date exists and the check character is that of ISO 7064, MOD 11-2."""
    try:
        date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(one) * weight for one, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[-1]


def _is_card(digits: str) -> bool:
    """Whether the digits are as many as a card has, and the last one is right by Luhn; an identity card is none."""
    doubled = (int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits)))
    right = 16 <= len(digits) <= 19 and sum(one // 10 + one % 10 for one in doubled) % 10 == 0
    return right and len(set(digits)) > 2 and not (_ID.fullmatch(digits) and _is_id(digits))


def _masked(number: str) -> str:
    """The number without its middle, since a report is passed on too."""
    number = re.sub("[ -]", "", values.plain(number))
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def _persons(record: Record) -> Iterator[Finding]:
    """Names in the names and goals of projects, each once, with the other places where it stands."""
    first: dict[str, Finding] = {}
    for line in record.lines:
        if line.path[-1] not in (TITLE, "目录名称", "任务名称") and "目标" not in line.path[-1]:
            continue
        for match in _names().finditer(line.words):
            for one in re.finditer("[^、和及与]+", match["names"]):
                name, at = one.group(), match.start("names") + one.start()
                if name not in _words() and name not in first and len(first) < _MANY:
                    span, hint = line.at(at, at + len(name)), Note(f"写成 {name[0]}某，或不写姓名")
                    first[name] = Finding(span, f"{line.path[-1]}写出了个人姓名“{name}”", (hint,))
    if first:
        yield from _with_others(first, record.lines)


def _with_others(first: dict[str, Finding], lines: tuple[Line, ...]) -> Iterator[Finding]:
    others: dict[str, list[Note]] = {name: [] for name in first}
    pattern = re.compile("|".join(sorted(first, key=len, reverse=True)))
    for line in lines:
        for match in pattern.finditer(line.words):
            span, name = line.at(*match.span()), match.group()
            if span != first[name].span and len(others[name]) < _FEW:
                others[name].append(Note("又写在这里", span))
    for name, one in first.items():
        yield Finding(one.span, one.message, (*one.notes, *others[name]))


@cache
def _data() -> dict[str, list[str]]:
    contents, _ = load(Path(__file__).with_suffix(".yaml").as_posix(), Sources())
    return dict(contents or {})


@cache
def _words() -> frozenset[str]:
    """Words that look like names: of places, plants and the like."""
    return frozenset(word for row in _data()["不是姓名"] for word in row)


@cache
def _names() -> re.Pattern[str]:
    """Names of persons, by the words before and behind them."""
    data = {
        key: words if isinstance(words, str) else "|".join(words) for key, words in _data().items() if key != "不是姓名"
    }
    one = f"(?:(?:[{data['姓']}]|{data['复姓']})[{data['名']}]{{1,2}}|[{data['也是常用字的姓']}][{data['名']}]{{2}})"
    several = f"(?P<names>{one}(?:[、和及与]{one}){{0,5}})"
    many = "等(?![地县市区乡镇村处项路河座所个])(?:[0-9一二三四五六七八九十百两几多]{0,4}[人名户位])?[一-鿿]{0,14}?"
    first = "".join(dict.fromkeys(one[0] for one in _data()["之前"]))  # trying each of the words takes longer
    return re.compile(
        f"(?:^|[^一-鿿]|(?=[0-9{first}])(?:[0-9]年度?|{data['之前']})){several}"
        f"(?=[”’）)]?(?:(?:{data['尊称']})|(?:{data['称呼']})?(?:{many})?的?(?:{data['事项']})))"
    )
