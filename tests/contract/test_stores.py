"""Our stores pass the suite that others can run, too: on PostgreSQL as a role with the least rights."""

from collections.abc import Iterator

import pytest

from sot.ports.store import Store
from sot.testing.contract import AccessContract, FaultContract, StoreContract
from tests.conftest import STORES
from tests.support.places import PLACES, foreign_names, noted_by_sqlalchemy

CALLS_IN_DATABASES = 11
"""Databases fail at every eleventh call, so that the suite stays short; the store in memory at every call."""


class TestStores(StoreContract, AccessContract, FaultContract):
    @pytest.fixture(params=STORES)
    def store(self, request, make_store) -> Store:
        self.every_nth_call = 1 if request.param == "memory" else CALLS_IN_DATABASES
        return make_store(request.param, least_rights=True)


class TestStoresInOtherPlaces(StoreContract, AccessContract):
    """No statement names a table, or another part of the schema, as it is named in the default place."""

    @pytest.fixture(params=PLACES)
    def store(self, request, make_store) -> Iterator[Store]:
        with noted_by_sqlalchemy() as statements:
            yield make_store(request.param, least_rights=True, **PLACES[request.param])
        assert statements and foreign_names(statements) == set()
