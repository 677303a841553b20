"""Vectors: expectations as data, run through the application layer on any store.

The format is `sot-vector/1`: a JSON list of vectors with `kind`, `id` and `source`; amounts are decimal strings.
docs/reference/vectors.md describes it. Another implementation proves itself by the same files.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import attrs

from sot.application.history import OrderHistory
from sot.application.support.record_result import RecordResult
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import InvalidInput, SotError, StoreError
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import plain, subtract
from sot.domain.values.times import utc_time
from sot.domain.values.vocabulary import VENUE_EVENT_TYPES, EventType, InstrumentKind
from sot.ports.store import Store, UnitOfWork
from sot.testing.journal import run_journal

FORMAT = "sot-vector/1"
_VENUE = "VENUE"
_SYMBOL = "BASE/QUOTE"


_EXACTLY = Decimal(0)
_DIVIDED = Decimal("1e-12")
"""What a quotient may differ by: vectors cannot print it in full."""


@attrs.define
class Result:
    """How many expectations there were, how many held, and what the others were."""

    expected: int = 0
    held: int = 0
    failures: list[str] = attrs.field(factory=list)

    def expect(self, where: str, name: str, wanted: object, found: object, tolerance: Decimal = _EXACTLY) -> None:
        """Compare one figure: numbers as numbers, everything else as text.

        `tolerance` is what numbers may differ by, relative to the larger of 1 and the figure.
        """
        self.expected += 1
        if _same(wanted, found, _DIVIDED if name == "avg_price" else tolerance):
            self.held += 1
        else:
            self.failures.append(f"{where}: {name} is {_shown(found)}, expected {_shown(wanted)}")

    def fail(self, where: str, why: str) -> None:
        """Something that should have happened did not."""
        self.expected += 1
        self.failures.append(f"{where}: {why}")


def _shown(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def _same(wanted: object, found: object, tolerance: Decimal) -> bool:
    if isinstance(found, Decimal) and isinstance(wanted, (str, int)) and not isinstance(wanted, bool):
        try:
            return abs(subtract(Decimal(wanted), found)) <= tolerance * max(Decimal(1), abs(found))
        except ArithmeticError:  # what is expected is no number
            return False
    if isinstance(found, (list, tuple)) and isinstance(wanted, list):
        return [str(item) for item in found] == [str(item) for item in wanted]
    if isinstance(found, bool) or isinstance(wanted, bool) or wanted is None or found is None:
        return wanted is found
    return str(wanted) == str(found)


def bundled() -> list[dict[str, Any]]:
    """The vectors that come with the package."""
    folder = files("sot.testing") / "data"
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda e: e.name)
    return [vector for entry in found for vector in _read(entry)]


def load(path: str | Path) -> list[dict[str, Any]]:
    """The vectors of a file, or of every .json file in a folder.

    Raises: InvalidInput: no such file, not JSON, or not of this format.
    """
    place = Path(path)
    if place.is_dir():
        return [vector for entry in sorted(place.glob("*.json")) for vector in _read(entry)]
    if not place.is_file():
        raise InvalidInput("PATH", str(path), "a file or folder of vectors")
    return _read(place)


def _read(entry: Traversable | Path) -> list[dict[str, Any]]:
    try:
        vectors = json.loads(entry.read_text("utf-8"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("PATH", entry.name, f"a JSON file ({error})") from None
    if not isinstance(vectors, list):
        raise InvalidInput("PATH", entry.name, "a JSON list of vectors")
    for vector in vectors:
        if not isinstance(vector, dict) or vector.get("format", FORMAT) != FORMAT or "kind" not in vector:
            raise InvalidInput("PATH", entry.name, f"vectors of format {FORMAT}")
    return vectors


def run_vectors(
    store: Store, vectors: Iterable[Mapping[str, Any]], progress: Callable[[], None] | None = None
) -> Result:
    """Run vectors on a store, each in an account of its own, so that any store will do, used or not."""
    result = Result()
    for vector in vectors:
        runner = RUNNERS.get(str(vector["kind"]))
        if runner is None:
            result.fail(str(vector.get("id")), f"this sot knows no vectors of kind {vector['kind']}")
        else:
            try:
                runner(store, vector, result)
            except StoreError:
                raise
            except (SotError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
                result.fail(str(vector.get("id")), f"{type(error).__name__}: {error}")
        if progress is not None:
            progress()
    return result


# ------------------------------------------------------------------------------------------------ kind lifecycle

_OF_THE_FACT = frozenset({"t", "branch", "type", "expect", "refused", "checks", "comment"})
_COMMANDS = {
    EventType.SUBMITTED: "mark_sent",
    EventType.CANCEL_REQUESTED: "mark_sent",
    EventType.REPLACE_REQUESTED: "mark_sent",
    EventType.FAILED: "mark_failed",
    EventType.CANCEL_FAILED: "mark_failed",
    EventType.REPLACE_FAILED: "mark_failed",
    EventType.SUBMISSION_UNKNOWN: "mark_unknown",
    EventType.CANCEL_UNKNOWN: "mark_unknown",
    EventType.REPLACE_UNKNOWN: "mark_unknown",
}


def run_lifecycle(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Record an order's facts one by one and compare the order after each."""
    account = f"conformance-{store.ids.new_id()}"
    request = dict(vector["request"])
    external = {"symbol": _SYMBOL, "side": request["side"], "order_quantity": request.get("quantity")}
    runner = _Lifecycle(account, {**external, "time_in_force": request.get("time_in_force")})
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(
            Instrument(
                account_id=account,
                venue=_VENUE,
                symbol=_SYMBOL,
                kind=InstrumentKind.SPOT,
                base="BASE",
                quote="QUOTE",
            )
        )
        sent = vector.get("submitted", True)
        if sent or EventType(vector["facts"][0]["type"]) not in VENUE_EVENT_TYPES:
            intent = OrderRequest.read({"account_id": account, "venue": _VENUE, "symbol": _SYMBOL, **request})
            runner.request_id = history.submit(intent).request_id
        if sent:
            runner.order_id = history.mark_sent(runner.request_id).order_id
        uow.commit()
    for number, fact in enumerate(vector["facts"], 1):
        where = f"{vector['id']} fact {number} ({fact['type']})"
        with store.begin() as uow:
            try:
                outcome = runner.take(uow, fact)
            except StoreError:
                raise
            except SotError as error:
                result.expect(where, "refused", fact.get("refused", False), type(error).__name__)
                continue
            if "refused" in fact:
                result.expect(where, "refused", fact["refused"], False)
            runner.compare(uow, where, fact.get("expect") or {}, outcome, result)
            if fact.get("branch") != "alt":
                uow.commit()


