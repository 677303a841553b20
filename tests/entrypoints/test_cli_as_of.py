"""`sot as-of` and `sot diff`: commands about past points in time."""

import json

import pytest
from tests.support.command_line import INSTRUMENT, named, report, request, sot, trade
from tests.support.sealed_history import documents, recorded

from sot.application.support import paging

AT = "2026-03-01T{:02}:00:00Z"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """An order in five steps; its second trade is older than its first, and was reported later."""
    return recorded(
        tmp_path_factory.mktemp("past") / "orders.db",
        [
            INSTRUMENT,
            request("a"),
            named("sent", "a", occurred_at=AT.format(9)),
            report("NEW", "a", venue_order_id="V1", occurred_at=AT.format(10)),
            trade("a", "1", "0.5", "100", occurred_at=AT.format(12)),
            request("b", symbol="BTC/USDT", side="SELL"),
            named("sent", "b", occurred_at=AT.format(13)),
            trade("a", "2", "1.5", "200", occurred_at=AT.format(14)),
            {"mark": {"account_id": "main", "client_order_id": "a", "mark": "150"}},
        ],
    )


@pytest.fixture(scope="module")
def cursors(store):
    """Cursors by (order, sequence)."""
    events = documents(sot("follow", "--store", store))
    orders = json.loads(sot("orders", "--store", store, "--json").stdout)["orders"]
    names = {order["order_id"]: order["client_order_id"] for order in orders}
    return {(names[line["event"]["order_id"]], line["event"]["sequence"]): line["cursor"] for line in events}


