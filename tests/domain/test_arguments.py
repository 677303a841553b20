"""Whatever is given for a field or an argument is read, or refused as InvalidInput: nothing else is raised."""

import contextlib
import importlib
import inspect
import pkgutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import get_args

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sot
from sot import Instrument, InvalidInput, OrderHistory, OrderRequest, RiskCheck, SotError, VenueReport
from sot.domain.orders.fill import Fill
from sot.domain.values import fields
from sot.domain.values.arguments import checked
from sot.domain.values.position_key import PositionKey
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import Side
from sot.ports.accounting import AccountEventFilter
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter

MISSING = "01890a5d-ac96-774b-bcce-b302099a8057"


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no repr")


HOSTILE = [
    None, True, False, 0, -1, 2**63, -(2**63), 10**400, 1.5, float("nan"), float("inf"), "", "x", "\ud800", "\x00",
    "x" * 5_000, b"bytes", Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+999999"),
    Decimal("1E-999999"), Decimal("-0"), datetime(2026, 1, 1), datetime.max.replace(tzinfo=UTC), date(2026, 1, 1),
    timedelta(1), object(), [], {}, (), set(), [None], {"a": 1}, {1: 1}, {"a": float("nan")}, [[[]]], [{}], [1.5],
    ["\ud800"], type, len, 1j, range(3), Exception("x"), Unprintable(), MISSING, PositionKey(1, None, 2.5),
]  # fmt: skip
PLAUSIBLE = ["x", Decimal(1), 1, MISSING, datetime(2026, 1, 5, tzinfo=UTC), True, {}, "a" * 64, ()]


def import_everything():
    """Import all modules but those of optional packages that are not installed."""
    for module in pkgutil.walk_packages(sot.__path__, "sot.", onerror=lambda name: None):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            with contextlib.suppress(ImportError):
                importlib.import_module(module.name)


def outcome(call, *arguments):
    """What came of a call: the message of its refusal, which can be printed, or nothing."""
    try:
        call(*arguments)
    except SotError as error:
        return str(error)
    return ""


def from_fields(cls, values):
    return cls(**values)


def canonical(make, values):
    return make(values).canonical()


def value_classes(base=Value):
    for cls in base.__subclasses__():
        yield cls
        yield from value_classes(cls)


def plausible(kind):
    for value in PLAUSIBLE:
        try:
            return kind.check("f", value)
        except SotError:
            continue
    with pytest.raises(InvalidInput) as refused:
        kind.check("f", "no member")
    return refused.value.allowed.removeprefix("one of ").split(", ")[0]


import_everything()
# A Fill is derived by the accounting, and its fields are not checked.
CLASSES = sorted((c for c in {*value_classes()} if c.KINDS and c is not Fill), key=lambda cls: cls.__qualname__)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__qualname__)
def test_every_field_of_every_value_class(cls):
    required = [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING]
    base = {name: plausible(cls.KINDS[name]) for name in required}
    for name in cls.KINDS:
        for value in HOSTILE:
            for make in (partial(from_fields, cls), cls.read):
                outcome(canonical, make, {**base, name: value})
    for value in HOSTILE:
        with pytest.raises(SotError):
            cls.read(value if not isinstance(value, dict) else [value])


@pytest.mark.parametrize("cls", [OrderFilter, RequestFilter, AccountEventFilter, ReconciliationFilter, PageKey])
def test_every_field_of_every_filter(cls):
    for field in attrs.fields(cls):
        for value in HOSTILE:
            base = {"at": datetime(2026, 1, 5, tzinfo=UTC), "id": MISSING} if cls is PageKey else {}
            message = outcome(from_fields, cls, {**base, field.name: value})
            assert message.startswith(field.name) or not message


