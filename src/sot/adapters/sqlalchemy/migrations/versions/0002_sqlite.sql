DROP TRIGGER order_fills_no_update
-- next
DROP TRIGGER order_fills_no_delete
-- next
DROP TRIGGER order_fills_no_replace
-- next
ALTER TABLE order_fills RENAME TO order_fills_0001
-- next
DROP INDEX ix_order_fills_account_id_order_id_exec_id_leg
-- next
DROP INDEX ix_order_fills_order_id
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
    position_side TEXT NOT NULL,
    position_id TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    CONSTRAINT pk_order_fills PRIMARY KEY (account_id, order_id, execution, version),
    CONSTRAINT fk_order_fills_account_id_order_id_sequence FOREIGN KEY(account_id, order_id, sequence) REFERENCES order_events (account_id, order_id, sequence)
)
 STRICT
-- next
INSERT INTO order_fills (account_id, order_id, execution, version, sequence, venue, symbol, side, quantity, price, recorded_at, busted, exec_id, first_exec_id, leg, fees, liquidity, reporting_type, split_factor, venue_order_id, occurred_at, received_at, venue_time_ns, position_side, position_id, happened_at)
SELECT f.account_id, f.order_id, f.execution, f.version, f.sequence, f.venue, f.symbol, f.side, f.quantity, f.price, f.recorded_at, f.busted, f.exec_id, f.first_exec_id, f.leg, f.fees, f.liquidity, f.reporting_type, f.split_factor, f.venue_order_id, f.occurred_at, f.received_at, f.venue_time_ns,
    coalesce((SELECT json_extract(r.body, '$.position_side') FROM orders o JOIN order_requests r ON r.account_id = o.account_id AND r.request_id = o.request_id WHERE o.account_id = f.account_id AND o.order_id = f.order_id), 'NET'),
    coalesce((SELECT json_extract(r.body, '$.position_id') FROM orders o JOIN order_requests r ON r.account_id = o.account_id AND r.request_id = o.request_id WHERE o.account_id = f.account_id AND o.order_id = f.order_id), ''),
    coalesce(f.occurred_at, f.received_at, f.recorded_at)
