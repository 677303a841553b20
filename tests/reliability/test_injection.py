"""No input reaches the text of a statement: it is bound, in every text column, filter and option."""

from contextlib import closing
from decimal import Decimal
from enum import Enum
from inspect import Parameter, signature

import attrs
import pytest
from sqlalchemy import create_engine, text
from typer.models import OptionInfo

from sot import OrderRequest
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.models import metadata
from sot.adapters.sqlalchemy.store_transactions import DriverTransaction
from sot.adapters.sqlalchemy.types import CodePointText
from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.access.keys import make_key
from sot.application.accounting.balances import BalanceFilter
from sot.application.accounting.result_filter import ResultFilter
from sot.application.audit.seal import seal
from sot.application.history import OrderHistory
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.records import add_row
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.vocabulary import AccessScope
from sot.entrypoints.app import app
from sot.ports.accounting import AccountEventFilter
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.reconciliation import ReconciliationFilter
from tests.support.command_line import sot
from tests.support.postgres import fresh_url
from tests.support.statements import MARK, hostile, noted_statements, with_literals

ACCOUNT = hostile("account")
VENUE, SYMBOL, KEY = hostile("venue"), hostile("symbol"), hostile("key")
AT = "2026-03-01T10:00:00Z"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return fresh_url() if request.param == "postgresql" else f"sqlite:///{tmp_path}/orders.db"


def texts(*names):
    return {name: hostile(name) for name in names}


def lines():
    """A line of every kind, with a hostile text in every field that takes one."""
    place = {"account_id": ACCOUNT, "venue": VENUE}
    raw = {hostile("name"): [hostile("value")]}
    currencies = texts("base", "quote", "settle", "underlying")
    option = {"kind": "OPTION", "strike": "1", "right": "CALL", "expires_at": "2027-01-01T00:00:00Z"}
    report = {
        **place, **texts("venue_account", "id_scope", "client_order_id", "venue_order_id", "leg"), "symbol": SYMBOL,
        "raw_payload": raw, "occurred_at": AT,
    }  # fmt: skip
    trade = {
        **report, **texts("exec_id", "reason", "text"), "type": "TRADE", "side": "BUY", "last_quantity": "1",
        "last_price": "2", "fees": [{"amount": "0.1", **texts("currency", "fee_id")}],
    }  # fmt: skip
    intent = {
        **place, "idempotency_key": KEY, "side": "BUY", "order_type": "LIMIT", "quantity": "5", "limit_price": "2",
        "symbol": SYMBOL, "raw_payload": raw, "tags": {hostile("tag"): hostile("tagged")},
        **texts("client_order_id", "venue_account", "id_scope", "source", "source_ref", "position_id", "strategy_code",
                "requested_by", "group_id"),
    }  # fmt: skip
    named = {"account_id": ACCOUNT, "idempotency_key": KEY}
    said = {"occurred_at": AT, **texts("actor", "reason")}
    other = {**intent, "idempotency_key": hostile("other"), "client_order_id": hostile("other")}
    mark = {"mark": "3", "rates": {hostile("currency"): "2"}}
    return [
        {"instrument": {**place, "symbol": SYMBOL, **option, **currencies}},
        {
            "request": intent,
            "context": {"indicators": raw, "market_snapshot": raw},
            "risk_checks": [{"passed": True, "checked_at": AT, **texts("rule_code", "message")}],
        },
        {"sent": {**named, "occurred_at": AT, "actor": hostile("actor")}},
        {"report": {**report, "type": "NEW"}},
        {"report": trade},
        {"mark": {"account_id": ACCOUNT, "client_order_id": hostile("client_order_id"), **mark}},
        {"report": {**trade, "exec_id": hostile("unknown"), "client_order_id": hostile("nobody"),
                    "venue_order_id": hostile("nobody"), "orig_client_order_id": hostile("orig")}},
        {"report": {**trade, "type": "TRADE_CANCEL", "exec_id": hostile("bust"), "exec_ref_id": hostile("parked")}},
        {"request": other},
        {"withdraw": {**named, "idempotency_key": hostile("other"), **said}},
        {
            "account_event": {
                **place, "type": "FUNDING", "amount": "1", "symbol": SYMBOL, "occurred_at": AT, "raw_payload": raw,
                **texts("external_id", "venue_account", "position_id", "currency", "strategy_code", "reason", "actor"),
            }
        },
        {
            "account_event": {
                **place, "type": "SPIN_OFF", "symbol": SYMBOL, "to_symbol": SYMBOL + "2", "occurred_at": AT,
                "cost": "1", "to_quantity": "1", "external_id": hostile("spin"),
            }
        },
    ]  # fmt: skip


