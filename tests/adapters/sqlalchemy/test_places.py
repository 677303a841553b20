"""The tables of a history are where the application wants them, beside those of others."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from sqlalchemy import MetaData, create_engine, create_mock_engine, inspect, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase
from tests.support.places import PLACES, foreign_names, names_in, noted_by_sqlalchemy
from tests.support.postgres import fresh_url

from sot import InvalidInput, OrderHistory
from sot.adapters.sqlalchemy import (
    SqlAlchemyStore,
    SqlAlchemyUnitOfWork,
    models,
    prepare,
    repositories,
    statements,
)
from sot.adapters.sqlalchemy import (
    tables as tables_of,
)
from sot.adapters.sqlalchemy.models import VERSION
from sot.adapters.sqlalchemy.place import DEFAULT, MAX_PREFIX, place_at, without_place
from sot.adapters.sqlalchemy.placed_tables import copied_metadata, metadata_at, placed, tables_at
from sot.audit import rebuild, seal, verify
from sot.errors import SchemaMismatch, SotError
from sot.testing.contract.samples import ACCOUNT, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

KINDS = ["sqlite", "postgresql"]
PACKAGE = "sot.adapters.sqlalchemy.repositories."
DEFAULT_ARGUMENTS: Mapping[str, str] = {}
SIDE_BY_SIDE = {
    "sqlite": [DEFAULT_ARGUMENTS, {"prefix": "sot_"}, {"prefix": "a_"}],
    "postgresql": [
        DEFAULT_ARGUMENTS,
        {"prefix": "sot_"},
        {"schema": "oms"},
        {"schema": "oms", "prefix": "sot_"},
        {"schema": "user"},  # a reserved word
    ],
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def url(kind, tmp_path):
    return fresh_url() if kind == "postgresql" else f"sqlite:///{tmp_path}/host.db"


@pytest.fixture
def engine(url):
    engine = create_engine(url)
    yield engine
    engine.dispose()


def tables(engine, schema=None):
    return set(inspect(engine).get_table_names(schema))


def fill(store):
    """Record an order with an execution, and seal the history."""
    submit_and_send(store, "C1")
    write_history(store, lambda history: history.record(trade_report("C1", "E1")))
    store.run(seal)


# ----------------------------------------------------------------------------------------------------------- names


def statements_of(tables: MetaData, kind: str) -> list[str]:
    """The statements that make tables."""
    made: list[str] = []
    engine = create_mock_engine(f"{kind}://", lambda statement, *_: made.append(str(statement.compile(engine))))
    tables.create_all(engine, checkfirst=False)
    return made


def test_a_copy_of_the_tables_is_made_as_the_models_are(kind):
    copied = statements_of(copied_metadata(DEFAULT), kind)
    assert sorted(copied) == sorted(statements_of(models.metadata, kind))
    assert len(copied) > 100


def test_every_name_has_the_prefix_and_none_is_cut_or_given_twice():
    longest = place_at("s" * 63, "p" * MAX_PREFIX)
    placed, default = names_in(longest), names_in(DEFAULT)
    for what, names in placed.items():
        assert len(names) >= len(default[what])
        assert all(name.startswith(longest.prefix) for name in names)
    on_postgresql = placed["table"] | placed["trigger"] | placed["other"]
    assert max(map(len, on_postgresql)) <= 63 - 6
    statements = "\n".join(statements_of(metadata_at(place_at(None, "sot_")), kind="postgresql"))
    assert foreign_names([statements]) == set()
    assert foreign_names(statements_of(models.metadata, "postgresql")) > set(models.metadata.tables)


def test_names_that_postgresql_takes_only_shortened_stay_different():
    preparer = postgresql.dialect().identifier_preparer
    for table in metadata_at(place_at(None, "p" * MAX_PREFIX)).tables.values():
        shown = [preparer.format_constraint(constraint) for constraint in table.constraints]
        shown += [preparer.format_index(index) for index in table.indexes]
        assert len(set(shown)) == len(shown)
        assert max(map(len, shown)) <= 63


def written_statements():
    """Every statement that a module of the adapter makes once."""
    modules = [importlib.import_module(m.name) for m in pkgutil.walk_packages(repositories.__path__, PACKAGE)]
    values = [value for module in (*modules, statements) for value in vars(module).values()]
    values += [
        value
        for dictionary in (statements.DELETES, statements.INSERTS, statements.UPDATES)
        for value in dictionary.values()
    ]
    values += [value for several in values if isinstance(several, tuple) for value in several]
    kept = [value._core for value in values if isinstance(value, (statements.Query, statements.Statement))]
    return [*kept, *(value for value in values if isinstance(value, UpdateBase | SelectBase))]


def test_every_statement_is_the_same_but_for_the_names_of_tables(kind):
    dialect = postgresql.dialect() if kind == "postgresql" else sqlite.dialect()
    place = place_at(**PLACES[kind])
    cores = written_statements()
    assert len(cores) > 120
    for core in cores:
        in_place = str(placed(core, place).compile(dialect=dialect))
        assert foreign_names([in_place]) == set()
        for name in sorted(models.metadata.tables, key=len, reverse=True):
            in_place = in_place.replace(place.qualified(name), name)
        assert in_place == str(core.compile(dialect=dialect))
        assert placed(core, DEFAULT) is core


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("prefix", value) for value in ("A_", "a-", "1a", 'a"', "ä", "a b", "p" * (MAX_PREFIX + 1), 1, None)),
        *(("schema", value) for value in ("", "A", "a.b", "pg_x", "information_schema", "s" * 64, 'x"; --', 1)),
    ],
)
def test_what_is_no_plain_name_is_refused(field, value, kind, url, engine):
    for refused in (
        lambda: SqlAlchemyStore.open(url, **{field: value}),
        lambda: SqlAlchemyStore(engine, **{field: value}),
        lambda: SqlAlchemyUnitOfWork(Session(engine), **{field: value}),
        lambda: prepare(engine, **{field: value}),
    ):
        with pytest.raises(InvalidInput) as caught:
            refused()
        assert caught.value.field == field
    assert tables(engine) == set()


def test_sqlite_has_no_schemas(tmp_path):
    url = f"sqlite:///{tmp_path}/host.db"
    engine = create_engine(url)
    with engine.connect() as connection, Session(engine) as session:
        for refused in (
            lambda: SqlAlchemyStore.open(url, schema="oms"),
            lambda: SqlAlchemyStore.open(f"{url}?sot_schema=oms"),
            lambda: SqlAlchemyStore(engine, schema="oms"),
            lambda: SqlAlchemyUnitOfWork(session, schema="oms"),
            lambda: prepare(engine, schema="oms"),
            lambda: prepare(connection, schema="oms"),
        ):
            with pytest.raises(InvalidInput, match="prefix"):
                refused()
    engine.dispose()


def test_an_address_can_say_the_place(kind, url):
    place = PLACES[kind]
    query = {f"sot_{name}": value for name, value in place.items()}
    stated = make_url(url).update_query_dict(query).render_as_string(False)
    store = SqlAlchemyStore.open(stated)
    fill(store)
    store.close()
    again = SqlAlchemyStore.open(url, create=False, **place)
    assert len(read_history(again, lambda history: history.orders().items)) == 1
    again.close()
    SqlAlchemyStore.open(stated, create=False, **place).close()
    with pytest.raises(InvalidInput) as caught:
        SqlAlchemyStore.open(stated, prefix="other_")
    assert caught.value.field == "sot_prefix"


def test_an_address_says_a_place_once():
    with pytest.raises(InvalidInput):
        without_place(make_url("sqlite:///x.db?sot_prefix=a_&sot_prefix=b_"), None, "")
    url, place = without_place(make_url("postgresql://h/n?sot_schema=oms&sslmode=require"), None, "")
    assert dict(url.query) == {"sslmode": "require"}
    assert place is place_at("oms") is place_at("oms", "")


# ---------------------------------------------------------------------------------------------------- side by side


class Base(DeclarativeBase):
    pass


class Order(Base):
    """A table of the application with a name of ours."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str]


