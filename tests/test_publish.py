"""The public version: whatever is secret or internal is in no file and no message of its build; the internal one has it."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from perfc import Sources, compile_spec, forms, places
from perfc.fingerprints import FILE
from perfc.forms import Form
from perfc.policy import Policy
from perfc.recall import recalled
from perfc.source import Source
from perfc.verify import made_of, verify

LAYOUTS = places.folders(ROOT)
CANARY = "金丝雀截止2024年底"  # with a slip, so that the checks have something to quote


def marked(value: object, form: Form) -> int:
    """Put the canary into all that a form marks as internal, and give how often."""
    count = 0
    if isinstance(value, dict):
        for key in form.keys:
            inner = form.at(key)
            if inner.is_internal and not inner.is_mapping:
                value[key], count = CANARY, count + 1
            elif inner.is_internal and key in value:
                value[key] = replaced(value[key])
                count += 1
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        inner = form.at(key) if isinstance(value, dict) else form.items
        if inner and isinstance(one, dict | list):
            count += marked(one, inner)
    return count


def replaced(value: object) -> object:
    if isinstance(value, dict):
        return {key: replaced(one) for key, one in value.items()}
    return [replaced(one) for one in value] if isinstance(value, list) else CANARY


def build(folder: Path, *options: str) -> tuple[bytes, int]:
    """All that a build writes, unzipped, with what it says."""
    run = subprocess.run(
        [sys.executable, "-m", "perfc.cli", "build", "--xlsx", *options], check=False, cwd=folder, capture_output=True
    )
    assert run.returncode in (0, 1), run.stderr.decode()
    written = [path for path in folder.rglob("*") if path.is_file() and path.parts[-2] != "specs"]
    everything = [run.stdout, run.stderr, *(path.as_posix().encode() for path in written)]
    for path in written:
        content = path.read_bytes()
        everything.append(content)
        if path.name == FILE:
            kept = [recalled(entry["found"], "specs/a.yaml") for entry in json.loads(content).values()]
            everything.append(repr(kept).encode())
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                everything += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(everything), sum(path.suffix == ".docx" for path in written)


@pytest.mark.parametrize("name", places.names(LAYOUTS))
def test_no_byte_of_it_is_written(name: str, tmp_path: Path) -> None:
    spec = yaml.safe_load((ROOT / "templates" / name / "example.yaml").read_text("utf-8"))
    found = marked(spec, forms.read(name, LAYOUTS))
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/a.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False), "utf-8")
    public, documents = build(tmp_path, "--public")
    assert documents == 1
    assert (tmp_path / "output/public").is_dir()
    assert CANARY.encode() not in public
    assert "金丝雀".encode() not in public
    internal, documents = build(tmp_path)
    assert documents == 2
    assert (CANARY.encode() in internal) == (found > 0)


def test_some_examples_have_something_to_hide() -> None:
    hidden = [
        name
        for name in places.names(LAYOUTS)
        if marked(
            yaml.safe_load((ROOT / "templates" / name / "example.yaml").read_text("utf-8")), forms.read(name, LAYOUTS)
        )
    ]
    assert hidden == ["hebei/budget-performance/2024", "sichuan/project-self-evaluation/2025"]


def test_what_a_secret_project_says_in_the_open_is_left_out_too(tmp_path: Path) -> None:
    example = (ROOT / "templates/hebei/budget-performance/2024/example.yaml").read_text("utf-8")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/a.yaml").write_text(
        re.sub(r"    涉密内容:\n(?: {6}.*\n)+", f"    资金用途: {CANARY}\n", example), "utf-8"
    )
    public, documents = build(tmp_path, "--public")
    assert documents == 1
    assert "金丝雀".encode() not in public
    _, documents = build(tmp_path)
    assert documents == 1, "classified-content stops the internal one"


def test_secret_content_of_a_project_that_is_not_marked_is_one_error() -> None:
    path = ROOT / "templates/hebei/budget-performance/2024/example.yaml"
    text = re.sub(r"    涉密: true\n", "", path.read_text("utf-8"))
    found = compile_spec("a.yaml", Sources({"a.yaml": Source("a.yaml", text)}), LAYOUTS).diagnostics
    assert [one.message for one in found if one.severity == "error"] == ["“项目第 2 项”缺少“涉密”"]


def test_prose_may_not_refer_to_what_is_left_out(tmp_path: Path) -> None:
    example = (ROOT / "templates/hebei/budget-performance/2024/example.yaml").read_text("utf-8")
    (tmp_path / "specs").mkdir()
    text = example.replace("    资金用途: 购置", f"    资金用途: {CANARY}", 1)
    text = re.sub(
        r"^总体绩效目标:.*", "\\g<0>\n  本年{{ 项目[1].涉密内容.资金用途 }}。", text, count=1, flags=re.MULTILINE
    )
    assert text.count("{{") == example.count("{{") + 1
    (tmp_path / "specs/a.yaml").write_text(text, "utf-8")
    public, documents = build(tmp_path, "--public")
    assert (documents, b"unknown-reference" in public, "金丝雀".encode() in public) == (0, True, False)


def test_a_document_is_verified_as_the_version_that_it_is() -> None:
    spec = (ROOT / "templates/hebei/budget-performance/2024/example.yaml").as_posix()
    docx = compile_spec(spec, Sources(), LAYOUTS, Policy(public=True)).docx
    assert docx != compile_spec(spec, Sources(), LAYOUTS).docx
    assert verify(docx, spec, Sources(), LAYOUTS) == ()
    assert "file" not in made_of(docx)
    assert made_of(compile_spec(spec, Sources(), LAYOUTS).docx)["file"] == "example.yaml"
