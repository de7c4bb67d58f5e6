"""What is left of a template or of another program: placeholders, instructions, marks."""

import re
from collections.abc import Iterator
from itertools import islice

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule, short
from perfc.vocabulary import NAME, Line, Record

_MOST = 5  # findings in one line: one placeholder leads to the others
_NUMERAL = "〇○零一二三四五六七八九"
_WAIT = "待(?:填写?|补充?|补填|录入|完善|更新|定|核实|确认)"
_X = "[XxＸｘ×]{1,2}"
_UNIT = "[万亿]?元|平方米|公里|人次|场次|[个人次户件项家名亩吨座处台套场期册条辆份所天%％]"
_BLANK = (
    rf"(?<![0-9])(?:19|20)[0-9]?{_X}(?:年(?:{_X}月(?:{_X}日)?)?|(?=[—-])|$)",
    r"(?<![0-9.])(?:19|20)[0-9]?(?:[*＊_＿]{1,4}|[ 　]{2,20})年",
    rf"(?<=年){_X}月(?:{_X}日)?|(?<=月){_X}日|年[ 　_]{{1,20}}月[ 　_]{{1,20}}日",
    r"(?<![A-Za-z0-9*-])[XxＸｘ]{2,}(?![A-Za-z0-9-])|[×✕╳]{2,}|某{2,}|(?<![0-9A-Za-z])[XＸ×](?=[省市县局](?![0-9A-Za-z]))",
    rf"(?<![{_NUMERAL}])[○◯]{{2,}}(?![{_NUMERAL}])|[●△□]{{2,}}|_{{3,}}|＿{{2,}}|[?？]{{2,}}",
    rf"(?<![0-9A-Za-z*＊])(?:[*＊]{{3,}}|＊＊|\*\*(?=[省市县局年月]|{_UNIT}))(?![0-9A-Za-z])",
    rf"(?<![0-9A-Za-z+＋×÷＝=第-])[NnXxＮＸ](?={_UNIT})(?!次方|个[一+＋])|(?:(?<=第)|(?<=附件))[XＸ×](?![A-Za-z0-9])",
    rf"(?<=[一-鿿])(?: {{3,20}}|　{{2,20}}|[_＿…⋯—－-]{{2,20}})(?=(?:{_UNIT})(?:[，。；、）)]|$))",
    "|".join(rf"{one[0]}[ 　_＿]{{0,20}}{one[1]}(?![内中里])" for one in ("（）", "《》", "“”", "【】", "〔〕")),
    r"(?:单击|点击)(?:或点击)?此处|此处?(?:填写|填入|输入|插入)|待(?:填写|补填|录入)(?![一-鿿])",
    r"(?<=[。；])[…⋯]{1,4}|(?<=[：:])[…⋯]{1,4}(?=[，。；]|$)",
    r"(?<![A-Za-z])(?:TODO|TBD|FIXME)(?![A-Za-z])|\$?\{[^{}]{1,40}\}|｛[^｛｝]{1,40}｝|«[^«»]{1,40}»",
)
_MACHINE = (
    r"错误[!！] ?(?:未找到引用源|未定义书签|未指定书签|超链接引用无效)",
    r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!)|#{4,}",
    r"</?(?:br|p|b|i|u|div|span|font|strong|em|table|t[drh]|li|ul|ol)(?: [^<>]{0,80})? ?/?>",
    r"&(?:nbsp|amp|lt|gt|quot|[lr]dquo);",
)
_MARKDOWN = (
    r"(?<!\*)\*\*(?=[\w“《（])(?![等和与及])[^*]{1,200}\*\*(?!\*)|^#{1,6} +(?=\S)|```",
    r"`[^`]{1,80}`|~~[^~]{1,80}~~|!?\[[^\[\]]{0,80}\]\((?:https?:|\.{0,2}/)[^()]{1,200}\)",
    r"^\|.{0,400}\|$|^(?:-{3,}|\*{3,}|={3,})$|\[[ xX]?\]",
)
_RESIDUE = re.compile(
    f"(?P<markdown>{'|'.join(_MARKDOWN)})|(?P<machine>{'|'.join(_MACHINE)})|(?P<blank>{'|'.join(_BLANK)})"
    r"|(?P<sample>(?:^|(?<=[。；]))(?:示例|样例|范例)[：:])"
    r"|(?P<boxes>[☐□] ?[一-鿿](?:[^☐□]{0,20}[☐□] ?[一-鿿]){1,9})"
    r"|[（(【\[［](?=(?P<inner>[^（()）【】\[\]［］]{1,80})[）)】\]］])"
)
# What a residue begins with; common characters only where what makes it one follows.
_FIRST = r"12XxＸｘNnＮ×✕╳某○◯●△□☐_＿?？年单点此待示样范TF$«错#<&*＊`~!|=…⋯—－{｛ 　\[［（(【《“〔-"
_SO = (
    r"(?<![\n.。12年某示样范《“〔])|(?<=[12])[09][0-9]?(?=[XxＸｘ×*＊_＿ 　])"
    "|(?<=[《“〔])(?=[ 　_＿》”〕])|(?<=年)(?=[ 　_])|(?<=某)(?=某)|(?<=[示样范])(?=例)"
)
_START = re.compile(f"[{_FIRST}](?:{_SO})")
_TICKED = re.compile("[☑☒■√✓✔]")
# 1+N, 1个中心、N个站点, and letters of a formula.
_SEVERAL = re.compile("[1一][+＋个]|[+＋=＝×÷]|“[^”]*$")
_SAME = re.compile("[（(]?(?:同[上前左]|见[上前]|如上)[）)]?[。.]?")
_ONE = "厅|局|委|办|部|院|处|科|股|所|站|中心|单位|部门|机关|省|市|县|区|旗|州|盟|自治区|乡|镇|街道|是|否|有|无"
_INSTRUCTION = re.compile(
    "|".join(
        (
            rf"(?:{_ONE})(?:[/／](?:{_ONE}))+$",
            r"(?!.*[篇份稿每]).*(?:[0-9]{2,5}字(?:以内|以下|之内|左右|内)|(?:限|不超过|不少于|控制在)[0-9]{2,5}字)[。，]?$",
            rf"{_WAIT}$|(?:单位|部门|项目|地区)(?:全称|名称)$|(?:示例|样例|范例|仅供参考)(?:$|[：:，,])",
            r"列[出举示](?!.*[的了]).{1,20}(?:名称|全称|情况|内容|数量|金额|单位|机构|项目|指标|依据)$",
            r"请(?:替换|更换|填|在此|在本|按(?![时期])|说明|注明|列|简|详细|根据|附|选择|勾|删|写|输入|补充|自行|逐|如实|据实|对照|概括)",
            r"(?:此处|此栏|本栏)(?!理)|填写(?![人的完后《]|单位|日期|时间|.{0,12}[表书单])",
            r"(?:简要|简单|详细|具体|逐[项条])(?:说明|描述|介绍|概括|概述|阐述|填写|列[出明示举])(?:$|(?!见|详|如下|附).{2})",
            r"(?:简述|概述|阐述).{2}|(?:可|请)?自行(?:增减|增加|添加|删减)|可?(?:另附页|另加页|加行)|(?:可|用后|定稿时)删除?$",
            r"[如若](?:有|无|涉及|适用|需要?)(?:$|[，,]?(?:请|可不?填|则?填|不填|略|删))|(?:必|选|可选|不必|免)填$",
            r"(?!.*(?:申请|登记|《)).*(?:[可应须需不]|据实|如实|没有的?|如无)填(?:写|列|[0零无“])",
        )
    )
)
_WHOLE = re.compile(
    r"(?:指标|目标|任务|项目|问题|成绩|措施|内容|事项)(?:名称|内容|值)? ?"
    rf"(?:[0-9０-９]{{1,2}}|[一二三四五六七八九十NnXx])[：:、.…]{{0,4}}|{_WAIT}|请(?:填写|输入|选择).{{0,20}}"
)
_DOTS = re.compile(r"(?:[^。，；…]{0,8}[：:.．、）)])?(?:[…⋯]{1,4}|\.{3,6}|。{2,6})")
_PREFIX = re.compile("指标[0-9]{1,2}[：:](?=.)")
_LIKELY = re.compile(
    rf"[\n.。{_FIRST}](?:{_SO}|(?<=\n)(?:(?:{_WHOLE.pattern}|{_SAME.pattern})$|{_PREFIX.pattern})"
    r"|(?<=\.)(?=\.\.)|(?<=。)(?=。))",
    re.MULTILINE,
)
_PRINTED = ("说明", "填表说明", "填报说明", "注")  # the form's own notes, which do instruct
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范石廖贾"
    "夏韦付白邹孟熊秦邱尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤"
)
_THING = re.compile(
    "[省市县区乡镇村局厅委办部院处科所站年月日元万亿个人次件户%％级]|街道|中心|单位|公司|企业|学校|项目|工程"
)
_EXPLAINS = re.compile("[省市县区乡镇][（(].{1,3}[/／]")
_SAYS = {
    "blank": ("是没有填写的占位符", "换成实际内容"),
    "machine": ("是其他程序留下的记号", "删去，或换成实际内容"),
    "markdown": ("是 Markdown 记号，会照样印出", "删去记号"),
    "boxes": ("都没有选", "在选定的一项前打√，或只写这一项"),
    "sample": ("是模板中的例子", "换成实际内容，或删去"),
    "inner": ("是模板中的选项或填写说明", "换成实际内容，或删去"),
}


