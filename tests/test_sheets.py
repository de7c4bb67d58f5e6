"""`perfc build --xlsx`: what a program that imports the workbook reads in it."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import EXAMPLES, LAYOUTS, ROOT
from hypothesis import given
from hypothesis import strategies as st
from perfc.load import load
from perfc.seal import intact
from perfc.sheets import save, sheet_names, split, workbook
from perfc.source import Source, Sources
from perfc.specs import Spec
from perfc.vocabulary import Record
from test_cli import perfc, write

HEAD = ["一级指标", "二级指标", "三级指标", "计算符号", "指标值", "计量单位", "权重", "备注"]
SEED = ROOT / "specs/hebei/lulong-justice/2024/budget-performance.yaml"
PROJECT = """版式: national/monitoring/2019
年度: 2025
部门: 柳河县农业农村局
项目:
  - 项目名称: {name}
    年度总体目标: 管护
    绩效指标:
      产出指标:
        数量指标:
          - 三级指标: {indicator}
            年度指标值: {value}
            1-7月执行情况: 1
            全年预计完成情况: 2
            完成目标可能性: 确定能
"""


def cells(content: bytes) -> dict[str, list[list]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def made(path: Path, name: str = "甲", indicator: str = "乙", value: str = "≥1件") -> bytes:
    quoted = {key: f"'{one}'" for key, one in {"name": name, "indicator": indicator, "value": value}.items()}
    write(path, PROJECT.format(**quoted))
    content = workbook(LAYOUTS, path.as_posix())
    assert content
    return content


def test_the_seed() -> None:
    content = workbook(LAYOUTS, SEED.as_posix())
    sheets = cells(content)
    assert len(sheets) == 11  # three of the fourteen projects are secret
    assert sheets["法律援助"][:2] == [HEAD, ["产出指标", "数量指标", "法律援助办案数", "≥", 200, "件", None, None]]
    assert ["产出指标", "时效指标", "完成进度", None, "2024年全年", None, None, None] in sheets["法律援助"]
    assert ["产出指标", "质量指标", "提高法律援助质量", "定性", "法律援助服务行业标准", None, None, None] in sheets[
        "法律援助"
    ]
    assert intact(content)


def test_same_spec_same_bytes(monkeypatch) -> None:
    first = workbook(LAYOUTS, SEED.as_posix())
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert workbook(LAYOUTS, SEED.as_posix()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.relative_to(ROOT / "templates").as_posix())
def test_every_layout(path: Path) -> None:
    for rows in cells(workbook(LAYOUTS, path.as_posix())).values():
        assert rows[0] == HEAD
        assert all(one[0] and one[1] and one[2] for one in rows[1:])


def test_the_three_columns_of_a_spec_are_kept() -> None:
    rows = cells(workbook(LAYOUTS, (ROOT / "templates/sichuan/project-self-evaluation/2025/example.yaml").as_posix()))
    assert ["产出指标", "数量指标", "维护防火通道", "≥", 42, "公里", 15, None] in rows["森林草原防火"]
    assert ["效益指标", "生态效益指标", "火灾受害率", "≤", 0.9, "‰", 10, None] in rows["森林草原防火"]


VALUES = {
    "指标值: ≥200件": ("≥", "200", "件"),
    "指标值: 不少于12.50万元": ("≥", "12.50", "万元"),
    "指标值: 95%以上": ("≥", "95", "%"),
    "指标值: ≤9000㎡": ("≤", "9000", "平方米"),
    "指标值: 25000元": ("", "25000", "元"),
    "指标值: 3-5人": ("", "3-5人", ""),
    "指标值: 2024年12月底前": ("", "2024年12月底前", ""),
    "指标值: 及时": ("定性", "及时", ""),
    "指标值: 98": ("", "98", ""),
    "{计算符号: '>=', 指标值: 98, 计量单位: '%'}": ("≥", "98", "%"),
    "{指标性质: ≥, 指标值: 良好}": ("≥", "良好", ""),
    "{指标性质: 定性, 指标值: 90, 度量单位: 分}": ("定性", "90", "分"),
    "{指标性质: ≥}": ("≥", None, ""),
}


@pytest.mark.parametrize(("row", "expected"), VALUES.items(), ids=list(VALUES))
def test_values_in_three_columns(row: str, expected: tuple) -> None:
    row = row if row.startswith("{") else f"{{{row}}}"
    sources = Sources({"x.yaml": Source("x.yaml", f"绩效指标: {{产出指标: {{数量指标: [{row}]}}}}\n")})
    spec, found = load("x.yaml", sources)
    assert not found
    sign, value, unit = split(Record(spec, sources).indicators[0])
    assert (sign, None if value is None else str(value), unit) == expected


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+1件", "-件", "@SUM(A1)", "＝HYPERLINK(1)", " =2", "%0"]
)
def test_no_cell_is_computed(tmp_path: Path, text: str) -> None:
    content = made(tmp_path / "x.yaml", indicator=text.replace("'", "''"), value=f"{text} 良好".replace("'", "''"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    for cell in (sheet.cell(2, 3), sheet.cell(2, 5)):
        if not isinstance(cell.value, int):
            assert (cell.data_type, cell.quotePrefix) == ("s", True)
            assert cell.value.startswith(text)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_texts_are_kept_as_they_are(tmp_path: Path) -> None:
    for text in ("_x0041_", "http://a.b/c", "  两侧  ", "<b>&amp;</b>", "😀𠮷", "'单"):
        (_, row) = cells(made(tmp_path / "x.yaml", indicator=text.replace("'", "''")))["甲"]
        assert row[2] == text


def test_a_number_that_excel_cannot_hold_is_text(tmp_path: Path) -> None:
    (_, row) = cells(made(tmp_path / "x.yaml", value="≥123456789012345.67元"))["甲"]
    assert row[3:6] == ["≥", "123456789012345.67", "元"]


def test_what_the_number_leaves_out_is_remarked(tmp_path: Path) -> None:
    (_, row) = cells(made(tmp_path / "x.yaml", value="每年≥200件，全部归档"))["甲"]
    assert row[3:] == ["≥", 200, "件", None, "每年≥200件，全部归档"]


def test_what_is_secret_stays_so(tmp_path: Path) -> None:
    write(tmp_path / "x.yaml", (ROOT / "templates/hebei/budget-performance/2024/example.yaml").read_text("utf-8"))
    spec = (tmp_path / "x.yaml").as_posix()
    assert list(cells(workbook(LAYOUTS, spec))) == ["免费开放经费", "专项补助"]
    assert list(cells(workbook(LAYOUTS, spec, public=True))) == ["免费开放经费"]


NAMES = [
    ("冀政法[2023]49号", "冀政法〔2023〕49号"),
    ("a/b\\c:d*e?", "a_b_c_d_e"),
    ("'引号'", "引号"),
    ("History", "History_"),
    ("???", "_"),
    ("甲" * 40, "甲" * 31),
    ("😀" * 20, "😀" * 15),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_names_of_worksheets(name: str, expected: str) -> None:
    assert list(sheet_names([name])) == [expected]


def test_names_of_worksheets_differ() -> None:
    assert list(sheet_names(["甲", "甲", "ab", "AB", "长" * 40, "长" * 41])) == [
        *("甲", "甲(2)", "ab", "AB(2)"),
        *("长" * 31, "长" * 28 + "(2)"),
    ]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=9))
def test_excel_takes_any_name(names: list[str]) -> None:
    made = list(sheet_names(names))
    assert len({one.casefold() for one in made}) == len(names)
    for one in made:
        assert 0 < len(one.encode("utf-16-le")) <= 62
        assert not set(one) & set("[]:*?/\\")
        assert one[0] != "'" != one[-1]


def test_hostile_names_of_projects(tmp_path: Path) -> None:
    for name in ("=1+1", "a:b[c]", "'", "history", "甲" * 50):
        assert len(cells(made(tmp_path / "x.yaml", name=name.replace("'", "''")))) == 1


def test_a_changed_workbook_is_not_overwritten(tmp_path: Path) -> None:
    content, path = made(tmp_path / "x.yaml"), tmp_path / "x.xlsx"
    spec = Spec((tmp_path / "x.yaml").as_posix(), Path())
    assert save(content, path, spec, force=False) == (True, None)
    assert save(content, path, spec, force=False) == (False, None)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["H2"] = "手写"
    book.save(path)
    done, wrong = save(content, path, spec, force=False)
    assert (done, wrong.rule) == (False, "changed-by-hand")
    assert save(content, path, spec, force=True) == (True, None)


def test_the_command(tmp_path: Path) -> None:
    example = ROOT / "templates/national/monitoring/2019/example.yaml"
    write(tmp_path / "specs/a/x.yaml", example.read_bytes())
    write(tmp_path / "specs/a/y.yaml", "版式: national/monitoring/2019\n")
    assert perfc(tmp_path, "build", "specs/a/x.yaml").returncode == 0
    run = perfc(tmp_path, "build", "specs/a/x.yaml", "--xlsx")
    (book,) = (tmp_path / "output").glob("*.xlsx")
    assert run.stdout == f"已生成 output/{book.name}\n"
    assert book.with_suffix(".docx").exists()
    assert perfc(tmp_path, "build", "specs/a/x.yaml", "--xlsx").stdout == ""
    book.write_bytes(b"by hand")
    run = perfc(tmp_path, "build", "specs/a/x.yaml", "--xlsx")
    assert (run.returncode, "错误[changed-by-hand]" in run.stderr) == (1, True)
    assert book.read_bytes() == b"by hand"
    run = perfc(tmp_path, "build", "--xlsx", "-o", "other")
    assert run.returncode == 1
    assert len(list((tmp_path / "other").rglob("*.xlsx"))) == 1


def test_a_record_for_several_layouts_has_one_workbook(tmp_path: Path) -> None:
    """What a finance system imports is the same whichever document it stands beside: the first one's."""
    example = (ROOT / "templates/national/monitoring/2019/example.yaml").read_text("utf-8")
    layouts = "版式: [national/monitoring/2019, national/project-targets/2015]"
    write(tmp_path / "specs/x.yaml", example.replace("版式: national/monitoring/2019", layouts))
    assert perfc(tmp_path, "build", "--xlsx").stdout.count(".docx") == 2
    (book,) = (tmp_path / "output").glob("*.xlsx")
    assert "执行监控表" in book.name
