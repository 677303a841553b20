"""Tables of API keys and idempotency records."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from sot.adapters.sqlalchemy.models.base import STRICT, Base, key_column


class ApiKeyRow(Base):
    """An API key; no fact. `revoked_at` can be set once. `scopes` has commas; `accounts` is JSON, NULL for all."""

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
    """The response to a request with an idempotency key; no fact, but append-only, too. `headers` is JSON."""

    __tablename__ = "idempotency_records"
    __table_args__ = (STRICT,)

    owner: Mapped[str] = key_column()
    key: Mapped[str] = key_column()
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[str | None]
    body: Mapped[str]
    recorded_at: Mapped[datetime]
