"""The moment that a command asks about: now, or any past one."""

from datetime import datetime
from typing import Annotated, Any

import attrs
import typer
from rich.text import Text

from sot.application.as_of.history import PastHistory
from sot.application.history import OrderHistory
from sot.application.input.text_values import cursor_or_time
from sot.application.queries.history import HistoryQueries
from sot.application.views.values import plain_value
from sot.domain.values.errors import InvalidInput
from sot.entrypoints.options import read_time
from sot.ports.store import UnitOfWork

KnownOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="CURSOR|TIME",
        help="As it was known: up to a cursor of the feed (exact), or by a time such as 2026-01-31T17:00:00Z.",
    ),
]
HappenedOption = Annotated[
    str | None,
    typer.Option(
        "--happened-by",
        metavar="TIME",
        help="As it had happened, by the times that venues told, whenever it became known here.",
    ),
]


@attrs.frozen
class Moment:
    """What a person asked for: what was known at one moment, of what had happened by another."""

    known_at: int | datetime | None = None
    happened_by: datetime | None = None

    @classmethod
    def read(cls, known_at: str | None, happened_by: str | None, prefix: str = "--") -> "Moment":
        """From the texts of the options. Raises: InvalidInput."""
        known = cursor_or_time(f"{prefix}known-at", known_at)
        return cls(known, read_time(f"{prefix}happened-by", happened_by))

    @property
    def is_now(self) -> bool:
        """Nothing was asked for."""
        return self.known_at is None and self.happened_by is None

    def past(self, uow: UnitOfWork) -> PastHistory:
        """The moment in a store. Raises: InvalidInput: a cursor that it has not given, or a time that has not come."""
        return OrderHistory(uow).as_of(known_at=self.known_at, happened_by=self.happened_by)


def check_given(moment: Moment, command: str) -> None:
    """Raises: InvalidInput: no moment, so that an empty variable in a script does not pass for one."""
    if moment.is_now:
        raise InvalidInput("--known-at", None, f"--known-at, --happened-by or both: sot {command} is about the past")


def teller(uow: UnitOfWork, context: typer.Context) -> HistoryQueries:
    """Who tells what a command asks: the present, or behind `sot as-of` that moment."""
    moment = context.obj
    if not isinstance(moment, Moment):
        return OrderHistory(uow)
    check_given(moment, "as-of")
    return moment.past(uow)


def as_of_view(told: PastHistory) -> dict[str, Any]:
    """A moment as JSON values."""
    known = told.known.recorded_by if told.known.position is None else told.known.position
    return {"known_at": plain_value(known), "happened_by": plain_value(told.happened_by), "exact": told.exact}


def said_of(told: HistoryQueries) -> dict[str, Any]:
    """What belongs into a JSON answer about a past moment; nothing into one about now."""
    return {"as_of": as_of_view(told)} if isinstance(told, PastHistory) else {}


_INEXACT = (
    "not exact: a fact counts, too, that was recorded by that time and committed a moment later; a cursor is exact"
)


def heading(told: HistoryQueries) -> list[Text]:
    """What stands above an answer about a past moment; nothing above one about now."""
    if not isinstance(told, PastHistory):
        return []
    said = told.words
    lines = [Text(said[0].upper() + said[1:], style="bold")]
    return lines if told.exact else [*lines, Text(_INEXACT, style="yellow")]
