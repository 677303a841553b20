"""Connections that commit each statement by themselves are refused."""

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session
from tests.support.postgres import fresh_url

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork, prepare
from sot.errors import InvalidInput
from sot.testing.contract.samples import new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

KINDS = ("sqlite", "postgresql")
TEST_INSTRUMENT = spot_instrument()


def instruments(history):
    return list(history.instruments(TEST_INSTRUMENT.account_id, TEST_INSTRUMENT.venue, TEST_INSTRUMENT.symbol))


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    url = fresh_url() if request.param == "postgresql" else f"sqlite:///{tmp_path}/a.db"
    SqlAlchemyStore.open(url).close()
    return url


def engine_level(url):
    return Session(create_engine(url, isolation_level="AUTOCOMMIT"))


def engine_options(url):
    return Session(create_engine(url, execution_options={"isolation_level": "AUTOCOMMIT"}))


def derived_engine(url):
    return Session(create_engine(url).execution_options(isolation_level="AUTOCOMMIT"))


def session_connection(url):
    session = Session(create_engine(url))
    session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    return session


def bound_connection(url):
    return Session(create_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT"))


def driver_by_hand(url):
    session = Session(create_engine(url))
    driver = session.connection().connection.driver_connection
    if url.startswith("sqlite"):
        driver.isolation_level = None
    else:
        driver.autocommit = True
    return session


@pytest.fixture
def dispose():
    """Closes the connections of sessions at the end."""
    sessions = []
    yield sessions.append
    for session in sessions:
        bind = session.get_bind()
        session.close()
        if isinstance(bind, Connection):
            bind.close()
        bind.engine.dispose()


JOINED = (engine_level, engine_options, derived_engine, session_connection, bound_connection, driver_by_hand)


@pytest.mark.parametrize("make_session", JOINED)
def test_a_session_in_autocommit_is_refused_before_anything_is_written(url, make_session, dispose):
    session = make_session(url)
    dispose(session)
    history = OrderHistory(SqlAlchemyUnitOfWork(session))
    with pytest.raises(InvalidInput, match="AUTOCOMMIT"):
        history.register(spot_instrument())
    with pytest.raises(InvalidInput, match="AUTOCOMMIT"):
        history.orders()
    store = SqlAlchemyStore.open(url)
    assert read_history(store, instruments) == []
    store.close()


@pytest.mark.parametrize(
    "options", [{"isolation_level": "AUTOCOMMIT"}, {"execution_options": {"isolation_level": "AUTOCOMMIT"}}]
)
def test_a_store_over_an_engine_in_autocommit_is_refused(url, options):
    with pytest.raises(InvalidInput, match="AUTOCOMMIT"):
        SqlAlchemyStore(create_engine(url, **options))


def test_a_store_over_connections_set_to_autocommit_by_hand_is_refused():
    url = fresh_url()
    SqlAlchemyStore.open(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.connection.driver_connection.autocommit = True
    store = SqlAlchemyStore(engine)
    with pytest.raises(InvalidInput, match="AUTOCOMMIT"):
        write_history(store, lambda h: h.register(spot_instrument()))
    assert read_history(store, instruments) == []
    store.close()


def submit(session):
    OrderHistory(SqlAlchemyUnitOfWork(session)).submit(new_order_request("C1"))


def requests(store):
    return len(read_history(store, lambda h: h.requests()).items)


def test_a_plain_engine_of_sqlite_can_be_joined_with_savepoints(tmp_path):
    # The driver begins no transaction for a SAVEPOINT, so that RELEASE would commit what the session then rolls back.
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    write_history(store, lambda h: h.register(spot_instrument()))
    plain = create_engine(f"sqlite:///{tmp_path}/a.db")
    for commits in (False, True):
        with Session(plain) as session:
            OrderHistory(SqlAlchemyUnitOfWork(session)).orders()
            with session.begin_nested():
                submit(session)
            (session.commit if commits else session.rollback)()
        assert requests(store) == commits
    plain.dispose()
    store.close()


def test_a_savepoint_of_sqlite_without_a_transaction_is_refused(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    write_history(store, lambda h: h.register(spot_instrument()))
    plain = create_engine(f"sqlite:///{tmp_path}/a.db")
    with Session(plain) as session:
        with session.begin_nested(), pytest.raises(InvalidInput, match="savepoint"):
            submit(session)
        session.rollback()
        submit(session)
        session.commit()
    assert requests(store) == 1
    plain.dispose()
    store.close()


def test_what_a_plain_session_wrote_before_is_in_the_same_transaction(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    write_history(store, lambda h: h.register(spot_instrument()))
    plain = create_engine(f"sqlite:///{tmp_path}/a.db")
    with plain.begin() as connection:
        connection.execute(text("CREATE TABLE notes (note TEXT)"))
    with Session(plain) as session:
        session.execute(text("INSERT INTO notes VALUES ('x')"))
        submit(session)
        session.rollback()
        assert session.execute(text("SELECT count(*) FROM notes")).scalar() == 0
    assert requests(store) == 0
    plain.dispose()
    store.close()


def test_a_store_over_a_plain_engine_of_sqlite_rolls_back_as_a_whole(tmp_path):
    SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db").close()
    for echo in (False, True):
        store = SqlAlchemyStore(create_engine(f"sqlite:///{tmp_path}/a.db", echo=echo))
        with store.begin() as uow:
            OrderHistory(uow).register(spot_instrument())
            instruments(OrderHistory(uow))
        assert read_history(store, instruments) == []
        store.close()


SNAPSHOTS = ("REPEATABLE READ", "SERIALIZABLE")


def engine_of_level(url, level):
    return create_engine(url, isolation_level=level)


@pytest.mark.parametrize("level", SNAPSHOTS)
def test_a_session_with_one_snapshot_reads_and_does_not_write(level):
    """Else a report waits for an order that has its identifier already, committed after the snapshot was taken."""
    url = fresh_url()
    store = SqlAlchemyStore.open(url)
    order_id = submit_and_send(store, "C1")
    request_id = write_history(store, lambda h: h.submit(new_order_request("C2"))).request_id
    report = trade_report("C1", "E1")
    engine = engine_of_level(url, level)
    commands = (
        lambda h: h.submit(new_order_request("C3")),
        lambda h: h.record(report),
        lambda h: h.record(trade_report("C9", "E9")),
        lambda h: h.withdraw(request_id),
        lambda h: h.mark(order_id, 5),
    )
    with Session(engine) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        assert history.order(order_id).client_order_id == "C1"
        for command in commands:
            with pytest.raises(InvalidInput, match="READ COMMITTED"):
                command(history)
        assert [order.order_id for order in history.orders().items] == [order_id]
        session.commit()
    assert write_history(store, lambda h: h.record(report)).outcome == "RECORDED"
    engine.dispose()
    store.close()


@pytest.mark.parametrize("level", SNAPSHOTS)
def test_a_store_over_an_engine_with_one_snapshot_reads_and_does_not_write(level):
    url = fresh_url()
    SqlAlchemyStore.open(url).close()
    store = SqlAlchemyStore(engine_of_level(url, level))
    with pytest.raises(InvalidInput, match="READ COMMITTED"):
        write_history(store, lambda h: h.register(spot_instrument()))
    assert read_history(store, instruments) == []
    store.close()


# ------------------------------------------------------------------------------------------------ translated schemas

TRANSLATED = {"schema_translate_map": {None: "tenant"}}


@pytest.mark.parametrize("of", ["engine", "connection"])
def test_a_session_that_translates_schemas_is_refused_before_anything_is_written(url, of, dispose):
    if of == "engine":
        session = Session(create_engine(url, execution_options=TRANSLATED))
    else:
        session = Session(create_engine(url))
        session.connection(execution_options=TRANSLATED)
    dispose(session)
    history = OrderHistory(SqlAlchemyUnitOfWork(session))
    with pytest.raises(InvalidInput, match="schema_translate_map.*schema="):
        history.register(spot_instrument())
    with pytest.raises(InvalidInput, match="schema_translate_map.*schema="):
        history.orders()


def test_a_store_or_tables_over_an_engine_that_translates_schemas_are_refused(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/new.db", execution_options=TRANSLATED)
    with pytest.raises(InvalidInput, match="schema_translate_map.*schema="):
        SqlAlchemyStore(engine)
    with pytest.raises(InvalidInput, match="schema_translate_map.*schema="):
        prepare(engine)


def test_a_store_whose_engine_translates_schemas_later_is_refused(url):
    engine = create_engine(url)
    store = SqlAlchemyStore(engine)
    engine.update_execution_options(**TRANSLATED)
    if url.startswith("sqlite"):
        engine.echo = "debug"  # otherwise the engine's options have no effect
    with pytest.raises(InvalidInput, match="schema_translate_map.*schema="):
        write_history(store, lambda h: h.register(spot_instrument()))
    store.close()
