"""A ledger for beancount: its own checker accepts it, and its inventories are our balances."""

import io
import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.application.accounting.test_capital_gains import EVENTS, FILLS, traded
from tests.application.accounting.test_reporting import event, record, shares, trade
from tests.support.ledger_text import inventories, residuals, transactions

from sot import InvalidInput
from sot.accounting import Method
from sot.adapters.exports.beancount import AccountNames, write
from sot.adapters.exports.beancount.names import commodities, components, is_commodity
from sot.adapters.memory import MemoryStore
from sot.application.accounting.balances import BalanceFilter
from sot.application.accounting.ledger import list_ledger
from sot.domain.accounting.reporting import holds_value
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE
from sot.testing.contract.transactions import read_history, write_history

D = Decimal
PLACE = f"Assets:{ACCOUNT.title()}:{VENUE}"


def ledger(store, method="FIFO", zone=UTC, names=None):
    """The text of the ledger, and the balances that it must have."""
    filter = BalanceFilter(account_id=ACCOUNT)
    entries = store.run(lambda uow: list_ledger(uow, filter, Method(method)), read_only=True)
    balances = read_history(store, lambda h: h.balances(ACCOUNT, include_zero=True))
    stream = io.StringIO()
    counts = write(entries, balances, stream, AccountNames.of(ACCOUNT, entries, balances, names), zone)
    text = stream.getvalue()
    assert counts["transactions"] == len(transactions(text))
    assert counts["transactions"] + counts["comments"] == len(entries)
    return text, balances


def check(text, balances):
    """Check a ledger with our reader, and with beancount where it is installed."""
    for postings in transactions(text):
        assert residuals(postings) == {}
    units, lots = inventories(text)
    names = commodity_names(text)
    for balance in balances:
        if balance.asset not in balance.unregistered:
            account = AccountNames(ACCOUNT, frozenset({(balance.venue, balance.venue_account)})).assets(
                balance.venue, balance.venue_account
            )
            assert units.get((account, names.get(balance.asset, balance.asset)), 0) == balance.amount
    check_with_beancount(text, units)
    return units, lots


def check_with_beancount(text, units):
    try:
        from beancount import loader
        from beancount.core import data, inventory
    except ModuleNotFoundError:
        return
    entries, errors, _ = loader.load_string(text)
    assert errors == [], text
    found = {}
    for transaction in entries:
        if isinstance(transaction, data.Transaction):
            for posting in transaction.postings:
                found.setdefault(posting.account, inventory.Inventory()).add_position(posting)
    for (account, commodity), amount in units.items():
        difference = found[account].get_currency_units(commodity).number - amount
        assert abs(difference) <= D("1e-12") * max(1, abs(amount)), (account, commodity)


def commodity_names(text):
    """The commodity of each asset whose name is not legal."""
    named = re.findall(r'^\d{4}-\d\d-\d\d commodity (\S+)\n  name: "(.*)"$', text, re.MULTILINE)
    return {asset.replace('\\"', '"').replace("\\\\", "\\"): commodity for commodity, asset in named}


def bought_and_sold(store, kind="EQUITY", **fields):
    record(
        store,
        shares(kind, **fields),
        trade("E1", "BUY", 2, 100, 0, [(D(4), "USD")]),
        trade("E2", "BUY", 2, 110, 1),
        trade("E3", "SELL", 3, 120, 2, [(D(3), "USD")]),
        events=[event("TRANSFER", -1, amount="1000", currency="USD", symbol=None)],
    )


def test_lots_have_their_cost_and_gains_their_account(store):
    bought_and_sold(store)
    text, balances = ledger(store)
    units, lots = check(text, balances)
    assert units == {
        (PLACE, "ACME"): 1,
        (PLACE, "USD"): 1000 - 420 + 360 - 7,
        ("Equity:Transfers", "USD"): -1000,
        ("Expenses:Fees", "USD"): 7,
        ("Income:Gains", "USD"): -50,
    }
    assert lots == {(PLACE, "ACME", 110, "USD", "2026-01-06", f'"{SYMBOL} 1"'): 1}


