"""The habits that matter: imports point one way, what is public is documented, what the README says runs."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT
from perfc.explain import manual
from perfc.lint import rules

PACKAGE = ROOT / "compiler/perfc"
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the ground up: a module imports only from modules of lower levels, or of its own folder.
LEVELS = [
    {"__init__", "diagnostic"},
    {"disk", "memory", "places", "scoring", "seal", "source", "usage", "values"},
    {"forms", "office", "recall", "several", "terminal", "workers"},
    {"fingerprints", "load", "specs"},
    {"naming", "vocabulary"},
    {"figures", "lint", "lists", "origins", "publish"},
    {"explain", "rules"},
    {"policy", "sandbox", "schema", "style", "tree", "waivers"},
    {"equations", "paginate"},
    {"layout", "word"},
    {"marking"},
    {"compile"},
    {"make", "fix", "report", "sheets", "verify"},
    {"following", "remote"},
    {"cluster"},
    {"build"},
    {"progress", "review", "sarif", "stale", "watch"},
    {"checking", "session"},
    {"cli"},
]
# Each foreign thing has one home.
HOMES = {
    "yaml": {"load"},
    "jinja2": {"sandbox", "layout", "review"},
    "jsonschema": {"schema"},
    "jsonschema_rs": {"schema"},
    "tinycss2": {"style"},
    "docx": {"word"},
    "pypdf": {"office"},
    "subprocess": {"office"},
    "typer": {"cli"},
    "rich": {"progress"},
    "watchfiles": {"watch"},
    "xlsxwriter": {"sheets"},
    "multiprocessing": {"workers"},
    "distributed": {"cluster"},
}


def module(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The modules that a file imports when it runs, by their full names."""
    names: set[str] = set()
    tree = ast.parse(path.read_text("utf-8"))
    for_types = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    apart = {inner for node in for_types for inner in ast.walk(node)}
    for node in set(ast.walk(tree)) - apart:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "perfc":
            names |= {f"perfc.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    level = {name: number for number, names in enumerate(LEVELS) for name in names}
    own = module(path)
    for name in imported(path):
        if name.startswith("perfc."):
            other = name.split(".")[1]
            assert other == own or level.get(other, 0) < level[own], f"{own} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_each_foreign_thing_has_one_home(path: Path) -> None:
    for name in imported(path):
        home = HOMES.get(name.split(".")[0])
        assert home is None or module(path) in home


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_is_public_is_documented(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def test_every_rule_is_in_the_manual() -> None:
    used: set[str] = set()
    for path in MODULES:
        text = path.read_text("utf-8")
        used |= set(re.findall(r'(?:(?:Diagnostic|report|say)\(\s*|"规则", )"([a-z-]+)"', text))
    assert used == set(manual()) - set(rules())


def test_no_table_is_built_cell_by_cell() -> None:
    for path in MODULES:
        assert not re.search(r"\.(?:cell|merge)\(", path.read_text("utf-8").replace("self.cell(", ""))


def test_no_form_is_named_in_the_code() -> None:
    labels = [
        "一级指标",
        "三级指标",
        "指标值",
        "预算数",
        "财政资金",
        "资金支出计划",
        "涉密",
        "卢龙",
        "绥宁",
        "自评",
        "hebei",
        "hunan",
    ]
    for path in MODULES:
        if path.name == "vocabulary.py" or path.parent.name == "rules":
            continue  # where the field's terms are at home
        text = path.read_text("utf-8")
        code = re.sub(r'""".*?"""|#.*', "", text, flags=re.DOTALL)
        assert not [label for label in labels if label in code]


def test_the_readmes_name_the_commands_that_ci_runs() -> None:
    ci = (ROOT / ".ci/run").read_text("utf-8")
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        commands = re.findall(r"^python3 -m venv .*$", text, re.MULTILINE)
        assert len(commands) == 2
        assert commands[0].endswith("perfc build specs/")
        assert commands[1] in ci


def test_links_in_the_documents_lead_somewhere() -> None:
    documents = [ROOT / name for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md")]
    documents += [ROOT / f"{name}/README.md" for name in ("compiler", "specs", "templates", "tests")]
    for path in documents:
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_the_code_map_names_every_module() -> None:
    text = (PACKAGE.parent / "README.md").read_text("utf-8")
    for path in MODULES:
        if path.name != "__init__.py" and path.parent.name != "rules":
            assert f"`{path.relative_to(PACKAGE).as_posix()}`" in text


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    version = re.search(r'__version__ = "([^"]+)"', (PACKAGE / "__init__.py").read_text("utf-8"))[1]
    assert project["tool"]["hatch"]["version"]["path"] == "compiler/perfc/__init__.py"
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
