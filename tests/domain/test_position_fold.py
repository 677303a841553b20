"""Positions: identities over random fills, and an independent slow model that every method must agree with."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import AccountEvent, AccountEventType, Fee, Instrument, InstrumentKind, InvalidInput, Side
from sot.accounting import Mark, Method
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.position import PositionState
from sot.domain.accounting.rates import fixed_rates
from sot.domain.accounting.results import contributions
from sot.domain.accounting.round_trips import round_trips
from sot.domain.values.position_key import PositionKey
from sot.queries import Fill

T0 = datetime(2026, 1, 5, tzinfo=UTC)
KEY = PositionKey("a", "V", "S")
ROUNDING = Fraction(1, 10**30)
"""Each step rounds at 36 fraction digits; a few dozen steps, times quantities and prices, stay far below this."""


def instrument(kind=InstrumentKind.SPOT, **changes):
    return Instrument(account_id="a", venue="V", symbol="S", kind=kind, base="BASE", quote="QUOTE", **changes)


SPOT = instrument()
MARGIN = instrument(InstrumentKind.MARGIN)
TIMES_TEN = instrument(InstrumentKind.FUTURE, multiplier=10)
INVERSE = instrument(InstrumentKind.PERPETUAL, inverse=True, multiplier=100)
INSTRUMENTS = [MARGIN, TIMES_TEN, INVERSE]
RATES = {"TOKEN": Decimal("0.7")}


def fill(number, side, quantity, price, fees=()):
    return Fill(
        account_id="a",
        order_id=f"00000000-0000-0000-0000-{number % 3:012d}",
        execution=number,
        version=0,
        sequence=number,
        venue="V",
        symbol="S",
        side=side,
        quantity=Decimal(quantity),
        price=Decimal(price),
        recorded_at=T0 + timedelta(seconds=number),
        fees=tuple(Fee(amount, currency) for amount, currency in fees),
    )


def numbers(smallest, largest, step=Decimal("0.07")):
    return st.integers(smallest, largest).map(lambda n: n * step)


fees = st.lists(st.tuples(numbers(-3, 9, Decimal("0.03")), st.sampled_from(["QUOTE", "BASE", "TOKEN"])), max_size=3)
trades = st.lists(st.tuples(st.sampled_from(Side), numbers(1, 50), numbers(1, 900), fees), max_size=25).map(
    lambda rows: [fill(number, *terms) for number, terms in enumerate(rows, 1)]
)


def folded(instrument, fills, method=Method.AVERAGE, rates=None, start=None):
    fold = PositionFold([instrument], method, rates and fixed_rates(rates), start)
    fold.fold(fills)
    return fold.position(KEY)


def value(instrument, quantity, price):
    worth = Fraction(quantity) * Fraction(price)
    if instrument.inverse:
        worth = Fraction(instrument.value(quantity, price)) / Fraction(instrument.multiplier)
    return worth * Fraction(instrument.multiplier)


def paid_in_quantity(instrument, currency):
    return instrument.pays_in_quantity(currency)


def fees_apart(instrument, fills, rates):
    """Fees not paid in quantity, valued in settlement currency; those without a rate left out."""
    rates = {instrument.settle: Decimal(1), **(rates or {})}
    return sum(
        Fraction(fee.amount) * Fraction(rates.get(fee.currency, 0))
        for one in fills
        for fee in one.fees
        if not paid_in_quantity(instrument, fee.currency)
    )


def money(instrument, fills):
    """Money in minus money out, before fees; inverse contracts pay in base, the other way round."""
    sign = -1 if instrument.inverse else 1
    signs = {Side.BUY: -sign, Side.SELL: sign}
    return sum(signs[one.side] * value(instrument, one.quantity, one.price) for one in fills)


def closing(fills, quantity, price="3"):
    """The fills and one more that closes the open units."""
    if not quantity:
        return fills
    return [*fills, fill(99, Side.SELL if quantity > 0 else Side.BUY, abs(quantity), price)]


@given(trades, st.sampled_from(INSTRUMENTS), st.sampled_from(Method), st.sampled_from([None, RATES]))
def test_paid_is_gross_minus_the_fees_that_were_not_paid_in_quantity(fills, instrument, method, rates):
    position = folded(instrument, fills, method, rates)
    apart = fees_apart(instrument, fills, rates)
    assert Fraction(position.realized_paid) == Fraction(position.realized_gross) - apart
    left = Fraction(position.realized_net) - Fraction(position.open_fees)
    assert left == Fraction(position.realized_paid)
    assert position.complete == (not position.unvalued)


@given(trades, st.sampled_from(INSTRUMENTS), st.sampled_from(Method), st.sampled_from([None, RATES]))
def test_flat_every_method_has_earned_money_in_minus_money_out(fills, instrument, method, rates):
    fills = closing(fills, folded(instrument, fills).quantity)
    position = folded(instrument, fills, method, rates)
    assert position.is_flat and not position.lots
    earned = money(instrument, fills) - fees_apart(instrument, fills, rates)
    assert Fraction(position.realized_net) == Fraction(position.realized_paid) == earned


@given(trades, st.sampled_from(INSTRUMENTS), st.sampled_from(Method))
def test_no_unit_and_no_fee_is_lost(fills, instrument, method):
    position = folded(instrument, fills, method)
    moved = sum(Fraction(one.quantity) * (1 if one.side is Side.BUY else -1) for one in fills)
    expected_fees = Counter()
    for one in fills:
        for fee in one.fees:
            expected_fees[fee.currency] += Fraction(fee.amount)
            if paid_in_quantity(instrument, fee.currency):
                moved -= Fraction(fee.amount)
    assert Fraction(position.quantity) == moved
    assert {name: Fraction(amount) for name, amount in position.fees.items()} == dict(expected_fees)
    if position.lots:
        assert sum(Fraction(lot.quantity) for lot in position.lots) == abs(moved)
        assert sum(Fraction(lot.entry_value) for lot in position.lots) == Fraction(position.entry_value)
        assert sum(Fraction(lot.fees) for lot in position.lots) == Fraction(position.open_fees)
    assert not position.missing_quantity


@given(trades, st.sampled_from(INSTRUMENTS), st.sampled_from(Method), st.sampled_from([None, RATES]))
def test_the_sum_of_all_contributions_is_the_position(fills, instrument, method, rates):
    position = folded(instrument, fills, method, rates)
    fold = PositionFold([instrument], method, rates and fixed_rates(rates))
    parts = list(contributions(KEY, fold, fills))
    gross = sum(Fraction(part.realized_gross) for part in parts)
    assert gross == Fraction(position.realized_gross)
    assert gross - sum(Fraction(part.closed_fees) for part in parts) == Fraction(position.realized_net)
    assert gross - sum(Fraction(part.paid_fees) for part in parts) == Fraction(position.realized_paid)
    unvalued = Counter()
    for part in parts:
        for currency, amount in part.unvalued.items():
            unvalued[currency] += amount
    assert {name: amount for name, amount in unvalued.items() if amount} == dict(position.unvalued)
    assert [*position.conversions] == [one for part in parts for one in part.conversions]


@given(trades, st.sampled_from(INSTRUMENTS), st.sampled_from(Method), st.integers(1, 24), st.integers(1, 9))
def test_a_fill_in_two_parts_is_the_same_within_the_rounding(fills, instrument, method, which, tenths):
    if not fills:
        return
    original = fills[which % len(fills)]
    part = Decimal(tenths) / 10
    parts = [
        attrs.evolve(
            original,
            quantity=original.quantity * share,
            fees=tuple(Fee(fee.amount * share, fee.currency) for fee in original.fees),
        )
        for share in (part, 1 - part)
    ]
    index = fills.index(original)
    one = folded(instrument, fills, method)
    other = folded(instrument, [*fills[:index], *parts, *fills[index + 1 :]], method)
    if any(paid_in_quantity(instrument, fee.currency) for fee in original.fees):
        return  # the fee may turn one part around, and with it the lots
    assert one.quantity == other.quantity
    for name in ("realized_gross", "realized_net", "realized_paid", "entry_value"):
        assert abs(Fraction(getattr(one, name)) - Fraction(getattr(other, name))) < ROUNDING, name


@given(trades, trades, st.sampled_from(INSTRUMENTS), st.sampled_from(Method))
def test_a_position_that_was_flat_has_no_rest_of_earlier_trades(before, after, instrument, method):
    before = closing(before, folded(instrument, before).quantity)
    continued = folded(instrument, [*before, *after], method)
    fresh = folded(instrument, after, method)
    earlier = folded(instrument, before, method)
    for name in ("quantity", "entry_value", "open_fees", "avg_entry_price"):
        assert getattr(continued, name) == getattr(fresh, name), name
    assert [lot[1:5] for lot in continued.lots] == [lot[1:5] for lot in fresh.lots]
    for name in ("realized_gross", "realized_net", "realized_paid"):
        assert Fraction(getattr(continued, name)) == Fraction(getattr(fresh, name)) + Fraction(getattr(earlier, name))
    # and every method can continue from the state of a flat position
    resumed = folded(instrument, after, method, start=earlier.state)
    same = {"last_key": "", "last_at": None, "checkpointed": 0}
    assert attrs.evolve(resumed.state, **same) == attrs.evolve(continued.state, **same)


@given(trades, st.sampled_from(INSTRUMENTS))
def test_round_trips_add_up_to_the_result(fills, instrument):
    fills = closing(fills, folded(instrument, fills).quantity)
    trips = list(round_trips(KEY, PositionFold([instrument]), fills))
    position = folded(instrument, fills)
    assert all(trip.closed_at is not None and trip.duration >= timedelta(0) for trip in trips)
    if not any(paid_in_quantity(instrument, fee.currency) for one in fills for fee in one.fees):
        # (a base fee larger than its trade earns or spends money without a position)
        assert sum(Fraction(trip.realized_gross) for trip in trips) == Fraction(position.realized_gross)
        assert sum(Fraction(trip.net) for trip in trips) == Fraction(position.realized_net)
        for trip in trips:
            assert trip.entry_quantity == trip.exit_quantity
            gain = Fraction(trip.exit_value) - Fraction(trip.entry_value)
            rises = (trip.side == "LONG") is not instrument.inverse
            assert Fraction(trip.realized_gross) == (gain if rises else -gain)


# ------------------------------------------------------------------------------- an independent model: unit by unit


class SlowModel:
    """Lots in a list, searched for every closing trade, in fractions: only values of inverse contracts are rounded."""

    PICK: ClassVar = {
        Method.FIFO: lambda lots: 0,
        Method.LIFO: lambda lots: len(lots) - 1,
        Method.HIFO: lambda lots: max(range(len(lots)), key=lambda i: (lots[i]["price"], -i)),
        Method.LOFO: lambda lots: min(range(len(lots)), key=lambda i: (lots[i]["price"], i)),
    }

    def __init__(self, instrument, method):
        self.instrument, self.method = instrument, method
        self.side, self.lots, self.gross, self.closed_fees = 0, [], Fraction(0), Fraction(0)

    def trade(self, one):
        sign = 1 if one.side is Side.BUY else -1
        quantity, worth = Fraction(one.quantity), value(self.instrument, one.quantity, one.price)
        fee = Fraction(0)
        for paid in one.fees:
            if paid.currency == self.instrument.settle:
                fee += Fraction(paid.amount)
            elif paid_in_quantity(self.instrument, paid.currency):
                quantity -= sign * Fraction(paid.amount)
        if quantity <= 0:
            self.gross -= sign * worth
            self.closed_fees += fee
            sign, quantity, worth, fee = -sign, -quantity, Fraction(0), Fraction(0)
        unit_worth, unit_fee = (worth / quantity, fee / quantity) if quantity else (0, 0)
        while quantity and self.lots and self.side != sign:
            lot = self.lots[self.PICK[self.method](self.lots)]
            taken = min(quantity, lot["quantity"])
            gain = taken * (unit_worth - lot["worth"])
            self.gross += gain if (self.side > 0) is not self.instrument.inverse else -gain
            self.closed_fees += taken * (lot["fee"] + unit_fee)
            lot["quantity"] -= taken
            quantity -= taken
            self.lots = [lot for lot in self.lots if lot["quantity"]]
        if quantity:
            self.side = sign
            price = unit_worth / Fraction(self.instrument.multiplier)
            if self.instrument.inverse:
                price = 1 / price
            self.lots.append({"quantity": quantity, "worth": unit_worth, "fee": unit_fee, "price": price})


@given(
    trades, st.sampled_from([MARGIN, TIMES_TEN]), st.sampled_from([Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO])
)
def test_every_method_agrees_with_a_slow_model(fills, instrument, method):
    model = SlowModel(instrument, method)
    for one in fills:
        model.trade(one)
    position = folded(instrument, fills, method)
    assert abs(Fraction(position.realized_gross) - model.gross) < ROUNDING
    assert abs(Fraction(position.realized_net) - (model.gross - model.closed_fees)) < ROUNDING
    assert [Fraction(lot.quantity) for lot in position.lots] == [lot["quantity"] for lot in model.lots]
    for lot, modelled in zip(position.lots, model.lots, strict=True):
        assert abs(Fraction(lot.price) - modelled["price"]) < ROUNDING


# --------------------------------------------------------------------------------------------------------- scenarios


def account_event(kind, second, **fields):
    return AccountEvent(
        account_id="a", type=kind, venue="V", symbol="S", occurred_at=T0 + timedelta(seconds=second), **fields
    )


def test_a_flip_closes_and_opens_at_the_fill_price_with_its_fee_by_quantity():
    position = folded(
        MARGIN,
        [fill(1, Side.BUY, 10, 100, [(1, "QUOTE")]), fill(2, Side.SELL, 15, 110, [(3, "QUOTE")])],
        Method.FIFO,
    )
    assert (position.quantity, position.avg_entry_price) == (-5, 110)
    assert (position.realized_gross, position.realized_net, position.realized_paid) == (100, 97, 96)
    assert position.open_fees == 1
    assert position.complete


def test_a_base_fee_larger_than_the_trade_spends_the_money_on_nothing():
    position = folded(SPOT, [fill(1, Side.BUY, 5, 10), fill(2, Side.BUY, 1, 10, [("1.5", "BASE")])])
    assert position.quantity == Decimal("4.5")
    assert position.realized_gross == -10 - 5


def test_units_that_leave_keep_their_cost_and_their_fees_are_closed():
    bought = [fill(1, Side.BUY, 4, 100, [(4, "QUOTE")])]
    position = folded(SPOT, [*bought, account_event("TRANSFER", 5, quantity=-1)])
    assert (position.quantity, position.entry_value, position.open_fees) == (3, 300, 3)
    assert (position.realized_gross, position.realized_net, position.realized_paid) == (0, -1, -4)
    assert not position.account_results
    assert not position.state.is_common


def test_units_that_arrive_enter_at_their_cost():
    position = folded(
        SPOT, [account_event("TRANSFER", 0, quantity=2, cost=150), fill(1, Side.SELL, 1, 100)], Method.FIFO
    )
    assert (position.quantity, position.realized_gross, position.avg_entry_price) == (1, 25, 75)


def test_units_that_cover_a_short_position_are_a_result_without_an_order():
    position = folded(MARGIN, [fill(1, Side.SELL, 1, 100), account_event("TRANSFER", 5, quantity=1, cost=60)])
    assert position.is_flat
    assert position.realized_gross == 0
    assert position.account_results == {"TRANSFER": 40}
    assert position.realized_net == 40


def test_results_without_an_order_count_in_net_and_never_in_prices():
    position = folded(
        TIMES_TEN,
        [
            fill(1, Side.BUY, 2, 100),
            account_event("FUNDING", 2, amount="-1.5", currency="QUOTE"),
            account_event("FUNDING", 3, amount="0.5", currency="QUOTE"),
            account_event("INTEREST", 3, amount="0.1", currency="TOKEN"),
        ],
    )
    assert position.avg_entry_price == 100
    assert position.account_results == {"FUNDING": -1}
    assert (position.realized_gross, position.realized_net, position.realized_paid) == (0, -1, -1)
    assert position.unvalued_results == {"TOKEN": Decimal("0.1")}
    assert not position.complete


@pytest.mark.parametrize("method", Method)
def test_a_split_changes_units_and_prices_and_no_money(method):
    fills = [fill(1, Side.BUY, 3, 90, [(1, "QUOTE")]), fill(2, Side.BUY, 4, 120)]
    before, after = (
        folded(SPOT, fills, method),
        folded(SPOT, [*fills, account_event("SPLIT", 9, split_to=1, split_from=3)], method),
    )
    assert abs(Fraction(after.quantity) - Fraction(7, 3)) < ROUNDING
    assert (after.entry_value, after.open_fees, after.realized_net) == (
        before.entry_value,
        before.open_fees,
        before.realized_net,
    )
    if method is not Method.AVERAGE:
        assert sum(Fraction(lot.quantity) for lot in after.lots) == Fraction(after.quantity)
    sold = folded(SPOT, [*fills, account_event("SPLIT", 3, split_to=2), fill(4, Side.SELL, 14, 60)], method)
    assert (sold.quantity, sold.realized_gross) == (0, 840 - 750)


def test_the_break_even_price_pays_for_the_entry_fees():
    for instrument in (MARGIN, TIMES_TEN):
        for side in Side:
            position = folded(instrument, [fill(1, side, 2, 100, [(4, instrument.settle)])])
            assert position.unrealized(position.break_even) == 4
            assert folded(instrument, []).break_even is None
    for side in Side:
        position = folded(INVERSE, [fill(1, side, 2, 100, [("0.5", "BASE")])])
        assert abs(position.unrealized(position.break_even) - Decimal("0.5")) < Decimal("1e-30")


def test_every_conversion_is_listed_with_its_rate():
    calls = []

    def rates(currency, into, at):
        calls.append((currency, into, at))
        return Decimal(3) if currency == "TOKEN" else None

    fold = PositionFold([SPOT], rates=rates)
    fold.fold([fill(1, Side.BUY, 1, 10, [("0.5", "TOKEN"), ("2", "OTHER")])])
    position = fold.position(KEY)
    assert calls == [("TOKEN", "QUOTE", T0 + timedelta(seconds=1)), ("OTHER", "QUOTE", T0 + timedelta(seconds=1))]
    expected = (Decimal("0.5"), "TOKEN", "QUOTE", T0 + timedelta(seconds=1), Decimal(3))
    assert [conversion[:5] for conversion in position.conversions] == [expected]
    assert position.realized_paid == Decimal("-1.5")
    assert position.unvalued == {"OTHER": 2}
    assert not position.complete


def test_a_multiplier_applies_from_its_version_on():
    later = attrs.evolve(TIMES_TEN, multiplier=Decimal(20), valid_from=T0 + timedelta(seconds=2))
    fold = PositionFold([TIMES_TEN, later])
    fold.fold([fill(1, Side.BUY, 1, 100), fill(2, Side.SELL, 1, 110)])
    assert fold.position(KEY).realized_gross == 2200 - 1000


# --------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("mark", [None, 1.5, Decimal("NaN"), "x", Mark(Decimal(5), "EUR")])
def test_a_mark_that_cannot_be_used_is_refused(mark):
    with pytest.raises(InvalidInput, match="mark"):
        folded(SPOT, [fill(1, Side.BUY, 1, 10)]).unrealized(mark)


@pytest.mark.parametrize("mark", [0, -1])
def test_an_inverse_contract_is_marked_above_zero_and_others_anywhere(mark):
    with pytest.raises(InvalidInput, match="mark"):
        folded(INVERSE, [fill(1, Side.BUY, 1, 10)]).unrealized(mark)
    assert folded(SPOT, [fill(1, Side.BUY, 1, 10)]).unrealized(mark) == mark - 10
    assert folded(SPOT, [fill(1, Side.BUY, 1, 10)]).unrealized(Mark(Decimal(11), "QUOTE")) == 1


@pytest.mark.parametrize("rate", [0, -1, 1.5, "NaN"])
def test_a_rate_is_an_exact_positive_number(rate):
    with pytest.raises(InvalidInput, match="rates"):
        fixed_rates({"TOKEN": rate})


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "TRANSFER", "quantity": 1},
        {"type": "TRANSFER", "amount": 1, "currency": "QUOTE"},
        {"type": "FUNDING", "amount": 1},
        {"type": "FUNDING", "amount": 1.5, "currency": "QUOTE"},
        {"type": "SPLIT", "split_to": 0},
        {"type": "SPLIT"},
        {"type": "SPLIT", "split_to": 2, "symbol": None},
        {"type": "LOTTERY", "amount": 1, "currency": "QUOTE"},
        {"type": "DIVIDEND", "amount": 1, "currency": "QUOTE", "occurred_at": datetime(2026, 1, 1)},
        {"type": "DIVIDEND", "amount": 1, "currency": "QUOTE", "quantity": 3},
    ],
)
def test_an_account_event_with_invalid_fields_is_refused(fields):
    with pytest.raises(InvalidInput):
        AccountEvent.read({"account_id": "a", "venue": "V", "symbol": "S", "occurred_at": T0, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "SPOT", "settle": "BASE"},
        {"kind": "SPOT", "settle": "EUR"},
        {"kind": "SPOT", "inverse": True},
        {"kind": "PERPETUAL", "inverse": True, "settle": "QUOTE"},
    ],
)
def test_an_instrument_whose_settlement_contradicts_it_is_refused(fields):
    with pytest.raises(InvalidInput, match=r"settle|inverse"):
        Instrument.read({"account_id": "a", "venue": "V", "symbol": "S", "base": "BASE", "quote": "QUOTE", **fields})


def test_an_empty_state_is_flat():
    assert PositionState().is_common
    assert AccountEventType("SPLIT") is AccountEventType.SPLIT
