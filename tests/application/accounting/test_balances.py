"""Balances: the exact sum of each asset over executions, fees and account events."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import Instrument, InstrumentKind
from sot.adapters.memory import MemoryStore
from sot.domain.values.numbers import ZERO, add
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument
from sot.testing.contract.transactions import read_history, write_history
from tests.support.accounting_samples import T0, account_event, at, execution_report


def instrument(symbol, kind, base, quote, **fields):
    return Instrument(account_id=ACCOUNT, venue=VENUE, symbol=symbol, kind=kind, base=base, quote=quote, **fields)


def adopt(store, *reports):
    for report in reports:
        write_history(store, lambda h, r=report: h.adopt(r))


def register(store, *instruments):
    for one in instruments:
        write_history(store, lambda h, i=one: h.register(i))


def record_events(store, *events):
    for event in events:
        write_history(store, lambda h, e=event: h.record_account_event(e))


def amounts(store, **options):
    rows = read_history(store, lambda h: h.balances(ACCOUNT, **options))
    return {row.asset: row.amount for row in rows}


def test_fees_ate_the_asset(store):
    """A quantity was bought, its fee was taken from it, and the bot sold what it had ordered."""
    register(store, instrument(SYMBOL, InstrumentKind.SPOT, "COIN", "USDT"))
    adopt(
        store,
        execution_report("E1", "BUY", "1000", "0.5", 0, [(Decimal(1), "COIN")]),
        execution_report("E2", "SELL", "1000", "0.5", 1, [(Decimal("0.5"), "USDT")]),
    )
    coin, money = read_history(store, lambda h: h.balances(ACCOUNT, VENUE))
    assert (coin.asset, coin.amount, coin.negative, coin.complete) == ("COIN", -1, True, True)
    assert {source: (part.amount, part.count) for source, part in coin.parts.items()} == {
        "TRADE": (0, 2),
        "FEE": (-1, 1),
    }
    assert (money.asset, money.amount) == ("USDT", Decimal("-0.5"))


def test_fees_in_a_third_currency_eat_that_currency(store):
    register(store, spot_instrument())
    adopt(
        store,
        execution_report("E1", "BUY", 1, 100, 0, [(Decimal("0.3"), "TOKEN")]),
        execution_report("E2", "SELL", 1, 110, 1, [(Decimal("-0.1"), "TOKEN")]),
    )
    assert amounts(store) == {"QUOTE": 10, "TOKEN": Decimal("-0.2")}
    assert amounts(store, include_zero=True) == {"BASE": 0, "QUOTE": 10, "TOKEN": Decimal("-0.2")}
    assert amounts(store, asset="TOKEN") == {"TOKEN": Decimal("-0.2")}
    assert amounts(store, venue="ELSEWHERE") == {}


def test_a_perpetual_moves_its_result_and_its_funding_alone(store):
    register(store, instrument(SYMBOL, InstrumentKind.PERPETUAL, "BTC", "USDT"))
    adopt(
        store,
        execution_report("E1", "SELL", 2, 50_000, 0, [(Decimal(10), "USDT")]),
        execution_report("E2", "BUY", 1, 49_000, 100, [(Decimal(5), "USDT")]),
    )
    record_events(store, account_event("FUNDING", 50, amount="-3.25", currency="USDT", external_id="F1"))
    (row,) = read_history(store, lambda h: h.balances(ACCOUNT))
    assert (row.asset, row.amount) == ("USDT", 1000 - 15 - Decimal("3.25"))
    assert {source: part.amount for source, part in row.parts.items()} == {
        "RESULT": 1000,
        "FEE": -15,
        "FUNDING": Decimal("-3.25"),
    }


def test_an_inverse_perpetual_settles_in_base(store):
    register(store, instrument(SYMBOL, InstrumentKind.PERPETUAL, "BTC", "USD", inverse=True, multiplier="100"))
    adopt(store, execution_report("E1", "BUY", 10, 50_000, 0), execution_report("E2", "SELL", 10, 40_000, 1))
    assert amounts(store) == {"BTC": Decimal("0.02") - Decimal("0.025")}


def test_an_option_is_a_contract_and_its_premium(store):
    register(store, instrument(SYMBOL, InstrumentKind.OPTION, "ACME", "USD", multiplier="100"))
    adopt(store, execution_report("E1", "BUY", 3, "1.5", 0, [(Decimal(2), "USD")]))
    assert amounts(store) == {SYMBOL: 3, "USD": -452}


def test_a_lot_of_currency_is_as_many_units_as_its_multiplier(store):
    register(store, instrument(SYMBOL, InstrumentKind.FX, "EUR", "USD", multiplier="100000"))
    adopt(store, execution_report("E1", "BUY", "0.5", "1.1", 0))
    assert amounts(store) == {"EUR": 50_000, "USD": -55_000}


@pytest.mark.parametrize("kind", [InstrumentKind.SPOT, InstrumentKind.MARGIN])
def test_a_base_fee_of_lots_is_in_units_of_the_base(store, kind):
    """Of 3 lots of 100 coins 50 coins are a fee, which is half a lot: position, balance and costs agree."""
    register(store, instrument(SYMBOL, kind, "COIN", "USDT", multiplier=100))
    adopt(store, execution_report("E1", "BUY", 3, 2, 0, [(Decimal(50), "COIN")]))
    held = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    assert (held.quantity, held.entry_value, held.avg_entry_price) == (Decimal("2.5"), 600, Decimal("2.4"))
    assert (held.fees, held.state.fees_in_quantity) == ({"COIN": 50}, 50)
    assert amounts(store) == {"COIN": 250, "USDT": -600}

    adopt(store, execution_report("E2", "SELL", 2, 3, 1, [(Decimal(25), "COIN")]))
    held = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
    assert (held.quantity, held.entry_value, held.realized_gross) == (Decimal("0.25"), 60, 600 - 540)
    assert amounts(store) == {"COIN": 25}


def test_shares_split_and_pay_dividends(store):
    register(store, instrument(SYMBOL, InstrumentKind.EQUITY, "ACME", "USD"))
    record_events(
        store,
        account_event("TRANSFER", -10, quantity="5", cost="400"),
        account_event("SPLIT", 10, split_to="3", split_from="2"),
        account_event("DIVIDEND", 20, amount="7", currency="USD"),
        account_event("INTEREST", 30, amount="-2", currency="USD", symbol=None),
    )
    adopt(store, execution_report("E1", "BUY", 1, 100, 0), execution_report("E2", "SELL", 9, 70, 20))
    assert amounts(store, include_zero=True) == {"ACME": 0, "USD": -100 + 630 + 7 - 2}


def test_the_money_that_an_execution_states_is_what_moved(store):
    """As far as it is the venue's rounding; a figure that contradicts the price moves nothing."""
    register(store, spot_instrument())
    adopt(
        store,
        execution_report("E1", "BUY", "0.333", "1.005", 0, last_amount="0.33"),
        execution_report("E2", "BUY", "1", "10", 1, last_amount="11"),
    )
    assert amounts(store, asset="QUOTE") == {"QUOTE": Decimal("-10.33")}


