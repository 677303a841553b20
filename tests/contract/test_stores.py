"""Our stores pass the suite that others can run, too."""

import pytest
from tests.conftest import STORES

from sot.ports.store import Store
from sot.testing.access_contract import AccessContract
from sot.testing.audit_contract import AuditContract
from sot.testing.contract import StoreContract
from sot.testing.reconciliation_contract import ReconciliationContract


class TestStores(StoreContract, AuditContract, ReconciliationContract, AccessContract):
    @pytest.fixture(params=STORES)
    def store(self, request, make_store) -> Store:
        return make_store(request.param)
