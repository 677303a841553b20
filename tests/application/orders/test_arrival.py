"""What reports say of one order gives the same figures in whatever order, form and number they arrive."""

from itertools import permutations

import pytest

from sot import Instrument, OrderHistory, OrderRequest, VenueReport
from sot.adapters.memory import MemoryStore
from sot.application.audit.archive import archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.rebuild import rebuild
from sot.application.audit.restore import restore
from sot.audit import verify
from sot.domain.values.documents import read_document
from sot.domain.values.vocabulary import Anomaly, Outcome
from sot.ports.orders import OrderFilter

NAMED = {"venue": "X", "client_order_id": "c1"}


def at(second):
    return f"2026-01-05T10:00:{second}Z"


def report(kind, second=None, **fields):
    time = {} if second is None else {"occurred_at": at(second)}
    return VenueReport(account_id="main", type=kind, **{**NAMED, **time, **fields})


def trade(exec_id, quantity, price, second="02", **fields):
    return report("TRADE", second, exec_id=exec_id, last_quantity=quantity, last_price=price, **fields)


def correction(exec_ref_id, exec_id, second, quantity=None, price=None, **fields):
    figures = {"last_quantity": quantity, "last_price": price, **fields}
    return report("TRADE_CORRECT", second, exec_ref_id=exec_ref_id, exec_id=exec_id, **figures)


def bust(exec_ref_id, second, exec_id="x", **fields):
    return report("TRADE_CANCEL", second, exec_ref_id=exec_ref_id, exec_id=exec_id, **fields)


def fee(amount):
    return {"fees": [{"amount": amount, "currency": "USD"}]}


def leg(symbol, side, exec_id, price, **fields):
    return trade(exec_id, 2, price, symbol=symbol, side=side, reporting_type="LEG", **fields)


def summary(**fields):
    return trade("s", 2, "1.5", symbol="COMBO", side="BUY", reporting_type="SUMMARY", **fields)


def split(second, **fields):
    return report("RESTATED", second, split_ratio=2, order_quantity=20, limit_price=50, **fields)


LEGS = [leg("L1", "BUY", "a", 4), leg("L2", "SELL", "b", "2.5")]


@pytest.fixture
def told(store):
    """Record reports of an order, of which the store then gives the figures; `check` says what must hold of any."""

    def record(*reports, symbol="A", makes_order=True, adopts=False):
        with store.begin() as uow:
            history = OrderHistory(uow)
            for name, kind in (("A", "EQUITY"), ("COMBO", "OTHER"), ("L1", "OPTION"), ("L2", "OPTION")):
                history.register(
                    Instrument(account_id="main", venue="X", symbol=name, kind=kind, base=name, quote="USD")
                )
            if makes_order:
                history.mark_sent(history.submit(intent("c1", symbol)).request_id, occurred_at=at("00"))
            results = [history.adopt(each) if adopts else history.record(each) for each in reports]
            uow.commit()
        return results

    return record


def intent(name, symbol="A"):
    fields = {
        "account_id": "main",
        "venue": "X",
        "side": "BUY",
        "order_type": "LIMIT",
        "time_in_force": "GTC",
    }
    return OrderRequest(client_order_id=name, symbol=symbol, quantity=10, limit_price=100, **fields)


def figures(history):
    orders = list(history.orders(OrderFilter(account_id="main")))
    return {
        "orders": {o.order_id: (o.status, o.cum_quantity, o.venue_order_id, o.state.limit_price) for o in orders},
        "fees": {o.order_id: dict(history.costs(o.order_id).fees) for o in orders if o.cum_quantity},
        "positions": {p.key.symbol: (p.key.venue_account, p.quantity) for p in history.positions("main")},
        "balances": {(b.venue_account, b.asset): b.amount for b in history.balances("main")},
        "waiting": len(list(history.waiting("main"))),
    }


def now(store):
    with store.begin(read_only=True) as uow:
        return figures(OrderHistory(uow))


