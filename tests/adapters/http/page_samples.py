"""What tests of the page share: its routes with the ids of a sample account, and texts that must stay texts."""

from urllib.parse import urlencode

from sample_accounts import VENUE

from sot import DecisionContext, RiskCheck
from sot.adapters.http.page.links import PARAMETER
from sot.adapters.http.page.views import PAGE_ROUTES
from sot.adapters.http.route import TransactionMode
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import EventType, InstrumentKind, Side
from sot.testing.contract.samples import new_order_request
from sot.testing.contract.transactions import write_history

UNKNOWN_ID = "ffffffff-ffff-7fff-8fff-ffffffffffff"
PATH_IDS = {"order_id": "order", "finding_id": "finding", "report_id": "waiting"}
"""The id of a sample account for each path parameter of a route."""
REQUIRED_VALUES = {
    "venue": lambda account_id: VENUE,
    "symbol": lambda account_id: f"{account_id}-coin/USDT",
    "format": lambda account_id: "jsonl",
}
"""The value of an account for each query parameter that a route requires."""
VIEWS = [
    route for route in PAGE_ROUTES
    if route.method == "GET" and route.transaction is not TransactionMode.STREAM and route.name != "home"
]  # fmt: skip
"""The routes that show something to look at, or to load."""
READING = [route for route in PAGE_ROUTES if route.method == "GET" and route.transaction is not TransactionMode.STREAM]


def path_of(route, account):
    """Return the path of a route for a sample account; without one, for ids that nobody has."""
    path = route.path
    for name in PARAMETER.findall(path):
        path = path.replace("{" + name + "}", account.ids[PATH_IDS[name]] if account else UNKNOWN_ID)
    return path


def required_values(route, account):
    """Return the values of the parameters that a route requires; without an account, those of nobody."""
    account_id = account.account_id if account else "nobody"
    return {one.name: REQUIRED_VALUES[one.name](account_id) for one in route.query if one.required}


def address_of(route, account, **query):
    """Return the address of a route for a sample account, with what it requires."""
    values = required_values(route, account) | query
    return path_of(route, account) + ("?" + urlencode(values) if values else "")


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</title></textarea></table>",
    "<!-- --><![CDATA[",
    "&lt;b&gt; &amp; &#x41;",
    "\u202eright to left\u202c",
    "a\tb\nc",
    "<svg/onload=alert(1)>",
    "%3Cscript%3E ?a=b&c=d#e/../..",
]
"""Texts that would do harm, or break a page, if they were anything but texts."""


def record_hostile(store, text):
    """Record an order with a text in every field, and return its id."""
    request = new_order_request(
        text, text, venue=text, symbol=text, strategy_code=text, requested_by=text, source=text, source_ref=text,
        group_id=text, tags={text: text}, idempotency_key=text,
    )  # fmt: skip
    context = DecisionContext(indicators={text: text}, market_snapshot={text: text})
    checks = [RiskCheck(rule_code=text, passed=False, message=text), RiskCheck(rule_code=text, passed=True)]
    instrument = Instrument(account_id=text, venue=text, symbol=text, kind=InstrumentKind.SPOT, base=text, quote="USD")
    write_history(store, lambda h: h.register(instrument))
    request_id = write_history(store, lambda h: h.submit(request, context, checks)).request_id
    order_id: str = write_history(store, lambda h: h.mark_sent(request_id)).order_id
    report = VenueReport(
        account_id=text, type=EventType.TRADE, venue=text, client_order_id=text, venue_order_id=text, exec_id=text,
        symbol=text, side=Side.BUY, last_quantity="1", last_price="1", fees=[Fee("1", text)], reason=text, text=text,
        left_out={text: text}, raw_payload={text: text},
    )  # fmt: skip
    write_history(store, lambda h: h.record(report))
    return order_id
