"""Times to choose with one click: what was known at the end of a day, and months of results."""

from datetime import UTC, date, datetime, timedelta

import pytest
from page_trades import fill_results

from sot.adapters.http.page.models.quick_choices import periods, recent_ends, year_of
from sot.testing.contract.transactions import submit_and_send

SUNDAY = datetime(2026, 11, 29, 21, 30, tzinfo=UTC)


def test_the_ends_of_the_last_days():
    ends = dict(recent_ends(SUNDAY))
    assert list(ends) == [
        "yesterday, 28 November", "last Friday, 27 November", "last Thursday, 26 November",
        "last Wednesday, 25 November", "last Tuesday, 24 November", "last Monday, 23 November",
        "last Sunday, 22 November", "last month, October", "last year, 2025",
    ]  # fmt: skip
    assert ends["last Tuesday, 24 November"] == datetime(2026, 11, 25, tzinfo=UTC)
    assert ends["last month, October"] == datetime(2026, 11, 1, tzinfo=UTC)
    assert ends["last year, 2025"] == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_time_has_one_name():
    ends = list(recent_ends(datetime(2026, 1, 1, 5, tzinfo=UTC)))
    assert len({end for _, end in ends}) == len(ends) == 7


def test_periods_of_the_current_year_end_with_this_month():
    found = {one.label: (one.first, one.before) for one in periods(2026, date(2026, 3, 31))}
    assert list(found) == ["2025", "2026", "Jan", "Feb", "Mar"]
    assert found["Mar"] == (date(2026, 3, 1), date(2026, 4, 1))
    assert found["2026"] == (date(2026, 1, 1), date(2027, 1, 1))


def test_periods_of_an_earlier_year_lead_on():
    found = [one.label for one in periods(2024, date(2026, 3, 31))]
    assert (found[:2], found[-2:], len(found)) == (["2023", "2024"], ["Dec", "2025"], 15)
    assert year_of(date(2024, 5, 1), date(2026, 3, 31)) == 2024
    assert year_of(None, date(2026, 3, 31)) == 2026


@pytest.mark.parametrize("year", [1, 9999])
def test_periods_at_the_ends_of_time(year):
    found = list(periods(year, date.max))
    assert {one.before is None for one in found} == ({False} if year == 1 else {False, True})


def choice(document, label):
    (found,) = [one for one in document.all("a") if one["text"] == label]
    return found["attributes"]


def test_what_was_known_last_tuesday_is_two_clicks_away(browser, store):
    store.clock.move(SUNDAY - timedelta(days=8) - store.clock.now())
    submit_and_send(store, "early")
    store.clock.move(timedelta(days=5))
    submit_and_send(store, "late")
    store.clock.move(timedelta(days=3))
    document = browser.open("/orders?side=BUY")
    assert [row[-1] for row in document.rows()[1:]] == ["late", "early"]
    then = choice(document, "last Tuesday, 24 November")["href"]
    assert then == "/orders?side=BUY&as_of=2026-11-25T00%3A00%3A00.000000Z"
    document = browser.open(then)
    assert [row[-1] for row in document.rows()[1:]] == ["early"]
    assert choice(document, "last Tuesday, 24 November")["aria-current"] == "true"
    assert choice(document, "yesterday, 28 November")["href"].count("as_of") == 1


def test_what_a_month_earned_is_one_click_away(browser, store):
    fill_results(store)
    store.clock.move(SUNDAY - store.clock.now())
    document = browser.open("/results?symbol=BASE/QUOTE&time_zone=Europe/Berlin")
    assert choice(document, "All")["aria-current"] == "true"
    march = choice(document, "Mar")["href"]
    assert "since=2026-03-01&before=2026-04-01" in march
    document = browser.open(march)
    assert choice(document, "Mar")["aria-current"] == "true"
    (row,) = document.table("Realized results by")
    assert row["Gross"] == "200"
    assert browser.open(choice(document, "Feb")["href"]).one("p", class_="empty")


@pytest.mark.parametrize("path", ["/results/round-trips", "/results/facts", "/results/costs?by=DAY"])
def test_all_kinds_of_results_have_months_and_keep_their_kind(browser, store, path):
    fill_results(store)
    store.clock.move(SUNDAY - store.clock.now())
    march = choice(browser.open(path), "Mar")["href"]
    assert march.startswith(path.partition("?")[0])
    assert ("by=DAY" in march) is ("by=DAY" in path)
    browser.open(march)