def read(store, moment, *command):
    result = sot("as-of", *moment, *command, "--store", store, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


SHOW = ("show", "a", "--account", "main")


def test_an_order_as_it_was_known(store, cursors):
    moment = ["--known-at", cursors["a", 4]]
    then = read(store, moment, *SHOW)
    assert then["as_of"] == {"known_at": cursors["a", 4], "happened_by": None, "exact": True}
    assert (then["status"], then["cum_quantity"], then["pnl"]) == ("PARTIALLY_FILLED", "0.5", None)
    assert [event["sequence"] for event in then["events"]] == [1, 2, 3, 4]
    assert [fill["exec_id"] for fill in then["fills"]] == ["1"]
    assert then["costs"]["notional"] == "50"
    page = sot("as-of", *moment, *SHOW, "--store", store).stdout
    assert page.startswith(f"As known at cursor {cursors['a', 4]}\n")
    for words in ("0.5 at 100", "PARTIALLY_FILLED"):
        assert words in page
    assert "200" not in page
    assert "not exact" not in page


def test_the_last_moment_is_the_present(store, cursors):
    then = read(store, ["--known-at", max(cursors.values())], *SHOW)
    then.pop("as_of")
    assert then == json.loads(sot(*SHOW, "--store", store, "--json").stdout)


def test_as_it_had_happened(tmp_path):
    """The first trade is reported late: it had happened before it was known."""
    store = recorded(tmp_path / "orders.db", [INSTRUMENT, request("a"), named("sent", "a"), report("NEW", "a")])
    seen = documents(sot("follow", "--store", store))[-1]
    by, cursor = seen["event"]["recorded_at"], seen["cursor"]
    recorded(store, [trade("a", "1", "0.5", "100", occurred_at=by), trade("a", "2", "1.5", "200")])
    then = read(store, ["--happened-by", by], *SHOW)
    assert (then["cum_quantity"], then["as_of"]) == ("0.5", {"known_at": None, "happened_by": by, "exact": True})
    both = ["--known-at", cursor, "--happened-by", by]
    assert read(store, both, *SHOW)["cum_quantity"] == "0"
    late = difference(store, *both, "--to-happened-by", by)
    assert late["changed"]["cum_quantity"] == ["0", "0.5"]


def test_a_time_is_not_exact_and_the_answer_says_so(store):
    now = json.loads(sot(*SHOW, "--store", store, "--json").stdout)["events"][-1]["recorded_at"]
    moment = ["--known-at", now]
    assert read(store, moment, *SHOW)["as_of"] == {"known_at": now, "happened_by": None, "exact": False}
    for command in (SHOW, ("orders",), ("positions", "--account", "main")):
        assert "not exact" in sot("as-of", *moment, *command, "--store", store).stdout


def test_orders_are_found_by_what_they_were(store, cursors):
    def names(moment, *options):
        return [order["client_order_id"] for order in read(store, moment, "orders", *options)["orders"]]

    assert names(["--known-at", 0]) == []
    assert names(["--known-at", cursors["a", 4]]) == ["a"]
    assert names(["--known-at", cursors["a", 4]], "--status", "PARTIALLY_FILLED") == ["a"]
    assert names(["--known-at", cursors["a", 5]], "--status", "PARTIALLY_FILLED") == []
    assert names(["--known-at", cursors["a", 5]], "--limit", 1) == ["b"]
    assert names(["--known-at", cursors["a", 5]], "--limit", 1, "--oldest-first") == ["a"]
    assert names(["--known-at", cursors["a", 5]], "--open") == ["b"]
    page = sot("as-of", "--known-at", 0, "orders", "--store", store).stdout
    assert page == "As known at cursor 0\nNo such orders.\n"


def test_orders_are_found_behind_any_number_of_others(store, cursors, monkeypatch):
    monkeypatch.setattr(paging, "PRESENT_ITEMS_PER_PAST_PAGE", 1)
    then = ["--known-at", cursors["a", 5]]
    found = read(store, then, "orders", "--symbol", "BTC/USDT", "--open")
    assert ([order["client_order_id"] for order in found["orders"]], found["next"]) == (["b"], None)
    for options, names in (((), ["b", "a"]), (("--oldest-first",), ["a", "b"])):
        first = read(store, then, "orders", *options, "--limit", 1)
        rest = read(store, then, "orders", *options, "--after", first["next"])
        assert [order["client_order_id"] for order in (*first["orders"], *rest["orders"])] == names


def test_positions(store, cursors):
    def quantity(*moment):
        return [position["quantity"] for position in read(store, moment, "positions", "--account", "main")["positions"]]

    assert quantity("--known-at", cursors["a", 3]) == []
    assert quantity("--known-at", cursors["a", 4]) == ["0.5"]
    assert quantity("--known-at", cursors["a", 5]) == ["2"]
    assert quantity("--happened-by", AT.format(13)) == ["0.5"]
    page = sot("as-of", "--known-at", cursors["a", 4], "positions", "--account", "main", "--store", store).stdout
    assert page.startswith("As known at cursor")
    assert "BTC/USDT" in page


def test_results_costs_and_round_trips(store, cursors):
    def rows(key, moment, *options):
        return read(store, moment, "pnl", "--account", "main", *options)[key]

    before, between = ["--known-at", cursors["a", 3]], ["--known-at", cursors["a", 4]]
    assert rows("realized", before) == []
    assert [row["realized_gross"] for row in rows("realized", between, "--by", "order")] == ["0"]
    assert [row["notional"] for row in rows("costs", between, "--costs")] == ["50"]
    assert [row["notional"] for row in rows("costs", ["--happened-by", AT.format(13)], "--costs")] == ["50"]
    assert [row["entry_quantity"] for row in rows("round_trips", between, "--trips")] == ["0.5"]
    page = sot("as-of", *before, "pnl", "--account", "main", "--store", store).stdout
    assert page.splitlines() == [f"As known at cursor {cursors['a', 3]}", "Nothing was traded there and then."]


def test_findings_of_a_moment_are_not_closed(store):
    page = sot("as-of", "--known-at", 3, "findings", "--account", "main", "--store", store)
    assert (page.exit_code, page.stdout) == (0, "As known at cursor 3\nNo open findings.\n")
    document = read(store, ["--known-at", 3], "findings", "--all")
    assert (document["findings"], document["as_of"]["known_at"]) == ([], 3)


def difference(store, *options):
    result = sot("diff", "a", "--account", "main", "--store", store, *options, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_differs_and_why(store, cursors):
    document = difference(store, "--known-at", cursors["a", 3])
    assert document["changed"]["status"] == ["NEW", "FILLED"]
    assert document["changed"]["cum_quantity"] == ["0", "2"]
    assert [event["type"] for event in document["events"]] == ["TRADE", "TRADE", "MARKED"]
    assert document["after"] == {"known_at": None, "happened_by": None, "exact": True}
    some = difference(store, "--known-at", cursors["a", 3], "--to-known-at", cursors["a", 4])
    assert some["changed"]["cum_quantity"] == ["0", "0.5"]
    page = sot("diff", "a", "--account", "main", "--store", store, "--known-at", cursors["a", 3])
    assert page.exit_code == 0
    for words in ("and now", "What differs", "Events between", "PARTIALLY_FILLED", "1.5 at 200"):
        assert words in page.stdout
    same = sot("diff", "a", "--account", "main", "--store", store, "--known-at", max(cursors.values()))
    assert (same.exit_code, same.stdout.splitlines()[-1]) == (0, "Nothing differs.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["as-of", "orders"],
        ["as-of", "--known-at", "99999", "orders"],
        ["as-of", "--known-at", "-1", "orders"],
        ["as-of", "--known-at", "soon", "orders"],
        ["as-of", "--known-at", "9" * 30, "orders"],
        ["as-of", "--known-at", "2026-02-30", "orders"],
        ["as-of", "--known-at", "2999-01-01T00:00:00Z", "orders"],
        ["as-of", "--happened-by", "2999-01-01T00:00:00Z", "orders"],
        ["as-of", "--happened-by", "7", "orders"],
        ["as-of", "--known-at", "0", "show", "a", "--account", "main"],
        ["as-of", "--happened-by", "2000-01-01T00:00:00Z", "show", "a", "--account", "main"],
        ["as-of", "--known-at", "3", "show", "nobody", "--account", "main"],
        ["as-of", "--known-at", "3", "orders", "--limit", "501"],
        ["as-of", "--known-at", "3", "nonsense"],
        ["as-of", "--known-at", "99999", "pnl", "--account", "main"],
        ["as-of", "--known-at", "3", "findings", "--accept", "0190", "--reason", "looked"],
        ["diff", "a", "--account", "main"],
        ["diff", "a", "--account", "main", "--known-at", "0"],
        ["diff", "a", "--account", "main", "--known-at", "5", "--to-known-at", "99999"],
        ["diff", "a", "--account", "main", "--known-at", "5", "--to-known-at", "soon"],
    ],
)
def test_bad_input(store, arguments):
    result = sot(*arguments, env={"SOT_STORE": str(store)})
    assert result.exit_code == 2, result.output
    assert result.stderr
    assert "Traceback" not in result.output
