"""`sot waiting`: what waits, why, and ending it; and orders that report lines adopt."""

import json

import pytest
from tests.support.command_line import (
    ACCOUNT,
    AT,
    INSTRUMENT,
    SYMBOL,
    answers,
    named,
    outcomes,
    report,
    request,
    sot,
    trade,
)

FACTS = {"symbol": SYMBOL, "side": "SELL", "occurred_at": AT}


@pytest.fixture
def store(tmp_path):
    return tmp_path / "orders.db"


def record(store, *lines, options=()):
    result = sot("record", "--store", store, *options, lines=[INSTRUMENT, *lines])
    assert result.exit_code == 0, result.output
    return result


def listed(store, *options, command=("waiting",)):
    result = sot(*command, "--store", store, "--account", ACCOUNT, "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_each_waiting_report_says_why_and_what_ends_it(store):
    day = {"order_type": "LIMIT", "adopt": True, **FACTS}
    record(
        store,
        trade("stranger", "9", "1", "1", **FACTS),
        request("later"),
        trade("later", "10", "1", "1", **FACTS),
        report("NEW", "twice", id_scope="2026-01-05", **day),
        report("NEW", "twice", id_scope="2026-01-06", **day),
        trade("twice", "11", "1", "1", **FACTS),
        {"report": {"account_id": ACCOUNT, "type": "TRADE", "exec_id": "12", "last_quantity": "1", "last_price": "1"}},
    )
    waiting = {entry["report"]["exec_id"]: entry for entry in listed(store)["waiting"]}
    assert {exec_id: entry["reason"] for exec_id, entry in waiting.items()} == {
        "9": "UNKNOWN_REFERENCE",
        "10": "UNSENT_REQUEST",
        "11": "AMBIGUOUS_NAME",
        "12": "NO_IDENTIFIER",
    }
    orders = json.loads(sot("orders", "--store", store, "--identifier", "twice", "--json").stdout)["orders"]
    assert sorted(waiting["11"]["candidates"]) == sorted(order["order_id"] for order in orders)
    assert len(orders) == 2
    assert waiting["11"]["remedies"] == ["ATTRIBUTE", "NARROW_IDENTIFIERS"]
    assert waiting["10"]["request_id"] is not None
    assert waiting["10"]["remedies"] == ["MARK_SENT"]
    assert "ADOPT" in waiting["9"]["remedies"]
    assert waiting["9"]["explanation"] == "no order goes by its identifiers"
    table = sot("waiting", "--store", store, "--account", ACCOUNT).stdout
    assert "AMBIGUOUS_NAME: orders go by its identifiers, and which of them is meant is not certain." in table
    assert all(entry["report_id"] in table for entry in waiting.values())
    assert f"(--adopt {waiting['9']['report_id']})" in table
    assert f"(--attribute {waiting['12']['report_id']} --order ORDER)" in table


def test_an_unknown_instrument_is_said(store):
    record(store, trade("stranger", "9", "1", "1", symbol="NEW/ONE"))
    assert listed(store)["waiting"][0]["remedies"][-1] == "REGISTER_INSTRUMENT"


def test_pages(store):
    record(store, *(trade(f"s{number}", str(number), "1", "1") for number in range(3)))
    first = listed(store, "--limit", 2)
    second = listed(store, "--limit", 2, "--after", first["next"])
    names = [entry["report"]["client_order_id"] for page in (first, second) for entry in page["waiting"]]
    assert (names, second["next"]) == (["s0", "s1", "s2"], None)
    assert (
        f"More: --after {first['next']}" in sot("waiting", "--store", store, "--account", ACCOUNT, "--limit", 2).stdout
    )


def test_adopting_makes_an_order_of_all_reports_about_it(store):
    record(store, trade("liq", "9", "1", "1", **FACTS), trade("liq", "10", "2", "1", **FACTS))
    report_id = listed(store)["waiting"][1]["report_id"]
    adopt = ("waiting", "--store", store, "--account", ACCOUNT, "--adopt", report_id, "--json")
    adopted = json.loads(sot(*adopt[:-2], report_id[:13], "--json").stdout)
    assert adopted["outcome"] == "RECORDED"
    assert listed(store)["waiting"] == []
    orders = json.loads(sot("orders", "--store", store, "--json").stdout)["orders"]
    assert [(order["order_id"], order["cum_quantity"]) for order in orders] == [(adopted["order_id"], "3")]
    again = json.loads(sot(*adopt).stdout)
    assert (again["outcome"], again["order_id"]) == ("REPEATED", adopted["order_id"])
    assert sot("verify", "--store", store).exit_code == 0


def test_what_is_known_is_not_adopted(store):
    record(store, request("later"), trade("later", "10", "1", "1", **FACTS))
    report_id = listed(store)["waiting"][0]["report_id"]
    result = sot("waiting", "--store", store, "--account", ACCOUNT, "--adopt", report_id)
    assert result.exit_code == 2
    assert "a request that was not sent yet has its client order id" in result.stderr
    assert len(listed(store)["waiting"]) == 1


def test_attributing_to_one_of_the_candidates(store):
    day = {"order_type": "LIMIT", "adopt": True, **FACTS}
    record(
        store,
        report("NEW", "twice", id_scope="2026-01-05", **day),
        report("NEW", "twice", id_scope="2026-01-06", **day),
        report("NEW", "other", **day),
        trade("twice", "11", "1", "1", **FACTS),
    )
    (entry,) = listed(store)["waiting"]
    end = ("waiting", "--store", store, "--account", ACCOUNT, "--attribute", entry["report_id"], "--order")
    assert sot(*end, "nobody").exit_code == 2
    assert len(listed(store)["waiting"]) == 1
    chosen = entry["candidates"][1]
    assert sot(*end, chosen).stdout == f"RECORDED: event 3 of order {chosen}\n"
    assert sot(*end, chosen).stdout == f"REPEATED: event 3 of order {chosen}\n"
    other = sot(*end, "other")
    assert (other.exit_code, f"it joined order {chosen}" in other.stderr) == (2, True)
    assert listed(store)["waiting"] == []
    # Rebuilding, verifying and copying agree.
    assert sot("rebuild", "--store", store).exit_code == 0
    assert sot("verify", "--store", store).exit_code == 0
    assert listed(store)["waiting"] == []
    copy = store.with_name("copy.db")
    history = sot("export", "history", "--store", store).stdout_bytes
    assert sot("record", "--store", copy, lines=history).exit_code == 0
    assert listed(copy)["waiting"] == []
    shown = [json.loads(sot("show", chosen, "--store", url, "--json").stdout)["events"] for url in (store, copy)]
    assert shown[0] == shown[1]
    assert shown[0][-1]["report_id"] == entry["report_id"]


def test_attributing_what_no_order_goes_by_gives_the_order_its_identifiers(store):
    record(
        store,
        request("mine"),
        named("sent", "mine"),
        {"report": {**trade("strange", "9", "1", "1")["report"], "venue_order_id": "V7"}},
    )
    report_id = listed(store)["waiting"][0]["report_id"]
    end = ("waiting", "--store", store, "--account", ACCOUNT, "--attribute", report_id, "--order", "mine")
    assert sot(*end).exit_code == 0
    later = record(store, trade("strange", "10", "1", "1", venue_order_id="V7"))
    assert outcomes(later)[-1] == "RECORDED"
    assert answers(later)[-1]["sequence"] == 4


def test_the_past_waits_still(store):
    record(store, request("late"), trade("late", "9", "1", "1", occurred_at=AT))
    cursor = 3
    record(store, named("sent", "late"))
    assert listed(store)["waiting"] == []
    (then,) = listed(store, command=("as-of", "--known-at", cursor, "waiting"))["waiting"]
    assert then["reason"] == "UNSENT_REQUEST"
    refused = sot(
        "as-of", "--known-at", cursor, "waiting", "--store", store, "--account", ACCOUNT, "--adopt", then["report_id"]
    )
    assert refused.exit_code == 2


@pytest.mark.parametrize(
    "options",
    [
        ("--adopt", "no-id"),
        ("--adopt", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ("--order", "a"),
        ("--attribute", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ("--actor", "ann"),
        ("--adopt", "x", "--attribute", "y", "--order", "z"),
        ("--after", "x"),
        ("--limit", "0"),
    ],
)
def test_bad_options(store, options):
    record(store)
    assert sot("waiting", "--store", store, "--account", ACCOUNT, *options).exit_code == 2


@pytest.mark.parametrize("missing", ["venue", "symbol", "client_order_id"])
def test_a_line_that_cannot_be_adopted_waits(store, missing):
    line = trade("liq", "9", "1", "1", **FACTS, adopt=True)
    del line["report"][missing]
    assert outcomes(record(store, line)) == ["RECORDED", "FLAGGED"]
    assert len(listed(store)["waiting"]) == 1


@pytest.mark.parametrize("value", [False, None])
def test_a_line_without_adopt_waits(store, value):
    record(store, trade("liq", "9", "1", "1", **FACTS, adopt=value))
    assert len(listed(store)["waiting"]) == 1


@pytest.mark.parametrize("value", ["true", 1, 0, "", [], {}])
def test_adopt_is_true_or_false(store, value):
    result = sot("record", "--store", store, lines=[trade("liq", "9", "1", "1", **FACTS, adopt=value)])
    assert result.exit_code == 2
    assert (answers(result)[0]["field"], answers(result)[0]["allowed"]) == ("report.adopt", "true or false")


def test_adopted_lines_again_add_nothing(store):
    lines = [trade("liq", "9", "1", "1", **FACTS, adopt=True), trade("liq", "10", "1", "1", **FACTS, adopt=True)]
    assert outcomes(record(store, *lines)) == ["RECORDED", "RECORDED", "RECORDED"]
    assert outcomes(record(store, *lines)) == ["REPEATED", "REPEATED", "REPEATED"]