def test_histories_live_side_by_side(kind, url, engine):
    places = SIDE_BY_SIDE[kind]
    stores = [SqlAlchemyStore.open(url, **place) for place in places]
    for count, store in enumerate(stores):
        fill(store)
        for number in range(count):
            submit_and_send(store, f"D{number}")
    for count, store in enumerate(stores):
        verification = verify(store)
        assert verification.problems == []
        assert verification.counts["order"] == count + 1
        assert read_history(store, lambda history: history.find_order(ACCOUNT, "C1", VENUE)).cum_quantity == 1
        rebuild(store)
        assert verify(store).problems == []
        store.close()
    for place in (place_at(**arguments) for arguments in places):
        assert {place.name(name) for name in models.metadata.tables} <= tables(engine, place.schema)


def test_a_table_of_the_application_is_left_alone(kind, url, engine):
    Base.metadata.create_all(engine)
    with pytest.raises(SchemaMismatch, match="table orders belongs to something else; choose another"):
        SqlAlchemyStore.open(url)
    store = SqlAlchemyStore.open(url, **PLACES[kind])
    with Session(engine) as session:
        session.add(Order(id=1, item="tea"))
        history = OrderHistory(SqlAlchemyUnitOfWork(session, **PLACES[kind]))
        history.record(trade_report("X1", "E0"))
        session.get(Order, 1).item = "coffee"
        session.commit()
        assert session.scalars(select(Order.item)).all() == ["coffee"]
        session.delete(session.get(Order, 1))
        session.commit()
    fill(store)
    assert verify(store).problems == []
    assert inspect(engine).get_columns("orders")[1]["name"] == "item"
    store.close()


