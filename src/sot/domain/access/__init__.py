"""Access: the keys of the API (`keys.ApiKey`), and recorded responses (`idempotency.IdempotencyRecord`).

1. A key's secret is not stored, only its digest.
2. A key is never deleted: `revoked_at` ends it.
3. A recorded response never changes and does not expire.
"""
