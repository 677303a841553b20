"""The least rights on PostgreSQL: enough for everything that an application does, and for nothing else.

The contract suite runs with them on PostgreSQL (`tests/contract/test_stores.py`), and `--least-rights` runs others.
"""

import re
from contextlib import closing

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import ProgrammingError
from tests.support.command_line import every_key, named, request, sot, trade
from tests.support.postgres import APPLICATION, fresh_application_url, fresh_url, grant
from tests.support.trading_scenario import TradingScenario

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.grants import FEED_SEQUENCE, grant_statements
from sot.adapters.sqlalchemy.models import API_KEYS, FACTS, IDEMPOTENCY_RECORDS, OrderIdentifierRow, metadata
from sot.domain.values.errors import InvalidInput
from sot.testing.contract.samples import spot_instrument
from sot.testing.contract.transactions import write_history
from sot.testing.fakes import ManualClock

FACT_NAMES = [table.name for table in FACTS]
pytestmark = pytest.mark.parametrize("kind", ["postgresql"])


@pytest.fixture
def owner_url():
    return fresh_url()


@pytest.fixture
def application_url(owner_url):
    return fresh_application_url(owner_url)


def record(store_url):
    """Record every kind of line, and return the store's account."""
    result = sot("record", "-", "--store", store_url, lines=every_key())
    assert result.exit_code == 0, result.output


def test_a_day_of_work(kind, application_url):
    """Recording, sealing, verifying and rebuilding by the commands."""
    record(application_url)
    for command in (["seal"], ["verify"], ["rebuild"], ["positions", "--account", "main"], ["orders"]):
        result = sot(*command, "--store", application_url)
        assert result.exit_code == 0, result.output


