"""`perfc next`: what is carried over, what is left to fill in, and whether it still agrees with where it came from."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import EXAMPLES, LAYOUTS, ROOT, TESTS
from hypothesis import given
from hypothesis import strategies as st
from perfc import forms
from perfc.compile import compile_spec, understand
from perfc.diagnostic import Diagnostic, Severity
from perfc.following import follow, scalar
from perfc.load import Map, Number, load
from perfc.origins import differing
from perfc.policy import Policy
from perfc.source import Source, Sources
from test_cli import perfc, write

SEED = ROOT / "specs/hebei/lulong-justice/2024/budget-performance.yaml"
EXAMPLE = ROOT / "templates/hebei/budget-performance/2024/example.yaml"
NATIONAL = "national/project-self-evaluation/2020"
SICHUAN = "sichuan/project-self-evaluation/2025"
MONITORING = "national/monitoring/2019"
PAIRS = [
    ("hebei/budget-performance/2024", MONITORING),
    ("hebei/budget-performance/2024", NATIONAL),
    ("hebei/budget-performance/2024", SICHUAN),
    ("national/project-targets/2015", MONITORING),
    ("national/project-targets/2015", NATIONAL),
    ("national/project-targets/2015", SICHUAN),
    ("national/department-targets/2015", "hunan/self-evaluation/2022"),
    ("national/monitoring/2019", NATIONAL),
    ("sichuan/project-self-evaluation/2025", NATIONAL),
]


def following(spec: Path, name: str, folder: Path) -> str:
    text, found = follow(spec.as_posix(), name, LAYOUTS, folder)
    assert text is not None, [one.message for one in found]
    return text


def filled(text: str) -> str:
    """A self-evaluation in which all that was planned was done and spent, with 100 points for each project."""
    done = []
    for project in re.split(r"(?=^  - )", text, flags=re.MULTILINE):
        rows = project.count("三级指标:")
        target = planned = ""
        number = 0
        for line in project.split("\n"):
            if found := re.fullmatch(r"\s+年度指标值: (.*)", line):
                target, number = found[1], number + 1
            if found := re.fullmatch(r"\s+年初预算数: (.*)", line):
                planned = found[1]
            points = "10" if not number else f"{90 - 90 // rows * (rows - 1) if number == rows else 90 // rows}"
            key = line.partition(":")[0].strip(" -")
            result = {"分值": points, "得分": points, "实际完成值": target.lstrip("≥≤"), "实际完成情况": "全部完成。"}
            result |= {"全年预算数": planned or "0", "全年执行数": planned or "0", "实施单位": "卢龙县司法局"}
            done.append(re.sub(r" +# 填写.*", f" {result[key]}" if key in result else "", line))
            if line.strip().startswith("上年结转资金"):
                planned = "0"
    return "\n".join(done)


def _loaded(path: Path) -> tuple[Map, Sources]:
    sources = Sources()
    spec, found = load(path.as_posix(), sources)
    assert not found
    return spec, sources


def warnings(spec: Path, rule: str, *, waivers: bool = True) -> list[Diagnostic]:
    found = compile_spec(spec.as_posix(), Sources(), LAYOUTS, Policy(waivers=waivers)).diagnostics
    return [one for one in found if one.rule == rule]


@pytest.mark.parametrize(("name", "target"), PAIRS, ids=lambda one: one.replace("/", "-"))
def test_everything_is_known_to_the_target(name: str, target: str, tmp_path: Path) -> None:
    text = following(ROOT / f"templates/{name}/example.yaml", target, tmp_path)
    path = write(tmp_path / "x.yaml", text)
    spec, found = load(path.as_posix(), Sources())
    assert not found
    _, found = understand(path.as_posix(), Sources(), LAYOUTS)
    wrong = [
        one.message
        for one in found
        if one.rule == "schema" and not re.search("没有填写|缺少|项数不能少于", one.message)
    ]
    assert not wrong
    assert "# perfc: from " in text
    assert spec["版式"] == target
    assert not [one.message for one in differing(*_loaded(path))]


def test_a_goal_becomes_a_self_evaluation(tmp_path: Path) -> None:
    text = following(SEED, NATIONAL, tmp_path)
    spec, _ = load(write(tmp_path / "x.yaml", text).as_posix(), Sources())
    assert (spec["年度"], spec["部门"], len(spec["项目"])) == (2024, "卢龙县司法局", 11)
    aid = spec["项目"][1]
    assert str(aid["当年财政拨款"]["年初预算数"]) == "2.50"
    assert aid["绩效指标"]["产出指标"]["数量指标"][0] == {"三级指标": "法律援助办案数", "年度指标值": "≥200件"}
    assert "实际完成值:   # 填写\n" in text
    assert "资金用途" not in text


def test_filled_in_it_compiles(tmp_path: Path) -> None:
    path = write(tmp_path / "x.yaml", filled(following(SEED, NATIONAL, tmp_path)))
    result = compile_spec(path.as_posix(), Sources(), LAYOUTS)
    errors = [one for one in result.diagnostics if one.severity is Severity.ERROR]
    assert not [(one.rule, one.message) for one in errors]
    assert result.docx
    assert not [one for one in result.diagnostics if one.rule == "differs-from-goal"]


CHANGES = {
    "a target": ("年度指标值: ≥200件", "年度指标值: ≥180件", "“法律援助办案数”的值“≥180件”与目标“≥200件”不同"),
    "a name": ("三级指标: 法律援助办案数", "三级指标: 办案数", "指标“办案数”在目标中是“法律援助办案数”"),
    "a sign": ("年度指标值: ≥200件", "年度指标值: ≤200件", "“法律援助办案数”的值“≤200件”与目标“≥200件”不同"),
    "a project": ("项目名称: 法律援助\n", "项目名称: 法律救助\n", "项目名称“法律救助”与目标中的“法律援助”不同"),
}


@pytest.mark.parametrize(("before", "after", "message"), CHANGES.values(), ids=list(CHANGES))
def test_what_was_changed_is_found(tmp_path: Path, before: str, after: str, message: str) -> None:
    text = filled(following(SEED, NATIONAL, tmp_path))
    assert before in text
    (one,) = warnings(write(tmp_path / "x.yaml", text.replace(before, after, 1)), "differs-from-goal")
    assert (one.message, one.severity) == (message, Severity.WARNING)
    goal = one.notes[0].span
    assert goal.file.endswith("projects/02-legal-aid.yaml")
    reason = text.replace(
        before, after.rstrip("\n") + "  # perfc: allow differs-from-goal 批准调整" + "\n" * after.count("\n"), 1
    )
    assert not warnings(write(tmp_path / "x.yaml", reason), "differs-from-goal")
    assert len(warnings(tmp_path / "x.yaml", "differs-from-goal", waivers=False)) == 1


def test_a_row_left_out_or_added_is_found(tmp_path: Path) -> None:
    text = filled(following(SEED, NATIONAL, tmp_path))
    row = re.search(r"( +)- 三级指标: 法律援助办案数\n(?:\1  .*\n)+", text)[0]
    added = text.replace(row, row + row.replace("法律援助办案数", "咨询人次"))
    assert "目标中没有“咨询人次”这项指标" in [
        one.message for one in warnings(write(tmp_path / "x.yaml", added), "differs-from-goal")
    ]
    gone = text.replace(row.strip(), row.strip().replace("法律援助办案数", "受援人满意度"), 1)
    assert warnings(write(tmp_path / "x.yaml", gone), "differs-from-goal")


GOAL = "绩效指标: {{产出指标: {{数量指标: [{{三级指标: 甲, 指标值: {}, 分值: {}}}]}}}}\n"


@pytest.mark.parametrize(
    ("goal", "now", "differs"),
    [
        (("≥200件", 10), ("≥ 200 件", 10), False),
        (("不少于200件", 10), ("≥200件", 10), False),
        (("4.50万元", 10), ("≤45000元", 10), False),
        (("≥200件", 10), ("≥200份", 10), True),
        (("≥95%", 10), ("≥90%", 10), True),
        (("及时", 10), ("按时", 10), True),
        (("≥95%", 10), ("≥95%", 5), True),
        (("约200件", 10), ("200件", 10), True),
    ],
)
def test_what_counts_as_different(goal: tuple, now: tuple, differs: bool) -> None:
    sources = Sources(
        {
            "a/goal.yaml": Source("a/goal.yaml", GOAL.format(*goal)),
            "b/x.yaml": Source("b/x.yaml", "# perfc: from ../a/goal.yaml\n" + GOAL.format(*now)),
        }
    )
    spec, _ = load("b/x.yaml", sources)
    assert bool(list(differing(spec, sources))) == differs


@pytest.mark.parametrize("path", ["gone.yaml", "/etc/passwd", "C:\\x.yaml"])
def test_an_origin_that_is_not_there(tmp_path: Path, path: str) -> None:
    example = (ROOT / f"templates/{NATIONAL}/example.yaml").read_text("utf-8")
    spec = write(tmp_path / "x.yaml", f"# perfc: from {path}\n{example}")
    assert len(warnings(spec, "differs-from-goal")) == 1
    assert not warnings(spec, "waiver")
    assert len(warnings(write(tmp_path / "y.yaml", f"# perfc: from\n{example}"), "waiver")) == 1


def test_the_three_columns(tmp_path: Path) -> None:
    spec, _ = load(write(tmp_path / "x.yaml", following(SEED, SICHUAN, tmp_path)).as_posix(), Sources())
    outputs = spec["项目"][1]["绩效指标"]["产出指标"]
    assert outputs["数量指标"][0] == {
        "三级指标": "法律援助办案数",
        "指标性质": "≥",
        "指标值": Decimal(200),
        "度量单位": "件",
    }
    assert outputs["时效指标"][0] == {"三级指标": "完成进度", "指标性质": "定性", "指标值": "2024年全年"}
    assert outputs["成本指标"][0] == {"三级指标": "标准执行", "指标值": Decimal(25000), "度量单位": "元"}
    back = following(ROOT / f"templates/{SICHUAN}/example.yaml", NATIONAL, tmp_path)
    assert "年度指标值: ≥42公里\n" in back
    found = warnings(write(tmp_path / "y.yaml", re.sub(r" +# 填写.*", "", back)), "differs-from-goal")
    assert not found


def test_what_is_secret_is_left_out(tmp_path: Path) -> None:
    text = following(EXAMPLE, NATIONAL, tmp_path)
    assert "# 没有列入“专项补助”：涉密" in text
    assert "5.00" not in text
    assert "涉密: true" in following(EXAMPLE, "hebei/budget-performance/2024", tmp_path)


def test_the_next_year(tmp_path: Path) -> None:
    text = following(EXAMPLE, "hebei/budget-performance/2024", tmp_path)
    path = write(tmp_path / "x.yaml", text)
    assert "财政资金: 18.00  # perfc: review 沿用2024年\n" in text
    assert "# perfc: from" not in text
    spec, _ = load(path.as_posix(), Sources())
    before, _ = load(EXAMPLE.as_posix(), Sources())
    assert spec["年度"] == 2025
    assert {**spec, "年度": 2024} == before
    found = warnings(path, "carried-over")
    assert len(found) == text.count("# perfc: review")
    assert {one.severity for one in found} == {Severity.WARNING}
    assert found[0].message == "沿用2024年，还没有核对"
    assert warnings(path, "carried-over", waivers=False) == found
    reviewed = write(tmp_path / "y.yaml", text.replace("  # perfc: review 沿用2024年", ""))
    assert not warnings(reviewed, "carried-over")
    assert not warnings(reviewed, "waiver")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.relative_to(ROOT / "templates").as_posix())
def test_every_layout_has_a_next_year(path: Path, tmp_path: Path) -> None:
    name = path.parent.relative_to(ROOT / "templates").as_posix()
    spec, found = load(write(tmp_path / "x.yaml", following(path, name, tmp_path)).as_posix(), Sources())
    before, _ = load(path.as_posix(), Sources())
    assert not found
    assert spec["年度"] == before["年度"] + 1
    assert not [one for one in _leaves(spec) if one not in _leaves(before) and one != str(spec["年度"])]


def _leaves(value) -> set[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return {str(value)} if inner is None else {leaf for one in inner for leaf in _leaves(one)}


def test_a_review_waives_nothing(tmp_path: Path) -> None:
    example = EXAMPLE.read_text("utf-8").replace("≥24场", "不少于24场  # perfc: review value-in-words 沿用")
    assert len(warnings(write(tmp_path / "x.yaml", example), "value-in-words")) == 1


def test_references_are_filled_in_for_another_layout(tmp_path: Path) -> None:
    text = EXAMPLE.read_text("utf-8").replace("参与群众逐年增加。", "'经费{{ 财政资金 }}万元。'".strip("'"))
    spec = write(tmp_path / "x.yaml", text)
    assert "经费18.00万元" in following(spec, NATIONAL, tmp_path)
    assert "经费{{ 财政资金 }}万元" in following(spec, "hebei/budget-performance/2024", tmp_path)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t'\"#:-{}[]&*!|>%@`?, "), min_size=1)
)
def test_any_text_is_read_back(text: str) -> None:
    after = "" if "\n" in text else "  # c"
    source = f"a:\n  b: {scalar(text, 4)}{after}\n"
    spec, found = load("x.yaml", Sources({"x.yaml": Source("x.yaml", source)}))
    assert not [one for one in found if one.rule != "control-character"], source
    assert found or spec["a"].get("b") == text


@pytest.mark.parametrize("written", ["4.50", "0", "-3", "100000000000000000"])
def test_numbers_stay_as_they_are_written(written: str) -> None:
    assert scalar(Number(written), 0) == written
    assert scalar(written, 0) == f"'{written}'"


def test_forms_resolve_what_schemas_refer_to() -> None:
    form = forms.read(NATIONAL, LAYOUTS)
    project = form.at("项目").items
    assert {"年度资金总额", "实际完成情况"} <= project.required
    row = project.at("绩效指标").at("产出指标").at("数量指标").items
    assert {"三级指标", "年度指标值"} <= row.required
    assert project.at("绩效指标").at("产出指标").at("别的指标").items.required == row.required
    assert project.at("不知道") is None


def test_the_command(tmp_path: Path) -> None:
    write(tmp_path / "specs/2024/goal.yaml", EXAMPLE.read_text("utf-8"))
    run = perfc(tmp_path, "next", "specs/2024/goal.yaml", NATIONAL, "-o", "specs/2025/x.yaml")
    assert (run.returncode, run.stdout) == (0, "已写好 specs/2025/x.yaml\n")
    text = (tmp_path / "specs/2025/x.yaml").read_text("utf-8")
    assert text.split("\n")[1] == "# perfc: from ../2024/goal.yaml"
    run = perfc(tmp_path, "next", "specs/2024/goal.yaml", NATIONAL, "-o", "specs/2025/x.yaml")
    assert (run.returncode, "已经存在" in run.stderr) == (2, True)
    assert (tmp_path / "specs/2025/x.yaml").read_text("utf-8") == text
    run = perfc(tmp_path, "next", "specs/2024/goal.yaml", "national/monitoring/2019")
    assert run.stdout.startswith("# 项目支出绩效目标执行监控表")
    assert perfc(tmp_path, "next", "specs/2024/goal.yaml", "national/monitor/2019").returncode == 2
    write(tmp_path / "bad.yaml", "版式: hebei/budget-performance/2024\n")
    run = perfc(tmp_path, "next", "bad.yaml", NATIONAL, "-o", "y.yaml")
    assert (run.returncode, "错误[schema]" in run.stderr, (tmp_path / "y.yaml").exists()) == (1, True, False)


def test_amounts_in_another_unit_are_not_carried(tmp_path: Path) -> None:
    for name, unit in (("a", "万元"), ("b", "元")):
        shutil.copytree(TESTS / "layouts/test/notice", tmp_path / f"t/{name}")
        write(tmp_path / f"t/{name}/rules.yaml", f"金额单位: {unit}\n")
        write(tmp_path / f"t/{name}/example.yaml", f"版式: {name}\n标题: 通知\n金额: {{财政资金: 1}}\n")
    write(tmp_path / "x.yaml", "版式: a\n年度: 2024\n标题: 通知\n金额: {财政资金: 4.00, 其他资金: 0.50}\n")
    text, found = follow((tmp_path / "x.yaml").as_posix(), "b", (tmp_path / "t", *LAYOUTS), tmp_path)
    assert text, found
    assert "财政资金:   # 填写：原为 4.00 万元，这里用元\n" in text


def test_the_next_year_of_several_layouts(tmp_path: Path) -> None:
    text = (ROOT / f"templates/{NATIONAL}/example.yaml").read_text("utf-8")
    path = write(tmp_path / "x.yaml", text.replace(f"版式: {NATIONAL}", f"版式: [{NATIONAL}, {MONITORING}]"))
    spec, _ = load(write(tmp_path / "y.yaml", following(path, NATIONAL, tmp_path)).as_posix(), Sources())
    assert spec["版式"] == [NATIONAL, MONITORING]


def test_a_spec_without_a_year(tmp_path: Path) -> None:
    path = write(tmp_path / "x.yaml", "版式: test/notice\n标题: 通知\n金额: {财政资金: 4.00}\n")
    text = following(path, "test/notice", tmp_path)
    assert "财政资金: 4.00  # perfc: review 沿用上年\n" in text
    assert "年度" not in text


def test_a_goal_that_changes_is_seen_by_the_next_build(tmp_path: Path) -> None:
    goal = write(tmp_path / "specs/goal.yaml", EXAMPLE.read_text("utf-8"))
    shown = (ROOT / f"templates/{NATIONAL}/example.yaml").read_text("utf-8")
    write(
        tmp_path / "specs/x.yaml", f"# perfc: from goal.yaml\n{shown}".replace("农村饮水工程维修养护", "免费开放经费")
    )
    assert "警告[differs-from-goal]" in perfc(tmp_path, "build").stderr
    write(goal, f"版式: {NATIONAL}\n{shown.partition(NATIONAL)[2]}".replace("农村饮水工程维修养护", "免费开放经费"))
    assert "differs-from-goal" not in perfc(tmp_path, "build", "specs/x.yaml").stderr
    assert "1 份没有变化" in perfc(tmp_path, "build", "specs/x.yaml").stderr
    goal.write_text(goal.read_text("utf-8").replace("≥36处", "≥40处"), "utf-8")
    assert "警告[differs-from-goal]" in perfc(tmp_path, "build", "specs/x.yaml").stderr