@pytest.mark.parametrize("order", [1, -1])
def test_places_of_which_one_has_a_name_of_the_other_are_refused(order, url, engine):
    """`position_` and `checkpoints` make `position_checkpoints`."""
    first, second = [DEFAULT_ARGUMENTS, {"prefix": "position_"}][::order]
    prepare(engine, **first)
    there = tables(engine)
    with pytest.raises(SchemaMismatch, match="table position_checkpoints belongs to something else"):
        prepare(engine, **second)
    assert tables(engine) == there


@pytest.mark.parametrize("place", [DEFAULT_ARGUMENTS, PLACES["sqlite"], PLACES["postgresql"]])
def test_all_statements_name_the_tables_of_the_place(place, kind, url):
    if kind == "sqlite" and "schema" in place:
        pytest.skip("SQLite has no schemas")
    with noted_by_sqlalchemy() as statements:
        store = SqlAlchemyStore.open(url, **place)
        fill(store)
        verify(store)
        rebuild(store)
        store.close()
    assert bool(foreign_names(statements)) is (place is DEFAULT_ARGUMENTS)


# --------------------------------------------------------------------------------------------------------- joining


@pytest.mark.parametrize("where", ["default", "elsewhere"])
def test_missing_tables_are_told_when_joining(where, kind, engine):
    place = DEFAULT_ARGUMENTS if where == "default" else PLACES[kind]
    call = re.escape("prepare(engine" + "".join(f", {name}={value!r}" for name, value in place.items()) + ")")
    with Session(engine) as session:
        uow = SqlAlchemyUnitOfWork(session, **place)
        with pytest.raises(SchemaMismatch, match=call) as caught:
            OrderHistory(uow).record(trade_report("C1", "E1"))
        assert (caught.value.found, caught.value.needed) == ("none", str(VERSION))
        session.rollback()
        assert session.execute(text("SELECT 1")).scalar() == 1
    store = SqlAlchemyStore(engine, **place)
    with pytest.raises(SchemaMismatch, match=call):
        store.run(lambda uow: uow.feed.last(), read_only=True)
    with pytest.raises(SchemaMismatch, match="create=True"):
        prepare(engine, create=False, **place)
    prepare(engine, **place)
    prepare(engine, create=False, **place)
    fill(store)
    with Session(engine) as session:
        OrderHistory(SqlAlchemyUnitOfWork(session, **place)).record(trade_report("C1", "E2"))
        session.commit()
    assert verify(store).problems == []


