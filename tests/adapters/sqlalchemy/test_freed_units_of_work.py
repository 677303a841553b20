"""What a unit of work holds is freed when it ends, and not left to the garbage collector."""

import gc
import weakref
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.testing.contract.samples import trade_report
from sot.testing.contract.transactions import submit_and_send

HELD = ("orders", "requests", "identifiers", "events", "fills", "costs", "positions")


@pytest.fixture
def store(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    submit_and_send(store, "C1")
    yield store
    store.close()


@contextmanager
def without_garbage_collector():
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def held_by(uow):
    return [weakref.ref(getattr(uow, name)) for name in HELD]


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_repositories_are_freed_at_the_end_of_a_unit_of_work(store, end):
    with without_garbage_collector():
        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "E1"))
            held = held_by(uow)
            getattr(uow, end)()
        assert [reference() for reference in held] == [None] * len(HELD)


def test_repositories_of_a_joined_session_are_freed_when_they_are_forgotten(store):
    with without_garbage_collector(), Session(store.engine) as session:
        with SqlAlchemyUnitOfWork(session) as uow:
            OrderHistory(uow).record(trade_report("C1", "E1"))
            held = held_by(uow)
        assert [reference() for reference in held] == [None] * len(HELD)
        session.commit()
