"""No fact is ever rounded, on any database."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import STORES

from sot import Fee, OrderHistory, VenueReport
from sot.testing.contract.samples import ACCOUNT, VENUE
from sot.testing.contract.transactions import submit_and_send
from sot.testing.strategies import names, numbers, utc_times


@settings(max_examples=40)
@given(st.lists(st.tuples(numbers(1), numbers(), numbers(), utc_times(), names()), min_size=1, max_size=3))
def test_every_store_returns_what_was_recorded(make_store, executions):
    results = []
    stores = _STORES or _STORES.update({kind: make_store(kind) for kind in STORES}) or _STORES
    _COUNT.append(1)
    for store in stores.values():
        account = f"{ACCOUNT}-{len(_COUNT)}"
        order_id = submit_and_send(store, "C1", account)
        reports = [
            VenueReport(
                account_id=account,
                venue=VENUE,
                type="TRADE",
                client_order_id="C1",
                exec_id=f"E{n}",
                last_quantity=quantity,
                last_price=price,
                fees=[Fee(fee, "TOKEN")],
                occurred_at=at,
                text=text,
            )
            for n, (quantity, price, fee, at, text) in enumerate(executions)
        ]
        with store.begin() as uow:
            for report in reports:
                OrderHistory(uow).record(report)
            uow.commit()
        with store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            assert [event.report for event in list(history.events(order_id))[2:]] == reports
            fills = list(history.fills(order_id))
            order = history.order(order_id)
            results.append(
                [
                    [(str(f.quantity), str(f.price), str(f.fees[0].amount), f.occurred_at) for f in fills],
                    str(order.cum_quantity),
                    str(order.state.notional),
                    str(order.avg_price),
                    str(history.costs(order_id).fees["TOKEN"]),
                ]
            )
    assert results[0] == results[1] == results[2]


_STORES: dict = {}
_COUNT: list = []