def test_without_lots_units_have_no_cost(store):
    bought_and_sold(store)
    units, lots = check(*ledger(store, "AVERAGE"))
    assert lots == {}
    assert (units["Equity:Trading", "ACME"], units["Equity:Trading", "USD"]) == (-1, 60)
    assert ("Income:Gains", "USD") not in units


def test_the_whole_text(store):
    record(store, shares(), trade("E1", "BUY", 2, 100, 0, [(D(1), "USD")]))
    (order,) = read_history(store, lambda h: list(h.orders()))
    text, _ = ledger(store)
    assert (
        text
        == f"""; The ledger of {ACCOUNT}, exported by sot. Amounts are exact.
option "booking_method" "NONE"
option "inferred_tolerance_default" "*:0.0000000001"

2026-01-05 commodity ACME
2026-01-05 commodity USD

2026-01-05 open {PLACE}
2026-01-05 open Expenses:Fees

2026-01-05 * "{VENUE}" "BUY 2 {SYMBOL} at 100"
  time: "2026-01-05T10:00:00.000000Z"
  order_id: "{order.order_id}"
  exec_id: "E1"
  {PLACE}  2 ACME {{100 USD, 2026-01-05, "{SYMBOL} 0"}}
  {PLACE}  -201 USD
  Expenses:Fees  1 USD

2026-01-06 balance {PLACE}  2 ~ 0 ACME
2026-01-06 balance {PLACE}  -201 ~ 0 USD
"""
    )


def test_payments_have_accounts_of_their_own(store):
    kinds = {"FUNDING": "Income:Funding", "INTEREST": "Income:Interest", "DIVIDEND": "Income:Dividends"}
    record(store, shares(), events=[event(kind, 0, amount="5", currency="USD", symbol=None) for kind in kinds])
    units, _ = check(*ledger(store, names={"dividends": "Income:Ordinary:Dividends"}))
    assert units == {
        (PLACE, "USD"): 15,
        ("Income:Funding", "USD"): -5,
        ("Income:Interest", "USD"): -5,
        ("Income:Ordinary:Dividends", "USD"): -5,
    }


def test_a_short_position_is_a_lot_of_negative_units(store):
    record(store, shares("MARGIN"), trade("E1", "SELL", 2, 100, 0), trade("E2", "BUY", 1, 90, 1))
    units, lots = check(*ledger(store))
    assert units == {(PLACE, "ACME"): -1, (PLACE, "USD"): 110, ("Income:Gains", "USD"): -10}
    assert list(lots.values()) == [-1]


def test_a_split_gives_a_lot_another_cost(store):
    record(store, shares(), trade("E1", "BUY", 2, 90, 0), trade("E2", "SELL", 3, 40, 2),
           events=[event("SPLIT", 1, split_to="3")])  # fmt: skip
    units, lots = check(*ledger(store))
    assert (units[PLACE, "ACME"], units["Income:Gains", "USD"]) == (3, -30)
    assert [(lot[2], amount) for lot, amount in lots.items()] == [(30, 3)]


def test_units_of_a_transfer_come_at_their_cost_with_their_days(store):
    lots = [{"quantity": "1", "acquired_at": datetime(2020, 2, 29, tzinfo=UTC), "cost": "10"}]
    record(store, shares(), events=[event("TRANSFER", 0, quantity="1", lots=lots)])
    units, held = check(*ledger(store))
    assert units == {(PLACE, "ACME"): 1, ("Equity:Transfers", "USD"): -10}
    assert [lot[4] for lot in held] == ["2020-02-29"]


def test_a_base_fee_is_units_that_left(store):
    record(store, shares("SPOT"), trade("E1", "BUY", 2, 100, 0, [(D("0.5"), "ACME")]))
    units, lots = check(*ledger(store))
    assert (units[PLACE, "ACME"], units["Expenses:Fees", "ACME"]) == (D("1.5"), D("0.5"))
    assert [(lot[2], amount) for lot, amount in lots.items()] == [(D("133.333333333333"), D("1.5"))]


