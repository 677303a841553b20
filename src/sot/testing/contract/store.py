"""All levels of a store in one suite, and the bundled vectors."""

import pytest

from sot.ports.store import Store
from sot.testing.contract.audit import AuditContract
from sot.testing.contract.facts import FactsContract
from sot.testing.contract.projections import ProjectionsContract
from sot.testing.contract.reconciliation import ReconciliationContract
from sot.testing.contract.traces import TracesContract
from sot.testing.vectors import bundled, run_vectors


class StoreContract(FactsContract, TracesContract, ProjectionsContract, AuditContract, ReconciliationContract):
    """Every level of a store, from facts to the audit trail. `store` is a fixture that makes an empty store."""

    @pytest.fixture
    def store(self) -> Store:
        """An empty store, new for each test."""
        raise NotImplementedError("derive from StoreContract and give it a store fixture")

    def test_bundled_vectors_hold(self, store: Store) -> None:
        """Lifecycle, accounting and journal are the same on this store."""
        result = run_vectors(store, [vector for vector in bundled() if not str(vector["id"]).startswith("cell/")])
        assert not result.failures
        assert result.expected == result.held > 1000
