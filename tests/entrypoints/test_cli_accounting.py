"""`sot positions` and `sot pnl`: consistent figures, as tables, as JSON and as a chart."""

import json
import sys
from decimal import Decimal

import pytest
from tests.support.command_line import ACCOUNT, INSTRUMENT, SYMBOL, VENUE, account_event, named, request, sot, trade

PERPETUAL = {
    "instrument": {
        "account_id": ACCOUNT,
        "venue": VENUE,
        "symbol": "BTC/USD",
        "kind": "PERPETUAL",
        "base": "BTC",
        "quote": "USD",
        "inverse": True,
        "multiplier": "100",
    }
}
FEE = [{"amount": "1", "currency": "USDT"}]
TOKEN = [{"amount": "0.5", "currency": "BNB"}]


def executed(name, side, quantity, price, day, fees=FEE, symbol=SYMBOL, **fields):
    return [
        {**request(name, side=side, quantity=quantity, symbol=symbol, **fields), "context": decided_at("100")},
        named("sent", name),
        trade(name, f"x{name}", quantity, price, fees=fees, occurred_at=f"2026-03-0{day}T10:00:00Z", liquidity="TAKER"),
    ]


def decided_at(price):
    return {"market_snapshot": {"decision_price": price}}


WITHOUT_ORDERS = "quiet"
STREAM = [
    INSTRUMENT,
    {"instrument": {**INSTRUMENT["instrument"], "account_id": WITHOUT_ORDERS}},
    PERPETUAL,
    *executed("a", "BUY", "4", "100", 1, strategy_code="trend"),
    *executed("b", "SELL", "1", "110", 2, TOKEN, strategy_code="trend"),
    *executed("c", "SELL", "2", "90", 3, strategy_code="carry"),
    *executed("d", "SELL", "10", "50000", 3, [{"amount": "0.001", "currency": "BTC"}], "BTC/USD"),
    account_event("FUNDING", symbol="BTC/USD", amount="-0.002", currency="BTC", external_id="F1"),
    account_event("INTEREST", amount="-3", currency="USDT", external_id="I1"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("accounting") / "orders.db"
    assert sot("record", "--store", url, "--batch", 99, lines=STREAM).exit_code == 0
    return url


def ask(command, store, *options):
    result = sot(command, "--store", store, "--account", ACCOUNT, "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def shown(command, store, *options):
    result = sot(command, "--store", store, "--account", ACCOUNT, *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_positions_as_json(store):
    perpetual, spot = ask("positions", store, "--mark", f"{SYMBOL}=105", "--mark", "BTC/USD=40000 USD")["positions"]
    assert (spot["symbol"], spot["quantity"], spot["avg_entry_price"]) == (SYMBOL, "1", "100")
    assert (spot["realized_gross"], spot["realized_net"], spot["realized_paid"]) == ("-10", "-11.75", "-12")
    assert (spot["unrealized"], spot["break_even"], spot["currency"]) == ("5", "100.25", "USDT")
    assert (spot["unvalued"], spot["complete"], spot["missing_quantity"]) == ({"BNB": "0.5"}, False, "0")
    assert (perpetual["quantity"], perpetual["account_results"], perpetual["unrealized"]) == (
        "-10",
        {"FUNDING": "-0.002"},
        "0.005",
    )


def test_a_rate_values_what_was_not_and_is_named(store):
    (spot,) = ask("positions", store, "--symbol", SYMBOL, "--rate", "BNB/USDT=600")["positions"]
    assert (spot["realized_paid"], spot["unvalued"], spot["complete"]) == ("-312", {}, True)
    (conversion,) = spot["conversions"]
    assert conversion == {
        "amount": "0.5",
        "currency": "BNB",
        "into": "USDT",
        "at": "2026-03-02T10:00:00.000000Z",
        "rate": "600",
    }


def test_lots_are_by_method(store):
    (spot,) = ask("positions", store, "--symbol", SYMBOL, "--method", "fifo")["positions"]
    assert [(lot["quantity"], lot["price"]) for lot in spot["lots"]] == [("1", "100")]
    text = shown("positions", store, "--method", "FIFO", "--lots", "--symbol", SYMBOL)
    assert "Lots" in text and "2026-03-01" in text


def test_positions_for_people(store):
    text = shown("positions", store, "--mark", f"{SYMBOL}=105", "--mark", "BTC/USD=40000")
    for word in (SYMBOL, "long", "short", "100.25", "incomplete", "Total USDT: net -11.75, unrealized 5", "funding"):
        assert word in text, word
    assert "give --rate BNB/USDT=..." in text
    assert "No open positions" in sot("positions", "--store", store, "--account", WITHOUT_ORDERS).stdout


def test_what_every_view_sums_up_to_is_the_same(store):
    rate = ("--rate", "BNB/USDT=600")
    totals = set()
    for by in (["day"], ["symbol"], ["strategy"], ["order"], ["day", "strategy"]):
        rows = ask("pnl", store, *(word for name in by for word in ("--by", name)), *rate)["realized"]
        usdt = [row for row in rows if row["currency"] == "USDT"]
        totals.add(sum(Decimal(row["realized_net"]) for row in usdt))
    (spot,) = ask("positions", store, "--symbol", SYMBOL, *rate)["positions"]
    assert totals == {Decimal(spot["realized_net"]) - 3}  # the interest has no position
    trips = ask("pnl", store, "--trips", *rate)["round_trips"]
    assert sum(Decimal(trip["net"]) for trip in trips if trip["currency"] == "USDT") == Decimal(spot["realized_net"])


def test_results_by_strategy_and_within_times(store):
    rows = ask("pnl", store, "--by", "strategy", "--symbol", SYMBOL)["realized"]
    assert [(row["strategy_code"], row["realized_gross"]) for row in rows] == [("carry", "-20"), ("trend", "10")]
    rows = ask(
        "pnl", store, "--strategy", "trend", "--from", "2026-03-02T00:00:00Z", "--before", "2026-03-03T00:00:00Z"
    )
    assert [row["realized_gross"] for row in rows["realized"]] == ["10"]
    text = shown("pnl", store, "--by", "day")
    for word in ("2026-03-02", "incomplete: 0.5 BNB", "Total USDT", "INCOMPLETE"):
        assert word in text, word
    assert "Nothing was traded" in shown("pnl", store, "--symbol", "ETH/USDT")


def test_round_trips_and_costs(store):
    spot = next(trip for trip in ask("pnl", store, "--trips")["round_trips"] if trip["symbol"] == SYMBOL)
    assert (spot["side"], spot["closed_at"], spot["duration"], spot["entry_quantity"]) == ("LONG", None, None, "4")
    assert "still open" in shown("pnl", store, "--trips")
    (row,) = [row for row in ask("pnl", store, "--costs")["costs"] if row["symbol"] == SYMBOL]
    assert (row["orders"], row["notional"], row["fill_ratio"], row["slippage_cost"]) == (3, "690", "1", "10")
    assert row["unvalued"] == {"BNB": "0.5"}
    assert "100.0%" in shown("pnl", store, "--costs", "--by", "strategy")


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_chart_of_cumulative_results(store, tmp_path, suffix):
    picture = tmp_path / f"pnl.{suffix}"
    assert str(picture) in shown("pnl", store, "--panels", "--chart", picture)
    drawn = picture.read_bytes()
    assert drawn.startswith(b"\x89PNG" if suffix == "png" else b"<?xml")
    assert len(drawn) > 5_000
    shown("pnl", store, "--symbol", "NOTHING", "--chart", picture)
    assert picture.read_bytes() != drawn


def test_without_the_chart_extra_it_says_what_to_install(store, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = sot("pnl", "--store", store, "--account", ACCOUNT, "--chart", tmp_path / "pnl.svg")
    assert result.exit_code == 2
    assert "sot-orders[chart]" in result.output


def test_a_chart_in_the_terminal_is_of_one_currency(store):
    text = shown("pnl", store, "--symbol", SYMBOL, "--chart")
    assert "Realized results of" in text and "USDT: " in text
    assert sum("┤" in line for line in text.splitlines()) >= 4
    assert "times in UTC" in text


def test_a_chart_of_several_currencies_needs_one_of_them_or_panels(store):
    result = sot("pnl", "--store", store, "--account", ACCOUNT, "--chart")
    assert result.exit_code == 2
    assert all(words in result.output for words in ("--in", "--panels", "USDT"))
    text = shown("pnl", store, "--chart", "--panels")
    assert text.count("net of fees") == 2


@pytest.mark.parametrize(
    ("command", "options", "message"),
    [
        ("pnl", ["--panels"], "--chart"),
        ("pnl", ["pnl.svg"], "--chart"),
        ("pnl", ["--chart", "--json"], "FILE"),
        ("positions", ["--mark", "BTC/USDT"], "SYMBOL=PRICE"),
        ("positions", ["--mark", "ETH/USDT=3"], "a symbol of this account"),
        ("positions", ["--mark", f"{SYMBOL}=105"], "BTC/USD at BINANCE in USD"),
        ("positions", ["--mark", f"{SYMBOL}=105 EUR", "--mark", "BTC/USD=1"], "in USDT"),
        ("positions", ["--mark", f"{SYMBOL}=105", "--mark", "BTC/USD=-1"], "greater than zero"),
        ("positions", ["--mark", f"{SYMBOL}=1e9999", "--mark", "BTC/USD=1"], "exact decimal"),
        ("positions", ["--rate", "BNB=600"], "CURRENCY/INTO=RATE"),
        ("positions", ["--rate", "BNB/USDT=0"], "greater than zero"),
        ("positions", ["--rate", "BNB/EUR=600"], "a currency of the results"),
        ("positions", ["--method", "RANDOM"], "RANDOM"),
        ("pnl", ["--by", "weather"], "weather"),
        ("pnl", ["--trips", "--costs"], "one of the two"),
        ("pnl", ["--trips", "--strategy", "trend"], "--strategy"),
        ("pnl", ["--from", "yesterday"], "--from"),
        ("pnl", ["--chart", "pnl.pdf"], ".svg or .png"),
        ("pnl", ["--chart", "nowhere/pnl.svg"], "folder that exists"),
    ],
)
def test_bad_input_is_told_clearly(store, command, options, message):
    result = sot(command, "--store", store, "--account", ACCOUNT, *options)
    assert result.exit_code == 2, result.output
    assert message in result.output


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": 1.5, "currency": "USDT"}, "amount"),
        ({"amount": "1"}, "currency"),
        ({"amount": "1", "currency": "USDT", "quantity": "1"}, "quantity"),
        ({"amount": "1", "currency": "USDT", "occurred_at": "2026-03-01T10:00:00"}, "occurred_at"),
        ({"amount": "1", "currency": "USDT", "colour": "red"}, "colour"),
    ],
)
def test_an_account_event_that_makes_no_sense_stops_the_stream(tmp_path, fields, field):
    result = sot("record", "--store", tmp_path / "x.db", lines=[account_event("FUNDING", **fields)])
    assert result.exit_code == 2
    answer = json.loads(result.stdout)
    assert answer["outcome"] == "ERROR"
    assert field in str(answer)


def test_rates_of_a_file_are_those_of_each_time(store, tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("pair,time,rate\nBNB/USDT,2026-03-01T00:00:00Z,500\nBNB/USDT,2026-03-02T00:00:00Z,600\n")
    (spot,) = [row for row in ask("positions", store, "--rates", path)["positions"] if row["symbol"] == SYMBOL]
    assert (spot["complete"], spot["realized_paid"]) == (True, "-312")
    assert [conversion["rate"] for conversion in spot["conversions"]] == ["600"]
    given = ask("positions", store, "--rates", path, "--rate", "BNB/USDT=10")["positions"]
    assert "-17" in [row["realized_paid"] for row in given]
    rows = ask("pnl", store, "--rates", path, "--by", "day")["realized"]
    assert all(row["complete"] for row in rows)
    old = ask("positions", store, "--rates", path, "--rates-max-age", "0.1")["positions"]
    assert not all(row["complete"] for row in old)
    rows = ask("pnl", store, "--rates", path, "--costs")["costs"]
    assert all(row["complete"] for row in rows)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--rates-via", "EUR"], "--rates FILE"),
        (["--rates-max-age", "1"], "--rates FILE"),
        (["--rates", "missing.csv"], "missing.csv"),
        (["--time-zone", "Mars/Base"], "--zone"),
    ],
)
def test_options_of_rates_and_time_zones_are_checked(store, options, message):
    result = sot("pnl", "--store", store, "--account", ACCOUNT, *options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_bad_line_of_rates_is_named(store, tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("pair,time,rate\nBNB/USDT,2026-03-01T00:00:00Z,5e-1\nBNB/USDT,yesterday,500\n")
    result = sot("pnl", "--store", store, "--account", ACCOUNT, "--rates", path)
    assert result.exit_code == 2
    assert "line 3: time" in result.stderr


def test_days_of_a_time_zone(store):
    days = lambda *options: {row["day"] for row in ask("pnl", store, "--by", "day", *options)["realized"]}  # noqa: E731
    assert days() == {"2026-03-01", "2026-03-02", "2026-03-03"}
    assert days("--time-zone", "Pacific/Auckland") == days()
    assert days("--time-zone", "Pacific/Kiritimati") == {"2026-03-02", "2026-03-03", "2026-03-04"}


@pytest.fixture
def euros(tmp_path):
    path = tmp_path / "euros.csv"
    rates = [
        "USDT/EUR,2026-03-01T00:00:00Z,0.9",
        "USDT/EUR,2026-03-02T00:00:00Z,0.8",
        "BTC/EUR,2026-03-01T00:00:00Z,50000",
    ]
    path.write_text("\n".join(["pair,time,rate", *rates]))
    return path


def test_results_in_another_currency(store, euros):
    rows = ask("pnl", store, "--in", "EUR", "--rates", euros)["realized"]
    (spot,) = [row for row in rows if row["symbol"] == SYMBOL]
    assert (spot["currency"], spot["realized_gross"], spot["currency_gain"]) == ("EUR", "-8", "-30")
    assert (spot["unvalued"], spot["complete"]) == ({"BNB": "0.5"}, False)
    assert {conversion["quoted_at"] for conversion in spot["conversions"]} == {
        "2026-03-01T00:00:00.000000Z",
        "2026-03-02T00:00:00.000000Z",
    }
    table = shown("pnl", store, "--in", "EUR", "--rates", euros)
    assert "currency gain" in table
    assert "Total EUR" in table
    costs = ask("pnl", store, "--costs", "--in", "EUR", "--rates", euros)["costs"]
    assert {row["currency"] for row in costs} == {"EUR"}
    assert "Nothing" not in shown("pnl", store, "--costs", "--in", "EUR")
    refused = sot("pnl", "--store", store, "--account", ACCOUNT, "--trips", "--in", "EUR")
    assert (refused.exit_code, "--in" in refused.stderr) == (2, True)


def test_without_a_rate_results_are_incomplete_never_zero(store):
    rows = ask("pnl", store, "--in", "EUR")["realized"]
    (spot,) = [row for row in rows if row["symbol"] == SYMBOL]
    assert (spot["complete"], spot["unvalued_results"], spot["unvalued_entry_values"]) == (
        False,
        {"USDT": "-10"},
        {"USDT": "300"},
    )
    assert "INCOMPLETE" in shown("pnl", store, "--in", "EUR")


def test_positions_in_another_currency(store, euros):
    (spot,) = [
        row
        for row in ask("positions", store, "--in", "EUR", "--rates", euros, "--mark", f"{SYMBOL}=120",
                       "--mark", "BTC/USD=50000")["positions"]
        if row["symbol"] == SYMBOL
    ]  # fmt: skip
    figures = spot["reporting"]
    assert (spot["currency"], figures["currency"], figures["entry_value"], figures["rate"]) == (
        "USDT",
        "EUR",
        "90",
        "0.8",
    )
    assert (figures["unrealized_gross"], figures["unrealized_currency_gain"], figures["unrealized"]) == (
        "16",
        "-10",
        "6",
    )
    assert "reporting" not in ask("positions", store)["positions"][0]
    table = shown("positions", store, "--in", "EUR", "--rate", "USDT/EUR=0.9", "--mark", f"{SYMBOL}=120",
                  "--mark", "BTC/USD=50000")  # fmt: skip
    assert "In EUR, each part at the rate of its time" in table