def check(store, *again, adopts=False):
    """What holds of every store: verified, rebuilt, asked for the past, restored and told again, it says the same."""
    expected = now(store)
    assert verify(store).problems == []
    rebuild(store)
    assert now(store) == expected
    copy = MemoryStore()
    with store.begin(read_only=True) as uow:
        assert figures(OrderHistory(uow).as_of(known_at=uow.feed.last())) == expected
        lines = list(archive(uow))
    with copy.begin() as uow:
        for line in lines:
            restore(uow, read_fact(read_document(line)["fact"]))
        uow.commit()
    assert now(copy) == expected
    assert verify(copy).problems == []
    with store.begin() as uow:
        history = OrderHistory(uow)
        outcomes = {(history.adopt(each) if adopts else history.record(each)).outcome for each in again}
        assert outcomes <= {Outcome.REPEATED}
        assert figures(history) == expected
    return expected


def only(values):
    (value,) = values.values()
    return value


def cum(figures):
    return only(figures["orders"])[1]


# Repeats


@pytest.mark.parametrize("with_reference", [0, 1])
def test_an_execution_that_refers_to_itself_is_the_same_execution(told, store, with_reference):
    reports = [trade("e1", 4, 100), trade("e1", 4, 100)]
    reports[with_reference] = reports[with_reference].changed(exec_ref_id="e1", fees=trade("e", 1, 1, **fee(1)).fees)
    told(*reports)
    expected = check(store, *reports)
    assert (cum(expected), only(expected["fees"])) == (4, {"USD": 1})


@pytest.mark.parametrize("fields", [{}, {"venue_order_id": "7"}], ids=["plain", "adds an id"])
def test_a_bust_under_the_id_of_its_execution_is_kept_as_invalid(told, store, fields):
    reports = [trade("e1", 4, 100), report("TRADE_CANCEL", "03", exec_id="e1", **fields)]
    results = told(*reports)
    assert (results[1].outcome, results[1].anomalies) == (Outcome.FLAGGED, (Anomaly.INVALID,))
    assert cum(check(store, *reports)) == 4


def test_a_correction_of_nothing_leaves_the_execution_of_its_id_alone(told, store):
    reports = [report("TRADE_CORRECT", "01", exec_id="e1", last_quantity=5, last_price=100), trade("e1", 4, 100)]
    results = told(*reports)
    assert results[0].anomalies == (Anomaly.INVALID,)
    assert cum(check(store, *reports)) == 4


def test_an_execution_that_made_no_sense_counts_when_it_is_told_in_full(told, store):
    reports = [report("TRADE", "02", exec_id="e1", last_quantity=4), trade("e1", 4, 100)]
    told(*reports)
    assert cum(check(store, *reports)) == 4


@pytest.mark.parametrize("more", [[], [trade("e2", 1, 50, "05")]], ids=["alone", "with a fill of its moment"])
def test_a_split_that_has_a_time_is_applied_once(told, store, more):
    reports = [trade("e1", 4, 100), split("05"), *more]
    told(*reports)
    assert cum(check(store, *reports)) == 8 + len(more)


def test_nanoseconds_tell_which_words_came_last(told, store):
    first, second = (
        report("REPLACED", "05", limit_price=price, venue_time_ns=1767607205000000000 + ns)
        for price, ns in ((101, 100), (102, 200))
    )
    told(first, second, first)
    assert only(check(store, first, second)["orders"])[3] == 102


def test_words_of_one_moment_may_be_said_again(told, store):
    there, back = (report("REPLACED", "05", limit_price=price) for price in (101, 102))
    assert told(there, back, there)[2].anomalies[0] is Anomaly.POSSIBLE_REPEAT
    assert only(now(store)["orders"])[3] == 101


@pytest.mark.parametrize(
    ("statement", "late"),
    [
        (report("DONE_FOR_DAY", "10"), trade("e1", 4, 100, "08")),
        (report("CALCULATED", "10"), trade("e1", 4, 100, "08")),
        (report("ORDER_STATUS", "10", reported_status="PARTIALLY_FILLED", cum_quantity=1), trade("e1", 3, 100, "09")),
    ],
    ids=["done for day", "calculated", "poll"],
)
def test_a_statement_with_a_time_is_no_news_after_a_late_fill(told, store, statement, late):
    told(statement, late)
    check(store, statement, late)


# Corrections and busts


CHAIN = [
    trade("e1", 4, 100, "02", liquidity="MAKER", **fee(1)),
    correction("e1", "e2", "03", 5, 100),
    correction("e2", "e3", "04", 3, 101),
    correction("e3", "e4", "05", 2, 102),
]


@pytest.mark.parametrize("order", [*permutations(range(4))], ids=str)
def test_a_chain_of_corrections_keeps_its_fees_in_any_order(told, store, order):
    told(*(CHAIN[number] for number in order))
    expected = check(store, *CHAIN)
    assert (cum(expected), only(expected["fees"]), expected["balances"]["", "USD"]) == (2, {"USD": 1}, -205)


