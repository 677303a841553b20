"""The text of a state is read back as it was written, however often texts with the same fields come."""

from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest

from sot.adapters.sqlalchemy.state_json import read_state, write_state
from sot.domain.orders.state import OpenRequest, OrderState, Parked
from sot.domain.values.compiled_kinds import ByNames
from sot.domain.values.vocabulary import Action, PositionSide, TimeInForce

AT = datetime(2026, 1, 5, 10, microsecond=5, tzinfo=UTC)
OFTEN = 2 * ByNames.OFTEN
FULL = OrderState(
    order_quantity=Decimal("1.5"),
    time_in_force=TimeInForce.GTC,
    client_order_id="a \"quoted\" 'name'",
    submitted=True,
    cum_quantity=Decimal("0.5"),
    split_factor=Decimal(2),
    open_requests=(OpenRequest(Action.CANCEL, AT, in_doubt=True),),
    parked=(Parked("E1", "", 4),),
    last_venue_time=AT,
    position_side=PositionSide.LONG,
    position_id="",
)


@pytest.mark.parametrize("state", [OrderState(), OrderState(submitted=True), FULL], ids=["blank", "short", "full"])
def test_a_state_is_read_as_it_was_written_however_often(state):
    for _ in range(OFTEN):
        read = read_state(write_state(state))
        assert read == state
        assert {type(value) for value in attrs.astuple(read, recurse=False)} == {
            type(value) for value in attrs.astuple(state, recurse=False)
        }


def test_states_of_one_text_change_apart():
    text = write_state(FULL)
    states = [read_state(text) for _ in range(OFTEN)]
    states[-1].submitted = False
    states[-1].open_requests = ()
    assert all(state == FULL for state in states[:-1])
    assert read_state(text) == FULL


@pytest.mark.parametrize(
    "text",
    [
        '{"submitted":true,"nonsense":1}',
        '{"order_quantity":"much"}',
        '{"time_in_force":"NEVER"}',
        '{"terms_at":1}',
        "{",
    ],
)
def test_a_damaged_text_is_refused_however_often_it_comes(text):
    for _ in range(OFTEN):
        with pytest.raises((ArithmeticError, KeyError, TypeError, ValueError)):
            read_state(text)
