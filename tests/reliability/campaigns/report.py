"""What a campaign reports."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import attrs

MOST_VIOLATIONS = 20
"""After so many a campaign ends: more of them say nothing new."""


@attrs.define
class CampaignReport:
    """The report of a campaign.

    Attributes:
        name: The name of the campaign.
        seed: The seed from which its trials were drawn.
        counts: How many of each thing happened: "trials", "kills" and others.
        violations: What did not hold, each with what is needed to repeat it.
        skipped: What could not be tried here, and why.
    """

    name: str
    seed: int
    counts: Counter[str] = attrs.field(factory=Counter)
    violations: list[str] = attrs.field(factory=list)
    skipped: list[str] = attrs.field(factory=list)

    @contextmanager
    def trial(self, what: str) -> Iterator[None]:
        """Count a trial; an error in it is a violation."""
        self.counts["trials"] += 1
        try:
            yield
        except Exception as error:
            text = str(error).splitlines() or [""]
            self.violations.append(f"{what}: {type(error).__name__}: {' '.join(text[:3])[:600]}")

    @property
    def is_over(self) -> bool:
        """Whether there are so many violations that the campaign ends."""
        return len(self.violations) >= MOST_VIOLATIONS

    def rounds(self, seconds: float) -> Iterator[tuple[int, random.Random]]:
        """Number rounds, each with a generator of its own, until the time is over; at least one."""
        end = time.monotonic() + seconds
        number = 0
        while number == 0 or (time.monotonic() < end and not self.is_over):
            yield number, random.Random(f"{self.name} {self.seed} {number}")
            number += 1

    def check(self) -> "CampaignReport":
        """Fail if there is a violation; for the short form in a test."""
        assert self.violations == [], "\n".join([f"seed {self.seed}:", *self.violations])
        return self
