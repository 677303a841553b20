"""`sot sample`: files to try the other commands with."""

import json

import pytest
from tests.support.command_line import answers, outcomes, sot

from sot.entrypoints.commands.sample import SAMPLES, SampleName


def recorded(tmp_path):
    store = tmp_path / "orders.db"
    path = tmp_path / "orders.jsonl"
    assert sot("sample", "jsonl", "--out", path).exit_code == 0
    return store, sot("record", path, "--store", store, "--batch", "500")


def test_orders_show_what_there_is_to_see(tmp_path):
    store, result = recorded(tmp_path)
    assert result.exit_code == 0
    assert {"RECORDED", "REPEATED", "FLAGGED"} == set(outcomes(result))
    assert [each["anomalies"] for each in answers(result) if each["outcome"] == "FLAGGED"] == [["UNKNOWN_REFERENCE"]]
    orders = json.loads(sot("orders", "--store", store, "--json").stdout)["orders"]
    assert {order["status"] for order in orders} >= {
        "NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "REJECTED", "PENDING_NEW",
    }  # fmt: skip
    assert any(order["in_doubt"] for order in orders)
    balances = json.loads(sot("balances", "--account", "main", "--store", store, "--json").stdout)
    assert all(not balance["amount"].startswith("-") for balance in balances["balances"])


def test_orders_recorded_again_add_nothing(tmp_path):
    store, _ = recorded(tmp_path)
    again = sot("record", tmp_path / "orders.jsonl", "--store", store, "--batch", "500")
    assert again.exit_code == 0
    assert set(outcomes(again)) == {"REPEATED"}
    assert "POSSIBLE_REPEAT" not in again.output


def test_messages_are_recorded_without_anomalies_where_the_instrument_is_known(tmp_path):
    store, _ = recorded(tmp_path)
    messages = sot("sample", "fix").stdout
    result = sot("record", "--format", "fix", "--account", "main", "--adopt", "--store", store, lines=messages.encode())
    assert result.exit_code == 0
    assert set(outcomes(result)) == {"RECORDED"}


def test_trades_are_read_by_a_shipped_format(tmp_path):
    path = tmp_path / "trades.csv"
    sot("sample", "csv", "--out", path)
    result = sot("import", "kraken-trades", path, "--account", "main", "--store", tmp_path / "orders.db")
    assert result.exit_code == 0
    assert "skipped" not in result.output


@pytest.mark.parametrize("name", ["freqtrade", "ibkr", "ledgers"])
def test_figures_that_a_sample_states_agree(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert sot("sample", name, "--out", SAMPLES[SampleName(name)].file).exit_code == 0
    summary = json.loads(sot(*SAMPLES[SampleName(name)].command.split()[1:], "--json").stdout)
    assert (summary["skipped"], summary["differences"]) == ([], [])
    assert summary["figures"] >= 2


def test_an_imported_order_is_shown_by_its_id_at_the_venue(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sot("sample", "ibkr", "--out", "activity.xml")
    sot(*SAMPLES[SampleName.IBKR].command.split()[1:])
    shown = sot("show", "7004", "--account", "broker", "--store", "orders.db", "--json")
    assert json.loads(shown.stdout)["venue_order_id"] == "7004"
    assert sot("show", "7999", "--account", "broker", "--store", "orders.db").exit_code == 2


def test_rates_value_everything(tmp_path):
    store, _ = recorded(tmp_path)
    without = sot("pnl", "--account", "main", "--store", store, "--in", "EUR").stdout
    (line,) = [line for line in without.splitlines() if "ETH/USDT" in line]
    assert line.split()[2:7] == ["?", "0", "?", "?", "EUR"]
    assert "incomplete: 188.8268 USDT, results 698.05 USDT, entries 92610 USDT" in line
    path = tmp_path / "rates.csv"
    sot("sample", "rates", "--out", path)
    result = sot("pnl", "--account", "main", "--store", store, "--in", "EUR", "--rates", path)
    assert result.exit_code == 0
    assert "incomplete" not in result.output.lower()


@pytest.mark.parametrize("name", SampleName)
def test_the_standard_output_and_a_file_have_the_same_text(name, tmp_path):
    path = tmp_path / "file"
    assert sot("sample", name, "--out", path).exit_code == 0
    assert sot("sample", name).stdout_bytes == path.read_bytes()
    assert sot("sample", name, "--out", path).exit_code == 0  # the same file again


def test_no_other_file_is_replaced(tmp_path):
    path = tmp_path / "orders.jsonl"
    path.write_text("mine\n")
    result = sot("sample", "jsonl", "--out", path)
    assert result.exit_code == 2
    assert "a name that no file has yet" in result.stderr
    assert path.read_text() == "mine\n"


def test_without_a_name_they_are_listed_with_what_takes_them():
    result = sot("sample")
    assert result.exit_code == 0
    for name, each in SAMPLES.items():
        assert f"sot sample {name} --out {each.file}" in result.stdout
        assert each.command in result.stdout


@pytest.mark.parametrize("arguments", [["--out", "x"], ["parquet"]])
def test_bad_input(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert sot("sample", *arguments).exit_code == 2
    assert list(tmp_path.iterdir()) == []
