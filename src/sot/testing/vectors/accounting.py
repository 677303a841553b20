"""Vectors of kind `accounting`: executions and account events of an account, and what they add up to."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import attrs

from sot.application.audit.feed import follow
from sot.application.history import OrderHistory
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.quote_table import QuoteTable
from sot.domain.accounting.rates import Quote, Rates
from sot.domain.accounting.reported_position import Unrealized
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest
from sot.domain.values.errors import SotError, StoreError
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import EventType, InstrumentKind
from sot.ports.rates import RateSource
from sot.ports.store import Store, UnitOfWork
from sot.testing.vectors.accounting_views import FEED_VIEWS, VIEWS, Recorded
from sot.testing.vectors.result import EXACT, QUOTIENT_TOLERANCE, Result, name_of

_VENUE = "VENUE"
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def run_accounting(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Record executions and account events; compare the position after each, and the views at the end."""
    account = _start_account(store, vector)
    compare = _Comparison(vector, account.recorded, result)
    for number, entry in enumerate(vector["fills"], 1):
        where = f"{vector['id']} fill {number}"
        with store.begin() as uow:
            refused = _record_entry(OrderHistory(uow), account, entry, number, compare, where)
            if refused is None:
                uow.commit()
        if refused or "refused" in entry:
            result.expect(where, "refused", entry.get("refused", False), refused or False)
        with store.begin(read_only=True) as uow:
            account.recorded.cursors.append(uow.feed.last())
    if any(view["view"] in FEED_VIEWS for view in vector.get("views", ())):
        _read_feed(store, account.recorded)
    with store.begin(read_only=True) as uow:
        compare.lots(OrderHistory(uow))
        for number, view in enumerate(vector.get("views", ()), 1):
            compare.view(uow, f"{vector['id']} view {number} ({view['view']})", view)


def _read_feed(store: Store, recorded: Recorded) -> None:
    recorded.followed = [(c, e) for c, e in follow(store, recorded.begin) if e.account_id == recorded.account_id]
    with store.begin(read_only=True) as uow:
        recorded.feed = [leaf for leaf in uow.feed.leaves(recorded.begin) if leaf.account_id == recorded.account_id]


def _record_entry(
    history: OrderHistory,
    account: "_Account",
    entry: Mapping[str, Any],
    number: int,
    compare: "_Comparison",
    where: str,
) -> str | None:
    """Record and compare an entry; returns the name of the error if it is refused."""
    try:
        outcome = account.record(history, entry, number)
    except StoreError:
        raise
    except SotError as error:
        return name_of(error)
    compare.entry(history, where, entry, outcome)
    return None


def _start_account(store: Store, vector: Mapping[str, Any]) -> "_Account":
    """Register the instruments, and submit and send the orders that the vector names, in a new account."""
    account_id = f"conformance-{store.ids.new_id()}"
    account = _Account(_instrument(account_id, vector["instrument"]), Recorded(account_id, _VENUE))
    with store.begin() as uow:
        account.recorded.begin = uow.feed.last()
        history = OrderHistory(uow)
        for instrument in (account.instrument, *(_instrument(account_id, i) for i in vector.get("instruments", ()))):
            history.register(instrument)
        for name, order in vector.get("orders", {}).items():
            account.recorded.orders[name] = _send(history, account, name, order)
        uow.commit()
    return account


def _instrument(account_id: str, fields: Mapping[str, Any]) -> Instrument:
    settle = fields.get("settle", fields["quote"])
    plain = settle == fields["quote"] and Decimal(fields.get("multiplier", 1)) == 1 and not fields.get("inverse")
    kind = InstrumentKind.MARGIN if plain else InstrumentKind.PERPETUAL
    return Instrument.read({"account_id": account_id, "venue": _VENUE, "kind": kind, **fields})


