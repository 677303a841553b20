"""Tables of API keys and idempotency records."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from sot.adapters.sqlalchemy.models.base import STRICT, Base, key_column


class ApiKeyRow(Base):
    """A key of the API, no fact: `revoked_at` may be set, once. `scopes` by commas, `accounts` JSON; NULL means all."""

    __tablename__ = "api_keys"
    __table_args__ = (STRICT,)

    key_id: Mapped[str] = key_column()
    secret_hash: Mapped[str]
    scopes: Mapped[str]
    created_at: Mapped[datetime]
    name: Mapped[str | None]
    accounts: Mapped[str | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyRecordRow(Base):
    """What was answered to a request that had a key: no fact, but as append-only. `headers` is JSON."""

    __tablename__ = "idempotency_records"
    __table_args__ = (STRICT,)

    owner: Mapped[str] = key_column()
    key: Mapped[str] = key_column()
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[str | None]
    body: Mapped[str]
    recorded_at: Mapped[datetime]
