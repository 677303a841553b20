"""The ordinary step of a position beside its fold: the same state, or none."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import Fee, Instrument, InstrumentKind, Side
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.moment import can_continue
from sot.domain.accounting.ordinary_fills import after_ordinary_fill
from sot.domain.accounting.position import PositionState
from sot.domain.values.vocabulary import PositionSide
from sot.queries import Fill

T0 = datetime(2026, 1, 5, tzinfo=UTC)


def instrument(kind, **changes):
    return Instrument(account_id="a", venue="V", symbol="S", kind=kind, base="BASE", quote="QUOTE", **changes)


INSTRUMENTS = [
    instrument(InstrumentKind.SPOT),
    instrument(InstrumentKind.MARGIN),
    instrument(InstrumentKind.FUTURE, multiplier=10),
    instrument(InstrumentKind.PERPETUAL, inverse=True, multiplier=100),
]

quantities = st.integers(1, 6).map(lambda n: n * Decimal("0.07"))
fees = st.lists(
    st.builds(Fee, st.sampled_from(["0.01", "-0.03", "0"]), st.sampled_from(["QUOTE", "QUOTE", "BASE", "TOKEN"])),
    max_size=2,
)


@st.composite
def fill_lists(draw):
    second, made = 0, []
    position_side = draw(st.sampled_from([PositionSide.NET, PositionSide.NET, *PositionSide]))
    for number in range(1, draw(st.integers(2, 9)) + 1):
        second += draw(st.integers(0, 1))
        made.append(
            Fill(
                account_id="a",
                order_id="00000000-0000-0000-0000-000000000001",
                execution=number,
                version=0,
                sequence=number,
                venue="V",
                symbol="S",
                side=draw(st.sampled_from(Side)),
                quantity=draw(quantities),
                price=draw(quantities),
                recorded_at=T0 + timedelta(seconds=second),
                fees=tuple(draw(fees)),
                amount=draw(st.sampled_from([None, None, None, Decimal("0.02")])),
                in_legs=draw(st.integers(0, 9)) == 0,
                position_side=position_side,
            )
        )
    return made


def folded(state, fill, of):
    fold = PositionFold([of], start=state)
    fold.fold_next(fill)
    return fold.state()


def written(state):
    """All fields with the order of their amounts, and the digits of each."""
    return str(state.to_dict()), {name: str(value) for name, value in vars(state).items()}


@pytest.mark.parametrize("of", INSTRUMENTS, ids=lambda each: each.kind)
@given(made=fill_lists())
def test_an_ordinary_fill_makes_the_state_that_the_fold_makes(of, made):
    state = PositionState()
    for fill in made:
        expected = folded(state, fill, of)
        if state.entries and can_continue(state, fill):
            after = after_ordinary_fill(state, fill, of)
            assert after is None or written(after) == written(expected)
        state = expected


def opened(of=INSTRUMENTS[1], **changes):
    return folded(PositionState(), bought(2, at=0), of)


def bought(quantity, at=1, side=Side.BUY, **changes):
    values = {"account_id": "a", "order_id": "00000000-0000-0000-0000-000000000001", "execution": at + 1, "version": 0}
    values |= {"sequence": at + 1, "venue": "V", "symbol": "S", "side": side, "quantity": Decimal(quantity)}
    values |= {"price": Decimal(3), "recorded_at": T0 + timedelta(seconds=at)}
    return Fill(**values | changes)


@pytest.mark.parametrize(
    "fill",
    [
        bought(1),
        bought(1, fees=(Fee("0.1", "QUOTE"),)),
        bought(1, side=Side.SELL),
        bought(2, side=Side.SELL),
        bought(1, at=0, execution=7),
    ],
    ids=["enlarges", "with a fee", "reduces", "closes", "at the same moment"],
)
def test_fills_of_every_day_are_ordinary(fill):
    after = after_ordinary_fill(opened(), fill, INSTRUMENTS[1])
    assert after is not None
    assert written(after) == written(folded(opened(), fill, INSTRUMENTS[1]))


@pytest.mark.parametrize(
    "fill",
    [
        bought(3, side=Side.SELL),
        bought(1, at=0, side=Side.SELL),
        bought(1, amount=Decimal(3)),
        bought(1, in_legs=True),
        bought(1, fees=(Fee("0.1", "BASE"),)),
        bought(1, fees=(Fee("0.1", "TOKEN"),)),
    ],
    ids=["flips", "opposite at the same moment", "states its money", "told by legs", "a fee in units", "another fee"],
)
def test_the_fold_decides_about_everything_else(fill):
    assert after_ordinary_fill(opened(), fill, INSTRUMENTS[1]) is None
