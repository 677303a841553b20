"""The rows that keep a comparison with a venue: runs, their inputs, findings and resolutions."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.json_form import JsonForm
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import Mismatch, OrderStatus, PositionSide, ReconciliationType, Resolution

_REQUIRED: Mapping[ReconciliationType, tuple[str, ...]] = {
    ReconciliationType.RUN: ("inputs",),
    ReconciliationType.INPUT: ("run_id", "number", "inputs"),
    ReconciliationType.FINDING: ("run_id", "subject", "mismatch"),
    ReconciliationType.RESOLUTION: ("finding_id", "resolution"),
}


@attrs.frozen(slots=False, kw_only=True)
class Reconciliation(Value):
    """One row about a comparison of the history with a venue. Its `type` decides which fields it has:

    - RUN: A comparison took place at `checked_at`. `inputs` has the extent of both snapshots and the result.
    - INPUT: Part `number` of the snapshots that the run `run_id` compared, so that they can be compared again.
    - FINDING: The run `run_id` found a `mismatch`.
    - RESOLUTION: The finding `finding_id` is closed, by a later run (`run_id`) or by a person (`actor`, `reason`).

    Attributes:
        record_id: The id of the row. `run_id` and `finding_id` are ids of other rows.
        subject: The digest of what a finding is about: the same difference of the same thing has the same subject.
        local_status: The order's status in the history.
        exchange_status: The order's status at the venue.
        asset: The asset, where a balance differs.
        local_quantity: The quantity in the history, in units of the instrument or asset; None where it has none.
        exchange_quantity: The quantity at the venue, in units of the instrument or asset; None where it has none.
        local_price: The price in the history, of terms that differ, in quote currency per unit.
        exchange_price: The price at the venue, of terms that differ, in quote currency per unit.
        checked_at: The time at which the venue was asked.

    Raises:
        InvalidInput: A field is missing or not allowed, or the row refers to itself.
    """

    account_id: str
    type: ReconciliationType
    venue: str
    venue_account: str = ""
    record_id: str | None = None
    run_id: str | None = None
    number: int | None = None
    finding_id: str | None = None
    subject: str | None = None
    mismatch: Mismatch | None = None
    order_id: str | None = None
    client_order_id: str | None = None
    venue_order_id: str | None = None
    exec_id: str | None = None
    leg: str = ""
    symbol: str | None = None
    position_side: PositionSide | None = None
    position_id: str = ""
    asset: str | None = None
    local_status: OrderStatus | None = None
    exchange_status: OrderStatus | None = None
    local_quantity: Decimal | None = None
    exchange_quantity: Decimal | None = None
    local_price: Decimal | None = None
    exchange_price: Decimal | None = None
    resolution: Resolution | None = None
    reason: str | None = None
    actor: str | None = None
    checked_at: datetime | None = None
    inputs: Any = None

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "type": fields.member_of(ReconciliationType),
        "venue": fields.NAME,
        "venue_account": fields.SCOPE,
        "record_id": fields.IDENTITY,
        "run_id": fields.IDENTITY,
        "number": fields.COUNT,
        "finding_id": fields.IDENTITY,
        "subject": fields.HASH,
        "mismatch": fields.member_of(Mismatch),
        "order_id": fields.IDENTITY,
        "client_order_id": fields.NAME,
        "venue_order_id": fields.NAME,
        "exec_id": fields.NAME,
        "leg": fields.SCOPE,
        "symbol": fields.NAME,
        "position_side": fields.member_of(PositionSide),
        "position_id": fields.SCOPE,
        "asset": fields.NAME,
        "local_status": fields.member_of(OrderStatus),
        "exchange_status": fields.member_of(OrderStatus),
        "local_quantity": fields.NUMBER,
        "exchange_quantity": fields.NUMBER,
        "local_price": fields.NUMBER,
        "exchange_price": fields.NUMBER,
        "resolution": fields.member_of(Resolution),
        "reason": fields.TEXT,
        "actor": fields.NAME,
        "checked_at": fields.TIME,
        "inputs": fields.DOCUMENT,
    }

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for name in _REQUIRED[self.type]:
            if getattr(self, name) is None:
                raise InvalidInput(name, None, f"a value: it is required for a {self.type}")
        for name in ("run_id", "finding_id"):
            if self.record_id is not None and getattr(self, name) == self.record_id:
                raise InvalidInput(name, self.record_id, "the id of another row")


@attrs.frozen(slots=False, kw_only=True)
class RecordedReconciliation(JsonForm):
    """A recorded row of a reconciliation.

    Attributes:
        row: The row, with its id.
        hash: The digest of the row.
        resolution: The row that closed it; None for an open finding, and for rows of other types.
    """

    DERIVED: ClassVar = ("record_id", "account_id", "is_open")

    row: Reconciliation
    recorded_at: datetime
    hash: str
    resolution: Reconciliation | None = None

    @property
    def part(self) -> int | None:
        """The number of the part, for an INPUT row; unique within a run."""
        return self.row.number if self.row.type is ReconciliationType.INPUT else None

    @property
    def closes(self) -> str | None:
        """The id of the finding that it closes, for a RESOLUTION row; a finding is closed once."""
        return self.row.finding_id if self.row.type is ReconciliationType.RESOLUTION else None

    @property
    def is_open(self) -> bool | None:
        """Whether a finding is not closed; None for rows of other types."""
        return None if self.row.type is not ReconciliationType.FINDING else self.resolution is None

    @property
    def record_id(self) -> str:
        """The id of the row."""
        assert self.row.record_id is not None
        return self.row.record_id

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.row.account_id
