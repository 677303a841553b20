"""Sample values that the suites record: an instrument, requests, reports, reconciliation rows, API keys."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import (
    AccessScope,
    EventType,
    InstrumentKind,
    Mismatch,
    OrderType,
    ReconciliationType,
    Resolution,
    Side,
)

ACCOUNT, VENUE, SYMBOL = "account", "VENUE", "BASE/QUOTE"
LARGEST = Decimal("99999999999999999999.999999999999999999")
SMALLEST = Decimal("0.000000000000000001")
T0 = datetime(2026, 1, 5, 10, 0, 0, 1, tzinfo=UTC)

UNUSED_ID = "00000000-0000-7000-8000-00000000dead"
ORDER_ID = "00000000-0000-7000-8000-0000000000a1"
OTHER_ORDER_ID = "00000000-0000-7000-8000-0000000000a2"
SUBJECT, OTHER_SUBJECT = "1" * 64, "2" * 64


def spot_instrument(account_id: str = ACCOUNT, symbol: str = SYMBOL) -> Instrument:
    """Make a spot instrument."""
    return Instrument(
        account_id=account_id, venue=VENUE, symbol=symbol, kind=InstrumentKind.SPOT, base="BASE", quote="QUOTE"
    )


def new_order_request(client_order_id: str, account_id: str = ACCOUNT, **changes: object) -> OrderRequest:
    """Make a request for a new order: buy 10 at a limit of 100. `changes` replace or add fields."""
    fields = {
        "account_id": account_id,
        "client_order_id": client_order_id,
        "venue": VENUE,
        "symbol": SYMBOL,
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "quantity": Decimal(10),
        "limit_price": Decimal(100),
        **changes,
    }
    return OrderRequest(**fields)  # type: ignore[arg-type]


def trade_report(
    client_order_id: str, exec_id: str, quantity: str = "1", price: str = "100", **fields: object
) -> VenueReport:
    """Make a venue report of an execution."""
    return VenueReport(
        account_id=str(fields.pop("account_id", ACCOUNT)),
        type=EventType.TRADE,
        venue=VENUE,
        client_order_id=client_order_id,
        exec_id=exec_id,
        last_quantity=Decimal(quantity),
        last_price=Decimal(price),
        **fields,  # type: ignore[arg-type]
    )


def reconciliation_row(type: str, account_id: str = ACCOUNT, venue: str = VENUE, **fields: Any) -> Reconciliation:
    """Make a reconciliation row of a type with its required fields, and those that are given."""
    required: dict[str, dict[str, Any]] = {
        "RUN": {"inputs": {}},
        "INPUT": {"inputs": {}, "number": 1},
        "FINDING": {"subject": SUBJECT, "mismatch": Mismatch.STATUS_DIFFERS},
        "RESOLUTION": {"resolution": Resolution.AGREES},
    }
    values = {**required[type], **fields}
    return Reconciliation(account_id=account_id, type=ReconciliationType(type), venue=venue, **values)


def api_key(key_id: str, **fields: Any) -> ApiKey:
    """Make an API key with its required fields, and those that are given."""
    values = {"secret_hash": "0" * 64, "scopes": [AccessScope.READ], "created_at": T0, **fields}
    return ApiKey(key_id=key_id, **values)


def idempotency_record(key: str, owner: str = ACCOUNT, **fields: Any) -> IdempotencyRecord:
    """Make an idempotency record with its required fields, and those that are given."""
    values = {"fingerprint": "1" * 64, "status": 201, "body": "{}", "recorded_at": T0, **fields}
    return IdempotencyRecord(owner=owner, key=key, **values)
