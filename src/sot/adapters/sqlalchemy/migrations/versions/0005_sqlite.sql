ALTER TABLE order_requests ADD COLUMN trace TEXT
-- next
ALTER TABLE order_events ADD COLUMN trace TEXT
-- next
CREATE TABLE api_keys (
    key_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    name TEXT,
    accounts TEXT,
    revoked_at INTEGER,
    CONSTRAINT pk_api_keys PRIMARY KEY (key_id)
)
 STRICT
-- next
CREATE TRIGGER api_keys_no_update BEFORE UPDATE ON api_keys WHEN OLD.revoked_at IS NOT NULL OR NEW.key_id IS NOT OLD.key_id OR NEW.secret_hash IS NOT OLD.secret_hash OR NEW.scopes IS NOT OLD.scopes OR NEW.created_at IS NOT OLD.created_at OR NEW.name IS NOT OLD.name OR NEW.accounts IS NOT OLD.accounts OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: api_keys'); END
-- next
CREATE TRIGGER api_keys_no_delete BEFORE DELETE ON api_keys BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: api_keys'); END
-- next
CREATE TRIGGER api_keys_no_replace BEFORE INSERT ON api_keys WHEN EXISTS (SELECT 1 FROM api_keys WHERE key_id = NEW.key_id) OR EXISTS (SELECT 1 FROM api_keys WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: api_keys'); END
-- next
CREATE TABLE idempotency_records (
    owner TEXT NOT NULL,
    "key" TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT,
    body TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    CONSTRAINT pk_idempotency_records PRIMARY KEY (owner, "key")
)
 STRICT
-- next
CREATE TRIGGER idempotency_records_no_update BEFORE UPDATE ON idempotency_records BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: idempotency_records'); END
-- next
CREATE TRIGGER idempotency_records_no_delete BEFORE DELETE ON idempotency_records BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: idempotency_records'); END
-- next
CREATE TRIGGER idempotency_records_no_replace BEFORE INSERT ON idempotency_records WHEN EXISTS (SELECT 1 FROM idempotency_records WHERE owner = NEW.owner AND key = NEW.key) OR EXISTS (SELECT 1 FROM idempotency_records WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: idempotency_records'); END
