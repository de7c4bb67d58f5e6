"""How many slips that somebody thought of, who had not read the rules, are found by the rule they are for.

python tests/benchmarks/slips.py [--missed] [RULE …]

Not all of them have to be found: some are arguable, some are beyond what the catalogue asks for.
"""

import argparse
from collections import defaultdict
from functools import cache
from pathlib import Path

import yaml
from perfc import Sources, compile_spec, places
from perfc.source import Source

ROOT = Path(__file__).parents[2]
FILE = "specs/slip.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", metavar="RULE")
    parser.add_argument("--missed", action="store_true", help="show the slips that are not found")
    options = parser.parse_args()
    hits: dict[str, list[bool]] = defaultdict(list)
    gone = 0
    for slip in yaml.safe_load((Path(__file__).parent / "slips.yaml").read_text("utf-8")):
        name = slip["规则"]
        if options.rules and name not in options.rules:
            continue
        base = (ROOT / f"{slip['规格']}.yaml").read_text("utf-8")
        try:
            wrong = slipped(base, slip["改动"])
        except ValueError:
            gone += 1  # the document has changed since
            continue
        found = said(wrong) - said(base)
        hit = any(rule in name.split("|") for rule, _ in found)
        hits[name].append(hit)
        if options.missed and not hit:
            changes = "；".join(f"{one['原文']!r} → {one['改为']!r}" for one in slip["改动"])
            print(f"{name}: {slip['规格'].rpartition('/')[2]}: {changes}\n    {sorted(found)}")
    for name, found in hits.items():
        print(f"{name:24} {sum(found):4} of {len(found):4}")
    everything = [hit for found in hits.values() for hit in found]
    print(f"{sum(everything)} of {len(everything)}: {sum(everything) / len(everything):.1%}; {gone} no longer apply")


def slipped(text: str, changes: list[dict]) -> str:
    for one in changes:
        at = -1
        for _ in range(one.get("第", 1)):
            at = text.index(one["原文"], at + 1)
        text = text[:at] + one["改为"] + text[at + len(one["原文"]) :]
    return text


@cache
def said(text: str) -> frozenset[tuple[str, str]]:
    """What is found in a spec: rules and messages."""
    found = compile_spec(FILE, Sources({FILE: Source(FILE, text)}), places.folders(ROOT)).diagnostics
    return frozenset((one.rule, one.message) for one in found if one.severity != "skipped")


if __name__ == "__main__":
    main()
