"""Times that people give as days."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sot.application.input.days import read_time
from sot.domain.values.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-01", "UTC", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01", "America/New_York", datetime(2026, 3, 1, 5, tzinfo=UTC)),
        ("2018-11-04", "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # midnight does not exist
        ("2026-03-01T00:00:00Z", "America/New_York", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_date_is_the_beginning_of_the_day(text, zone, expected):
    assert read_time("--from", text, ZoneInfo(zone)) == expected


@pytest.mark.parametrize("text", ["2026-02-30", "2026-3-1", "20260301", "2026-03-01T00:00:00", "0001-01-01"])
def test_other_dates_are_refused(text):
    with pytest.raises(InvalidInput):
        read_time("--from", text, ZoneInfo("Asia/Tokyo"))
