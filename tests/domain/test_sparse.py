"""Values that hold only what is set behave as if they held all of their fields."""

import copy
import inspect
import pickle
from datetime import UTC, datetime

import attrs
import pytest
from hypothesis import given

from sot import EventType, OrderRequest, VenueReport
from sot.domain.orders.fill import Fill
from sot.testing.contract.samples import new_order_request, trade_report
from sot.testing.strategies import reports

SPARSE = (VenueReport, OrderRequest, Fill)


def whole(value):
    """The same value with all fields in its dictionary, as attrs makes it."""
    new = object.__new__(type(value))
    new.__dict__.update({field.name: getattr(value, field.name) for field in attrs.fields(type(value))})
    return new


@given(reports("a", "v", "s"))
def test_a_report_that_holds_what_is_set_is_the_report_that_holds_all(report):
    other = whole(report)
    assert len(other.__dict__) > len(report.__dict__)
    assert report == other and repr(report) == repr(other)
    assert report.canonical() == other.canonical()
    assert report.content_digest == other.content_digest
    assert report.polled_content == other.polled_content
    assert report.to_dict() == other.to_dict()
    assert report.invalid_fields() == other.invalid_fields()
    assert report.repeats(other) and other.repeats(report)
    assert report.compare(other) == other.compare(report) == ([], [])
    assert attrs.evolve(report) == VenueReport.from_dict(report.to_dict()) == report


@given(reports("a", "v", "s"), reports("a", "v", "s"))
def test_reports_compare_by_what_they_say_and_not_by_what_they_hold(one, other):
    held = [(one, other), (whole(one), other), (one, whole(other)), (whole(one), whole(other))]
    assert len({one.repeats(other) for one, other in held}) == 1
    assert len({str(one.compare(other)) for one, other in held}) == 1


def test_a_report_holds_what_is_given_and_no_default():
    report = trade_report("C1", "E1")
    assert report.split_ratio is None and report.leg == "" and report.fees == ()
    assert not {"split_ratio", "leg", "reported_status"} & report.__dict__.keys()
    fields = {field.name: getattr(report, field.name) for field in attrs.fields(VenueReport)}
    assert VenueReport(**fields).__dict__.keys() == report.__dict__.keys()


def test_a_default_that_the_canonical_form_has_is_written_whether_it_is_held_or_not():
    request = new_order_request("C1")
    assert "action" not in request.__dict__
    assert '"action":"NEW"' in request.canonical() == attrs.evolve(request, action="NEW").canonical()


@pytest.mark.parametrize("value", [trade_report("C1", "E1"), new_order_request("C1")])
def test_a_copy_is_equal_and_cannot_be_changed(value):
    assert hash(value) == hash(whole(value))
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert other == value
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            other.account_id = "other"


@pytest.mark.parametrize("cls", SPARSE)
def test_its_constructor_has_the_signature_of_its_fields(cls):
    assert list(inspect.signature(cls).parameters) == [field.name for field in attrs.fields(cls)]


def test_arguments_that_are_missing_unknown_or_by_position_are_refused():
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'type'"):
        VenueReport(account_id="a")
    with pytest.raises(TypeError, match="unexpected keyword argument 'kind'"):
        VenueReport(account_id="a", type="NEW", kind="NEW")
    with pytest.raises(TypeError, match="positional"):
        VenueReport("a", "NEW")


def test_of_several_wrong_fields_the_first_by_name_is_refused():
    with pytest.raises(ValueError, match="avg_price"):
        VenueReport(type=EventType.NEW, symbol="", avg_price=1.5, account_id="a", occurred_at=datetime(2026, 1, 5))
    with pytest.raises(ValueError, match="occurred_at"):
        VenueReport(symbol="", type=EventType.NEW, account_id="a", occurred_at=datetime(2026, 1, 5))
    assert VenueReport(type="NEW", account_id="a", occurred_at=datetime(2026, 1, 5, tzinfo=UTC)).type is EventType.NEW
