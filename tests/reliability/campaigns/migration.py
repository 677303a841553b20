"""Processes open a database of an older version at once, and are killed while they migrate it.

It stays what it was, or becomes what an undisturbed migration makes of it. One process migrates; the others wait.
"""

import random
import tempfile
import threading
from pathlib import Path

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import verify
from tests.reliability.campaigns.report import CampaignReport
from tests.support.contents import contents, difference
from tests.support.golden import VERSIONS, checkpoints_of, golden_url
from tests.support.kill_points import count_points, run_and_kill

OLD = VERSIONS[:-1]
AT_ONCE = 3


def migrate(url: str) -> None:
    """Open the database, which migrates it."""
    SqlAlchemyStore.open(url).close()


def check_migrated(url: str, version: int, expected: dict[str, list[str]]) -> None:
    """Check that it is what an undisturbed migration made."""
    found = contents(url)
    assert found == expected, difference(found, expected)
    store = SqlAlchemyStore.open(url)
    problems = verify(store, checkpoints_of(version)).problems
    store.close()
    assert problems == [], problems[0]


def kill_migrations(
    version: int, kind: str, folder: Path, report: CampaignReport, chance: random.Random, count: int
) -> None:
    """Kill some migrations of one database, one after another, then let one end."""
    undisturbed = golden_url(version, kind, folder)
    points = count_points(lambda: migrate(undisturbed))
    expected = contents(undisturbed)
    url = golden_url(version, kind, folder)
    before = contents(url)
    commits = [number for number, point in enumerate(points, 1) if "COMMIT" in point]
    numbers = sorted({*chance.sample(range(1, len(points) + 1), min(count, len(points))), *commits})
    for number in numbers:
        with report.trial(f"{kind}, version {version}, killed at point {number} of {len(points)}"):
            ended = run_and_kill(lambda: migrate(url), at_point=number)
            report.counts["kills"] += ended.killed
            found = contents(url)
            assert found == expected or (found == before and not ended.acknowledged), difference(found, before)
    with report.trial(f"{kind}, version {version}, migrated in the end"):
        migrate(url)
        check_migrated(url, version, expected)


def migrate_at_once(version: int, kind: str, folder: Path, report: CampaignReport) -> None:
    """Let processes open one database at once."""
    undisturbed = golden_url(version, kind, folder)
    migrate(undisturbed)
    expected = contents(undisturbed)
    url = golden_url(version, kind, folder)
    failures: list[Exception] = []

    def start() -> None:
        try:
            run_and_kill(lambda: migrate(url))
        except Exception as error:
            failures.append(error)

    with report.trial(f"{kind}, version {version}, by {AT_ONCE} processes at once"):
        threads = [threading.Thread(target=start) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == [], failures[0]
        check_migrated(url, version, expected)


def run(seconds: float, seed: int) -> CampaignReport:
    """Migrate for some time, on both kinds of database in turn."""
    report = CampaignReport("migration", seed)
    for number, chance in report.rounds(seconds):
        kind, version = ("sqlite", "postgresql")[number % 2], chance.choice(OLD)
        with tempfile.TemporaryDirectory() as name:
            if number % 3 == 2:
                migrate_at_once(version, kind, Path(name), report)
            else:
                kill_migrations(version, kind, Path(name), report, chance, 25)
    return report
