"""The same code runs in an asyncio application's session."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.testing.contract.samples import trade_report
from sot.testing.contract.transactions import read_history, submit_and_send


def test_runs_in_an_async_session(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    order_id = submit_and_send(store, "C1")

    async def main() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/a.db")
        for exec_id, keep in (("E1", True), ("E2", False)):
            async with AsyncSession(engine) as session:

                def use_case(sync_session, exec_id=exec_id):
                    history = OrderHistory(SqlAlchemyUnitOfWork(sync_session))
                    history.record(trade_report("C1", exec_id))
                    return history.order(order_id).cum_quantity

                assert await session.run_sync(use_case) == (1 if keep else 2)
                await (session.commit() if keep else session.rollback())
        await engine.dispose()

    asyncio.run(main())
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1
    store.close()
