"""The specification of errors has each with the problem that it is over HTTP."""

import re
from pathlib import Path

import pytest

from sot.adapters.http.problems import problem_type_of
from sot.domain.values import errors

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "specification" / "errors.md"
ROWS = re.findall(r"^\| (\w+(?:, \w+)*) \| .* \| ([0-9]{3}) `([a-z-]+)`", PAGE.read_text("utf-8"), re.MULTILINE)
CASES = [(name, int(status), slug) for names, status, slug in ROWS for name in names.split(", ")]


@pytest.mark.parametrize(("name", "status", "slug"), CASES)
def test_an_error_is_its_problem(name, status, slug):
    kind = problem_type_of(getattr(errors, name))
    assert (kind.status, kind.slug) == (status, slug)


def test_every_error_of_a_store_or_a_command_is_in_the_table():
    names = {name for name, _, _ in CASES}
    tree = {
        cls.__name__ for cls in vars(errors).values() if isinstance(cls, type) and cls.__module__ == errors.__name__
    }
    elsewhere = {"SotError", "MissingExtra", "ReadOnly", "UnitOfWorkFailed"} | {
        n for n in tree if n.startswith("Venue")
    }
    assert tree - elsewhere == names
