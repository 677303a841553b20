"""Our stores pass the suite that others can run, too: on PostgreSQL as a role with the least rights."""

import pytest

from sot.ports.store import Store
from sot.testing.contract import AccessContract, FaultContract, StoreContract
from tests.conftest import STORES


class TestStores(StoreContract, AccessContract, FaultContract):
    @pytest.fixture(params=STORES)
    def store(self, request, make_store) -> Store:
        return make_store(request.param, least_rights=True)
