"""The JSON form of every public value, from values of a history and from drawn documents."""

import importlib
import json
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.support.public_values import FACES, PUBLIC_VALUES, lived_values

import sot
from sot import InvalidInput, OrderStatus
from sot.domain.values.json_form import JsonForm
from sot.queries import Fill, Order, Page, PageKey
from sot.testing.contract.samples import trade_report

LIVED = lived_values()
DRAWN = [name for name in PUBLIC_VALUES if name not in LIVED]
WITHOUT_FORM = {"Correction", "PastHistory", "ReaderOptions", "ResultRows"}
"""What is public and no value: it reads the store, is an argument, or is a list of values."""
SHORT = st.text("abcXYZ019-é", min_size=1, max_size=8)


def drawn(schema):
    """Documents that a JSON schema allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of([drawn(choice) for choice in choices])
    kind = schema["type"]
    if isinstance(kind, list):
        return st.one_of([drawn({**schema, "type": each}) for each in kind])
    return _DRAWN[kind](schema)


def _drawn_text(schema):
    digits = st.integers(1, 10**6).map(str)
    if "pattern" in schema:
        return digits if "{1,19}" in schema["pattern"] else st.builds("{}.{}".format, st.integers(0, 99), digits)
    if schema.get("contentMediaType"):
        return st.dictionaries(SHORT, SHORT, max_size=2).map(json.dumps)
    formats = {
        "uuid": st.uuids().map(str),
        "date": st.dates().map(str),
        "date-time": st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda time: f"{time.isoformat()}Z"),
    }
    if "format" in schema:
        return formats[schema["format"]]
    if schema.get("minLength") == 64:
        return st.text("0123456789abcdef", min_size=64, max_size=64)
    return SHORT


def _drawn_object(schema):
    """An object with what it requires: a derived figure that is drawn would rarely follow from the others."""
    if "properties" not in schema:
        return st.dictionaries(SHORT, drawn(schema["additionalProperties"]), max_size=2)
    return st.fixed_dictionaries({name: drawn(schema["properties"][name]) for name in schema.get("required", ())})


def _drawn_array(schema):
    if "prefixItems" in schema:
        return st.tuples(*map(drawn, schema["prefixItems"])).map(list)
    return st.lists(drawn(schema["items"]), max_size=2)


_DRAWN = {
    "null": lambda schema: st.none(),
    "boolean": lambda schema: st.booleans(),
    "integer": lambda schema: st.integers(schema.get("minimum", 0), 1000),
    "string": _drawn_text,
    "object": _drawn_object,
    "array": _drawn_array,
}


def documents(cls):
    """Documents of a class, whose optional fields may be there, too."""
    schema = cls.json_schema(written=False)
    fields = {name: drawn(inner) for name, inner in schema["properties"].items() if name not in cls.DERIVED}
    required = {name: fields.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(required, optional=fields)


def check_round_trip(value):
    cls = type(value)
    document = json.loads(json.dumps(value.to_dict()))
    Draft202012Validator(cls.json_schema()).validate(document)
    assert cls.from_dict(document) == value
    assert cls.from_dict(document).to_dict() == value.to_dict()


def test_every_public_value_has_a_json_form():
    faces = [importlib.import_module(name) for name in FACES]
    named = [getattr(face, name) for face in faces for name in face.__all__]
    values = {value.__name__ for value in named if isinstance(value, type) and attrs.has(value)}
    assert values - {"Page"} - WITHOUT_FORM <= set(PUBLIC_VALUES)
    assert len(LIVED) > 25


@pytest.mark.parametrize("name", LIVED)
def test_values_of_a_history_are_read_back(name):
    for value in LIVED[name]:
        check_round_trip(value)


@pytest.mark.parametrize("name", DRAWN)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_drawn_values_are_read_back(name, data):
    cls = PUBLIC_VALUES[name]
    document = data.draw(documents(cls))
    try:
        value = cls.from_dict(document)
    except InvalidInput:
        assume(False)
    check_round_trip(value)


@pytest.mark.parametrize("name", LIVED)
def test_what_is_wrong_is_refused(name):
    value = LIVED[name][0]
    document, cls = value.to_dict(), type(value)
    with pytest.raises(InvalidInput, match=r"no_such_field.*only these fields"):
        cls.from_dict({**document, "no_such_field": 1})
    with pytest.raises(InvalidInput, match="object of fields"):
        cls.from_dict([document])
    for field, inner in cls.json_schema()["properties"].items():
        if inner.get("pattern", "").startswith("^-?"):
            with pytest.raises(InvalidInput, match=field):
                cls.from_dict({**document, field: 0.5})


def test_an_order_shows_what_follows_from_its_facts():
    order = next(order for order in LIVED["Order"] if order.status is OrderStatus.PARTIALLY_FILLED)
    document = order.to_dict()
    assert (document["status"], document["is_open"], document["in_doubt"]) == ("PARTIALLY_FILLED", True, False)
    assert (document["cum_quantity"], document["leaves_quantity"], document["avg_price"]) == ("1", "9", "100")
    with pytest.raises(InvalidInput, match=r"Order\.status.*PARTIALLY_FILLED"):
        Order.from_dict({**document, "status": "FILLED"})
    del document["status"]
    assert Order.from_dict(document) == order


def test_a_page_needs_the_class_of_its_items():
    fills = LIVED["Fill"][:2]
    page = Page(fills, PageKey(datetime(2026, 1, 5, tzinfo=UTC), fills[0].order_id))
    assert Page.from_dict(json.loads(json.dumps(page.to_dict())), Fill) == page
    with pytest.raises(InvalidInput, match="class of the items"):
        Page.from_dict(page.to_dict())
    with pytest.raises(InvalidInput, match="Page"):
        Page.from_dict({"items": [], "more": 1}, Fill)


def test_a_field_without_a_form_is_told_to_the_developer():
    @attrs.frozen
    class Strange(JsonForm):
        what: complex

    with pytest.raises(NotImplementedError, match="give it a kind"):
        Strange(1j).to_dict()


@pytest.mark.parametrize(
    ("given_value", "number"),
    [(0.1, "0.1"), (1e-7, "1E-7"), (3.0, "3"), (-0.0, "0"), (5, "5"), ("2.50", "2.5"), (Decimal("1.10"), "1.1")],
)
def test_a_float_is_taken_by_its_shortest_text(given_value, number):
    assert str(sot.exact(given_value)) == number


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, 1e-30, "1_0", True, None])
def test_what_is_no_exact_number_is_refused(value):
    with pytest.raises(InvalidInput):
        sot.exact(value)


def test_the_refusal_of_a_float_names_the_way_out():
    with pytest.raises(InvalidInput, match=r"sot\.exact"):
        trade_report("C1", "E1", limit_price=0.1)
