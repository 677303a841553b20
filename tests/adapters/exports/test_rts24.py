"""The order records of RTS 24: codes, fields and formats."""

import csv
import io
import re
import tracemalloc
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sot import EventType, Instrument, InvalidInput, OrderHistory, OrderRequest, VenueReport
from sot.adapters.exports import rts24
from sot.adapters.exports.rts24 import FIELDS, HEADER, formats, write
from sot.adapters.memory import MemoryStore
from sot.errors import StoreDamaged
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.fakes import CountedIds, ManualClock

ACCOUNT, VENUE, SYMBOL = "account", "XLON", "GB00BH4HKS39"
T0 = datetime(2026, 1, 5, 10, 0, 0, 123456, tzinfo=UTC)
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rts24.md"

DECIMAL = re.compile(r"\{DECIMAL-(\d+)/(\d+)\}")
PATTERNS = {
    "{LEI}": r"[A-Z0-9]{20}",
    "{LEI} {NATIONAL_ID}": r".{1,35}",
    "{NATIONAL_ID} {ALPHANUM-50}": r".{1,50}",
    "{DATE_TIME_FORMAT}": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z",
    "{DATEFORMAT}": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "{CURRENCYCODE_3}": r"[A-Z]{3}",
    "{ISIN}": r"[A-Z]{2}[A-Z0-9]{9}[0-9]",
    "{MIC}": r"[A-Z0-9]{4}",
    "{INTEGER-50}": r"-?[0-9]{1,50}",
    "{ALPHANUM-4}": r".{1,4}",
    "{ALPHANUM-11}": r".{1,11}",
    "{ALPHANUM-50}": r".{1,50}",
    "{ALPHANUM-52}": r".{1,52}",
}


def pattern(name):
    bounds = DECIMAL.fullmatch(name)
    if bounds:
        digits, fraction = bounds.groups()
        return rf"(?=-?(?:[0-9]\.?){{1,{digits}}}$)-?(?:0|[1-9][0-9]*)(?:\.[0-9]{{0,{int(fraction) - 1}}}[1-9])?"
    return PATTERNS.get(name) or "|".join(name.split())


def at(second):
    return T0 + timedelta(seconds=second)


class Desk:
    """A store with one instrument, and methods that record orders and reports."""

    def __init__(self, store=None, **instrument):
        self.clock = ManualClock(T0)
        self.store = store or MemoryStore(self.clock, CountedIds())
        named = {"symbol": SYMBOL, "kind": "EQUITY", "base": "VOD", "quote": "GBP", **instrument}
        self.symbol = named["symbol"]
        write_history(self.store, lambda h: h.register(Instrument(account_id=ACCOUNT, venue=VENUE, **named)))

    def order(self, name="C1", **changes):
        """Submit and send an order to buy ten at a hundred."""
        terms = {"side": "BUY", "order_type": "LIMIT", "quantity": 10, "time_in_force": "DAY", **changes}
        if terms["order_type"] in ("LIMIT", "STOP_LIMIT"):
            terms.setdefault("limit_price", 100)
        return self.request(client_order_id=name, venue=VENUE, symbol=self.symbol, **terms)

    def request(self, second=0, **terms):
        def use_case(history):
            request = history.submit(OrderRequest(account_id=ACCOUNT, **terms))
            return history.mark_sent(request.request_id, occurred_at=at(second)).order_id

        return write_history(self.store, use_case)

    def report(self, type, second, name="C1", **fields):
        report = VenueReport(
            account_id=ACCOUNT, venue=VENUE, type=type, client_order_id=name, occurred_at=at(second), **fields
        )
        return write_history(self.store, lambda h: h.record(report))

    def trade(self, exec_id, quantity, second, name="C1", price=100, **fields):
        return self.report("TRADE", second, name, exec_id=exec_id, last_quantity=quantity, last_price=price, **fields)

    def rows(self, **arguments):
        """The lines of the file as mappings by field number and column name."""
        text = io.StringIO()
        with self.store.begin(read_only=True) as uow:
            count = write(uow, text, **arguments)
        header, *lines = csv.reader(io.StringIO(text.getvalue()))
        assert tuple(header) == HEADER
        assert len(lines) == count
        keys = [int(name.split()[0]) if name[0].isdigit() else name for name in header]
        rows = [dict(zip(keys, line, strict=True)) for line in lines]
        for row in rows:
            well_formed(row)
        return rows

    def codes(self, **arguments):
        return [row[21] for row in self.rows(**arguments)]


