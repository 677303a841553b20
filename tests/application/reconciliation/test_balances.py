"""Balances are compared with the venue's wallets, if that is wanted, as far as both are known."""

from datetime import timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import AccountEvent, InvalidInput
from sot.adapters.venues.simulated import Faults, FeeSchedule, SimulatedVenue, UnreliableVenue
from sot.application.reconciliation.run_inputs import compared_snapshots
from sot.domain.reconciliation.comparison import compare
from sot.domain.values.vocabulary import ReconciliationType, Resolution
from sot.ports.venue import VenueCapabilities
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.contract.transactions import read_history, write_history
from tests.support.reconciliation_rows import EXECUTIONS_WITHHELD, list_rows, mismatches
from tests.support.trading_scenario import TradingScenario

FEES = FeeSchedule(taker=D("0.001"), currency="TOKEN")


def figures(result):
    return [
        (finding.row.asset, finding.row.local_quantity, finding.row.exchange_quantity) for finding in result.findings
    ]


def told(scenario, type, **fields):
    event = AccountEvent(
        account_id=ACCOUNT, type=type, venue=VENUE, occurred_at=scenario.clock.now() - timedelta(days=1), **fields
    )
    write_history(scenario.store, lambda h: h.record_account_event(event))


def test_history_and_wallets_agree():
    scenario = TradingScenario(fees=FEES)
    scenario.send("C1", limit_price=D(101))
    scenario.clock.move(timedelta(seconds=1))
    scenario.send("C2", side="SELL", quantity=D(3), limit_price=D(99))
    assert scenario.reconcile(balances=True).agrees


def test_a_deposit_that_was_not_told_is_found_until_it_is():
    scenario = TradingScenario(fees=FEES)
    scenario.venue.deposit(ACCOUNT, "TOKEN", D(5))
    scenario.send("C1", limit_price=D(101))
    assert scenario.reconcile().agrees  # nobody asked for balances
    result = scenario.reconcile(balances=True)
    assert mismatches(result) == ["BALANCE_DIFFERS"]
    assert figures(result) == [("TOKEN", -1, 4)]
    assert result.findings[0].row.symbol is None
    again = scenario.reconcile(balances=True, heal=True)
    assert (again.opened, again.recorded, len(again.findings)) == (0, 0, 1)  # healing invents no deposit
    told(scenario, "INTEREST", amount="5", currency="TOKEN")
    assert scenario.reconcile().findings  # a run that compares no balances closes none
    closed = scenario.reconcile(balances=True)
    assert (closed.agrees, closed.closed) == (True, 1)
    (row,) = list_rows(scenario, types=(ReconciliationType.RESOLUTION,))
    assert row.row.resolution is Resolution.AGREES


def test_other_figures_supersede_a_finding_and_accepted_ones_stay_closed():
    scenario = TradingScenario()
    scenario.venue.deposit(ACCOUNT, "COIN", D(5))
    (finding,) = scenario.reconcile(balances=True).findings
    write_history(scenario.store, lambda h: h.accept_finding(finding.record_id, reason="a gift"))
    assert scenario.reconcile(balances=True).agrees
    scenario.venue.deposit(ACCOUNT, "COIN", D(-1))
    assert figures(scenario.reconcile(balances=True)) == [("COIN", 0, 4)]


def test_executions_that_are_missing_show_in_balances_and_heal():
    scenario = TradingScenario()
    scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    result = scenario.reconcile(balances=True)
    assert mismatches(result).count("BALANCE_DIFFERS") == 2
    healed = scenario.reconcile(balances=True, heal=True)
    assert healed.agrees


def test_what_moved_just_now_is_not_compared():
    scenario = TradingScenario()
    scenario.venue.deposit(ACCOUNT, "COIN", D(5))
    scenario.venue.deposit(ACCOUNT, "QUOTE", D(5))
    scenario.send("C1", limit_price=D(90))
    assert figures(scenario.reconcile(after=timedelta(seconds=1), balances=True)) == [("COIN", 0, 5)]
    assert figures(scenario.reconcile(balances=True)) == [("COIN", 0, 5), ("QUOTE", 0, 5)]


def test_with_symbols_only_assets_that_no_other_symbol_moves_are_compared():
    scenario = TradingScenario()
    scenario.venue.move("COIN/QUOTE", D(10))
    write_history(scenario.store, lambda h: h.register(attrs.evolve(spot_instrument(symbol="COIN/QUOTE"), base="COIN")))
    scenario.send("C1", limit_price=D(101))
    scenario.send("C2", symbol="COIN/QUOTE", limit_price=D(11))
    for asset in ("BASE", "COIN", "QUOTE", "OTHER"):
        scenario.venue.deposit(ACCOUNT, asset, D(1))
    some = scenario.reconcile(balances=True, symbols=[SYMBOL])
    assert figures(some) == [("BASE", 10, 11)]
    everything = scenario.reconcile(balances=True)
    assert sorted(row[0] for row in figures(everything)) == ["BASE", "COIN", "OTHER", "QUOTE"]


