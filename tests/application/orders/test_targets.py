"""A REPLACE or CANCEL names its target by our id or by a client order id, which submitting resolves."""

import pytest

from sot import InvalidInput, OrderHistory, OrderRequest, VenueReport
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.contract.transactions import submit_and_send, write_history


@pytest.fixture
def sent(store):
    """A store with an order, by its client order id `C1`, and the id of the order."""
    write_history(store, lambda history: history.register(spot_instrument()))
    return submit_and_send(store, "C1")


def cancel(target, name="X1", **fields):
    return OrderRequest(
        account_id=fields.pop("account_id", ACCOUNT), action="CANCEL", client_order_id=name,
        target_client_order_id=target, **fields,
    )  # fmt: skip


def submit(store, request):
    return write_history(store, lambda history: history.submit(request))


def test_target_is_recorded_by_its_order_id(store, sent):
    recorded = submit(store, cancel("C1")).request
    assert (recorded.target_order_id, recorded.target_client_order_id) == (sent, None)
    assert (recorded.venue, recorded.symbol, recorded.side) == (VENUE, SYMBOL, "BUY")
    by_id = OrderRequest(account_id=ACCOUNT, action="CANCEL", client_order_id="X1", target_order_id=sent)
    assert submit(store, by_id).repeated, "it is the same intent"
    assert submit(store, cancel("C1")).repeated


def test_replaced_order_is_named_by_its_former_client_order_id(store, sent):
    replace = OrderRequest(
        account_id=ACCOUNT, action="REPLACE", client_order_id="C2", target_client_order_id="C1", limit_price="90"
    )
    request_id = submit(store, replace).request_id
    write_history(store, lambda history: history.mark_sent(request_id))
    replaced = VenueReport(account_id=ACCOUNT, venue=VENUE, type="REPLACED", client_order_id="C2", limit_price="90")
    write_history(store, lambda history: history.record(replaced))
    for number, name in enumerate(("C1", "C2")):
        assert submit(store, cancel(name, f"X{number}")).request.target_order_id == sent


@pytest.mark.parametrize(
    "request_of",
    [
        lambda: cancel("nobody"),
        lambda: cancel("C1", account_id="other"),
        lambda: cancel("C1", venue="ELSEWHERE"),
        lambda: cancel("C1", side="SELL"),
    ],
)
def test_unknown_target_is_refused_and_nothing_is_written(store, sent, request_of):
    with pytest.raises(InvalidInput, match="target_client_order_id.*of this account that was sent"):
        submit(store, request_of())
    assert write_history(store, lambda history: [recorded.request.key for recorded in history.requests()]) == ["C1"]


def test_intent_that_was_not_sent_is_no_target(store, sent):
    submit(store, new_order_request("C5"))
    with pytest.raises(InvalidInput, match="target_client_order_id"):
        submit(store, cancel("C5"))


@pytest.fixture
def twice(store, sent):
    """Another order with the client order id of the first one, in another scope."""
    request = new_order_request("C1", id_scope="2026-01-06", idempotency_key="again", symbol="B2/QUOTE")
    write_history(store, lambda history: history.register(spot_instrument(symbol="B2/QUOTE")))
    request_id = submit(store, request).request_id
    return write_history(store, lambda history: history.mark_sent(request_id)).order_id


def test_ambiguous_target_is_refused_with_its_candidates(store, sent, twice):
    with pytest.raises(InvalidInput) as refused:
        submit(store, cancel("C1", id_scope="2026-01-07"))
    assert all(f"{order_id} ({VENUE}" in str(refused.value) for order_id in (sent, twice))
    assert write_history(store, lambda history: len(list(history.requests()))) == 2


@pytest.mark.parametrize(("fields", "first"), [({}, True), ({"id_scope": "2026-01-06"}, False)])
def test_scope_tells_targets_apart(store, sent, twice, fields, first):
    assert submit(store, cancel("C1", **fields)).request.target_order_id == (sent if first else twice)


@pytest.mark.parametrize(("symbol", "first"), [(SYMBOL, True), ("B2/QUOTE", False)])
def test_symbol_tells_targets_apart(store, sent, twice, symbol, first):
    found = submit(store, cancel("C1", symbol=symbol, id_scope="2026-01-07")).request.target_order_id
    assert found == (sent if first else twice)


def test_intent_submitted_again_keeps_its_target(store, sent, request):
    first = submit(store, cancel("C1", id_scope="2026-01-07"))
    request.getfixturevalue("twice")
    again = submit(store, cancel("C1", id_scope="2026-01-07"))
    assert again.repeated and again.request == first.request


TERMS = {"venue": VENUE, "symbol": SYMBOL, "side": "BUY", "order_type": "MARKET", "quantity": 1}


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"action": "CANCEL", "target_order_id": "01890a5d-ac96-774b-bcce-b302099a8057"}, "one target"),
        ({**TERMS, "action": "NEW"}, "only REPLACE and CANCEL"),
    ],
)
def test_one_target_of_an_amendment(fields, match):
    with pytest.raises(InvalidInput, match=match):
        OrderRequest(account_id="a", client_order_id="c", target_client_order_id="b", **fields)


def test_request_that_was_not_submitted_travels_with_its_target():
    request = cancel("C1")
    assert OrderRequest.from_dict(request.to_dict()) == request
    assert request.to_dict()["target_client_order_id"] == "C1"


def test_target_within_one_unit_of_work(store, sent):
    with store.begin() as uow:
        history = OrderHistory(uow)
        assert history.submit(cancel("C1")).request.target_order_id == sent
        uow.commit()
