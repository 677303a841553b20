"""What is asked of results: the parameters that all their pages have, and narrower questions as addresses."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import attrs

from sot.adapters.http import parameters
from sot.adapters.http.page.models.filters import (
    FilterField,
    choice_field,
    day_field,
    repeated_fields,
    text_field,
)
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import AS_OF, day_or_time, time_of
from sot.adapters.http.page.views.place_filters import place_fields
from sot.adapters.http.page.views.position import METHODS
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.results import Realized
from sot.domain.values import fields
from sot.domain.values.vocabulary import Method

Boundary = date | datetime
SETTLED = "settled"
"""The value of `in_currency` that leaves each result in the currency in which it is settled."""
_IN_CURRENCY = parameters.single(
    "in_currency",
    fields.NAME,
    f"A reporting currency, or `{SETTLED}`: each result in its own currency. By default that of the server.",
)
QUERY = (
    parameters.ACCOUNT,
    parameters.VENUE,
    parameters.SYMBOL,
    parameters.VENUE_ACCOUNT,
    parameters.STRATEGY,
    day_or_time("since", "Happened at or after this time, or the beginning of this day."),
    day_or_time("before", "Happened before this time, or the beginning of this day."),
    parameters.TIME_ZONE,
    parameters.METHOD,
    _IN_CURRENCY,
    parameters.PAIR_RATE,
    AS_OF,
    *parameters.PAGING,
)


@attrs.frozen
class ResultQuery:
    """What is asked of results, as the address of a page says."""

    context: PageContext

    @property
    def account_id(self) -> str:
        """The account."""
        return self.context.one_account

    @property
    def zone(self) -> tzinfo:
        """The time zone of days."""
        zone: tzinfo = self.context.query.get("time_zone", UTC)
        return zone

    @property
    def method(self) -> Method:
        """The method that matches closing units with lots."""
        method: Method = self.context.query.get("method", Method.AVERAGE)
        return method

    @property
    def strategy_code(self) -> str | None:
        """The strategy; None for all."""
        code: str | None = self.context.query.get("strategy_code")
        return code

    @property
    def in_currency(self) -> str | None:
        """The reporting currency: that of the query, else of the server; None for settlement currencies."""
        currency: str | None = self.context.query.get("in_currency", self.context.services.currency)
        return None if currency == SETTLED else currency

    def criteria(self) -> dict[str, Any]:
        """What every query of results takes."""
        query = self.context.query
        return {
            **{name: query.get(name) for name in ("venue", "symbol", "venue_account")},
            **{name: time_of(name, query.get(name), self.zone) for name in ("since", "before")},
            "rates": self.context.rates,
        }

    def fields(self) -> list[FilterField]:
        """The form above results."""
        context, query = self.context, self.context.query_texts
        own = (text_field("symbol", "Symbol", query), text_field("strategy_code", "Strategy", query))
        return [
            *place_fields(context, *own),
            day_field("since", "From", query),
            day_field("before", "Before", query),
            text_field("time_zone", "Zone of days", query, hint="Europe/Berlin; UTC"),
            choice_field("method", "Method", query, METHODS, anything=None),
            text_field("in_currency", "In currency", query, hint=f"EUR; {SETTLED}"),
            *repeated_fields("rate", "Rate", query, hint="BNB/USDT=612.5"),
        ]

    def texts(self) -> Mapping[str, Any]:
        """The parameters that all pages of results share, as texts."""
        known = {parameter.name for parameter in QUERY}
        return {name: text for name, text in self.context.query_texts.items() if name in known - {"page_size"}}

    def narrowed(self, row: Realized | CostAnalysis) -> dict[str, Any]:
        """The parameters of what a row sums up, as far as they can say it: not that there is no strategy."""
        labels = {name: getattr(row, name) or None for name in ("venue", "symbol", "strategy_code")}
        given = {name: value for name, value in labels.items() if value is not None}
        day = {} if row.day is None else self._within(row.day)
        return {**self.texts(), **given, **day}

    def _within(self, day: date) -> dict[str, Boundary]:
        """The interval of a day, within the one that is asked for."""
        query = self.context.query
        following = day + timedelta(days=1) if day < date.max else None
        return {
            name: boundary
            for name, boundary in (
                ("since", self._later("since", query.get("since"), day)),
                ("before", self._earlier("before", query.get("before"), following)),
            )
            if boundary is not None
        }

    def _later(self, name: str, given: Boundary | None, day: Boundary) -> Boundary:
        return day if given is None or self._time(name, given) <= self._time(name, day) else given

    def _earlier(self, name: str, given: Boundary | None, day: Boundary | None) -> Boundary | None:
        if given is None or day is None:
            return given or day
        return day if self._time(name, day) <= self._time(name, given) else given

    def _time(self, name: str, boundary: Boundary) -> datetime:
        at = time_of(name, boundary, self.zone)
        assert at is not None
        return at


def currency_choices(asked: ResultQuery) -> Mapping[str, str]:
    """Return the currencies between which a reader chooses, by what the address says of each; none without rates."""
    server, named = asked.context.services.currency, asked.in_currency
    choices = {currency: f"In {currency}" for currency in (server, named) if currency is not None}
    return {**choices, SETTLED: "Each in its own currency"} if choices else {}


def notes_of(asked: ResultQuery, currencies: Sequence[str]) -> list[str]:
    """Return what the figures are, and what they need, in words."""
    notes = []
    if asked.in_currency is not None:
        notes.append(f"In {asked.in_currency}: each part at the rate of its own time.")
    if asked.in_currency is not None and asked.context.rates is None:
        notes.append(
            "The server has no rates, so that nothing in another currency is valued: start it with sot serve --rates, "
            "or give a rate by hand."
        )
    if len(currencies) > 1:
        notes.append("Amounts of different currencies are never added. Ask for one currency to see them together.")
    return notes
