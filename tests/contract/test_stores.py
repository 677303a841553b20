"""Our stores pass the suite that others can run, too."""

import pytest
from tests.conftest import STORES

from sot.ports.store import Store
from sot.testing.audit_contract import AuditContract
from sot.testing.contract import StoreContract


class TestStores(StoreContract, AuditContract):
    @pytest.fixture(params=STORES)
    def store(self, request, make_store) -> Store:
        return make_store(request.param)
