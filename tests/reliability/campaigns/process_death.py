"""A process is killed at every statement and commit of every use case, and at random instants.

After each death the database holds what it held before the use case, or all of what the use case writes: row for row
what a store holds in which nobody was killed. What was acknowledged is there. Running the use case again leads to the
same rows, and verification finds nothing.
"""

import itertools
import random
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import attrs

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import verify
from tests.reliability.campaigns.report import CampaignReport
from tests.reliability.campaigns.use_cases import STEPS, Step, clock_of, ids_of
from tests.support.archived_history import archive_lines, restore_archive
from tests.support.contents import contents, difference
from tests.support.kill_points import count_points, run_and_kill
from tests.support.postgres import fresh_url

KINDS = ("sqlite", "postgresql")
VERIFIED_EVERY = 6
"""After so many steps a store is verified, which takes longer than to compare its rows."""


@attrs.frozen
class Plan:
    """What happens in each step of a life, as it is without deaths.

    Attributes:
        step: The step.
        points: The points of a process that runs it.
        after: The contents of the database after it.
    """

    step: Step
    points: list[str]
    after: dict[str, list[str]]


def new_url(kind: str, folder: Path, numbers: Iterable[int] = itertools.count()) -> str:
    """The URL of an empty database."""
    return fresh_url() if kind == "postgresql" else f"sqlite:///{folder}/{next(iter(numbers))}.db"


def run_step(url: str, number: int, step: Step) -> None:
    """Open the store, run a step, and close the store."""
    store = SqlAlchemyStore.open(url, clock_of(number), ids_of(number))
    step.run(store)
    store.close()


def plan(url: str, steps: Iterable[Step]) -> list[Plan]:
    """Live a life without deaths, in an empty database."""
    planned = []
    for number, step in enumerate(steps):
        points = count_points(lambda number=number, step=step: run_step(url, number, step))
        planned.append(Plan(step, points, contents(url)))
    return planned


def restoring(folder: Path) -> tuple[Step, ...]:
    """A life that restores an archive in one transaction."""
    url = f"sqlite:///{folder}/archived.db"
    for number, step in enumerate(STEPS):
        if step.name != "reconcile":
            run_step(url, number, step)
    store = SqlAlchemyStore.open(url)
    lines = archive_lines(store)
    store.close()
    return (Step("create", lambda store: None), Step("restore", lambda store: restore_archive(store, lines)))


class Lives:
    """Lives in which a process is killed again and again.

    Args:
        kind: The kind of database.
        folder: Where files are.
        report: Counts, and takes violations.
        steps: The steps of a life.
    """

    def __init__(self, kind: str, folder: Path, report: CampaignReport, steps: tuple[Step, ...] = STEPS) -> None:
        self.kind, self.folder, self.report = kind, folder, report
        self.plans = plan(new_url(kind, folder), steps)

    def live(self, deaths: Callable[[Plan], Iterable[dict[str, float]]]) -> None:
        """Live from the beginning to the end; `deaths` says when the processes of a step are killed."""
        url, before = new_url(self.kind, self.folder), {}
        for number, planned in enumerate(self.plans):
            name = f"{self.kind}, {planned.step.name}"
            for death in deaths(planned):
                with self.report.trial(f"{name}, killed {death}"):
                    self._die(url, number, planned, before, death)
            with self.report.trial(f"{name}, run again"):
                run_step(url, number, planned.step)
                self._check_end(url, number, planned)
            before = planned.after

    def _die(self, url, number, planned, before, death) -> None:
        ended = run_and_kill(lambda: run_step(url, number, planned.step), **death)
        self.report.counts["kills"] += ended.killed
        self.report.counts[f"kills on {self.kind}"] += ended.killed
        found = contents(url)
        if found == planned.after or not planned.step.is_atomic:
            return
        assert not ended.acknowledged, f"acknowledged, and lost: {difference(found, planned.after)}"
        assert found == before, f"half of it is there: {difference(found, before)}"

    def _check_end(self, url, number, planned) -> None:
        found = contents(url)
        assert found == planned.after or planned.step.name == "reconcile", difference(found, planned.after)
        if number % VERIFIED_EVERY and planned is not self.plans[-1]:
            return
        store = SqlAlchemyStore.open(url)
        problems = verify(store).problems
        store.close()
        assert problems == [], problems[0]


def some_points(chance: random.Random, one_in: int) -> Callable[[Plan], Iterable[dict[str, float]]]:
    """Every n-th point from a random one on, and those around commits."""

    def deaths(planned: Plan) -> Iterable[dict[str, float]]:
        numbers = set(range(1 + chance.randrange(one_in), len(planned.points) + 1, one_in))
        if one_in == 1 or chance.random() < 3 / one_in:
            numbers |= {number for number, point in enumerate(planned.points, 1) if "COMMIT" in point}
        return [{"at_point": number} for number in sorted(numbers)]

    return deaths


def random_instants(chance: random.Random, count: int) -> Callable[[Plan], Iterable[dict[str, float]]]:
    """Instants within a few milliseconds, in which most use cases are over."""
    return lambda planned: [{"after_seconds": chance.uniform(0.000_5, 0.03)} for _ in range(count)]


def run(seconds: float, seed: int) -> CampaignReport:
    """Kill processes for some time, on both kinds of database in turn."""
    report = CampaignReport("process_death", seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lives = [Lives(kind, folder, report, steps) for kind in KINDS for steps in (STEPS, restoring(folder))]
        for number, chance in report.rounds(seconds):
            one = lives[number % len(lives)]
            deaths = some_points(chance, 1) if number < 2 * len(lives) and number % 2 == 0 else None
            one.live(deaths or chance.choice((some_points(chance, 3), random_instants(chance, 8))))
            for file in folder.glob("[0-9]*.db*"):
                file.unlink()
    return report