def well_formed(row):
    for field in FIELDS:
        text = row[field.number]
        assert text == "" or re.fullmatch(pattern(field.format.name), text), (field, text)
        assert field.value_of is not None or text == ""


@pytest.fixture
def desk():
    return Desk()


def picked(row, *numbers):
    return tuple(row[number] for number in numbers)


# ------------------------------------------------------------------------------------------------------- the table


def test_the_table_has_every_field_of_the_annex_once():
    assert [field.number for field in FIELDS] == list(range(1, 52))
    assert len({field.title for field in FIELDS}) == 51
    assert all(field.rule for field in FIELDS)


def test_the_page_shows_the_table():
    """The documentation has the same table of fields as the code."""
    assert rts24.mapping() in PAGE.read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------------------- the scenarios


def test_a_limit_order_that_fills_in_two_parts(desk):
    order_id = desk.order(post_only=False, group_id="G1")
    desk.report("NEW", 1, venue_order_id="V1")
    desk.trade("E1", "4", 2, price="99.50", liquidity="MAKER", venue_order_id="V1")
    desk.trade("E2", "6", 3, liquidity="TAKER", venue_order_id="V1")
    new, part, full = desk.rows()

    assert [picked(row, 9, 15, 21, 33, 36, 37, 39) for row in (new, part, full)] == [
        ("2026-01-05T10:00:01.123456Z", "3000000", "NEWO", "ACTI", "10", "10", ""),
        ("2026-01-05T10:00:02.123456Z", "4000000", "PARF", "ACTI", "10", "6", "4"),
        ("2026-01-05T10:00:03.123456Z", "5000000", "FILL", "INAC", "10", "0", "6"),
    ]
    assert [picked(row, 28, 44, 48) for row in (new, part, full)] == [
        ("", "", ""),
        ("99.5", "PASV", "E1"),
        ("100", "AGRE", "E2"),
    ]
    for row in (new, part, full):
        assert row["order_id"] == order_id
        assert picked(row, 10, 16, 18, 19, 20) == ("DAVY", VENUE, SYMBOL, "2026-01-05", "V1")
        assert picked(row, 22, 23, 24, 29, 31, 32, 34) == ("LMTO", "LIMIT", "100", "GBP", "MONE", "BUYI", "UNIT")
        assert picked(row, 43, 46) == ("false", "G1")
        assert picked(row, 17, "remark") == ("", "")
    assert picked(part, "sequence", "event", "execution") == ("4", "TRADE", "4")


def test_a_cancel_that_was_asked_for(desk):
    order_id = desk.order()
    desk.report("NEW", 1)
    desk.request(2, action="CANCEL", target_order_id=order_id, client_order_id="C2")
    desk.report("PENDING_CANCEL", 3, "C2", orig_client_order_id="C1")
    desk.report("CANCELED", 4, "C2", orig_client_order_id="C1")
    assert desk.codes() == ["NEWO", "CAME"]
    assert picked(desk.rows()[-1], 33, 36, 37) == ("INAC", "10", "0")


def test_a_cancel_that_nobody_asked_for(desk):
    desk.order()
    desk.report("NEW", 1)
    desk.report("CANCELED", 2)
    assert desk.codes() == ["NEWO", "CAMO"]


def test_a_cancel_after_the_request_was_refused(desk):
    """A refused request no longer counts as requested, unless the venue names it."""
    for name, answers_it in (("C1", False), ("D1", True)):
        order_id = desk.order(name)
        desk.report("NEW", 1, name)
        desk.request(2, action="CANCEL", target_order_id=order_id, client_order_id=f"{name}c")
        desk.report("CANCEL_REJECTED", 3, f"{name}c", orig_client_order_id=name)
        if answers_it:
            desk.report("CANCELED", 4, f"{name}c", orig_client_order_id=name)
        else:
            desk.report("CANCELED", 4, name)
    assert desk.codes() == ["NEWO", "CAMO", "NEWO", "CAME"]


