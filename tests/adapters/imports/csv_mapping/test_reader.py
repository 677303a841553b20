"""Reading a CSV by a mapping: values, signs, times, rounding, ids, ledgers, what is skipped."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from sot import AccountEvent, Fee, Instrument, VenueReport
from sot.adapters.imports.csv_mapping.mapping import read_mapping
from sot.adapters.imports.csv_mapping.reader import MappingReader
from sot.domain.values.errors import InvalidInput
from sot.ports.readers import ReaderOptions, Remark, Skipped, StatedFigure, Statement

MAPPING = """
title = "Broker: trades"
venue = "BROKER"
{top}
[[trade]]
time = {time}
side = {{ column = "Side", words = {{ B = "BUY", S = "SELL" }} }}
quantity = {quantity}
price = {price}
{trade}
[trade.instrument]
kind = "EQUITY"
symbol = "Symbol"
quote = {{ constant = "USD" }}
{rest}
"""


def mapping(top="", time='"Time"', quantity='"Quantity"', price='"Price"', trade="", rest=""):
    return MAPPING.format(top=top, time=time, quantity=quantity, price=price, trade=trade, rest=rest)


HEADER = "Time,Symbol,Side,Quantity,Price,Fee,Id"
ROW = "2026-01-05T10:00:00Z,ABC,B,10,5.5,0.25,1"


@pytest.fixture
def read(tmp_path):
    def read(text, *lines, zone=None, header=HEADER):
        path = tmp_path / "trades.csv"
        path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
        reader = MappingReader(read_mapping(text, "m.toml"))
        options = ReaderOptions(account_id="main", zone=zone and ZoneInfo(zone))
        return list(reader.read(str(path), options))

    return read


def with_id(number):
    return f"{ROW[:-1]}{number}"


def reports(items):
    return [item for item in items if isinstance(item, VenueReport)]


def reasons(items):
    return [item.reason for item in items if isinstance(item, Skipped)]


def test_a_row_is_an_instrument_and_an_execution(read):
    instrument, report = read(mapping(), ROW)
    assert instrument == Instrument(
        account_id="main", venue="BROKER", symbol="ABC", kind="EQUITY", base="ABC", quote="USD"
    )
    assert (report.last_quantity, report.last_price, report.side) == (10, Decimal("5.5"), "BUY")
    assert report.occurred_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert report.raw_payload == dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    assert report.exec_id == report.venue_order_id
    assert report.exec_id.startswith("row-")


@pytest.mark.parametrize(
    ("sign", "text", "amount"),
    [("cost", "0.25", "0.25"), ("cost", "-0.25", "-0.25"), ("cash", "-0.25", "0.25"), ("cash", "0.25", "-0.25")],
)
def test_signs_of_fees(read, sign, text, amount):
    fee = f'[trade.fee]\namount = "Fee"\nsign = "{sign}"'
    [report] = reports(read(mapping(rest=fee), ROW.replace("0.25", text)))
    assert list(report.fees) == [Fee(amount=amount, currency="USD")]


def test_a_fee_that_names_no_currency_is_in_that_of_settlement(read):
    fee = """[trade.fee]\namount = "Fee"\ncurrency = { column = "Fee", pattern = '([A-Z]*)$' }\nsign = "cost"
    """
    [report] = reports(read(mapping(rest=fee), ROW))
    assert report.fees[0].currency == "USD"


@pytest.mark.parametrize("text", ["", "0", "0.00"])
def test_no_fee(read, text):
    fee = '[trade.fee]\namount = "Fee"\nsign = "cost"'
    [report] = reports(read(mapping(rest=fee), ROW.replace("0.25", text)))
    assert not report.fees


@pytest.mark.parametrize(
    ("expression", "text", "price"),
    [
        ('"Price"', "(5.5)", "-5.5"),
        ('"Price"', "+5.50", "5.5"),
        ('"Price"', "55e-1", "5.5"),
        ('{ column = "Price", remove = "$ " }', "$ 5.5", "5.5"),
        ('{ column = "Price", remove = ".", decimal = "," }', '"1.005,5"', "1005.5"),
        ('{ column = "Price", negate = true }', "5.5", "-5.5"),
        ("{ constant = 7 }", "5.5", "7"),
        ("{ constant = 0.1 }", "5.5", "0.1"),
        ('{ columns = ["Id", "Price"] }', "5.5", "1"),
        ('{ column = "Price", pattern = "^[A-Z]+ (.*)$" }', "USD 5.5", "5.5"),
        ('{ column = "Price", default = 3 }', "", "3"),
    ],
)
def test_forms_of_numbers(read, expression, text, price):
    [report] = reports(read(mapping(price=expression), ROW.replace("5.5", text)))
    assert report.last_price == Decimal(price)


@pytest.mark.parametrize("text", ["5,5", "five", "1_0", "٣", "--1", "nan", "1e9999", "0x1"])
def test_what_is_no_number_is_skipped(read, text):
    [reason] = reasons(read(mapping(), ROW.replace("5.5", f'"{text}"')))
    assert "Price" in reason


def test_a_point_beside_a_decimal_comma_is_not_guessed(read):
    [reason] = reasons(read(mapping(price='{ column = "Price", decimal = "," }'), ROW.replace("5.5", "1.200")))
    assert "remove" in reason


LONG = "5.1234567890123456785"


def test_more_than_18_fraction_digits_are_skipped_unless_the_column_may_be_rounded(read):
    items = read(mapping(), ROW.replace("5.5", LONG))
    assert len(reasons(items)) == 1 and not reports(items)
    items = read(mapping(price='{ column = "Price", round = true }'), ROW.replace("5.5", LONG), ROW)
    first, _ = reports(items)
    assert first.last_price == Decimal("5.123456789012345678")
    assert first.raw_payload["Price"] == LONG
    assert [item.text for item in items if isinstance(item, Remark)] == ["Price was rounded to 18 fraction digits"]


@pytest.mark.parametrize(
    ("expression", "text", "time"),
    [
        ('"Time"', "2026-01-05 10:00:00 UTC", "2026-01-05T10:00:00"),
        ('"Time"', "2026-01-05T12:00:00+02:00", "2026-01-05T10:00:00"),
        ('{ column = "Time", unit = "s" }', "1767607200.5", "2026-01-05T10:00:00.5"),
        ('{ column = "Time", unit = "ms" }', "1767607200123", "2026-01-05T10:00:00.123"),
        ('{ column = "Time", format = "%d.%m.%Y %H:%M", zone = "UTC" }', "05.01.2026 10:00", "2026-01-05T10:00:00"),
        ('{ column = "Time", format = ["%Y", "%d/%m/%Y"], zone = "UTC" }', "05/01/2026", "2026-01-05T00:00:00"),
        ('{ columns = ["Time", "Id"], join = " ", zone = "UTC" }', "2026-01-05", None),
    ],
)
def test_forms_of_times(read, expression, text, time):
    items = read(mapping(time=expression), ROW.replace("2026-01-05T10:00:00Z", text))
    if time is None:
        assert reasons(items)
    else:
        assert reports(items)[0].occurred_at == datetime.fromisoformat(time).replace(tzinfo=UTC)


def test_nanoseconds_are_kept(read):
    items = read(mapping(), ROW.replace("10:00:00Z", "10:00:00.123456789Z"))
    assert reports(items)[0].venue_time_ns == 1767607200123456789
    items = read(
        mapping(time='{ column = "Time", unit = "ns" }'), ROW.replace("2026-01-05T10:00:00Z", "1767607200123456789")
    )
    assert reports(items)[0].venue_time_ns == 1767607200123456789


LOCAL = "2026-01-05 10:00:00,ABC,B,10,5.5,0.25,1"


def test_times_without_an_offset_need_a_zone(read):
    with pytest.raises(InvalidInput, match="--zone"):
        read(mapping(), LOCAL)
    assert reports(read(mapping(), LOCAL, zone="Asia/Tokyo"))[0].occurred_at.hour == 1
    assert reports(read(mapping(top='zone = "Asia/Tokyo"'), LOCAL))[0].occurred_at.hour == 1
    with pytest.raises(InvalidInput, match="the mapping says"):
        read(mapping(top='zone = "Asia/Tokyo"'), LOCAL, zone="UTC")


def test_an_hour_that_is_skipped_or_comes_twice(read):
    skipped = LOCAL.replace("2026-01-05 10:00", "2026-03-29 02:30")
    assert "skip" in reasons(read(mapping(), skipped, zone="Europe/Berlin"))[0]
    twice = LOCAL.replace("2026-01-05 10:00", "2026-10-25 02:30")
    items = read(mapping(), twice, zone="Europe/Berlin")
    assert reports(items)[0].occurred_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert any(isinstance(item, Remark) for item in items)


def test_equal_rows_are_two_executions(read):
    first, second = reports(read(mapping(), ROW, ROW))
    assert first.exec_id != second.exec_id
    assert (first.venue_sequence, second.venue_sequence) == (1, 2)


def test_ids_of_rows_leave_out_columns_that_are_not_of_the_row(read):
    ignoring = mapping(top='ids_ignore = ["Id"]')
    [first], [second] = (reports(read(ignoring, with_id(number))) for number in (1, 2))
    assert first.exec_id == second.exec_id


def test_a_file_with_the_newest_first_is_read_from_its_end(read):
    items = read(mapping(top="newest_first = true", trade='exec_id = "Id"'), with_id(2), ROW)
    assert [(report.exec_id, report.venue_sequence) for report in reports(items)] == [("1", 1), ("2", 2)]


def test_the_sign_of_a_quantity_is_the_side_where_no_column_is(read):
    text = mapping().replace('side = { column = "Side", words = { B = "BUY", S = "SELL" } }', "")
    [report] = reports(read(text, ROW.replace(",10,", ",-10,")))
    assert (report.side, report.last_quantity) == ("SELL", 10)


def test_a_price_follows_from_the_money(read):
    text = mapping(price='{ column = "Price", default = "" }', trade='amount = "Fee"')
    text = text.replace('price = { column = "Price", default = "" }\n', "")
    [report] = reports(read(text, ROW.replace("0.25", "1").replace(",10,", ",3,")))
    assert report.last_price == Decimal("0.333333333333333333")
    assert report.last_amount == 1


def test_money_that_is_not_quantity_by_price_is_left_out(read):
    items = read(mapping(trade='amount = "Fee"'), ROW)
    assert reports(items)[0].last_amount is None
    assert any(isinstance(item, Remark) for item in items)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ROW.replace(",B,", ",X,"), "none of the words"),
        (ROW.replace(",ABC,", ",,"), "is empty"),
        (ROW.replace(",10,", ",0,"), "empty or zero"),
        (ROW.replace("2026-01-05T10:00:00Z", "yesterday"), "no time"),
        (ROW + ",more", "more or fewer values"),
        (ROW.replace("ABC", "A\0C"), "NUL"),
    ],
)
def test_a_row_that_cannot_be_read_is_skipped_and_the_others_are_read(read, row, reason):
    items = read(mapping(), row, ROW)
    [skipped] = [item for item in items if isinstance(item, Skipped)]
    assert reason in skipped.reason
    assert skipped.row and skipped.location == "line 2" and not skipped.expected
    assert len(reports(items)) == 1
    assert sum(isinstance(item, Instrument) for item in items) == 1


def test_rows_that_no_section_takes_are_skipped_and_ignored_ones_are_expected(read):
    top = '[[ignore]]\nwhen = { Symbol = "TOTAL" }\nreason = "a total"\n'
    items = read(mapping(top=top, trade='when = { Id = { not = "9" } }'), ROW.replace("ABC", "total"), with_id(9))
    assert [(item.reason, item.expected) for item in items] == [
        ("a total", True),
        ("no section of the mapping takes the row", False),
    ]


def test_rows_above_the_header_are_left_out(read):
    items = read(mapping(), HEADER, ROW, header="Account statement,\n,,\nName,A. Trader")
    assert [item.expected for item in items if isinstance(item, Skipped)] == [True, True]
    assert len(reports(items)) == 1


def test_a_file_without_the_columns_is_refused(read):
    with pytest.raises(InvalidInput, match="no Price, Quantity"):
        read(mapping(), "x", header="Time,Symbol,Side,Fee,Id")


def test_a_column_name_that_comes_again_is_numbered(read):
    header = HEADER.replace("Fee", "Price")
    [report] = reports(read(mapping(price='"Price 2"'), ROW, header=header))
    assert report.last_price == Decimal("0.25")


def test_other_delimiters_and_encodings(tmp_path, read):
    path = tmp_path / "other.csv"
    path.write_bytes((HEADER + "\n" + ROW.replace("ABC", "Ä")).replace(",", ";").encode("cp1252"))
    text = mapping(rest='[file]\ndelimiter = ";"\nencoding = "cp1252"')
    items = list(MappingReader(read_mapping(text, "m")).read(str(path), ReaderOptions(account_id="main")))
    assert reports(items)[0].symbol == "Ä"


def test_an_instrument_with_other_terms_in_a_later_row_is_skipped(read):
    text = mapping().replace('quote = { constant = "USD" }', 'quote = "Fee"')
    items = read(text, ROW, ROW.replace("0.25", "EUR"))
    assert "other terms" in reasons(items)[0]


def test_stated_results(read):
    items = read(mapping(rest='[trade.realized]\namount = "Fee"\nfigure = "net"'), ROW.replace("0.25", "1.250"))
    [statement] = [item for item in items if isinstance(item, Statement)]
    assert (statement.figure, statement.symbol, statement.currency) == (StatedFigure.REALIZED_NET, "ABC", "USD")
    assert (statement.amount, statement.fraction_digits) == (Decimal("1.25"), 3)


LEDGER = """
title = "Exchange: ledger"
venue = "EXCHANGE"
quotes = ["EUR", "BTC"]