@pytest.mark.parametrize("order", [*permutations(range(4))], ids=str)
def test_a_bust_of_the_first_id_ends_a_chain_in_any_order(told, store, order):
    reports = [*CHAIN[:3], bust("e1", "06")]
    told(*(reports[number] for number in order))
    assert cum(check(store, *reports)) == 0


def test_the_fee_of_a_correction_in_the_middle_is_kept(told, store):
    told(
        trade("e1", 4, 100, **fee(1)),
        correction("e2", "e3", "04", 3, 101),
        correction("e1", "e2", "03", 5, 100, **fee(2)),
    )
    assert only(check(store)["fees"]) == {"USD": 2}


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
@pytest.mark.parametrize(("second", "quantity"), [("03", 0), ("05", 5)])
def test_a_correction_counts_again_only_after_the_bust(told, store, order, second, quantity):
    reports = [trade("e1", 4, 100), bust("e1", "04"), correction("e1", "e2", second, 5, 100)]
    told(*(reports[number] for number in order))
    assert cum(check(store)) == quantity


def test_an_execution_counts_again_after_a_bust_of_any_of_its_ids(told, store):
    results = told(*CHAIN[:3], bust("e2", "05"), trade("e3", 3, 101, "06"))
    assert results[-1].anomalies[0] is Anomaly.POSSIBLE_REPEAT
    assert cum(check(store)) == 3


def test_a_correction_without_figures_waits_for_its_execution(told, store):
    reports = [correction("e1", "e2", "03", **fee(3)), trade("e1", 4, 100)]
    assert told(*reports)[0].anomalies == (Anomaly.UNKNOWN_REFERENCE,)
    expected = check(store, *reports)
    assert (cum(expected), only(expected["fees"])) == (4, {"USD": 3})


def test_a_correction_on_an_order_without_a_side_is_invalid(told, store):
    order = report("NEW", "01", venue_order_id="9", symbol="A")
    lost = correction("e1", "e2", "02", 2, 3, venue_order_id="9")
    told(order, makes_order=False, adopts=True)
    (result,) = told(lost, makes_order=False)
    assert result.anomalies == (Anomaly.INVALID,)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        (entry,) = [each for each in history.timeline(result.order_id) if each.invalid]
    assert [one.field for one in entry.invalid] == ["side"]
    check(store, lost)


# Legs


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_fees_of_a_summary_count_in_balances_and_positions(told, store, order):
    reports = [summary(**fee(3)), *LEGS]
    told(*(reports[number] for number in order), symbol="COMBO")
    expected = check(store, *reports)
    assert (expected["balances"]["", "USD"], only(expected["fees"])) == (-6, {"USD": 3})
    assert expected["positions"] == {"L1": ("", 2), "L2": ("", -2)}
    with store.begin(read_only=True) as uow:
        paid = {row.symbol: row.paid_fees for row in OrderHistory(uow).realized("main", by=["SYMBOL"])}
    assert paid["COMBO"] == 3


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_fees_of_a_summary_give_way_to_those_of_legs(told, store, order):
    reports = [summary(**fee(3)), leg("L1", "BUY", "a", 4, **fee(1)), LEGS[1]]
    told(*(reports[number] for number in order), symbol="COMBO")
    expected = check(store, *reports)
    assert (expected["balances"]["", "USD"], only(expected["fees"])) == (-4, {"USD": 1})


def test_fees_of_a_summary_count_again_when_the_leg_that_has_some_is_busted(told, store):
    told(summary(**fee(3)), leg("L1", "BUY", "a", 4, **fee(1)), LEGS[1], bust("a", "04"), symbol="COMBO")
    assert only(check(store)["fees"]) == {"USD": 3}


def test_a_correction_becomes_a_leg_when_its_leg_arrives(told, store):
    corrected = report("TRADE_CORRECT", "05", exec_ref_id="a", exec_id="a2", last_quantity=2, last_price="4.1")
    told(summary(), corrected, *LEGS, symbol="COMBO")
    expected = check(store, summary(), corrected, *LEGS)
    assert (cum(expected), expected["positions"]) == (2, {"L1": ("", 2), "L2": ("", -2)})


