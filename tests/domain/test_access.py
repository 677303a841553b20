"""API keys and recorded responses."""

import pytest

from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.domain.values.errors import InvalidInput
from sot.testing.contract.samples import T0, api_key, idempotency_record


@pytest.mark.parametrize("accounts", [None, [], ["a", "b"]])
def test_a_key_without_accounts_stays_one(accounts):
    """An empty list is in the canonical form, too: left out, it would mean all accounts."""
    key = api_key("k1", accounts=accounts, name="n", revoked_at=T0)
    assert ApiKey.from_canonical(key.as_json()) == key
    assert key.as_json().get("accounts") == accounts


@pytest.mark.parametrize(
    "invalid",
    [{"scopes": ["ROOT"]}, {"secret_hash": "0"}, {"accounts": "main"}, {"key_id": ""}, {"created_at": "2026-01-05"}],
)
def test_a_key_with_an_invalid_field_is_refused(invalid):
    fields = {**api_key("k1").as_json(), **invalid}
    with pytest.raises(InvalidInput, match=next(iter(invalid))):
        ApiKey.read(fields)


def test_a_recorded_response_may_be_long():
    record = idempotency_record("k", body="x" * 4_000_000, headers={"ETag": '"1"'})
    assert IdempotencyRecord.from_canonical(record.as_json()) == record
    with pytest.raises(InvalidInput, match="body"):
        idempotency_record("k", body="x" * 4_000_001)
