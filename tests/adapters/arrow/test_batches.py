"""Columns of Arrow: exact amounts and times, whatever way they take."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.tables import WAYS

from sot import Fee, InvalidInput
from sot.adapters.arrow import batch_reader, make_table
from sot.application.tables import columns
from sot.application.tables.columns import Column
from sot.application.tables.figures import Figures
from sot.domain.orders.fill import Fill
from sot.domain.values import fields
from sot.domain.values.numbers import add, canonical
from sot.testing.contract.samples import LARGEST, ORDER_ID, SMALLEST
from sot.testing.strategies import names, numbers, utc_times

FACT = pa.decimal128(38, 18)
AMOUNT = [Column("amount", fields.NUMBER, lambda row: row)]


def one(amount, figures=Figures.EXACT):
    table = make_table(AMOUNT, lambda: [amount], figures)
    return table.schema.field("amount").type, table["amount"].to_pylist()[0]


@st.composite
def fills(draw):
    optional_time = st.one_of(st.none(), utc_times())
    fee = st.builds(Fee, amount=numbers(), currency=names(), fee_id=st.one_of(st.none(), names()))
    return Fill(
        account_id=draw(names()),
        order_id=ORDER_ID,
        execution=draw(st.integers(1, 2**63 - 1)),
        version=0,
        sequence=1,
        venue=draw(names()),
        symbol=draw(names()),
        side=draw(st.sampled_from(["BUY", "SELL"])),
        quantity=draw(numbers(1)),
        price=draw(numbers()),
        recorded_at=draw(utc_times()),
        exec_id=draw(st.one_of(st.none(), names())),
        fees=draw(st.lists(fee, max_size=2)),
        amount=draw(st.one_of(st.none(), numbers())),
        occurred_at=draw(optional_time),
        received_at=draw(optional_time),
        venue_time_ns=draw(st.one_of(st.none(), st.integers(0, 2**63 - 1))),
    )


@given(st.lists(fills(), max_size=4))
def test_facts_take_every_way_without_loss(rows):
    expected = [
        {name: getattr(row, name) for name in Fill.KINDS if name != "fees"}
        | {"fees": [{"amount": fee.amount, "currency": fee.currency, "fee_id": fee.fee_id} for fee in row.fees]}
        | {"counts": row.counts, "happened_at": row.happened_at}
        for row in rows
    ]
    table = make_table(columns.FILLS, lambda: rows, Figures.EXACT)
    assert [table.schema.field(name).type for name in ("quantity", "price", "amount")] == [FACT] * 3
    assert table.schema.field("occurred_at").type == pa.timestamp("us", tz="UTC")
    for way in WAYS:
        assert way(table).to_pylist() == expected


@given(st.lists(st.integers(-(10**60), 10**60).map(lambda n: canonical(Decimal(n).scaleb(-36))), max_size=5))
def test_derived_figures_take_every_way_without_loss(amounts):
    table = make_table(AMOUNT, lambda: amounts, Figures.EXACT)
    text = make_table(AMOUNT, lambda: amounts, Figures.TEXT)
    for way in WAYS:
        assert [Decimal(value) for value in way(table)["amount"].to_pylist()] == amounts
        assert [Decimal(value) for value in way(text)["amount"].to_pylist()] == amounts
    wide = make_table(AMOUNT, lambda: amounts, Figures.DECIMAL256)
    for way in WAYS[:3]:  # polars has no decimals of more than 38 digits
        assert way(wide)["amount"].to_pylist() == amounts


@pytest.mark.parametrize("amount", [LARGEST, LARGEST.copy_negate(), SMALLEST, -SMALLEST, Decimal(0), Decimal("-7.5")])
def test_the_bounds_of_facts_are_those_of_the_type(amount):
    assert one(amount) == (FACT, amount)


@pytest.mark.parametrize("amount", [add(LARGEST, SMALLEST), SMALLEST / 10, -SMALLEST / 10, Decimal(1) / 3])
def test_a_figure_that_does_not_fit_makes_its_column_text(amount):
    type, value = one(amount)
    assert type == pa.string()
    assert Decimal(value) == amount
    assert one(amount, Figures.DECIMAL256) == (pa.decimal256(76, 36), amount)


def test_only_the_column_that_does_not_fit_is_text():
    table = make_table(
        [Column("one", fields.NUMBER, lambda row: row[0]), Column("other", fields.NUMBER, lambda row: row[1])],
        lambda: [(Decimal(1), SMALLEST / 2), (None, None)],
        Figures.EXACT,
    )
    assert table.schema.types == [FACT, pa.string()]
    assert table.to_pylist() == [{"one": 1, "other": "0.0000000000000000005"}, {"one": None, "other": None}]


def test_rounding_is_half_even_and_only_on_demand():
    assert one(SMALLEST / 2, Figures.ROUNDED) == (FACT, 0)
    assert one(SMALLEST * 3 / 2, Figures.ROUNDED) == (FACT, SMALLEST * 2)
    assert one(Decimal(2) / 3, Figures.ROUNDED) == (FACT, Decimal("0.666666666666666667"))


@pytest.mark.parametrize(
    ("amount", "figures"),
    [
        (LARGEST + 1, Figures.ROUNDED),
        (add(LARGEST, SMALLEST / 2), Figures.ROUNDED),
        (Decimal("1e40"), Figures.DECIMAL256),
        (Decimal("1e-37"), Figures.DECIMAL256),
    ],
)
def test_what_fits_nowhere_is_refused_with_what_to_do(amount, figures):
    with pytest.raises(InvalidInput, match="'text' holds any") as error:
        one(amount, figures)
    assert error.value.field == "amount"


def test_a_stream_holds_one_batch_at_a_time():
    read = []

    def rows():
        for number in range(10):
            read.append(number)
            yield Decimal(number)

    reader = batch_reader(AMOUNT, rows(), Figures.EXACT, batch_rows=3)
    assert read == []
    assert reader.read_next_batch().num_rows == 3
    assert read == [0, 1, 2]
    assert [batch.num_rows for batch in reader] == [3, 3, 1]


def test_a_stream_ends_at_a_figure_that_does_not_fit():
    reader = batch_reader(AMOUNT, [Decimal(1), SMALLEST / 2], Figures.EXACT, batch_rows=1)
    assert reader.read_next_batch().to_pylist() == [{"amount": 1}]
    with pytest.raises(InvalidInput, match="'text' holds any"):
        reader.read_next_batch()


@pytest.mark.parametrize("batch_rows", [0, -1, 1.5, "1", None])
def test_the_rows_of_a_batch_are_checked(batch_rows):
    with pytest.raises(InvalidInput, match="batch_rows"):
        batch_reader(AMOUNT, [], Figures.EXACT, batch_rows)
