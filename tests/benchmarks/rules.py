"""What the rules cost: their share of compiling a real spec, each rule's own, and how they grow on hostile texts.

python tests/benchmarks/rules.py
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from perfc import Sources, compile_spec, lint, places
from perfc.compile import understand
from perfc.load import load
from perfc.source import Source
from perfc.vocabulary import Record

ROOT = Path(__file__).parents[2]
SPECS = [
    ROOT / "specs/hebei/lulong-justice/2024/budget-performance.yaml",
    ROOT / "specs/hunan/suining-civil-affairs/2022/self-evaluation.yaml",
]
RUNS = 7
HOSTILE: dict[str, Callable[[int], str]] = {
    "a paragraph of Chinese": lambda size: "加强预算绩效管理，提高资金使用效益。" * (size // 18),
    "one character": lambda size: "数" * size,
    "digits": lambda size: "1234567890" * (size // 10),
    "digits and commas": lambda size: "1,234" * (size // 5),
    "amounts": lambda size: "其中人员经费849.3万元，" * (size // 14),
    "percentages": lambda size: "占比的93.65%，" * (size // 10),
    "open brackets": lambda size: "（《“〔" * (size // 4),
    "nested brackets": lambda size: "（" * (size // 2) + "）" * (size // 2),
    "numbering": lambda size: "一是加强管理。二是" * (size // 9),
    "dates": lambda size: "2024年1-11月截止11月13日" * (size // 18),
    "annexes": lambda size: "详见附件1、" * (size // 6),
    "spaces": lambda size: "字 " * (size // 2),
    "signs": lambda size: "不小于≥" * (size // 4),
    "marks": lambda size: "，。；：、" * (size // 5),
}
SIZES = (125_000, 250_000, 500_000, 1_000_000)


def main() -> None:
    for spec in SPECS:
        share(spec)
    growth()


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def share(spec: Path) -> None:
    """The rules against the rest of compiling, both warm, in turns."""
    within = places.folders(ROOT)
    sources = Sources()
    ((values, chosen), *_), _ = understand(spec.as_posix(), sources, within)

    def record() -> Record:
        return Record(values, sources, chosen.data)

    whole = seconds(lambda: compile_spec(spec.as_posix(), Sources(sources), within))
    rules = seconds(lambda: lint.lint(record(), {}))
    print(
        f"{spec.parent.parent.name}: compiling with the rules {whole * 1000:.0f} ms, the rules {rules * 1000:.1f} ms: {rules / (whole - rules):.1%} of the rest"
    )
    own = {name: seconds(lambda one=one: list(lint.run(one, record())), 3) for name, one in lint.rules().items()}
    for name, taken in sorted(own.items(), key=lambda pair: -pair[1])[:8]:
        print(f"    {name:24} {taken * 1000:6.2f} ms")


def growth() -> None:
    """The time of all rules on texts of growing size: linear is 2 from size to size."""
    print(
        f"seconds for a text of {', '.join(f'{size // 1000} k' for size in SIZES)} characters, and the last against the first, linear being {SIZES[-1] // SIZES[0]}"
    )
    for name, make in HOSTILE.items():
        taken = [seconds(partial(run, make(size)), 1) for size in SIZES]
        print(f"    {name:24} {'  '.join(f'{one:6.2f}' for one in taken)}   {taken[-1] / taken[0]:5.1f}")
        if taken[-1] > 3:
            slowest(make(SIZES[0]))


def slowest(text: str) -> None:
    taken = {name: seconds(lambda one=one: run(text, one), 1) for name, one in lint.rules().items()}
    for name in sorted(taken, key=taken.__getitem__)[-3:]:
        print(f"        {name:24} {taken[name]:.2f} s")


def run(text: str, only: lint.Rule | None = None) -> None:
    """Run the rules on a spec whose prose, indicator and project have a text."""
    spec = f"年度: 2024\n部门: 某县档案馆\n概述: '{text}'\n项目: [{{项目名称: '{text[: len(text) // 4]}'}}]\n"
    spec += f"绩效指标: {{产出指标: {{数量指标: [{{三级指标: 甲, 指标值: '{text[: len(text) // 4]}', 分值: 1, 得分: 1}}]}}}}\n"
    sources = Sources({"x.yaml": Source("x.yaml", spec)})
    values, _ = load("x.yaml", sources)
    record = Record(values, sources, {"规则": {}, "评分": {"总分": 100}})
    if only:
        list(lint.run(only, record))
    else:
        lint.lint(record, {})


if __name__ == "__main__":
    main()
