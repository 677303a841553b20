"""Copies of values with slots."""

import attrs

from sot import OrderStatus
from sot.domain.orders.polls import BOOKKEEPING, is_unchanged
from sot.domain.orders.state import OrderState


def test_a_copy_has_all_fields_and_is_not_changed_with_the_original():
    fields = attrs.fields(OrderState)
    values = {field.name: object() for field in fields}
    state = OrderState(**values)
    copy = state.copy()
    assert {field.name: getattr(copy, field.name) for field in fields} == values
    state.acknowledged = True
    assert copy.acknowledged is values["acknowledged"]


def test_a_state_holds_nothing_but_its_fields():
    state = OrderState(submitted=True)
    assert not hasattr(state, "__dict__")
    assert state.copy().status is OrderStatus.PENDING_NEW


def test_a_poll_changes_a_state_by_each_field_but_bookkeeping():
    for field in attrs.fields(OrderState):
        changed = OrderState()
        setattr(changed, field.name, "changed")
        assert is_unchanged(OrderState(), changed) is (field.name in BOOKKEEPING), field.name
