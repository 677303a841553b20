"""The file of a SQLite database: missing, moved, replaced, read-only."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, event, make_url

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.errors import CommitUnknown, StoreUnavailable
from sot.testing.contract.samples import trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


def opened(path):
    return SqlAlchemyStore.open(f"sqlite:///{path}")


def over_own_engine(path):
    SqlAlchemyStore.open(f"sqlite:///{path}").close()
    return SqlAlchemyStore(create_engine(f"sqlite:///{path}"))


def over_own_engine_that_is_logged(path):
    store = over_own_engine(path)
    event.listen(store.engine, "before_cursor_execute", lambda *_: None)
    return store


def record(store, exec_id):
    return write_history(store, lambda h: h.record(trade_report("C1", exec_id)))


def quantity(store, order_id):
    return read_history(store, lambda h: h.order(order_id)).cum_quantity


def delete(path):
    path.unlink()


def rename(path):
    path.rename(path.with_suffix(".moved"))


def replace(path):
    copy = path.with_suffix(".copy")
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    copy.replace(path)


def delete_the_log(path):
    Path(f"{path}-wal").unlink()


@pytest.mark.parametrize("open_store", [opened, over_own_engine, over_own_engine_that_is_logged])
@pytest.mark.parametrize("harm", [delete, rename, replace])
def test_a_commit_into_a_file_that_is_gone_is_not_acknowledged(path, open_store, harm):
    store = open_store(path)
    order_id = submit_and_send(store, "C1")
    with store.begin() as uow:
        assert uow.orders.get(order_id) is not None
        harm(path)
        with pytest.raises(StoreUnavailable, match="deleted or replaced"):
            uow.commit()
    store.close()


def test_a_commit_into_a_log_that_is_gone_is_not_acknowledged(path):
    store = opened(path)
    order_id = submit_and_send(store, "C1")
    with store.begin() as uow:
        assert uow.orders.get(order_id) is not None
        delete_the_log(path)
        with pytest.raises(StoreUnavailable, match="-wal"):
            uow.commit()
    store.close()


def test_a_file_that_is_deleted_during_the_commit_leaves_its_outcome_unknown(path):
    store = opened(path)
    order_id = submit_and_send(store, "C1")
    event.listen(store.engine, "commit", lambda _: delete(path))
    with pytest.raises(CommitUnknown, match="deleted or replaced"), store.begin() as uow:
        assert uow.orders.get(order_id) is not None
        uow.commit()
    store.close()


@pytest.mark.parametrize("open_store", [opened, over_own_engine])
def test_the_next_transaction_uses_the_file_that_is_there_now(path, open_store):
    store = open_store(path)
    order_id = submit_and_send(store, "C1")
    replace(path)
    Path(f"{path}-wal").unlink(missing_ok=True)
    Path(f"{path}-shm").unlink(missing_ok=True)
    record(store, "E1")
    store.close()
    again = opened(path)
    assert quantity(again, order_id) == 1
    again.close()


def test_a_deleted_file_is_not_made_anew(path):
    store = opened(path)
    order_id = submit_and_send(store, "C1")
    path.unlink()
    for action in (lambda: record(store, "E1"), lambda: quantity(store, order_id)):
        with pytest.raises(StoreUnavailable, match="no such file"):
            action()
    assert not path.exists()
    store.close()


def test_a_relative_path_is_that_of_the_directory_where_the_store_was_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = SqlAlchemyStore.open("sqlite:///a.db")
    order_id = submit_and_send(store, "C1")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    store.engine.dispose()
    assert quantity(store, order_id) == 0
    assert list(Path().iterdir()) == []
    store.close()


@pytest.mark.parametrize("name", ["a%20b#c?.db", "ä 😀.db", "a'b\".db"])
def test_any_name_of_a_file_is_opened_as_it_is(tmp_path, name):
    url = URL.create("sqlite", database=str(tmp_path / name)).render_as_string()
    if make_url(url).database != str(tmp_path / name):
        pytest.skip("SQLAlchemy 2.0 does not quote the names of files in addresses")
    SqlAlchemyStore.open(url).close()
    assert (tmp_path / name).exists()


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("place", ["", "nowhere/a.db", "a.txt/b.db", "x" * 300, "loop"])
def test_a_path_that_is_no_file_is_unavailable(tmp_path, place, create):
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(StoreUnavailable):
        SqlAlchemyStore.open(f"sqlite:///{tmp_path}/{place}", create=create)


def written(path):
    """The id of an order in a new database that nobody has open."""
    store = opened(path)
    order_id = submit_and_send(store, "C1")
    store.close()
    return order_id


def files(path):
    return {item.name: item.read_bytes() for item in path.parent.iterdir()}


@pytest.fixture
def unwritable(monkeypatch):
    """Names paths that cannot be written to; permissions do not hold for every user who runs tests."""
    paths = set()
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) not in paths)
    return lambda *names: paths.update(map(str, names))


@pytest.mark.parametrize("what", ["file", "directory", "both"])
def test_a_database_that_cannot_be_written_to_is_read_and_left_alone(path, unwritable, what):
    order_id = written(path)
    before = files(path)
    unwritable(*{"file": [path], "directory": [path.parent], "both": [path, path.parent]}[what])
    store = SqlAlchemyStore.open(f"sqlite:///{path}", create=False)
    assert quantity(store, order_id) == 0
    assert files(path) == before
    with pytest.raises(StoreUnavailable, match="readonly database; make the file and its directory writable"):
        record(store, "E1")
    assert files(path) == before
    store.close()


def test_a_database_that_another_program_writes_to_is_read_with_what_it_wrote(path, unwritable):
    written(path)
    writer = opened(path)
    order_id = read_history(writer, lambda h: h.orders()).items[0].order_id
    record(writer, "E1")
    unwritable(path, path.parent)
    reader = SqlAlchemyStore.open(f"sqlite:///{path}", create=False)
    assert quantity(reader, order_id) == 1
    record_again = SqlAlchemyStore.open(f"sqlite:///{path}", create=False)
    assert quantity(record_again, order_id) == 1
    for store in (reader, record_again, writer):
        store.close()


def test_a_log_that_cannot_be_read_is_not_passed_over(path, unwritable):
    writer = opened(path)
    submit_and_send(writer, "C1")
    copy = path.with_name("copy.db")
    for end in ("", "-wal"):
        Path(f"{copy}{end}").write_bytes(Path(f"{path}{end}").read_bytes())
    writer.close()
    unwritable(copy, copy.parent)
    with pytest.raises(StoreUnavailable, match="-wal"):
        SqlAlchemyStore.open(f"sqlite:///{copy}", create=False)


@pytest.mark.parametrize("options", ["mode=ro", "immutable=1", "mode=ro&immutable=1"])
def test_an_address_that_says_how_to_open_the_file_is_followed(path, options):
    order_id = written(path)
    before = files(path)
    store = SqlAlchemyStore.open(f"sqlite:///file:{path}?{options}&uri=true", create=False)
    assert quantity(store, order_id) == 0
    with pytest.raises(StoreUnavailable, match="readonly"):
        record(store, "E1")
    store.close()
    assert files(path)["a.db"] == before["a.db"]
