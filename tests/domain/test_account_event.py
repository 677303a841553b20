"""What an account event may say: the fields of each type, senseless values, and what strikes an earlier event."""

from datetime import UTC, datetime
from decimal import Decimal as D

import pytest

from sot import AccountEvent, AccountEventType, InvalidInput

ID = "01890a5d-ac98-7000-8000-000000000001"
T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)


def event(type, **fields):
    common = {"account_id": "main", "venue": "X", "occurred_at": T0, "symbol": "ABC"}
    return AccountEvent(type=type, **{**common, **fields})


def refused_field(type, **fields):
    with pytest.raises(InvalidInput) as caught:
        event(type, **fields)
    return caught.value.field


OLD, NEW = "2024-05-01T00:00:00Z", "2025-05-01T00:00:00Z"

LOTS = [{"quantity": 1, "acquired_at": OLD, "cost": "4.5"}, {"quantity": 2, "acquired_at": NEW, "cost": "5.5"}]

CASH = {"amount": 5, "currency": "USD"}

ALLOWED = [
    ("TRANSFER", {"quantity": 3, "cost": 0}),
    ("TRANSFER", {"quantity": -3}),
    ("TRANSFER", {"quantity": -3, "cost": 30}),
    ("TRANSFER", {"quantity": -3, "cost": 30, "short": True}),
    ("TRANSFER", {"quantity": 3, "short": True}),
    ("TRANSFER", {"quantity": 3, "position_side": "SHORT"}),
    (
        "TRANSFER",
        {
            "quantity": 3,
            "lots": [{"quantity": 1, "acquired_at": OLD, "cost": 4}, {"quantity": 2, "acquired_at": NEW, "cost": 5}],
        },
    ),
    ("TRANSFER", {"quantity": -3, "lots": [{"quantity": 3, "acquired_at": OLD}]}),
    ("TRANSFER", {"symbol": None, **CASH}),
    ("FUNDING", {"amount": -5, "currency": "USD"}),
    ("DIVIDEND", {**CASH, "symbol": None}),
    ("FEE_ADJUSTMENT", CASH),
    ("SPLIT", {"split_to": 2}),
    ("COST_ADJUSTMENT", CASH),
    ("COST_ADJUSTMENT", {"cost": -5}),
    ("SPIN_OFF", {"to_symbol": "XYZ", "to_quantity": 5, "cost": 0}),
    ("SPIN_OFF", {"to_symbol": "XYZ", "to_quantity": 5, "cost_share": 1}),
    ("EXPIRY", {}),
    ("EXPIRY", {"quantity": 2, "price": -1}),
    ("EXPIRY", CASH),
    ("EXERCISE", {"quantity": 2, "to_symbol": "XYZ"}),
    ("EXERCISE", {"quantity": 2, "to_symbol": "XYZ", "to_quantity": -200, "price": 100}),
    ("ASSIGNMENT", {"quantity": 2, **CASH}),
]


@pytest.mark.parametrize(("type", "fields"), ALLOWED, ids=range(len(ALLOWED)))
def test_allowed_events_are_read_back_as_they_are(type, fields):
    value = event(type, **fields)
    assert AccountEvent.from_canonical(value.as_json()) == AccountEvent.from_trusted(value.as_json()) == value
    assert value.effective


def test_every_type_is_allowed_in_some_form():
    assert {type for type, _ in ALLOWED} | {"INTEREST"} == set(map(str, AccountEventType))


LOT = {"quantity": 3, "acquired_at": OLD}

