"""What results leave out, because its symbol is not registered, is told with them."""

import importlib
import json

import attrs
import pytest

from sot import OrderHistory
from sot.accounting import UnregisteredSymbol
from sot.testing.contract.samples import ACCOUNT, VENUE
from sot.testing.contract.transactions import read_history, write_history
from tests.application.accounting.test_reporting import DAY, event, record, shares, trade
from tests.support.accounting_samples import T0

ODD = UnregisteredSymbol(ACCOUNT, VENUE, "ODD", 2, 1)


def odd(report):
    return attrs.evolve(report, symbol="ODD")


@pytest.fixture
def partly(store):
    """One symbol is registered, of another one there are two executions, a dividend and a split."""
    record(
        store,
        shares(),
        trade("E1", "BUY", 1, 100, 0),
        trade("E2", "SELL", 1, 120, 1),
        odd(trade("O1", "BUY", 1, 100, 0)),
        odd(trade("O2", "SELL", 1, 120, 1)),
        events=[
            event("DIVIDEND", 1, symbol="ODD", amount="4", currency="USD"),
            event("SPLIT", 1, symbol="ODD", split_to="2"),
        ],
    )
    return store


QUERIES = ("realized", "contributions", "round_trips", "capital_gains")


@pytest.mark.parametrize("query", QUERIES)
def test_every_answer_names_what_it_leaves_out(partly, query):
    def ask(**options):
        return read_history(partly, lambda h: getattr(h, query)(ACCOUNT, **options)).unregistered

    assert ask() == (ODD,)
    assert ask(symbol="ODD", venue=VENUE, venue_account="") == (ODD,)
    assert ask(since=T0 + DAY) == (ODD._replace(executions=1),)
    assert ask(since=T0 + 2 * DAY) == ask(venue="ELSEWHERE") == ask(venue_account="x") == ()
    assert all(row.key.symbol != "ODD" for row in ask() if hasattr(row, "key"))
    past = read_history(partly, lambda h: getattr(h.as_of(happened_by=T0), query)(ACCOUNT)).unregistered
    assert past == (ODD._replace(executions=1, account_events=0),)


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_registered_is_in_the_answer(partly, query):
    write_history(partly, lambda h: h.register(attrs.evolve(shares(), symbol="ODD", base="ODD")))
    rows = read_history(partly, lambda h: getattr(h, query)(ACCOUNT))
    assert rows.unregistered == ()
    assert "ODD" in {row.symbol if query == "realized" else row.key.symbol for row in rows}


def test_a_strategy_leaves_out_its_own_facts(partly):
    dividend = event("DIVIDEND", 2, symbol="ODD", amount="4", currency="USD")
    write_history(partly, lambda h: h.record_account_event(attrs.evolve(dividend, strategy_code="trend")))
    rows = read_history(partly, lambda h: h.realized(ACCOUNT, strategy_code="trend"))
    assert (rows, rows.unregistered) == ([], (ODD._replace(executions=0, account_events=1),))


def test_it_says_what_to_do():
    assert str(ODD) == (
        "Left out, since ODD is not registered: 2 executions and 1 account event. "
        "Register the instrument ODD at VENUE in the account account, and it counts."
    )
    assert str(ODD._replace(executions=1, account_events=0)).startswith(
        "Left out, since ODD is not registered: 1 execution. Register"
    )
    assert UnregisteredSymbol.from_dict(ODD.to_dict()) == ODD


@pytest.mark.parametrize("name", ["realized", "equity"])
def test_frames_warn_and_tell_it_in_their_metadata(partly, name):
    pytest.importorskip("pyarrow", reason="the lanes of other Pythons have no extras")
    make = getattr(importlib.import_module("sot.frames"), name)
    with pytest.warns(UserWarning, match="Left out, since ODD is not registered: 2 executions") as caught:
        table = make(partly, ACCOUNT)
    assert caught[0].filename == __file__
    assert json.loads(table.schema.metadata[b"sot.unregistered"]) == [ODD.to_dict()]
    with partly.begin(read_only=True) as uow:
        complete = make(OrderHistory(uow), ACCOUNT, symbol="BASE/QUOTE")
    assert complete.schema.metadata[b"sot.unregistered"] == b"[]"
    assert complete.num_rows > 0
