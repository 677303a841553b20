"""The schemas of responses, by name. Tests validate every response of the server against them."""

from collections.abc import Mapping

from sot.adapters.http.schemas.builders import FEE_SCHEMA, response_schema, response_types, value_response_schema
from sot.adapters.http.schemas.schema_refs import Schema
from sot.application.views.orders import ORDER_FIELDS
from sot.application.views.records import FINDING_FIELDS
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.event import LocalFact
from sot.domain.orders.fill import Fill
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation

_POSITION_KEY_FIELDS = {
    "account_id": "name",
    "venue": "name",
    "symbol": "name",
    "position_side": "PositionSide",
    "position_id": "text",
    "venue_account": "text",
}
_ORDER_TYPES = response_types(
    ORDER_FIELDS,
    never_null=(
        "account_id",
        "order_id",
        "venue",
        "venue_account",
        "id_scope",
        "symbol",
        "status",
        "is_open",
        "in_doubt",
        "cum_quantity",
        "provisional_quantity",
        "created_at",
        "last_sequence",
    ),
)
_REQUEST_TYPES = response_types(
    OrderRequest.KINDS,
    never_null=(
        "account_id",
        "action",
        "request_id",
        "idempotency_key",
        "id_scope",
        "venue",
        "venue_account",
        "symbol",
    ),
)
_RESULT_FIELDS = {
    "currency": "name?",
    "unvalued": "amounts",
    "complete": "flag",
    "conversions": "Conversion[]",
}
_GROUP_FIELDS = {"day": "-text", "venue": "-name", "symbol": "-name", "strategy_code": "-text", "order_id": "-id"}
_EVENT_FIELDS = {
    "sequence": "count",
    "type": "EventType",
    "origin": "Origin",
    "recorded_at": "time",
    "anomalies": "Anomaly[]",
    "trace": "name?",
    "prev_hash": "hash",
    "hash": "hash",
    "report": "RecordedReport?",
    "fact": "RecordedFact?",
    "report_id": "id?",
    "body": "text",
}
_TIMELINE_FIELDS = {
    "sequence": "count",
    "type": "EventType",
    "origin": "Origin",
    "actor": "name?",
    "recorded_at": "time",
    "occurred_at": "time?",
    "status": "OrderStatus",
    "changed": "object",
    "anomalies": "Anomaly[]",
    "invalid": "InvalidField[]",
    "report_id": "id?",
    "trace": "name?",
    "prev_hash": "hash",
    "hash": "hash",
    "reported_type": "-VenueEventType",
}
_FILL_FIELDS = {
    "quantity": "amount",
    "price": "amount",
    "busted": "flag",
    "leg": "text",
    "fees": "Fee[]",
    "split_factor": "amount",
    "position_side": "PositionSide",
    "position_id": "text",
    "venue_account": "text",
}


def _page(item: str) -> Schema:
    return response_schema(data=f"{item}[]", next_page_token="text?")


def _timeline_entry() -> Schema:
    """The fields of every entry, and those of its report or local fact beside them."""
    own = ("account_id", "order_id", "type")
    entry = response_schema(**_TIMELINE_FIELDS)
    report, fact = value_response_schema(VenueReport, without=own), value_response_schema(LocalFact, without=own)
    return {**entry, "properties": {**fact["properties"], **report["properties"], **entry["properties"]}}


