"""Activity statements of Interactive Brokers."""

import csv
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.support.csv_samples import SAMPLES

from sot import Instrument, OrderHistory, VenueReport
from sot.adapters.imports.ibkr.activity import IbkrActivityReader
from sot.adapters.memory import MemoryStore
from sot.application.importing.importer import import_history
from sot.domain.values.errors import InvalidInput
from sot.ports.readers import ReaderOptions
from sot.testing.contract.reader import ReaderContract

SAMPLE = SAMPLES / "ibkr-activity.csv"
OPTIONS = ReaderOptions(account_id="main", zone=ZoneInfo("America/New_York"))


def lines(path=SAMPLE):
    with path.open(newline="") as stream:
        return list(csv.reader(stream))


class TestIbkrActivity(ReaderContract):
    def reader(self):
        return IbkrActivityReader()

    def new_store(self):
        return MemoryStore()

    def options(self):
        return OPTIONS

    def source(self, tmp_path):
        return str(SAMPLE)

    def rows(self):
        headers, found = {}, []
        for section, kind, *values in lines():
            if kind == "Header":
                headers[section] = values
            else:
                named = dict(zip(headers[section], values, strict=False))
                found.append({"Section": section, "Row": kind, **named})
        return found

    def overlapping(self, tmp_path):
        rows = lines()
        parts = (
            [row for row in rows if "2021-02-01" not in str(row)],
            [row for row in rows if "11:00:00" not in str(row)],
        )
        paths = []
        for number, part in enumerate(parts):
            path = tmp_path / f"{number}.csv"
            with path.open("w", newline="") as stream:
                csv.writer(stream).writerows(part)
            paths.append(str(path))
        return paths


def test_the_figures_of_the_broker_agree():
    store = MemoryStore()
    summary = import_history(store, IbkrActivityReader().read(str(SAMPLE), OPTIONS), finished_orders=True)
    assert summary.agrees, (summary.skipped, summary.differences)
    assert summary.figures == 3
    history = OrderHistory(store.begin(read_only=True))
    stock = history.position("main", "IBKR", "ABC")
    assert (stock.quantity, stock.realized_net) == (1050, Decimal(188))
    assert stock.account_results == {"DIVIDEND": Decimal("89.25")}
    option = history.position("main", "IBKR", "ABC 15JAN21 9 C")
    assert (option.realized_net, option.instrument.multiplier) == (Decimal("148.6"), 100)
    assert option.instrument.strike == 9
    balances = {each.asset: each.amount for each in history.balances("main")}
    assert balances["EUR"] == 2000
    assert balances["USD"] == Decimal("7424.85")


def test_executions_are_read_where_the_statement_has_them(tmp_path):
    path = tmp_path / "detailed.csv"
    text = SAMPLE.read_text()
    order = next(line for line in text.splitlines() if "10:30:00" in line)
    parts = [order.replace("Order", "Trade").replace('"1,100"', size) for size in ("600", "500")]
    path.write_text(text.replace(order, "\n".join([order, *parts])))
    items = list(IbkrActivityReader().read(str(path), OPTIONS))
    assert sorted(item.last_quantity for item in items if isinstance(item, VenueReport)) == [500, 600]


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b,c\n1,2,3\n")
    with pytest.raises(InvalidInput, match="activity statement"):
        list(IbkrActivityReader().read(str(path), OPTIONS))


def test_a_part_of_a_statement_is_read_and_its_proceeds_tell_multipliers(tmp_path):
    path = tmp_path / "part.csv"
    path.write_text("\n".join(line for line in SAMPLE.read_text().splitlines() if line.startswith("Trades")))
    items = list(IbkrActivityReader().read(str(path), OPTIONS))
    sizes = {item.symbol: item.multiplier for item in items if isinstance(item, Instrument)}
    assert sizes == {"ABC": 1, "ABC 15JAN21 9 C": 100, "EUR.USD": 1}
