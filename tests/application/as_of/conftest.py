"""Fixtures of the tests of past moments."""

import pytest

from sot.application.accounting import position_entries, positions
from sot.application.orders import state_snapshots
from sot.testing.fakes import CountedIds, ManualClock


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param, ManualClock(), CountedIds())


@pytest.fixture
def frequent_snapshots(monkeypatch):
    """Keep snapshots so often that short histories continue from them."""
    monkeypatch.setattr(state_snapshots, "STATE_SNAPSHOT_INTERVAL", 2)
    monkeypatch.setattr(position_entries, "FILLS_PER_BATCH", 1)
    for name in ("FLAT_SNAPSHOT_INTERVAL", "SNAPSHOT_INTERVAL"):
        monkeypatch.setattr(positions, name, 1)
