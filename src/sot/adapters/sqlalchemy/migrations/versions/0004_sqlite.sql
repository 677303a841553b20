DROP TABLE exchange_reconciliation
-- next
CREATE TABLE exchange_reconciliation (
    account_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    type TEXT NOT NULL,
    venue TEXT NOT NULL,
    venue_account TEXT NOT NULL,
    run_id TEXT,
    number INTEGER,
    finding_id TEXT,
    subject TEXT,
    mismatch TEXT,
    order_id TEXT,
    client_order_id TEXT,
    venue_order_id TEXT,
    exec_id TEXT,
    leg TEXT NOT NULL,
    symbol TEXT,
    position_side TEXT,
    position_id TEXT NOT NULL,
    local_status TEXT,
    exchange_status TEXT,
    local_quantity TEXT,
    exchange_quantity TEXT,
    resolution TEXT,
    reason TEXT,
    actor TEXT,
    checked_at INTEGER,
    inputs TEXT,
    recorded_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_exchange_reconciliation PRIMARY KEY (account_id, record_id),
    CONSTRAINT uq_exchange_reconciliation_account_id_finding_id UNIQUE (account_id, finding_id),
    CONSTRAINT uq_exchange_reconciliation_account_id_run_id_number UNIQUE (account_id, run_id, number),
    CONSTRAINT fk_exchange_reconciliation_account_id_run_id FOREIGN KEY(account_id, run_id) REFERENCES exchange_reconciliation (account_id, record_id),
    CONSTRAINT fk_exchange_reconciliation_account_id_finding_id FOREIGN KEY(account_id, finding_id) REFERENCES exchange_reconciliation (account_id, record_id)
)
 STRICT
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
CREATE TRIGGER exchange_reconciliation_no_update BEFORE UPDATE ON exchange_reconciliation BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: exchange_reconciliation'); END
-- next
CREATE TRIGGER exchange_reconciliation_no_delete BEFORE DELETE ON exchange_reconciliation BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: exchange_reconciliation'); END
-- next
CREATE TRIGGER exchange_reconciliation_no_replace BEFORE INSERT ON exchange_reconciliation WHEN EXISTS (SELECT 1 FROM exchange_reconciliation WHERE account_id = NEW.account_id AND finding_id = NEW.finding_id) OR EXISTS (SELECT 1 FROM exchange_reconciliation WHERE account_id = NEW.account_id AND record_id = NEW.record_id) OR EXISTS (SELECT 1 FROM exchange_reconciliation WHERE account_id = NEW.account_id AND run_id = NEW.run_id AND number = NEW.number) OR EXISTS (SELECT 1 FROM exchange_reconciliation WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: exchange_reconciliation'); END
