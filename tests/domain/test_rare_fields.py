"""Fields that few values set are in one slot together, and are read, compared, copied and written as all others."""

import copy
import pickle
import sys
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations

import attrs
import pytest

from sot import Fee, OrderRequest, VenueReport
from sot.domain.orders.event import LocalFact
from sot.domain.values.compiled_kinds import ByNames
from sot.domain.values.rare_fields import packed, with_rare_fields
from sot.domain.values.slotted import tells_absent
from sot.testing.contract.samples import new_order_request, trade_report

RARE = {
    VenueReport: {
        "exec_ref_id": "E0",
        "id_scope": "2026-01-05",
        "last_amount": Decimal("1.5"),
        "left_out": {"avg_price": "21 digits"},
        "order_id": "00000000-0000-7000-8000-000000000001",
        "orig_client_order_id": "C0",
        "position_id": "P",
        "position_side": "LONG",
        "reason": "text",  # the name of another one
        "reporting_type": "LEG",
        "split_ratio": Decimal(2),
        "stop_price": Decimal(3),
        "text": "reason",
        "venue_account": "sub",
        "venue_time_ns": 7,
    },
    OrderRequest: {
        "expire_at": datetime(2026, 1, 5, tzinfo=UTC),
        "group_id": "G",
        "id_scope": "2026-01-05",
        "parent_id": "00000000-0000-7000-8000-000000000002",
        "position_effect": "CLOSE",
        "position_id": "P",
        "position_side": "SHORT",
        "post_only": False,
        "quote_quantity": None,  # a new order has one quantity
        "reduce_only": True,
        "retry_of": "00000000-0000-7000-8000-000000000003",
        "stop_price": Decimal(3),
        "target_client_order_id": None,  # a new order has no target
        "target_order_id": None,
    },
    LocalFact: {
        "attributed_order_id": "00000000-0000-7000-8000-000000000004",
        "mark": Decimal("1.5"),
        "rates": {"USD": Decimal("1.25")},
        "reason": "asked",
        "resolved_status": "CANCELED",
        "target_sequence": 2,
    },
}

PLAIN = {VenueReport: trade_report("C1", "E1"), OrderRequest: new_order_request("C1"), LocalFact: LocalFact(actor="me")}

MAPPINGS = {"left_out", "rates"}
"""The fields of values that have no hash."""

CASES = [
    (cls, {name: values[name] for name in names})
    for cls, values in RARE.items()
    for size in (1, 2, len(values))
    for names in combinations(values, size)
]


@pytest.mark.parametrize("cls", RARE)
def test_rare_fields_that_no_value_sets_take_one_slot(cls):
    plain = PLAIN[cls]
    assert RARE[cls].keys() == cls._RARE
    assert plain._rare is None
    slots = len(attrs.fields(cls)) - len(cls._RARE) + len(("_rare", "_canonical"))
    assert sys.getsizeof(plain) == sys.getsizeof(object()) + 16 + 8 * slots


def test_rare_fields_are_read_compared_copied_and_written_as_others():
    for cls, values in CASES:
        plain = PLAIN[cls]
        value = attrs.evolve(plain, **values)
        defaults = {name: getattr(plain, name) for name in cls._RARE}
        assert {name: getattr(value, name) for name in cls._RARE} == defaults | values
        assert all(f"{name}={getattr(value, name)!r}" in repr(value) for name in values)
        set_values = {name: part for name, part in values.items() if part is not None}
        assert (value == plain) is (not set_values)
        assert (value.canonical() == plain.canonical()) is (not set_values)
        assert (value._rare is None) is (not set_values)
        assert value.as_json().keys() == plain.as_json().keys() | set_values
        same = [cls.from_trusted(value.as_json()), cls.from_dict(value.to_dict()), plain.changed(**values)]
        same += [copy.copy(value), pickle.loads(pickle.dumps(value)), value.changed(), cls(**value.held())]
        for other in same:
            assert type(other) is cls and other == value
            assert not MAPPINGS.isdisjoint(values) or hash(other) == hash(value)
            assert other.canonical() == value.canonical() and other.to_dict() == value.to_dict()
            assert other.held() == value.held()
        assert value.changed(**defaults)._rare is None
        assert value.changed(**defaults) == plain


def test_a_copy_that_is_changed_leaves_the_first_as_it_is():
    first = PLAIN[VenueReport].changed(reason="a", text="b")
    second = first.changed(text="c", position_id="d")
    assert (first.reason, first.text, first.position_id) == ("a", "b", None)
    assert (second.reason, second.text, second.position_id) == ("a", "c", "d")


@pytest.mark.parametrize("cls", RARE)
def test_a_rare_field_cannot_be_set_or_deleted(cls):
    for name in cls._RARE:
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(PLAIN[cls], name, "other")
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            delattr(PLAIN[cls], name)


def test_values_with_the_same_rare_fields_share_their_names():
    given = {"account_id": "a", "type": "NEW", "reason": "r", "text": "t"}
    reports = [VenueReport(**given) for _ in range(2 * ByNames.OFTEN)]
    assert all(report == reports[0] for report in reports)
    assert len({id(report._rare[0]) for report in reports[-10:]}) == 1
    assert packed({}) is None


def test_rare_fields_of_a_class_that_inherits_are_its_own():
    own = type("Own", (VenueReport,), {})
    value = own(account_id="a", type="NEW", reason="r")
    assert (value.reason, value.text, value._rare) == ("r", None, (("reason",), "r"))
    assert value.changed(reason=None)._rare is None


def test_a_field_that_is_written_by_default_cannot_be_rare():
    with pytest.raises(AssertionError):
        with_rare_fields(OrderRequest, {"action"})


def test_the_class_is_made_anew_under_its_name():
    for cls in RARE:
        assert getattr(sys.modules[cls.__module__], cls.__qualname__) is cls
        assert {field.name for field in attrs.fields(cls)} == set(cls.KINDS)


def test_fields_are_absent_while_they_have_their_defaults():
    tells = tells_absent(VenueReport, {"reason", "venue_account", "fees", "exec_id"})
    report = VenueReport(account_id="a", type="NEW", text="t")
    assert tells(report) and tells(report.changed(text=None))
    for name, value in (("reason", "r"), ("venue_account", "V"), ("fees", (Fee("1", "Q"),)), ("exec_id", "E")):
        assert not tells(report.changed(**{name: value})), name
    assert not tells_absent(VenueReport, {"text"})(report)
    assert tells_absent(VenueReport, {"exec_id"})(report)
