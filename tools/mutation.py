"""Run mutmut on the modules that pyproject.toml names, and print the score of each with its survivors.

Each mutant changes the copy in `mutants/`, never the working tree. A run that was stopped goes on where it was; results
of changed functions are forgotten. `python tools/mutation.py 'sot.domain.audit.*'` runs a part.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIME_OUTS = (36, 24, -24, 152, 255)
OUTCOMES = {0: "survived", 5: "without a test", 33: "without a test", **dict.fromkeys((1, 3, *TIME_OUTS), "caught")}
"""What the exit codes of mutmut mean. A test that does not end any more has noticed the change."""


def outcomes(path: Path) -> dict[str, str]:
    """The outcome of each mutant of a module that was run, by its name."""
    codes: dict[str, int | None] = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return {name: OUTCOMES.get(code, f"exit code {code}") for name, code in codes.items() if code is not None}


def report() -> None:
    """Print a table of the scores, and the mutants that nothing noticed."""
    survivors = []
    total: Counter[str] = Counter()
    print(f"{'module':58} mutants  caught  score")
    for path in sorted((ROOT / "mutants").rglob("*.py.meta")):
        found = outcomes(path)
        if not found:
            continue
        counts = Counter(found.values())
        total += counts
        module = str(path.relative_to(ROOT / "mutants")).removesuffix(".meta")
        print(f"{module:58} {len(found):7} {counts['caught']:7} {counts['caught'] / len(found):6.1%}")
        survivors += [f"{outcome:15} {name}" for name, outcome in found.items() if outcome != "caught"]
    count = sum(total.values())
    if count:
        print(f"{'all':58} {count:7} {total['caught']:7} {total['caught'] / count:6.1%}")
    print("\n".join(survivors))
    print("show one with: mutmut show NAME")


def main() -> int:
    """Run mutmut with the names that are given, then report."""
    mutmut = Path(sys.executable).with_name("mutmut")
    code = subprocess.run([mutmut, "run", *sys.argv[1:]], check=False, cwd=ROOT).returncode
    report()
    return code


if __name__ == "__main__":
    sys.exit(main())