@attrs.define
class _Lifecycle:
    account: str
    terms: Mapping[str, Any]
    request_id: str = ""
    order_id: str | None = None
    amendments: dict[str, str] = attrs.field(factory=dict)

    def take(self, uow: UnitOfWork, fact: Mapping[str, Any]) -> RecordResult:
        """Record one fact."""
        history = OrderHistory(uow)
        said = {name: value for name, value in fact.items() if name not in _OF_THE_FACT and value is not None}
        kind = EventType(fact["type"])
        command = _COMMANDS.get(kind)
        if command is not None:
            request_id = self._request_of(history, kind, said)
            reason = {} if command == "mark_sent" else {"reason": said.pop("reason", "a test")}
            outcome: RecordResult = getattr(history, command)(request_id, **reason, **_times(said))
        elif kind is EventType.MARKED:
            outcome = history.mark(self.order_id or "", said["mark"], **_times(said))
        elif kind is EventType.VOIDED:
            target = {name: said[name] for name in ("sequence", "exec_id", "leg") if name in said}
            outcome = history.void(self.order_id or "", reason=said.get("reason", "a test"), **target, **_times(said))
        elif kind is EventType.RESOLVED:
            status = said.get("resolved_status")
            outcome = history.resolve(self.order_id or "", reason="a test", status=status, **_times(said))
        else:
            report = {"account_id": self.account, "venue": _VENUE, "type": fact["type"], **said}
            if not {"client_order_id", "venue_order_id", "orig_client_order_id"} & said.keys():
                report["order_id"] = self.order_id
            if self.order_id is None:
                outcome = history.adopt(VenueReport.read({**self.terms, **report}))
            else:
                outcome = history.record(VenueReport.read(report))
        self.order_id = self.order_id or outcome.order_id
        return outcome

    def _request_of(self, history: OrderHistory, kind: EventType, said: dict[str, Any]) -> str:
        if kind in (EventType.SUBMITTED, EventType.FAILED, EventType.SUBMISSION_UNKNOWN):
            return self.request_id
        action = "CANCEL" if kind.startswith("CANCEL") else "REPLACE"
        name = said.pop("client_order_id")
        terms: dict[str, Any] = {key: said.pop(key) for key in ("quantity", "limit_price") if key in said}
        if action == "REPLACE" and not terms:
            terms = {"quantity": "1"}
        if name not in self.amendments:
            fields: dict[str, Any] = {
                "account_id": self.account,
                "action": action,
                "client_order_id": name,
                "target_order_id": self.order_id,
                **terms,
            }
            self.amendments[name] = history.submit(OrderRequest.read(fields)).request_id
        return self.amendments[name]

    def compare(
        self, uow: UnitOfWork, where: str, expect: Mapping[str, Any], outcome: RecordResult, result: Result
    ) -> None:
        """Compare what is expected with the order as it is now."""
        history = OrderHistory(uow)
        order = history.order(self.order_id) if self.order_id else None
        for name, wanted in expect.items():
            result.expect(where, name, wanted, _figure(history, order, outcome, name))


