"""How many injected mistakes each rule finds at their place.

python tests/benchmarks/mutations.py [--count 100] [RULE …]
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutating import recall
from perfc.lint import rules

THRESHOLD = 0.95


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", metavar="RULE")
    parser.add_argument("--count", type=int, default=100, help="injected mistakes for each rule")
    options = parser.parse_args()
    shares = []
    for name in options.rules or rules():
        tried, missed = recall(name, options.count)
        shares.append(1 - len(missed) / tried)
        print(
            f"{name:24} {tried - len(missed):4} of {tried:4}: {shares[-1]:.1%}{'' if shares[-1] >= THRESHOLD else '  TOO FEW'}"
        )
        for line, found in missed[:3]:
            print(f"    missed: {line.strip()}\n    found:  {found}")
    print(f"{len(shares)} rules, recall {sum(shares) / len(shares):.2%} in the mean, {min(shares):.1%} at least")


if __name__ == "__main__":
    main()
