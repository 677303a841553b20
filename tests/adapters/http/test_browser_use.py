"""What people do with the page, in a real browser: log in and out, filter, look at the past, use the keyboard alone."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from browser_visits import OTHER, OWN, TIMEZONE, log_in, texts
from page_samples import VIEWS, address_of

FOCUS = """() => { const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    return {tag: one.tagName, id: one.id, text: (one.textContent || one.name || '').trim().slice(0, 40),
        isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || one.id === 'content',
        isSeen: box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
        number: Array.from(document.querySelectorAll('*')).indexOf(one)}; }"""
MOST_STOPS = 400


def query_of(page):
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


# ------------------------------------------------------------------------------------------------------------- sessions


def test_log_in_and_out(visits):
    site = visits.site
    page = visits.open("/orders?symbol=BTC%2FUSDT", is_logged_in=False)
    assert "/login" in page.url
    log_in(page, site, site.own.token, "/orders?symbol=BTC%2FUSDT")
    assert query_of(page) == {"symbol": ["BTC/USDT"]}
    assert page.locator("tbody tr").count() > 0
    assert page.evaluate("document.cookie") == ""
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    secrets = [site.own.token, *(one["value"] for one in page.context.cookies())]
    assert [one for one in secrets if one in kept or one in page.content()] == []
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    page.go_back()
    page.goto(site.url + "/orders")
    assert "/login" in page.url


def test_a_wrong_key_is_refused_in_words(visits):
    visits.tolerated.append("403")
    page = visits.open("/login", is_logged_in=False)
    page.get_by_label("API key").fill("sot_wrong")
    page.get_by_role("button", name="Log in").click()
    assert "unknown or revoked" in page.get_by_role("alert").inner_text()
    assert "sot_wrong" not in page.content()


def test_orders_of_others_are_nowhere(visits):
    visits.tolerated.append("404")
    site = visits.site
    page = visits.open("/orders?page_size=500")
    assert OWN in page.locator("main").inner_text()
    assert OTHER not in page.content()
    for id in site.other.ids.values():
        page.goto(f"{site.url}/orders/{id}")
        assert "Nothing is known" in page.locator("main").inner_text()
        assert OTHER not in page.content()


def test_the_theme_is_chosen_and_kept(visits):
    page = visits.open("/orders?side=BUY")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Theme: auto").click()
    page.get_by_role("button", name="Theme: light").click()
    page.get_by_role("button", name="Theme: dark").wait_for()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert query_of(page) == {"side": ["BUY"]}


# -------------------------------------------------------------------------------------------------------------- filters


def test_filters_live_in_the_address(visits):
    page = visits.open()
    page.get_by_label("Symbol").fill(f"{OWN}-coin/USDT")
    page.get_by_label("Side").select_option("SELL")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**symbol**")
    assert query_of(page) == {"symbol": [f"{OWN}-coin/USDT"], "side": ["SELL"]}
    assert set(texts(page, "tbody td[data-label=Side]")) == {"SELL"}
    again = visits.open(page.url.removeprefix(visits.site.url))
    assert again.get_by_label("Side").input_value() == "SELL"
    assert texts(again, "tbody th") == texts(page, "tbody th")
    page.go_back()
    assert page.get_by_label("Side").input_value() == ""
    again.get_by_role("link", name="Clear").click()
    again.wait_for_url(re.compile("/orders$"))


def test_any_id_leads_to_its_order(visits):
    page = visits.open()
    page.get_by_label("Any id").fill(f"{OWN}-filled")
    page.keyboard.press("Enter")
    page.wait_for_url("**id=**")
    page.locator("tbody th a").click()
    page.wait_for_url(f"**/orders/{visits.site.own.ids['order']}")


def test_filters_can_be_opened_on_a_phone(visits):
    page = visits.open(width=360)
    assert not page.get_by_label("Symbol").is_visible()
    page.locator("summary", has_text="Filters").click()
    page.get_by_label("Symbol").fill("none")
    page.keyboard.press("Enter")
    page.wait_for_url("**symbol=none")
    assert page.get_by_label("Symbol").is_visible()
    assert "No order is like that" in page.locator("main").inner_text()


def test_a_time_is_asked_in_the_zone_of_the_reader(visits):
    page = visits.open()
    created = page.locator("tbody time").first.get_attribute("datetime")
    field = page.get_by_label("From")
    assert TIMEZONE in page.locator("label", has=field).inner_text()
    local = page.evaluate(
        "exact => new Date(new Date(exact) - 60000).toLocaleString('sv', {timeZone: 'America/New_York'})", created
    )
    field.fill(local.replace(" ", "T"))
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**created_from**")
    (sent,) = query_of(page)["created_from"]
    assert sent.endswith("Z")
    assert sent[:13] == created[:13] or sent < created
    assert page.locator("tbody tr").count() > 0
    # A browser leaves the seconds out of a field of time when they are zero.
    assert page.get_by_label("From").input_value()[:19] == local.replace(" ", "T").removesuffix(":00")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_load_state()
    assert [text[:23] for text in query_of(page)["created_from"]] == [sent[:23]]


# ------------------------------------------------------------------------------------------------------------- the past


def test_the_slider_shows_each_moment_of_an_order(visits):
    page = visits.open(f"/orders/{visits.site.own.ids['order']}")
    assert "filled" in page.locator(".lead").inner_text()
    assert page.locator(".moments a[aria-current]").inner_text() == "now"
    stops = page.locator(".moments a").count()
    assert stops > 3
    page.locator(".moments a").first.click()
    page.wait_for_url("**as_of**")
    assert page.locator(".lead").inner_text().strip() == "created"
    assert page.locator(".timeline tbody tr").count() == 1
    assert "As it was known then" in page.locator(".past").inner_text()
    assert page.locator(".moments a").count() == stops
    assert "created" in page.locator(".moments a[aria-current]").inner_text()
    page.get_by_role("link", name="Orders").first.click()
    page.wait_for_url("**/orders?as_of=**")
    page.get_by_role("link", name="Back to now").click()
    page.wait_for_url(re.compile("/orders$"))
    assert page.locator(".past").count() == 0


def test_one_field_turns_the_page_into_what_was_known_then(visits):
    page = visits.open("/orders?side=BUY&page_size=500")
    now = page.locator("tbody tr").count()
    created = page.locator("tbody tr time").evaluate_all("all => all.map(one => one.getAttribute('datetime')).sort()")
    moment = created[len(created) // 2]
    shown = page.evaluate("exact => new Date(exact).toLocaleString('sv', {timeZone: 'America/New_York'})", moment)
    page.get_by_label("As of").fill(shown.replace(" ", "T") + "." + moment[20:23])
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**as_of**")
    assert query_of(page)["side"] == ["BUY"]
    assert query_of(page)["as_of"][0][:23] == moment[:23]
    assert 0 < page.locator("tbody tr").count() < now
    assert page.get_by_label("As of").input_value()[:16] == shown.replace(" ", "T")[:16]


def test_what_was_known_last_weekday_takes_two_clicks(visits):
    day = datetime.now(UTC) - timedelta(days=3)
    page = visits.open("/orders?side=BUY")
    page.locator("summary", has_text="Known at the end of").click()
    page.get_by_role("link", name=re.compile(f"last {day:%A}")).click()
    page.wait_for_url("**as_of**")
    assert query_of(page)["side"] == ["BUY"]
    assert query_of(page)["as_of"][0].endswith("T00:00:00.000000Z")
    assert "As it was known then" in page.locator(".past").inner_text()
    assert "No order was known then" in page.locator("main").inner_text()


def test_what_a_month_earned_takes_one_click(visits):
    page = visits.open("/results")
    months = page.get_by_role("navigation", name="Months and years")
    assert months.locator("[aria-current]").inner_text() == "All"
    (now,) = {text[:7] for text in [page.evaluate("new Date().toISOString()")]}
    months.get_by_role("link").filter(has_text=re.compile("^[A-Z][a-z]{2}$")).last.click()
    page.wait_for_url("**since=**")
    assert query_of(page)["since"] == [f"{now}-01"]
    assert page.locator("#groups").is_visible()
    months.get_by_role("link").nth(1).click()
    page.wait_for_url(f"**since={int(now[:4]) - 1}-01-01**")
    assert "Nothing was realized" in page.locator("main").inner_text()


def test_differences_from_the_exchange_are_one_click_from_the_first_page(visits):
    page = visits.open("/")
    page.get_by_role("link", name="from the exchange").click()
    page.wait_for_url("**/attention#findings")
    assert page.get_by_role("heading", name="Differences from the exchange").is_visible()
    assert page.get_by_role("table", name="Differences from the exchange").locator("tbody tr").count() > 0


def test_a_story_begins_with_how_much_was_executed_and_why(visits):
    page = visits.open("/orders")
    page.get_by_label("Any id").fill(f"{OWN}-resting")
    page.keyboard.press("Enter")
    page.wait_for_url("**id=**")
    page.locator("tbody th a").click()
    page.wait_for_url("**/orders/*-*")
    assert "was executed; the order is working at the venue." in page.locator(".why").inner_text()


# ------------------------------------------------------------------------------------------------------------- keyboard


def stops_of(page):
    """What the tab key reaches, one after the other."""
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] == "BODY":
            break
        if not stops or stop["number"] != stops[-1]["number"]:  # a field for times has several parts
            stops.append(stop)
    return stops


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("route", VIEWS, ids=lambda route: route.name)
def test_the_tab_key_reaches_everything_in_order_and_shows_where_it_is(visits, route, width):
    query = {"page_size": 3} if any(one.name == "page_size" for one in route.query) else {}
    path = address_of(route, visits.site.own, **query)
    if not visits.shows(path):
        return
    page = visits.open(path, width=width)
    if page.locator("[autofocus]").count():
        stops_of(page)  # to the end, from where it begins
    stops = stops_of(page)
    assert stops[0]["text"] == "Skip to the content"
    assert [stop for stop in stops if not (stop["isMarked"] and stop["isSeen"])] == []
    numbers = [stop["number"] for stop in stops if stop["number"] >= 0]
    assert numbers == sorted(numbers)
    reachable = page.locator("a[href], button, summary, input:not([type=hidden]), select, [tabindex='0']")
    visible = reachable.evaluate_all("all => all.filter(one => one.checkVisibility({visibilityProperty: true})).length")
    assert len(stops) == visible


def test_an_order_is_opened_with_the_keyboard_alone(visits):
    page = visits.open("/orders?page_size=3")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["isSeen"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    while page.evaluate("document.activeElement.closest('tbody')") is None:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}"))
    assert page.locator("#timeline").is_visible()