RESPONSE_SCHEMAS: Mapping[str, Schema] = {
    "AsOf": response_schema(known_at="cursor or time", happened_by="time?", exact="flag"),
    "OpenRequest": response_schema(
        action="Action", requested_at="time", client_order_id="name?", request_id="id?", in_doubt="flag"
    ),
    "Order": response_schema(**{**_ORDER_TYPES, "open_requests": "OpenRequest[]"}, exchange="name"),
    "OrderPage": _page("Order"),
    "Request": response_schema(
        id="id",
        **_REQUEST_TYPES,
        status="RequestStatus",
        order_id="id?",
        recorded_at="time",
        hash="hash",
        context="RecordedContext?",
        risk_checks="RecordedRiskCheck[]",
        withdrawal="RecordedWithdrawal?",
    ),
    "RequestPage": _page("Request"),
    "RecordedContext": value_response_schema(DecisionContext),
    "RecordedRiskCheck": value_response_schema(RiskCheck, with_nulls=True, number="count", recorded_at="time"),
    "RecordedWithdrawal": value_response_schema(Withdrawal, with_nulls=True, recorded_at="time"),
    "InvalidField": response_schema(field="text", reason="text"),
    "RecordResult": response_schema(
        outcome="Outcome",
        order_id="id?",
        sequence="count?",
        type="EventType?",
        anomalies="Anomaly[]",
        invalid="InvalidField[]",
        hash="hash?",
    ),
    "Event": response_schema(**_EVENT_FIELDS),
    "RecordedReport": value_response_schema(VenueReport),
    "RecordedFact": value_response_schema(LocalFact),
    "EventPage": _page("Event"),
    "TimelineEntry": _timeline_entry(),
    "TimelinePage": _page("TimelineEntry"),
    "Fee": FEE_SCHEMA,
    "Fill": value_response_schema(Fill, with_nulls=True, without=("account_id", "order_id"), **_FILL_FIELDS),
    "FillPage": _page("Fill"),
    "Costs": response_schema(
        currency="name?",
        quantity="amount",
        notional="amount",
        maker_notional="amount",
        taker_notional="amount",
        avg_price="amount?",
        fees="amounts",
        paid_in_quantity="amount",
        decision_price="amount?",
        slippage="amount?",
        slippage_rate="amount?",
        slippage_cost="amount?",
        fee_total="amount",
        unvalued="amounts",
        effective_rate="amount?",
    ),
    "Pnl": response_schema(
        order_id="id",
        sequence="count",
        mark="amount",
        rates="amounts",
        currency="name",
        cost_basis="amount",
        gross="amount",
        unrealized="amount",
        realized="amount",
        net="amount",
        realized_pnl="amount",
        fees="amounts",
        unvalued="amounts",
        complete="flag",
        calculated_at="time",
    ),
    "Instrument": response_schema(
        account_id="name",
        venue="name",
        symbol="name",
        kind="InstrumentKind",
        base="name",
        quote="name",
        settle="name",
        multiplier="amount",
        inverse="flag",
        valid_from="time",
    ),
    "Instruments": response_schema(data="Instrument[]"),
    "Conversion": response_schema(amount="amount", currency="name", into="name", at="time", rate="amount"),
    "Lot": response_schema(
        quantity="amount", price="amount", entry_value="amount", fees="amount", opened_at="time", order_id="id?"
    ),
    "Position": response_schema(
        **_POSITION_KEY_FIELDS,
        **_RESULT_FIELDS,
        quantity="amount",
        avg_entry_price="amount?",
        break_even="amount?",
        entry_value="amount",
        open_fees="amount",
        realized_gross="amount",
        realized_net="amount",
        realized_paid="amount",
        fees="amounts",
        account_results="amounts",
        unvalued_results="amounts",
        uncovered="flag",
        method="Method",
        unrealized="amount?",
        opened_at="time?",
        lots="Lot[]",
    ),
    "PositionPage": _page("Position"),
    "Realized": response_schema(
        **_GROUP_FIELDS,
        **_RESULT_FIELDS,
        realized_gross="amount",
        closed_fees="amount",
        paid_fees="amount",
        account_results="amount",
        realized_net="amount",
        realized_paid="amount",
        unvalued_results="amounts",
    ),
    "RealizedPage": _page("Realized"),
    "CostAnalysis": response_schema(
        **_GROUP_FIELDS,
        **_RESULT_FIELDS,
        orders="count",
        notional="amount",
        maker_notional="amount",
        taker_notional="amount",
        fees="amounts",
        fee_total="amount",
        effective_rate="amount?",
        decided="count",
        slippage_cost="amount?",
        slippage_rate="amount?",
        fill_ratio="amount?",
    ),
    "CostPage": _page("CostAnalysis"),
    "RoundTrip": response_schema(
        **_POSITION_KEY_FIELDS,
        side="PositionSide",
        currency="name",
        opened_at="time",
        closed_at="time?",
        entry_quantity="amount",
        avg_entry_price="amount?",
        exit_quantity="amount",
        avg_exit_price="amount?",
        realized_gross="amount",
        fees="amount",
        open_fees="amount",
        account_results="amount",
        net="amount",
        fills="count",
        order_ids="id[]",
        complete="flag",
        duration="amount?",
    ),
    "RoundTripPage": _page("RoundTrip"),
    "AccountEvent": value_response_schema(
        AccountEvent,
        with_nulls=True,
        event_id="id",
        venue_account="text",
        position_side="PositionSide",
        position_id="text",
        recorded_at="time",
        hash="hash",
        anomalies="Anomaly[]",
    ),
    "AccountEventPage": _page("AccountEvent"),
    "WaitingReport": response_schema(
        report_id="id",
        recorded_at="time",
        hash="hash",
        reason="WaitingReason",
        explanation="text",
        candidates="id[]",
        request_id="id?",
        remedies="WaitingRemedy[]",
        steps="text[]",
        report="RecordedReport",
    ),
    "WaitingReportPage": _page("WaitingReport"),
    "FindingResolution": response_schema(resolution="Resolution", reason="text?", actor="name?", run_id="id?"),
    "Finding": response_schema(
        **response_types(
            {name: Reconciliation.KINDS[name] for name in FINDING_FIELDS},
            never_null=("record_id", "account_id", "venue", "mismatch", "run_id"),
        ),
        found_at="time",
        resolution="FindingResolution?",
    ),
    "FindingPage": _page("Finding"),
    "ReconciliationResult": response_schema(
        run_id="id",
        agrees="flag",
        opened="count",
        closed="count",
        recorded="count",
        failures="text[]",
        findings="Finding[]",
    ),
    "UnresolvedOrder": response_schema(
        order_id="id", account_id="name", client_order_id="name?", status="OrderStatus", reason="text"
    ),
    "RecoveryResult": response_schema(settled="id[]", in_doubt="UnresolvedOrder[]", too_recent="id[]", queries="count"),
    "Checkpoint": response_schema(
        store_id="id",
        number="count",
        sealed_at="time",
        upto="count",
        count="count",
        root="hash",
        previous="hash",
        hash="hash",
        signature="text?",
        key_id="name?",
    ),
    "CheckpointPage": _page("Checkpoint"),
    "SealResult": response_schema(checkpoint="Checkpoint?"),
    "Proof": response_schema(fact="object", leaf="text", place="count", path="hash[]", checkpoint="object"),
    "FeedItem": response_schema(cursor="count", hash="hash", event="FeedEvent"),
    "FeedEvent": response_schema(account_id="name", order_id="id", **_EVENT_FIELDS),
    "FeedPage": response_schema(data="FeedItem[]", next_cursor="count"),
    "Document": {"type": "object", "additionalProperties": True, "description": "This document."},
    "Health": response_schema(status="text"),
}
