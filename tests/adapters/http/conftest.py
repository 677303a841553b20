from contextlib import ExitStack

import pytest
from browser_visits import Visits, running_site
from http_client import make_client, register_instrument
from page_client import make_browser
from tests.support.chromium import NoChromium, launched_chromium

from sot.testing.fakes import CountedIds, ManualClock


@pytest.fixture(params=["memory", "sqlite"])
def store(request, make_store):
    """An empty store. Tests of the page move its clock themselves, and know its ids."""
    if request.path.name.startswith("test_page"):
        return make_store(request.param, ManualClock(), CountedIds())
    return make_store(request.param)


@pytest.fixture
def browser(store):
    """A browser without scripts on a server without keys; `browser.store` is its store."""
    with make_browser(store) as browser:
        browser.store = store
        yield browser


@pytest.fixture
def client(store):
    """A client of a server without keys and with a venue, whose usual instrument is registered."""
    with make_client(store, local_store=True) as client:
        yield register_instrument(client)


@pytest.fixture(scope="module")
def chromium():
    """A browser. Without one, the tests that need it are skipped with the reason."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(launched_chromium())
        except NoChromium as error:
            pytest.skip(str(error))
        yield browser


@pytest.fixture(scope="module")
def site(chromium, tmp_path_factory):
    """A server with two accounts, to one of which its key belongs."""
    with running_site(tmp_path_factory.mktemp("site") / "a.db", chromium) as site:
        yield site


@pytest.fixture
def visits(chromium, site):
    """Opens pages of the server for readers. At the end none may have had a problem."""
    visits = Visits(chromium, site)
    yield visits
    visits.close()
    assert visits.problems == []
