"""Rates of a file: the last one up to a time, exactly, and a clear error with the line for what cannot be read."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import InvalidInput
from sot.adapters.rates import FileRates
from sot.ports.rates import Quote, RateSource

MONDAY = datetime(2026, 1, 5, 16, tzinfo=UTC)
CSV = """pair,time,rate
EUR/USD,2026-01-06T16:00:00Z,1.25
EUR/USD,2026-01-05T17:00:00+01:00,1.6
EUR/JPY,2026-01-05T16:00:00Z,160

USD/CHF,2026-01-05T16:00:00Z,0.8
"""


def read(tmp_path, text=CSV, name="rates.csv", **options):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return FileRates.read(path, **options)


def test_the_last_rate_up_to_a_time(tmp_path):
    rates = read(tmp_path)
    assert isinstance(rates, RateSource)
    assert rates("EUR", "USD", MONDAY - timedelta(microseconds=1)) is None
    assert rates.quote("EUR", "USD", MONDAY) == Quote(Decimal("1.6"), MONDAY, ("EUR/USD",))
    assert rates("EUR", "USD", MONDAY + timedelta(hours=23)) == Decimal("1.6")
    assert rates("EUR", "USD", MONDAY + timedelta(days=1)) == Decimal("1.25")
    assert rates("EUR", "USD", MONDAY + timedelta(days=400)) == Decimal("1.25")
    assert rates("EUR", "GBP", MONDAY) is None
    assert rates.currencies == {"EUR", "USD", "JPY", "CHF"}


def test_a_pair_serves_the_other_way_round(tmp_path):
    rates = read(tmp_path)
    assert rates.quote("USD", "EUR", MONDAY) == Quote(Decimal("0.625"), MONDAY, ("EUR/USD",))
    assert rates("CHF", "USD", MONDAY) == Decimal("1.25")


def test_a_rate_through_another_currency_needs_its_name(tmp_path):
    assert read(tmp_path)("USD", "JPY", MONDAY) is None
    rates = read(tmp_path, via="EUR")
    later = MONDAY + timedelta(days=1)
    assert rates.quote("USD", "JPY", later) == Quote(Decimal(128), MONDAY, ("EUR/USD", "EUR/JPY"))
    assert rates("CHF", "JPY", later) is None


def test_a_rate_may_be_too_old(tmp_path):
    rates = read(tmp_path, max_age=timedelta(days=3))
    assert rates("EUR", "JPY", MONDAY + timedelta(days=3)) == 160
    assert rates("EUR", "JPY", MONDAY + timedelta(days=3, microseconds=1)) is None


def test_json(tmp_path):
    rows = [{"pair": "EUR/USD", "time": "2026-01-05T16:00:00Z", "rate": "1.6"}]
    assert read(tmp_path, json.dumps(rows * 2), "rates.JSON")("EUR", "USD", MONDAY) == Decimal("1.6")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("EURUSD,2026-01-05T16:00:00Z,1", "line 2: pair: 'EURUSD'"),
        ("EUR/EUR,2026-01-05T16:00:00Z,1", "line 2: pair"),
        ("/USD,2026-01-05T16:00:00Z,1", "line 2: pair"),
        ("EUR/USD/X,2026-01-05T16:00:00Z,1", "line 2: pair"),
        ("EUR/USD,2026-01-05,1", "line 2: time"),
        ("EUR/USD,2026-01-05T16:00:00,1", "line 2: time"),
        ("EUR/USD,2026-01-05T16:00:00Z,0", "line 2: rate: '0'"),
        ("EUR/USD,2026-01-05T16:00:00Z,-1", "line 2: rate"),
        ("EUR/USD,2026-01-05T16:00:00Z,NaN", "line 2: rate"),
        ('EUR/USD,2026-01-05T16:00:00Z,"1,25"', "line 2: rate"),
        ("EUR/USD,2026-01-05T16:00:00Z", "line 2: .*three columns"),
        ("EUR/USD,2026-01-05T16:00:00Z,1\nEUR/USD,2026-01-05T16:00:00Z,2", "line 3: rate.*an earlier line"),
        ('EUR/USD,2026-01-05T16:00:00Z,"1', "CSV"),
        ("", "at least one rate"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path, line, message):
    with pytest.raises(InvalidInput, match=message):
        read(tmp_path, f"pair,time,rate\n{line}\n")


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "rates.csv", "a header"),
        ("EUR/USD,2026-01-05T16:00:00Z,1\n", "rates.csv", "a header"),
        ('{"pair": 1}', "rates.json", "a JSON array"),
        ('[{"pair": "EUR/USD"}]', "rates.json", "item 1"),
        ('[{"pair": "EUR/USD", "time": "2026-01-05T16:00:00Z", "rate": 1.6}]', "rates.json", "item 1: rate"),
        ('[{"pair": 1, "time": "2026-01-05T16:00:00Z", "rate": "1.6"}]', "rates.json", "item 1: pair"),
        ("[", "rates.json", "JSON"),
    ],
)
def test_files_of_another_form_are_refused(tmp_path, text, name, message):
    with pytest.raises(InvalidInput, match=message):
        read(tmp_path, text, name)


def test_bytes_that_are_no_utf_8(tmp_path):
    for name in ("rates.csv", "rates.json"):
        (tmp_path / name).write_bytes(b"pair,time,rate\n\xff")
        with pytest.raises(InvalidInput, match="UTF-8"):
            FileRates.read(tmp_path / name)


@given(st.dictionaries(st.integers(0, 50), st.integers(1, 9), min_size=1), st.integers(-1, 60))
def test_the_rate_is_that_of_the_largest_time_that_is_not_later(rates, asked):
    source = FileRates({("A", "B"): {MONDAY + timedelta(hours=hour): Decimal(rate) for hour, rate in rates.items()}})
    earlier = [hour for hour in rates if hour <= asked]
    expected = rates[max(earlier)] if earlier else None
    assert source("A", "B", MONDAY + timedelta(hours=asked)) == expected