@pytest.mark.parametrize("late", [summary(), LEGS[0]], ids=["summary", "leg"])
def test_an_execution_is_known_to_be_a_leg_or_a_summary_later(told, store, late):
    plain = trade(late.exec_id, 2, late.last_price)
    told(plain, *(each for each in (summary(), *LEGS) if each is not late), late, symbol="COMBO")
    expected = check(store, plain, late)
    assert (cum(expected), expected["positions"]) == (2, {"L1": ("", 2), "L2": ("", -2)})


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
@pytest.mark.parametrize("names", [{"client_order_id": None}, {}], ids=["by venue id", "by client id"])
def test_an_order_that_is_adopted_from_a_leg_is_filled_by_its_summary(told, store, order, names):
    reports = [each.changed(venue_order_id="1", **names) for each in (*LEGS, summary(**fee(3)))]
    told(*(reports[number] for number in order), makes_order=False, adopts=True)
    expected = check(store, *reports, adopts=True)
    assert expected["positions"] == {"L1": ("", 2), "L2": ("", -2)}
    assert sum(order[1] for order in expected["orders"].values()) == 2
    assert expected["balances"]["", "USD"] == -6


# Names


@pytest.mark.parametrize(
    ("reports", "positions"),
    [
        ([LEGS[0], summary(venue_account="s1")], {"L1": ("s1", 2)}),
        ([trade("e1", 4, 100), bust("e1", "03"), report("CANCELED", "04", venue_account="s1")], {}),
    ],
    ids=["leg", "bust"],
)
def test_executions_that_fill_nothing_have_the_venue_account_too(told, store, reports, positions):
    told(*reports, symbol="COMBO" if len(reports) == 2 else "A")
    assert check(store, *reports)["positions"] == positions


@pytest.mark.parametrize("scope", ["venue_account", "id_scope"])
def test_a_name_is_found_that_one_report_alone_told_in_its_scope(told, store, scope):
    reports = [report("NEW", "01", venue_order_id="2", **{scope: "s1"}), trade("e1", 1, 100, venue_order_id="2")]
    told(*reports)
    assert cum(check(store, *reports)) == 1


def test_a_late_fill_under_the_old_venue_id_leaves_the_new_one_current(told, store):
    reports = [
        report("NEW", "01", venue_order_id="1"),
        report("REPLACED", "03", venue_order_id="2", limit_price=101),
        trade("e2", 1, 101, "04", venue_order_id="2"),
        trade("e1", 1, 100, "02", venue_order_id="1"),
        report("REPLACED", "02", venue_order_id="1", limit_price=100),
    ]
    told(*reports)
    assert only(check(store, *reports)["orders"])[2] == "2"


def test_a_known_execution_is_a_repeat_though_its_venue_id_was_used_again(told, store):
    executed = report("TRADE", exec_id="e1", last_quantity=10, last_price=100, venue_order_id="1", client_order_id=None)
    told(report("NEW", venue_order_id="1"), executed)
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.mark_sent(history.submit(intent("c2")).request_id)
        history.record(report("NEW", venue_order_id="1", client_order_id="c2"))
        uow.commit()
    check(store, executed)


def test_the_candidates_of_a_waiting_report_are_in_one_order(told, store):
    fields = {"client_order_id": "ref", "side": "BUY", "symbol": "A"}
    told(
        trade("e1", 1, 100, venue_order_id="7", **fields),
        trade("e1", 2, 100, venue_order_id="8", **fields),
        adopts=True,
    )
    told(report("CANCELED", "04", client_order_id="ref"), makes_order=False)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        (waiting,) = history.waiting("main")
        candidates = history.why_waiting(waiting).candidates
    assert len(candidates) == 2
    assert list(candidates) == sorted(candidates)
    check(store)


# Executions without an id


@pytest.mark.parametrize("order", [*permutations([None, "0", "-1"], 2)], ids=str)
def test_a_placeholder_makes_no_other_execution(told, store, order):
    reports = [trade(exec_id, 1, 100) for exec_id in order]
    told(*reports)
    assert cum(check(store, *reports)) == 1


def test_reports_that_waited_with_numbers_are_archived_and_restored(told, store):
    waiting = [trade(None, 1, 100, venue_sequence=number) for number in (3, 4)]
    told(*waiting, makes_order=False)
    assert now(store)["waiting"] == 2
    check(store, *waiting)
    told()
    assert cum(check(store, *waiting)) == 2