@pytest.mark.parametrize(("version", "advice"), [(VERSION - 1, "migrate its tables"), (VERSION + 1, "newer sot")])
def test_another_version_is_told_when_joining(version, advice, kind, engine):
    place = place_at(**PLACES[kind])
    prepare(engine, **PLACES[kind])
    with engine.begin() as connection:
        connection.execute(tables_at(place)["sot_schema"].update().values(version=version))
    with Session(engine) as session, pytest.raises(SchemaMismatch, match=advice):
        OrderHistory(SqlAlchemyUnitOfWork(session, **PLACES[kind])).record(trade_report("C1", "E1"))


def test_a_missing_trigger_is_told_before_anything_is_written(kind, engine):
    place = place_at(**PLACES[kind])
    prepare(engine, **PLACES[kind])
    trigger = "sot_order_events_no_change" if kind == "postgresql" else "sot_order_events_no_update"
    on = f" ON {place.qualified('order_events')}" if kind == "postgresql" else ""
    with engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
    with Session(engine) as session:
        uow = SqlAlchemyUnitOfWork(session, **PLACES[kind])
        assert [problem.key for problem in uow.audit.structure_problems()] != []  # reading is possible
        with pytest.raises(SchemaMismatch, match=f"trigger {trigger} is missing"):
            OrderHistory(uow).record(trade_report("C1", "E1"))
        with pytest.raises(SotError):
            session.commit()


def test_a_store_without_a_trigger_can_be_verified_and_not_written_to(kind, engine, url):
    place = place_at(**PLACES[kind])
    prepare(engine, **PLACES[kind])
    trigger = "sot_order_events_no_change" if kind == "postgresql" else "sot_order_events_no_update"
    on = f" ON {place.qualified('order_events')}" if kind == "postgresql" else ""
    with engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
    with closing(SqlAlchemyStore.open(url, **PLACES[kind])) as store:
        (problem,) = verify(store).problems
        assert trigger in problem.key
        with pytest.raises(SchemaMismatch, match=f"trigger {trigger} is missing"):
            submit_and_send(store, "C1")


def test_the_database_is_asked_once_per_engine_and_place(kind, engine):
    prepare(engine, **PLACES[kind])
    prepare(engine)
    for place in (PLACES[kind], DEFAULT_ARGUMENTS):
        counts = []
        for number in range(3):
            with Session(engine) as session, noted_by_sqlalchemy() as statements:
                OrderHistory(SqlAlchemyUnitOfWork(session, **place)).record(trade_report("C1", f"E{number}"))
                session.commit()
            version_table = place_at(**place).qualified("sot_schema")
            counts.append(sum(f"FROM {version_table}" in statement for statement in statements))
            triggers = [s for s in statements if "type = 'trigger'" in s or "pg_trigger" in s]
            assert bool(triggers) is (number == 0)
        assert counts == [1, 0, 0]


def test_two_places_in_one_session(kind, engine):
    places = [DEFAULT_ARGUMENTS, PLACES[kind]]
    for place in places:
        prepare(engine, **place)
    with Session(engine) as session:
        histories = [OrderHistory(SqlAlchemyUnitOfWork(session, **place)) for place in places]
        histories[0].record(trade_report("A1", "E1"))
        with session.begin_nested() as savepoint:
            histories[1].record(trade_report("B1", "E1"))
            savepoint.rollback()
        histories[1].record(trade_report("B2", "E1"))
        histories[0].record(trade_report("A2", "E1"))
        session.commit()
    for place, expected in zip(places, (["A1", "A2"], ["B2"]), strict=True):
        store = SqlAlchemyStore(engine, **place)
        waiting = read_history(store, lambda history: list(history.waiting(ACCOUNT)))
        assert sorted(report.report.client_order_id for report in waiting) == expected


class ChoosingSession(Session):
    """Chooses the engine of a statement by a key of the metadata, as Flask-SQLAlchemy's sessions do."""

    def get_bind(self, mapper=None, **arguments):
        metadata = inspect(mapper).local_table.metadata if mapper is not None else None
        key = metadata.info.get("bind_key") if metadata is not None else None
        return self.info["engines"][key]