def test_cash_that_comes_and_goes(store):
    record_events(
        store,
        account_event("TRANSFER", 0, amount="1000", currency="USDT", symbol=None, external_id="D1"),
        account_event("TRANSFER", 1, amount="-250.5", currency="USDT", symbol=None, external_id="W1"),
    )
    assert amounts(store) == {"USDT": Decimal("749.5")}
    assert read_history(store, lambda h: h.realized(ACCOUNT)) == []  # a deposit is no result


STRIKE = {"underlying": "ACME", "strike": "90", "right": "CALL", "expires_at": T0 + timedelta(days=9)}


def option_and_shares(store, **terms):
    register(
        store,
        instrument(SYMBOL, InstrumentKind.OPTION, "ACME", "USD", multiplier="100", **{**STRIKE, **terms}),
        instrument("ACME", InstrumentKind.EQUITY, "ACME", "USD"),
    )


def test_an_exercised_call_becomes_shares(store):
    option_and_shares(store)
    adopt(store, execution_report("E1", "BUY", 2, 3, 0))
    record_events(store, account_event("EXERCISE", 10, quantity="2", to_symbol="ACME"))
    assert amounts(store, include_zero=True) == {SYMBOL: 0, "ACME": 200, "USD": -600 - 18_000}


def test_an_assigned_put_buys_shares(store):
    option_and_shares(store, right="PUT")
    adopt(store, execution_report("E1", "SELL", 1, 3, 0))
    record_events(store, account_event("ASSIGNMENT", 10, quantity="1", to_symbol="ACME", price="80"))
    assert amounts(store, include_zero=True) == {SYMBOL: 0, "ACME": 100, "USD": 300 - 8_000}


