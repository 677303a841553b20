"""Views of positions, round trips, results and costs."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sot.application.views.values import pick, plain_value
from sot.domain.accounting.balances import Balance, Movement
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.lots import Lot
from sot.domain.accounting.position import Marks, Position, mark_of
from sot.domain.accounting.rates import Conversion
from sot.domain.accounting.reported_position import ReportedPosition
from sot.domain.accounting.results import Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.accounting.unregistered import UnregisteredSymbol
from sot.domain.values.position_key import PositionKey

_POSITION_FIELDS = (
    "quantity",
    "currency",
    "avg_entry_price",
    "break_even",
    "entry_value",
    "open_fees",
    "realized_gross",
    "realized_net",
    "realized_paid",
    "fees",
    "unvalued",
    "account_results",
    "unvalued_results",
    "complete",
    "missing_quantity",
    "order_assumed",
    "method",
)


GROUP_LABELS = ("day", "venue", "symbol", "strategy_code", "order_id")


_REALIZED_FIELDS = (
    "currency",
    "realized_gross",
    "currency_gain",
    "closed_fees",
    "paid_fees",
    "account_results",
    "realized_net",
    "realized_paid",
    "unvalued",
    "unvalued_results",
    "missing_quantity",
    "unvalued_entry_values",
    "complete",
)


_COSTS_FIELDS = (
    "currency",
    "orders",
    "notional",
    "maker_notional",
    "taker_notional",
    "fees",
    "fee_total",
    "unvalued",
    "unvalued_notional",
    "complete",
    "effective_rate",
    "decided",
    "slippage_cost",
    "slippage_rate",
    "fill_ratio",
)


_ROUND_TRIP_FIELDS = (
    "side",
    "currency",
    "opened_at",
    "closed_at",
    "entry_quantity",
    "avg_entry_price",
    "exit_quantity",
    "avg_exit_price",
    "realized_gross",
    "fees",
    "open_fees",
    "account_results",
    "net",
    "fills",
    "order_ids",
    "complete",
)


_BALANCE_FIELDS = ("account_id", "venue", "venue_account", "asset", "amount", "negative", "complete", "unregistered")


_MOVEMENT_FIELDS = (
    "at",
    "venue",
    "venue_account",
    "asset",
    "amount",
    "source",
    "symbol",
    "order_id",
    "exec_id",
    "event_id",
)


_REPORTED_FIELDS = (
    "currency",
    "entry_value",
    "open_fees",
    "realized_gross",
    "currency_gain",
    "account_results",
    "realized_net",
    "realized_paid",
    "unvalued",
    "unvalued_results",
    "unvalued_entry_values",
    "complete",
)


def balance_view(balance: Balance) -> dict[str, Any]:
    """The balance of an asset, with what it is made of."""
    parts = sorted(balance.parts.items())
    return {
        **pick(balance, _BALANCE_FIELDS),
        "parts": [{"source": str(source), **pick(part, ("amount", "count"))} for source, part in parts],
    }


def movement_view(movement: Movement) -> dict[str, Any]:
    """What a fact moved of an asset."""
    return pick(movement, _MOVEMENT_FIELDS)


def position_view(position: Position, unrealized: Mapping[PositionKey, Decimal]) -> dict[str, Any]:
    """A position, with its unrealized result at a mark by `unrealized`; null where that has none."""
    return {
        **_key_view(position.key),
        **pick(position, _POSITION_FIELDS),
        "missing": list(position.missing),
        "unrealized": plain_value(unrealized.get(position.key)),
        "opened_at": plain_value(position.state.opened_at),
        "lots": [pick(lot, Lot._fields[1:]) for lot in position.lots],
        "conversions": _conversions(position),
    }


def reported_position_view(
    reported: ReportedPosition, unrealized: Mapping[PositionKey, Decimal], marks: Marks
) -> dict[str, Any]:
    """A position, with `reporting`: its figures in a reporting currency."""
    position = reported.position
    mark = mark_of(position, marks)
    result = None if mark is None else reported.unrealized(mark)
    figures = {
        **pick(reported, _REPORTED_FIELDS),
        "unrealized_gross": plain_value(None if result is None else result.gross),
        "unrealized_currency_gain": plain_value(None if result is None else result.currency_gain),
        "unrealized": plain_value(None if result is None else result.total),
        "rate": plain_value(None if reported.rate is None else reported.rate.rate),
        "quoted_at": plain_value(None if reported.rate is None else reported.rate.quoted_at),
        "conversions": _conversions(reported),
    }
    return {**position_view(position, unrealized), "reporting": figures}


def realized_view(row: Realized) -> dict[str, Any]:
    """The realized results of one group."""
    return {**_labels(row), **pick(row, _REALIZED_FIELDS), "conversions": _conversions(row)}


def unregistered_view(unregistered: Iterable[UnregisteredSymbol]) -> list[dict[str, Any]]:
    """The symbols that results leave out, and what to do."""
    return [symbol.to_dict() for symbol in unregistered]


def known_figure(row: Realized, value: Decimal) -> Decimal | None:
    """A figure of a group for people; None instead of a zero from which results without a rate are missing."""
    is_unknown = not value and bool(row.unvalued_results or row.unvalued_entry_values)
    return None if is_unknown else value


def costs_view(row: CostAnalysis) -> dict[str, Any]:
    """The costs of one group. Rates are in basis points."""
    return {**_labels(row), **pick(row, _COSTS_FIELDS), "conversions": _conversions(row)}


def round_trip_view(trip: RoundTrip) -> dict[str, Any]:
    """A round trip. `duration` is in seconds."""
    duration = None if trip.duration is None else trip.duration.total_seconds()
    return {**_key_view(trip.key), **pick(trip, _ROUND_TRIP_FIELDS), "duration": duration}


def _key_view(key: PositionKey) -> dict[str, Any]:
    return {name: str(value) for name, value in key._asdict().items()}


def _labels(row: Realized | CostAnalysis) -> dict[str, Any]:
    return {name: str(value) for name in GROUP_LABELS if (value := getattr(row, name)) is not None}


def _conversions(source: Position | ReportedPosition | Realized | CostAnalysis) -> list[dict[str, Any]]:
    return [_conversion(conversion) for conversion in source.conversions]


def _conversion(conversion: Conversion) -> dict[str, Any]:
    """A conversion, with the time of its quote where that is known."""
    fields = conversion._asdict()
    if conversion.quoted_at is None:
        del fields["quoted_at"]
    return {name: plain_value(value) for name, value in fields.items()}
