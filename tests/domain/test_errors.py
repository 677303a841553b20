"""Errors are raised in other processes as they were in theirs."""

import pickle

import pytest

from sot.domain.values import errors


@pytest.mark.parametrize(
    "error",
    [
        errors.InvalidInput("limit", 0, "a number from 1 to 500"),
        errors.NotFound("order", "O1"),
        errors.Conflict("request", "R1", ["side"]),
        errors.StoreDamaged("sqlite:///orders.db", "a row cannot be read"),
        errors.SchemaMismatch("sqlite:///orders.db", "1", "2", "migrate it"),
        errors.MissingExtra("signing", "a signature"),
        errors.VenueRefused("too late", "the order is filled"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_can_be_pickled(error):
    error.add_note("seen")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))
