"""What a verification that was asked for found."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from sot.adapters.http.page.models.values import Moment, moment
from sot.application.audit.verification_result import Verification, VerificationProblem
from sot.domain.audit.checkpoint import Checkpoint

MOST_PROBLEMS = 100
"""How many problems a page shows."""


@attrs.frozen(kw_only=True)
class VerificationModel:
    """What a verification found.

    Attributes:
        passed: Whether everything holds.
        checked_at: When it began.
        upto: The cursor of the feed up to which it looked.
        checkpoint: The number of the last checkpoint that it checked; None without one.
        unsealed: How many cursors of the feed no checkpoint seals.
        counts: How many things of each kind were looked at.
        problems: The first problems.
        count: How many problems there are.
    """

    passed: bool
    checked_at: Moment | None
    upto: int
    checkpoint: int | None
    unsealed: int
    counts: Sequence[tuple[str, str]]
    problems: Sequence[VerificationProblem]
    count: int


def verification_model(
    result: Verification, checked_at: datetime, upto: int, checkpoint: Checkpoint | None
) -> VerificationModel:
    """Return a verification as a page shows it."""
    return VerificationModel(
        passed=result.passed,
        checked_at=moment(checked_at),
        upto=upto,
        checkpoint=None if checkpoint is None else checkpoint.number,
        unsealed=upto if checkpoint is None else max(0, upto - checkpoint.upto),
        counts=[(kind.replace("_", " "), f"{count:,}") for kind, count in result.counts.items()],
        problems=result.problems[:MOST_PROBLEMS],
        count=len(result.problems),
    )
