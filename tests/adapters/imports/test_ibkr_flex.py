"""Flex queries of Interactive Brokers."""

import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.support.csv_samples import SAMPLES

from sot import AccountEvent, OrderHistory, VenueReport
from sot.adapters.imports.ibkr.flex import IbkrFlexReader
from sot.adapters.memory import MemoryStore
from sot.application.importing.importer import import_history
from sot.domain.values.errors import InvalidInput
from sot.ports.readers import ReaderOptions, Skipped
from sot.testing.contract.reader import ReaderContract

SAMPLE = SAMPLES / "ibkr-flex.xml"
OPTIONS = ReaderOptions(account_id="main", zone=ZoneInfo("America/New_York"))


class TestIbkrFlex(ReaderContract):
    def reader(self):
        return IbkrFlexReader()

    def new_store(self):
        return MemoryStore()

    def options(self):
        return OPTIONS

    def source(self, tmp_path):
        return str(SAMPLE)

    def rows(self):
        tree = ElementTree.parse(SAMPLE)
        containers = ("FlexStatement", "FlexStatements", "FlexQueryResponse")
        return [element.attrib for element in tree.iter() if element.tag not in containers and element.attrib]

    def in_other_order(self, tmp_path):
        return self.written(tmp_path / "other.xml", lambda elements: elements[::-1])

    def overlapping(self, tmp_path):
        early = self.written(tmp_path / "early.xml", lambda elements: elements[:6])
        late = self.written(tmp_path / "late.xml", lambda elements: elements[1:])
        return [early, late]

    def written(self, path, arrange):
        tree = ElementTree.parse(SAMPLE)
        for section in tree.find("FlexStatements/FlexStatement"):
            elements = list(section)
            section[:] = arrange(elements) if section.tag == "Trades" else elements
        tree.write(path)
        return str(path)


def read(text, tmp_path, options=OPTIONS):
    path = tmp_path / "flex.xml"
    path.write_text(text)
    return list(IbkrFlexReader().read(str(path), options))


def flex(*elements):
    statement = f"<FlexStatement>{''.join(elements)}</FlexStatement>"
    return f"<FlexQueryResponse><FlexStatements>{statement}</FlexStatements></FlexQueryResponse>"


def trade(**attributes):
    given = {
        "assetCategory": "STK",
        "symbol": "ABC",
        "currency": "USD",
        "tradeID": "1",
        "dateTime": "2026-01-05;10:30:00",
        "quantity": "10",
        "tradePrice": "5",
        "buySell": "BUY",
        **attributes,
    }
    return "<Trade " + " ".join(f'{name}="{value}"' for name, value in given.items()) + "/>"


def test_the_figures_of_the_broker_agree():
    store = MemoryStore()
    summary = import_history(store, IbkrFlexReader().read(str(SAMPLE), OPTIONS), finished_orders=True)
    assert summary.agrees, (summary.skipped, summary.differences)
    assert summary.figures == 7
    history = OrderHistory(store.begin(read_only=True))
    stock = history.position("main", "IBKR", "ABC", method="FIFO")
    assert (stock.quantity, stock.realized_net) == (200, Decimal("668.25"))
    # 50 units at 12 and 100 at 7, less the premium of the option that was assigned
    assert stock.entry_value == 600 + 700 - 50
    assert history.position("main", "IBKR", "XYZ   260116C00100000").realized_net == Decimal("-100.7")


def test_a_trade_that_is_canceled_is_busted(tmp_path):
    text = flex(
        trade(ibOrderID="7"),
        trade(tradeID="2", origTradeID="1", ibOrderID="7", quantity="-10", buySell="BUY (Ca.)"),
        trade(tradeID="3", ibOrderID="8", quantity="4"),
    )
    store = MemoryStore()
    import_history(store, read(text, tmp_path), finished_orders=True)
    history = OrderHistory(store.begin(read_only=True))
    assert history.position("main", "IBKR", "ABC").quantity == 4


def test_an_option_that_is_settled_in_cash(tmp_path):
    option = {
        "assetCategory": "OPT",
        "symbol": "SPX C",
        "multiplier": "100",
        "strike": "6000",
        "putCall": "C",
        "expiry": "20260116",
        "underlyingSymbol": "SPX",
    }
    text = flex(
        trade(**option),
        trade(
            **option,
            tradeID="2",
            quantity="-10",
            tradePrice="3",
            proceeds="3000",
            notes="Ex",
            transactionType="BookTrade",
        ),
    )
    [event] = [item for item in read(text, tmp_path) if isinstance(item, AccountEvent)]
    assert (event.type, event.amount, event.quantity) == ("EXERCISE", 3000, 10)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("20260105;103000", 15),
        ("2026-01-05, 10:30:00", 15),
        ("2026-01-05 10:30:00 EST", 15),
        ("20260705 103000 EDT", 14),
        ("01/05/2026;10:30:00", 15),
        ("2026-01-05;10:30:00 -0500", 15),
    ],
)
def test_forms_of_times(tmp_path, text, hour):
    [report] = [item for item in read(flex(trade(dateTime=text)), tmp_path) if isinstance(item, VenueReport)]
    assert report.occurred_at.hour == hour


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (trade(assetCategory="SWAP"), "SWAP is a category"),
        (trade(dateTime="soon"), "no time"),
        (trade(quantity=""), "no number"),
        ('<CashTransaction type="Lottery" amount="1" currency="USD" dateTime="20260105"/>', "of type Lottery"),
        ('<CorporateAction type="TC" description="MERGED" symbol="ABC" dateTime="20260105"/>', "other than a split"),
    ],
)
def test_what_cannot_be_read_is_skipped(tmp_path, element, reason):
    [skipped] = [item for item in read(flex(element), tmp_path) if isinstance(item, Skipped)]
    assert reason in skipped.reason
    assert not skipped.expected


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + flex(trade(symbol="&b;"))


@pytest.mark.parametrize("text", [BOMB, "no xml", "<html a='b'/>", "<FlexQueryResponse>"])
def test_another_file_is_refused(tmp_path, text):
    with pytest.raises(InvalidInput):
        read(text, tmp_path)


def test_a_zone_is_needed(tmp_path):
    with pytest.raises(InvalidInput, match="--zone"):
        read(flex(trade()), tmp_path, ReaderOptions(account_id="main"))
