"""Hypothesis strategies for numbers, times, reports, account events and reconciliation rows."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import Any

from sot.domain.accounting.account_event import AccountEvent, TransferLot
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.errors import MissingExtra
from sot.domain.values.numbers import FRACTION_DIGITS, INTEGER_DIGITS
from sot.domain.values.vocabulary import (
    VENUE_EVENT_TYPES,
    AccountEventType,
    EventType,
    Liquidity,
    Mismatch,
    OrderStatus,
    OrderType,
    PositionSide,
    ReconciliationType,
    ReportingType,
    Side,
    TimeInForce,
)

try:
    from hypothesis import strategies as st
except ModuleNotFoundError as error:
    raise MissingExtra("testing", "the strategies") from error

_LARGEST = 10 ** (INTEGER_DIGITS + FRACTION_DIGITS) - 1
_WIDE = Context(prec=60)


def numbers(smallest: int = -_LARGEST) -> st.SearchStrategy[Decimal]:
    """Every exact number that a fact may have, in steps of its smallest fraction."""
    return st.integers(smallest, _LARGEST).map(lambda n: Decimal(n).scaleb(-FRACTION_DIGITS, _WIDE))


def round_numbers(smallest: int = 1, largest: int = 40) -> st.SearchStrategy[Decimal]:
    """Small multiples of a quarter, many of them equal, so that facts refer to each other."""
    return st.integers(smallest, largest).map(lambda n: Decimal(n) / 4)


def utc_times() -> st.SearchStrategy[datetime]:
    """Any time that every database can store, to the microsecond."""
    return st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))


def names() -> st.SearchStrategy[str]:
    """Identifiers as venues make them, with quotes, percent signs and other alphabets."""
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20)


def fees() -> st.SearchStrategy[tuple[Fee, ...]]:
    """Up to two fees, some of them rebates, some with an id of the venue."""
    currencies, ids = st.sampled_from(["BASE", "QUOTE", "TOKEN"]), st.sampled_from([None, None, None, "F1", "F2"])
    fee = st.builds(Fee, amount=round_numbers(-3, 6), currency=currencies, fee_id=ids)
    return st.lists(fee, max_size=2).map(tuple)


def _optional(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(st.none(), strategy)


def reports(account_id: str, venue: str, symbol: str) -> st.SearchStrategy[VenueReport]:
    """Reports about a few orders: consistent, repeated, contradictory, out of order, without a known order.

    Client order ids come from C1..C4 and D1..D3 (those of amendments), venue order ids from V1..V3, execution ids from
    E1..E6, so that reports refer to the same things.
    """
    times = st.integers(0, 30).map(lambda second: datetime(2026, 1, 5, 10, 0, second, tzinfo=UTC))
    trades = st.sampled_from([EventType.TRADE, EventType.TRADE, EventType.TRADE_CORRECT, EventType.TRADE_CANCEL])
    return st.builds(
        VenueReport,
        account_id=st.just(account_id),
        type=st.one_of(trades, st.sampled_from(VENUE_EVENT_TYPES)),
        venue=st.sampled_from([venue, venue, venue, None, "ELSEWHERE"]),
        client_order_id=st.sampled_from(["C1", "C2", "C3", "C4", "D1", "D2", "D3", "UNKNOWN", None]),
        orig_client_order_id=st.sampled_from([None, None, "C1", "C2"]),
        venue_order_id=st.sampled_from([None, None, "V1", "V2", "V3", "NONE"]),
        venue_account=st.sampled_from(["", "", "", "", "sub"]),
        exec_id=st.sampled_from([None, "0", "E1", "E2", "E3", "E4", "E5", "E6"]),
        exec_ref_id=st.sampled_from([None, "E1", "E2", "E3", "E4"]),
        leg=st.sampled_from(["", "", "", "2"]),
        symbol=st.sampled_from([None, None, symbol, "UNREGISTERED"]),
        side=st.sampled_from([None, None, *Side]),
        reported_status=_optional(st.sampled_from(OrderStatus)),
        reporting_type=st.sampled_from([None, None, None, *ReportingType]),
        last_quantity=_optional(round_numbers(-1, 20)),
        last_price=_optional(round_numbers(-4, 400)),
        last_amount=st.sampled_from([None, None, None, Decimal(10), Decimal("10.5")]),
        cum_quantity=_optional(round_numbers(0, 20)),
        leaves_quantity=_optional(round_numbers(0, 20)),
        avg_price=_optional(round_numbers(1, 400)),
        order_quantity=_optional(round_numbers(0, 60)),
        limit_price=_optional(round_numbers(1, 400)),
        order_type=_optional(st.sampled_from(OrderType)),
        time_in_force=_optional(st.sampled_from(TimeInForce)),
        split_ratio=st.sampled_from([None, None, None, Decimal(2), Decimal("0.5"), Decimal(0)]),
        fees=fees(),
        liquidity=_optional(st.sampled_from(Liquidity)),
        reason=st.sampled_from([None, None, "DUPLICATE_ORDER", "TOO_LATE"]),
        occurred_at=_optional(times),
        received_at=_optional(times),
        venue_sequence=st.sampled_from([None, None, None, 1, 2, 3]),
        venue_time_ns=st.sampled_from([None, None, 1_767_225_600_123_456_789]),
        raw_payload=st.sampled_from([None, None, {"a": [1, "x", None]}]),
        left_out=st.sampled_from([None, None, None, {"avg_price": "too many digits"}]),
        position_side=st.sampled_from([None, None, None, None, PositionSide.LONG, PositionSide.SHORT]),
        position_id=st.sampled_from([None, None, None, "P1"]),
    )


def account_events(account_id: str, venue: str, symbol: str) -> st.SearchStrategy[AccountEvent]:
    """Account events about one symbol, or about the account alone; some under the venue's ids X1..X3.

    `replaces` is never set; the caller knows the ids of earlier events.
    """
    times = st.integers(0, 30).map(lambda second: datetime(2026, 1, 5, 10, 0, second, tzinfo=UTC))
    common = {
        "account_id": st.just(account_id),
        "venue": st.just(venue),
        "occurred_at": times,
        "external_id": st.sampled_from([None, None, "X1", "X2", "X3"]),
        "strategy_code": st.sampled_from([None, None, "trend"]),
    }
    sides = st.sampled_from([PositionSide.NET, PositionSide.NET, PositionSide.LONG])
    position = {**common, "symbol": st.sampled_from([symbol, symbol, "UNREGISTERED"]), "position_side": sides}
    currencies = st.sampled_from(["QUOTE", "QUOTE", "BASE", "TOKEN"])
    payment = {"amount": round_numbers(-8, 8).filter(bool), "currency": currencies}
    incoming = {"quantity": round_numbers(1, 20), "cost": round_numbers(0, 4_000)}
    outgoing = {"quantity": round_numbers(-20, -1), "cost": _optional(round_numbers(0, 4_000))}
    flows = st.sampled_from(
        [
            AccountEventType.FUNDING,
            AccountEventType.INTEREST,
            AccountEventType.DIVIDEND,
            AccountEventType.FEE_ADJUSTMENT,
        ]
    )
    transfer, split = st.just(AccountEventType.TRANSFER), st.just(AccountEventType.SPLIT)
    return st.one_of(
        st.builds(AccountEvent, type=flows, **position, **payment),
        st.builds(AccountEvent, type=flows, **common, **payment),
        st.builds(AccountEvent, type=transfer, **position, **incoming),
        st.builds(AccountEvent, type=transfer, **position, **outgoing),
        st.sampled_from(_RATIOS).flatmap(lambda ratio: st.builds(AccountEvent, type=split, **position, **ratio)),
        st.builds(AccountEvent, type=transfer, **common, **payment),
        _transfer_lots().flatmap(lambda lots: st.builds(AccountEvent, type=transfer, **position, **lots)),
        _events_of_brokers(common, symbol, payment),
    )


@st.composite
def _transfer_lots(draw: st.DrawFn) -> dict[str, st.SearchStrategy[object]]:
    """The quantity and the lots of a transfer that brings them."""
    days = draw(st.lists(st.integers(1, 28), min_size=1, max_size=3, unique=True))
    lots = [
        TransferLot(
            quantity=draw(round_numbers(1, 8)),
            cost=draw(round_numbers(0, 400)),
            acquired_at=datetime(2025, 12, day, tzinfo=UTC),
        )
        for day in days
    ]
    return {"quantity": st.just(sum((lot.quantity for lot in lots), Decimal(0))), "lots": st.just(lots)}


def _events_of_brokers(
    common: Mapping[str, st.SearchStrategy[object]], symbol: str, payment: Mapping[str, st.SearchStrategy[object]]
) -> st.SearchStrategy[AccountEvent]:
    """Changes of cost, spin-offs and the end of options, from and to the symbol."""
    one: dict[str, Any] = {**common, "symbol": st.just(symbol)}
    units, amounts = round_numbers(1, 20), round_numbers(0, 400)
    exercises = st.sampled_from([AccountEventType.EXERCISE, AccountEventType.ASSIGNMENT])
    expiry, spin_off = st.just(AccountEventType.EXPIRY), st.just(AccountEventType.SPIN_OFF)

    def moving(from_: str, to: str) -> list[st.SearchStrategy[AccountEvent]]:
        pair: dict[str, Any] = {**common, "symbol": st.just(from_), "to_symbol": st.just(to)}
        return [
            st.builds(AccountEvent, type=exercises, **pair, quantity=units, to_quantity=units, price=amounts),
            st.builds(AccountEvent, type=spin_off, **pair, to_quantity=units, cost=amounts),
            st.builds(AccountEvent, type=spin_off, **pair, to_quantity=units, cost_share=st.just(Decimal("0.25"))),
        ]

    return st.one_of(
        st.builds(AccountEvent, type=st.just(AccountEventType.COST_ADJUSTMENT), **one, **payment),
        st.builds(AccountEvent, type=expiry, **one, quantity=_optional(units), price=_optional(amounts)),
        st.builds(AccountEvent, type=exercises, **one, quantity=units, **payment),
        *moving(symbol, "UNREGISTERED"),
        *moving("UNREGISTERED", symbol),
    )


_RATIOS = [
    {"split_to": st.just(Decimal(to)), "split_from": st.just(Decimal(from_))}
    for to, from_ in [(2, 1), (3, 1), (3, 7), (1, 3), (2, 7), (1, 2)]
]


def _ids(smallest: int, largest: int) -> st.SearchStrategy[str]:
    return st.integers(smallest, largest).map(lambda n: f"00000000-0000-8000-8000-{n:012x}")


@st.composite
def reconciliations(draw: st.DrawFn, account_id: str, venue: str) -> list[Reconciliation]:
    """A run, followed by some of its inputs and findings.

    Some ids and numbers are used again, within a run and across runs; some inputs and findings name another run, or an
    unknown one.
    """
    times = st.integers(0, 30).map(lambda second: datetime(2026, 1, 5, 10, 0, second, tzinfo=UTC))
    run_id = draw(_ids(1, 200))
    common = {
        "account_id": st.just(account_id),
        "venue": st.just(venue),
        "venue_account": st.sampled_from(["", "", "sub"]),
        "checked_at": _optional(times),
        "inputs": st.sampled_from([[], {"since": "2026-01-05", "seen": [1, Decimal("0.10"), None]}]),
    }
    of_run = {
        **common,
        "record_id": _ids(2, 200).filter(lambda record_id: record_id != run_id),  # a row never names itself
        "run_id": st.sampled_from([run_id] * 40 + [_FIRST_ID]),
    }
    input = st.builds(Reconciliation, type=st.just(ReconciliationType.INPUT), number=st.integers(1, 9), **of_run)
    finding = st.builds(
        Reconciliation,
        type=st.just(ReconciliationType.FINDING),
        subject=st.sampled_from(["1" * 64, "2" * 64]),
        mismatch=st.sampled_from(Mismatch),
        client_order_id=_optional(names()),
        symbol=_optional(names()),
        position_side=_optional(st.sampled_from(PositionSide)),
        position_id=st.sampled_from(["", "", "P1"]),
        local_status=_optional(st.sampled_from(OrderStatus)),
        exchange_status=_optional(st.sampled_from(OrderStatus)),
        local_quantity=_optional(numbers()),
        exchange_quantity=_optional(numbers()),
        local_price=_optional(numbers()),
        exchange_price=_optional(numbers()),
        reason=_optional(names()),
        **of_run,
    )
    run = st.builds(Reconciliation, type=st.just(ReconciliationType.RUN), record_id=st.just(run_id), **common)
    return [draw(run), *draw(st.lists(st.one_of(input, finding, finding), max_size=4))]


_FIRST_ID = "00000000-0000-8000-8000-000000000001"
