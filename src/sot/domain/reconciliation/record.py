"""What comparing the history with a venue found, as facts: runs, their inputs, findings, and how these were closed."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Mismatch, OrderStatus, PositionSide, ReconciliationType, Resolution

_NEEDS: Mapping[ReconciliationType, tuple[str, ...]] = {
    ReconciliationType.RUN: ("inputs",),
    ReconciliationType.INPUT: ("run_id", "number", "inputs"),
    ReconciliationType.FINDING: ("run_id", "subject", "mismatch"),
    ReconciliationType.RESOLUTION: ("finding_id", "resolution"),
}


@attrs.frozen(slots=False, kw_only=True)
class Reconciliation(fields.Value):
    """One fact about a comparison of the history with a venue. What it says depends on its `type`:

    - RUN: a comparison took place at `checked_at`; `inputs` tells what both sides covered, and what came of it.
    - INPUT: part `number` of what the run `run_id` compared, for it to be compared again.
    - FINDING: the run `run_id` found a `mismatch`. `subject` names what it is about: the same difference of the same
      thing has the same one. `local_status` and `local_quantity` are what the history has, `exchange_status` and
      `exchange_quantity` what the venue says, in units of the instrument; None where that side has nothing.
    - RESOLUTION: the finding `finding_id` is closed, by a later run (`run_id`) or by a person (`actor`, `reason`).

    A row never names itself: `run_id` and `finding_id` are ids of other rows.

    Raises: InvalidInput: a field that is not allowed, or missing; or the row names itself.
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
    local_status: OrderStatus | None = None
    exchange_status: OrderStatus | None = None
    local_quantity: Decimal | None = None
    exchange_quantity: Decimal | None = None
    resolution: Resolution | None = None
    reason: str | None = None
    actor: str | None = None
    checked_at: datetime | None = None
    inputs: Any = None

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "type": fields.word(ReconciliationType),
        "venue": fields.NAME,
        "venue_account": fields.SCOPE,
        "record_id": fields.IDENTITY,
        "run_id": fields.IDENTITY,
        "number": fields.COUNT,
        "finding_id": fields.IDENTITY,
        "subject": fields.HASH,
        "mismatch": fields.word(Mismatch),
        "order_id": fields.IDENTITY,
        "client_order_id": fields.NAME,
        "venue_order_id": fields.NAME,
        "exec_id": fields.NAME,
        "leg": fields.SCOPE,
        "symbol": fields.NAME,
        "position_side": fields.word(PositionSide),
        "position_id": fields.SCOPE,
        "local_status": fields.word(OrderStatus),
        "exchange_status": fields.word(OrderStatus),
        "local_quantity": fields.NUMBER,
        "exchange_quantity": fields.NUMBER,
        "resolution": fields.word(Resolution),
        "reason": fields.TEXT,
        "actor": fields.NAME,
        "checked_at": fields.TIME,
        "inputs": fields.DOCUMENT,
    }

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for name in _NEEDS[self.type]:
            if getattr(self, name) is None:
                raise InvalidInput(name, None, f"a value: a {self.type} needs it")
        for name in ("run_id", "finding_id"):
            if self.record_id is not None and getattr(self, name) == self.record_id:
                raise InvalidInput(name, self.record_id, "the id of another row: a row never names itself")


@attrs.frozen(slots=False, kw_only=True)
class RecordedReconciliation:
    """A row of a reconciliation that has its id, when it was recorded, and its digest.

    `resolution` is the row that closed a finding, where one did.
    """

    row: Reconciliation
    recorded_at: datetime
    hash: str
    resolution: Reconciliation | None = None

    @property
    def part(self) -> int | None:
        """Which part of what its run compared it is, if it is one: there is one of each number."""
        return self.row.number if self.row.type is ReconciliationType.INPUT else None

    @property
    def closes(self) -> str | None:
        """The finding that it closes, if it closes one: none is closed twice."""
        return self.row.finding_id if self.row.type is ReconciliationType.RESOLUTION else None

    @property
    def is_open(self) -> bool | None:
        """Whether it is a finding that is not closed; None of what is no finding."""
        return None if self.row.type is not ReconciliationType.FINDING else self.resolution is None

    @property
    def record_id(self) -> str:
        """Its id, which every recorded one has."""
        assert self.row.record_id is not None
        return self.row.record_id

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.row.account_id
