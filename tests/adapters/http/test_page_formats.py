"""Values as HTML: exact, aligned, and texts as texts."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sot.adapters.http.page.formats import number, second, status, time
from sot.adapters.http.page.models.status import Status
from sot.adapters.http.page.models.values import amount, moment

AT = moment(datetime(2026, 1, 5, 10, 0, 7, 123_456, tzinfo=UTC))


@pytest.mark.parametrize("value", ["0", "-12.50", "0.000000000000000001", "1e30", "0.33333333333333333333333"])
def test_a_number_is_its_digits_in_two_parts(value):
    shown = amount(Decimal(value))
    assert number(shown, 3) == (
        f'<span class="number"><span class="whole">{shown.whole}</span>'
        f'<span class="fraction p3">{shown.fraction}</span></span>'
    )
    assert set(str(shown)) <= set("0123456789-.…")  # nothing that needs an escape


def test_a_time_has_its_exact_value_beside_what_is_shown():
    exact = 'datetime="2026-01-05T10:00:07.123456Z" title="2026-01-05T10:00:07.123456Z UTC"'
    assert time(AT) == f"<time {exact}>2026-01-05 10:00:07.123</time>"
    assert second(AT) == f"<time {exact} data-seconds>2026-01-05 10:00:07</time>"


def test_nothing_is_shown_for_no_value():
    assert number(None) == time(None) == second(None) == ""


def test_a_status_says_what_is_in_doubt():
    assert status(Status(word="done", tone="done")) == '<span class="status done">done</span>'
    flags = status(Status(word="new", tone="active", in_doubt=True, unproven=amount(Decimal(3)), parked=2))
    assert [part.partition("<")[0] for part in flags.split('<strong class="flag">')[1:]] == [
        "in doubt", "+3 unproven", "2 waiting",
    ]  # fmt: skip


def test_texts_are_escaped():
    assert status(Status(word="<b>", tone='"')) == '<span class="status &#34;">&lt;b&gt;</span>'
    assert all(
        hasattr(one, "__html__") for one in (number(amount(Decimal(1))), time(AT), status(Status(word="a", tone="b")))
    )
