"""Run the campaigns of `tests/reliability/campaigns` for some minutes, and report what they found.

The minutes are shared among the campaigns. With `--jobs 2` two of them run at once, and each gets twice the time.

Exit codes: 0 if nothing was violated, 1 if something was, 2 if a campaign does not exist.
"""

import argparse
import datetime
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.reliability.campaigns import campaigns, run_campaign  # noqa: E402
from tests.reliability.campaigns.report import CampaignReport  # noqa: E402


def run_all(names: Sequence[str], minutes: float, seed: int, jobs: int) -> list[CampaignReport]:
    """Run campaigns, each in a process of its own, and show how far they are."""
    share = minutes * 60 * jobs / len(names)
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), max_tasks_per_child=1)
    bar = Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=Console(stderr=True))
    with pool, bar:
        running = {name: pool.submit(run_campaign, name, share, seed) for name in names}
        task = bar.add_task("", total=minutes * 60)
        started = time.monotonic()
        while open_names := [name for name, future in running.items() if not future.done()]:
            bar.update(task, completed=time.monotonic() - started, description=", ".join(open_names[:jobs]))
            time.sleep(0.2)
    return [_result(name, seed, future) for name, future in running.items()]


def _result(name: str, seed: int, future: Future[CampaignReport]) -> CampaignReport:
    try:
        return future.result()
    except Exception as error:
        return CampaignReport(name, seed, violations=[f"the campaign's process died: {error}"])


def counts_text(counts: Mapping[str, int]) -> str:
    """Counts in one line, such as "trials 1,000, kills 990"."""
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def markdown(reports: Sequence[CampaignReport], minutes: float, date: datetime.date) -> str:
    """The report as Markdown."""
    total: Counter[str] = sum((Counter(report.counts) for report in reports), Counter())
    violations = sum(len(report.violations) for report in reports)
    found = f"trials {total['trials']:,}, kills {total['kills']:,}, violations {violations}"
    lines = [
        f"{date.isoformat()}, {minutes:g} minutes, seed {reports[0].seed}: {found}.",
        "",
        "| campaign | counts | violations |",
        "| --- | --- | --- |",
        *(f"| {each.name} | {counts_text(each.counts)} | {len(each.violations)} |" for each in reports),
    ]
    details = [f"- {each.name}: {text}" for each in reports for text in (*each.violations, *_skipped(each))]
    return "\n".join([*lines, *([""] if details else []), *details]) + "\n"


def _skipped(report: CampaignReport) -> list[str]:
    return [f"skipped: {text}" for text in report.skipped]


def show(reports: Sequence[CampaignReport]) -> None:
    """Print the reports."""
    console = Console()
    table = Table("campaign", "counts", "violations")
    for report in reports:
        table.add_row(report.name, counts_text(report.counts), str(len(report.violations)))
    console.print(table)
    for report in reports:
        for text in (*report.violations, *_skipped(report)):
            console.print(f"{report.name}, seed {report.seed}: {text}", markup=False, highlight=False)


def parse(arguments: Sequence[str] | None) -> Any:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30, help="for how long, all campaigns together")
    parser.add_argument("--seed", type=int, default=None, help="the seed; a new one by default")
    parser.add_argument("--jobs", type=int, default=1, help="how many campaigns run at once")
    parser.add_argument("--report", type=Path, help="a file for the report, as Markdown")
    parser.add_argument("names", nargs="*", help="the campaigns; all by default")
    options = parser.parse_args(arguments)
    if options.minutes <= 0 or options.jobs < 1:
        parser.error("--minutes is positive, --jobs 1 or more")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run campaigns, print the report and return the exit code."""
    options = parse(arguments)
    known = campaigns()
    names = options.names or list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no campaign is called {unknown[0]}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    reports = run_all(names, options.minutes, seed, options.jobs)
    show(reports)
    if options.report is not None:
        today = datetime.datetime.now(datetime.UTC).date()
        options.report.write_text(markdown(reports, options.minutes, today), "utf-8")
    return 1 if any(report.violations for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
