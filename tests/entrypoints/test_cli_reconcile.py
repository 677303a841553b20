"""`sot recover`, `reconcile`, `findings` and `resolve`."""

import json
import sys

import pytest
from tests.support.command_line import ACCOUNT, INSTRUMENT, SYMBOL, VENUE, named, request, sot

from sot.entrypoints.venues import open_venue

BROKER = f"""
from datetime import timedelta
from decimal import Decimal

import attrs

from sot import OrderRequest
from sot.adapters.venues.simulated import SimulatedVenue
from sot.errors import VenueOutcomeUnknown


class Prompt(SimulatedVenue):
    @property
    def capabilities(self):
        return attrs.evolve(super().capabilities, time_limit=timedelta(microseconds=1))


def live(name={VENUE!r}, hand=True, **how):
    venue = Prompt(name, prices={{{SYMBOL!r}: Decimal(50000)}}, **how)
    fields = dict(account_id={ACCOUNT!r}, venue=name, symbol={SYMBOL!r}, side="BUY", order_type="LIMIT", quantity=2)
    venue.submit(OrderRequest(client_order_id="mine", limit_price="50000.5", **fields))
    if hand:
        venue.submit(OrderRequest(client_order_id="by-hand", limit_price=40000, **fields))
    return venue


def deaf():
    venue = live(hand=False)

    def fails(*args, **how):
        raise VenueOutcomeUnknown("TIMED_OUT")

    venue.find = venue.open_orders = venue.executions = venue.positions = fails
    return venue


def nothing():
    return None
"""


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Two orders that were sent and have no answer: one is at the broker, the other never arrived."""
    (tmp_path / "broker_of_tests.py").write_text(BROKER)
    monkeypatch.syspath_prepend(str(tmp_path))
    path = tmp_path / "orders.db"
    lines = [INSTRUMENT, *(line for name in ("mine", "lost") for line in (request(name), named("sent", name)))]
    done = sot("record", "-", "--store", path, lines=lines)
    assert done.exit_code == 0, done.output
    return path


def broker(command, store, *more, function="live"):
    return sot(command, "--store", store, "--venue", f"broker_of_tests:{function}", "--grace", "0", *more)


def compare(store, *more, function="live"):
    return broker("reconcile", store, "--account", ACCOUNT, *more, function=function)


def test_recover_settles_what_the_venue_can_tell(store):
    result = broker("recover", store, "--json")
    assert result.exit_code == 0
    recovery = json.loads(result.stdout)
    assert (len(recovery["settled"]), recovery["in_doubt"], recovery["queries"]) == (2, [], 2)
    orders = json.loads(sot("orders", "--store", store, "--json").stdout)["orders"]
    assert {order["client_order_id"]: order["status"] for order in orders} == {"mine": "FILLED", "lost": "FAILED"}
    quiet = broker("recover", store, "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_what_stays_in_doubt_is_listed_and_a_person_closes_it(store):
    result = broker("recover", store, function="deaf")
    assert result.exit_code == 1
    assert "2 in doubt" in result.stdout
    assert "TIMED_OUT" in " ".join(result.stdout.split())
    left = json.loads(broker("recover", store, "--json", function="deaf").stdout)["in_doubt"]
    assert [one["client_order_id"] for one in left] == ["mine", "lost"]
    arguments = ("resolve", "lost", "--account", ACCOUNT, "--store", store, "--reason", "not there", "--actor", "ann")
    closed = sot(*arguments, "--status", "failed")
    assert (closed.exit_code, closed.stdout) == (0, "RECORDED\n")
    assert sot(*arguments, "--status", "failed").stdout == "REPEATED\n"
    assert sot("resolve", "lost", "--account", ACCOUNT, "--store", store, "--reason", "again").exit_code == 2


def test_reconcile_reports_then_heals_and_leaves_rows(store):
    broker("recover", store)
    compared = compare(store, "--json")
    assert compared.exit_code == 1
    (finding,) = json.loads(compared.stdout)["findings"]
    assert (finding["mismatch"], finding["exchange_status"], finding["resolution"]) == ("MISSING_LOCAL", "NEW", None)
    shown = compare(store)
    assert "MISSING_LOCAL" in shown.stdout
    assert "1 findings are open" in shown.stdout
    healed = compare(store, "--heal", "--actor", "cron")
    assert healed.exit_code == 0, healed.output
    assert "History and venue agree" in healed.stdout
    assert compare(store, "--quiet").output == ""
    assert "No open findings" in sot("findings", "--store", store).stdout
    everything = json.loads(sot("findings", "--store", store, "--all", "--json").stdout)["findings"]
    assert [one["resolution"]["resolution"] for one in everything] == ["HEALED"]
    assert sot("verify", "--store", store, "--quiet").exit_code == 0


def test_a_finding_is_accepted_by_a_person_and_not_found_again(store):
    broker("recover", store)
    (finding,) = json.loads(compare(store, "--json").stdout)["findings"]
    accept = ("findings", "--store", store, "--accept", finding["record_id"][:13])
    refused = sot(*accept)
    assert refused.exit_code == 2
    assert "reason" in refused.stderr
    assert sot(*accept, "--reason", "the desk's own", "--actor", "ann").stdout == "RECORDED\n"
    assert sot(*accept, "--reason", "something else").exit_code == 2
    assert compare(store, "--quiet").exit_code == 0
    shown = sot("findings", "--store", store, "--all", "--mismatch", "missing_local")
    assert "ACCEPTED" in shown.stdout


def test_unanswered_questions_have_an_exit_code_of_their_own(store):
    broker("recover", store)
    result = compare(store, function="deaf")
    assert result.exit_code == 4
    assert "no answer: open orders: TIMED_OUT" in result.stdout
    assert json.loads(compare(store, "--json", function="deaf").stdout)["agrees"] is False


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("binance", "ccxt:binance"),
        ("nowhere_at_all:live", "No module named"),
        ("broker_of_tests:missing", "missing"),
        ("broker_of_tests:nothing", "returns a sot.venue.Venue"),
        ("ccxt:nosuch", "ccxt.exchanges"),
    ],
)
def test_a_venue_that_cannot_be_opened_is_told(store, spec, message):
    result = sot("recover", "--store", store, "--venue", spec)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_the_module_of_a_venue_may_be_a_file_in_the_working_directory(store, tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "broker_beside_us.py").write_text(BROKER)
    monkeypatch.chdir(tmp_path / "folder")
    monkeypatch.setattr(sys, "path", list(sys.path))
    result = sot("recover", "--store", store, "--venue", "broker_beside_us:live", "--grace", "0")
    assert result.exit_code == 0, result.output


def test_an_installed_module_is_not_replaced_by_a_file_in_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "broker_in_two_places.py").write_text(BROKER)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "broker_in_two_places.py").write_text("live = None")
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path / "folder")
    assert open_venue("broker_in_two_places:live").name == VENUE


def test_the_configuration_is_a_file_of_json(store, tmp_path):
    config = tmp_path / "venue.json"
    config.write_text('{"name": "ELSEWHERE"}')
    result = compare(store, "--venue-config", config, "--json")
    assert json.loads(result.stdout)["findings"][0]["venue"] == "ELSEWHERE"
    for text, message in (("[1]", "one JSON object"), ("{", "a file of JSON"), ('{"unheard": 1}', "unheard")):
        config.write_text(text)
        refused = compare(store, "--venue-config", config)
        assert refused.exit_code == 2
        assert message in " ".join(refused.stderr.split())
    assert compare(store, "--venue-config", tmp_path / "none.json").exit_code == 2
