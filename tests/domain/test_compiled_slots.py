"""Values with slots that are made by compiled code, for names that come often, are those that are made by any names."""

from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest

from sot import Fee, InvalidInput, OrderRequest, VenueReport
from sot.domain.orders.event import LocalFact
from sot.domain.values.compiled_kinds import ByNames
from sot.domain.values.compiled_slots import CompiledSlots
from sot.testing.contract.samples import new_order_request, trade_report

OFTEN = ByNames.OFTEN

VALUES = [
    trade_report("C1", "E1", fees=[Fee("0.1", "Q")], raw_payload={"a": [1]}, venue_time_ns=7, left_out={"a": "b"}),
    new_order_request("C1"),
    LocalFact(occurred_at=datetime(2026, 1, 5, tzinfo=UTC), rates={"USD": Decimal("1.50")}),
    Fee("0.10", "Q"),
]


def often(make):
    """What making something gives, or raises, at first and when it came often."""
    made = []
    for _ in range(2 * OFTEN):
        try:
            made.append(make())
        except (LookupError, TypeError, ValueError) as error:
            made.append((type(error), str(error)))
    assert made == [made[0]] * len(made)
    return made[0]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_read_back_the_same_however_often_its_names_come(value):
    read = often(lambda: type(value).from_trusted(value.as_json()))
    assert read == value and read.canonical() == value.canonical()
    assert {type(part) for part in read.held().values()} == {type(part) for part in value.held().values()}
    names, loads = tuple(value.as_json()), CompiledSlots(type(value)).loads
    for _ in range(OFTEN):
        loads[names]
    assert names in loads


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_class_that_inherits_reads_values_of_its_own(value):
    often(lambda: type(value).from_trusted(value.as_json()))
    own = type("Own", (type(value),), {})
    read = own.from_trusted(value.as_json())
    assert type(read) is own and read.held() == value.held()
    assert type(own(**value.held())) is own


def test_a_stored_field_that_is_unknown_or_damaged_is_refused_however_often_it_comes():
    body = VALUES[0].as_json()
    assert often(lambda: VenueReport.from_trusted({**body, "colour": "red"})) == (KeyError, "'colour'")
    often(lambda: VenueReport.from_trusted(body))
    with pytest.raises(ArithmeticError):
        VenueReport.from_trusted({**body, "last_price": "dear"})
    with pytest.raises(KeyError, match="SOLD"):
        VenueReport.from_trusted({**body, "type": "SOLD"})


def test_arguments_that_are_unknown_or_missing_are_refused_however_often_they_come():
    kind, message = often(lambda: VenueReport(account_id="a", type="NEW", kind="NEW"))
    assert kind is TypeError and "unexpected keyword argument 'kind'" in message
    kind, message = often(lambda: VenueReport(account_id="a", venue="V"))
    assert kind is TypeError and "missing 1 required keyword-only argument: 'type'" in message
    kind, message = often(lambda: Fee("1"))
    assert kind is TypeError and "currency" in message


def test_a_value_of_no_sense_is_refused_however_often_its_names_come():
    often(lambda: new_order_request("C1"))
    for wrong in ({"quantity": "0"}, {"account_id": None}, {"side": None}, {"symbol": ""}, {"limit_price": 1.5}):
        fields = {**new_order_request("C1").held(), **wrong}
        with pytest.raises(InvalidInput, match=next(iter(wrong))):
            attrs.evolve(new_order_request("C1"), **wrong)
        kind, message = often(lambda fields=fields: OrderRequest(**fields))
        assert issubclass(kind, InvalidInput) and next(iter(wrong)) in message
