import pytest

from sot.adapters.memory import MemoryStore
from sot.ports.store import Store
from sot.testing.contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()
