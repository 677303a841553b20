"""`sot import`: formats, mappings, summaries, exit codes."""

import json
from importlib.metadata import EntryPoint, EntryPoints

import pytest
from tests.support.command_line import sot
from tests.support.csv_samples import SAMPLES

from sot.entrypoints import readers

KRAKEN = str(SAMPLES / "kraken-trades.csv")
MAPPING = """
title = "Broker"
venue = "BROKER"

[[trade]]
time = "Time"
side = "Side"
quantity = "Quantity"
price = "Price"
realized = { amount = "Result", figure = "gross" }

[trade.instrument]
kind = "EQUITY"
symbol = "Symbol"
quote = { constant = "USD" }
"""
ROWS = """Time,Symbol,Side,Quantity,Price,Result
2026-01-05 10:00:00,ABC,BUY,10,5,
2026-01-05 11:00:00,ABC,SELL,10,6,{result}
2026-01-05 12:00:00,ABC,SELL,{last}
"""


@pytest.fixture
def store(tmp_path):
    return tmp_path / "orders.db"


@pytest.fixture
def broker(tmp_path):
    def write(result="10.00", last="1,4,"):
        (tmp_path / "map.toml").write_text(MAPPING)
        (tmp_path / "trades.csv").write_text(ROWS.format(result=result, last=last))
        return "import", "csv", tmp_path / "trades.csv", "--map", tmp_path / "map.toml", "--account", "main"

    return write


def summary(result):
    return json.loads(result.stdout)


def test_a_shipped_format_twice(store):
    first = sot("import", "kraken-trades", KRAKEN, "--account", "main", "--store", store, "--json")
    assert first.exit_code == 0, first.output
    assert summary(first)["counts"]["fills"] == {"recorded": 5, "repeated": 0, "flagged": 0}
    again = sot("import", "kraken-trades", KRAKEN, "--account", "main", "--store", store, "--json")
    assert again.exit_code == 0
    assert summary(again)["adds_nothing"]
    positions = sot("positions", "--account", "main", "--store", store, "--json")
    assert "XTZ/USD" in positions.stdout


def test_the_table(store):
    result = sot("import", "kraken-trades", KRAKEN, "--account", "main", "--store", store)
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["fills", "5", "0", "0"] in lines
    assert ["orders", "4", "0", "0"] in lines


def test_the_table_of_orders_says_when_an_imported_order_began(store):
    assert sot("import", "kraken-trades", KRAKEN, "--account", "main", "--store", store).exit_code == 0
    orders = sot("orders", "--store", store).stdout.splitlines()[3:]
    shown = [sot("show", line.split()[0], "--store", store, "--json").stdout for line in orders]
    for line, order in zip(orders, map(json.loads, shown), strict=True):
        began = next(event["occurred_at"] for event in order["events"] if event["occurred_at"] is not None)
        assert began < order["created_at"]
        assert began.replace("T", " ")[:23] in line


def test_a_mapping_of_ones_own(store, broker):
    result = sot(*broker(), "--zone", "America/New_York", "--store", store)
    assert result.exit_code == 0, result.output
    assert "1 of 1 figures that the source states agree" in result.stdout
    orders = json.loads(sot("orders", "--account", "main", "--store", store, "--json").stdout)
    assert {order["status"] for order in orders["orders"]} == {"FILLED"}


def test_skipped_rows_are_listed_with_exit_code_1(store, broker):
    result = sot(*broker(last="one,4,"), "--zone", "UTC", "--store", store)
    assert result.exit_code == 1
    assert "1 row skipped: Quantity: 'one' is no number (line 4)" in result.stdout
    assert "    Time: 2026-01-05 12:00:00, Symbol: ABC, Side: SELL, Quantity: one, Price: 4" in result.stdout


def test_figures_that_differ_are_listed_with_exit_code_1(store, broker):
    result = sot(*broker(result="12.00"), "--zone", "UTC", "--store", store)
    assert result.exit_code == 1
    assert "0 of 1 figures" in result.stdout
    assert "REALIZED_GROSS" in result.stdout
    shown = summary(sot(*broker(result="12.00"), "--zone", "UTC", "--store", store, "--json"))
    [difference] = shown["differences"]
    assert (difference["stated"], difference["computed"], difference["difference"]) == ("12", "10", "2")


def test_a_dry_run_needs_no_store_and_makes_none(store, broker):
    result = sot(*broker(), "--zone", "UTC", "--dry-run", "--store", store)
    assert result.exit_code == 0, result.output
    assert "nothing was stored" in result.stdout
    assert not store.exists()
    assert sot(*broker(), "--zone", "UTC", "--dry-run").exit_code == 0


