"""Checkpoints in tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import CheckpointRow
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Integer64
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.audit.checkpoint import Checkpoint
from sot.ports import audit as ports

_TABLE = "checkpoints"
_CHECKPOINTS = select(*CheckpointRow.__table__.columns)
_ALL = Query(_CHECKPOINTS.order_by(CheckpointRow.number))
_LAST = Query(_CHECKPOINTS.order_by(CheckpointRow.number.desc()).limit(1))
_AFTER = Query(
    _CHECKPOINTS.where(CheckpointRow.number > bindparam("after"))
    .order_by(CheckpointRow.number)
    .limit(bindparam("limit", type_=Integer64))
)


class Checkpoints(ports.Checkpoints):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, checkpoint: Checkpoint) -> None:
        self._buffer.begin_change("a checkpoint")
        self._buffer.insert(_TABLE, {name: getattr(checkpoint, name) for name in Checkpoint.KINDS})
        self._buffer.autoflush()

    def last(self) -> Checkpoint | None:
        checkpoints = self._fetch(_LAST)
        return checkpoints[0] if checkpoints else None

    def all(self) -> Sequence[Checkpoint]:
        return self._fetch(_ALL)

    def list(self, after: int, limit: int) -> Sequence[Checkpoint]:
        return self._fetch(_AFTER, after=after, limit=limit)

    def _fetch(self, query: Query, **parameters: Any) -> Sequence[Checkpoint]:
        self._buffer.flush_pending(_TABLE)
        return [
            rows.read(self._buffer.url, "checkpoint {0.number}", _checkpoint_of, row)
            for row in self._buffer.fetch(query, parameters)
        ]


def _checkpoint_of(row: Any) -> Checkpoint:
    return Checkpoint(**row._asdict())
