"""A history with what tables must get right."""

from sot import AccountEvent, EventType, Fee, VenueReport
from sot.testing.contract.samples import ACCOUNT, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history
from tests.support.accounting_samples import T0, at


def record_what_tables_show(store):
    """An order whose executions were corrected and busted, with an average that does not end, and a funding."""
    write_history(store, lambda h: h.register(spot_instrument()))
    order_id = submit_and_send(store, "C1", quantity=10)
    submit_and_send(store, "C2", quantity=1, side="SELL")
    fees = [Fee("0.5", "QUOTE"), Fee("0.1", "TOKEN", fee_id="fee-1")]
    reports = [
        trade_report("C1", "E1", "1", "100", fees=fees, occurred_at=T0),
        trade_report("C1", "E2", "5", "90", occurred_at=at(1)),
        VenueReport(
            account_id=ACCOUNT, venue=VENUE, type=EventType.TRADE_CORRECT, client_order_id="C1", exec_id="E3",
            exec_ref_id="E2", last_quantity=2, last_price="101", occurred_at=at(2),
        ),
        trade_report("C1", "E4", "7", "80", occurred_at=at(3)),
        VenueReport(
            account_id=ACCOUNT, venue=VENUE, type=EventType.TRADE_CANCEL, client_order_id="C1", exec_id="E5",
            exec_ref_id="E4", occurred_at=at(4),
        ),
        trade_report("C2", "E6", "1", "110", liquidity="MAKER", occurred_at=at(5)),
    ]  # fmt: skip
    for report in reports:
        write_history(store, lambda h, report=report: h.record(report))
    funding = AccountEvent(
        account_id=ACCOUNT, type="FUNDING", venue=VENUE, symbol="BASE/QUOTE", amount="-1", currency="QUOTE",
        external_id="F1", occurred_at=at(6),
    )  # fmt: skip
    write_history(store, lambda h: h.record_account_event(funding))
    return order_id
