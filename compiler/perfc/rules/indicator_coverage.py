"""Level-1 groups that are missing."""

from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.vocabulary import INDICATORS, TITLE, Record

_REQUIRED = "一级指标"


@rule(Severity.ERROR)
def indicator_coverage(record: Record) -> Iterator[Finding]:
    """每张指标表写全版式要求的一级指标。

    缺产出、效益或满意度的绩效目标，财政部门审核时按“指标不完整”退回。
    哪些一级指标必须有，由版式的 rules.yaml 规定（规则.indicator-coverage.一级指标）。涉密项目不写指标表，不在此列。

    依据：《中央部门预算绩效目标管理办法》（财预〔2015〕88号）：绩效指标包括产出指标、效益指标和满意度指标等。

    错误：
        绩效指标:
          产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次}]}
          效益指标: {社会效益指标: [{三级指标: 学员考核通过率, 指标值: ≥90%}]}
    正确：
        绩效指标:
          产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次}]}
          效益指标: {社会效益指标: [{三级指标: 学员考核通过率, 指标值: ≥90%}]}
          满意度指标: {服务对象满意度指标: [{三级指标: 学员满意度, 指标值: ≥90%}]}
    """
    required = record.settings("indicator-coverage").get(_REQUIRED)
    if required is None and record.tables:
        raise Skip("版式没有写哪些一级指标必须有")
    for owner, rows in record.tables:
        written = {row.level1 for row in rows}
        missing = [one for one in required or () if one not in written]
        if missing:
            name = f"“{owner[TITLE]}”的" if TITLE in owner else ""
            yield Finding(
                owner.key_spans[INDICATORS],
                f"{name}绩效指标缺少{'、'.join(missing)}，只有{'、'.join(dict.fromkeys(row.level1 for row in rows))}",
                (Note(f"在绩效指标中补写 {'、'.join(missing)}，至少一行"),),
            )