def test_an_end_that_was_found_by_asking(desk):
    desk.order()
    desk.report("NEW", 1)
    desk.report("ORDER_STATUS", 9, reported_status="CANCELED")
    *_, last = desk.rows()
    assert picked(last, 21, "event", "remark")[:2] == ("CAMO", "ORDER_STATUS")
    assert "as the venue said when asked" in last["remark"]


def test_an_end_that_a_person_found(desk):
    order_id = desk.order()
    write_history(desk.store, lambda h: h.mark_unknown(h.order(order_id).request_id, "timeout"))
    write_history(desk.store, lambda h: h.resolve(order_id, status="EXPIRED", reason="called the desk"))
    assert desk.codes() == ["NEWO", "EXPI"]
    assert "found by a person: called the desk" in desk.rows()[-1]["remark"]


def test_a_reject(desk):
    order_id = desk.order()
    desk.report("REJECTED", 1, reason="CLOSED")
    (row,) = desk.rows()
    # The venue gave no id, so that it is `order_id`.
    assert picked(row, 21, 20, 33, 37) == ("REMO", order_id, "INAC", "0")


def test_an_order_that_never_reached_the_venue_is_no_record_of_it(desk):
    order_id = desk.order()
    write_history(desk.store, lambda h: h.mark_failed(h.order(order_id).request_id, "no route"))
    assert desk.rows() == []


def test_an_expiry(desk):
    desk.order(time_in_force="GTD", expire_at=at(60))
    desk.report("NEW", 1)
    desk.report("EXPIRED", 60)
    rows = desk.rows()
    assert [picked(row, 10, 12, 21) for row in rows] == [
        ("GTDV", "2026-01-05T10:01:00.123456Z", "NEWO"),
        ("GTDV", "2026-01-05T10:01:00.123456Z", "EXPI"),
    ]


def test_a_replacement_that_was_asked_for(desk):
    order_id = desk.order(time_in_force="GTD", expire_at=at(60))
    desk.report("NEW", 1, venue_order_id="V1")
    desk.request(
        2, action="REPLACE", target_order_id=order_id, client_order_id="C2", limit_price="101", expire_at=at(90)
    )
    terms = {"order_quantity": 10, "limit_price": "101", "venue_order_id": "V2"}
    desk.report("REPLACED", 3, "C2", orig_client_order_id="C1", **terms)
    assert [picked(row, 21, 24, 12, 20) for row in desk.rows()] == [
        ("NEWO", "100", "2026-01-05T10:01:00.123456Z", "V1"),
        ("REME", "101", "2026-01-05T10:01:30.123456Z", "V2"),
    ]


@pytest.mark.parametrize("type", ["REPLACED", "RESTATED"])
def test_terms_that_the_venue_changed_by_itself(desk, type):
    desk.order()
    desk.report("NEW", 1)
    desk.report(type, 2, order_quantity=7)
    assert [picked(row, 21, 36, 37) for row in desk.rows()] == [("NEWO", "10", "10"), ("REMA", "7", "7")]


def test_a_trigger(desk):
    desk.order(order_type="STOP_LIMIT", stop_price="99", side="SELL")
    desk.report("NEW", 1)
    desk.report("TRIGGERED", 2)
    assert [picked(row, 21, 22, 24, 26, 32, 33) for row in desk.rows()] == [
        ("NEWO", "STOP", "100", "99", "SELL", "INAC"),
        ("TRIG", "STOP", "100", "99", "SELL", "ACTI"),
    ]


def test_a_stop_order_that_trades_was_triggered(desk):
    desk.order(order_type="STOP", stop_price="99")
    desk.report("NEW", 1)
    desk.trade("E1", "4", 2)
    assert [picked(row, 21, 33) for row in desk.rows()] == [("NEWO", "INAC"), ("PARF", "ACTI")]


