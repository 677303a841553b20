"""Reports of MetaTrader 5."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from sot import OrderHistory
from sot.adapters.imports.metatrader.reader import OTHER_CURRENCY, SIZE_UNKNOWN, MetaTraderReader
from sot.adapters.memory import MemoryStore
from sot.application.importing.importer import import_history
from sot.domain.values.errors import InvalidInput
from sot.ports.readers import ReaderOptions, Skipped
from sot.testing.contract.reader import ReaderContract

OPTIONS = ReaderOptions(account_id="main", zone=ZoneInfo("Europe/Athens"))

POSITIONS = (
    "Time",
    "Position",
    "Symbol",
    "Type",
    "Volume",
    "Price",
    "S / L",
    "T / P",
    "Time",
    "Price",
    "Commission",
    "Swap",
    "Profit",
)
DEALS = (
    "Time",
    "Deal",
    "Symbol",
    "Type",
    "Direction",
    "Volume",
    "Price",
    "Order",
    "Commission",
    "Fee",
    "Swap",
    "Profit",
    "Balance",
    "Comment",
)

POSITION_ROWS = [
    "2024.03.04 10:00:00|501|EURUSD|buy|0.10|1.08000|||2024.03.04 12:00:00|1.08180|-1.20|0.00|18.00",
    "2024.03.04 10:30:00|502|XAUUSD|sell|0.20|2 100.50|||2024.03.05 12:00:00|2 099.80|-0.80|-1.25|14.00",
    "2024.03.06 10:00:00|503|USDJPY|buy|0.10|150.000|||2024.03.06 11:00:00|150.150|0.00|0.00|9.99",
]
DEAL_ROWS = [
    "2024.03.01 09:00:00|1||balance|||||0.00|0.00|0.00|1 000.00|1 000.00|Deposit",
    "2024.03.04 10:00:00|11|EURUSD|buy|in|0.10|1.08000|101|-0.60|0.00|0.00|0.00|999.40|",
    "2024.03.04 10:30:00|12|XAUUSD|sell|in|0.20|2 100.50|102|-0.40|0.00|0.00|0.00|999.00|",
    "2024.03.04 12:00:00|13|EURUSD|sell|out|0.10|1.08180|103|-0.60|0.00|0.00|18.00|1 016.40|[tp 1.0818]",
    "2024.03.05 12:00:00|14|XAUUSD|buy|out|0.20|2 099.80|104|-0.40|0.00|-1.25|14.00|1 028.75|",
]
JPY_ROWS = [
    "2024.03.06 10:00:00|15|USDJPY|buy|in|0.10|150.000|105|0.00|0.00|0.00|0.00|1 028.75|",
    "2024.03.06 11:00:00|16|USDJPY|sell|out|0.10|150.150|106|0.00|0.00|0.00|9.99|1 038.74|",
]
SUM = "||||||||-2.00|0.00|-1.25|32.00|1 028.75|"


def cells(row, tag="td"):
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"


def document(deals, positions=POSITION_ROWS, account="1234 (USD, Broker-Server, real, Hedge)"):
    title = '<tr align="center"><th colspan="14"><div style="font: 10pt"><b>{}</b></div></th></tr>'
    rows = [
        '<tr><th colspan="4">Account:</th><th><b>' + account + "</b></th></tr>",
        title.format("Positions"),
        cells([f"<b>{name}</b>" for name in POSITIONS]),
        *(cells(row.split("|")).replace("</tr>", '<td class="hidden" colspan="8">x</td></tr>') for row in positions),
        title.format("Deals"),
        cells([f"<b>{name}</b>" for name in DEALS]),
        *(cells(row.split("|")) for row in [*deals, SUM]),
    ]
    return f"<html><body><table>{''.join(rows)}</table></body></html>"


def written(path, *arguments, **options):
    path.write_bytes(b"\xff\xfe" + document(*arguments, **options).encode("utf-16-le"))
    return str(path)


def named(names, row):
    counted = [name if names.index(name) == location else f"{name} 2" for location, name in enumerate(names)]
    return dict(zip(counted, row.split("|"), strict=True))


class TestMetaTrader(ReaderContract):
    def reader(self):
        return MetaTraderReader()

    def new_store(self):
        return MemoryStore()

    def options(self):
        return OPTIONS

    def source(self, tmp_path):
        return written(tmp_path / "report.html", DEAL_ROWS)

    def in_other_order(self, tmp_path):
        return written(tmp_path / "other.html", DEAL_ROWS[::-1])

    def overlapping(self, tmp_path):
        return [
            written(tmp_path / "early.html", DEAL_ROWS[:4]),
            written(tmp_path / "late.html", DEAL_ROWS[1:]),
        ]

    def rows(self):
        return [named(POSITIONS, row) for row in POSITION_ROWS] + [named(DEALS, row) for row in [*DEAL_ROWS, SUM]]


@pytest.fixture
def imported(tmp_path):
    def imported(*arguments, **options):
        store = MemoryStore()
        items = list(MetaTraderReader().read(written(tmp_path / "r.html", *arguments, **options), OPTIONS))
        summary = import_history(store, items, finished_orders=True)
        return OrderHistory(store.begin(read_only=True)), summary

    return imported


def test_results_and_the_balance_agree(imported):
    history, summary = imported(DEAL_ROWS)
    assert summary.agrees, (summary.skipped, summary.differences)
    assert summary.figures == 3
    positions = {each.symbol: each for each in history.positions("main", include_flat=True)}
    assert (positions["EURUSD"].realized_gross, positions["EURUSD"].realized_net) == (18, Decimal("16.8"))
    gold = positions["XAUUSD"]
    assert (gold.realized_gross, gold.instrument.multiplier) == (14, 100)
    assert gold.account_results == {"FUNDING": Decimal("-1.25")}
    assert {each.asset: each.amount for each in history.balances("main")} == {"USD": Decimal("1028.75")}


def test_results_in_another_currency_than_the_price_are_not_compared(imported):
    history, summary = imported([*DEAL_ROWS, *JPY_ROWS])
    assert summary.agrees, (summary.skipped, summary.differences)
    assert (summary.figures, summary.remarks[OTHER_CURRENCY]) == (2, 1)
    position = history.position("main", "METATRADER", "USDJPY", position_side="LONG")
    assert (position.currency, position.realized_gross) == ("JPY", 1500)


def test_hedged_positions_are_two(imported):
    rows = [DEAL_ROWS[1], DEAL_ROWS[1].replace("|11|", "|21|").replace("buy", "sell")]
    history, _ = imported(rows)
    assert {(each.key.position_side, each.quantity) for each in history.positions("main")} == {
        ("LONG", Decimal("0.1")),
        ("SHORT", Decimal("-0.1")),
    }
    history, _ = imported(rows, account="1234 (USD, Broker-Server, real, Netting)")
    assert list(history.positions("main")) == []


def test_a_contract_whose_size_nothing_tells(imported):
    _, summary = imported([DEAL_ROWS[1].replace("EURUSD", "US500")])
    assert summary.remarks == {SIZE_UNKNOWN: 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (DEAL_ROWS[1].replace("buy", "gift"), "type gift"),
        (DEAL_ROWS[1].replace("0.10|", "|"), "without volume"),
        (DEAL_ROWS[1].replace("2024.03.04", "yesterday"), "no time"),
    ],
)
def test_what_cannot_be_read_is_skipped(imported, row, reason):
    _, summary = imported([row])
    assert reason in summary.skipped[0].reason


@pytest.mark.parametrize("text", ["", "<html></html>", "<table><tr><td>Deals</td></tr></table>", "\udcff"])
def test_another_file_is_refused(tmp_path, text):
    path = tmp_path / "other.html"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidInput):
        list(MetaTraderReader().read(str(path), OPTIONS))


def test_skipped_rows_are_those_of_the_report(tmp_path):
    items = MetaTraderReader().read(written(tmp_path / "r.html", DEAL_ROWS), OPTIONS)
    reasons = {item.reason for item in items if isinstance(item, Skipped)}
    assert reasons == {"Positions: the deals have it", "a sum"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_deals_that_were_saved_as_csv(tmp_path, delimiter):
    path = tmp_path / "deals.csv"
    rows = ["|".join(DEALS), *DEAL_ROWS]
    path.write_text("\n".join(row.replace("|", delimiter) for row in rows))
    with pytest.raises(InvalidInput, match="--currency"):
        list(MetaTraderReader().read(str(path), OPTIONS))
    options = ReaderOptions(account_id="main", zone=OPTIONS.zone, currency="USD")
    store = MemoryStore()
    summary = import_history(store, MetaTraderReader().read(str(path), options), finished_orders=True)
    assert summary.agrees, summary.differences
    history = OrderHistory(store.begin(read_only=True))
    position = history.position("main", "METATRADER", "EURUSD", position_side="LONG")
    assert position.realized_net == Decimal("16.8")
