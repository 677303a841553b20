"""`sot export gains`: capital gains as CSV and as JSON lines."""

import csv
import io
import json

import pytest
from tests.entrypoints.test_cli_accounting import STREAM, executed
from tests.support.command_line import ACCOUNT, SYMBOL, sot, trade

from sot.adapters.exports.gains import COLUMNS

ACCOUNT_OPTION = ("--account", ACCOUNT)
PAID = "0.583333333333333333333333333333333333"  # a quarter of the fee of the entry, and a third of that of the closing
GAIN = "19.416666666666666666666666666666666667"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("gains") / "orders.db"
    lines = [*STREAM, *executed("e", "SELL", "3", "120", 4)]
    assert sot("record", "--store", url, "--batch", 99, lines=lines).exit_code == 0
    return url


def gains(store, *options):
    result = sot("export", "gains", "--store", store, *ACCOUNT_OPTION, *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_row_of_each_lot(store):
    text = gains(store)
    assert text.splitlines()[0] == ",".join(COLUMNS)
    first, second, third, missing = rows_of(text)
    names = ("symbol", "side", "quantity", "cost", "proceeds", "fees", "gain", "currency", "incomplete")
    assert [[row[name] for name in names] for row in (first, second, third, missing)] == [
        [SYMBOL, "LONG", "1", "100", "110", "0.25", "9.75", "USDT", "UNVALUED_FEES"],
        [SYMBOL, "LONG", "2", "200", "180", "1.5", "-21.5", "USDT", ""],
        [SYMBOL, "LONG", "1", "100", "120", PAID, GAIN, "USDT", ""],
        [SYMBOL, "LONG", "2", "", "240", missing["fees"], "", "USDT", "MISSING_UNITS"],
    ]
    assert (first["acquired_at"], first["exec_id"]) == ("2026-03-01T10:00:00.000000Z", "xb")
    assert (missing["acquired_at"], missing["acquired_day"], missing["opening_order_id"]) == ("", "", "")


def test_json_lines_have_the_same_values(store):
    lines = [json.loads(line) for line in gains(store, "--format", "jsonl").splitlines()]
    for line, row in zip(lines, rows_of(gains(store)), strict=True):
        assert list(line) == list(COLUMNS)
        assert {name: value or "" for name, value in line.items() if name != "incomplete"} == {
            name: value for name, value in row.items() if name != "incomplete"
        }
        assert line["incomplete"] == row["incomplete"].split()


def test_days_are_those_of_the_time_zone(store):
    (row, *_) = rows_of(gains(store, "--time-zone", "Pacific/Kiritimati"))
    assert (row["acquired_day"], row["disposed_day"], row["realized_day"]) == ("2026-03-02", "2026-03-03", "2026-03-03")


def test_a_reporting_currency_and_methods(store, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text("pair,time,rate\nUSDT/EUR,2026-01-01T00:00:00Z,0.5\nBNB/EUR,2026-01-01T00:00:00Z,100\n")
    first, *_ = rows_of(gains(store, "--in", "EUR", "--rates", rates))
    assert (first["cost"], first["proceeds"], first["fees"], first["currency"]) == ("50", "55", "50.125", "EUR")
    first, *_ = rows_of(gains(store, "--method", "average"))
    assert (first["method"], first["acquired_at"], first["cost"]) == ("AVERAGE", "", "100")


def test_a_file_and_its_summary(store, tmp_path):
    out = tmp_path / "gains.csv"
    summary = json.loads(gains(store, "--out", out, "--json", "--before", "2026-03-03T00:00:00Z"))
    assert summary == {"file": str(out), "gains": 1, "incomplete": 1, "unregistered": []}
    assert len(rows_of(out.read_text())) == 1
    assert gains(store, "--out", out) == f"{out}: gains 4, incomplete 2\n"


def test_symbols_that_are_not_registered_are_named(tmp_path):
    url = tmp_path / "orders.db"
    unknown = {"venue_order_id": "V1", "side": "BUY", "symbol": "ODD", "adopt": True}
    line = trade(None, "x1", "1", "5", occurred_at="2026-03-01T10:00:00Z", **unknown)
    assert sot("record", "--store", url, lines=[line]).exit_code in (0, 1)
    result = sot("export", "gains", "--store", url, *ACCOUNT_OPTION)
    assert (result.exit_code, result.stdout.splitlines()) == (0, [",".join(COLUMNS)])
    assert "ODD is not registered: 1 execution" in result.stderr


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--from", "2026-02-01T00:00:00Z", "--before", "2026-01-01T00:00:00Z"], "a time after --from"),
        (["--time-zone", "Mars/Olympus"], "time-zone"),
        (["--rates-via", "EUR"], "--rates FILE"),
        (["--rate", "BNB/EUR=5"], "a currency of the results"),
    ],
)
def test_bad_options_are_refused(store, options, text):
    result = sot("export", "gains", "--store", store, *ACCOUNT_OPTION, *options)
    assert result.exit_code == 2
    assert text in result.stderr
