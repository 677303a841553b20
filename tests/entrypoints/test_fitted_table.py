"""Tables that fit the width of a terminal."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from sot.entrypoints.fitted_table import FittedTable, printable, short_ids

OPTION = "BTC/USDT:USDT-260327-100000-C"
IDS = [
    "0199b2c4-7d4e-7a51-8f2e-0c6f5f0a1b2c",
    "0199b2c4-7d5e-7a51-8f2e-0c6f5f0a1b2c",
    "0199b2c4-8d5e-7a51-8f2e-0c6f5f0a1b2c",
]
KEPT = ("symbol", "side", "quantity", "price", "status")


def shown(table, width):
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    console.print(table)
    return console.file.getvalue().splitlines()


def orders(*rows):
    """A table of rows of symbol, quantity, price, status, remark."""
    table = FittedTable("Orders", keep=("order id", *KEPT), ids=("order id",), notes=("odd",))
    table.add_column("order id", no_wrap=True)
    for name in ("symbol", "side"):
        table.add_column(name, no_wrap=True)
    for name in ("quantity", "price"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("status", "odd"):
        table.add_column(name)
    for name in ("executed", "account"):
        table.add_column(name, no_wrap=True)
    for number, (symbol, quantity, price, status, odd) in enumerate(rows):
        table.add_row(IDS[number % 3], symbol, "BUY", quantity, price, status, odd, quantity, "an-account-of-a-fund")
    return table


def test_all_is_shown_where_there_is_room():
    lines = shown(orders(("BTC/USDT", "1", "2", "NEW", "late")), 132)
    assert lines[2].split() == ["order", "id", *KEPT, "odd", "executed", "account"]
    assert lines[3].split() == [IDS[0], "BTC/USDT", "BUY", "1", "2", "NEW", "late", "1", "an-account-of-a-fund"]
    assert len(lines) == 4


def test_ids_are_shortened_first():
    rows = [("BTC/USDT", "1", "2", "NEW", "late")] * 3
    lines = shown(orders(*rows), 110)
    assert [line.split()[0] for line in lines[3:]] == ["0199b2c4-7d4", "0199b2c4-7d5", "0199b2c4-8d5"]
    assert not any("Left out" in line for line in lines)


def test_then_columns_are_left_out_from_the_right_and_notes_stand_below_their_row():
    lines = shown(orders((OPTION, "12", "1250.125", "FILLED", "missing 5 (held in a symbol)")), 80)
    assert lines[3].split() == ["0199b2c4", OPTION, "BUY", "12", "1250.125", "FILLED"]
    assert lines[4] == "  odd: missing 5 (held in a symbol)"
    assert lines[5] == "Left out: executed, account. --wide shows all columns."


def test_a_row_that_does_not_fit_is_a_list():
    lines = shown(orders((OPTION * 2, "12", "1250.125", "FILLED", "")), 80)
    assert f"symbol    {OPTION * 2}" in lines
    assert f"order id  {IDS[0]}" in lines
    assert not any("Left out" in line for line in lines)


def test_columns_without_a_value_are_neither_shown_nor_said_to_be_left_out():
    table = FittedTable(keep=("one",))
    for name in ("one", "two", "three"):
        table.add_column(name)
    table.add_row("1", "", "3" * 60)
    assert shown(table, 80)[0].split() == ["one", "three"]
    assert (
        shown(table, 30)[-1] == "Left out: three. --wide shows all columns."
        or "Left out: three." in shown(table, 30)[-2]
    )


NUMBERS = st.decimals(min_value=-(10**20), max_value=10**20, places=9, allow_nan=False).map(lambda d: f"{d:f}")
WORDS = st.sampled_from(["FILLED", "PARTIALLY_FILLED ? in doubt", "NEW", "CANCELED +0.125 unproven"])
ROWS = st.tuples(
    st.sampled_from(["BTC/USDT", OPTION, "1000PEPE/USDT:USDT"]), NUMBERS, NUMBERS, WORDS, st.just("") | WORDS
)


@given(rows=st.lists(ROWS, min_size=1, max_size=3), width=st.integers(80, 200))
def test_at_any_width_the_columns_to_keep_are_whole(rows, width):
    lines = shown(orders(*rows), width)
    assert all(len(line) <= width for line in lines)
    words = {word for line in lines for word in line.split()}
    whole = {
        word
        for symbol, quantity, price, status, odd in rows
        for word in f"{symbol} {quantity} {price} {status} {odd}".split()
    }
    assert whole <= words
    given_numbers = {number for row in rows for number in row[1:3]} | {"+0.125"}
    assert {word for word in words if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", word)} <= given_numbers


@given(st.lists(st.uuids().map(str), min_size=1, unique=True))
def test_short_ids_differ_and_begin_the_ids(ids):
    short = short_ids(ids)
    assert len(set(short.values())) == len(ids)
    assert all(id.startswith(short[id]) and len(short[id]) >= 8 for id in ids)


@pytest.mark.parametrize(("text", "expected"), [("a\nb", "a\\nb"), ("\x1b[31mred", "\\x1b[31mred"), ("µ", "µ")])
def test_control_characters_are_escaped(text, expected):
    assert printable(text).plain == expected
    assert printable(Text(text)).plain == expected