def test_a_suspension_and_its_end(desk):
    desk.order()
    desk.report("NEW", 1)
    desk.report("SUSPENDED", 2)
    desk.report("ORDER_STATUS", 3, reported_status="NEW")
    assert [picked(row, 21, 33) for row in desk.rows()] == [("NEWO", "ACTI"), ("CHMO", "SUSP"), ("CHMO", "ACTI")]


def test_a_bust_keeps_both_facts(desk):
    """The execution stays as it was reported; the bust is a record of its own, without a code."""
    desk.order()
    desk.report("NEW", 1)
    desk.trade("E1", "4", 2)
    desk.trade("E2", "6", 3)
    desk.report("TRADE_CANCEL", 4, exec_id="E3", exec_ref_id="E1")
    _, part, full, bust = desk.rows()
    assert picked(part, 21, 28, 39, 48) == ("PARF", "100", "4", "E1")
    assert picked(full, 21, 37) == ("FILL", "0")
    assert picked(bust, 21, 28, 39, 37, 48) == ("", "", "0", "4", "E1")
    assert picked(bust, "sequence", "event", "execution") == ("6", "TRADE_CANCEL", "4")
    assert bust["remark"].startswith("the execution of event 4 does not hold any more")


def test_a_correction_keeps_both_facts(desk):
    desk.order()
    desk.trade("E1", "4", 1)
    desk.report("TRADE_CORRECT", 2, exec_id="E2", exec_ref_id="E1", last_quantity=3, last_price="99")
    begun, part, corrected = desk.rows()
    assert picked(begun, 21, 9, 15) == ("NEWO", part[9], "3000000")
    assert picked(part, 21, 28, 39, 15) == ("PARF", "100", "4", "3000001")
    assert picked(corrected, 21, 28, 39, 37, 48, "execution") == ("", "99", "3", "7", "E2", "3")
    assert corrected["remark"].startswith("the execution of event 3 holds as told here")


def test_what_completes_an_execution_is_no_second_one(desk):
    desk.order()
    desk.report("NEW", 1)
    desk.trade("E1", "4", 2)
    desk.trade("E1", "4", 2, liquidity="MAKER")
    _, part, completed = desk.rows()
    assert picked(part, 21, 39, 44) == ("PARF", "4", "")
    assert picked(completed, 21, 39, 44, "event", "execution") == ("", "4", "PASV", "SUPPLEMENTED", "4")


def test_what_is_not_at_the_venue_or_has_no_code_is_left_out(desk):
    order_id = desk.order()
    desk.report("PENDING_NEW", 1)
    desk.report("NEW", 2)
    desk.report("NEW", 3, text="again")
    desk.report("DONE_FOR_DAY", 4)
    desk.request(5, action="CANCEL", target_order_id=order_id, client_order_id="C2")
    desk.report("CANCEL_REJECTED", 6, "C2", orig_client_order_id="C1")
    write_history(desk.store, lambda h: h.mark(order_id, Decimal(101)))
    assert desk.codes() == ["NEWO"]


def test_a_bust_that_came_before_its_trade(desk):
    desk.order()
    desk.report("NEW", 1)
    desk.report("TRADE_CANCEL", 2, exec_id="E2", exec_ref_id="E1")
    desk.trade("E1", "4", 3)
    _, waiting, part, bust = desk.rows()
    assert picked(waiting, 21, 39, 48, "execution") == ("", "", "E1", "")
    assert "changes no execution; flagged UNKNOWN_REFERENCE" in waiting["remark"]
    assert picked(part, 21, 39, "sequence", 15) == ("PARF", "4", "5", "5000000")
    assert picked(bust, 21, 39, "sequence", 15) == ("", "0", "5", "5000001")
    assert bust["remark"].startswith("the execution of event 5 does not hold any more")


def test_what_people_corrected(desk):
    order_id = desk.order()
    desk.report("NEW", 1)
    desk.trade("E1", "4", 2)
    write_history(desk.store, lambda h: h.void(order_id, exec_id="E1", reason="another client's"))
    _, part, void = desk.rows()
    assert (part[21], part["remark"].split("; ")[0]) == ("PARF", "void by event 5")
    assert picked(void, 21, 39, 37, "event", "execution") == ("", "0", "10", "VOIDED", "4")
    assert "event 4 is void: another client's" in void["remark"]


