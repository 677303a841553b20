"""The page shows the accounts of the reader's key alone, and texts as texts. Its routes are walked by themselves."""

from urllib.parse import urlencode

import pytest
from page_client import Document, make_browser, new_key
from page_samples import HOSTILE, PATH_IDS, READING, UNKNOWN_ID, path_of, record_hostile, required_values
from sample_accounts import TickingClock, fill_account, make_venue

from sot import OrderHistory
from sot.adapters.http.page.links import PARAMETER
from sot.adapters.http.page.views import PAGE_ROUTES
from sot.adapters.http.route import TransactionMode
from sot.domain.values.vocabulary import AccessScope
from sot.testing.contract.transactions import submit_and_send
from sot.testing.fakes import CountedIds

OWN, OTHER = "alpha", "omega"
QUERY_VALUES = {
    "account_id": lambda account: [account.account_id],
    "id": lambda account: [*account.ids.values(), *account.names],
    "symbol": lambda account: [f"{account.account_id}-coin/USDT"],
    "venue": lambda account: account.names,
    "strategy_code": lambda account: [f"{account.account_id}-strategy"],
    "next": lambda account: [],
    "venue_account": lambda account: account.names,
    "position_id": lambda account: account.names,
    "asset": lambda account: [f"{account.account_id}-coin"],
    "mark": lambda account: [f"{account.account_id}-coin/USDT=1"],
}
"""Values of a sample account for each query parameter that takes names or ids."""
OTHER_PARAMETERS = {
    "status", "side", "is_open", "in_doubt", "created_from", "created_before", "as_of", "page_size", "page_token",
    "after", "method", "rate", "by", "since", "before", "time_zone", "in_currency", "include_flat", "include_zero",
    "position_side", "format", "sequence",
}  # fmt: skip
"""Query parameters that name nothing of an account."""
FIELDS = {"reason": "because", "sequence": "2", "once": "x" * 22, "key": "x", "theme": "dark"}
"""Values of the fields of forms that name nothing of an account."""
STREAM = TransactionMode.STREAM


@pytest.fixture(scope="module")
def accounts(tmp_path_factory):
    """Two accounts in one store, and a browser that is logged in with the key of one."""
    from sot.adapters.sqlalchemy import SqlAlchemyStore

    url = f"sqlite:///{tmp_path_factory.mktemp('page')}/a.db"
    store = SqlAlchemyStore.open(url, TickingClock(), CountedIds())
    venue = make_venue(store.clock)
    own, other = fill_account(store, venue, OWN, 713_713), fill_account(store, venue, OTHER, 829_829)
    with make_browser(store, keys=True) as browser:
        browser.log_in(own.token)
        browser.own, browser.other, browser.store = own, other, store
        yield browser
    store.close()


def leaks(text, account):
    return [one for one in [*account.names, *account.ids.values(), "829829"] if one in text]


@pytest.mark.parametrize("route", PAGE_ROUTES, ids=lambda route: route.name)
def test_every_parameter_is_covered(route):
    """A new route fails here until this test knows what its parameters name."""
    assert set(PARAMETER.findall(route.path)) <= set(PATH_IDS)
    assert {parameter.name for parameter in route.query} <= {*QUERY_VALUES, *OTHER_PARAMETERS}


@pytest.mark.parametrize("route", READING, ids=lambda route: route.name)
def test_a_page_shows_its_own_account(accounts, route):
    response = accounts.get(path_of(route, accounts.own), params=required_values(route, accounts.own))
    assert response.status_code == 200, response.text
    assert not leaks(response.text, accounts.other)
    if route.transaction is TransactionMode.READ:
        assert OWN in response.text


@pytest.mark.parametrize("route", [route for route in READING if "{" in route.path], ids=lambda route: route.name)
def test_ids_of_others_are_unknown(accounts, route):
    query = required_values(route, accounts.own)
    responses = [accounts.get(path_of(route, account), params=query) for account in (accounts.other, None)]
    assert {response.status_code for response in responses} == {404}
    texts = [Document(response.text).one("main")["text"] for response in responses]
    assert texts[0] == texts[1]


def requires_names(route):
    return any(parameter.required and parameter.name in QUERY_VALUES for parameter in route.query)


@pytest.mark.parametrize("route", [one for one in READING if requires_names(one)], ids=lambda route: route.name)
def test_names_of_others_are_unknown(accounts, route):
    for account in (accounts.other, None):
        account_id = account.account_id if account else "nobody"
        responses = [
            accounts.get(route.path, params={**required_values(route, account), **named})
            for named in ({}, {"account_id": account_id})
        ]
        assert {response.status_code for response in responses} == {404}
        texts = {Document(response.text).one("main")["text"] for response in responses}
        assert len(texts) == 1


