"""Ids by their first digits."""

import pytest

from sot.domain.values.errors import InvalidInput
from sot.entrypoints.order_ids import complete_id

FIRST = "0199b2c4-7d4e-7a51-8f2e-0c6f5f0a1b2c"
SECOND = "0199b2c4-8d4e-7a51-8f2e-0c6f5f0a1b2c"


@pytest.mark.parametrize("text", ["0199b2c4-7", "0199B2C47D", FIRST])
def test_the_first_digits_of_one_id_mean_it(text):
    assert complete_id("--accept", text, [FIRST, SECOND]) == FIRST


def test_a_whole_id_is_not_looked_up():
    assert complete_id("--accept", FIRST, []) == FIRST


@pytest.mark.parametrize(("text", "words"), [("0199b2c4", SECOND), ("0200", "first digits"), ("desk", "first 4")])
def test_other_digits_are_refused(text, words):
    with pytest.raises(InvalidInput) as error:
        complete_id("--accept", text, [FIRST, SECOND])
    assert words in str(error.value)