def test_an_external_order_that_turned_out_to_be_ours(desk):
    order_id = desk.order()
    found = VenueReport(
        account_id=ACCOUNT,
        venue=VENUE,
        type="TRADE",
        symbol=SYMBOL,
        side="BUY",
        venue_order_id="V9",
        exec_id="E1",
        last_quantity=4,
        last_price=100,
        occurred_at=at(2),
    )
    external = write_history(desk.store, lambda h: h.adopt(found)).order_id
    write_history(desk.store, lambda h: h.attribute(external, order_id, reason="same time and price"))
    rows = desk.rows()
    ours = [picked(row, 21, 39) for row in rows if row["order_id"] == order_id]
    theirs = [picked(row, 21, 39) for row in rows if row["order_id"] == external]
    assert ours == [("NEWO", ""), ("PARF", "4")]
    assert theirs == [("NEWO", ""), ("PARF", "4"), ("", "0")]
    assert f"this order is order {order_id}: same time and price" in rows[-1]["remark"]


def test_a_contradiction_is_shown_and_counts_for_nothing(desk):
    desk.order()
    desk.report("NEW", 1)
    desk.trade("E1", "4", 2)
    desk.trade("E1", "5", 2)
    *_, odd = desk.rows()
    assert picked(odd, 21, 39, 48, "execution") == ("", "", "E1", "")
    assert odd["remark"].startswith("changes no execution; flagged DUPLICATE_CONFLICT")


def test_an_acknowledgement_that_comes_late_is_the_one_that_counts(desk):
    desk.order()
    desk.trade("E1", "4", 2)
    desk.report("NEW", 1)
    assert [picked(row, 21, 9) for row in desk.rows()] == [
        ("PARF", "2026-01-05T10:00:02.123456Z"),
        ("NEWO", "2026-01-05T10:00:01.123456Z"),
    ]


def test_a_late_trade_of_a_cancelled_order_is_a_part(desk):
    desk.order()
    desk.report("NEW", 1)
    desk.report("CANCELED", 3)
    desk.trade("E1", "4", 2)
    *_, late = desk.rows()
    assert picked(late, 21, 37, 39) == ("PARF", "0", "4")
    assert "flagged LATE" in late["remark"]


def test_a_leg_is_no_part_of_the_quantity(desk):
    desk.order()
    desk.trade("E1", "4", 2, leg="1", reporting_type="LEG", symbol="LEG/EUR", side="BUY")
    *_, leg = desk.rows()
    assert picked(leg, 17, 21, 39, 29) == ("LEG/EUR", "", "4", "")


@pytest.mark.parametrize(
    ("time_in_force", "code", "restriction"),
    [("GTC", "GTCV", ""), ("IOC", "IOCV", ""), ("FOK", "FOKV", ""), ("OPG", "", "VFAR"), (None, "", "")],
)
def test_validity(desk, time_in_force, code, restriction):
    desk.order(time_in_force=time_in_force)
    desk.report("NEW", 1)
    assert picked(desk.rows()[0], 10, 11) == (code, restriction)


@pytest.mark.parametrize(
    ("type", "code", "numbers"),
    [("MARKET", "", ("", "", "", "")), ("PEGGED", "", ("", "", "99", "MONE"))],
)
def test_types_without_a_code(desk, type, code, numbers):
    """Other types have codes of the venue; field 23 has the type."""
    desk.order(order_type=type, limit_price="99" if type == "PEGGED" else None)
    desk.report("NEW", 1)
    assert picked(desk.rows()[0], 22, 23, 24, 26, 27, 31) == (code, type, *numbers)


# ------------------------------------------------------------------------------------------------------- the formats


@pytest.mark.parametrize(
    ("number", "text", "remark"),
    [
        ("0.000000000000000001", "0", "rounded from 0.000000000000000001"),
        ("0.12345678901234567", "0.12345678901234567", ""),
        ("12.345678901234567895", "12.3456789012345679", "rounded from 12.345678901234567895"),
        ("999999999999999999", "999999999999999999", ""),
        ("999999999999999999.5", "", "does not fit: 999999999999999999.5"),
        ("-1000000000000000000", "", "does not fit: -1000000000000000000"),
        ("1E+3", "1000", ""),
        ("-0", "0", ""),
    ],
)
def test_decimals_are_plain_and_rounded_to_their_format_only(number, text, remark):
    assert formats.QUANTITY.cell(Decimal(number)) == (text, remark)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**20), max_value=10**20))
