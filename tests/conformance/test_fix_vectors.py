"""The vectors of the lifecycle, with every fact of the venue sent through FIX messages, give the same states.

What FIX has no field or word for is listed here, and is all that may differ.
"""

import pytest
from tests.support.fix_encoding import VERSIONS, encoded, inexpressible

from sot.adapters.fix import FixDecoder, FixLog
from sot.adapters.memory import MemoryStore
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import VENUE_EVENT_TYPES
from sot.testing.vectors import bundled, run_vectors

# Those of single rules vary fields of reports one by one, many of which no FIX message has.
STORIES = ("fix/", "sot/", "cell/")
LIFECYCLE = [vector for vector in bundled() if vector["kind"] == "lifecycle" and vector["id"].startswith(STORIES)]
OFFICIAL = [vector for vector in LIFECYCLE if vector["id"].startswith("fix/")]
OF_THE_VECTOR = {"t", "branch", "expect", "refused"}
NOT_OF_THE_FACT = {"account_id", "venue", "raw_payload", "received_at"}

# A split is reported with restated quantities, not by its ratio; executions of legs have ids of their own, so that none
# needs the name of its leg; FAILED is ours, so that no FIX venue says it.
DIFFERS = {
    "fix/H.1.b": {"split_ratio"},
    "sot/split/correct-after": {"split_ratio"},
    "sot/repeats/split-with-time": {"split_ratio"},
    "sot/repeats/leg": {"leg"},
    "cell/PENDING_CANCEL/ORDER_STATUS/FAILED": {"reported_status"},
    "cell/PENDING_REPLACE/ORDER_STATUS/FAILED": {"reported_status"},
    "cell/FAILED/VOIDED/PENDING_CANCEL": {"reported_status"},
    "cell/FAILED/VOIDED/PENDING_REPLACE": {"reported_status"},
    "cell/PENDING_CANCEL/VOIDED/FAILED": {"reported_status"},
    "cell/PENDING_REPLACE/VOIDED/FAILED": {"reported_status"},
}
# A venue that took a field over from a later version is read all the same, so these do not make a difference.
TAKEN_OVER = {"4.2": {"TRIGGERED", "liquidity"}, "4.4": {"TRIGGERED"}, "5.0SP2": set()}
# OrderCancelReject has no ExecID, and needs none: it moves no execution. SUPPLEMENTED is ours; FIX corrects instead.
NEVER = {"exec_id", "SUPPLEMENTED"}


def is_message(fact):
    return fact["type"] in map(str, VENUE_EVENT_TYPES)


def through_fix(vector, version, printed):
    """The vector with what its messages say in place of the facts, and what they could not say."""
    facts, missing = [], set()
    for fact in vector["facts"]:
        kept = {name: value for name, value in fact.items() if name in {*OF_THE_VECTOR, "received_at"}}
        fields = {name: value for name, value in fact.items() if name not in OF_THE_VECTOR and value is not None}
        if is_message(fact) and "refused" not in fact:
            report = VenueReport.read({"account_id": "ACCOUNT", "venue": "VENUE", **printed(vector, fact), **fields})
            missing |= inexpressible(report, version)
            if fact["type"] != "SUPPLEMENTED":
                fields = decoded(report, version).as_json()
        facts.append({name: value for name, value in fields.items() if name not in NOT_OF_THE_FACT} | kept)
    return {**vector, "facts": facts}, missing


def decoded(report, version):
    (message,) = FixLog([encoded(report, version)])
    return FixDecoder().decode(message)


def as_it_is(vector, fact):
    return {}


def as_printed(vector, fact):
    """What the scenarios print in every report: the order's state after the fact."""
    expect = fact.get("expect")
    if expect is None:
        return {}
    figures = ("cum_quantity", "leaves_quantity", "avg_price", "order_quantity")
    printed = {name: expect[name] for name in figures if name in expect} | {"reported_status": expect["status"]}
    if fact.get("client_order_id") is not None:  # an order that was given by telephone is named by the runner
        printed["venue_order_id"] = "V"
    return printed | {"symbol": "BASE/QUOTE", "side": vector["request"]["side"]}


def differing(vectors, version, printed):
    found, expected = {}, 0
    for vector in vectors:
        changed, missing = through_fix(vector, version, printed)
        result = run_vectors(MemoryStore(), [changed])
        expected += result.expected
        if result.failures:
            found[vector["id"]] = missing - TAKEN_OVER[version] - NEVER
    return found, expected


@pytest.mark.parametrize("version", VERSIONS)
def test_the_states_are_those_of_the_vectors(version):
    found, expected = differing(LIFECYCLE, version, as_it_is)
    assert found == DIFFERS
    assert expected > 2000


@pytest.mark.parametrize("version", VERSIONS)
def test_official_scenarios_as_printed(version):
    """With the OrdStatus, CumQty, LeavesQty and AvgPx that the specification prints in each report."""
    found, expected = differing(OFFICIAL, version, as_printed)
    assert found == {"fix/H.1.b": DIFFERS["fix/H.1.b"]}
    assert expected > 500


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_else_is_beyond_fix(version):
    beyond = set()
    for vector in LIFECYCLE:
        _, missing = through_fix(vector, version, as_it_is)
        beyond |= missing
    assert beyond == TAKEN_OVER[version] | NEVER | {"split_ratio", "leg", "reported_status"}
