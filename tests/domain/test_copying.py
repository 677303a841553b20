"""Copies of values with slots, and constructors that make frozen ones quickly."""

import copy
import inspect
import pickle

import attrs
import pytest

from sot import OrderStatus
from sot.domain.accounting.costs import OrderCosts
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.polls import BOOKKEEPING, is_unchanged
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.copying import maker_of, quickly_made


def test_a_copy_has_all_fields_and_is_not_changed_with_the_original():
    fields = attrs.fields(OrderState)
    values = {field.name: object() for field in fields}
    state = OrderState(**values)
    copied = state.copy()
    assert {field.name: getattr(copied, field.name) for field in fields} == values
    state.acknowledged = True
    assert copied.acknowledged is values["acknowledged"]


def test_a_state_holds_nothing_but_its_fields():
    state = OrderState(submitted=True)
    assert not hasattr(state, "__dict__")
    assert state.copy().status is OrderStatus.PENDING_NEW


def test_a_poll_changes_a_state_by_each_field_but_bookkeeping():
    for field in attrs.fields(OrderState):
        changed = OrderState()
        setattr(changed, field.name, "changed")
        assert is_unchanged(OrderState(), changed) is (field.name in BOOKKEEPING), field.name


@attrs.frozen(kw_only=True, weakref_slot=False)
class Slow:
    number: int
    text: str = "text"
    amounts: dict[str, int] = attrs.field(factory=dict)
    _hidden: str = attrs.field(default="", alias="hidden", eq=False)


Quick = quickly_made(attrs.frozen(kw_only=True, weakref_slot=False)(type("Quick", (), {
    "__annotations__": Slow.__annotations__, "text": "text", "amounts": attrs.field(factory=dict),
    "_hidden": attrs.field(default="", alias="hidden", eq=False),
})))  # fmt: skip


@pytest.mark.parametrize("cls", [Slow, Quick])
def test_a_quickly_made_value_is_made_as_any_frozen_one(cls):
    value = cls(number=1, hidden="h")
    assert type(value) is cls
    assert (value.number, value.text, value.amounts, value._hidden) == (1, "text", {}, "h")
    assert value.amounts is not cls(number=1).amounts
    assert value == cls(number=1) != attrs.evolve(value, number=2)
    assert value == copy.copy(value)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.number = 2
    with pytest.raises(TypeError, match="number"):
        cls()
    with pytest.raises(TypeError, match="other"):
        cls(number=1, other=2)


def test_a_value_made_of_all_fields_in_their_order_is_as_any_other():
    made = maker_of(Quick)(1, "t", {"a": 1}, "h")
    assert type(made) is Quick
    assert made == Quick(number=1, text="t", amounts={"a": 1})
    assert made._hidden == "h"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.number = 2


@pytest.mark.parametrize("cls", [OrderEvent, OrderCosts, RecordedRequest])
def test_quickly_made_values_keep_their_signature(cls):
    parameters = inspect.signature(cls).parameters
    assert list(parameters) == [field.alias for field in attrs.fields(cls)]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters.values())


def test_a_quickly_made_value_can_be_pickled():
    costs = OrderCosts(account_id="a", order_id="o", instrument=None, side=None)
    assert pickle.loads(pickle.dumps(costs)) == costs
