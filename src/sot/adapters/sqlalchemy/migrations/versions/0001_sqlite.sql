CREATE TABLE instruments (
    account_id TEXT NOT NULL,
    venue TEXT NOT NULL,
    symbol TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    kind TEXT NOT NULL,
    base TEXT NOT NULL,
    quote TEXT NOT NULL,
    settle TEXT NOT NULL,
    multiplier TEXT NOT NULL,
    inverse INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_instruments PRIMARY KEY (account_id, venue, symbol, valid_from)
)
 STRICT
-- next
CREATE TRIGGER instruments_no_update BEFORE UPDATE ON instruments BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: instruments'); END
-- next
CREATE TRIGGER instruments_no_delete BEFORE DELETE ON instruments BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: instruments'); END
-- next
CREATE TRIGGER instruments_no_replace BEFORE INSERT ON instruments WHEN EXISTS (SELECT 1 FROM instruments WHERE account_id = NEW.account_id AND venue = NEW.venue AND symbol = NEW.symbol AND valid_from = NEW.valid_from) OR EXISTS (SELECT 1 FROM instruments WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: instruments'); END
-- next
CREATE TABLE order_requests (
    account_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    action TEXT NOT NULL,
    client_order_id TEXT,
    id_scope TEXT NOT NULL,
    target_order_id TEXT,
    source TEXT,
    source_ref TEXT,
    venue TEXT,
    venue_account TEXT NOT NULL,
    symbol TEXT,
    side TEXT,
    order_type TEXT,
    quantity TEXT,
    quote_quantity TEXT,
    limit_price TEXT,
    stop_price TEXT,
    time_in_force TEXT,
    strategy_code TEXT,
    requested_by TEXT,
    requested_at INTEGER,
    retry_of TEXT,
    parent_id TEXT,
    group_id TEXT,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_order_requests PRIMARY KEY (account_id, request_id),
    CONSTRAINT uq_order_requests_account_id_idempotency_key UNIQUE (account_id, idempotency_key),
    CONSTRAINT uq_order_requests_account_id_venue_venue_account_id_scope_client_order_id UNIQUE (account_id, venue, venue_account, id_scope, client_order_id)
)
 STRICT
-- next
CREATE INDEX ix_order_requests_account_id_client_order_id ON order_requests (account_id, client_order_id)
-- next
CREATE INDEX ix_order_requests_request_id ON order_requests (request_id)
-- next
CREATE INDEX ix_order_requests_account_id_recorded_at_request_id ON order_requests (account_id, recorded_at, request_id)
-- next
CREATE TRIGGER order_requests_no_update BEFORE UPDATE ON order_requests BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_requests'); END
-- next
CREATE TRIGGER order_requests_no_delete BEFORE DELETE ON order_requests BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_requests'); END
-- next
CREATE TRIGGER order_requests_no_replace BEFORE INSERT ON order_requests WHEN EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND idempotency_key = NEW.idempotency_key) OR EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND request_id = NEW.request_id) OR EXISTS (SELECT 1 FROM order_requests WHERE account_id = NEW.account_id AND venue = NEW.venue AND venue_account = NEW.venue_account AND id_scope = NEW.id_scope AND client_order_id = NEW.client_order_id) OR EXISTS (SELECT 1 FROM order_requests WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_requests'); END
-- next
CREATE TABLE unattributed_reports (
    account_id TEXT NOT NULL,
    report_id TEXT NOT NULL,
    type TEXT NOT NULL,
    venue TEXT,
    symbol TEXT,
    client_order_id TEXT,
    venue_order_id TEXT,
    exec_id TEXT,
    occurred_at INTEGER,
    recorded_at INTEGER NOT NULL,
    said TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_unattributed_reports PRIMARY KEY (account_id, report_id),
    CONSTRAINT uq_unattributed_reports_account_id_said UNIQUE (account_id, said)
)
 STRICT
-- next
CREATE INDEX ix_unattributed_reports_report_id ON unattributed_reports (report_id)
-- next
CREATE TRIGGER unattributed_reports_no_update BEFORE UPDATE ON unattributed_reports BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: unattributed_reports'); END
-- next
CREATE TRIGGER unattributed_reports_no_delete BEFORE DELETE ON unattributed_reports BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: unattributed_reports'); END
-- next
CREATE TRIGGER unattributed_reports_no_replace BEFORE INSERT ON unattributed_reports WHEN EXISTS (SELECT 1 FROM unattributed_reports WHERE account_id = NEW.account_id AND report_id = NEW.report_id) OR EXISTS (SELECT 1 FROM unattributed_reports WHERE account_id = NEW.account_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM unattributed_reports WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: unattributed_reports'); END
-- next
CREATE TABLE order_decision_context (
    account_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    signal_strength TEXT,
    decision_price TEXT,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_order_decision_context PRIMARY KEY (account_id, request_id),
    CONSTRAINT fk_order_decision_context_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
 STRICT
-- next
CREATE INDEX ix_order_decision_context_request_id ON order_decision_context (request_id)
-- next
CREATE TRIGGER order_decision_context_no_update BEFORE UPDATE ON order_decision_context BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_decision_context'); END
-- next
CREATE TRIGGER order_decision_context_no_delete BEFORE DELETE ON order_decision_context BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_decision_context'); END
-- next
CREATE TRIGGER order_decision_context_no_replace BEFORE INSERT ON order_decision_context WHEN EXISTS (SELECT 1 FROM order_decision_context WHERE account_id = NEW.account_id AND request_id = NEW.request_id) OR EXISTS (SELECT 1 FROM order_decision_context WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_decision_context'); END
-- next
CREATE TABLE order_request_withdrawals (
    account_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    reason TEXT,
    actor TEXT,
    occurred_at INTEGER,
    recorded_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_order_request_withdrawals PRIMARY KEY (account_id, request_id),
    CONSTRAINT fk_order_request_withdrawals_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
 STRICT
-- next
CREATE INDEX ix_order_request_withdrawals_request_id ON order_request_withdrawals (request_id)
-- next
CREATE TRIGGER order_request_withdrawals_no_update BEFORE UPDATE ON order_request_withdrawals BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_request_withdrawals'); END
-- next
CREATE TRIGGER order_request_withdrawals_no_delete BEFORE DELETE ON order_request_withdrawals BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_request_withdrawals'); END
-- next
CREATE TRIGGER order_request_withdrawals_no_replace BEFORE INSERT ON order_request_withdrawals WHEN EXISTS (SELECT 1 FROM order_request_withdrawals WHERE account_id = NEW.account_id AND request_id = NEW.request_id) OR EXISTS (SELECT 1 FROM order_request_withdrawals WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_request_withdrawals'); END
-- next
CREATE TABLE order_risk_checks (
    account_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    rule_code TEXT NOT NULL,
    passed INTEGER NOT NULL,
    message TEXT,
    checked_at INTEGER,
    recorded_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_order_risk_checks PRIMARY KEY (account_id, request_id, number),
    CONSTRAINT fk_order_risk_checks_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
 STRICT
-- next
CREATE INDEX ix_order_risk_checks_request_id ON order_risk_checks (request_id)
-- next
CREATE TRIGGER order_risk_checks_no_update BEFORE UPDATE ON order_risk_checks BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_risk_checks'); END
-- next
CREATE TRIGGER order_risk_checks_no_delete BEFORE DELETE ON order_risk_checks BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_risk_checks'); END
-- next
CREATE TRIGGER order_risk_checks_no_replace BEFORE INSERT ON order_risk_checks WHEN EXISTS (SELECT 1 FROM order_risk_checks WHERE account_id = NEW.account_id AND request_id = NEW.request_id AND number = NEW.number) OR EXISTS (SELECT 1 FROM order_risk_checks WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_risk_checks'); END
-- next
CREATE TABLE orders (
    account_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    request_id TEXT,
    venue TEXT NOT NULL,
    venue_account TEXT NOT NULL,
    id_scope TEXT NOT NULL,
    symbol TEXT NOT NULL,
    side TEXT,
    order_type TEXT,
    strategy_code TEXT,
    status TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    in_doubt INTEGER NOT NULL,
    order_quantity TEXT,
    cum_quantity TEXT NOT NULL,
    leaves_quantity TEXT,
    notional TEXT NOT NULL,
    client_order_id TEXT,
    venue_order_id TEXT,
    last_sequence INTEGER NOT NULL,
    last_hash TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER,
    state TEXT NOT NULL,
    CONSTRAINT pk_orders PRIMARY KEY (account_id, order_id),
    CONSTRAINT uq_orders_account_id_request_id UNIQUE (account_id, request_id),
    CONSTRAINT fk_orders_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
 STRICT
-- next
CREATE INDEX ix_orders_order_id ON orders (order_id)
-- next
CREATE INDEX ix_orders_account_id_created_at_order_id ON orders (account_id, created_at, order_id)
-- next
CREATE TABLE waiting_reports (
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    report_id TEXT NOT NULL,
    CONSTRAINT pk_waiting_reports PRIMARY KEY (account_id, kind, value, report_id),
    CONSTRAINT fk_waiting_reports_account_id_report_id FOREIGN KEY(account_id, report_id) REFERENCES unattributed_reports (account_id, report_id)
)
 WITHOUT ROWID,
 STRICT
-- next
CREATE INDEX ix_waiting_reports_account_id_report_id ON waiting_reports (account_id, report_id)
-- next
CREATE INDEX ix_waiting_reports_report_id ON waiting_reports (report_id)
-- next
CREATE TABLE exchange_reconciliation (
    account_id TEXT NOT NULL,
    reconciliation_id TEXT NOT NULL,
    order_id TEXT,
    local_status TEXT,
    exchange_status TEXT,
    mismatch INTEGER NOT NULL,
    findings TEXT NOT NULL,
    checked_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_exchange_reconciliation PRIMARY KEY (account_id, reconciliation_id),
    CONSTRAINT fk_exchange_reconciliation_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 STRICT
-- next
CREATE INDEX ix_exchange_reconciliation_order_id ON exchange_reconciliation (order_id)
-- next
CREATE INDEX ix_exchange_reconciliation_reconciliation_id ON exchange_reconciliation (reconciliation_id)
-- next
CREATE INDEX ix_exchange_reconciliation_account_id_order_id ON exchange_reconciliation (account_id, order_id)
-- next
CREATE TRIGGER exchange_reconciliation_no_update BEFORE UPDATE ON exchange_reconciliation BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: exchange_reconciliation'); END
-- next
CREATE TRIGGER exchange_reconciliation_no_delete BEFORE DELETE ON exchange_reconciliation BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: exchange_reconciliation'); END
-- next
CREATE TRIGGER exchange_reconciliation_no_replace BEFORE INSERT ON exchange_reconciliation WHEN EXISTS (SELECT 1 FROM exchange_reconciliation WHERE account_id = NEW.account_id AND reconciliation_id = NEW.reconciliation_id) OR EXISTS (SELECT 1 FROM exchange_reconciliation WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: exchange_reconciliation'); END
-- next
CREATE TABLE order_costs (
    account_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    venue TEXT,
    symbol TEXT,
    valid_from INTEGER,
    currency TEXT,
    quantity TEXT NOT NULL,
    weighted TEXT NOT NULL,
    notional TEXT NOT NULL,
    maker_notional TEXT NOT NULL,
    taker_notional TEXT NOT NULL,
    fees TEXT NOT NULL,
    paid_in_quantity TEXT NOT NULL,
    paid_in_quantity_value TEXT NOT NULL,
    decision_price TEXT,
    CONSTRAINT pk_order_costs PRIMARY KEY (account_id, order_id),
    CONSTRAINT fk_order_costs_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 STRICT
-- next
CREATE INDEX ix_order_costs_order_id ON order_costs (order_id)
-- next
CREATE TABLE order_events (
    account_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    origin TEXT NOT NULL,
    actor TEXT,
    occurred_at INTEGER,
    recorded_at INTEGER NOT NULL,
    exec_id TEXT,
    leg TEXT,
    exec_ref_id TEXT,
    client_order_id TEXT,
    venue_order_id TEXT,
    last_quantity TEXT,
    last_price TEXT,
    reported_status TEXT,
    anomalies TEXT NOT NULL,
    request_id TEXT,
    report_id TEXT,
    said TEXT,
    prev_hash TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_order_events PRIMARY KEY (account_id, order_id, sequence),
    CONSTRAINT fk_order_events_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id),
    CONSTRAINT fk_order_events_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id),
    CONSTRAINT fk_order_events_account_id_report_id FOREIGN KEY(account_id, report_id) REFERENCES unattributed_reports (account_id, report_id),
    CONSTRAINT uq_order_events_account_id_order_id_said UNIQUE (account_id, order_id, said)
)
 STRICT
-- next
CREATE INDEX ix_order_events_account_id_request_id ON order_events (account_id, request_id)
-- next
CREATE INDEX ix_order_events_order_id ON order_events (order_id)
-- next
CREATE INDEX ix_order_events_account_id_order_id_exec_id_leg ON order_events (account_id, order_id, exec_id, leg)
-- next
CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_events'); END
-- next
CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_events'); END
-- next
CREATE TRIGGER order_events_no_replace BEFORE INSERT ON order_events WHEN EXISTS (SELECT 1 FROM order_events WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM order_events WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND sequence = NEW.sequence) OR EXISTS (SELECT 1 FROM order_events WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_events'); END
-- next
CREATE TABLE order_identifiers (
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    venue TEXT NOT NULL,
    venue_account TEXT NOT NULL,
    id_scope TEXT NOT NULL,
    order_id TEXT NOT NULL,
    CONSTRAINT pk_order_identifiers PRIMARY KEY (account_id, kind, value, venue, venue_account, id_scope, order_id),
    CONSTRAINT fk_order_identifiers_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 WITHOUT ROWID,
 STRICT
-- next
CREATE INDEX ix_order_identifiers_account_id_order_id ON order_identifiers (account_id, order_id)
-- next
CREATE INDEX ix_order_identifiers_order_id ON order_identifiers (order_id)
-- next
CREATE TABLE order_pnl (
    account_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    mark TEXT NOT NULL,
    rates TEXT NOT NULL,
    currency TEXT NOT NULL,
    cost_basis TEXT NOT NULL,
    unrealized TEXT NOT NULL,
    realized TEXT NOT NULL,
    net TEXT NOT NULL,
    fees TEXT NOT NULL,
    unvalued TEXT NOT NULL,
    calculated_at INTEGER NOT NULL,
    CONSTRAINT pk_order_pnl PRIMARY KEY (account_id, order_id, sequence),
    CONSTRAINT fk_order_pnl_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 STRICT
-- next
CREATE INDEX ix_order_pnl_order_id ON order_pnl (order_id)
-- next
CREATE TABLE order_fills (
    account_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    execution INTEGER NOT NULL,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    venue TEXT NOT NULL,
    symbol TEXT NOT NULL,
    side TEXT NOT NULL,
    quantity TEXT NOT NULL,
    price TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    busted INTEGER NOT NULL,
    exec_id TEXT,
    first_exec_id TEXT,
    leg TEXT NOT NULL,
    fees TEXT NOT NULL,
    liquidity TEXT,
    reporting_type TEXT,
    split_factor TEXT NOT NULL,
    venue_order_id TEXT,
    occurred_at INTEGER,
    received_at INTEGER,
    venue_time_ns INTEGER,
    CONSTRAINT pk_order_fills PRIMARY KEY (account_id, order_id, execution, version),
    CONSTRAINT fk_order_fills_account_id_order_id_sequence FOREIGN KEY(account_id, order_id, sequence) REFERENCES order_events (account_id, order_id, sequence)
)
 STRICT
-- next
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON order_fills (account_id, order_id, exec_id, leg)
-- next
CREATE INDEX ix_order_fills_order_id ON order_fills (order_id)
-- next
CREATE TRIGGER order_fills_no_update BEFORE UPDATE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END
-- next
CREATE TRIGGER order_fills_no_delete BEFORE DELETE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END
-- next
CREATE TRIGGER order_fills_no_replace BEFORE INSERT ON order_fills WHEN EXISTS (SELECT 1 FROM order_fills WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND execution = NEW.execution AND version = NEW.version) OR EXISTS (SELECT 1 FROM order_fills WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_fills'); END
