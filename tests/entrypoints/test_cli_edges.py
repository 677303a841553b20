"""Edge cases: names with markup, unusual stores, and broken conformance vectors."""

import json

import pytest
from typer.testing import CliRunner

from sot.entrypoints.app import app

RUNNER = CliRunner()


def lines(*documents):
    return "".join(json.dumps(line) + "\n" for line in documents)


def test_names_that_look_like_markup_are_shown_as_they_are(tmp_path):
    store = str(tmp_path / "a.db")
    name = "[/] [red]:smile:"
    stream = lines(
        {"instrument": {"account_id": "m", "venue": "X", "symbol": name, "kind": "SPOT", "base": "B", "quote": "Q"}},
        {
            "request": {
                "account_id": "m",
                "client_order_id": name,
                "venue": "X",
                "symbol": name,
                "side": "BUY",
                "order_type": "MARKET",
                "quantity": "1",
            }
        },
        {"sent": {"account_id": "m", "idempotency_key": name}},
    )
    assert RUNNER.invoke(app, ["record", "-", "--store", store], input=stream).exit_code == 0
    for command in (["orders"], ["show", "--account", "m", name]):
        result = RUNNER.invoke(app, [*command, "--store", store])
        assert result.exit_code == 0, result.output
        assert name in result.output


@pytest.mark.parametrize("url", ["", " ", "postgresql://localhost:port/x", "oracle://x"])
def test_a_store_that_is_no_store_is_bad_input(url):
    result = RUNNER.invoke(app, ["orders", "--store", url])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_broken_vectors_are_failures(tmp_path):
    path = tmp_path / "vectors.json"
    good = {"kind": "lifecycle", "id": "x", "request": {"client_order_id": "X", "side": "BUY", "order_type": "MARKET"}}
    good["request"]["quantity"] = "1"
    broken = [
        {**good, "facts": [{"type": "NEW", "client_order_id": "X", "expect": {"nonsense": "1"}}]},
        {**good, "facts": [{"type": "NEW", "client_order_id": "X", "expect": {"cum_quantity": "many"}}]},
        {**good, "facts": [{"type": "NOTHING"}]},
        {**good, "request": "text", "facts": []},
    ]
    path.write_text(json.dumps(broken))
    result = RUNNER.invoke(app, ["conformance", str(path)])
    assert result.exit_code == 1
    assert result.stdout.strip().splitlines()[-1] == "0 of 4 expectations hold"
    assert RUNNER.invoke(app, ["conformance", str(tmp_path / "missing.json")]).exit_code == 2


def test_vectors_run_on_a_database(tmp_path):
    result = RUNNER.invoke(app, ["conformance", "--store", str(tmp_path / "a.db")])
    assert result.exit_code == 0
    holding, total, *_ = (word for word in result.stdout.split()[-5:] if word.isdigit())
    assert holding == total
    assert int(holding) > 2000
