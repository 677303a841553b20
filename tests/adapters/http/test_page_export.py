"""What the page shows, as a file: exactly the list, in each format, in bounded memory."""

import csv
import io
import json
import tracemalloc
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from page_client import Document, check_page, make_browser

from sot.adapters.exports.tables import CSV
from sot.adapters.http.page import page_server
from sot.adapters.http.page.views import export
from sot.domain.values.vocabulary import Side
from sot.testing.contract.samples import trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


@pytest.fixture
def order_id(store):
    submit_and_send(store, "C0", side=Side.SELL)
    order_id = submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "4", "100.125")))
    write_history(store, lambda h: h.record(trade_report("C1", "E2", "3", "101")))
    return order_id


def rows_of(response, format):
    """The rows of a file, by names."""
    assert response.status_code == 200, response.text
    assert response.headers["content-disposition"].startswith("attachment; ")
    assert response.headers["content-disposition"].endswith(f".{format}")
    assert response.headers["x-content-type-options"] == "nosniff"
    if format == "csv":
        return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))
    if format == "jsonl":
        return [json.loads(line) for line in response.text.splitlines()]
    return pq.read_table(io.BytesIO(response.content)).to_pylist()


FORMATS = ["csv", "jsonl", "parquet"]


@pytest.mark.parametrize("format", FORMATS)
def test_the_list_as_it_is_filtered(browser, order_id, format):
    for query, names in (("", ["C0", "C1"]), ("?side=SELL", ["C0"]), ("?id=C1", ["C1"]), ("?symbol=none", [])):
        document = browser.open("/orders" + query)
        links = [one for one in document.addresses if one.startswith("/export/orders") and f"format={format}" in one]
        if not names:
            assert links == []
            continue
        rows = rows_of(browser.get(links[0]), format)
        assert [row["client_order_id"] for row in rows] == names


@pytest.mark.parametrize("format", FORMATS)
def test_the_story_of_an_order(browser, order_id, store, format):
    document = browser.open(f"/orders/{order_id}")
    links = {
        part: one for part in ("events", "fills") for one in document.addresses if f"/{part}?format={format}" in one
    }
    events = rows_of(browser.get(links["events"]), format)
    assert [row["hash"] for row in events] == [
        event.hash for event in read_history(store, lambda h: list(h.events(order_id)))
    ]
    fills = rows_of(browser.get(links["fills"]), format)
    assert [Decimal(row["price"]) for row in fills] == [Decimal("100.125"), Decimal(101)]


def test_all_pages_of_the_list(browser, store):
    for number in range(7):
        submit_and_send(store, f"C{number}")
    (link,) = [one for one in browser.open("/orders?page_size=2").addresses if "format=csv" in one]
    assert len(rows_of(browser.get(link), "csv")) == 7


def test_what_was_known_then(browser, order_id, store):
    then = store.horizon()
    write_history(store, lambda h: h.record(trade_report("C1", "E3", "3", "102")))
    (link,) = [one for one in browser.open(f"/orders?as_of={then}&id=C1").addresses if "format=csv" in one]
    (row,) = rows_of(browser.get(link), "csv")
    assert row["cum_quantity"] == "7"


def test_formats_are_those_of_the_server(store, order_id):
    with make_browser(store, file_formats=[CSV]) as browser:
        assert [one for one in browser.open("/orders").addresses if "format=" in one] == ["/export/orders?format=csv"]
        for format in ("parquet", "exe"):
            response = browser.get("/export/orders", params={"format": format})
            assert response.status_code == 400
            assert "format: give one of csv" in check_page(response).one("p", class_="error")["text"]
    with make_browser(store, file_formats=()) as browser:
        assert not [one for one in browser.open("/orders").addresses if "format=" in one]


def test_an_error_is_a_page_and_no_half_file(browser, order_id, monkeypatch):
    def failing(queries, criteria):
        yield from queries.orders(criteria, limit=1).items
        raise RuntimeError("damaged")

    monkeypatch.setattr(export.rows, "orders", failing)
    response = browser.get("/export/orders", params={"format": "csv"})
    assert response.status_code == 500
    assert "C0" not in Document(response.text).one("main")["text"]


def test_too_many_files_at_once_are_refused(browser, order_id, monkeypatch):
    monkeypatch.setattr(page_server, "MOST_LONG", 0)
    response = browser.get("/export/orders", params={"format": "csv"})
    assert response.status_code == 503
    assert "retry-after" in response.headers
    monkeypatch.undo()
    assert browser.get("/export/orders", params={"format": "csv"}).status_code == 200


def test_the_head_of_a_file_reads_no_rows(browser, order_id, monkeypatch):
    monkeypatch.setattr(export.rows, "orders", lambda queries, criteria: pytest.fail("rows were read"))
    response = browser.head("/export/orders", params={"format": "csv"})
    assert response.status_code == 200


def test_memory_does_not_grow_with_the_file(browser, order_id, store, monkeypatch):
    """Rows are made while the file is written, and the file is on disk: memory holds neither."""
    (order,) = read_history(store, lambda h: h.orders(limit=1)).items[:1]
    sizes = []
    for count in (2_000, 8_000):
        monkeypatch.setattr(export.rows, "orders", lambda queries, criteria, n=count: (order for _ in range(n)))
        monkeypatch.setattr(export, "_IN_MEMORY_BYTES", 1 << 16)
        tracemalloc.start()
        with browser.stream("GET", "/export/orders", params={"format": "csv"}) as response:
            sizes.append(tracemalloc.get_traced_memory()[1])
            assert response.status_code == 200
        tracemalloc.stop()
    assert sizes[1] < 1.5 * sizes[0] + (1 << 20)