def test_a_dry_run_knows_what_is_stored(store, broker):
    assert sot(*broker(), "--zone", "UTC", "--store", store).exit_code == 0
    result = sot(*broker(), "--zone", "UTC", "--store", store, "--dry-run", "--json")
    assert summary(result)["adds_nothing"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("import",), "FORMAT FILE"),
        (("import", "kraken-trades"), "FORMAT FILE"),
        (("import", "kraken-trades", KRAKEN), "--account"),
        (("import", "krakn", KRAKEN, "--account", "main"), "kraken-trades"),
        (("import", "csv", KRAKEN, "--account", "main"), "--map"),
        (("import", "kraken-trades", KRAKEN, "--account", "main"), "--store"),
        (("import", "kraken-trades", "none.csv", "--account", "main", "--dry-run"), "none.csv"),
        (("import", "kraken-trades", str(SAMPLES), "--account", "main", "--dry-run"), "FILE"),
        (("import", "kraken-trades", KRAKEN, "--account", "main", "--dry-run", "--zone", "Mars"), "--zone"),
        (("import", "coinbase-fills", KRAKEN, "--account", "main", "--dry-run"), "created at"),
        (("import", "kraken-trades", KRAKEN, "--account", "main", "--map", "m.toml", "--dry-run"), "--map"),
    ],
)
def test_bad_input_has_exit_code_2_and_says_why(arguments, message, monkeypatch):
    monkeypatch.delenv("SOT_STORE", raising=False)
    result = sot(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_bad_mapping_writes_nothing(store, broker, tmp_path):
    arguments = broker()
    (tmp_path / "map.toml").write_text(MAPPING.replace("[[trade]]", "[[trade]]\npricee = 1"))
    result = sot(*arguments, "--zone", "UTC", "--store", store)
    assert result.exit_code == 2
    assert "pricee" in result.stderr
    assert not store.exists()


def test_the_list_of_formats():
    result = sot("import", "--list")
    assert result.exit_code == 0
    assert "kraken-trades" in result.stdout
    assert "coinbase-fills" in json.loads(sot("import", "--list", "--json").stdout)


def test_installed_readers_are_formats(monkeypatch, store):
    entry = EntryPoint("installed", "tests.support.installed_reader:InstalledReader", readers.GROUP)

    def entry_points(group, name=None):
        return EntryPoints([entry] if group == readers.GROUP else [])

    monkeypatch.setattr(readers, "entry_points", entry_points)
    assert "installed" in sot("import", "--list").stdout
    result = sot("import", "installed", "anything", "--account", "main", "--store", store, "--json")
    assert summary(result)["counts"]["account events"]["recorded"] == 1


def test_skipped_rows_are_in_the_json(store, broker):
    [skipped] = summary(sot(*broker(last="one,4,"), "--zone", "UTC", "--store", store, "--json"))["skipped"]
    assert skipped["location"] == "line 4"
    assert json.loads(skipped["row"])["Quantity"] == "one"


def swapped(broker, tmp_path):
    """A mapping that has the sides swapped, and the arguments of an import with it."""
    arguments = broker()
    words = 'side = { column = "Side", words = { BUY = "SELL", SELL = "BUY" } }'
    (tmp_path / "map.toml").write_text(MAPPING.replace('side = "Side"', words))
    return (*arguments, "--zone", "UTC")


def test_rows_that_contradict_what_is_stored_are_listed_with_exit_code_1(store, broker, tmp_path):
    assert "0 of 1 figures" in sot(*swapped(broker, tmp_path), "--store", store).stdout
    right = (*broker(), "--zone", "UTC", "--store", store)
    for option in (["--dry-run"], [], []):
        result = sot(*right, *option)
        assert result.exit_code == 1
        assert "3 rows that contradict what is stored" in result.stdout
        assert "--correct" in result.stdout
        lines = [line.split() for line in result.stdout.splitlines()]
        assert any(words[-3:] == ["side", "BUY", "SELL"] for words in lines), result.stdout
    assert len(summary(sot(*right, "--json"))["contradictions"]) == 3


def test_a_wrong_import_is_corrected(store, broker, tmp_path):
    assert "0 of 1 figures" in sot(*swapped(broker, tmp_path), "--store", store).stdout
    right = (*broker(), "--zone", "UTC", "--store", store)
    correct = ("--correct", "--reason", "the sides were swapped", "--actor", "ann")
    result = sot(*right, *correct, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "3 rows would be corrected" in result.stdout
    result = sot(*right, *correct)
    assert result.exit_code == 0, result.output
    assert "3 rows corrected" in result.stdout
    assert "1 of 1 figures that the source states agree" in result.stdout
    assert summary(sot(*right, "--json"))["adds_nothing"]
    assert sot("verify", "--store", store).exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [(("--correct",), "--reason"), (("--reason", "x"), "--correct"), (("--actor", "ann"), "--correct")],
)
def test_a_correction_needs_a_reason(options, message, broker):
    result = sot(*broker(), "--zone", "UTC", "--dry-run", *options)
    assert result.exit_code == 2
    assert message in result.stderr
