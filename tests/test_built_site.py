"""The built site in a browser without a network: its search finds pages, and nothing is wider than a phone."""

from collections import defaultdict

import pytest

from tests.support.chromium import NoChromium, launched_chromium
from tests.support.site_tools import ROOT

SITE = ROOT / "build" / "site"
PAGES = (
    "docs/index",
    "README",
    "docs/how-to/import",
    "docs/reference/accounting",
    "docs/reference/command-line",
    "docs/reference/api/sot",
    "docs/reference/lifecycle",
    "_modules/sot/application/history",
)
PHONE, DESKTOP = {"width": 390, "height": 800}, {"width": 1400, "height": 900}


@pytest.fixture(scope="module")
def context():
    """A context of a browser that reaches nothing but files; `addresses` has what pages asked for by its scheme."""
    if not (SITE / "index.html").exists():
        pytest.skip("there is no site: `make site` builds it")
    try:
        with launched_chromium() as browser:
            context = browser.new_context(offline=True)
            context.addresses = defaultdict(list)
            context.on("request", lambda asked: context.addresses[asked.url.partition(":")[0]].append(asked.url))
            yield context
    except NoChromium as error:
        pytest.skip(str(error))


def opened(context, page, size=DESKTOP):
    tab = context.new_page()
    tab.set_viewport_size(size)
    tab.goto(f"{SITE.as_uri()}/{page}.html")
    return tab


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_wide_as_the_window_and_loads_files_alone(page, size, context):
    tab = opened(context, page, size)
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert tab.evaluate("[...document.images].filter(image => !image.naturalWidth).length") == 0
    assert set(context.addresses) <= {"file", "data"}
    tab.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [("freqtrade", "Import history"), ("pgbouncer", "Databases"), ("OrderHistory.record", "sot.OrderHistory.record")],
)
def test_the_search_finds_pages_and_names(words, found, context):
    tab = opened(context, "docs/index")
    tab.fill(".sidebar-search", words)
    tab.press(".sidebar-search", "Enter")
    tab.wait_for_selector("#search-results ul.search li")
    tab.wait_for_function("found => document.querySelector('#search-results').innerText.includes(found)", arg=found)
    tab.close()


def test_the_first_page_leads_to_the_documentation(context):
    tab = opened(context, "index")
    tab.wait_for_url("**/docs/index.html")
    assert tab.inner_text("h1").startswith("Documentation of sot")
    tab.close()
