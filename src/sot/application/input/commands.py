"""What is said of requests and orders from outside, beside the values of the domain."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.values import fields


@attrs.frozen(slots=False, kw_only=True)
class SubmissionCommand(fields.Value):
    """A request was handed to the venue, failed before that, or nobody knows."""

    occurred_at: datetime | None = None
    actor: str | None = None
    reason: str | None = None

    KINDS: ClassVar = {"occurred_at": fields.TIME, "actor": fields.NAME, "reason": fields.TEXT}


@attrs.frozen(slots=False, kw_only=True)
class MarkCommand(fields.Value):
    """A price to value an order at."""

    mark: Decimal
    rates: Mapping[str, Decimal] | None = None
    occurred_at: datetime | None = None
    actor: str | None = None

    KINDS: ClassVar = {"mark": fields.NUMBER, "rates": fields.RATES, "occurred_at": fields.TIME, "actor": fields.NAME}


@attrs.frozen(slots=False, kw_only=True)
class VoidCommand(fields.Value):
    """An earlier event, named by its sequence or its exec_id, was wrong."""

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