def test_a_rounded_decimal_is_next_to_what_it_was(number):
    for shape, places in ((formats.QUANTITY, 17), (formats.PRICE, 13)):
        text, _ = shape.cell(number)
        if text:
            assert re.fullmatch(pattern(shape.name), text)
            room = min(places, 18 - len(str(abs(int(number)))))
            assert abs(Decimal(text) - number) <= Decimal(10) ** -room / 2
        else:
            assert abs(number) > Decimal(10) ** 18 - 1


@pytest.mark.parametrize(
    ("symbol", "known"),
    [("US0378331005", True), ("GB00BH4HKS39", True), ("US0378331006", False), ("BASE/QUOTE", False), ("", False)],
)
def test_an_isin_is_known_by_its_check_digit(symbol, known):
    assert formats.isin(symbol) == (symbol if known else None)


@pytest.mark.parametrize(("name", "known"), [("EUR", True), ("BTC", False), ("USDT", False), (None, False)])
def test_a_currency_is_one_of_iso_4217(name, known):
    assert formats.currency(name) == (name if known else None)


def test_names_that_are_too_long_are_left_out_and_told():
    desk = Desk(symbol="BTC/USDT", kind="SPOT", base="BTC", quote="USDT")
    order_id = desk.order()
    desk.report("NEW", 1, venue_order_id="V" * 51)
    desk.trade("E" * 53, 1, 2, venue_order_id="V" * 51)
    new, part = desk.rows()
    assert picked(new, 17, 18, 20, 29) == ("BTC/USDT", "", "", "")
    assert new["order_id"] == order_id
    assert part[48] == ""
    assert part["remark"] == f"field 20 does not fit: {'V' * 51}; field 48 does not fit: {'E' * 53}"


def test_quantities_of_an_order_by_amount_are_not_guessed(desk):
    desk.order(order_type="MARKET", quantity=None, quote_quantity=1000)
    desk.trade("E1", "4", 1, price=100)
    desk.trade("E2", "6", 2, price=100, reported_status="FILLED", leaves_quantity=0)
    assert [picked(row, 21, 36, 37, 39) for row in desk.rows()] == [
        ("NEWO", "", "", ""),
        ("PARF", "", "", "4"),
        ("FILL", "", "0", "6"),
    ]


# ---------------------------------------------------------------------------------------------------------- the file


def test_times_are_half_open_and_of_the_event_itself(desk):
    desk.order()
    desk.report("NEW", 1)
    desk.trade("E1", "4", 2)
    desk.trade("E2", "6", 3)
    assert desk.codes(since=at(1), before=at(3)) == ["NEWO", "PARF"]
    assert desk.codes(since=at(2)) == ["PARF", "FILL"]
    assert desk.codes(before=at(1)) == []
    assert desk.codes(since=at(4)) == []
    # An excerpt has the same numbers as the whole file.
    assert desk.rows(since=at(3)) == desk.rows()[-1:]
    with pytest.raises(InvalidInput):
        desk.rows(since=datetime(2026, 1, 5))


def test_one_account_and_progress(desk):
    desk.order()
    desk.report("NEW", 1)
    calls = []
    assert desk.codes(account_id=ACCOUNT, progress=lambda kind, count: calls.append((kind, count))) == ["NEWO"]
    assert desk.codes(account_id="other") == []
    assert calls == [("order", 1)]


def test_the_same_history_gives_the_same_file_in_any_store(make_store):
    def story(kind):
        desk = Desk(make_store(kind, ManualClock(T0), CountedIds()))
        order_id = desk.order()
        desk.report("NEW", 1, venue_order_id="V1")
        desk.trade("E1", "4", 2, name="C1")
        desk.request(3, action="CANCEL", target_order_id=order_id, client_order_id="C2")
        desk.report("CANCELED", 4, "C2", orig_client_order_id="C1")
        desk.order("D1")
        desk.trade("F1", "10.000000000000000001", 5, "D1")
        return desk.rows()

    assert story("memory") == story("sqlite") == story("postgresql")


