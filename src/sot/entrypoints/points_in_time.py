"""The point in time that a command reads: now, or behind `sot as-of` a past one."""

from datetime import datetime
from functools import partial
from typing import Annotated

import attrs
import typer
from rich.text import Text

from sot.application.as_of.history import PastHistory
from sot.application.history import OrderHistory
from sot.application.input.days import is_day, read_time
from sot.application.input.text_values import cursor_or_time
from sot.application.input.time_zones import read_time_zone
from sot.application.queries.history import HistoryQueries
from sot.domain.values.errors import InvalidInput
from sot.ports.store import UnitOfWork

KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="CURSOR|TIME",
        help="As known at a cursor of the feed (exact), or at a time such as 2026-01-31T17:00:00Z; a date is the "
        "beginning of that day.",
    ),
]
HappenedByOption = Annotated[
    str | None,
    typer.Option(
        "--happened-by",
        metavar="TIME",
        help="What had happened by a time, by the times of the venues, whenever it was recorded.",
    ),
]


@attrs.frozen
class PointInTimeOptions:
    """The options `--known-at` and `--happened-by`.

    Attributes:
        known_at: A cursor of the feed, or a time of recording; None sets no limit.
        happened_by: The last time of what had happened; None sets no limit.
    """

    known_at: int | datetime | None = None
    happened_by: datetime | None = None

    @classmethod
    def read(
        cls, known_at: str | None, happened_by: str | None, prefix: str = "--", time_zone: str = "UTC"
    ) -> "PointInTimeOptions":
        """Read the texts of the options, whose names begin with a prefix.

        Raises:
            InvalidInput: A text is neither a cursor nor a time, or the zone is none.
        """
        zone = read_time_zone("--zone", time_zone)
        read_known = partial(read_time, zone=zone) if is_day(known_at) else cursor_or_time
        return cls(read_known(f"{prefix}known-at", known_at), read_time(f"{prefix}happened-by", happened_by, zone))

    @property
    def is_now(self) -> bool:
        """Whether neither option was given."""
        return self.known_at is None and self.happened_by is None

    def past_history(self, uow: UnitOfWork) -> PastHistory:
        """The history of a store at this point in time.

        Raises:
            InvalidInput: The store has not given out this cursor, or the time is in the future.
        """
        return OrderHistory(uow).as_of(known_at=self.known_at, happened_by=self.happened_by)


def require_past(point: PointInTimeOptions, command: str) -> None:
    """Refuse a missing point in time: an empty variable in a script must not select the present.

    Raises:
        InvalidInput: Neither option was given.
    """
    if point.is_now:
        raise InvalidInput("--known-at", None, f"--known-at, --happened-by or both: sot {command} reads the past")


def queries_of(uow: UnitOfWork, context: typer.Context) -> HistoryQueries:
    """The history that a command reads: the present one, or behind `sot as-of` the one of that point in time."""
    point = context.obj
    if not isinstance(point, PointInTimeOptions):
        return OrderHistory(uow)
    require_past(point, "as-of")
    return point.past_history(uow)


_INEXACT = (
    "not exact: facts that were recorded by that time and committed a moment later are included; a cursor is exact"
)


def heading(queries: HistoryQueries) -> list[Text]:
    """The lines above a table about the past; none for the present."""
    if not isinstance(queries, PastHistory):
        return []
    words = queries.words
    lines = [Text(words[0].upper() + words[1:], style="bold")]
    return lines if queries.exact else [*lines, Text(_INEXACT, style="yellow")]
