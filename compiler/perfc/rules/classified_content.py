"""Secret projects that say more than their public form does."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.vocabulary import CONTENT, TITLE, Record, is_secret, worded

_REDACTED = re.compile("[(（]?(?:因|此项|该项目)?涉密(?:项目|内容|信息|事项)?[，,]?(?:不予公开|不公开|略)?[)）]?")
_SECRET = re.compile("涉密")


@rule(Severity.ERROR)
def classified_content(record: Record) -> Iterator[Finding]:
    """涉密项目公开的内容只有编码、名称、金额和支出计划，其余一律印“涉密”，不能只涉密一部分。

    标明涉密的项目，用途、目标和指标或者不写，或者都写在“涉密内容”下：perfc build 印在内部的文件里，
    perfc build --public 一概不印。写在别处，就可能随公开的文件泄露。
    没有标明涉密、却有的格写“涉密”、有的格写出内容的项目，不是漏了标明，就是漏了遮盖。

    依据：《中华人民共和国保守国家秘密法》。

    错误：
        项目: [{项目名称: 专项补助, 涉密: true, 财政资金: 5.00, 资金用途: 购置专用设备}]
    正确：
        项目: [{项目名称: 专项补助, 涉密: true, 财政资金: 5.00}]
    """
    public = record.settings("classified-content").get("公开")
    hidden = {id(line.text): line.text for line in record.having(_SECRET) if _REDACTED.fullmatch(line.text.strip())}
    for project in record.projects:
        secret = is_secret(project)
        if not secret and not any(record.project(one) is project for one in hidden.values()):
            continue
        if public is None:
            raise Skip("版式没有写涉密项目公开哪些内容")
        cells = list(worded(project))
        redacted = [(path, text) for path, text in cells if id(text) in hidden]
        open_ = [(path, text) for path, text in cells if path[0] not in (*public, CONTENT) and id(text) not in hidden]
        labels = "、".join(dict.fromkeys(path[0] for path, _ in open_))
        if open_ and secret:
            at = project.key_spans[open_[0][0][0]]
            hint = Note(f"删去这些内容，或移到“{CONTENT}”下，只印在内部的文件里")
            yield Finding(
                at,
                f"涉密项目“{project[TITLE]}”还写着{labels}",
                (hint,),
            )
        elif open_ and redacted:
            (hidden_path, hidden_text), (path, text) = redacted[0], open_[0]
            spans = (hidden_text.span, text.span)
            at, other = spans if len(redacted) <= len(open_) else spans[::-1]
            message = f"项目“{project[TITLE]}”只涉密了一部分：{hidden_path[-1]}写“涉密”，{path[-1]}写出了内容"
            hint = Note("整个项目涉密的，写 涉密: true 并删去内容；不涉密的，写出内容")
            yield Finding(at, message, (Note("另一处在这里", other), hint))
