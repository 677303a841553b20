"""Read the rows and findings of reconciliations in a `TradingScenario`."""

from sot.adapters.venues.simulated import Behaviour
from sot.application.reconciliation.records import iterate_rows
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT
from sot.testing.contract.transactions import read_history

EXECUTIONS_WITHHELD = Behaviour(answered=1)
"""The venue takes the order and does not report its executions."""


def mismatches(result):
    """The kinds of a result's findings, in order."""
    return [str(finding.row.mismatch) for finding in result.findings]


def list_rows(scenario, **conditions):
    """All reconciliation rows that meet the conditions of a filter."""
    filter = ReconciliationFilter(account_id=ACCOUNT, **conditions)
    return scenario.store.run(lambda uow: list(iterate_rows(uow, filter)), read_only=True)


def count_facts(scenario):
    """How many facts the store has."""
    return read_history(scenario.store, lambda h: h._uow.feed.last())