def filled(store):
    """Fill a store; returns plausible arguments by name."""
    instrument = Instrument(account_id="main", venue="X", symbol="A", kind="MARGIN", base="A", quote="USD")
    intent = {"account_id": "main", "venue": "X", "symbol": "A", "side": "BUY", "order_type": "MARKET", "quantity": 5}
    trade = {"account_id": "main", "type": "TRADE", "last_quantity": 1, "last_price": 10}
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(instrument)
        request = history.submit(OrderRequest(client_order_id="c1", **intent))
        order_id = history.mark_sent(request.request_id).order_id
        report = VenueReport(client_order_id="c1", exec_id="e1", **trade)
        history.record(report)
        history.record(VenueReport(client_order_id="c9", exec_id="e9", **trade))
        (waiting,) = history.waiting("main")
        uow.commit()
    return {
        "order_id": order_id, "external_order_id": order_id, "request_id": request.request_id, "account_id": "main",
        "report_id": waiting.report_id, "venue": "X", "symbol": "A", "idempotency_key": "c1", "client_order_id": "c1",
        "venue_order_id": "v1", "reason": "r", "finding_id": MISSING, "mark": Decimal(1), "risk_checks": (),
        "report": report, "instrument": instrument, "check": RiskCheck(rule_code="x", passed=True),
        "request": OrderRequest(client_order_id="c2", **intent),
    }  # fmt: skip


def public_methods(cls):
    return {name: method for name, method in inspect.getmembers(cls, inspect.isfunction) if not name.startswith("_")}


def call(history, name, arguments):
    result = getattr(history, name)(**arguments)
    if isinstance(result, Page):
        list(result)


METHODS = sorted(public_methods(OrderHistory))


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("is_past", [False, True], ids=["now", "past"])
def test_every_argument_of_every_method(store, name, is_past):
    arguments = filled(store)
    with store.begin() as uow:
        history = OrderHistory(uow)
        if is_past:
            history = history.as_of(known_at=uow.feed.last())
            if not hasattr(history, name):
                return
        parameters = inspect.signature(getattr(history, name)).parameters.values()
        required = [p.name for p in parameters if p.default is inspect.Parameter.empty]
    for parameter in parameters:
        for value in HOSTILE:
            given = {**{p: arguments.get(p) for p in required}, parameter.name: value}
            with store.begin() as uow:
                history = OrderHistory(uow)
                read = history.as_of(known_at=uow.feed.last()) if is_past else history
                outcome(call, read, name, given)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CLASSES), st.data())
def test_any_document_is_read_or_refused(cls, data):
    keys = st.sampled_from(sorted(cls.KINDS))
    document = data.draw(st.dictionaries(keys, JSON, max_size=6))
    outcome(canonical, cls.read, document)


@pytest.mark.parametrize("limit", [None, True, 0, 501, -1, 1.5, "1", Decimal("NaN"), float("inf"), 10**400])
def test_a_limit_is_a_number_from_1_to_500(store, limit):
    with store.begin() as uow, pytest.raises(InvalidInput) as refused:
        OrderHistory(uow).orders(limit=limit)
    assert refused.value.field == "limit"


def test_a_float_is_called_a_float():
    document = fields.documents.read_document('{"account_id": "a", "type": "TRADE", "last_quantity": 1.50}')
    for make in (
        lambda: VenueReport(account_id="a", type="TRADE", last_quantity=1.5),
        lambda: VenueReport.read(document),
    ):
        message = outcome(make)
        assert "last_quantity: the float 1.5 is not allowed" in message
        assert "Decimal('1.5')" not in message


def test_arguments_are_checked_by_their_annotations():
    @checked
    def function(text: str, number: int = 0, side: Side | None = None, at: datetime | int | None = None) -> object:
        return text, number, side, at

    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert function("x", 1, "BUY", "2026-01-05T12:00:00Z") == ("x", 1, Side.BUY, noon)
    assert function("x", side=None, at=7) == ("x", 0, None, 7)
    for arguments, field in (
        ({"text": 1}, "text"),
        ({"text": "x", "number": True}, "number"),
        ({"text": "x", "side": "LEFT"}, "side"),
        ({"text": "x", "at": datetime(2026, 1, 5)}, "at"),
    ):
        with pytest.raises(InvalidInput) as refused:
            function(**arguments)
        assert refused.value.field == field


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__qualname__)
def test_a_required_field_is_not_none(cls):
    required = [f.name for f in attrs.fields(cls) if f.default is attrs.NOTHING and type(None) not in get_args(f.type)]
    base = {name: plausible(cls.KINDS[name]) for name in required}
    for name in required:
        with pytest.raises(InvalidInput) as refused:
            cls(**{**base, name: None})
        assert (refused.value.field, refused.value.value) == (name, None)