REFUSED = [
    ("TRANSFER", {"quantity": 0, "cost": 10}, "quantity"),
    ("TRANSFER", {"quantity": 0}, "quantity"),
    ("TRANSFER", {"quantity": 3}, "cost"),
    ("TRANSFER", {"quantity": 3, "cost": -1}, "cost"),
    ("TRANSFER", {"quantity": -3, "cost": -1}, "cost"),
    ("TRANSFER", {"quantity": -3, "short": True}, "cost"),
    ("TRANSFER", {"quantity": 3, "short": True, "position_side": "LONG"}, "short"),
    ("TRANSFER", {"quantity": 3, "symbol": None, "cost": 3}, "symbol"),
    ("TRANSFER", {"symbol": None}, "amount"),
    ("TRANSFER", {"symbol": None, "amount": 0, "currency": "USD"}, "amount"),
    ("TRANSFER", {"symbol": None, "amount": 5}, "currency"),
    ("TRANSFER", {**CASH, "quantity": 3, "cost": 3}, "amount"),
    ("TRANSFER", {"quantity": 4, "lots": [{**LOT, "cost": 3}]}, "lots"),
    ("TRANSFER", {"quantity": 3, "lots": [LOT]}, "lots"),
    ("TRANSFER", {"quantity": 3, "lots": [{**LOT, "cost": -3}]}, "lots"),
    ("TRANSFER", {"quantity": 3, "cost": 4, "lots": [{**LOT, "cost": 3}]}, "cost"),
    ("TRANSFER", {"quantity": -3, "lots": [{**LOT, "cost": 3}]}, "lots"),
    ("FUNDING", {"amount": 0, "currency": "USD"}, "amount"),
    ("FUNDING", {"amount": 5}, "currency"),
    ("DIVIDEND", {**CASH, "quantity": 5}, "quantity"),
    ("SPLIT", {"split_to": 3, "split_from": 3}, "split_to"),
    ("SPLIT", {"split_to": 2, "symbol": None}, "symbol"),
    ("COST_ADJUSTMENT", {}, "amount"),
    ("COST_ADJUSTMENT", {"cost": 0}, "cost"),
    ("COST_ADJUSTMENT", {"cost": 5, **CASH}, "amount"),
    ("SPIN_OFF", {"to_symbol": "XYZ", "to_quantity": 5}, "cost"),
    ("SPIN_OFF", {"to_symbol": "XYZ", "to_quantity": 0, "cost": 5}, "to_quantity"),
    ("SPIN_OFF", {"to_symbol": "XYZ", "to_quantity": 5, "cost": -5}, "cost"),
    ("SPIN_OFF", {"to_symbol": "XYZ", "to_quantity": 5, "cost_share": "1.01"}, "cost_share"),
    ("SPIN_OFF", {"to_symbol": "XYZ", "to_quantity": 5, "cost_share": 0}, "cost_share"),
    ("SPIN_OFF", {"to_quantity": 5, "cost": 5}, "to_symbol"),
    ("SPIN_OFF", {"to_symbol": "ABC", "to_quantity": 5, "cost": 5}, "to_symbol"),
    ("EXPIRY", {"quantity": 0}, "quantity"),
    ("EXPIRY", {"quantity": -2}, "quantity"),
    ("EXPIRY", {**CASH, "price": 5}, "price"),
    ("EXERCISE", {"to_symbol": "XYZ"}, "quantity"),
    ("EXERCISE", {"quantity": 2}, "to_symbol"),
    ("EXERCISE", {"quantity": -2, "to_symbol": "XYZ"}, "quantity"),
    ("ASSIGNMENT", {"quantity": 2, **CASH, "to_symbol": "XYZ"}, "to_symbol"),
]


@pytest.mark.parametrize(("type", "fields", "field"), REFUSED, ids=range(len(REFUSED)))
def test_senseless_events_are_refused_with_the_field(type, fields, field):
    assert refused_field(type, **fields) == field


@pytest.mark.parametrize("field", ["type", "account_id", "venue", "occurred_at", "position_side"])
def test_a_missing_value_is_named(field):
    with pytest.raises(InvalidInput) as caught:
        AccountEvent(**{"account_id": "a", "type": "FUNDING", "venue": "X", "occurred_at": T0, **CASH, field: None})
    assert caught.value.field == field


@pytest.mark.parametrize("type", [None, "NOTHING", 1, 1.5, float("nan")])
def test_a_type_that_is_none_of_the_vocabulary_is_named(type):
    with pytest.raises(InvalidInput) as caught:
        event(type)
    assert caught.value.field == "type"


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("TRANSFER", {"quantity": 0}),
        ("TRANSFER", {"quantity": 0, "cost": 10}),
        ("TRANSFER", {"symbol": None, "amount": 0, "currency": "USD"}),
        ("FUNDING", {"amount": 0, "currency": "USD"}),
        ("SPLIT", {"split_to": 1}),
        ("COST_ADJUSTMENT", {"cost": 0}),
        ("SPIN_OFF", {"to_symbol": "XYZ", "to_quantity": 0, "cost": 0}),
        ("EXPIRY", {"quantity": 0}),
        ("EXERCISE", {"quantity": 0, "to_symbol": "XYZ"}),
        ("ASSIGNMENT", {"quantity": 2, "amount": 0, "currency": "USD"}),
    ],
)
def test_zero_strikes_an_earlier_event_and_nothing_else(type, fields):
    with pytest.raises(InvalidInput):
        event(type, **fields)
    struck = event(type, replaces=ID, **fields)
    assert not struck.effective


def test_events_of_older_versions_stay_readable():
    document = event("TRANSFER", quantity=1, cost=10).as_json()
    for old in ({"quantity": "0"}, {"cost": "-10"}):
        assert AccountEvent.from_canonical({**document, **old}).as_json() == {**document, **old}
    with pytest.raises(InvalidInput, match="type"):
        AccountEvent.from_canonical({**document, "type": "NOTHING"})
    del document["type"]
    with pytest.raises(InvalidInput, match="type"):
        AccountEvent.from_canonical(document)


def test_the_cost_of_lots_is_their_sum():
    assert event("TRANSFER", quantity=3, lots=LOTS).entry_cost == D(10)
    assert event("TRANSFER", quantity=-3, lots=[LOT]).entry_cost is None
