"""Secrets and raw payloads get into no message, log or traceback."""

import json
import logging
import traceback
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text

from sot import OrderHistory, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.domain.values.errors import SotError
from tests.support.command_line import INSTRUMENT, request, sot, trade
from tests.support.postgres import fresh_url

MARK = "hunter2hunter2"
URLS = [
    f"postgresql://user:{MARK}@127.0.0.1:1/orders",
    f"postgresql://127.0.0.1:1/orders?user=u&password={MARK}",
    f"postgresql+psycopg://user:{MARK}@127.0.0.1:1/orders?connect_timeout=1",
    f"postgresql://user:{MARK}@[bad/orders",
    f"postgresql://user:{MARK}@host:port/orders",
    f"postgres://user:{MARK}@127.0.0.1/orders",
    f"mysql://user:{MARK}@127.0.0.1/orders",
    f"sqlite:////nowhere/at/all/orders.db?key={MARK}",
    f"://user:{MARK}@127.0.0.1",
]
COMMANDS = [
    ["orders"], ["show", "a", "--account", "main"], ["positions", "--account", "main"], ["verify"], ["rebuild"],
    ["seal"], ["follow"], ["record", "-"], ["keys", "list"], ["serve"], ["export", "orders", "--account", "main"],
    ["keys", "create", "--scope", "read", "--all-accounts"], ["waiting", "--account", "main"],
]  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_no_command_shows_the_password_of_a_database(url, caplog):
    caplog.set_level(logging.DEBUG)
    for command in COMMANDS:
        for options in ([], ["--json"]):
            result = sot(*command, "--store", url, *options, lines=b"")
            assert result.exit_code != 0
            shown = "".join(traceback.format_exception(result.exception)) if result.exception else ""
            assert MARK not in result.output + result.stderr + shown + caplog.text, command


PAYLOADS = [MARK, [MARK], {MARK: 1.5}, {"a": {MARK: MARK, "b": "\x00" + MARK}}, {"key": "\x00" + MARK}, {MARK: [[1.5]]}]


def test_no_message_shows_a_raw_payload(tmp_path, caplog):
    """Neither of a line that is refused, nor of one that is kept and flagged."""
    caplog.set_level(logging.DEBUG)
    store = tmp_path / "orders.db"
    lines = [INSTRUMENT]
    for number, payload in enumerate(PAYLOADS):
        lines += [request(f"a{number}", raw_payload=payload)]
        lines += [trade(f"a{number}", f"e{number}", "1", "2", raw_payload=payload)]
    lines += [trade("b", "e", "x", "1", raw_payload=MARK), '{"report": {"raw_payload": "' + MARK + '"']
    result = sot("record", "-", "--store", store, lines=lines)
    assert "ERROR" in result.output
    assert MARK not in result.output + result.stderr + caplog.text


def test_the_token_of_a_key_is_shown_once(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    store = tmp_path / "orders.db"
    result = sot("keys", "create", "--store", store, "--scope", "read", "--all-accounts", "--json")
    secret = json.loads(result.stdout)["token"].split("_", 2)[2]
    for command in (["keys", "list"], ["keys", "list", "--json"], ["verify"], ["keys", "revoke", secret]):
        shown = sot(*command, "--store", store)
        if command[1:2] != ["revoke"]:  # whoever types a secret sees what he typed
            assert secret not in shown.output + shown.stderr
    assert secret not in caplog.text


BROKEN = {
    "a missing column": "ALTER TABLE unattributed_reports DROP COLUMN body CASCADE",
    "a refused row": "ALTER TABLE unattributed_reports ADD CONSTRAINT refuses CHECK (body IS NULL)",
    "a missing table": "DROP TABLE unattributed_reports CASCADE",
}


@pytest.mark.parametrize("name", BROKEN)
def test_no_error_of_a_database_shows_a_raw_payload(name, caplog):
    """Parameters are hidden. PostgreSQL itself quotes a refused row, in the error that ours is raised from."""
    caplog.set_level(logging.DEBUG, "sqlalchemy.pool")
    url = fresh_url()
    report = VenueReport(
        account_id="main", venue="V", type="TRADE", client_order_id="a", exec_id="1", raw_payload={"secret": MARK}
    )
    with closing(SqlAlchemyStore.open(url)) as store:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text(BROKEN[name]))
        engine.dispose()
        with pytest.raises(SotError) as caught:
            store.run(lambda uow: OrderHistory(uow).record(report))
        assert MARK not in str(caught.value)
        if name != "a refused row":
            assert MARK not in "".join(traceback.format_exception(caught.value))
    assert MARK not in caplog.text
