"""Another place than the department's own, left from the document that this one was made of."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import load
from perfc.source import Sources
from perfc.vocabulary import CODE, TITLE, UNITS, Line, Listed, Record, listed

_TITLE = re.compile(r"《[^《》]{1,200}》")
_ISSUED = re.compile("关于|印发|规划|方案|办法|细则|规定|条例|意见|通知|标准|计划|预案|要点|批复")
_CITED = ("参照", "参考", "借鉴", "学习", "对照", "对比", "研究")
_WHERE = (
    "符合|结合|立足|适应|体现|切合|彰显|富有|具有|法治|平安|健康|美丽|幸福|活力|数字|文明|诚信|清廉|魅力"
    "|建设|打造|建成|推进|推动|加快|服务|助力|奋进|谱写|争当"
)
_FRAME = re.compile(
    rf"(?:{_WHERE}|。|；|，|）)(?=(?P<name>[一-鿿]{{2,4}}?)"
    "(?:实际|特色|省情|市情|县情|建设|创建|各项|经济社会|高质量发展|[一-鿿]{0,4}?强[省市县区]))"
)
_ORGAN = re.compile(
    "(?:人民)?政府|委(?![托派员])|人大|政协|纪委|[一-鿿]{2,12}?"
    "(?:局|委员会|联合会|办公室|法院|检察院|中心(?!城)|[书化案物育念]馆|[大支中]队|(?:管理|服务|监督|司法|派出)所)"
)
_ORDERS = re.compile(
    "[一-鿿]{0,12}?(?:政府|[委局厅办馆院]|中心)[^。；]{0,20}?(?:精神|部署|要求|指导|领导|安排|交办|下达|批复|批准|印发)"
)
_COUNTY = re.compile("(?![某本我各全])(?:[一-鿿]{2,12}?(?:县|(?<!地)区|(?<!红)旗)|[一-鿿]县)")
_NUMBERED = re.compile(r"(?<![一-鿿])(?P<short>[一-鿿])[一-鿿]{1,6}[〔\[［]20[0-9]{2}")
_ENDS = re.compile("[省市县州](?![场容值价面])|区(?![域间段划块位别级])")
_OPENS = re.compile("(?:^|[，。；：！？）.]|[一二三四五六七八九十][、是])$")


@rule(Severity.WARNING)
def foreign_place(record: Record) -> Iterator[Finding]:
    """不出现与本单位无关的外地地名。

    从外省、外县的材料中照抄，容易留下那里的地名，例如湖南的单位写“符合河南实际”。本单位在哪里，先看单位名称，
    再看项目编码前两位、版式、文中的地名和文号；看不出来就不判断。
    同省的外县、外市、外区，写成本地的（为外县经济社会服务、外县平均收入）、上级的（按照外市某局的要求）才算；
    单位所在的县不见于名录时也这样看。书名号里的标题，发文的是外地才算，参照、借鉴的不算。
    上级的名称、帮扶协作和考察学习的句子、学校和企业的名称不算。

    错误：
        部门: 绥宁县民政局
        改进措施: 加快建立符合河南实际的养老服务体系。由昌黎县财政局拨付资金。
        依据: 《凤凰县财政局关于开展绩效自评的通知》
    正确：
        部门: 绥宁县民政局
        改进措施: 加快建立符合湖南实际的养老服务体系。由邵阳市财政局、绥宁县财政局拨付资金。赴河南省考察学习。
        依据: 《绥宁县财政局关于开展绩效自评的通知》
    """
    home = _home(record)
    if home is None:
        return
    mentions = [(line, *one) for line in record.lines_with(_data().names) for one in _mentions(line.words)]
    others = [one for one in mentions if one[3].name not in home.own]
    partners = {place.name for line, start, end, place in others if _is_expected(line.words, start, end)}
    first, last, told = 0, None, None
    for line, start, end, place in mentions:
        first = first if last == (line, start) else start  # 河北省石家庄市藁城区 is one name
        last = line, end
        known = place.name in home.own or not partners.isdisjoint((place.name, place.city, place.province))
        if known or told == (line, first):
            continue
        if _is_foreign(place, home, line, first, end):
            told, name = (line, first), line.words[start:end]
            hint = Note("多半是照抄时留下的，改成本地的名称")
            yield Finding(line.at(start, end), f"“{name}”是外地：本单位在{home.said}", (hint,))


@dataclass(frozen=True, slots=True)
class _Place:
    """A place by its name without 省, 市, 县; a 州 counts as 市, a 区 as 县. `city` is that of a county, or itself.

    One that stands `apart` has a name that may come about by chance.
    """

    name: str
    kind: str
    province: str
    city: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Home:
    """Where the department is; `own` are the names of the place itself and its superiors, as far as known.

    That of a county without anything that tells of its province has none.
    """

    province: str
    city: str
    level: str
    own: frozenset[str]
    said: str


@dataclass(frozen=True, slots=True)
class _Data:
    """Places by their full and by their bare names, provinces by code and short name, and words around names.

    `names` are all of them as they may stand in a text, `lengths` those of the full names with the same two last
    characters, longer ones first.
    """

    full: dict[str, _Place]
    bare: dict[str, _Place]
    names: Listed
    lengths: dict[str, list[int]]
    marks: dict[str, str]
    dealings: tuple[str, ...]
    matters: tuple[str, ...]
    doing: tuple[str, ...]
    ahead: tuple[str, ...]
    own: re.Pattern[str]
    behind: re.Pattern[str]


@cache
def _data() -> _Data:
    data, _ = load(Path(__file__).with_suffix(".yaml").as_posix(), Sources())
    assert data is not None
    full: dict[str, _Place] = {}
    marks: dict[str, str] = {}
    for province, one in data["省"].items():
        marks |= dict.fromkeys((one["代码"], one["简称"]), province)
        full[one.get("全称", f"{province}省")] = _Place(province, "省", province)
        for city, names in one.get("辖", {}).items():
            for name in names.split():
                whole = name if len(name) > 2 and name.endswith("市") else f"{name}县"
                full[whole] = _Place(whole[:-1], "县", province, city)
        for city, names in (*one.get("区", {}).items(), *one.get("易混", {}).items()):
            wholes = (name if name.endswith(("县", "市")) and name != "沙县" else f"{name}区" for name in names.split())
            full |= {whole: _Place(whole[:-1], "县", province, city, apart=True) for whole in wholes}
        full |= {f"{name}市": _Place(name, "市", province, name) for name in one.get("市", "").split()}
        for whole, short in zip(*[iter(one.get("州", "").split())] * 2, strict=True):
            full |= dict.fromkeys((whole, short), _Place(short.removesuffix("州"), "市", province, short))
    words = set(data["常用词"].split("|"))
    bare = {one.name: one for one in reversed(full.values()) if not one.apart and one.name not in words}
    lengths: dict[str, list[int]] = {"治县": list(range(16, 5, -1))}  # 族自治县
    for name in sorted(full, key=len, reverse=True):
        known = lengths.setdefault(name[-2:], [])
        known += [len(name)] if len(name) not in known else []
    dealings, matters, doing, ahead = (
        tuple(data[key].replace(" ", "").split("|")) for key in ("往来", "事由", "本地之前", "之前")
    )
    own, behind = re.compile(data["本地之后"]), re.compile(f"[一-鿿]{{0,16}}?(?:{data['名称']})")
    names = listed(("族自治县", *full, *(name for name in bare if len(name) > 1 and name not in full)))
    return _Data(full, bare, names, lengths, marks, dealings, matters, doing, (*doing, *ahead), own, behind)


def _mentions(words: str) -> Iterator[tuple[int, int, _Place]]:
    """The places in a line: by their full names, by their bare ones where only a place can stand.

    In a title it is the issuer's that counts, which is the first.
    """
    titles = [match.span() for match in _TITLE.finditer(words)]
    at = first = 0
    for start, end, place in _named(words):
        while at < len(titles) and titles[at][1] < end:
            at += 1
        if at == len(titles) or titles[at][0] > start:
            yield start, end, place
        elif start in (titles[at][0] + 1, first) and _is_issued(words, *titles[at]):
            first = end
            yield start, end, place
    for match in _FRAME.finditer(words):
        if bare := _data().bare.get(match["name"]):
            yield *match.span("name"), bare


def _is_issued(words: str, start: int, end: int) -> bool:
    """Whether a title is that of a document that somebody has to follow."""
    return not words.endswith(_CITED, 0, start) and _ISSUED.search(words, start, end) is not None


def _named(words: str) -> Iterator[tuple[int, int, _Place]]:
    """Each place by its full name, the longest one that ends there."""
    lengths = _data().lengths
    for match in _ENDS.finditer(words):
        end = match.end()
        for length in lengths.get(words[max(0, end - 2) : end], ()):
            if end < length or (place := _place(words[end - length : end])) is None:
                continue
            if not place.apart or _stands_apart(words, end - length):
                yield end - length, end, place
                break


def _stands_apart(words: str, at: int) -> bool:
    """Whether a name begins at an offset, and not in the middle of a word: 拓宽城区 is no 宽城区."""
    return not "一" <= words[at - 1 : at] <= "鿿" or words.endswith(_data().ahead, 0, at)


def _place(name: str) -> _Place | None:
    """The place of a full name; 青龙满族自治县 is 青龙县."""
    full = _data().full
    if name.endswith("族自治县"):
        return full.get(f"{name[:2]}县") or full.get(f"{name[:3]}县")
    return full.get(name)


def _home(record: Record) -> _Home | None:
    """Where the department is, by the first unit that names a place; None where nothing says so."""
    units = ((str(unit), [place for *_, place in _mentions(str(unit))]) for unit in record.units)
    unit, named = next((one for one in units if one[1] or _COUNTY.match(one[0])), ("", []))
    county = _COUNTY.match(unit)
    province = named[0].province if named else _province(record) or ""
    if not province and not county:
        return None
    last = named[-1] if named else _Place(province, "省", province)
    own = frozenset((province, *(one.name for one in named)))
    said = province + last.name if last.kind != "省" else province or county[0] if county else province
    return _Home(province, last.city, "县" if county else last.kind, own, said)


def _province(record: Record) -> str | None:
    """The province by the codes of the projects, by the layout, or by most places and document numbers."""
    marks = _data().marks
    codes = {marks.get(str(one[CODE])[:2]) for one in record.projects if CODE in one}
    said = next(iter(codes)) if len(codes) == 1 else None
    if said or (said := record.settings("foreign-place").get("省")):
        return str(said)
    votes = Counter(place.province for line in record.lines for *_, place in _named(line.words))
    numbered = (match["short"] for line in record.lines for match in _NUMBERED.finditer(line.words))
    votes.update(marks[short] for short in numbered if short in marks)
    first, second = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    return first[0] if first[1] >= 3 and first[1] > 3 * second[1] else None


def _is_expected(words: str, start: int, end: int) -> bool:
    """Whether a sentence speaks of dealings with other places, or a clause of a matter that concerns them."""
    data = _data()
    sentence, clause = (
        _around(words, start, stops).replace(words[start:end], "") for stops in ("。；！？", "。；！？，")
    )
    if any(word in sentence for word in data.dealings):
        return True
    return not _ORDERS.match(words, end) and any(word in clause for word in data.matters)


def _around(words: str, at: int, stops: str) -> str:
    """What stands around an offset between two stops, no more than 200 characters to each side."""
    before, behind = words[max(0, at - 200) : at], words[at : at + 200]
    start = max(before.rfind(stop) for stop in stops) + 1
    return before[start:] + behind[: min((end for stop in stops if (end := behind.find(stop)) >= 0), default=200)]


def _is_foreign(place: _Place, home: _Home, line: Line, start: int, end: int) -> bool:
    """Whether a place is certainly not the department's own, nor above or below it, nor a part of another name."""
    words = line.words
    if _data().behind.match(words, end) or words.endswith(
        ("与", "向", "往", "至", "到", "赴", "从", "邻", "接", "距", "临"), 0, start
    ):
        return False
    if home.province and place.province != home.province:
        return True
    subject = _OPENS.search(words[max(0, start - 2) : start]) and "一" <= words[end : end + 1] <= "鿿"
    return _is_beside(place, home) and bool(
        subject
        or _ORGAN.match(words, end)
        or _ORDERS.match(words, end)
        or _data().own.match(words, end)
        or words.endswith((*_data().doing, "《"), 0, start)
        or _FRAME.search(words, max(0, start - 4), end + 4)
        or (not start and line.path[-1] in (TITLE, *UNITS))
    )


def _is_beside(place: _Place, home: _Home) -> bool:
    """Whether a place of the same province is neither above nor below the department's."""
    if "省" in (home.level, place.kind) or not home.province:
        return not home.province and place.kind == "县"
    if home.city and place.city != home.city:
        return bool(place.city)
    return place.kind == home.level and (place.kind == "县" or not home.city)
