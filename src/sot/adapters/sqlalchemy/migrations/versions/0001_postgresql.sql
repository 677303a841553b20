CREATE OR REPLACE FUNCTION sot_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'sot: facts are append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
-- next
CREATE TABLE instruments (
    account_id TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    symbol TEXT COLLATE "C" NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    base TEXT COLLATE "C" NOT NULL,
    quote TEXT COLLATE "C" NOT NULL,
    settle TEXT COLLATE "C" NOT NULL,
    multiplier NUMERIC NOT NULL,
    inverse BOOLEAN NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_instruments PRIMARY KEY (account_id, venue, symbol, valid_from),
    CONSTRAINT ck_instruments_multiplier_finite CHECK (multiplier > '-Infinity' AND multiplier < 'Infinity')
)
-- next
CREATE TRIGGER instruments_no_change BEFORE UPDATE OR DELETE ON instruments FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE instruments ENABLE ALWAYS TRIGGER instruments_no_change
-- next
CREATE TRIGGER instruments_no_truncate BEFORE TRUNCATE ON instruments FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE instruments ENABLE ALWAYS TRIGGER instruments_no_truncate
-- next
CREATE TABLE order_requests (
    account_id TEXT COLLATE "C" NOT NULL,
    request_id UUID NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    client_order_id TEXT COLLATE "C",
    id_scope TEXT COLLATE "C" NOT NULL,
    target_order_id UUID,
    source TEXT COLLATE "C",
    source_ref TEXT COLLATE "C",
    venue TEXT COLLATE "C",
    venue_account TEXT COLLATE "C" NOT NULL,
    symbol TEXT COLLATE "C",
    side TEXT COLLATE "C",
    order_type TEXT COLLATE "C",
    quantity NUMERIC,
    quote_quantity NUMERIC,
    limit_price NUMERIC,
    stop_price NUMERIC,
    time_in_force TEXT COLLATE "C",
    strategy_code TEXT COLLATE "C",
    requested_by TEXT COLLATE "C",
    requested_at TIMESTAMP WITH TIME ZONE,
    retry_of UUID,
    parent_id UUID,
    group_id TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_order_requests PRIMARY KEY (account_id, request_id),
    CONSTRAINT uq_order_requests_account_id_idempotency_key UNIQUE (account_id, idempotency_key),
    CONSTRAINT uq_order_requests_account_id_venue_venue_account_id_sco_1338 UNIQUE (account_id, venue, venue_account, id_scope, client_order_id),
    CONSTRAINT ck_order_requests_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'),
    CONSTRAINT ck_order_requests_quote_quantity_finite CHECK (quote_quantity > '-Infinity' AND quote_quantity < 'Infinity'),
    CONSTRAINT ck_order_requests_limit_price_finite CHECK (limit_price > '-Infinity' AND limit_price < 'Infinity'),
    CONSTRAINT ck_order_requests_stop_price_finite CHECK (stop_price > '-Infinity' AND stop_price < 'Infinity')
)
-- next
CREATE INDEX ix_order_requests_account_id_client_order_id ON order_requests (account_id, client_order_id)
-- next
CREATE INDEX ix_order_requests_request_id ON order_requests (request_id)
-- next
CREATE INDEX ix_order_requests_account_id_recorded_at_request_id ON order_requests (account_id, recorded_at, request_id)
-- next
CREATE TRIGGER order_requests_no_change BEFORE UPDATE OR DELETE ON order_requests FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_requests ENABLE ALWAYS TRIGGER order_requests_no_change
-- next
CREATE TRIGGER order_requests_no_truncate BEFORE TRUNCATE ON order_requests FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_requests ENABLE ALWAYS TRIGGER order_requests_no_truncate
-- next
CREATE TABLE unattributed_reports (
    account_id TEXT COLLATE "C" NOT NULL,
    report_id UUID NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C",
    symbol TEXT COLLATE "C",
    client_order_id TEXT COLLATE "C",
    venue_order_id TEXT COLLATE "C",
    exec_id TEXT COLLATE "C",
    occurred_at TIMESTAMP WITH TIME ZONE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    said TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_unattributed_reports PRIMARY KEY (account_id, report_id),
    CONSTRAINT uq_unattributed_reports_account_id_said UNIQUE (account_id, said)
)
-- next
CREATE INDEX ix_unattributed_reports_report_id ON unattributed_reports (report_id)
-- next
CREATE TRIGGER unattributed_reports_no_change BEFORE UPDATE OR DELETE ON unattributed_reports FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE unattributed_reports ENABLE ALWAYS TRIGGER unattributed_reports_no_change
-- next
CREATE TRIGGER unattributed_reports_no_truncate BEFORE TRUNCATE ON unattributed_reports FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE unattributed_reports ENABLE ALWAYS TRIGGER unattributed_reports_no_truncate
-- next
CREATE TABLE order_decision_context (
    account_id TEXT COLLATE "C" NOT NULL,
    request_id UUID NOT NULL,
    signal_strength NUMERIC,
    decision_price NUMERIC,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_order_decision_context PRIMARY KEY (account_id, request_id),
    CONSTRAINT fk_order_decision_context_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id),
    CONSTRAINT ck_order_decision_context_signal_strength_finite CHECK (signal_strength > '-Infinity' AND signal_strength < 'Infinity'),
    CONSTRAINT ck_order_decision_context_decision_price_finite CHECK (decision_price > '-Infinity' AND decision_price < 'Infinity')
)
-- next
CREATE INDEX ix_order_decision_context_request_id ON order_decision_context (request_id)
-- next
CREATE TRIGGER order_decision_context_no_change BEFORE UPDATE OR DELETE ON order_decision_context FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_decision_context ENABLE ALWAYS TRIGGER order_decision_context_no_change
-- next
CREATE TRIGGER order_decision_context_no_truncate BEFORE TRUNCATE ON order_decision_context FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_decision_context ENABLE ALWAYS TRIGGER order_decision_context_no_truncate
-- next
CREATE TABLE order_request_withdrawals (
    account_id TEXT COLLATE "C" NOT NULL,
    request_id UUID NOT NULL,
    reason TEXT COLLATE "C",
    actor TEXT COLLATE "C",
    occurred_at TIMESTAMP WITH TIME ZONE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_order_request_withdrawals PRIMARY KEY (account_id, request_id),
    CONSTRAINT fk_order_request_withdrawals_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
-- next
CREATE INDEX ix_order_request_withdrawals_request_id ON order_request_withdrawals (request_id)
-- next
CREATE TRIGGER order_request_withdrawals_no_change BEFORE UPDATE OR DELETE ON order_request_withdrawals FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_request_withdrawals ENABLE ALWAYS TRIGGER order_request_withdrawals_no_change
-- next
CREATE TRIGGER order_request_withdrawals_no_truncate BEFORE TRUNCATE ON order_request_withdrawals FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_request_withdrawals ENABLE ALWAYS TRIGGER order_request_withdrawals_no_truncate
-- next
CREATE TABLE order_risk_checks (
    account_id TEXT COLLATE "C" NOT NULL,
    request_id UUID NOT NULL,
    number BIGINT NOT NULL,
    rule_code TEXT COLLATE "C" NOT NULL,
    passed BOOLEAN NOT NULL,
    message TEXT COLLATE "C",
    checked_at TIMESTAMP WITH TIME ZONE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_order_risk_checks PRIMARY KEY (account_id, request_id, number),
    CONSTRAINT fk_order_risk_checks_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id)
)
-- next
CREATE INDEX ix_order_risk_checks_request_id ON order_risk_checks (request_id)
-- next
CREATE TRIGGER order_risk_checks_no_change BEFORE UPDATE OR DELETE ON order_risk_checks FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_risk_checks ENABLE ALWAYS TRIGGER order_risk_checks_no_change
-- next
CREATE TRIGGER order_risk_checks_no_truncate BEFORE TRUNCATE ON order_risk_checks FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_risk_checks ENABLE ALWAYS TRIGGER order_risk_checks_no_truncate
-- next
CREATE TABLE orders (
    account_id TEXT COLLATE "C" NOT NULL,
    order_id UUID NOT NULL,
    request_id UUID,
    venue TEXT COLLATE "C" NOT NULL,
    venue_account TEXT COLLATE "C" NOT NULL,
    id_scope TEXT COLLATE "C" NOT NULL,
    symbol TEXT COLLATE "C" NOT NULL,
    side TEXT COLLATE "C",
    order_type TEXT COLLATE "C",
    strategy_code TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    is_open BOOLEAN NOT NULL,
    in_doubt BOOLEAN NOT NULL,
    order_quantity NUMERIC,
    cum_quantity NUMERIC NOT NULL,
    leaves_quantity NUMERIC,
    notional NUMERIC NOT NULL,
    client_order_id TEXT COLLATE "C",
    venue_order_id TEXT COLLATE "C",
    last_sequence BIGINT NOT NULL,
    last_hash TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE,
    state TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_orders PRIMARY KEY (account_id, order_id),
    CONSTRAINT uq_orders_account_id_request_id UNIQUE (account_id, request_id),
    CONSTRAINT fk_orders_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id),
    CONSTRAINT ck_orders_order_quantity_finite CHECK (order_quantity > '-Infinity' AND order_quantity < 'Infinity'),
    CONSTRAINT ck_orders_cum_quantity_finite CHECK (cum_quantity > '-Infinity' AND cum_quantity < 'Infinity'),
    CONSTRAINT ck_orders_leaves_quantity_finite CHECK (leaves_quantity > '-Infinity' AND leaves_quantity < 'Infinity'),
    CONSTRAINT ck_orders_notional_finite CHECK (notional > '-Infinity' AND notional < 'Infinity')
)
-- next
CREATE INDEX ix_orders_order_id ON orders (order_id)
-- next
CREATE INDEX ix_orders_account_id_created_at_order_id ON orders (account_id, created_at, order_id)
-- next
CREATE TABLE waiting_reports (
    account_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    report_id UUID NOT NULL,
    CONSTRAINT pk_waiting_reports PRIMARY KEY (account_id, kind, value, report_id),
    CONSTRAINT fk_waiting_reports_account_id_report_id FOREIGN KEY(account_id, report_id) REFERENCES unattributed_reports (account_id, report_id)
)
-- next
CREATE INDEX ix_waiting_reports_account_id_report_id ON waiting_reports (account_id, report_id)
-- next
CREATE INDEX ix_waiting_reports_report_id ON waiting_reports (report_id)
-- next
CREATE TABLE exchange_reconciliation (
    account_id TEXT COLLATE "C" NOT NULL,
    reconciliation_id UUID NOT NULL,
    order_id UUID,
    local_status TEXT COLLATE "C",
    exchange_status TEXT COLLATE "C",
    mismatch BOOLEAN NOT NULL,
    findings TEXT COLLATE "C" NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_exchange_reconciliation PRIMARY KEY (account_id, reconciliation_id),
    CONSTRAINT fk_exchange_reconciliation_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
-- next
CREATE INDEX ix_exchange_reconciliation_order_id ON exchange_reconciliation (order_id)
-- next
CREATE INDEX ix_exchange_reconciliation_reconciliation_id ON exchange_reconciliation (reconciliation_id)
-- next
CREATE INDEX ix_exchange_reconciliation_account_id_order_id ON exchange_reconciliation (account_id, order_id)
-- next
CREATE TRIGGER exchange_reconciliation_no_change BEFORE UPDATE OR DELETE ON exchange_reconciliation FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE exchange_reconciliation ENABLE ALWAYS TRIGGER exchange_reconciliation_no_change
-- next
CREATE TRIGGER exchange_reconciliation_no_truncate BEFORE TRUNCATE ON exchange_reconciliation FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE exchange_reconciliation ENABLE ALWAYS TRIGGER exchange_reconciliation_no_truncate
-- next
CREATE TABLE order_costs (
    account_id TEXT COLLATE "C" NOT NULL,
    order_id UUID NOT NULL,
    venue TEXT COLLATE "C",
    symbol TEXT COLLATE "C",
    valid_from TIMESTAMP WITH TIME ZONE,
    currency TEXT COLLATE "C",
    quantity NUMERIC NOT NULL,
    weighted NUMERIC NOT NULL,
    notional NUMERIC NOT NULL,
    maker_notional NUMERIC NOT NULL,
    taker_notional NUMERIC NOT NULL,
    fees TEXT COLLATE "C" NOT NULL,
    paid_in_quantity NUMERIC NOT NULL,
    paid_in_quantity_value NUMERIC NOT NULL,
    decision_price NUMERIC,
    CONSTRAINT pk_order_costs PRIMARY KEY (account_id, order_id),
    CONSTRAINT fk_order_costs_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id),
    CONSTRAINT ck_order_costs_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'),
    CONSTRAINT ck_order_costs_weighted_finite CHECK (weighted > '-Infinity' AND weighted < 'Infinity'),
    CONSTRAINT ck_order_costs_notional_finite CHECK (notional > '-Infinity' AND notional < 'Infinity'),
    CONSTRAINT ck_order_costs_maker_notional_finite CHECK (maker_notional > '-Infinity' AND maker_notional < 'Infinity'),
    CONSTRAINT ck_order_costs_taker_notional_finite CHECK (taker_notional > '-Infinity' AND taker_notional < 'Infinity'),
    CONSTRAINT ck_order_costs_paid_in_quantity_finite CHECK (paid_in_quantity > '-Infinity' AND paid_in_quantity < 'Infinity'),
    CONSTRAINT ck_order_costs_paid_in_quantity_value_finite CHECK (paid_in_quantity_value > '-Infinity' AND paid_in_quantity_value < 'Infinity'),
    CONSTRAINT ck_order_costs_decision_price_finite CHECK (decision_price > '-Infinity' AND decision_price < 'Infinity')
)
-- next
CREATE INDEX ix_order_costs_order_id ON order_costs (order_id)
-- next
CREATE TABLE order_events (
    account_id TEXT COLLATE "C" NOT NULL,
    order_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C",
    occurred_at TIMESTAMP WITH TIME ZONE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    exec_id TEXT COLLATE "C",
    leg TEXT COLLATE "C",
    exec_ref_id TEXT COLLATE "C",
    client_order_id TEXT COLLATE "C",
    venue_order_id TEXT COLLATE "C",
    last_quantity NUMERIC,
    last_price NUMERIC,
    reported_status TEXT COLLATE "C",
    anomalies TEXT COLLATE "C" NOT NULL,
    request_id UUID,
    report_id UUID,
    said TEXT COLLATE "C",
    prev_hash TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_order_events PRIMARY KEY (account_id, order_id, sequence),
    CONSTRAINT fk_order_events_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id),
    CONSTRAINT fk_order_events_account_id_request_id FOREIGN KEY(account_id, request_id) REFERENCES order_requests (account_id, request_id),
    CONSTRAINT fk_order_events_account_id_report_id FOREIGN KEY(account_id, report_id) REFERENCES unattributed_reports (account_id, report_id),
    CONSTRAINT uq_order_events_account_id_order_id_said UNIQUE (account_id, order_id, said),
    CONSTRAINT ck_order_events_last_quantity_finite CHECK (last_quantity > '-Infinity' AND last_quantity < 'Infinity'),
    CONSTRAINT ck_order_events_last_price_finite CHECK (last_price > '-Infinity' AND last_price < 'Infinity')
)
-- next
CREATE INDEX ix_order_events_account_id_request_id ON order_events (account_id, request_id)
-- next
CREATE INDEX ix_order_events_order_id ON order_events (order_id)
-- next
CREATE INDEX ix_order_events_account_id_order_id_exec_id_leg ON order_events (account_id, order_id, exec_id, leg)
-- next
CREATE TRIGGER order_events_no_change BEFORE UPDATE OR DELETE ON order_events FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_events ENABLE ALWAYS TRIGGER order_events_no_change
-- next
CREATE TRIGGER order_events_no_truncate BEFORE TRUNCATE ON order_events FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_events ENABLE ALWAYS TRIGGER order_events_no_truncate
-- next
CREATE TABLE order_identifiers (
    account_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    venue_account TEXT COLLATE "C" NOT NULL,
    id_scope TEXT COLLATE "C" NOT NULL,
    order_id UUID NOT NULL,
    CONSTRAINT pk_order_identifiers PRIMARY KEY (account_id, kind, value, venue, venue_account, id_scope, order_id),
    CONSTRAINT fk_order_identifiers_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
-- next
CREATE INDEX ix_order_identifiers_account_id_order_id ON order_identifiers (account_id, order_id)
-- next
CREATE INDEX ix_order_identifiers_order_id ON order_identifiers (order_id)
-- next
CREATE TABLE order_pnl (
    account_id TEXT COLLATE "C" NOT NULL,
    order_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    mark NUMERIC NOT NULL,
    rates TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    cost_basis NUMERIC NOT NULL,
    unrealized NUMERIC NOT NULL,
    realized NUMERIC NOT NULL,
    net NUMERIC NOT NULL,
    fees TEXT COLLATE "C" NOT NULL,
    unvalued TEXT COLLATE "C" NOT NULL,
    calculated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_order_pnl PRIMARY KEY (account_id, order_id, sequence),
    CONSTRAINT fk_order_pnl_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id),
    CONSTRAINT ck_order_pnl_mark_finite CHECK (mark > '-Infinity' AND mark < 'Infinity'),
    CONSTRAINT ck_order_pnl_cost_basis_finite CHECK (cost_basis > '-Infinity' AND cost_basis < 'Infinity'),
    CONSTRAINT ck_order_pnl_unrealized_finite CHECK (unrealized > '-Infinity' AND unrealized < 'Infinity'),
    CONSTRAINT ck_order_pnl_realized_finite CHECK (realized > '-Infinity' AND realized < 'Infinity'),
    CONSTRAINT ck_order_pnl_net_finite CHECK (net > '-Infinity' AND net < 'Infinity')
)
-- next
CREATE INDEX ix_order_pnl_order_id ON order_pnl (order_id)
-- next
CREATE TABLE order_fills (
    account_id TEXT COLLATE "C" NOT NULL,
    order_id UUID NOT NULL,
    execution BIGINT NOT NULL,
    version BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    symbol TEXT COLLATE "C" NOT NULL,
    side TEXT COLLATE "C" NOT NULL,
    quantity NUMERIC NOT NULL,
    price NUMERIC NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    busted BOOLEAN NOT NULL,
    exec_id TEXT COLLATE "C",
    first_exec_id TEXT COLLATE "C",
    leg TEXT COLLATE "C" NOT NULL,
    fees TEXT COLLATE "C" NOT NULL,
    liquidity TEXT COLLATE "C",
    reporting_type TEXT COLLATE "C",
    split_factor NUMERIC NOT NULL,
    venue_order_id TEXT COLLATE "C",
    occurred_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE,
    venue_time_ns BIGINT,
    CONSTRAINT pk_order_fills PRIMARY KEY (account_id, order_id, execution, version),
    CONSTRAINT fk_order_fills_account_id_order_id_sequence FOREIGN KEY(account_id, order_id, sequence) REFERENCES order_events (account_id, order_id, sequence),
    CONSTRAINT ck_order_fills_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'),
    CONSTRAINT ck_order_fills_price_finite CHECK (price > '-Infinity' AND price < 'Infinity'),
    CONSTRAINT ck_order_fills_split_factor_finite CHECK (split_factor > '-Infinity' AND split_factor < 'Infinity')
)
-- next
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON order_fills (account_id, order_id, exec_id, leg)
-- next
CREATE INDEX ix_order_fills_order_id ON order_fills (order_id)
-- next
CREATE TRIGGER order_fills_no_change BEFORE UPDATE OR DELETE ON order_fills FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_fills ENABLE ALWAYS TRIGGER order_fills_no_change
-- next
CREATE TRIGGER order_fills_no_truncate BEFORE TRUNCATE ON order_fills FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_fills ENABLE ALWAYS TRIGGER order_fills_no_truncate
