"""`sot export beancount`: a ledger with the balances that `sot balances` shows."""

import json

import pytest
from tests.entrypoints.test_cli_accounting import STREAM
from tests.support.command_line import ACCOUNT, VENUE, sot
from tests.support.ledger_text import inventories, residuals, transactions


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("ledger") / "orders.db"
    assert sot("record", "--store", url, "--batch", 99, lines=STREAM).exit_code == 0
    return url


def ledger(store, *options):
    result = sot("export", "beancount", "--store", store, "--account", ACCOUNT, *options)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("method", ["average", "fifo", "hifo"])
def test_the_inventories_are_the_balances(store, method):
    text = ledger(store, "--method", method)
    assert [residuals(postings) for postings in transactions(text)] == [{}] * len(transactions(text))
    units, _ = inventories(text)
    shown = json.loads(sot("balances", "--store", store, "--account", ACCOUNT, "--json").stdout)["balances"]
    assert {(f"Assets:Main:{VENUE}", row["asset"]): row["amount"] for row in shown} == {
        key: str(amount) for key, amount in units.items() if key[0].startswith("Assets:")
    }


def test_accounts_have_names_of_their_own(store):
    text = ledger(store, "--name", "assets=Assets:Trading", "--name", "fees=Expenses:Costs")
    assert f"open Assets:Trading:Main:{VENUE}\n" in text
    assert "Expenses:Costs  1 USDT\n" in text


def test_a_file_and_its_summary(store, tmp_path):
    out = tmp_path / "main.beancount"
    summary = json.loads(ledger(store, "--out", out, "--json"))
    assert summary == {"file": str(out), "transactions": 6, "comments": 0, "assertions": 3}
    assert out.read_text() == ledger(store)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--name", "fees"], "ROLE=ACCOUNT"),
        (["--name", "fees=Expenses:A", "--name", "fees=Expenses:B"], "once for each role"),
        (["--name", "taxes=Expenses:Taxes"], "one of assets"),
        (["--name", "fees=costs"], "the name of an account"),
        (["--time-zone", "Mars/Olympus"], "time-zone"),
    ],
)
def test_bad_options_are_refused(store, options, text):
    result = sot("export", "beancount", "--store", store, "--account", ACCOUNT, *options)
    assert result.exit_code == 2
    assert text in result.stderr
