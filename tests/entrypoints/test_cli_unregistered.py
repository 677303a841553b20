"""`sot pnl` and `sot export` name what results leave out, because its symbol is not registered."""

import json

import pytest
from tests.entrypoints.test_cli_accounting import executed
from tests.support.command_line import ACCOUNT, INSTRUMENT, VENUE, sot, trade

LEFT_OUT = "Left out, since ODD is not registered: 1 execution. Register the instrument ODD"
ODD = {"account_id": ACCOUNT, "venue": VENUE, "symbol": "ODD", "executions": 1, "account_events": 0}


def odd_trade():
    names = {"venue_order_id": "V1", "side": "BUY", "symbol": "ODD", "adopt": True}
    return trade(None, "x1", "1", "5", occurred_at="2026-03-01T10:00:00Z", **names)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("partly") / "orders.db"
    lines = [INSTRUMENT, *executed("a", "BUY", "4", "100", 1), *executed("b", "SELL", "4", "110", 2), odd_trade()]
    assert sot("record", "--store", url, lines=lines).exit_code == 0
    return url


def ask(store, *command):
    result = sot(*command, "--store", store, "--account", ACCOUNT)
    assert result.exit_code == 0, result.output
    return result


def one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("options", [[], ["--trips"], ["--by", "day"], ["--symbol", "ODD"]])
def test_a_line_below_the_table_says_it(store, options):
    assert LEFT_OUT in one_line(ask(store, "pnl", *options).stdout)
    shown = json.loads(ask(store, "pnl", "--json", *options).stdout)
    (symbol,) = shown["unregistered"]
    assert symbol.pop("remedy").startswith("Register the instrument ODD")
    assert symbol == ODD


def test_nothing_is_said_where_nothing_is_left_out(store):
    late = ["--from", "2026-03-02T00:00:00Z"]
    assert "Left out" not in ask(store, "pnl", *late).stdout
    assert json.loads(ask(store, "pnl", "--json", *late).stdout)["unregistered"] == []
    costs = json.loads(ask(store, "pnl", "--costs", "--json").stdout)
    assert "unregistered" not in costs and "ODD" in {row["symbol"] for row in costs["costs"]}


@pytest.mark.parametrize("table", ["results", "gains"])
@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_an_export_says_it_beside_the_file(store, tmp_path, table, format):
    to_the_terminal = ask(store, "export", table, "--format", format, "--quiet")
    assert LEFT_OUT in to_the_terminal.stderr and "Left out" not in to_the_terminal.stdout
    result = ask(store, "export", table, "--format", format, "--out", tmp_path / "file", "--json")
    (symbol,) = json.loads(result.stdout)["unregistered"]
    assert (symbol["symbol"], symbol["executions"]) == ("ODD", 1)


def test_parquet_says_it_too(store, tmp_path):
    result = ask(store, "export", "results", "--format", "parquet", "--out", tmp_path / "r.parquet")
    assert LEFT_OUT in result.stderr


def test_other_tables_leave_out_nothing(store, tmp_path):
    result = ask(store, "export", "fills", "--out", tmp_path / "fills.csv", "--json")
    assert "unregistered" not in json.loads(result.stdout)
    assert "ODD" in (tmp_path / "fills.csv").read_text()