def _send(history: OrderHistory, account: "_Account", name: str, order: Mapping[str, Any]) -> str:
    fields = dict(order)
    price = fields.pop("decision_price", None)
    context = None if price is None else DecisionContext.read({"market_snapshot": {"decision_price": price}})
    common = {"account_id": account.recorded.account_id, "venue": _VENUE, "symbol": account.instrument.symbol}
    request = OrderRequest.read({**common, "order_type": "MARKET", "client_order_id": name, **fields})
    order_id = history.mark_sent(history.submit(request, context=context).request_id).order_id
    assert order_id is not None
    return order_id


def _at(entry: Mapping[str, Any], number: int) -> datetime:
    return _FIRST + timedelta(seconds=int(entry.get("at", number)))


_OPTIONAL = (
    "leg",
    "position_side",
    "position_id",
    "venue_account",
    "last_amount",
    "liquidity",
    "exec_ref_id",
    "order_quantity",
    "split_ratio",
    "reporting_type",
    "venue_sequence",
    "venue_time_ns",
)


@attrs.define
class _Account:
    """The account of a vector, and what was recorded in it."""

    instrument: Instrument
    recorded: Recorded
    event_ids: dict[int, str] = attrs.field(factory=dict)

    def record(self, history: OrderHistory, entry: Mapping[str, Any], number: int) -> RecordResult:
        """Record one entry of the vector."""
        if "account_event" in entry:
            outcome = history.record_account_event(self._account_event(entry, number))
            self.event_ids[number] = outcome.event_id or ""
            return outcome
        name = str(entry.get("order", f"order {number}"))
        if "mark" in entry:
            return history.mark(self.recorded.orders[name], entry["mark"], entry.get("fee_rates"))
        if name in self.recorded.orders:
            return history.record(self._report(entry, number, order_id=self.recorded.orders[name]))
        terms = {"venue_order_id": name, "order_quantity": entry["quantity"]}
        outcome = history.adopt(self._report(entry, number, **terms))
        self.recorded.orders[name] = outcome.order_id or ""
        return outcome

    def _report(self, entry: Mapping[str, Any], number: int, **identity: Any) -> VenueReport:
        return VenueReport.read(
            {
                "account_id": self.recorded.account_id,
                "venue": _VENUE,
                "symbol": entry.get("symbol", self.instrument.symbol),
                "type": entry.get("type", EventType.TRADE),
                "side": entry.get("side"),
                "exec_id": entry.get("exec_id"),
                "last_quantity": entry.get("quantity"),
                "last_price": entry.get("price"),
                "fees": entry.get("fees") or [],
                "occurred_at": _at(entry, number),
                **identity,
                **{name: entry[name] for name in _OPTIONAL if name in entry},
            }
        )

    def _account_event(self, entry: Mapping[str, Any], number: int) -> AccountEvent:
        fields = {"symbol": self.instrument.symbol, **entry["account_event"]}
        if "replaces" in fields:
            fields["replaces"] = self.event_ids[fields["replaces"]]
        common = {"account_id": self.recorded.account_id, "venue": _VENUE, "occurred_at": _at(entry, number)}
        return AccountEvent.read({**common, **fields})