@pytest.mark.parametrize("how", ["base", "model", "key"])
def test_a_session_of_several_engines_uses_that_of_the_models(how, kind, engine, url, tmp_path, monkeypatch):
    host = create_engine(f"sqlite:///{tmp_path}/shop.db")
    Base.metadata.create_all(host)
    prepare(engine, **PLACES[kind])
    if how == "key":
        monkeypatch.setitem(models.metadata.info, "bind_key", "history")
        session = ChoosingSession(info={"engines": {None: host, "history": engine}})
    else:
        session = Session(host, binds={models.Base if how == "base" else models.OrderRow: engine})
    with session:
        session.add(Order(id=1, item="tea"))
        OrderHistory(SqlAlchemyUnitOfWork(session, **PLACES[kind])).record(trade_report("C1", "E1"))
        session.commit()
    assert tables(host) == {"orders"}
    with host.connect() as connection, engine.connect() as own:
        assert connection.execute(text("SELECT count(*) FROM orders")).scalar() == 1
        waiting = tables_of(**PLACES[kind])["unattributed_reports"]
        assert own.execute(select(waiting.c.client_order_id)).scalars().all() == ["C1"]
    host.dispose()


def test_prepare_within_a_transaction_is_undone_with_it(kind, engine):
    with engine.connect() as connection:
        prepare(connection, **PLACES[kind])
        connection.rollback()
    assert tables(engine) == tables(engine, PLACES[kind].get("schema")) == set()


def test_tables_that_were_rolled_back_are_missing_and_not_damaged(kind, engine):
    with Session(engine) as session:
        prepare(session.connection(), prefix="sot_")
        OrderHistory(SqlAlchemyUnitOfWork(session, prefix="sot_")).register(spot_instrument())
        session.rollback()
    with Session(engine) as session, pytest.raises(SchemaMismatch, match="make its tables"):
        OrderHistory(SqlAlchemyUnitOfWork(session, prefix="sot_")).register(spot_instrument())


def test_threads_that_use_a_new_place_at_once_share_its_tables():
    place = place_at(prefix="threads_")
    together = Barrier(8)

    def first_use(_):
        together.wait()
        return metadata_at(place), placed(select(models.OrderRow.order_id), place)

    with ThreadPoolExecutor(8) as threads:
        used = list(threads.map(first_use, range(8)))
    (tables,) = {metadata for metadata, _ in used}
    assert all(statement.get_final_froms() == [tables.tables["threads_orders"]] for _, statement in used)


def test_an_awaited_engine_is_refused():
    from sqlalchemy.ext.asyncio import create_async_engine

    with pytest.raises(InvalidInput):
        prepare(create_async_engine("sqlite+aiosqlite://"))


# ------------------------------------------------------------------------------------------------------ PostgreSQL


def test_an_existing_schema_needs_no_right_to_make_schemas():
    url = fresh_url()
    owner = create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        if not connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = 'place_owner'")).scalar():
            connection.execute(text("CREATE ROLE place_owner LOGIN"))
        connection.execute(text("CREATE SCHEMA oms AUTHORIZATION place_owner"))
    url = make_url(url).set(username="place_owner").render_as_string(False)
    SqlAlchemyStore.open(url, schema="oms").close()
    with pytest.raises(SotError):
        SqlAlchemyStore.open(url, schema="elsewhere")
    owner.dispose()


def horizon_beside_an_open_transaction(reader, engine, **place):
    """The horizon of a store while another transaction has written, and not committed."""
    with Session(engine) as session:
        OrderHistory(SqlAlchemyUnitOfWork(session, **place)).record(trade_report("OPEN", "E1"))
        horizon = reader.horizon()
        session.rollback()
    return horizon


def test_the_horizon_of_a_place_waits_for_writers_of_this_place_only():
    url = fresh_url()
    places = [DEFAULT_ARGUMENTS, {"schema": "oms"}, {"prefix": "sot_"}]
    stores = [SqlAlchemyStore.open(url, **place) for place in places]
    for store in stores:
        fill(store)
        submit_and_send(store, "C2")
    lasts = [store.horizon() for store in stores]
    for place in places:
        for reader, last, own in zip(stores, lasts, places, strict=True):
            # The position that the rolled back transaction used is no fact: the horizon stays where it was.
            assert horizon_beside_an_open_transaction(reader, stores[0].engine, **place) == last
            if own is place:
                seen = reader.run(lambda uow: uow.feed.last())
                assert seen == last
    for store in stores:
        store.close()


