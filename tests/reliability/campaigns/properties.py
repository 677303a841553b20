"""Hypothesis searches the property tests and the lockstep of the stores with new examples, ten times as many."""

import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.reliability.campaigns.report import CampaignReport

ROOT = Path(__file__).parents[3]
FILES = ("tests/domain/test_*.py", "tests/application/accounting/test_*.py", "tests/contract/test_lockstep.py")
_COUNT = re.compile(r"(\d+) (passed|failed|error)")


def property_tests() -> list[str]:
    """The files with tests that draw examples."""
    files = [path for pattern in FILES for path in sorted(ROOT.glob(pattern))]
    return [str(path.relative_to(ROOT)) for path in files if "hypothesis" in path.read_text("utf-8")]


def run(seconds: float, seed: int) -> CampaignReport:
    """Run the files in a random order, again and again, until the time is over."""
    report = CampaignReport("properties", seed)
    end = time.monotonic() + seconds
    files: list[str] = []
    for _, chance in report.rounds(seconds):
        if not files:
            files = property_tests()
            random.Random(f"{seed} order").shuffle(files)
        _run_file(report, files.pop(), chance.randrange(2**32), end - time.monotonic())
    return report


def _run_file(report: CampaignReport, file: str, seed: int, seconds: float) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--timeout=0", f"--hypothesis-seed={seed}", file]
    environment = {**os.environ, "SOT_HYPOTHESIS_PROFILE": "explore"}
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=max(seconds, 1)
        )
    except subprocess.TimeoutExpired:
        report.counts["files that took too long"] += 1
        return
    report.counts["files"] += 1
    for count, outcome in _COUNT.findall(done.stdout.splitlines()[-1] if done.stdout else ""):
        report.counts[f"tests {outcome}"] += int(count)
    if done.returncode not in (0, 5):
        failures = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR", "E  "))]
        report.violations.append(f"{file}, --hypothesis-seed={seed}: {' | '.join(failures[:5])[:600]}")
