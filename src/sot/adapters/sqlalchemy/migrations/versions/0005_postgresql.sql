ALTER TABLE order_requests ADD COLUMN trace TEXT COLLATE "C"
-- next
ALTER TABLE order_events ADD COLUMN trace TEXT COLLATE "C"
-- next
CREATE TABLE api_keys (
    key_id TEXT COLLATE "C" NOT NULL,
    secret_hash TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    name TEXT COLLATE "C",
    accounts TEXT COLLATE "C",
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_keys PRIMARY KEY (key_id)
)
-- next
CREATE TRIGGER api_keys_no_update BEFORE UPDATE ON api_keys FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL OR NEW.key_id IS DISTINCT FROM OLD.key_id OR NEW.secret_hash IS DISTINCT FROM OLD.secret_hash OR NEW.scopes IS DISTINCT FROM OLD.scopes OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.name IS DISTINCT FROM OLD.name OR NEW.accounts IS DISTINCT FROM OLD.accounts) EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_no_update
-- next
CREATE TRIGGER api_keys_no_delete BEFORE DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_no_delete
-- next
CREATE TRIGGER api_keys_no_truncate BEFORE TRUNCATE ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_no_truncate
-- next
CREATE TABLE idempotency_records (
    owner TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_idempotency_records PRIMARY KEY (owner, key)
)
-- next
CREATE TRIGGER idempotency_records_no_change BEFORE UPDATE OR DELETE ON idempotency_records FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE idempotency_records ENABLE ALWAYS TRIGGER idempotency_records_no_change
-- next
CREATE TRIGGER idempotency_records_no_truncate BEFORE TRUNCATE ON idempotency_records FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE idempotency_records ENABLE ALWAYS TRIGGER idempotency_records_no_truncate
