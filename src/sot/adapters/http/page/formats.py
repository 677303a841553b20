"""How numbers, times and statuses look in HTML: the filters of the templates.

They are functions, not macros, since a list has hundreds of them: a macro takes several times as long. Numbers and
times are made of digits and signs alone, so that they need no escape; texts do.
"""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from sot.adapters.http.page.models.status import Status
from sot.adapters.http.page.models.values import Amount, Moment

_NOTHING = Markup("")


def number(value: Amount | None, width: int = 0) -> Markup:
    """Return a number as HTML, aligned at its decimal point.

    Args:
        value: The number; nothing is shown for None.
        width: The width of the longest fraction of its column, as `places` has it.
    """
    if value is None:
        return _NOTHING
    parts = f'<span class="whole">{value.whole}</span><span class="fraction p{width}">{value.fraction}</span>'
    return Markup(f'<span class="number">{parts}</span>')


def time(value: Moment | None) -> Markup:
    """Return a time as HTML, to the millisecond; nothing for None."""
    return _NOTHING if value is None else _time(value, value.text, "")


def second(value: Moment | None) -> Markup:
    """Return a time as HTML, to the second; nothing for None."""
    return _NOTHING if value is None else _time(value, value.text[:19], " data-seconds")


def _time(value: Moment, text: str, attribute: str) -> Markup:
    return Markup(f'<time datetime="{value.exact}" title="{value.exact} UTC"{attribute}>{text}</time>')


def status(value: Status) -> Markup:
    """Return a status as HTML, with what is in doubt about it."""
    flags = ["in doubt"] if value.in_doubt else []
    flags += [f"+{value.unproven} unproven"] if value.unproven is not None else []
    flags += [f"{value.parked} waiting"] if value.parked else []
    marked = "".join(f' <strong class="flag">{escape(flag)}</strong>' for flag in flags)
    return Markup(f'<span class="status {escape(value.tone)}">{escape(value.word)}</span>{marked}')


FORMATS: Mapping[str, Callable[..., Any]] = {"number": number, "time": time, "second": second, "status": status}
"""The filters by the names that templates know them by."""
