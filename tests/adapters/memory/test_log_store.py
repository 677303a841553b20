"""A store of somebody else, as docs/how-to/store.md shows it: a log of facts in a file of JSON lines."""

import re
from pathlib import Path

import attrs
import pytest

from sot import CommitUnknown, OrderHistory
from sot.adapters.memory import LogStore
from sot.application.audit.archive import archive
from sot.testing.contract import FactLogContract, StoreContract
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "store.md"


@pytest.fixture(scope="session")
def json_lines_log():
    """The class of the page: its first code block."""
    names = {}
    exec(re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1], names)
    return names["JsonLinesLog"]


def test_the_store_of_the_page_is_short():
    block = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    assert len(block.splitlines()) <= 300


class TestJsonLinesLog(FactLogContract):
    @pytest.fixture
    def open_log(self, json_lines_log, tmp_path):
        return lambda: json_lines_log(tmp_path / "facts.log")

    def open_store(self, log):
        return LogStore(log)

    def test_a_torn_append_is_none(self, open_log, tmp_path):
        """A process died in the middle of writing: nothing of that append is read, and the next one replaces it."""
        log = open_log()
        log.append(["a"], 0)
        with (tmp_path / "facts.log").open("ab") as file:
            file.write(b'["b", "c')
        assert list(open_log().read(0)) == ["a"]
        open_log().append(["d"], 1)
        assert list(log.read(0)) == ["a", "d"]


def contents(store):
    """Everything that a store has: its archive, and each order with all that is derived of it."""
    with store.begin(read_only=True) as uow:
        orders = [
            (attrs.evolve(stored.order, version=0), stored.fills, stored.costs, stored.snapshots, stored.states)
            for stored in uow.audit.stored_orders()
        ]
        positions = [row for account_id in uow.audit.accounts() for row in uow.positions.list(account_id)]
        waiting = [report for account_id in ("account", "main") for report in uow.reports.waiting(account_id)]
        return list(archive(uow)), orders, positions, waiting


WRITE_PROJECTIONS = {
    "test_orders_of_one_time_are_listed_by_id",
    "test_states_are_found_by_prefix",
    "test_position_snapshots_are_found_by_execution_key",
    "test_positions_are_listed_by_account_at_the_venue_and_if_they_are_open",
}
"""Tests that write derived rows of no fact, which no log has."""


class TestLogStore(StoreContract):
    @pytest.fixture
    def store(self, json_lines_log, tmp_path, request):
        """A store over a log; after each test a store that opens the log then has the same."""
        path = tmp_path / "facts.log"
        store = LogStore(json_lines_log(path))
        yield store
        if request.function.__name__ not in WRITE_PROJECTIONS:
            assert contents(LogStore(json_lines_log(path))) == contents(store)


def test_a_lost_answer_to_an_append_is_read_back(json_lines_log, tmp_path):
    """The lines arrived, and the answer did not: the store reads what the log has."""

    class Forgetful(json_lines_log):
        def append(self, lines, after):
            super().append(lines, after)
            raise CommitUnknown("the answer was lost")

    path = tmp_path / "facts.log"
    store = LogStore(Forgetful(path))
    with store.begin() as uow:
        OrderHistory(uow).register(spot_instrument())
        with pytest.raises(CommitUnknown):
            uow.commit()
    with store.begin(read_only=True) as uow:
        assert OrderHistory(uow).instruments(ACCOUNT, VENUE, SYMBOL) == [spot_instrument()]
