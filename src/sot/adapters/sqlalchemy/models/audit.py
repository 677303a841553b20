"""Tables of checkpoints and of the feed."""

from datetime import datetime

from sqlalchemy import Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sot.adapters.sqlalchemy.models.base import STRICT, Base, key_column, uuid_column
from sot.adapters.sqlalchemy.types import Integer64


class CheckpointRow(Base):
    """A fact: a checkpoint over all facts, of all accounts, that no earlier checkpoint seals."""

    __tablename__ = "checkpoints"
    __table_args__ = (STRICT,)

    number: Mapped[int] = key_column(Integer64)
    store_id: Mapped[str] = uuid_column()
    sealed_at: Mapped[datetime]
    upto: Mapped[int]
    count: Mapped[int]
    root: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]
    signature: Mapped[str | None]
    key_id: Mapped[str | None]


class FeedRow(Base):
    """A fact: which other fact was recorded, and its position among the facts of all accounts.

    Positions ascend in the order of recording; on PostgreSQL some are never used. `number` is the sequence of an event
    or the number of a risk check, else 0.
    """

    __tablename__ = "fact_feed"
    __table_args__ = (UniqueConstraint("account_id", "kind", "key", "number"), STRICT)

    position: Mapped[int] = mapped_column(Integer64, Identity(), primary_key=True)
    account_id: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    number: Mapped[int]
    hash: Mapped[str]
    recorded_at: Mapped[datetime]
