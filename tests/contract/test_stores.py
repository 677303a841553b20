"""Our stores pass the suite that others can run, too: on PostgreSQL as a role with the least rights."""

import pytest

from sot.ports.store import Store
from sot.testing.contract import AccessContract, FaultContract, StoreContract
from tests.conftest import STORES

CALLS_IN_DATABASES = 11
"""Databases fail at every eleventh call, so that the suite stays short; the store in memory at every call."""


class TestStores(StoreContract, AccessContract, FaultContract):
    @pytest.fixture(params=STORES)
    def store(self, request, make_store) -> Store:
        self.every_nth_call = 1 if request.param == "memory" else CALLS_IN_DATABASES
        return make_store(request.param, least_rights=True)
