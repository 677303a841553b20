"""`sot balances`: as a table, as JSON, explained, and at a past moment."""

import json

import pytest
from tests.support.command_line import ACCOUNT, INSTRUMENT, SYMBOL, VENUE, account_event, named, request, sot, trade

FEE = [{"amount": "0.5", "currency": "BNB"}]
STREAM = [
    INSTRUMENT,
    request("a", quantity="2"),
    named("sent", "a"),
    trade("a", "x1", "2", "100", fees=FEE, occurred_at="2026-03-01T10:00:00Z"),
    request("b", side="SELL", quantity="1"),
    named("sent", "b"),
    trade("b", "x2", "1", "110", fees=FEE, occurred_at="2026-03-02T10:00:00Z"),
    account_event("INTEREST", amount="-3", currency="USDT", external_id="I1"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("balances") / "orders.db"
    assert sot("record", "--store", url, lines=STREAM).exit_code == 0
    return url


def ask(*arguments):
    result = sot(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_as_json(store):
    rows = json.loads(ask("balances", "--store", store, "--account", ACCOUNT, "--json"))["balances"]
    assert [(row["asset"], row["amount"], row["negative"]) for row in rows] == [
        ("BNB", "-1", True),
        ("BTC", "1", False),
        ("USDT", "-93", True),
    ]
    assert rows[0] == {
        "account_id": ACCOUNT,
        "venue": VENUE,
        "venue_account": "",
        "asset": "BNB",
        "amount": "-1",
        "negative": True,
        "complete": True,
        "unregistered": [],
        "parts": [{"source": "FEE", "amount": "-1", "count": 2}],
    }


def test_as_a_table(store):
    table = ask("balances", "--store", store, "--account", ACCOUNT)
    (bnb,) = [line for line in table.splitlines() if "BNB" in line]
    assert "-1" in bnb
    assert "fee -1 (2)" in bnb
    assert "NEGATIVE" in bnb
    assert "trade -90 (2)" in table
    assert "No balances." in ask("balances", "--store", store, "--account", ACCOUNT, "--venue-account", "other")


def test_explained_by_the_facts_that_moved_an_asset(store):
    rows = json.loads(ask("balances", "--store", store, "--account", ACCOUNT, "--asset", "USDT", "--explain", "--json"))
    moves = [(row["at"][:10], row["amount"], row["source"], row["exec_id"]) for row in rows["movements"]]
    assert moves == [
        ("2026-03-01", "-3", "INTEREST", None),
        ("2026-03-01", "-200", "TRADE", "x1"),
        ("2026-03-02", "110", "TRADE", "x2"),
    ]
    table = ask("balances", "--store", store, "--account", ACCOUNT, "--asset", "BTC", "--explain")
    assert "x2" in table
    assert SYMBOL in table


def test_at_a_past_moment(store):
    point = ("--happened-by", "2026-03-01T23:00:00Z")
    found = json.loads(ask("as-of", *point, "balances", "--store", store, "--account", ACCOUNT, "--json"))
    assert {row["asset"]: row["amount"] for row in found["balances"]} == {"BNB": "-0.5", "BTC": "2", "USDT": "-203"}
    assert found["as_of"]["happened_by"] == "2026-03-01T23:00:00.000000Z"


def test_an_account_that_is_not_known_is_refused(store):
    result = sot("balances", "--store", store, "--account", "nobody")
    assert (result.exit_code, "--account" in result.stderr) == (2, True)