def record(store, url):
    """Record every line, a reconciliation, a key and a response."""
    result = sot("record", "-", "--store", url, lines=lines())
    assert result.exit_code == 0, result.output
    reconcile(store, SimulatedVenue(VENUE, prices={SYMBOL: Decimal(2)}), ACCOUNT, sleep=lambda seconds: None)

    def close_findings(uow):
        uow.trace = hostile("trace")
        history = OrderHistory(uow)
        run = history_run(uow)
        words = texts("client_order_id", "venue_order_id", "exec_id", "leg", "position_id", "asset", "venue_account")
        finding = Reconciliation(
            account_id=ACCOUNT, type="FINDING", venue=VENUE, record_id=uow.ids.new_id(), run_id=run.row.record_id,
            subject="0" * 64, mismatch="STATUS_DIFFERS", symbol=SYMBOL, **words,
        )  # fmt: skip
        add_row(uow, finding)
        history.accept_finding(finding.record_id, **texts("reason", "actor"))
        (order,) = history.orders(OrderFilter(account_id=ACCOUNT))
        history.submit(
            OrderRequest(account_id=ACCOUNT, action="CANCEL", target_order_id=order.order_id, idempotency_key=MARK)
        )
        history.mark(order.order_id, mark=Decimal(3), actor=hostile("actor"))

    def add_access(uow):
        make_key(uow, [AccessScope.READ], [ACCOUNT], hostile("name"))
        header = {hostile("name"): hostile("value")}
        record = IdempotencyRecord(
            fingerprint="0" * 64,
            status=200,
            recorded_at=uow.clock.now(),
            headers=header,
            **texts("owner", "key", "body"),
        )
        uow.idempotency_records.add(record)
        assert uow.idempotency_records.get(record.owner, record.key) == record

    store.run(close_findings)
    store.run(add_access)
    store.run(seal)


def history_run(uow):
    """The latest run of the reconciliation."""
    run = uow.reconciliations.last_run(ACCOUNT, VENUE, "")
    assert run is not None
    return run


CLOSED = {
    "action", "anomalies", "exchange_status", "hash", "key_id", "kind", "last_hash", "liquidity", "local_status",
    "mismatch", "order_type", "origin", "position_side", "prev_hash", "previous", "reported_status", "reporting_type",
    "resolution", "root", "said", "scopes", "secret_hash", "side", "signature", "status", "subject", "time_in_force",
    "type", "fingerprint", "identity",
}  # fmt: skip
"""Columns of closed vocabularies and of digests: no text of anybody gets there."""
NEVER_TYPED = {("positions", "account_results"), ("positions", "last_key")}
"""Other columns without a text of anybody."""
FOLDED = {"order_states", "position_checkpoints"}
"""Tables with states in between, of the same texts as `orders` and `positions`."""


def text_columns():
    """Every text column of the schema that can hold what somebody typed."""
    return [
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, CodePointText)
    ]


def columns_with_marks(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            (table, column)
            for table, column in text_columns()
            if any(MARK in value for (value,) in connection.execute(text(f"SELECT {column} FROM {table}")) if value)
        }
    engine.dispose()
    return found


@pytest.fixture
def noted():
    with noted_statements() as statements:
        yield statements


@pytest.fixture
def store(noted, url):
    with closing(SqlAlchemyStore.open(url)) as store:
        record(store, url)
        yield store


def test_every_text_column_takes_any_text(noted, store, url):
    assert len(noted) > 50
    assert with_literals(noted) == []
    missing = {
        (table, column)
        for table, column in set(text_columns()) - columns_with_marks(url)
        if column not in CLOSED and table not in FOLDED
    }
    assert missing == NEVER_TYPED
    assert sot("verify", "--store", url).exit_code == 0


FILTERS = (OrderFilter, RequestFilter, AccountEventFilter, ReconciliationFilter, BalanceFilter, ResultFilter)


def filters(cls):
    """Filters with hostile texts: each field alone, and all together. No filter can have a prefix that is no digits."""
    texts = {field.name for field in attrs.fields(cls) if field.type in ("str", "str | None", str, str | None)}
    prefixes = {name for name in texts if name.endswith("_prefix")}
    for name in prefixes:
        with pytest.raises(InvalidInput):
            cls(**{name: hostile(name)})
    names = sorted(texts - prefixes)
    assert "account_id" in names
    for chosen in [*((name,) for name in names), names]:
        yield cls(**{"account_id": ACCOUNT, **{name: hostile(name) for name in chosen}})


