"""`sot orders` and `sot show`: for people and as JSON."""

import json
from contextlib import closing
from decimal import Decimal

import pytest
from tests.support.command_line import INSTRUMENT, every_key, named, report, request, sot

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore

FIELDS_OF_AN_ORDER = {
    "account_id", "order_id", "request_id", "venue", "venue_account", "symbol", "side", "order_type", "strategy_code",
    "client_order_id", "venue_order_id", "status", "is_open", "in_doubt", "order_quantity", "cum_quantity",
    "leaves_quantity", "avg_price", "provisional_quantity", "created_at",
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("cli") / "orders.db"
    doubtful = [request("e", strategy_code="carry"), named("sent", "e"), named("unknown", "e", reason="time-out")]
    open_one = [request("f"), named("sent", "f"), report("NEW", "f", venue_order_id="V9")]
    assert sot("record", "--store", url, "--batch", 99, lines=[*every_key(), *doubtful, *open_one]).exit_code == 0
    return url


def listed(store, *options):
    result = sot("orders", "--store", store, "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def names(store, *options):
    return [order["client_order_id"] for order in listed(store, *options)["orders"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["a2", "b", "d", "e", "f"]),
        (["--account", "main"], ["a2", "b", "d", "e", "f"]),
        (["--status", "CANCELED"], ["b"]),
        (["--status", "canceled", "--status", "FAILED"], ["b", "d"]),
        (["--symbol", "BTC/USDT", "--venue", "BINANCE"], ["a2", "b", "d", "e", "f"]),
        (["--symbol", "ETH/USDT"], []),
        (["--strategy", "carry"], ["a2", "e"]),
        (["--identifier", "a"], ["a2"]),
        (["--identifier", "V1"], ["a2"]),
        (["--open"], ["a2", "e", "f"]),
        (["--closed"], ["b", "d"]),
        (["--in-doubt"], ["e"]),
        (["--from", "2000-01-01T00:00:00Z"], ["a2", "b", "d", "e", "f"]),
        (["--from", "2999-01-01T00:00:00Z"], []),
        (["--before", "2000-01-01T00:00:00+02:00"], []),
    ],
)
def test_filters(store, options, expected):
    assert names(store, "--oldest-first", *options) == expected
    assert names(store, *options) == expected[::-1]


@pytest.mark.parametrize(("options", "expected"), [([], "fedba"), (["--oldest-first"], "abdef")])
def test_pages(store, options, expected):
    seen, token = [], []
    while True:
        page = listed(store, "--limit", 2, *options, *token)
        seen += [order["client_order_id"][0] for order in page["orders"]]
        if page["next"] is None:
            break
        token = ["--after", page["next"]]
    assert "".join(seen) == expected


def test_a_page_token_is_of_one_order_of_the_list(store):
    newest, oldest = (listed(store, "--limit", 2, *options)["next"] for options in ([], ["--oldest-first"]))
    for options in (["--oldest-first", "--after", newest], ["--after", oldest]):
        result = sot("orders", "--store", store, *options)
        assert result.exit_code == 2
        assert "--after" in result.output
        assert "in the same order" in " ".join(result.output.split())
    assert sot("findings", "--store", store, "--after", newest).exit_code == 2


def test_the_table(store):
    result = sot("orders", "--store", store, "--limit", 4)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "status" in lines[2]
    assert "in doubt" in lines[4]
    assert "FAILED" in lines[5]
    token = lines[-1].removeprefix("More: --after ")
    assert " a2 " in sot("orders", "--store", store, "--after", token).stdout
    assert sot("orders", "--store", store, "--symbol", "NONE").stdout == "No such orders.\n"


def test_the_table_says_when_orders_began(store):
    lines = sot("orders", "--store", store, "--oldest-first").stdout.splitlines()
    orders = listed(store, "--oldest-first")["orders"]
    times = [
        " ".join(line.split()[line.split().index(order["client_order_id"]) + 1 :][:2])
        for line, order in zip(lines[3:], orders, strict=True)
    ]
    assert times[0] == "2026-03-01 10:00:00.000"  # as its SUBMITTED says
    for began, order in zip(times[1:], orders[1:], strict=True):
        assert began == order["created_at"].replace("T", " ")[:23]  # their events state no time


def no_numbers_but_counts(value, path=()):
    if isinstance(value, dict):
        for name, item in value.items():
            no_numbers_but_counts(item, (*path, name))
    elif isinstance(value, list):
        for item in value:
            no_numbers_but_counts(item, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        assert path[-1] in {"sequence", "last_sequence", "target_sequence", "execution", "version"}, path


def test_show_as_json(store):
    result = sot("show", "a", "--account", "main", "--store", store, "--json")
    assert result.exit_code == 0, result.output
    order = json.loads(result.stdout)
    no_numbers_but_counts(order)
    assert order.keys() >= FIELDS_OF_AN_ORDER | {"events", "fills", "costs", "pnl"}
    assert order["cum_quantity"] == "0.5"
    trade = next(event for event in order["events"] if event["type"] == "TRADE")
    assert (trade["last_quantity"], trade["last_price"], trade["liquidity"]) == ("0.5", "50000", "MAKER")
    assert trade["fees"] == [{"amount": "0.01", "currency": "BNB"}]
    assert trade["status"] == "PARTIALLY_FILLED"
    assert trade["changed"]["cum_quantity"] == ["0", "0.5"]
    assert trade.keys() >= {"sequence", "origin", "recorded_at", "anomalies", "hash"}
    assert [event["sequence"] for event in order["events"]] == list(range(1, len(order["events"]) + 1))
    for earlier, later in zip(order["events"], order["events"][1:], strict=False):
        assert later["prev_hash"] == earlier["hash"]
    assert order["events"][1]["actor"] == "trader"
    assert order["events"][1]["occurred_at"] == "2026-03-01T10:00:00.000000Z"
    assert [fill["exec_id"] for fill in order["fills"]] == ["1"]
    assert order["costs"]["maker_notional"] == "25000"
    assert order["costs"]["fees"] == {"BNB": "0.01"}
    assert (order["costs"]["effective_rate"], order["costs"]["unvalued"]) == (None, {"BNB": "0.01"})
    assert order["costs"]["slippage"] == "0"
    assert (order["pnl"]["mark"], order["pnl"]["rates"]) == ("50100", {"BNB": "600"})


def test_show_at_a_mark(store):
    arguments = ("show", "a", "--account", "main", "--store", store, "--mark", "50010", "--rate", "BNB=500", "--json")
    order = json.loads(sot(*arguments).stdout)
    assert (order["pnl"]["gross"], order["pnl"]["net"]) == ("5", "0")
    assert order["costs"]["fee_total"] == "5"
    assert Decimal(order["costs"]["effective_rate"]) == 2


def test_an_order_goes_by_its_id_its_names_and_its_id_at_the_venue(store):
    order_id = listed(store, "--identifier", "V1")["orders"][0]["order_id"]
    for name in (
        [order_id],
        [order_id.upper()],
        [order_id, "--account", "main"],
        ["a", "--account", "main"],
        ["a"],
        ["a2", "--account", "main", "--venue", "BINANCE"],
        ["V1", "--account", "main", "--venue", "BINANCE"],
    ):
        result = sot("show", *name, "--store", store, "--json")
        assert result.exit_code == 0, (name, result.output)
        assert json.loads(result.stdout)["order_id"] == order_id
    for name in ([order_id, "--account", "other"], ["zz", "--account", "main"], ["zz"], ["a", "--account", "other"]):
        assert sot("show", *name, "--store", store).exit_code == 2


def test_the_page(store):
    result = sot("show", "a", "--account", "main", "--store", store, "--mark", "50010")
    assert result.exit_code == 0
    for words in (
        "BUY 3 BTC/USDT LIMIT limit 50000.5",
        "PARTIALLY_FILLED",
        "in short",
        "0.5 of 3 was executed; the other 2.5 are working at the venue",
        "0.5 at 50000",
        "Timeline",
        "cum_quantity 0 → 0.5",
        "busted by mistake",
        "Executions",
        "0.01 BNB",
        "Costs",
        "Profit and loss at 50010",
        "give --rate",
    ):
        assert words in result.stdout, words
    doubtful = sot("show", "e", "--account", "main", "--store", store).stdout
    assert "in doubt" in doubtful
    assert "time-out" in doubtful


def test_reading_writes_nothing(store):
    before = listed(store)
    sot("show", "a", "--account", "main", "--store", store, "--mark", "1")
    assert listed(store) == before


def test_what_the_venue_reports_without_executions_is_shown(tmp_path):
    lines = [
        INSTRUMENT,
        request("a"),
        named("sent", "a"),
        report("ORDER_STATUS", "a", reported_status="FILLED", cum_quantity="2", avg_price="50000", leaves_quantity="0"),
    ]
    url = tmp_path / "orders.db"
    sot("record", "--store", url, lines=lines)
    order = json.loads(sot("show", "a", "--account", "main", "--store", url, "--json").stdout)
    assert (order["cum_quantity"], order["provisional_quantity"]) == ("0", "2")
    assert order["provisional_notional"] == "100000"
    assert "unproven" in sot("show", "a", "--account", "main", "--store", url).stdout


def shortest(id, ids):
    """The first digits of an id, with dashes, that no other id begins with."""
    others = [other for other in ids if other != id]
    return next(id[:n] for n in range(4, 37) if id[n - 1] != "-" and not any(o.startswith(id[:n]) for o in others))


@pytest.mark.parametrize("account", [(), ("--account", "main")])
@pytest.mark.parametrize("key", ["order_id", "request_id"])
def test_ids_are_shortened_where_they_are_unique(store, account, key):
    with closing(SqlAlchemyStore.open(f"sqlite:///{store}")) as opened, opened.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        orders = list(history.orders())
        ids = [order.order_id for order in orders] + [recorded.request_id for recorded in history.requests()]
    for order in orders:
        name = shortest(getattr(order, key), ids)
        result = sot("show", name.upper(), *account, "--store", store, "--json")
        assert (result.exit_code, json.loads(result.stdout)["order_id"]) == (0, order.order_id)


def test_ambiguous_short_id_lists_its_candidates(store):
    first, *others = [order["order_id"] for order in listed(store)["orders"]]
    prefix = next(first[:n] for n in range(12, 3, -1) if any(other.startswith(first[:n]) for other in others))
    meant = [id for id in (first, *others) if id.startswith(prefix)]
    result = sot("show", prefix, "--store", store)
    assert result.exit_code == 2
    output = " ".join(result.output.split())
    assert all(id in output for id in meant)
    assert "BINANCE BTC/USDT" in output


def test_short_id_of_no_order_is_an_error(store):
    for name in ("ffff", "abc", "nothing"):
        assert sot("show", name, "--store", store).exit_code != 0
    assert (
        sot("show", listed(store)["orders"][0]["order_id"][:35], "--account", "other", "--store", store).exit_code != 0
    )