@pytest.mark.parametrize(
    ("fields", "money"),
    [({}, -300), ({"amount": "450", "currency": "USD"}, 150), ({"price": "2"}, -100), ({"quantity": "1"}, -300)],
)
def test_an_option_that_expires_leaves(store, fields, money):
    option_and_shares(store)
    adopt(store, execution_report("E1", "BUY", 1, 3, 0))
    record_events(store, account_event("EXPIRY", 10, **fields))
    assert amounts(store, include_zero=True) == {SYMBOL: 0, "USD": money}
    (row,) = read_history(store, lambda h: h.realized(ACCOUNT))
    assert row.realized_gross == money


def test_who_is_short_pays_for_an_option_that_expires_at_a_price(store):
    option_and_shares(store)
    adopt(store, execution_report("E1", "SELL", 3, 3, 0))
    record_events(store, account_event("EXPIRY", 10, price="2", quantity="2"))
    assert amounts(store, include_zero=True) == {SYMBOL: -1, "USD": 900 - 400}


@pytest.mark.parametrize("fields", [{"price": "130"}, {"amount": "60", "currency": "USD"}])
def test_a_future_that_expires_settles_its_result_once(store, fields):
    register(store, instrument(SYMBOL, InstrumentKind.FUTURE, "OIL", "USD"))
    adopt(store, execution_report("E1", "BUY", 2, 100, 0))
    record_events(store, account_event("EXPIRY", 10, **fields))
    assert amounts(store) == {"USD": 60}


def test_a_spin_off_brings_units_and_no_money(store):
    register(
        store,
        instrument(SYMBOL, InstrumentKind.EQUITY, "ACME", "USD"),
        instrument("NEWCO", InstrumentKind.EQUITY, "NEWCO", "USD"),
    )
    adopt(store, execution_report("E1", "BUY", 10, 100, 0))
    record_events(store, account_event("SPIN_OFF", 10, to_symbol="NEWCO", to_quantity="5", cost="200"))
    assert amounts(store) == {"ACME": 10, "NEWCO": 5, "USD": -1000}


def test_a_daily_variation_is_paid_once(store):
    """The amount is paid each day; the change of cost moves the entry to the settlement price."""
    register(store, instrument(SYMBOL, InstrumentKind.FUTURE, "OIL", "USD"))
    adopt(store, execution_report("E1", "BUY", 1, 100, 0))
    record_events(
        store,
        account_event("FUNDING", 10, amount="20", currency="USD"),
        account_event("COST_ADJUSTMENT", 10, cost="20"),
    )
    adopt(store, execution_report("E2", "SELL", 1, 150, 20))
    assert amounts(store) == {"USD": 50}


def test_a_busted_execution_and_a_replaced_event_do_not_count(store):
    register(store, spot_instrument())
    adopt(store, execution_report("E1", "BUY", 1, 100, 0))
    event = account_event("INTEREST", 1, amount="5", currency="QUOTE", event_id="00000000-0000-7000-8000-000000000001")
    record_events(store, event, account_event("INTEREST", 1, amount="0", currency="QUOTE", replaces=event.event_id))
    write_history(
        store,
        lambda h: h.record(
            execution_report("E1B", "BUY", 1, 100, 5, type="TRADE_CANCEL", order="VE1", exec_ref_id="E1")
        ),
    )
    assert amounts(store) == {}


def test_venue_accounts_are_apart(store):
    register(store, spot_instrument())
    adopt(
        store,
        execution_report("E1", "BUY", 1, 100, 0, venue_account="one"),
        execution_report("E2", "SELL", 1, 100, 1, venue_account="two"),
    )
    record_events(store, account_event("SPLIT", 5, split_to="2"))
    rows = read_history(store, lambda h: h.balances(ACCOUNT))
    assert [(row.venue_account, row.asset, row.amount) for row in rows] == [
        ("one", "BASE", 2),
        ("one", "QUOTE", -100),
        ("two", "BASE", -2),
        ("two", "QUOTE", 100),
    ]
    assert amounts(store, venue_account="two") == {"BASE": -2, "QUOTE": 100}


def test_what_is_not_registered_is_named(store):
    """Its fees are known to have moved something; what else did is not, and the balances say so."""
    adopt(store, execution_report("E1", "BUY", 1, 100, 0, [(Decimal(1), "TOKEN")]))
    rows = read_history(store, lambda h: h.balances(ACCOUNT))
    assert [(row.asset, row.amount, row.complete) for row in rows] == [(SYMBOL, 0, False), ("TOKEN", -1, False)]
    assert {row.unregistered for row in rows} == {(SYMBOL,)}
    register(store, spot_instrument())
    assert all(row.complete for row in read_history(store, lambda h: h.balances(ACCOUNT)))


