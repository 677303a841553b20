DROP TABLE exchange_reconciliation
-- next
CREATE TABLE exchange_reconciliation (
    account_id TEXT COLLATE "C" NOT NULL,
    record_id UUID NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    venue_account TEXT COLLATE "C" NOT NULL,
    run_id UUID,
    number BIGINT,
    finding_id UUID,
    subject TEXT COLLATE "C",
    mismatch TEXT COLLATE "C",
    order_id UUID,
    client_order_id TEXT COLLATE "C",
    venue_order_id TEXT COLLATE "C",
    exec_id TEXT COLLATE "C",
    leg TEXT COLLATE "C" NOT NULL,
    symbol TEXT COLLATE "C",
    position_side TEXT COLLATE "C",
    position_id TEXT COLLATE "C" NOT NULL,
    local_status TEXT COLLATE "C",
    exchange_status TEXT COLLATE "C",
    local_quantity NUMERIC,
    exchange_quantity NUMERIC,
    resolution TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    actor TEXT COLLATE "C",
    checked_at TIMESTAMP WITH TIME ZONE,
    inputs TEXT COLLATE "C",
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_exchange_reconciliation PRIMARY KEY (account_id, record_id),
    CONSTRAINT uq_exchange_reconciliation_account_id_finding_id UNIQUE (account_id, finding_id),
    CONSTRAINT uq_exchange_reconciliation_account_id_run_id_number UNIQUE (account_id, run_id, number),
    CONSTRAINT fk_exchange_reconciliation_account_id_run_id FOREIGN KEY(account_id, run_id) REFERENCES exchange_reconciliation (account_id, record_id),
    CONSTRAINT fk_exchange_reconciliation_account_id_finding_id FOREIGN KEY(account_id, finding_id) REFERENCES exchange_reconciliation (account_id, record_id),
    CONSTRAINT ck_exchange_reconciliation_local_quantity_finite CHECK (local_quantity > '-Infinity' AND local_quantity < 'Infinity'),
    CONSTRAINT ck_exchange_reconciliation_exchange_quantity_finite CHECK (exchange_quantity > '-Infinity' AND exchange_quantity < 'Infinity')
)
-- next
CREATE INDEX ix_exchange_reconciliation_order_id ON exchange_reconciliation (order_id)
-- next
CREATE INDEX ix_exchange_reconciliation_place ON exchange_reconciliation (account_id, venue, venue_account, type, recorded_at, record_id)
-- next
CREATE INDEX ix_exchange_reconciliation_record_id ON exchange_reconciliation (record_id)
-- next
CREATE INDEX ix_exchange_reconciliation_recorded ON exchange_reconciliation (account_id, recorded_at, record_id)
-- next
CREATE INDEX ix_exchange_reconciliation_run ON exchange_reconciliation (account_id, run_id, recorded_at, record_id)
-- next
CREATE INDEX ix_exchange_reconciliation_subject ON exchange_reconciliation (account_id, subject, recorded_at, record_id)
-- next
CREATE INDEX ix_exchange_reconciliation_type ON exchange_reconciliation (account_id, type, recorded_at, record_id)
-- next
CREATE TRIGGER exchange_reconciliation_no_change BEFORE UPDATE OR DELETE ON exchange_reconciliation FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE exchange_reconciliation ENABLE ALWAYS TRIGGER exchange_reconciliation_no_change
-- next
CREATE TRIGGER exchange_reconciliation_no_truncate BEFORE TRUNCATE ON exchange_reconciliation FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE exchange_reconciliation ENABLE ALWAYS TRIGGER exchange_reconciliation_no_truncate
