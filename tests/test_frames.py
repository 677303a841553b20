"""`sot.frames`: Arrow tables of a history, a unit of work or a store."""

import asyncio
import subprocess
import sys
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from sot import InvalidInput, OrderHistory, frames
from sot.adapters.sqlalchemy import SqlAlchemyUnitOfWork
from sot.aio import AsyncStore
from sot.queries import OrderFilter
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE
from tests.support.accounting_samples import at
from tests.support.tabled_history import record_what_tables_show
from tests.support.tables import WAYS

OF_ORDERS = (frames.orders, frames.events, frames.fills, frames.fees)
OF_ACCOUNTS = (frames.positions, frames.realized, frames.balances, frames.equity)
THIRD = Decimal("100.666666666666666666666666666666666667")


@pytest.fixture
def told(store):
    record_what_tables_show(store)
    return store


def every_table(source, **options):
    return {
        **{make.__name__: make(source, **options) for make in OF_ORDERS},
        **{make.__name__: make(source, ACCOUNT, **options) for make in OF_ACCOUNTS},
    }


def test_every_table_takes_every_way_without_loss(told):
    for name, table in every_table(told).items():
        assert table.num_rows > 0, name
        expected = table.to_pylist()
        for way in WAYS:
            assert way(table).to_pylist() == expected, name


def test_a_history_a_unit_of_work_and_a_store_have_the_same_tables(told):
    with told.begin(read_only=True) as uow:
        assert every_table(uow) == every_table(OrderHistory(uow)) == every_table(told)


def test_sums_are_those_of_the_library(told):
    fills = pl.from_arrow(frames.fills(told))
    (order,) = told.run(lambda uow: OrderHistory(uow).orders(OrderFilter(identifier="C1")).items)
    held = fills.filter(pl.col("counts") & (pl.col("order_id") == order.order_id))
    assert held["quantity"].sum() == order.cum_quantity == 3
    frame = frames.balances(told, ACCOUNT).to_pandas(types_mapper=pd.ArrowDtype).set_index("asset")
    balances = told.run(lambda uow: OrderHistory(uow).balances(ACCOUNT))
    assert dict(frame["amount"]) == {balance.asset: balance.amount for balance in balances}


def test_an_average_that_does_not_end_is_exact_or_what_the_caller_says(told):
    def averages(figures):
        column = frames.orders(told, OrderFilter(identifier="C1"), figures=figures)["avg_price"]
        return column.type, column.to_pylist()

    assert averages("exact") == averages("text") == (pa.string(), [str(THIRD)])
    assert averages("decimal256") == (pa.decimal256(76, 36), [THIRD])
    assert averages("rounded") == (pa.decimal128(38, 18), [Decimal("100.666666666666666667")])
    with pytest.raises(InvalidInput, match="figures"):
        averages("float64")


def test_filters(told):
    wanted = frames.FillFilter(account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, since=at(1), before=at(5))
    assert frames.fills(told, wanted)["exec_id"].to_pylist() == ["E3"]
    assert frames.fees(told, wanted).num_rows == 0
    assert frames.events(told, OrderFilter(symbol="OTHER")).num_rows == 0
    by_day = frames.realized(told, ACCOUNT, by=["DAY", "ORDER"], method="FIFO", since=at(5))
    assert by_day.schema.field("day").type == pa.date32()
    assert by_day["symbol"].to_pylist() == [None] * by_day.num_rows
    (flat,) = frames.positions(told, ACCOUNT, include_flat=True).to_pylist()
    assert flat["quantity"] == 2


def test_the_past_has_tables_too(told):
    with told.begin(read_only=True) as uow:
        past = OrderHistory(uow).as_of(happened_by=at(1))
        fills = frames.fills(past)
    assert list(zip(fills["exec_id"].to_pylist(), fills["price"].to_pylist(), strict=True)) == [("E1", 100), ("E2", 90)]


@pytest.mark.parametrize(
    ("batches", "table"),
    [
        (frames.order_batches, frames.orders),
        (frames.event_batches, frames.events),
        (frames.fill_batches, frames.fills),
    ],
)
def test_streams_have_the_rows_of_tables(told, batches, table):
    whole = table(told, figures="text")
    reader = batches(told, figures="text", batch_rows=1)
    assert [batch.num_rows for batch in reader] == [1] * whole.num_rows
    with told.begin(read_only=True) as uow:
        assert batches(uow, figures="text").read_all() == whole
    assert pl.DataFrame(batches(told, figures="text")).shape == (whole.num_rows, whole.num_columns)


@pytest.mark.parametrize("source", [None, "orders.db", object()])
def test_what_is_no_history_is_refused(source):
    for make in (frames.fills, frames.fill_batches):
        with pytest.raises(InvalidInput, match="an OrderHistory, a unit of work, or a store"):
            make(source)


def test_an_awaited_store_runs_it(tmp_path):
    async def main():
        async with await AsyncStore.open(f"sqlite:///{tmp_path}/orders.db") as store:
            with pytest.raises(InvalidInput, match="await store.run"):
                frames.fills(store)
            return await store.run(frames.fills, read_only=True)

    assert asyncio.run(main()).num_rows == 0


def test_a_joined_session_has_tables(tmp_path):
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from sot.adapters.sqlalchemy import prepare

    engine = create_engine(f"sqlite:///{tmp_path}/orders.db")
    prepare(engine)
    with Session(engine) as session:
        assert frames.orders(SqlAlchemyUnitOfWork(session)).num_rows == 0
    engine.dispose()


def test_without_the_extra_it_says_what_to_install():
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from sot.errors import MissingExtra\n"
        "try:\n    import sot.frames\n"
        "except MissingExtra as error:\n    print(error.extra, error)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("frames ")
    assert "pip install 'sot-orders[frames]'" in result.stdout