@rule(Severity.ERROR)
def template_residue(record: Record) -> Iterator[Finding]:
    """文中不留模板的占位符、填写说明，也不留其他程序的记号。

    XX、××、某某、N个、***、（）、（厅/局）、（100字以内）、待填写、“指标2”、都没有选的方框、单独的省略号等，说明这一处还没有填写，
    或是从模板、别的单位的文件中带来的；“同上”在逐行导入系统以后没有意义；**、#、<br>、“错误！未找到引用源”等，是
    Markdown、网页、Word、Excel 留下的。公开之后最容易被看到。
    隐去的姓名（李某、李某某）不算。

    错误：
        财政部门: 长青县财政(厅/局)
        总体绩效目标: 负责接听**12348**法律援助热线，全年服务XX人次。
    正确：
        财政部门: 长青县财政局
        总体绩效目标: 负责接听12348法律援助热线，全年服务3000人次，对李某某给予救助。
    """
    for line in record.having(_LIKELY):
        yield from islice(_found(line), _MOST)


def _found(line: Line) -> Iterator[Finding]:
    words, whole = line.words, len(line.words) == len(line.text.strip())
    if _DOTS.fullmatch(words) or (whole and _WHOLE.fullmatch(words)):
        yield _finding(line, 0, len(words), "blank")
        return
    last = 0
    for begin in _START.finditer(words):
        start = begin.start()
        match = _RESIDUE.match(words, start) if start >= last else None
        if match is None:
            continue
        kind = match.lastgroup or ""
        end = match.end("inner") + 1 if kind == "inner" else match.end()
        if not _is_meant(line, match, kind):
            yield _finding(line, start, end, kind)
            last = end
    if whole and _SAME.fullmatch(words):
        yield Finding(line.span, f"“{words}”没有写出内容", (Note("每一处都写全，不用“同上”"),), Severity.WARNING)
    if whole and line.path[-1:] == (NAME,) and (typed := _PREFIX.match(words)):
        end = typed.end()
        edits = line.edit(0, end + 1, words[end])
        yield Finding(line.at(0, end), f"“{typed.group()}”是模板的序号", (Note("删去序号"),), Severity.INFO, edits)