def denied(url, statement):
    """Whether a statement is refused for want of a right."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except ProgrammingError as error:
        return error.orig.sqlstate == "42501"
    finally:
        engine.dispose()
    return False


def test_facts_are_never_changed(kind, application_url):
    """Refused for want of a right, before any trigger is asked."""
    record(application_url)
    for table in (*FACTS, IDEMPOTENCY_RECORDS):
        column = next(iter(table.columns)).name
        assert denied(application_url, f"UPDATE {table.name} SET {column} = {column}"), table.name
        assert denied(application_url, f"DELETE FROM {table.name}"), table.name
        assert denied(application_url, f"TRUNCATE {table.name}"), table.name
        assert denied(application_url, f"ALTER TABLE {table.name} DISABLE TRIGGER ALL"), table.name
    assert denied(application_url, "UPDATE api_keys SET scopes = scopes")
    assert denied(application_url, "CREATE TABLE other (a int)")
    assert denied(application_url, "DROP FUNCTION sot_append_only() CASCADE")
    assert denied(application_url, "DROP TABLE orders")
    assert denied(application_url, "UPDATE sot_schema SET version = version")
    assert denied(application_url, f"SELECT setval('{FEED_SEQUENCE}', 1)")


def everything(application_url, owner_url):
    """Do everything that changes a row."""
    record(application_url)
    trades = [
        trade(f"{side}-1", f"{side}{number}", "1", "100", occurred_at=f"2026-02-01T00:{number:02}:{second}Z", side=side)
        for number in range(40)
        for second, side in (("00", "BUY"), ("30", "SELL"))
    ]
    late = trade("BUY-1", "late", "1", "100", occurred_at="2026-01-01T00:00:00Z", side="BUY")
    requests = [request(f"{side}-1", side=side, quantity="100") for side in ("BUY", "SELL")]
    sent = [named("sent", f"{side}-1") for side in ("BUY", "SELL")]
    flat = [*requests, trades[0], *sent, *trades[1:], late]
    result = sot("record", "-", "--store", application_url, lines=flat)
    assert result.exit_code == 0, result.output
    with closing(SqlAlchemyStore.open(application_url, ManualClock())) as store:
        scenario = TradingScenario(store)
        scenario.send("a")
        scenario.reconcile()
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        for table in ("order_pnl", "order_states"):
            connection.execute(text(f"DELETE FROM {table}"))
        columns = [column.name for column in OrderIdentifierRow.__table__.columns]
        values = ", ".join("'another'" if name == "id_scope" else name for name in columns)
        copies = f"INSERT INTO order_identifiers ({', '.join(columns)}) SELECT {values} FROM order_identifiers"
        connection.execute(text(copies))
    owner.dispose()
    for command in (["seal"], ["rebuild"], ["verify"]):
        result = sot(*command, "--store", application_url)
        assert result.exit_code == 0, result.output


def test_every_right_is_used(kind, application_url, owner_url):
    """No right is given that no statement needs."""
    used = set()

    def note(connection, cursor, statement, parameters, context, executemany):
        match = re.match(r"\s*(INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement)
        if match:
            used.add((match[1].split()[0], match[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        everything(application_url, owner_url)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    granted = set()
    for statement in grant_statements(APPLICATION):
        match = re.fullmatch(r'GRANT (.*) ON TABLE "public"\."(\w+)" TO .*', statement)
        if match:
            granted |= {(right, match[2]) for right in match[1].split(", ") if right != "SELECT"}
    assert granted - used == {("INSERT", IDEMPOTENCY_RECORDS.name)}  # the HTTP server's
    assert used <= granted


def test_a_reader_only_reads(kind, owner_url, application_url):
    record(application_url)
    reader_url = grant(owner_url, "reader", read_only=True)
    for command in (["verify"], ["orders"], ["positions", "--account", "main"], ["pnl", "--account", "main"]):
        result = sot(*command, "--store", reader_url)
        assert result.exit_code == 0, result.output
    for table in metadata.sorted_tables:
        assert denied(reader_url, f"INSERT INTO {table.name} DEFAULT VALUES"), table.name
        assert denied(reader_url, f"DELETE FROM {table.name}"), table.name
    for table in (API_KEYS, IDEMPOTENCY_RECORDS):
        assert denied(reader_url, f"SELECT * FROM {table.name}"), table.name


def test_rights_are_taken_away_again(kind, owner_url, application_url):
    """The statements say what the role may do, whatever it was allowed before."""
    assert not denied(application_url, "UPDATE api_keys SET revoked_at = now()")
    grant(owner_url)
    assert denied(application_url, "UPDATE api_keys SET revoked_at = now()")
    assert not denied(application_url, "SELECT * FROM api_keys")
    grant(owner_url, read_only=True)
    assert denied(application_url, "INSERT INTO orders DEFAULT VALUES")


HOSTILE_ROLES = ['a"; DROP TABLE orders; --', "a'b", "Größe", "SELECT", "PUBLIC", "--", "a;b", "x" * 63]


@pytest.mark.parametrize("role", HOSTILE_ROLES)
def test_names_of_roles_are_quoted(kind, owner_url, role):
    SqlAlchemyStore.open(owner_url).close()
    url = grant(owner_url, role)
    with closing(SqlAlchemyStore.open(url)) as store:
        write_history(store, lambda history: history.register(spot_instrument()))


@pytest.mark.parametrize("role", ["", "public", "x" * 64, "é" * 32, "a\0b", "a\nb", "\ud800"])
@pytest.mark.parametrize("field", ["role", "schema"])
def test_what_is_no_name(kind, role, field):
    if (role, field) == ("public", "schema"):
        pytest.skip("a schema may be called public")
    names = {"role": "app", "schema": "public", field: role}
    with pytest.raises(InvalidInput):
        grant_statements(names["role"], schema=names["schema"])


def test_the_command(kind):
    assert sot("grants", "app").stdout == "\n".join(
        ["BEGIN;", *(f"{statement};" for statement in grant_statements("app")), "COMMIT;", ""]
    )
    assert 'GRANT SELECT ON TABLE "public"."orders" TO "app";' in sot("grants", "app", "--read-only").stdout
    assert 'UPDATE (revoked_at) ON TABLE "public"."api_keys"' in sot("grants", "app", "--keys").stdout
    placed = sot("grants", "app", "--schema", "oms", "--prefix", "sot_").stdout
    assert 'GRANT SELECT, INSERT ON TABLE "oms"."sot_order_events" TO "app";' in placed
    assert 'GRANT SELECT ON SEQUENCE "oms"."sot_fact_feed_position_seq" TO "app";' in placed
    for arguments in (["public"], ["app", "--keys", "--read-only"], ["x" * 64], ["app", "--prefix", "A"]):
        assert sot("grants", *arguments).exit_code == 2