def test_nothing_is_concluded_while_an_instrument_is_not_registered():
    scenario = TradingScenario()
    scenario.venue.move("COIN/QUOTE", D(10))
    scenario.venue.deposit(ACCOUNT, "QUOTE", D(1))
    assert mismatches(scenario.reconcile(balances=True)) == ["BALANCE_DIFFERS"]
    told(scenario, "INTEREST", amount="1", currency="QUOTE")
    scenario.venue.submit(new_order_request("BY-HAND", symbol="COIN/QUOTE", limit_price=D(11)))
    scenario.reconcile(heal=True)  # adopts the order
    scenario.venue.deposit(ACCOUNT, "OTHER", D(1))
    assert "OTHER" not in [row[0] for row in figures(scenario.reconcile(balances=True))]
    write_history(scenario.store, lambda h: h.register(attrs.evolve(spot_instrument(symbol="COIN/QUOTE"), base="COIN")))
    assert figures(scenario.reconcile(balances=True)) == [("OTHER", 0, 1)]


def test_venue_accounts_are_compared_apart():
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101), venue_account="one")
    scenario.venue.deposit(ACCOUNT, "QUOTE", D(7), venue_account="one")
    assert scenario.reconcile(balances=True, venue_account="two").agrees
    assert figures(scenario.reconcile(balances=True, venue_account="one")) == [("QUOTE", -1000, -993)]


def test_a_query_that_fails_is_no_answer():
    scenario = TradingScenario()
    scenario.venue.deposit(ACCOUNT, "QUOTE", D(7))
    assert scenario.reconcile(balances=True).findings
    told(scenario, "INTEREST", amount="7", currency="QUOTE")
    silent = UnreliableVenue(scenario.venue, Faults(failed=1), clock=scenario.clock)
    result = scenario.reconcile(balances=True, venue=silent)
    assert len(result.findings) == 1
    assert any(failure.startswith("balances:") for failure in result.failures)


def test_a_venue_without_balances_is_refused_before_anything_is_asked():
    class Listless(SimulatedVenue):
        @property
        def capabilities(self):
            return VenueCapabilities(lists_open_orders=True)

    scenario = TradingScenario()
    with pytest.raises(InvalidInput, match="balances"):
        scenario.reconcile(balances=True, venue=Listless(VENUE))
    assert not list_rows(scenario)


def test_a_balance_that_no_venue_can_state_is_not_compared():
    """The result of an inverse contract need not end: a wallet has fewer digits than it."""
    scenario = TradingScenario()
    fields = {"symbol": "COIN/QUOTE", "kind": "PERPETUAL", "base": "COIN", "inverse": True, "settle": "COIN"}
    write_history(scenario.store, lambda h: h.register(attrs.evolve(spot_instrument(), **fields)))
    scenario.venue.move("COIN/QUOTE", D(7))
    scenario.send("C1", symbol="COIN/QUOTE", limit_price=D(11))
    scenario.venue.move("COIN/QUOTE", D(9))
    scenario.send("C2", symbol="COIN/QUOTE", side="SELL", limit_price=D(1))
    (balance,) = read_history(scenario.store, lambda h: h.balances(ACCOUNT))
    assert (balance.asset, len(str(balance.amount)) > 30) == ("COIN", True)
    assert "COIN" not in [row[0] for row in figures(scenario.reconcile(balances=True))]


def test_the_recorded_inputs_give_the_same_differences_again():
    scenario = TradingScenario(fees=FEES)
    scenario.venue.deposit(ACCOUNT, "TOKEN", D(5))
    scenario.send("C1", limit_price=D(101))
    scenario.venue.submit(new_order_request("BY-HAND", limit_price=D(90)))
    result = scenario.reconcile(balances=True)
    (run,) = list_rows(scenario, types=(ReconciliationType.RUN,))
    parts = [row.row for row in list_rows(scenario, types=(ReconciliationType.INPUT,))]
    differences = compare(*compared_snapshots(run.row, parts))
    assert [str(difference.mismatch) for difference in differences] == sorted(mismatches(result), reverse=True)
    assert {difference.asset for difference in differences} == {None, "TOKEN"}


def test_the_bytes_of_findings_without_an_asset_stay_the_same():
    scenario = TradingScenario()
    scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    result = scenario.reconcile()
    assert result.findings
    for row in list_rows(scenario):
        assert "asset" not in row.row.canonical()
        assert "wallets" not in row.row.canonical()
        assert "balances" not in row.row.canonical()
    assert read_history(scenario.store, lambda h: h.balances(ACCOUNT)) == []