def _finding(line: Line, start: int, end: int, kind: str) -> Finding:
    words = line.words[start:end]
    around = 4 if kind == "blank" and len(words.strip()) < 2 else 0
    quoted = short(line.words[max(0, start - around) : end + around])
    says, hint = _SAYS[kind]
    bold = kind == "markdown" and words.startswith("**")
    edits = line.edit(start, end, words[2:-2]) if bold else ()
    return Finding(line.at(start, end), f"“{quoted}”{says}", (Note(hint),), edits=edits)


def _is_meant(line: Line, match: re.Match[str], kind: str) -> bool:
    """Whether what looks like a residue is none: the form's own note, a ticked box, a name kept back, 1+N."""
    words, start, end = line.words, match.start(), match.end()
    if kind == "inner":
        return not (_INSTRUCTION.match(match["inner"]) and _is_left(line, start))
    if kind == "boxes":
        return bool(_TICKED.search(line.text))
    if kind == "blank" and match.group() in "NnXxＮＸ":
        return bool(_SEVERAL.search(words, max(0, start - 20), start))
    if kind == "blank" and words[start] in "…⋯":
        return words.rfind("“", 0, start) > words.rfind("”", 0, start)
    return kind == "blank" and start > 0 and words[start - 1] in _SURNAMES and not _THING.match(words, end)


def _is_left(line: Line, start: int) -> bool:
    """Whether an instruction was left behind, not the form's own note, nor one for the word ahead: 各县（市/区）."""
    printed = line.path[-1:] and line.path[-1] in _PRINTED
    explains = _EXPLAINS.match(line.words, max(0, start - 1))
    return not (printed or explains or line.words.startswith(_PRINTED))
