"""An account that no fact names is an error in every command that takes it, never an empty table."""

import json

import pytest
from tests.support.command_line import INSTRUMENT, every_key, sot

PAST = ("as-of", "--known-at", 1)
COMMANDS = [
    ("orders",),
    ("positions",),
    ("pnl",),
    ("waiting",),
    ("findings",),
    ("follow",),
    ("show", "a2"),
    ("resolve", "a2", "--reason", "none"),
    ("diff", "a2", "--known-at", 1),
    ("prove", "event", "a2", "--number", 1),
    ("rebuild",),
    ("recover", "--venue", "simulated"),
    ("export", "orders"),
    (*PAST, "orders"),
    (*PAST, "positions"),
    (*PAST, "waiting"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("cli") / "orders.db"
    second = {"instrument": {**INSTRUMENT["instrument"], "account_id": "second"}}
    assert sot("record", "--store", url, "--batch", 99, lines=[*every_key(), second]).exit_code == 0
    return url


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(map(str, command)))
def test_an_unknown_account_is_bad_input_and_the_known_ones_are_listed(store, command):
    result = sot(*command, "--store", store, "--account", "mian")
    assert result.exit_code == 2, result.output
    assert "'mian' is not allowed; give an account of this store: main, second" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("command", [("orders",), ("positions",), ("pnl",), ("waiting",), (*PAST, "orders")])
def test_an_account_that_only_an_instrument_names_is_known_and_empty(store, command):
    result = sot(*command, "--store", store, "--account", "second", "--json")
    assert result.exit_code == 0, result.output
    lists = [value for value in json.loads(result.stdout).values() if isinstance(value, list)]
    assert lists and not any(lists)


def test_a_store_without_facts_knows_no_account(tmp_path):
    assert sot("record", "--store", tmp_path / "orders.db", lines=[]).exit_code == 0
    result = sot("orders", "--store", tmp_path / "orders.db", "--account", "main")
    assert result.exit_code == 2
    assert "an account of this store: it has none yet" in result.stderr


def test_many_accounts_are_not_all_listed(tmp_path):
    lines = [{"instrument": {**INSTRUMENT["instrument"], "account_id": f"a{number:02}"}} for number in range(25)]
    assert sot("record", "--store", tmp_path / "orders.db", "--batch", 99, lines=lines).exit_code == 0
    result = sot("orders", "--store", tmp_path / "orders.db", "--account", "a99")
    assert "a18, a19 and 5 more" in result.stderr