def test_movements_are_the_facts_that_a_balance_is_made_of(store):
    register(store, spot_instrument())
    adopt(store, execution_report("E2", "SELL", 1, 110, 10), execution_report("E1", "BUY", 2, 100, 0, [(1, "QUOTE")]))
    record_events(store, account_event("TRANSFER", 5, quantity="1", cost="90", external_id="T1"))
    rows = read_history(store, lambda h: h.balance_movements(ACCOUNT, asset="QUOTE"))
    assert [(row.at, row.amount, row.source, row.exec_id) for row in rows] == [
        (at(0), -200, "TRADE", "E1"),
        (at(0), -1, "FEE", "E1"),
        (at(10), 110, "TRADE", "E2"),
    ]
    (_, transfer, _) = read_history(store, lambda h: h.balance_movements(ACCOUNT, VENUE, asset="BASE"))
    assert (transfer.amount, transfer.source, transfer.symbol, transfer.order_id) == (1, "TRANSFER", SYMBOL, None)
    assert transfer.event_id is not None


def test_balances_of_a_past_moment(store):
    register(store, spot_instrument())
    adopt(store, execution_report("E1", "BUY", 2, 100, 0))
    cursor = read_history(store, lambda h: h._uow.feed.last())
    adopt(store, execution_report("E2", "SELL", 1, 110, -60))
    record_events(store, account_event("INTEREST", 30, amount="5", currency="QUOTE", symbol=None))
    past = lambda **point: {  # noqa: E731
        row.asset: row.amount for row in read_history(store, lambda h: h.as_of(**point).balances(ACCOUNT))
    }
    assert past(known_at=cursor) == {"BASE": 2, "QUOTE": -200}
    assert past(happened_by=at(-1)) == {"BASE": -1, "QUOTE": 110}
    assert past(happened_by=at(29)) == {"BASE": 1, "QUOTE": -90}
    assert past(happened_by=T0 + timedelta(days=1)) == amounts(store) == {"BASE": 1, "QUOTE": -85}


EXECUTIONS = st.tuples(
    st.sampled_from(["BUY", "SELL"]),
    st.decimals("0.001", "100", places=3),
    st.decimals("-5", "100", places=2),
    st.lists(st.tuples(st.decimals("-1", "1", places=4), st.sampled_from(["BASE", "QUOTE", "TOKEN"])), max_size=2),
)


@given(st.lists(EXECUTIONS, max_size=8), st.randoms(use_true_random=False))
def test_balances_are_the_sum_over_the_facts_in_any_order(executions, random):
    store = MemoryStore()
    register(store, spot_instrument())
    reports = [
        execution_report(f"E{number}", side, quantity, price, number, fees)
        for number, (side, quantity, price, fees) in enumerate(executions)
    ]
    random.shuffle(reports)
    adopt(store, *reports)
    expected: dict[str, Decimal] = {}
    for side, quantity, price, fees in executions:
        sign = 1 if side == "BUY" else -1
        moves = [("BASE", sign * quantity), ("QUOTE", -sign * quantity * price)]
        for asset, amount in [*moves, *((currency, -fee) for fee, currency in fees)]:
            expected[asset] = add(expected.get(asset, ZERO), amount)
    assert amounts(store) == {asset: amount for asset, amount in expected.items() if amount}


@pytest.mark.parametrize("kind", ["SPOT", "MARGIN", "EQUITY", "FX", "OPTION", "OTHER", "FUTURE", "PERPETUAL"])
def test_of_what_is_flat_the_money_is_the_realized_result(store, kind):
    """Whatever the kind: when nothing is left, the balance is the cash view of the results."""
    register(store, instrument(SYMBOL, InstrumentKind(kind), "BASE", "QUOTE", multiplier="10"))
    adopt(
        store,
        execution_report("E1", "BUY", 3, 100, 0, [(1, "QUOTE")]),
        execution_report("E2", "SELL", 1, 90, 1),
        execution_report("E3", "SELL", 2, 130, 2, [(Decimal("2.5"), "QUOTE")]),
    )
    (result,) = read_history(store, lambda h: h.realized(ACCOUNT))
    assert amounts(store) == {"QUOTE": result.realized_paid}
