"""Ids by their first digits."""

import pytest

from sot import InvalidInput
from sot.domain.values.identity import deterministic_id, has_prefix, id_prefix, ids_from
from sot.queries import OrderFilter, RequestFilter

ID = "0192ab3c-7d4e-7a51-8f2e-0c6f5f0a1b2c"


@pytest.mark.parametrize("text", ["", "abc", "xyzw", "0" * 33, "012 ", "%___", "٠١٢٣", "-----"])
def test_what_begins_no_id_is_refused(text):
    for make in (
        lambda: id_prefix("ORDER", text),
        lambda: OrderFilter(order_id_prefix=text),
        lambda: RequestFilter(request_id_prefix=text),
    ):
        with pytest.raises(InvalidInput, match="first 4 of its hexadecimal digits"):
            make()


@pytest.mark.parametrize("text", ["0192", "0192ab3c", "0192AB3C-7", "0192ab3c7d4e", ID, ID.upper()])
def test_prefix_of_an_id(text):
    prefix = id_prefix("ORDER", text)
    least, greatest = ids_from(prefix)
    assert has_prefix(ID, prefix) and least <= ID <= greatest
    assert len(least) == len(greatest) == 36 and has_prefix(least, prefix) and has_prefix(greatest, prefix)
    assert not has_prefix("1" + ID[1:], prefix)
    assert has_prefix(ID, None)


def test_deterministic_ids_stay_what_they_were():
    assert deterministic_id("a", "b") == "facdde7a-bf1e-8c5b-b012-73ab2e282f79"
