ALTER TABLE order_fills DISABLE TRIGGER order_fills_no_change
-- next
ALTER TABLE order_fills ADD COLUMN position_side TEXT COLLATE "C"
-- next
ALTER TABLE order_fills ADD COLUMN position_id TEXT COLLATE "C"
-- next
ALTER TABLE order_fills ADD COLUMN happened_at TIMESTAMP WITH TIME ZONE
-- next
UPDATE order_fills f SET
    position_side = coalesce((SELECT r.body::json->>'position_side' FROM orders o JOIN order_requests r ON r.account_id = o.account_id AND r.request_id = o.request_id WHERE o.account_id = f.account_id AND o.order_id = f.order_id), 'NET'),
    position_id = coalesce((SELECT r.body::json->>'position_id' FROM orders o JOIN order_requests r ON r.account_id = o.account_id AND r.request_id = o.request_id WHERE o.account_id = f.account_id AND o.order_id = f.order_id), ''),
    happened_at = coalesce(f.occurred_at, f.received_at, f.recorded_at)
-- next
ALTER TABLE order_fills ALTER COLUMN position_side SET NOT NULL
-- next
ALTER TABLE order_fills ALTER COLUMN position_id SET NOT NULL
-- next
ALTER TABLE order_fills ALTER COLUMN happened_at SET NOT NULL
-- next
ALTER TABLE order_fills ENABLE ALWAYS TRIGGER order_fills_no_change
-- next
CREATE INDEX ix_order_fills_position ON order_fills (account_id, venue, symbol, position_side, position_id, happened_at)
-- next
UPDATE orders SET state = substr(state, 1, length(state) - 1) || CASE state WHEN '{}' THEN '' ELSE ',' END || '"position_side":' ||
    (SELECT to_json(r.body::json->>'position_side')::text FROM order_requests r WHERE r.account_id = orders.account_id AND r.request_id = orders.request_id AND r.body::json->>'position_side' IS NOT NULL AND r.body::json->>'position_side' <> 'NET') || '}'
WHERE EXISTS (SELECT 1 FROM order_requests r WHERE r.account_id = orders.account_id AND r.request_id = orders.request_id AND r.body::json->>'position_side' IS NOT NULL AND r.body::json->>'position_side' <> 'NET')
-- next
UPDATE orders SET state = substr(state, 1, length(state) - 1) || CASE state WHEN '{}' THEN '' ELSE ',' END || '"position_id":' ||
    (SELECT to_json(r.body::json->>'position_id')::text FROM order_requests r WHERE r.account_id = orders.account_id AND r.request_id = orders.request_id AND r.body::json->>'position_id' IS NOT NULL) || '}'