def test_one_history_has_one_horizon_by_whatever_name_it_is_reached():
    """A writer whose search path names the schema, and a reader that is given it, see each other's locks."""
    url = fresh_url()
    given = SqlAlchemyStore.open(url, schema="oms")
    fill(given)
    engine = create_engine(url, connect_args={"options": "-csearch_path=oms"})
    by_path = SqlAlchemyStore(engine)
    before = given.horizon()
    with Session(engine) as session:
        OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("OPEN", "E1"))
        write_history(given, lambda history: history.record(trade_report("LATER", "E1")))
        assert given.run(lambda uow: uow.feed.last()) > before
        assert given.horizon() == by_path.horizon() == before
        session.commit()
    assert given.horizon() == by_path.horizon() > before
    assert verify(by_path).problems == verify(given).problems == []
    given.close()
    engine.dispose()


def test_histories_with_other_prefixes_wait_for_no_lock_of_each_other():
    """The same names at once: a transaction of one place is open while the other one records."""
    url = fresh_url()
    first, second = SqlAlchemyStore.open(url), SqlAlchemyStore.open(url, prefix="sot_", lock_timeout=1)
    with first.begin() as uow:
        OrderHistory(uow).record(trade_report("SAME", "E1"))
        write_history(second, lambda history: history.record(trade_report("SAME", "E1")))
        uow.commit()
    first.close()
    second.close()


# ------------------------------------------------------------------------------------------------ verify and migrate


def test_a_changed_part_of_the_schema_is_found(kind, engine):
    place = place_at(**PLACES[kind])
    prepare(engine, **PLACES[kind])
    prepare(engine)
    store = SqlAlchemyStore(engine, **PLACES[kind])
    fill(store)
    where = f"{place.schema}." if place.schema else ""
    on = f" ON {place.qualified('checkpoints')}" if kind == "postgresql" else ""
    trigger = "sot_checkpoints_no_change" if kind == "postgresql" else "sot_checkpoints_no_update"
    with engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {where}sot_ix_orders_open"))
        connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
    parts = {problem.key for problem in verify(store).problems}
    named = f"trigger sot_checkpoints {trigger}" if kind == "postgresql" else f"trigger {trigger}"
    assert parts == {"index sot_ix_orders_open", named}
    assert verify(SqlAlchemyStore(engine)).problems == []


@pytest.mark.parametrize("schema", ["new", "old", "on"])
def test_a_schema_named_as_a_word_of_triggers_is_whole(schema):
    store = SqlAlchemyStore.open(fresh_url(), schema=schema)
    problems = verify(store).problems
    store.close()
    assert problems == []


def test_facts_cannot_be_changed(kind, engine):
    place = place_at(**PLACES[kind])
    prepare(engine, **PLACES[kind])
    fill(SqlAlchemyStore(engine, **PLACES[kind]))
    for name in ("order_events", "order_fills", "checkpoints", "fact_feed"):
        for statement in (f"DELETE FROM {place.qualified(name)}", f"UPDATE {place.qualified(name)} SET hash = 'x'"):
            if (name, statement[:6]) == ("order_fills", "UPDATE"):
                statement = f"UPDATE {place.qualified(name)} SET leg = 'x'"
            with engine.connect() as connection, pytest.raises(Exception, match="append-only"):
                connection.execute(text(statement))


def test_a_migrated_place_is_as_a_made_one(kind, engine, url):
    """All revisions, from the one that makes the first schema, in another place."""
    place = place_at(**PLACES[kind])
    with engine.begin() as connection:
        if place.schema:
            connection.execute(text(f"CREATE SCHEMA {place.schema}"))
        version = tables_at(place)["sot_schema"]
        metadata_at(place).create_all(connection, tables=[version, tables_at(place)["sot_alembic_version"]])
        connection.execute(version.insert().values(version=0))
    with noted_by_sqlalchemy() as statements:
        store = SqlAlchemyStore.open(url, **PLACES[kind])
    assert foreign_names(statements) <= foreign_names(statements_of(metadata_at(place), kind))
    fill(store)
    assert verify(store).problems == []
    store.close()
