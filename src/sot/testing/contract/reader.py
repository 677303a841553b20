"""The reader suite: what every reader must do so that importing is safe, again and on overlapping files.

Derive a test class from `ReaderContract`:

    class TestMyReader(ReaderContract):
        def reader(self):
            return MyReader()

        def source(self, tmp_path):
            return "samples/broker.csv"

        def rows(self):
            return [{"Symbol": "ABC", ...}, ...]  # every row of the sample, as the reader keeps it

        def new_store(self):
            return MemoryStore()

Tests of files that overlap, or have their rows in another order, are skipped where the hooks are not overridden.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sot.application.history import OrderHistory
from sot.application.importing.importer import import_history
from sot.application.importing.summary import ImportSummary
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.position import Position
from sot.domain.orders.report import VenueReport, is_execution_id
from sot.domain.values.documents import checked_document, document_text
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import EventType
from sot.ports.orders import OrderFilter
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Remark, Skipped, Statement
from sot.ports.store import Store

ACCOUNT = "main"

ROWS = "rows"
"""The key of a raw payload that is several rows."""


class ReaderContract:
    """Tests for a reader and a sample of its format; the methods to override are in the module's description."""

    def reader(self) -> Reader:
        """The reader."""
        raise NotImplementedError

    def source(self, tmp_path: Path) -> str:
        """A sample: a path or a URL."""
        raise NotImplementedError

    def rows(self) -> Sequence[Any]:
        """Every row of the sample, as the reader keeps it in raw payloads and what it skips."""
        raise NotImplementedError

    def new_store(self) -> Store:
        """An empty store."""
        raise NotImplementedError

    def options(self) -> ReaderOptions:
        """What the sample does not say itself."""
        return ReaderOptions(account_id=ACCOUNT)

    def in_other_order(self, tmp_path: Path) -> str | None:
        """A source with the rows of the sample in another order; None if their order is part of the format."""
        return None

    def overlapping(self, tmp_path: Path) -> Sequence[str]:
        """Sources that overlap, and together have the rows of the sample, earlier ones first."""
        return ()

    def items(self, source: str) -> list[ImportItem]:
        """What the reader yields for a source."""
        return list(self.reader().read(source, self.options()))

    def imported(self, store: Store, *sources: str) -> ImportSummary:
        """Import sources one after the other; returns the summary of the last one."""
        reader = self.reader()
        summary = ImportSummary()
        for source in sources:
            summary = import_history(store, self.items(source), finished_orders=reader.finished_orders)
        return summary

    # ------------------------------------------------------------------------------------------------- what is read

    def test_has_a_title(self) -> None:
        """The reader says what it reads."""
        reader = self.reader()
        assert isinstance(reader, Reader)
        assert reader.title
        assert isinstance(reader.finished_orders, bool)

    def test_drops_no_row(self, tmp_path: Path) -> None:
        """Every row is in the raw payload of a fact, in a statement, or skipped with a reason."""
        told = Counter(_text(row) for item in self.items(self.source(tmp_path)) for row in _rows_of(item))
        assert [row for row in self.rows() if not told[_text(row)]] == []

    def test_every_skipped_row_has_a_reason(self, tmp_path: Path) -> None:
        """Reasons and remarks are texts."""
        for item in self.items(self.source(tmp_path)):
            if isinstance(item, Skipped):
                assert item.reason
            if isinstance(item, Remark):
                assert item.text

    def test_facts_are_of_the_account(self, tmp_path: Path) -> None:
        """Facts are of the account that was asked for, with venue, time, and the names that importing again needs."""
        for fact in _facts(self.items(self.source(tmp_path))):
            assert fact.account_id == self.options().account_id
            assert fact.venue
            if isinstance(fact, VenueReport):
                assert any(fact.identifiers()), fact
                assert fact.occurred_at is not None
                assert fact.type is not EventType.TRADE or is_execution_id(fact.exec_id), fact
                assert fact.raw_payload is not None
            if isinstance(fact, AccountEvent):
                assert fact.external_id, fact
                assert fact.raw_payload is not None

    def test_ids_are_unique(self, tmp_path: Path) -> None:
        """No two executions, and no two account events, have one id."""
        facts = _facts(self.items(self.source(tmp_path)))
        ids: Counter[tuple[object, ...]] = Counter()
        for fact in facts:
            if isinstance(fact, VenueReport) and fact.type is EventType.TRADE:
                ids[fact.venue_order_id, fact.client_order_id, fact.exec_id, fact.leg] += 1
            elif isinstance(fact, AccountEvent):
                ids[fact.type, fact.external_id] += 1
        assert [id for id, count in ids.items() if count > 1] == []

    def test_tells_each_instrument_once(self, tmp_path: Path) -> None:
        """Executions are of instruments that the reader tells, each once."""
        facts = _facts(self.items(self.source(tmp_path)))
        symbols = Counter(fact.symbol for fact in facts if isinstance(fact, Instrument))
        assert [symbol for symbol, count in symbols.items() if count > 1] == []
        traded = {fact.symbol for fact in facts if isinstance(fact, VenueReport) and fact.type is EventType.TRADE}
        assert traded <= set(symbols)

    def test_reads_the_same_again(self, tmp_path: Path) -> None:
        """A source is read to the same facts each time."""
        source = self.source(tmp_path)
        assert self.items(source) == self.items(source)

    def test_order_of_rows_does_not_matter(self, tmp_path: Path) -> None:
        """Rows in another order are the same facts, but for `venue_sequence`."""
        source = self.in_other_order(tmp_path)
        if source is None:
            pytest.skip("the order of rows is part of the format")
        assert self._contents(source) == self._contents(self.source(tmp_path))

    def _contents(self, source: str) -> list[str]:
        return sorted(_content(fact) for fact in _facts(self.items(source)))

    # --------------------------------------------------------------------------------------------------- importing

    def test_importing_again_adds_nothing(self, tmp_path: Path) -> None:
        """Everything is known the second time, and the summary says the same about rows and figures."""
        store, source = self.new_store(), self.source(tmp_path)
        first, second = self.imported(store, source), self.imported(store, source)
        assert not first.adds_nothing
        assert second.adds_nothing
        assert (second.skipped, second.figures, second.differences) == (first.skipped, first.figures, first.differences)
        store.close()

    def test_a_dry_run_stores_nothing(self, tmp_path: Path) -> None:
        """A dry run says what importing would do."""
        store, reader = self.new_store(), self.reader()
        items = self.items(self.source(tmp_path))
        dry = import_history(store, items, finished_orders=reader.finished_orders, dry_run=True)
        with store.begin(read_only=True) as uow:
            assert list(OrderHistory(uow).orders(OrderFilter(account_id=self.options().account_id))) == []
        wet = import_history(store, items, finished_orders=reader.finished_orders)
        assert (dry.counts, dry.skipped, dry.figures, dry.differences) == (
            wet.counts,
            wet.skipped,
            wet.figures,
            wet.differences,
        )
        store.close()

    def test_overlapping_sources_agree(self, tmp_path: Path) -> None:
        """Sources that overlap give the positions of the whole, in any order of importing them."""
        parts = self.overlapping(tmp_path)
        if not parts:
            pytest.skip("the format has no overlapping sources")
        whole = self._positions(self.source(tmp_path))
        assert self._positions(*parts) == whole
        assert self._positions(*reversed(parts)) == whole

    def _positions(self, *sources: str) -> list[dict[str, Any]]:
        store = self.new_store()
        self.imported(store, *sources)
        with store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            account = self.options().account_id
            positions = [_figures(position) for position in history.positions(account, include_flat=True)]
            balances = [(each.venue, each.asset, each.amount) for each in history.balances(account)]
        store.close()
        return [*positions, {"balances": balances}]


def _figures(position: Position) -> dict[str, Any]:
    """A position without ids that are new in each store."""
    figures = position.to_dict()
    figures["state"].pop("last_key")
    return figures


def _facts(items: Iterable[ImportItem]) -> list[Instrument | VenueReport | AccountEvent]:
    return [item for item in items if isinstance(item, (Instrument, VenueReport, AccountEvent))]


def _rows_of(item: ImportItem) -> list[Any]:
    """The rows that are kept with an item."""
    if isinstance(item, (Skipped, Remark, Statement)):
        kept = item.row
    else:
        kept = None if isinstance(item, Instrument) else item.raw_payload
    if isinstance(kept, dict) and set(kept) == {ROWS}:
        return list(kept[ROWS])
    return [] if kept is None else [kept]


def _text(row: Any) -> str:
    return document_text(checked_document("row", row))


_PLACE = frozenset({"venue_sequence", "raw_payload"})


def _content(fact: Instrument | VenueReport | AccountEvent) -> str:
    names = _PLACE & set(type(fact).KINDS)
    return f"{type(fact).__name__} {fact.canonical_without(names)}"
