"""Times that people name in a word: the end of a recent day, a month, a year."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import attrs

_DAY = timedelta(days=1)
_RECENT_DAYS = 7
_MONTHS = 12


@attrs.frozen(kw_only=True)
class Choice:
    """A link to the same page for a time that people name in a word."""

    label: str
    address: str
    is_current: bool = False


@attrs.frozen(kw_only=True)
class Period:
    """A period of whole days.

    Attributes:
        first: Its first day.
        before: The day after its last one; None if there is none.
    """

    label: str
    first: date
    before: date | None


def recent_ends(now: datetime) -> Iterator[tuple[str, datetime]]:
    """Iterate over the times that people ask about: the ends of the last seven days, of last month and of last year.

    A time that is given twice is given once, by its first name.

    Args:
        now: The current time, in the zone of the days.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found: set[datetime] = set()
    for label, end in _named_ends(midnight):
        if end not in found:
            found.add(end)
            yield label, end


def _named_ends(midnight: datetime) -> Iterator[tuple[str, datetime]]:
    for back in range(_RECENT_DAYS):
        end = midnight - back * _DAY
        day = end - _DAY
        name = "yesterday" if back == 0 else f"last {day:%A}"
        yield f"{name}, {day.day} {day:%B}", end
    month = midnight.replace(day=1)
    yield f"last month, {month - _DAY:%B}", month
    yield f"last year, {midnight.year - 1}", month.replace(month=1)


def year_of(first: date | datetime | None, today: date) -> int:
    """Return the year whose months are offered: that of the time that is asked for, else the current one."""
    return (first or today).year


def periods(year: int, today: date) -> Iterator[Period]:
    """Iterate over the periods that are offered: the year before, a year, its months until today, the year after."""
    if year > date.min.year:
        yield _year(year - 1)
    yield _year(year)
    for month in range(1, _MONTHS + 1):
        first = date(year, month, 1)
        if first <= today:
            yield Period(label=f"{first:%b}", first=first, before=_next_month(first))
    if year < today.year:
        yield _year(year + 1)


def _year(year: int) -> Period:
    return Period(
        label=str(year), first=date(year, 1, 1), before=date(year + 1, 1, 1) if year < date.max.year else None
    )


def _next_month(first: date) -> date | None:
    if first.month < _MONTHS:
        return first.replace(month=first.month + 1)
    return date(first.year + 1, 1, 1) if first.year < date.max.year else None
