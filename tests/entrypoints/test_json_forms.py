"""The documents of HTTP and of `--json` agree with `to_dict`, but for what docs/reference/values.md lists.

Figures with the same name have the same text everywhere. Where a part of a value stands flat beside its other fields,
and which fields one form has and another has not, the table says; it is made here, and compared.
"""

import json
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.support.command_line import ACCOUNT, SYMBOL, VENUE, every_key, report, sot

from sot import OrderHistory
from sot.adapters.http import Settings, create_app
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import seal

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "values.md"
FLAT = {
    "Order": ("state",),
    "RecordedRequest": ("request",),
    "TimelineEntry": ("event", "report", "fact"),
    "RecordedAccountEvent": ("event",),
    "UnattributedReport": (),
    "Position": ("key",),
    "RoundTrip": ("key",),
}
"""The parts of values whose fields stand beside the other fields in the documents."""


class Forms:
    """The forms of the values of a history: `to_dict`, and the documents of HTTP and of `--json`."""

    def __init__(self, url):
        with (
            closing(SqlAlchemyStore.open(url)) as store,
            TestClient(create_app(store, settings=Settings(keys=False))) as client,
        ):
            self._http = client
            with store.begin(read_only=True) as uow:
                history = OrderHistory(uow)
                self.of = dict(self._collect(history, url))

    def _get(self, path, **query):
        response = self._http.get(f"/sot/{path}", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def _collect(self, history, url):
        """The values of each class, the documents of HTTP, and those of `--json`; None where there are none."""
        order = history.find_order(ACCOUNT, "a2")
        base = f"orders/{order.order_id}"

        def run(*arguments, store="--store"):
            return json.loads(sot(*arguments, store, url, "--json").stdout)

        shown = run("show", order.order_id)
        account = ("--account", ACCOUNT)
        yield "Order", (history.orders(), self._get("orders")["data"], run("orders", "--oldest-first")["orders"])
        yield "RecordedRequest", (history.requests(), self._get("order-requests")["data"], None)
        timeline = history.timeline(order.order_id)
        yield "TimelineEntry", (timeline, self._get(f"{base}/timeline")["data"], shown["events"])
        yield "OrderEvent", (history.events(order.order_id), self._get(f"{base}/events")["data"], None)
        yield "Fill", (history.fills(order.order_id), self._get(f"{base}/fills")["data"], shown["fills"])
        yield "OrderCosts", ([history.costs(order.order_id)], [self._get(f"{base}/costs")], [shown["costs"]])
        yield "OrderPnl", ([history.pnl(order.order_id)], [self._get(f"{base}/pnl")], [shown["pnl"]])
        place = {"account_id": ACCOUNT, "venue": VENUE, "symbol": SYMBOL}
        yield "Instrument", (history.instruments(**place), self._get("instruments", **place)["data"], None)
        yield (
            "Position",
            (
                history.positions(ACCOUNT),
                self._get("positions", account_id=ACCOUNT)["data"],
                run("positions", *account)["positions"],
            ),
        )
        yield (
            "Realized",
            (
                history.realized(ACCOUNT),
                self._get("pnl", account_id=ACCOUNT, by="SYMBOL")["data"],
                run("pnl", *account)["realized"],
            ),
        )
        yield (
            "CostAnalysis",
            (
                history.cost_analysis(ACCOUNT),
                self._get("costs", account_id=ACCOUNT, by="SYMBOL")["data"],
                run("pnl", *account, "--costs")["costs"],
            ),
        )
        yield (
            "RoundTrip",
            (
                history.round_trips(ACCOUNT),
                self._get("round-trips", account_id=ACCOUNT)["data"],
                run("pnl", *account, "--trips")["round_trips"],
            ),
        )
        balances = history.balances(ACCOUNT)
        of_cli = run("balances", *account)["balances"]
        yield "Balance", (balances, self._get("balances", account_id=ACCOUNT)["data"], of_cli)
        moved = run("balances", *account, "--explain")["movements"]
        yield "Movement", (history.balance_movements(ACCOUNT), None, moved)
        yield "RecordedAccountEvent", (history.account_events(), self._get("account-events")["data"], None)
        yield (
            "UnattributedReport",
            (
                history.waiting(ACCOUNT),
                self._get("waiting-reports", account_id=ACCOUNT)["data"],
                run("waiting", *account)["waiting"],
            ),
        )
        yield "Checkpoint", (history.checkpoints(), self._get("checkpoints")["data"], None)


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('forms')}/orders.db"
    result = sot("record", "--store", url, lines=[*every_key(), report("NEW", "nobody", venue_order_id="V9")])
    assert result.exit_code in (0, 1), result.stdout
    with closing(SqlAlchemyStore.open(url)) as store:
        store.run(seal)
    return Forms(url).of


def flat(name, document):
    """The `to_dict` of a value with the parts that stand flat in its documents."""
    document = dict(document)
    for part in FLAT.get(name, ()):
        document |= {key: value for key, value in (document.pop(part) or {}).items() if key not in document}
    return document


def agrees(shown, value):
    """Whether a figure of a document has the text of `to_dict`: inside, absent ones are left out, parts flat."""
    if isinstance(shown, dict) and isinstance(value, dict):
        parts = {key: item for part in value.values() if isinstance(part, dict) for key, item in part.items()}
        within = {**parts, **value}
        return all(key in within and agrees(item, within[key]) for key, item in shown.items())
    if isinstance(shown, list) and isinstance(value, list):
        return len(shown) == len(value) and all(map(agrees, shown, value))
    return shown == value or (shown is None and value in ("", []))


def documents(forms, name):
    """Pairs of a document of HTTP or of `--json`, and the flat `to_dict` of the same value."""
    values, http, cli = forms[name]
    dicts = [flat(name, value.to_dict()) for value in values]
    for shown in (http, cli):
        assert shown is None or len(shown) == len(dicts) > 0
        yield from zip(shown or [], dicts, strict=False)


NAMES = (
    "Order", "RecordedRequest", "TimelineEntry", "OrderEvent", "Fill", "OrderCosts", "OrderPnl", "Instrument",
    "Position", "Realized", "CostAnalysis", "RoundTrip", "Balance", "Movement", "RecordedAccountEvent",
    "UnattributedReport", "Checkpoint",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_figures_of_one_name_have_one_text(forms, name):
    other = {("Position", "lots"), ("Balance", "parts"), ("RoundTrip", "duration")}  # in the table
    differ = {
        key: (shown[key], value[key])
        for shown, value in documents(forms, name)
        for key in set(shown) & set(value)
        if (name, key) not in other and not agrees(shown[key], value[key])
    }
    assert differ == {}


def test_every_form_is_compared(forms):
    assert tuple(forms) == NAMES


def row(forms, name):
    """The row of a class in the table: the flat parts, and the fields that one of the forms has alone."""
    values, *_ = forms[name]
    pairs = list(documents(forms, name))
    shown = set().union(*(document for document, _ in pairs))
    whole = set().union(*(value.to_dict() for value in values)) - set(FLAT.get(name, ()))
    known = set().union(*(value for _, value in pairs))
    cells = (FLAT.get(name, ()), sorted(shown - known), sorted(whole - shown))
    return f"| `{name}` | " + " | ".join(", ".join(f"`{field}`" for field in cell) for cell in cells) + " |"


def test_the_page_lists_what_differs(forms):
    rows = [line.rpartition(" | ")[0] + " |" for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    listed = [line for line in rows if line.split("`")[1] in NAMES]
    assert listed == [row(forms, name) for name in NAMES]