def _times(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"occurred_at": utc_time("occurred_at", said["occurred_at"])} if "occurred_at" in said else {}


def _figure(history: OrderHistory, order: Order | None, outcome: RecordResult, name: str) -> object:
    if name in ("outcome", "anomalies"):
        return getattr(outcome, name)
    if order is None:
        return None
    if name == "events":
        return [event.type for event in history.events(order.order_id)]
    if name == "fills":
        return [f"{plain(fill.quantity)}@{plain(fill.price)}" for fill in history.fills(order.order_id)]
    if name == "fees":
        return [f"{plain(amount)} {unit}" for unit, amount in sorted(history.costs(order.order_id).fees.items())]
    if hasattr(order, name):
        return getattr(order, name)
    return getattr(order.state, name)


# ----------------------------------------------------------------------------------------------- kind accounting

_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def run_accounting(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Record fills one by one, each of an order found at the venue, and compare the position after each."""
    account = f"conformance-{store.ids.new_id()}"
    instrument = _instrument_of(account, vector["instrument"])
    asked = {"method": vector["method"], "rates": vector.get("fee_rates")}
    where = vector["id"]
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(instrument)
        for number, fill in enumerate(vector["fills"], 1):
            where = f"{vector['id']} fill {number}"
            history.adopt(_execution_of(instrument, fill, number))
            position = history.position(account, _VENUE, instrument.symbol, **asked)
            for name, wanted in (fill.get("expect") or {}).items():
                found = position.unrealized(vector.get("mark")) if name == "unrealized" else getattr(position, name)
                _expect_amounts(result, where, name, wanted, found)
        if "lots" in vector:
            lots = history.position(account, _VENUE, instrument.symbol, **asked).lots
            result.expect(where, "number of lots", len(vector["lots"]), len(lots))
            for place, (wanted, lot) in enumerate(zip(vector["lots"], lots, strict=False), 1):
                for name in ("quantity", "price"):
                    result.expect(where, f"lot {place} {name}", wanted[name], getattr(lot, name), _DIVIDED)
        uow.commit()


def _instrument_of(account: str, said: Mapping[str, Any]) -> Instrument:
    spot = said["settle"] == said["quote"] and Decimal(said["multiplier"]) == 1 and not said["inverse"]
    kind = InstrumentKind.SPOT if spot else InstrumentKind.PERPETUAL
    return Instrument.read({"account_id": account, "venue": _VENUE, "kind": kind, **said})


def _execution_of(instrument: Instrument, fill: Mapping[str, Any], number: int) -> VenueReport:
    return VenueReport.read(
        {
            "account_id": instrument.account_id,
            "venue": _VENUE,
            "symbol": instrument.symbol,
            "type": EventType.TRADE,
            "venue_order_id": f"order {number}",
            "side": fill["side"],
            "order_quantity": fill["quantity"],
            "exec_id": fill["exec_id"],
            "last_quantity": fill["quantity"],
            "last_price": fill["price"],
            "fees": fill.get("fees") or [],
            "occurred_at": _FIRST + timedelta(seconds=number),
        }
    )


def _expect_amounts(result: Result, where: str, name: str, wanted: object, found: object) -> None:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for key in sorted({*wanted, *found}):
            result.expect(where, f"{name} {key}", wanted.get(key, "0"), found.get(key, Decimal(0)), _DIVIDED)
    else:
        result.expect(where, name, wanted, found, _DIVIDED)


RUNNERS: Mapping[str, Callable[[Store, Mapping[str, Any], Result], None]] = {
    "lifecycle": run_lifecycle,
    "accounting": run_accounting,
    "journal": run_journal,
}

__all__ = [
    "FORMAT",
    "RUNNERS",
    "Result",
    "bundled",
    "load",
    "run_accounting",
    "run_journal",
    "run_lifecycle",
    "run_vectors",
]