FROM order_fills_0001 f
-- next
DROP TABLE order_fills_0001
-- next
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON order_fills (account_id, order_id, exec_id, leg)
-- next
CREATE INDEX ix_order_fills_order_id ON order_fills (order_id)
-- next
CREATE INDEX ix_order_fills_position ON order_fills (account_id, venue, symbol, position_side, position_id, happened_at)
-- next
CREATE TRIGGER order_fills_no_update BEFORE UPDATE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END
-- next
CREATE TRIGGER order_fills_no_delete BEFORE DELETE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END
-- next
CREATE TRIGGER order_fills_no_replace BEFORE INSERT ON order_fills WHEN EXISTS (SELECT 1 FROM order_fills WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND execution = NEW.execution AND version = NEW.version) OR EXISTS (SELECT 1 FROM order_fills WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_fills'); END
-- next
UPDATE orders SET state = substr(state, 1, length(state) - 1) || CASE state WHEN '{}' THEN '' ELSE ',' END || '"position_side":' ||
    (SELECT json_quote(json_extract(r.body, '$.position_side')) FROM order_requests r WHERE r.account_id = orders.account_id AND r.request_id = orders.request_id AND json_extract(r.body, '$.position_side') IS NOT NULL AND json_extract(r.body, '$.position_side') <> 'NET') || '}'
WHERE EXISTS (SELECT 1 FROM order_requests r WHERE r.account_id = orders.account_id AND r.request_id = orders.request_id AND json_extract(r.body, '$.position_side') IS NOT NULL AND json_extract(r.body, '$.position_side') <> 'NET')
-- next
UPDATE orders SET state = substr(state, 1, length(state) - 1) || CASE state WHEN '{}' THEN '' ELSE ',' END || '"position_id":' ||
    (SELECT json_quote(json_extract(r.body, '$.position_id')) FROM order_requests r WHERE r.account_id = orders.account_id AND r.request_id = orders.request_id AND json_extract(r.body, '$.position_id') IS NOT NULL) || '}'
WHERE EXISTS (SELECT 1 FROM order_requests r WHERE r.account_id = orders.account_id AND r.request_id = orders.request_id AND json_extract(r.body, '$.position_id') IS NOT NULL)
-- next
CREATE TABLE account_events (
    account_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    venue TEXT NOT NULL,
    venue_account TEXT NOT NULL,
    symbol TEXT,
    position_side TEXT NOT NULL,
    position_id TEXT NOT NULL,
    amount TEXT,
    currency TEXT,
    quantity TEXT,
    cost TEXT,
    split_to TEXT,
    split_from TEXT,
    order_id TEXT,
    strategy_code TEXT,
    external_id TEXT,
    replaces TEXT,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    counts INTEGER NOT NULL,
    anomalies TEXT NOT NULL,
    said TEXT NOT NULL,
    identity TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_account_events PRIMARY KEY (account_id, event_id),
    CONSTRAINT uq_account_events_account_id_said UNIQUE (account_id, said),
    CONSTRAINT uq_account_events_account_id_identity UNIQUE (account_id, identity),
    CONSTRAINT uq_account_events_account_id_replaces UNIQUE (account_id, replaces)
)
 STRICT
-- next
CREATE INDEX ix_account_events_account_id_recorded_at_event_id ON account_events (account_id, recorded_at, event_id)
-- next
CREATE INDEX ix_account_events_account_id_venue_symbol_occurred_at ON account_events (account_id, venue, symbol, occurred_at)
-- next
CREATE INDEX ix_account_events_event_id ON account_events (event_id)
-- next
CREATE TRIGGER account_events_no_update BEFORE UPDATE ON account_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: account_events'); END
-- next
CREATE TRIGGER account_events_no_delete BEFORE DELETE ON account_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: account_events'); END
-- next
CREATE TRIGGER account_events_no_replace BEFORE INSERT ON account_events WHEN EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND event_id = NEW.event_id) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND identity = NEW.identity) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND replaces = NEW.replaces) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM account_events WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: account_events'); END
-- next
CREATE TABLE positions (
    account_id TEXT NOT NULL,
    venue TEXT NOT NULL,
    symbol TEXT NOT NULL,
    position_side TEXT NOT NULL,
    position_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    last_key TEXT NOT NULL,
    quantity TEXT NOT NULL,
    entry_value TEXT NOT NULL,
    open_fees TEXT NOT NULL,
    realized_gross TEXT NOT NULL,
    closed_fees TEXT NOT NULL,
    fees TEXT NOT NULL,
    fees_in_quantity TEXT NOT NULL,
    unvalued TEXT NOT NULL,
    account_results TEXT NOT NULL,
    unvalued_results TEXT NOT NULL,
    opened_at INTEGER,
    entries INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    carried INTEGER NOT NULL,
    checkpointed INTEGER NOT NULL,
    CONSTRAINT pk_positions PRIMARY KEY (account_id, venue, symbol, position_side, position_id)
)
 WITHOUT ROWID,
 STRICT
-- next
CREATE TABLE position_checkpoints (
    account_id TEXT NOT NULL,
    venue TEXT NOT NULL,
    symbol TEXT NOT NULL,
    position_side TEXT NOT NULL,
    position_id TEXT NOT NULL,
    last_key TEXT NOT NULL,
    quantity TEXT NOT NULL,
    entry_value TEXT NOT NULL,
    open_fees TEXT NOT NULL,
    realized_gross TEXT NOT NULL,
    closed_fees TEXT NOT NULL,
    fees TEXT NOT NULL,
    fees_in_quantity TEXT NOT NULL,
    unvalued TEXT NOT NULL,
    account_results TEXT NOT NULL,
    unvalued_results TEXT NOT NULL,
    opened_at INTEGER,
    entries INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    carried INTEGER NOT NULL,
    checkpointed INTEGER NOT NULL,
    CONSTRAINT pk_position_checkpoints PRIMARY KEY (account_id, venue, symbol, position_side, position_id, last_key)
)
 WITHOUT ROWID,
 STRICT