class _Comparison:
    """Compares what was recorded with what a vector expects."""

    def __init__(self, vector: Mapping[str, Any], recorded: Recorded, result: Result) -> None:
        self._vector = vector
        self._recorded = recorded
        self._result = result
        self._tolerance = EXACT if vector.get("exact") else QUOTIENT_TOLERANCE
        query = {"method": vector["method"], "rates": vector.get("fee_rates")}
        self._key = (recorded.account_id, _VENUE, vector["instrument"]["symbol"])
        self._query: dict[str, Any] = query

    def entry(self, history: OrderHistory, where: str, entry: Mapping[str, Any], outcome: RecordResult) -> None:
        """Compare the outcome of an entry, and the position of the vector's instrument after it."""
        for name in ("outcome", "anomalies"):
            if name in entry:
                self._result.expect(where, name, entry[name], getattr(outcome, name))
        position = history.position(*self._key, **self._query)
        for name, expected in (entry.get("expect") or {}).items():
            unrealized = name == "unrealized"
            actual = position.unrealized(self._vector.get("mark")) if unrealized else getattr(position, name)
            self._amounts(where, name, expected, actual)

    def lots(self, history: OrderHistory) -> None:
        """Compare the lots at the end."""
        if "lots" in self._vector:
            where = self._vector["id"]
            self._rows(where, "lot", self._vector["lots"], history.position(*self._key, **self._query).lots)

    def view(self, uow: UnitOfWork, where: str, view: Mapping[str, Any]) -> None:
        """Compare the rows of a view, now or at a past moment."""
        point = dict(view.get("as_of", {}))
        if "entry" in point:
            point["known_at"] = self._recorded.cursor_after(point.pop("entry"))
        if isinstance(point.get("happened_by"), int):
            point["happened_by"] = _at({"at": point["happened_by"]}, 0)
        history = OrderHistory(uow)
        query = {**view.get("query", {}), "rates": _rates(self._vector)}
        try:
            rows = VIEWS[view["view"]](history.as_of(**point) if point else history, self._recorded, query)
        except StoreError:
            raise
        except SotError as error:
            self._result.expect(where, "refused", view.get("refused", False), name_of(error))
        else:
            self._rows(where, "row", view["expect"], rows)

    def _rows(self, where: str, word: str, expected_rows: Any, rows: Any) -> None:
        self._result.expect(where, f"number of {word}s", len(expected_rows), len(rows))
        for number, (expected, row) in enumerate(zip(expected_rows, rows, strict=False), 1):
            for name, figure in expected.items():
                self._figure(where, f"{word} {number} {name}", name, figure, row)

    def _figure(self, where: str, words: str, name: str, expected: object, row: Any) -> None:
        actual = getattr(row, name)
        if isinstance(actual, Quote):
            actual = actual.rate
        elif callable(actual):  # a figure at a mark, or one that takes rates, here none
            actual = actual(self._vector.get("mark")) if name == "unrealized" else actual()
        if name in ("lots", "conversions"):
            self._rows(where, f"{words} {name[:-1]}", expected, actual)
        elif isinstance(actual, Unrealized):
            for part, figure in cast("Mapping[str, object]", expected).items():
                self._amounts(where, f"{words} {part}", figure, getattr(actual, part))
        elif name == "parts":
            self._amounts(where, words, expected, {source: part.amount for source, part in actual.items()})
        elif isinstance(actual, datetime):
            self._result.expect(where, words, expected, (actual - _FIRST) // timedelta(seconds=1))
        elif isinstance(actual, timedelta):
            self._result.expect(where, words, expected, actual // timedelta(seconds=1))
        else:
            self._amounts(where, words, expected, actual)

    def _amounts(self, where: str, name: str, expected: object, actual: object) -> None:
        """Compare one amount, or amounts by currency."""
        if isinstance(expected, Mapping) and isinstance(actual, Mapping):
            for key in sorted({*expected, *actual}):
                figures = expected.get(key, "0"), actual.get(key, Decimal(0))
                self._result.expect(where, f"{name} {key}", *figures, self._tolerance)
        else:
            self._result.expect(where, name, expected, actual, self._tolerance)


def _rates(vector: Mapping[str, Any]) -> Rates:
    """The rates of a vector: those of a table of quotes, or the last one of a pair up to a time, and nothing else."""
    quotes = vector.get("rates", ())
    if "quotes" in vector:
        return _table(quotes, **vector["quotes"])

    def rate_of(currency: str, into: str, at: datetime) -> Decimal | None:
        known = [q for q in quotes if (q["currency"], q["into"]) == (currency, into) and _at(q, 0) <= at]
        return Decimal(max(known, key=lambda q: int(q["at"]))["rate"]) if known else None

    return rate_of


class _Table(QuoteTable, RateSource):
    """A table of quotes as a source of rates."""


def _table(quotes: Iterable[Mapping[str, Any]], via: str | None = None, max_age: int | None = None) -> RateSource:
    rates: dict[tuple[str, str], dict[datetime, Decimal]] = {}
    for quote in quotes:
        rates.setdefault((quote["currency"], quote["into"]), {})[_at(quote, 0)] = Decimal(quote["rate"])
    return _Table(rates, via=via, max_age=None if max_age is None else timedelta(seconds=max_age))
