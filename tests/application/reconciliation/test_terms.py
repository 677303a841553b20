"""The terms of open orders are compared with the venue's, and healed by what it says of them."""

from decimal import Decimal as D

import pytest

from sot import InvalidInput, OrderType, Side
from sot.domain.values.vocabulary import Mismatch, Resolution
from tests.support.reconciliation_rows import list_rows, mismatches
from tests.support.trading_scenario import TradingScenario


def resting(scenario, name="C1", **terms):
    return scenario.send(name, **{"side": Side.BUY, "limit_price": D(90), "quantity": D(10), **terms})


@pytest.mark.parametrize(
    ("terms", "figures"),
    [
        ({"limit_price": D("89.5")}, {"local_price": D(90), "exchange_price": D("89.5")}),
        ({"quantity": D(12)}, {"local_quantity": D(10), "exchange_quantity": D(12)}),
    ],
)
def test_a_term_that_was_amended_there_is_found_and_healed(terms, figures):
    scenario = TradingScenario()
    order = resting(scenario)
    assert scenario.reconcile().agrees
    scenario.venue.restate("C1", **terms)
    result = scenario.reconcile()
    (finding,) = list_rows(scenario, mismatch=Mismatch.TERMS_DIFFER)
    assert {name: getattr(finding.row, name) for name in figures} == figures
    assert mismatches(result) == ["TERMS_DIFFER"]
    healed = scenario.reconcile(heal=True)
    assert healed.agrees
    state = scenario.order(order).state
    assert {"limit_price": state.limit_price, "quantity": state.order_quantity} == {
        "limit_price": D(90),
        "quantity": D(10),
        **terms,
    }
    (finding,) = list_rows(scenario, mismatch=Mismatch.TERMS_DIFFER)
    assert finding.resolution.resolution is Resolution.HEALED
    assert scenario.reconcile(heal=True).recorded == 0


def test_a_stop_price_and_both_other_terms_are_findings_of_their_own():
    scenario = TradingScenario()
    resting(scenario, order_type=OrderType.STOP_LIMIT, stop_price=D(95))
    scenario.venue.restate("C1", stop_price=D(96), limit_price=D(91), quantity=D(11))
    scenario.reconcile()
    found = list_rows(scenario, mismatch=Mismatch.TERMS_DIFFER)
    figures = {(row.row.local_quantity, row.row.local_price, row.row.exchange_price) for row in found}
    assert figures == {(D(10), None, None), (None, D(95), D(96)), (None, D(90), D(91))}


def test_another_amendment_supersedes_the_finding():
    scenario = TradingScenario()
    resting(scenario)
    scenario.venue.restate("C1", limit_price=D(89))
    scenario.reconcile()
    scenario.venue.restate("C1", limit_price=D(88))
    scenario.reconcile()
    first, second = list_rows(scenario, mismatch=Mismatch.TERMS_DIFFER)
    assert first.resolution.resolution is Resolution.SUPERSEDED
    assert (second.row.exchange_price, second.is_open) == (D(88), True)


def test_a_finding_is_closed_when_the_venue_takes_the_amendment_back():
    scenario = TradingScenario()
    resting(scenario)
    scenario.venue.restate("C1", limit_price=D(89))
    scenario.reconcile()
    scenario.venue.restate("C1", limit_price=D(90))
    assert scenario.reconcile().agrees
    (finding,) = list_rows(scenario, mismatch=Mismatch.TERMS_DIFFER)
    assert finding.resolution.resolution is Resolution.AGREES


def test_what_one_side_does_not_state_and_what_is_over_is_not_compared(monkeypatch):
    scenario = TradingScenario()
    resting(scenario)
    resting(scenario, "C2")
    scenario.venue.restate("C1", limit_price=D(89))
    books = scenario.venue._books
    status_of = books.status_of
    monkeypatch.setattr(books, "status_of", lambda entry, at: status_of(entry, at).changed(limit_price=None))
    assert scenario.reconcile().agrees


def test_only_a_working_order_is_restated():
    with pytest.raises(InvalidInput, match="a working order"):
        TradingScenario().venue.restate("C1", limit_price=D(89))
