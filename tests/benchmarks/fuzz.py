"""Mutated specs and layouts by the thousand: no traceback, no hang, no growth of memory.

python tests/benchmarks/fuzz.py [--inputs 100000] [--seed 1] [--seconds 20]

Every input is a spec of the repository, or a file of a layout, with a few mistakes in it. What breaks is kept in a
folder with its message; the exit code is 1 then. Memory is that of the process after each tenth of the inputs.
"""

import argparse
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from perfc import Sources, compile_spec, layout, places, report
from perfc.source import Source

ROOT = Path(__file__).parents[2]
SPECS = sorted(
    (*ROOT.glob("templates/*/*/*/example.yaml"), *ROOT.glob("tests/clean/*.yaml"), *ROOT.glob("tests/findings/*.yaml"))
)
LAYOUTS = sorted(page.parent for page in ROOT.glob("templates/*/*/*/page.html"))
WORDS = (
    *(
        "{{",
        "}}",
        "{{ 年度 }}",
        "{% for 一 in range(10) %}",
        "&x",
        "*x",
        "<<: *x",
        "!!python/object:os.system",
        "|",
        ">-",
    ),
    *(
        "- ",
        ": ",
        "? ",
        "# perfc: allow typo 原因",
        "# perfc: from ../x.yaml",
        "---",
        "...",
        "\t",
        "\u3000",
        "\ufeff",
        "\x00",
    ),
    *(
        "\x07",
        "\u202e",
        "\U0001f600",
        "']]>",
        "<script>",
        "&lt;",
        "%",
        "‰",
        "≥",
        "≤100%",
        "1e999",
        "-0",
        "0x10",
        "NaN",
        "~",
    ),
    *(
        "null",
        "true",
        "9" * 400,
        "（" * 300,
        "1-11月",
        "2024年2月30日",
        "万元",
        "1,234,567.89元",
        "一百二十三万",
        "涉密: true",
    ),
    *(
        "版式: [a, b]",
        "引用: '*.yaml'",
        "项目: []",
        "绩效指标: {}",
        "得分: 101",
        "'",
        '"',
        "<td colspan='9'>",
        "{% include 'x' %}",
    ),
    *(
        "{{ x.__class__ }}",
        "{{ 项目[0] }}",
        "{% endfor %}",
        "</tr>",
        "@import 'x';",
        "td { width: 0 }",
        '"$ref": "#/x"',
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=20, help="what one input may take at most")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, hung)
    broken, slowest = Path(tempfile.mkdtemp(prefix="fuzz-")), 0.0
    bad = 0
    for number in range(options.inputs):
        dice = random.Random(f"{options.seed}-{number}")
        start = time.perf_counter()
        signal.alarm(options.seconds)
        try:
            text = of_a_layout(dice) if dice.random() < 0.2 else of_a_spec(dice)
        except Exception:  # noqa: BLE001  # this is what is looked for
            bad += 1
            (broken / f"{number}.txt").write_text(traceback.format_exc(), "utf-8")
            text = ""
        signal.alarm(0)
        slowest = max(slowest, time.perf_counter() - start)
        assert "perfc 内部出错" not in text
        if (number + 1) % max(1, options.inputs // 10) == 0:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{number + 1:7} inputs, {bad} broken, slowest {slowest:.1f} s, at most {memory} MB", flush=True)
    print(f"broken ones are in {broken}" if bad else "nothing broke")
    sys.exit(bool(bad))


def hung(*_: object) -> None:
    raise TimeoutError


def of_a_spec(dice: random.Random) -> str:
    """What is said of a spec with mistakes."""
    text = mutated(dice.choice(SPECS).read_text("utf-8"), dice)
    return said({"specs/x.yaml": text}, "specs/x.yaml", places.folders(ROOT))


def of_a_layout(dice: random.Random) -> str:
    """What is said of a layout with mistakes in one of its files, and of its example."""
    with tempfile.TemporaryDirectory() as name:
        chosen = dice.choice(LAYOUTS)
        folder = Path(name) / chosen.relative_to(ROOT / "templates")
        shutil.copytree(ROOT / "templates/_shared", Path(name) / "_shared")
        shutil.copytree(chosen, folder)
        file = folder / dice.choice(["page.html", "page.css", "schema.json", "equations.yaml", "rules.yaml"])
        if file.is_file():
            file.write_text(mutated(file.read_text("utf-8"), dice), "utf-8")
        layout.forget()
        said_of = said({}, (folder / "example.yaml").as_posix(), (Path(name), ROOT / "templates"))
        layout.forget()
        return said_of


def said(texts: dict[str, str], spec: str, within: tuple[Path, ...]) -> str:
    sources = Sources({name: Source(name, text) for name, text in texts.items()})
    result = compile_spec(spec, sources, within)
    assert (result.docx is None) == any(one.severity == "error" for one in result.diagnostics)
    broken = [one for one in result.diagnostics if "规则自身出错" in one.message]
    assert not broken, broken
    return report.text(result.diagnostics, sources) + report.as_json(result.diagnostics, sources)


def mutated(text: str, dice: random.Random) -> str:
    """A text with one to five mistakes: something cut out, doubled, moved, put in, or one character changed."""
    for _ in range(dice.randint(1, 5)):
        lines = text.splitlines(keepends=True) or [""]
        at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
        place, end = sorted((dice.randint(0, len(text)), dice.randint(0, len(text))))
        kind = dice.randrange(8)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(other, lines[at])
        elif kind == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            lines[at] = " " * dice.randint(0, 6) + lines[at].lstrip(" ")
        elif kind == 4:
            lines = [text[:place], dice.choice(WORDS), text[place:]]
        elif kind == 5:
            lines = [text[:place], text[min(end, place + dice.randint(1, 40)) :]]
        elif kind == 6:
            lines = [
                text[:place],
                chr(
                    dice.choice(
                        (dice.randrange(32, 127), dice.randrange(0x2000, 0xD800), dice.randrange(0xE000, 0x11000))
                    )
                ),
                text[place + 1 :],
            ]
        else:
            head, colon, _ = lines[at].partition(": ")
            lines[at] = f"{head}{colon}{dice.choice(WORDS)}\n"
        text = "".join(lines)
    return text


if __name__ == "__main__":
    main()
