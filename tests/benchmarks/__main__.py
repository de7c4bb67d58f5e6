"""All benchmarks, or those that are named, one after the other: python tests/benchmarks [NAME…] [OPTIONS OF ONE]

Each says in its first lines what it prints and what it needs; what it needs and does not find ends that one alone.
"""

import subprocess
import sys
from pathlib import Path

ALL = ("builds", "rules", "peers", "pages", "kills", "mutations", "slips")


def main() -> None:
    names = [one for one in sys.argv[1:] if one in ALL]
    options = [one for one in sys.argv[1:] if one not in ALL]
    for name in names or ALL:
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, Path(__file__).with_name(f"{name}.py"), *options], check=False)


if __name__ == "__main__":
    main()