[assets]
XBT = "BTC"

[[leg]]
when = { Type = "trade" }
time = "Time"
reference = "Ref"
asset = "Asset"
amount = "Amount"
fee = { amount = "Fee", sign = "cost" }
balance = { amount = "Balance", asset = "Asset" }

[[event]]
when = { Type = ["deposit", "reward"] }
type = { column = "Type", words = { deposit = "TRANSFER", reward = "INTEREST" } }
time = "Time"
amount = "Amount"
currency = "Asset"
id = "Id"
fee = { amount = "Fee", sign = "cost" }
balance = { amount = "Balance", asset = "Asset" }
"""
LEDGER_HEADER = "Id,Ref,Time,Type,Asset,Amount,Fee,Balance"


def test_ledger_rows_with_one_reference_are_a_trade(read):
    items = read(
        LEDGER,
        "1,r1,2026-01-05T10:00:00Z,trade,EUR,-30,0.12,69.88",
        "2,r1,2026-01-05T10:00:00Z,trade,XBT,0.0009,0,0.0009",
        header=LEDGER_HEADER,
    )
    [report] = reports(items)
    assert (report.symbol, report.side, report.last_quantity) == ("BTC/EUR", "BUY", Decimal("0.0009"))
    assert report.last_price == Decimal("33333.333333333333333333")
    assert report.last_amount == 30
    assert list(report.fees) == [Fee(amount="0.12", currency="EUR")]
    assert [row["Id"] for row in report.raw_payload["rows"]] == ["1", "2"]
    balances = {item.currency: item.amount for item in items if isinstance(item, Statement)}
    assert balances == {"EUR": Decimal("69.88"), "BTC": Decimal("0.0009")}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["EUR,-30,0,1"], "only one side"),
        (["EUR,-30,0,1", "XBT,-1,0,1"], "nothing was given"),
        (["EUR,-30,0,1", "XBT,1,0,1", "ETH,1,0,1"], "more than two assets"),
    ],
)
def test_ledger_rows_that_are_no_trade_are_skipped(read, rows, reason):
    lines = [f"{number},r,2026-01-05T10:00:00Z,trade,{row}" for number, row in enumerate(rows)]
    items = read(LEDGER, *lines, header=LEDGER_HEADER)
    assert len(reasons(items)) == len(rows)
    assert all(reason in each for each in reasons(items))


def test_base_and_quote_without_a_quote_currency_are_by_name(read):
    lines = [f"1,r,2026-01-05T10:00:00Z,trade,{row}" for row in ("ZRX,-30,0,1", "ADA,1,0,1")]
    assert reports(read(LEDGER, *lines, header=LEDGER_HEADER))[0].symbol == "ADA/ZRX"


def test_ledger_events_with_their_fees(read):
    items = read(
        LEDGER,
        "7,x,2026-01-05T10:00:00Z,deposit,EUR,100,1.5,98.5",
        "8,y,2026-01-05T11:00:00Z,reward,XBT,0.1,0,0.1",
        "9,z,2026-01-05T12:00:00Z,deposit,EUR,0,0,98.5",
        header=LEDGER_HEADER,
    )
    events = [item for item in items if isinstance(item, AccountEvent)]
    assert [(each.type, each.amount, each.currency, each.external_id) for each in events] == [
        ("TRANSFER", 100, "EUR", "7"),
        ("FEE_ADJUSTMENT", Decimal("-1.5"), "EUR", "7-fee"),
        ("INTEREST", Decimal("0.1"), "BTC", "8"),
    ]
    [nothing] = [item for item in items if isinstance(item, Skipped)]
    assert nothing.expected


@pytest.mark.parametrize(
    ("encoding", "likely"),
    [("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("latin-1", "cp1252")],
)
def test_another_encoding_is_told(tmp_path, encoding, likely):
    path = tmp_path / "trades.csv"
    path.write_text(f"{HEADER}\n{ROW.replace('ABC', 'MÜLLER')}\n", encoding)
    reader = MappingReader(read_mapping(mapping(), "m.toml"))
    with pytest.raises(InvalidInput) as refused:
        list(reader.read(str(path), ReaderOptions(account_id="main")))
    assert f"encoding = {likely!r}" in str(refused.value)
    reader = MappingReader(read_mapping(mapping(rest=f'[file]\nencoding = "{encoding}"'), "m.toml"))
    [report] = reports(reader.read(str(path), ReaderOptions(account_id="main")))
    assert report.symbol == "MÜLLER"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter_is_told(read, delimiter):
    header = ",".join(f'"{name}"' for name in HEADER.split(",")).replace(",", delimiter)
    with pytest.raises(InvalidInput, match=re.escape(f"delimiter = {delimiter!r}")):
        read(mapping(), "preamble", ROW.replace(",", delimiter), header=header)


def test_an_encoding_that_hides_names_of_columns_is_told(tmp_path):
    path = tmp_path / "trades.csv"
    path.write_text(f"{HEADER.replace('Symbol', 'Stück')}\n{ROW}\n".replace(",", ";"), "utf-8")
    text = mapping(rest='[file]\nencoding = "cp1252"').replace('symbol = "Symbol"', 'symbol = "Stück"')
    with pytest.raises(InvalidInput, match=re.escape("encoding = 'utf-8', delimiter = ';'")):
        list(MappingReader(read_mapping(text, "m.toml")).read(str(path), ReaderOptions(account_id="main")))


def test_a_byte_order_mark_is_no_part_of_a_value(read):
    [report] = reports(read(mapping(), f"\ufeff{ROW}", header=f"\ufeff{HEADER}"))
    assert report.occurred_at == datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_an_instrument_of_a_skipped_row_is_told_by_the_next(read):
    first, second = ROW.replace("5.5", "?"), with_id(2)
    [skipped, instrument, report] = read(mapping(), first, second)
    assert isinstance(skipped, Skipped) and isinstance(instrument, Instrument) and report.symbol == "ABC"


def test_trailing_zeros_are_not_rounded(read):
    price = '{ column = "Price", round = true }'
    items = read(mapping(price=price), ROW.replace("5.5", "5.50000000000000000000"))
    assert [item for item in items if isinstance(item, Remark)] == []


TOO_LONG = "1" * 1_001
"""A text in which no pattern is looked for: what that takes may grow with the square of its length."""


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            mapping(quantity='{ column = "Quantity", pattern = "^([0-9]*)[0-9]*?x?$" }'),
            ROW.replace(",10,", f",{TOO_LONG},"),
        ),
        (mapping(trade='when = { Symbol = { matches = "^A" } }'), ROW.replace("ABC", TOO_LONG)),
    ],
)
def test_a_pattern_is_not_looked_for_in_a_long_text(read, text, row):
    first, *rest = read(text, row, with_id(2))
    assert isinstance(first, Skipped)
    assert "has 1,001 characters, and a pattern is looked for in 1,000 at most" in first.reason
    assert len(reports(rest)) == 1


def test_empty_fields_behind_the_columns_do_not_count(read):
    assert len(reports(read(mapping(), ROW + "," * 50_000))) == 1
