"""Mapping files: what is refused before a row is read, with the key that is wrong."""

import re

import pytest

from sot.adapters.imports.csv_mapping.mapping import read_mapping
from sot.domain.values.errors import InvalidInput

GOOD = """
title = "Broker: trades"
venue = "BROKER"
zone = "Europe/Berlin"

[[trade]]
time = "Time"
side = { column = "Side", words = { B = "BUY", S = "SELL" } }
quantity = "Quantity"
price = "Price"
exec_id = "Id"

[trade.instrument]
kind = "EQUITY"
symbol = "Symbol"
quote = { constant = "USD" }

[trade.fee]
amount = "Fee"
sign = "cost"
"""


def test_a_mapping_names_the_columns_that_it_needs():
    mapping = read_mapping(GOOD, "broker.toml")
    assert mapping.columns == {"Time", "Side", "Quantity", "Price", "Id", "Symbol", "Fee"}


@pytest.mark.parametrize(
    ("change", "to", "field", "allowed"),
    [
        ('title = "Broker: trades"', "", "m.toml", "the key title"),
        ("title =", "titel =", "m.toml", "keys of title, venue"),
        ('venue = "BROKER"', 'venues = "BROKER"', "m.toml", "keys of title, venue, zone"),
        ('"Europe/Berlin"', '"Berlin"', "m.toml.zone", "IANA"),
        ('time = "Time"', "", "m.toml.trade", "the key time"),
        ('time = "Time"', "time = 7", "m.toml.trade.time", "a table of keys"),
        ('time = "Time"', 'time = { column = "Time", unit = "days" }', "m.toml.trade.time.unit", "s, ms, us, ns"),
        ('price = "Price"', "", "m.toml.trade.price", "an amount"),
        ('price = "Price"', 'price = { colum = "Price" }', "m.toml.trade.price", "keys of decimal, round"),
        ('price = "Price"', 'price = { column = "Price", constant = 1 }', "m.toml.trade.price", "one of column"),
        ('price = "Price"', 'price = { column = "Price", round = 3 }', "m.toml.trade.price.round", "true or false"),
        ('price = "Price"', 'price = { column = "Price", decimal = ";" }', "m.toml.trade.price.decimal", "one of"),
        ('price = "Price"', 'price = { column = "P", pattern = "(" }', "m.toml.trade.price.pattern", "expression"),
        ('words = { B = "BUY", S = "SELL" }', "words = 1", "m.toml.trade.side.words", "a table of texts"),
        ('sign = "cost"', "", "m.toml.trade.fee", "the key sign"),
        ('sign = "cost"', 'sign = "plus"', "m.toml.trade.fee.sign", "cost, cash"),
        ('quote = { constant = "USD" }', "", "m.toml.trade.instrument.quote", "a quote currency"),
        ('symbol = "Symbol"', "", "m.toml.trade.instrument.symbol", "a symbol, a pair, or a base"),
        ('kind = "EQUITY"', "", "m.toml.trade.instrument", "the key kind"),
        ('symbol = "Symbol"', 'pair = { column = "Symbol" }', "m.toml.trade.instrument.pair", "separator"),
        ("[[trade]]", "[trades]\n[[trade]]", "m.toml", "keys of"),
        ("[[trade]]", '[[trade]]\nwhen = "x"', "m.toml.trade.when", "a table from columns"),
        ("[[trade]]", "[[trade]]\nwhen = { Status = 3 }", "m.toml.trade.when.Status", "a list of texts"),
        ("title", "title title", "m.toml", "TOML"),
        ("[[trade]]", '[file]\ndelimiter = ";;"\n[[trade]]', "m.toml.file.delimiter", "one character"),
        ("[[trade]]", '[file]\nencoding = "klingon"\n[[trade]]', "m.toml.file.encoding", "an encoding"),
        ("[[trade]]", "[[ignore]]\nwhen = {}\n[[trade]]", "m.toml.ignore", "the key reason"),
    ],
)
def test_a_bad_mapping_is_refused_with_its_key(change, to, field, allowed):
    assert change in GOOD
    with pytest.raises(InvalidInput, match=re.escape(allowed)) as refused:
        read_mapping(GOOD.replace(change, to, 1), "m.toml")
    assert refused.value.field == field


def test_a_mapping_without_sections_is_refused():
    with pytest.raises(InvalidInput, match="at least one section"):
        read_mapping('title = "nothing"', "m.toml")


def test_errors_of_several_sections_say_which():
    two = GOOD + GOOD[GOOD.index("[[trade]]") :].replace('time = "Time"', "time = 1")
    with pytest.raises(InvalidInput) as refused:
        read_mapping(two, "m.toml")
    assert refused.value.field == "m.toml.trade 2.time"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ([('price = "Price"', 'prise = "Price"'), ('time = "Time"', "time = 7")], "m.toml.trade"),
        ([('title = "Broker: trades"', ""), ('sign = "cost"', 'sign = "cost"\nsing = 1')], "m.toml.trade.fee"),
        ([('kind = "EQUITY"', ""), ('venue = "BROKER"', 'venues = "BROKER"')], "m.toml"),
    ],
)
def test_unknown_keys_are_reported_before_other_faults(changes, field):
    text = GOOD
    for change, to in changes:
        text = text.replace(change, to, 1)
    with pytest.raises(InvalidInput, match="keys of") as refused:
        read_mapping(text, "m.toml")
    assert refused.value.field == field