def test_the_records_of_one_order(desk):
    desk.order("B1")
    order_id = desk.order()
    desk.report("NEW", 1)
    desk.trade("E1", "4", 2)
    with desk.store.begin(read_only=True) as uow:
        found = list(rts24.records(uow, OrderHistory(uow).order(order_id)))
    assert [(record.code, record.execution) for record in found] == [("NEWO", None), ("PARF", 4)]
    # Each record has the state after its event, not the last one.
    assert [record.state.cum_quantity for record in found] == [0, 4]


def test_a_story_with_a_hole_is_not_told(desk, monkeypatch):
    desk.order()
    desk.report("NEW", 1)
    with desk.store.begin(read_only=True) as uow:
        stored_orders = list(uow.audit.stored_orders())
        del stored_orders[0].facts[1]
        monkeypatch.setattr(uow.audit, "stored_orders", lambda: iter(stored_orders), raising=False)
        with pytest.raises(StoreDamaged, match="order 0"):
            write(uow, io.StringIO())


def test_memory_stays_flat(make_store):
    """Memory does not grow with the number of orders."""

    class Nowhere(io.StringIO):
        def write(self, text):
            return len(text)

    def peak(orders):
        desk = Desk(make_store("sqlite"))

        def use_case(history):
            for number in range(orders):
                request = history.submit(
                    OrderRequest(
                        account_id=ACCOUNT,
                        client_order_id=f"C{number}",
                        venue=VENUE,
                        symbol=SYMBOL,
                        side="BUY",
                        order_type="MARKET",
                        quantity=1,
                    )
                )
                history.mark_sent(request.request_id)

        write_history(desk.store, use_case)
        with desk.store.begin(read_only=True) as uow:
            write(uow, Nowhere())
            tracemalloc.start()
            write(uow, Nowhere())
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    few, many = peak(500), peak(2000)
    assert many < few * 1.5


# ------------------------------------------------------------------------------------------------------- a property

trades = st.lists(st.integers(1, 9).map(lambda n: Decimal(n) / 8), max_size=6)
between = st.lists(
    st.sampled_from(["NEW", "CANCELED", "SUSPENDED", "DONE_FOR_DAY", "EXPIRED", "TRIGGERED"]), max_size=4
)
corrections = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, Decimal(1), Decimal("0.5")])), max_size=3)


def sums(desk):
    """The traded quantity by the coded records, and by the last record of each execution."""
    rows = [row for row in desk.rows() if row[39]]
    quantities_by_execution = {row["execution"]: Decimal(row[39]) for row in rows}
    return sum(Decimal(row[39]) for row in rows if row[21] in ("PARF", "FILL")), sum(quantities_by_execution.values())


@given(trades, between, corrections, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_executions_add_up_to_the_cumulative_quantity(quantities, other, changes, random):
    """PARF and FILL do so without corrections; the last record of each execution always does."""
    desk = Desk()
    order_id = desk.order(quantity="3.5")
    steps = [("TRADE", number, quantity) for number, quantity in enumerate(quantities)]
    steps += [(type, None, None) for type in other]
    random.shuffle(steps)
    for second, (type, number, quantity) in enumerate(steps, 1):
        if type == "TRADE":
            desk.trade(f"E{number}", quantity, second)
        else:
            desk.report(type, second)
    cum = read_history(desk.store, lambda h: h.order(order_id)).cum_quantity
    assert sums(desk) == (cum, cum)

    for second, (number, quantity) in enumerate(changes, 100):
        named = {"exec_id": f"X{second}", "exec_ref_id": f"E{number}"}
        if quantity is None:
            desk.report(EventType.TRADE_CANCEL, second, **named)
        else:
            desk.report(EventType.TRADE_CORRECT, second, last_quantity=quantity, last_price=100, **named)
    assert sums(desk)[1] == read_history(desk.store, lambda h: h.order(order_id)).cum_quantity