@pytest.mark.parametrize(
    "route", [route for route in PAGE_ROUTES if route.method == "POST" and "{" in route.path], ids=lambda one: one.name
)
def test_forms_about_ids_of_others_change_nothing(accounts, route):
    """What another account has is as unknown to a form as what nobody has; also where the query names its account."""
    token = accounts.open("/orders").all("input", name="token")[0]["attributes"]["value"]
    last, texts = accounts.store.horizon(), []
    for account, account_id in ((accounts.other, None), (None, None), (accounts.other, OTHER)):
        order_id = account.ids["order"] if account else UNKNOWN_ID
        form = {name: {**FIELDS, "order_id": order_id, "seen": ""}.get(name, "") for name in route.form}
        query = (
            {"account_id": account_id} if account_id and any(one.name == "account_id" for one in route.query) else {}
        )
        response = accounts.post(path_of(route, account), params=query, data={**form, "token": token})
        assert response.status_code == 404, response.text
        assert not leaks(response.text, accounts.other)
        texts.append(Document(response.text).one("main")["text"])
    assert texts[0] == texts[1]
    assert accounts.store.horizon() == last


@pytest.mark.parametrize("route", READING, ids=lambda route: route.name)
def test_filters_find_nothing_of_others(accounts, route):
    for parameter in route.query:
        for value in QUERY_VALUES.get(parameter.name, lambda account: [])(accounts.other):
            params = {**required_values(route, accounts.own), parameter.name: value}
            response = accounts.get(path_of(route, accounts.own), params=params)
            if "attachment" in response.headers.get("content-disposition", ""):
                assert not leaks(response.text, accounts.other), (parameter.name, value)
                continue
            shown = Document(response.text)
            rows = " ".join(cell for row in shown.rows() for cell in row)
            assert not leaks(rows, accounts.other), (parameter.name, value)


@pytest.mark.parametrize("route", [route for route in PAGE_ROUTES if route.scope], ids=lambda route: route.name)
def test_every_route_needs_a_session_and_its_scope(accounts, route):
    path, can_read = path_of(route, accounts.own), route.scope is not AccessScope.READ
    with make_browser(accounts.store, keys=True) as browser:
        sent = {"token": "x"} if route.method == "POST" else None
        response = browser.request(route.method, path, data=sent, follow_redirects=False)
        assert response.status_code in (303, 401, 403)
        assert OWN not in response.text
        scopes = [scope for scope in AccessScope if scope is not route.scope]
        page = browser.log_in(new_key(accounts.store, OWN, scopes=scopes)[1], status=200 if can_read else 403)
        token = Document(page.text).all("input", name="token")[0]["attributes"]["value"]
        form = {"token": token, **{name: FIELDS.get(name, "") for name in route.form}}
        response = browser.request(route.method, path, data=form if route.method == "POST" else None)
        assert response.status_code == 403
        assert route.transaction is STREAM or "does not allow" in Document(response.text).one("h1")["text"]
        assert f"{OWN}-strategy" not in response.text


def test_the_live_stream_tells_of_own_orders_only(accounts):
    text = accounts.get("/live", params={"after": 0}).text
    assert "event: changed\n" in text
    last = accounts.store.horizon()
    submit_and_send(accounts.store, "x-1", OTHER)
    assert accounts.store.horizon() > last
    for query in ({}, {"account_id": OTHER}):
        assert "changed" not in accounts.get("/live", params={"after": last, **query}).text


# -------------------------------------------------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_shown_as_text(make_store, kind, text):
    store = make_store(kind)
    order_id = record_hostile(store, text)
    assert store.run(lambda uow: OrderHistory(uow).order(order_id), read_only=True).cum_quantity == 1
    _, token = new_key(store, text, name=text)
    with make_browser(store, keys=True) as browser:
        browser.log_in(token)
        at, key = f"as_of={store.horizon()}", urlencode({"venue": text, "symbol": text})
        paths = {
            "/orders": 3, f"/orders/{order_id}": 3, f"/orders/{order_id}?{at}": 3, "/positions": 3,
            f"/positions/one?{key}": 3, f"/positions/one?method=FIFO&{key}&{at}": 3, "/balances": 3,
            "/balances/movements": 3, "/results": 5, "/results?by=STRATEGY&by=ORDER": 5, "/results/facts": 3,
            "/results/costs": 3, "/results/round-trips": 3, f"/results?{urlencode({'in_currency': text})}": 5,
        }  # fmt: skip
        for path, scripts in paths.items():
            document = browser.open(path)
            assert " ".join(text.split()) in " ".join(document.one("main")["text"].split()), path
            assert len(document.all("script")) == scripts
            assert not document.all("img")
            assert not document.all("svg")
        for name in ("symbol", "venue", "strategy_code", "id", "account_id"):
            response = browser.get("/orders", params={name: text})
            shown = Document(response.text)
            assert len(shown.all("script")) == 3
            assert len([row for row in shown.rows() if row]) == 2, name
            field = [one for one in shown.all("input", name=name) if one["attributes"]["type"] == "text"]
            assert all(one["attributes"]["value"] == text for one in field)
