"""Values with slots behave as any value that attrs makes, and take no dictionary."""

import copy
import inspect
import pickle
import sys
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given

from sot import EventType, Fee, InvalidInput, OrderRequest, VenueReport
from sot.domain.orders.event import LocalFact
from sot.domain.orders.fill import Fill, make_fill
from sot.domain.values.compiled_kinds import ByNames
from sot.testing.contract.samples import new_order_request, trade_report
from sot.testing.strategies import reports

SLOTTED = (VenueReport, OrderRequest, Fill, LocalFact, Fee)

T0 = datetime(2026, 1, 5, tzinfo=UTC)

FILL = Fill(
    account_id="a",
    order_id="o",
    execution=2,
    version=0,
    sequence=2,
    venue="V",
    symbol="S",
    side="BUY",
    quantity=Decimal(1),
    price=Decimal(2),
    recorded_at=T0,
    fees=(Fee("0.1", "Q"),),
)

VALUES = [
    trade_report("C1", "E1", fees=[Fee("0.1", "Q")]),
    new_order_request("C1"),
    FILL,
    LocalFact(request_id="00000000-0000-7000-8000-000000000001", occurred_at=T0),
    Fee("0.1", "Q"),
]


def whole(value):
    """The same value, made of all of its fields."""
    return type(value)(**{field.name: getattr(value, field.name) for field in attrs.fields(type(value))})


@given(reports("a", "v", "s"))
def test_a_report_of_what_is_set_is_the_report_of_all_fields(report):
    other = whole(report)
    assert report == other and repr(report) == repr(other)
    assert report.canonical() == other.canonical()
    assert report.content_digest == other.content_digest
    assert report.polled_content == other.polled_content
    assert report.to_dict() == other.to_dict()
    assert report.invalid_fields() == other.invalid_fields()
    assert report.repeats(other) and other.repeats(report)
    assert report.compare(other) == other.compare(report) == ([], [])
    assert attrs.evolve(report) == VenueReport.from_dict(report.to_dict()) == report


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_one_object_of_eight_bytes_a_field(value):
    assert not hasattr(value, "__dict__")
    fields = len(attrs.fields(type(value)))
    assert sys.getsizeof(value) <= sys.getsizeof(object()) + 16 + 8 * (fields + 2)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_of_one_shape_is_the_same_however_often_it_comes(value):
    held = {name: part for name, part in value.held().items() if part is not None}
    first = type(value)(**held)
    for _ in range(2 * ByNames.OFTEN):
        type(value)(**held)
    again = type(value)(**held)
    assert first == again == value
    assert (repr(again), again.canonical(), hash(again)) == (repr(first), first.canonical(), hash(first))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_changed_value_forgets_what_was_written_and_leaves_the_first_as_it_is(value):
    name = next(field.name for field in attrs.fields(type(value)) if isinstance(getattr(value, field.name), str))
    text = value.canonical()
    changed = value.changed(**{name: "other"})
    assert type(changed) is type(value)
    assert getattr(changed, name) == "other" and '"other"' in changed.canonical()
    assert value.canonical() == text != changed.canonical()
    assert value.changed() == value
    with pytest.raises(AttributeError):
        value.changed(no_such_field=1)


def test_a_changed_fill_folds_by_its_own_key():
    key = FILL.fold_key
    assert FILL.changed(order_id="p").fold_key != key == FILL.fold_key
    FILL.forget_fold_key()
    assert FILL._fold_key is None and FILL.fold_key == key


def test_a_fill_made_of_all_fields_is_as_any_other():
    made = make_fill(**FILL.held())
    assert made == FILL and type(made) is Fill
    assert (made.canonical(), made.fold_key) == (FILL.changed().canonical(), FILL.fold_key)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.version = 1
    with pytest.raises(TypeError):
        make_fill(**{name: value for name, value in FILL.held().items() if name != "leg"})


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_class_may_inherit_from_a_class_with_slots(value):
    cls = type("Own", (type(value),), {})
    held = value.held()
    own = cls(**held)
    assert type(own) is type(own.changed()) is type(copy.copy(own)) is cls
    assert own.held() == own.changed().held() == cls.make_trusted(held).held() == held
    assert own.canonical() == value.canonical()


def test_a_default_that_the_canonical_form_has_is_written_whether_it_is_given_or_not():
    request = new_order_request("C1")
    assert '"action":"NEW"' in request.canonical() == attrs.evolve(request, action="NEW").canonical()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_copy_is_equal_and_cannot_be_changed(value):
    assert hash(value) == hash(whole(value))
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert other == value
        assert other.canonical() == value.canonical()
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(other, attrs.fields(type(value))[0].name, "other")


@pytest.mark.parametrize("cls", SLOTTED)
def test_its_constructor_has_the_signature_of_its_fields(cls):
    assert list(inspect.signature(cls).parameters) == [field.name for field in attrs.fields(cls)]


def test_arguments_that_are_missing_unknown_or_by_position_are_refused():
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'type'"):
        VenueReport(account_id="a")
    with pytest.raises(TypeError, match="unexpected keyword argument 'kind'"):
        VenueReport(account_id="a", type="NEW", kind="NEW")
    with pytest.raises(TypeError, match="positional"):
        VenueReport("a", "NEW")


def test_a_fee_may_be_given_by_position():
    assert (
        Fee("0.1", "Q", "F1") == Fee("0.1", currency="Q", fee_id="F1") == Fee(amount="0.1", currency="Q", fee_id="F1")
    )
    for args, named, error in (
        (("1", "Q", "F", 4), {}, "positional"),
        (("1", "Q"), {"currency": "Q"}, "multiple values"),
        (("1",), {}, "missing"),
    ):
        with pytest.raises(TypeError, match=error):
            Fee(*args, **named)
    with pytest.raises(InvalidInput, match="amount"):
        Fee(0.1, "Q")


def test_of_several_wrong_fields_the_first_by_name_is_refused():
    with pytest.raises(ValueError, match="avg_price"):
        VenueReport(type=EventType.NEW, symbol="", avg_price=1.5, account_id="a", occurred_at=datetime(2026, 1, 5))
    with pytest.raises(ValueError, match="occurred_at"):
        VenueReport(symbol="", type=EventType.NEW, account_id="a", occurred_at=datetime(2026, 1, 5))
    assert VenueReport(type="NEW", account_id="a", occurred_at=datetime(2026, 1, 5, tzinfo=UTC)).type is EventType.NEW