WHERE EXISTS (SELECT 1 FROM order_requests r WHERE r.account_id = orders.account_id AND r.request_id = orders.request_id AND r.body::json->>'position_id' IS NOT NULL)
-- next
CREATE TABLE account_events (
    account_id TEXT COLLATE "C" NOT NULL,
    event_id UUID NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    venue_account TEXT COLLATE "C" NOT NULL,
    symbol TEXT COLLATE "C",
    position_side TEXT COLLATE "C" NOT NULL,
    position_id TEXT COLLATE "C" NOT NULL,
    amount NUMERIC,
    currency TEXT COLLATE "C",
    quantity NUMERIC,
    cost NUMERIC,
    split_to NUMERIC,
    split_from NUMERIC,
    order_id UUID,
    strategy_code TEXT COLLATE "C",
    external_id TEXT COLLATE "C",
    replaces UUID,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    counts BOOLEAN NOT NULL,
    anomalies TEXT COLLATE "C" NOT NULL,
    said TEXT COLLATE "C" NOT NULL,
    identity TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_account_events PRIMARY KEY (account_id, event_id),
    CONSTRAINT uq_account_events_account_id_said UNIQUE (account_id, said),
    CONSTRAINT uq_account_events_account_id_identity UNIQUE (account_id, identity),
    CONSTRAINT uq_account_events_account_id_replaces UNIQUE (account_id, replaces),
    CONSTRAINT ck_account_events_amount_finite CHECK (amount > '-Infinity' AND amount < 'Infinity'),
    CONSTRAINT ck_account_events_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'),
    CONSTRAINT ck_account_events_cost_finite CHECK (cost > '-Infinity' AND cost < 'Infinity'),
    CONSTRAINT ck_account_events_split_to_finite CHECK (split_to > '-Infinity' AND split_to < 'Infinity'),
    CONSTRAINT ck_account_events_split_from_finite CHECK (split_from > '-Infinity' AND split_from < 'Infinity')
)
-- next
CREATE INDEX ix_account_events_account_id_recorded_at_event_id ON account_events (account_id, recorded_at, event_id)
-- next
CREATE INDEX ix_account_events_account_id_venue_symbol_occurred_at ON account_events (account_id, venue, symbol, occurred_at)
-- next
CREATE INDEX ix_account_events_event_id ON account_events (event_id)
-- next
CREATE TRIGGER account_events_no_change BEFORE UPDATE OR DELETE ON account_events FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE account_events ENABLE ALWAYS TRIGGER account_events_no_change
-- next
CREATE TRIGGER account_events_no_truncate BEFORE TRUNCATE ON account_events FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE account_events ENABLE ALWAYS TRIGGER account_events_no_truncate
-- next
CREATE TABLE positions (
    account_id TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    symbol TEXT COLLATE "C" NOT NULL,
    position_side TEXT COLLATE "C" NOT NULL,
    position_id TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    last_key TEXT COLLATE "C" NOT NULL,
    quantity NUMERIC NOT NULL,
    entry_value NUMERIC NOT NULL,
    open_fees NUMERIC NOT NULL,
    realized_gross NUMERIC NOT NULL,
    closed_fees NUMERIC NOT NULL,
    fees TEXT COLLATE "C" NOT NULL,
    fees_in_quantity NUMERIC NOT NULL,
    unvalued TEXT COLLATE "C" NOT NULL,
    account_results TEXT COLLATE "C" NOT NULL,
    unvalued_results TEXT COLLATE "C" NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE,
    entries BIGINT NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    carried BOOLEAN NOT NULL,
    checkpointed BIGINT NOT NULL,
    CONSTRAINT pk_positions PRIMARY KEY (account_id, venue, symbol, position_side, position_id),
    CONSTRAINT ck_positions_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'),
    CONSTRAINT ck_positions_entry_value_finite CHECK (entry_value > '-Infinity' AND entry_value < 'Infinity'),
    CONSTRAINT ck_positions_open_fees_finite CHECK (open_fees > '-Infinity' AND open_fees < 'Infinity'),
    CONSTRAINT ck_positions_realized_gross_finite CHECK (realized_gross > '-Infinity' AND realized_gross < 'Infinity'),
    CONSTRAINT ck_positions_closed_fees_finite CHECK (closed_fees > '-Infinity' AND closed_fees < 'Infinity'),
    CONSTRAINT ck_positions_fees_in_quantity_finite CHECK (fees_in_quantity > '-Infinity' AND fees_in_quantity < 'Infinity')
)
-- next
CREATE TABLE position_checkpoints (
    account_id TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    symbol TEXT COLLATE "C" NOT NULL,
    position_side TEXT COLLATE "C" NOT NULL,
    position_id TEXT COLLATE "C" NOT NULL,
    last_key TEXT COLLATE "C" NOT NULL,
    quantity NUMERIC NOT NULL,
    entry_value NUMERIC NOT NULL,
    open_fees NUMERIC NOT NULL,
    realized_gross NUMERIC NOT NULL,
    closed_fees NUMERIC NOT NULL,
    fees TEXT COLLATE "C" NOT NULL,
    fees_in_quantity NUMERIC NOT NULL,
    unvalued TEXT COLLATE "C" NOT NULL,
    account_results TEXT COLLATE "C" NOT NULL,
    unvalued_results TEXT COLLATE "C" NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE,
    entries BIGINT NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    carried BOOLEAN NOT NULL,
    checkpointed BIGINT NOT NULL,
    CONSTRAINT pk_position_checkpoints PRIMARY KEY (account_id, venue, symbol, position_side, position_id, last_key),
    CONSTRAINT ck_position_checkpoints_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'),
    CONSTRAINT ck_position_checkpoints_entry_value_finite CHECK (entry_value > '-Infinity' AND entry_value < 'Infinity'),
    CONSTRAINT ck_position_checkpoints_open_fees_finite CHECK (open_fees > '-Infinity' AND open_fees < 'Infinity'),
    CONSTRAINT ck_position_checkpoints_realized_gross_finite CHECK (realized_gross > '-Infinity' AND realized_gross < 'Infinity'),
    CONSTRAINT ck_position_checkpoints_closed_fees_finite CHECK (closed_fees > '-Infinity' AND closed_fees < 'Infinity'),
    CONSTRAINT ck_position_checkpoints_fees_in_quantity_finite CHECK (fees_in_quantity > '-Infinity' AND fees_in_quantity < 'Infinity')
)
