"""Checks and canonical texts that are compiled for names that come often say what those for all fields say."""

import attrs
import pytest

from sot import Fee, InvalidInput, VenueReport
from sot.domain.values import compiled_kinds
from sot.domain.values.fields import COUNT, NAME, SCOPE

FIELDS = {"account_id": "a", "type": "NEW", "venue": "V", "leg": "", "last_price": "1.50", "fees": [Fee("1", "Q")]}
OFTEN = compiled_kinds.ByNames.OFTEN

WRONG = [
    {"account_id": None},
    {"account_id": 1},
    {"type": "SUBMITTED"},
    {"venue": "\0"},
    {"last_price": 1.5},
    {"last_price": "NaN"},
    {"fees": "none"},
]


def made(**changes):
    """A report, and what it says; or the error."""
    try:
        report = VenueReport(**FIELDS | changes)
    except InvalidInput as error:
        return str(error)
    return report, report.held(), report.canonical()


@pytest.mark.parametrize("change", [{}, {"leg": None}, {"fees": None}, {"venue": None}, *WRONG], ids=str)
def test_values_of_one_shape_are_the_same_however_often_it_comes(change):
    first = made(**change)
    for _ in range(2 * OFTEN):
        made()
    assert made(**change) == first


@attrs.frozen
class Pair:
    name: str
    scope: str = ""
    count: int = 7


KINDS = {"name": NAME, "scope": SCOPE, "count": COUNT}


def test_what_is_compiled_is_for_the_names_that_came_often():
    compiled = compiled_kinds.compile_kinds(Pair, KINDS)
    for _ in range(OFTEN):
        assert ("name",) not in compiled.checks
        compiled.checks[("name",)]({"name": "n"})
        assert compiled.writes[("name",)]({"name": "n"}) == '{"name":"n"}'
    assert ("name",) in compiled.checks
    assert ("name",) in compiled.writes
    compiled.checks[("scope",)]({"name": "n", "scope": ""})


def test_a_value_with_slots_is_written_by_its_attributes_but_for_those_that_are_left_out():
    assert compiled_kinds.compile_write(KINDS, ())(Pair("n")) == '{"count":7,"name":"n"}'
    assert compiled_kinds.compile_write(KINDS, {"count"})(Pair("n", "s")) == '{"name":"n","scope":"s"}'


def test_names_that_come_once_are_not_kept_for_ever():
    compiled = compiled_kinds.compile_kinds(VenueReport, VenueReport.KINDS)
    most = compiled_kinds.ByNames.MOST
    for number in range(3 * most + 1):
        compiled.checks[(f"name{number}",)]
        assert len(compiled.checks._seen) <= most
    assert compiled.checks == {}
    for _ in range(OFTEN):
        compiled.checks[("account_id", "type")]
    assert list(compiled.checks) == [("account_id", "type")]


def test_functions_are_bounded_however_many_names_come_often():
    functions = compiled_kinds.ByNames("a", "", lambda: "all", lambda names: lambda: names)
    for number in range(2 * functions.MOST):
        for _ in range(2 * OFTEN):
            made = functions[("a", f"other{number}")]()
    assert len(functions) == functions.MOST
    assert made == "all"


@pytest.mark.parametrize("refuses_others", [False, True])
def test_names_of_no_field_get_a_function_of_their_own_only_where_they_do_not_matter(refuses_others):
    functions = compiled_kinds.ByNames("ab", "a", lambda: "all", lambda names: lambda: names, refuses_others)
    for _ in range(OFTEN):
        made = {names: functions[tuple(names)]() for names in ("a", "b", "ax")}
    assert made == {"a": ["a"], "b": "all", "ax": "all" if refuses_others else ["a"]}
