"""Plant faults in a copy of the library, one at a time, and check that the tests of the broken promise notice.

The faults are data (`planted_faults.toml`): each names the promise that it breaks, a text that occurs once in a file of
`src/sot`, its replacement, and the tests that must fail. The working tree is not touched. A fault that no named test
notices has SURVIVED, and needs a new test.

Exit codes: 0 if every fault is caught, 1 if one survived, 2 if a fault or its tests cannot be used.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tools" / "planted_faults.toml"
PASSED, FAILED = 0, 1
SECONDS = 240


class UnusableFault(Exception):
    """A fault that cannot be planted, or whose tests cannot tell anything."""


@dataclass(frozen=True)
class Fault:
    """A fault to plant.

    Attributes:
        name: What is wrong, in a few words; it identifies the fault.
        promise: The number of the promise that it breaks.
        file: The file, relative to `src/sot`.
        text: The text to replace; it occurs once.
        replacement: What stands there instead.
        tests: The tests that must fail, as pytest names them.
        quick: Whether it belongs to the short form that `make test` runs.
    """

    name: str
    promise: int
    file: str
    text: str
    replacement: str
    tests: tuple[str, ...]
    quick: bool = False

    def plant(self, source: Path) -> str:
        """Return the text of the file in a source tree with the fault in it.

        Raises:
            UnusableFault: The text does not occur exactly once.
        """
        original = (source / "sot" / self.file).read_text("utf-8")
        count = original.count(self.text)
        if count != 1:
            raise UnusableFault(f"its text occurs {count} times in src/sot/{self.file}, and must occur once")
        return original.replace(self.text, self.replacement)


def load(table: Path = TABLE) -> list[Fault]:
    """Read the table of faults, in the order of the promises."""
    entries = tomllib.loads(table.read_text("utf-8"))["fault"]
    faults = [Fault(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]
    return sorted(faults, key=lambda fault: fault.promise)


class SourceCopy:
    """A copy of the source tree, in which one fault at a time is planted and the tests are run."""

    def __init__(self, directory: Path) -> None:
        self._source = directory / "src"
        shutil.copytree(ROOT / "src", self._source, ignore=shutil.ignore_patterns("__pycache__"))
        self._environment = {**os.environ, "PYTHONPATH": str(self._source), "PYTHONDONTWRITEBYTECODE": "1"}
        self._check_import()

    def _check_import(self) -> None:
        """Check that the copy is what is imported, and not the library of the environment."""
        command = [sys.executable, "-c", "import sot; print(sot.__file__)"]
        imported = subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True).stdout
        if not Path(imported.strip()).is_relative_to(self._source):
            raise UnusableFault(f"{imported.strip()} is imported instead of the copy in {self._source}")

    def run(self, tests: Sequence[str]) -> tuple[int, str]:
        """Run tests on the copy; returns pytest's exit code and the last line of its output."""
        options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-n", "0", "--no-header", "--tb=line"]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        try:
            done = subprocess.run(
                command, env=self._environment, cwd=ROOT, check=False, capture_output=True, text=True, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            return FAILED, f"no end after {SECONDS} seconds"
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        return done.returncode, lines[-1] if lines else ""

    def is_caught(self, fault: Fault) -> bool:
        """Plant a fault, and tell whether its tests fail.

        Raises:
            UnusableFault: It cannot be planted, or pytest could not run its tests.
        """
        path = self._source / "sot" / fault.file
        original = path.read_text("utf-8")
        path.write_text(fault.plant(self._source), "utf-8")
        try:
            code, last = self.run(fault.tests)
        finally:
            path.write_text(original, "utf-8")
        if code not in (PASSED, FAILED):
            raise UnusableFault(f"pytest ended with {code}: {last}")
        return code == FAILED


def campaign(faults: Sequence[Fault]) -> int:
    """Run faults, print a line for each, and return the exit code."""
    survived, unusable, began = [], [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sot-mutants-") as directory:
        workshop = SourceCopy(Path(directory))
        code, last = workshop.run(sorted({test for fault in faults for test in fault.tests}))
        if code != PASSED:
            print(f"ERROR: the tests fail without a fault: {last}")
            return 2
        for number, fault in enumerate(faults, 1):
            started = time.monotonic()
            try:
                outcome = "CAUGHT" if workshop.is_caught(fault) else "SURVIVED"
            except UnusableFault as error:
                outcome = f"ERROR: {error}"
                unusable.append(fault)
            if outcome == "SURVIVED":
                survived.append(fault)
            took = f"{time.monotonic() - started:5.1f} s"
            print(f"{number:3}/{len(faults)} promise {fault.promise:2} {took}  {outcome}  {fault.name}", flush=True)
    caught = len(faults) - len(survived) - len(unusable)
    print(
        f"{caught} of {len(faults)} faults caught, {len(survived)} survived, {len(unusable)} unusable,"
        f" in {time.monotonic() - began:.0f} seconds"
    )
    return 2 if unusable else 1 if survived else 0


def main() -> int:
    """Read the options and run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--promise", type=int, action="append", help="plant only the faults of this promise")
    parser.add_argument("--name", help="plant only faults whose name has this text")
    parser.add_argument("--quick", action="store_true", help="plant only the faults of the short form")
    parser.add_argument("--list", action="store_true", help="list the faults, and plant none")
    options = parser.parse_args()
    faults = [
        fault
        for fault in load()
        if (not options.promise or fault.promise in options.promise)
        and (options.name or "") in fault.name
        and (fault.quick or not options.quick)
    ]
    if not faults:
        parser.error("no fault is left; see --list")
    if options.list:
        for fault in faults:
            print(f"promise {fault.promise:2}  {fault.name}  (src/sot/{fault.file})")
        return 0
    return campaign(faults)


if __name__ == "__main__":
    sys.exit(main())
