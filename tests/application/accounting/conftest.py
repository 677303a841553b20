import pytest

from sot.application.accounting import positions


@pytest.fixture(autouse=True)
def frequent_snapshots(monkeypatch):
    """Keep position snapshots so often that short histories continue from them."""
    monkeypatch.setattr(positions, "FLAT_SNAPSHOT_INTERVAL", 2)
    monkeypatch.setattr(positions, "SNAPSHOT_INTERVAL", 3)