def test_only_the_results_of_futures_move_something(store):
    record(store, shares("FUTURE"), trade("E1", "BUY", 1, 100, 0), trade("E2", "SELL", 1, 120, 1))
    text, balances = ledger(store)
    units, _ = check(text, balances)
    assert units == {(PLACE, "USD"): 20, ("Income:Gains", "USD"): -20}
    assert f"; 2026-01-05 BUY 1 {SYMBOL} at 100: it moved no asset: of such contracts only results are settled" in text


def test_what_is_not_known_is_told(store):
    """Of a symbol that is not registered only fees are known to move something."""
    write_history(store, lambda h: h.adopt(attrs.evolve(trade("E1", "BUY", 1, 100, 0, [(D(1), "USD")]))))
    write_history(store, lambda h: h.adopt(attrs.evolve(trade("E2", "BUY", 1, 100, 0))))
    text, balances = ledger(store)
    units, _ = check(text, balances)
    assert units == {(PLACE, "USD"): -1, ("Expenses:Fees", "USD"): 1}
    assert f"; {SYMBOL} is not registered" in text
    assert text.count("the symbol is not registered") == 2


def test_names_that_are_not_legal_have_others(store):
    """Of two that would be the same each has its own."""
    record(store, attrs.evolve(shares(), base='ES "MAR26"', quote="usd", settle="usd"), trade("E1", "BUY", 1, 100, 0))
    text, balances = ledger(store)
    check(text, balances)
    assert commodity_names(text) == {'ES "MAR26"': "ES-MAR26", "usd": "USD"}
    assert commodities(["USD", "usd", "BTC/USDT", "BTC USDT", "1INCH", "F", "TRUE", "€", "A" * 40]) == {
        "USD": "USD",
        "usd": "USD-2",
        "BTC USDT": "BTC-USDT",
        "BTC/USDT": "BTC-USDT-2",
        "1INCH": "X-1INCH",
        "F": "F-X",
        "TRUE": "X-TRUE",
        "€": "X-X",
        "A" * 40: "A" * 24,
    }
    assert components(["main", "Main", "a b", ""]) == {"": "X", "Main": "Main", "a b": "A-b", "main": "Main-2"}


@given(st.lists(st.text(min_size=1, max_size=40), max_size=12))
def test_commodities_are_legal_and_one_to_one(names):
    made = commodities(names)
    assert set(made) == set(names)
    assert len(set(made.values())) == len(made)
    assert all(map(is_commodity, made.values()))


def test_days_are_those_of_the_time_zone(store):
    record(store, shares(), trade("E1", "BUY", 1, 100, 0))
    assert '2026-01-06 * "' in ledger(store, zone=ZoneInfo("Pacific/Kiritimati"))[0]


@pytest.mark.parametrize(("role", "name"), [("taxes", "Expenses:Taxes"), ("fees", "expenses"), ("assets", "Money")])
def test_bad_names_are_refused(role, name):
    with pytest.raises(InvalidInput, match="--name"):
        AccountNames(ACCOUNT, frozenset(), {role: name})


@given(
    st.sampled_from(["SPOT", "MARGIN", "EQUITY", "OPTION", "PERPETUAL", "FUTURE"]), st.booleans(), FILLS, EVENTS,
    st.sampled_from(list(Method)),
)  # fmt: skip
def test_inventories_are_the_balances_and_lots_the_positions(kind, inverse, fills, events, method):
    store, instrument = traded(kind, inverse, fills, events)
    text, balances = ledger(store, method)
    _, lots = check(text, balances)
    if method is Method.AVERAGE or not holds_value(instrument):
        return
    held = read_history(store, lambda h: [p for p in h.positions(ACCOUNT, method=method) if p.symbol == SYMBOL])
    multiplier = 1 if kind == "OPTION" else instrument.multiplier
    assert sum(amount for lot, amount in lots.items() if f'"{SYMBOL} ' in lot[-1]) == sum(
        position.quantity * multiplier for position in held
    )


def test_an_empty_history_is_an_empty_ledger():
    store = MemoryStore()
    text, _ = ledger(store)
    check(text, [])
    assert transactions(text) == []