def test_no_filter_reaches_a_statement(noted, store):
    noted.clear()

    def read(uow):
        history = OrderHistory(uow)
        lists = {
            OrderFilter: history.orders,
            RequestFilter: history.requests,
            AccountEventFilter: history.account_events,
            ReconciliationFilter: history.findings,
        }
        for cls in FILTERS:
            for filter in filters(cls):
                if cls in lists:
                    list(lists[cls](filter))
                elif cls is BalanceFilter:
                    list(history.balances(filter.account_id, venue=filter.venue, venue_account=filter.venue_account))
                else:
                    history.realized(**attrs.asdict(filter))
        assert list(history.orders(OrderFilter(account_id=ACCOUNT, identifier=hostile("client_order_id"))))
        assert not list(history.orders(OrderFilter(account_id=ACCOUNT, identifier=MARK + "%")))
        assert history.find_request(ACCOUNT, KEY) is not None
        assert history.instruments(ACCOUNT, VENUE, SYMBOL)
        assert list(history.positions(ACCOUNT))
        assert list(history.waiting(ACCOUNT))
        for name in ("order", "request", "finding"):
            with pytest.raises(NotFound):
                getattr(history, name)(hostile("id"))

    store.run(read, read_only=True)
    assert len(noted) > 10
    assert with_literals(noted) == []


def commands(group=app, words=()):
    """Every command: its words, and the parameters of its function."""
    for info in group.registered_commands:
        yield (*words, info.name), signature(info.callback).parameters.values()
    for info in group.registered_groups:
        yield from commands(info.typer_instance, (*words, info.name))


COMMANDS = {words: parameters for words, parameters in commands() if words not in {("serve",), ("demo",)}}
PREFIXES = {"as-of": ("--known-at", "2099-01-01T00:00:00Z")}
"""Options between the words of a command."""
TEXT_TYPES = (str, str | None, list[str] | None, list[str])


def takes_text(parameter):
    """Whether a parameter takes any text."""
    is_store = parameter.name in ("store_url", "store")
    return not is_store and getattr(parameter.annotation, "__origin__", None) in TEXT_TYPES


def option_name(parameter, info):
    """The name of an option; typer takes the first one for a default where it is annotated."""
    given = (name for name in (info.default, *info.param_decls) if isinstance(name, str) and name.startswith("--"))
    return next(given, "--" + parameter.name.replace("_", "-"))


def arguments(parameters, chosen, url):
    """The words of a call with a hostile text for one parameter, and usual ones for those that are required."""
    words = []
    for parameter in parameters:
        if not hasattr(parameter.annotation, "__metadata__"):
            continue  # the context of a command, and what has a default
        (info,) = parameter.annotation.__metadata__
        if parameter.name == "store_url":
            words += ["--store", url]
        elif parameter is chosen or parameter.default is Parameter.empty or parameter.name == "account":
            value = ACCOUNT if parameter.name == "account" else hostile(parameter.name)
            base = parameter.annotation.__origin__
            if isinstance(base, type) and issubclass(base, Enum):
                value = next(iter(base))
            words += [option_name(parameter, info), str(value)] if isinstance(info, OptionInfo) else [str(value)]
    return words


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_option_of_a_command_reaches_a_statement(noted, store, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    noted.clear()
    for words, parameters in COMMANDS.items():
        command = (*words[:1], *PREFIXES.get(words[0], ()), *words[1:])
        for parameter in list(filter(takes_text, parameters)) or [None]:
            result = sot(*command, *arguments(parameters, parameter, url), lines=b"")
            assert result.exit_code in (0, 1, 2, 4), (words, parameter, result.output)
            assert "Traceback" not in result.output
    assert len(noted) > 50
    assert with_literals(noted) == []


def test_the_hook_sees_a_literal(noted, store):
    """The test of the test: a statement with a literal is found, whichever way it goes."""
    with store.engine.connect() as connection:
        connection.execute(text(f"SELECT '{MARK}'"))
    with store.begin(read_only=True) as uow:
        uow.checkpoints.last()
        transaction = uow._begin()
        if isinstance(transaction, DriverTransaction):
            transaction.execute(f"SELECT '{MARK}direct'", ())
    found = with_literals(noted)
    assert f"SELECT '{MARK}'" in found
    assert len(found) == (2 if store.engine.dialect.name == "sqlite" else 1)
