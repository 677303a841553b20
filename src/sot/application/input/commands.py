"""The fields of commands about requests and orders that are no values of the domain."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.value import Value


@attrs.frozen(slots=False, kw_only=True)
class SubmissionCommand(Value):
    """Mark a request as sent, as failed before it was sent, or as unknown; or withdraw it."""

    occurred_at: datetime | None = None
    actor: str | None = None
    reason: str | None = None

    KINDS: ClassVar = {"occurred_at": fields.TIME, "actor": fields.NAME, "reason": fields.TEXT}


@attrs.frozen(slots=False, kw_only=True)
class MarkCommand(Value):
    """Record a snapshot of the profit and loss of an order at a mark."""

    mark: Decimal
    rates: Mapping[str, Decimal] | None = None
    occurred_at: datetime | None = None
    actor: str | None = None

    KINDS: ClassVar = {"mark": fields.NUMBER, "rates": fields.RATES, "occurred_at": fields.TIME, "actor": fields.NAME}


@attrs.frozen(slots=False, kw_only=True)
class VoidCommand(Value):
    """Void an earlier event, which is named by its sequence or its exec_id."""

    reason: str
    sequence: int | None = None
    exec_id: str | None = None
    leg: str = ""
    occurred_at: datetime | None = None
    actor: str | None = None

    KINDS: ClassVar = {
        "reason": fields.TEXT,
        "sequence": fields.COUNT,
        "exec_id": fields.NAME,
        "leg": fields.SCOPE,
        "occurred_at": fields.TIME,
        "actor": fields.NAME,
    }
