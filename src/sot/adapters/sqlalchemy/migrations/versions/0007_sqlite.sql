DROP TABLE order_fills
-- next
DROP TABLE position_checkpoints
-- next
DROP TABLE positions
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
	in_legs INTEGER NOT NULL, 
	split_factor TEXT NOT NULL, 
	venue_order_id TEXT, 
	occurred_at INTEGER, 
	received_at INTEGER, 
	venue_time_ns INTEGER, 
	venue_sequence INTEGER, 
	amount TEXT, 
	venue_account TEXT NOT NULL, 
	position_side TEXT NOT NULL, 
	position_id TEXT NOT NULL, 
	happened_at INTEGER NOT NULL, 
	CONSTRAINT pk_order_fills PRIMARY KEY (account_id, order_id, execution, version), 
	CONSTRAINT fk_order_fills_account_id_order_id_sequence FOREIGN KEY(account_id, order_id, sequence) REFERENCES order_events (account_id, order_id, sequence)
)
 STRICT
-- next
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON order_fills (account_id, order_id, exec_id, leg)
-- next
CREATE INDEX ix_order_fills_changed ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account) WHERE version > 0
-- next
CREATE INDEX ix_order_fills_order_id ON order_fills (order_id)
-- next
CREATE INDEX ix_order_fills_position ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account, happened_at)
-- next
CREATE INDEX ix_order_fills_recorded ON order_fills (account_id, venue, symbol, position_side, position_id, venue_account, recorded_at, happened_at)
-- next
CREATE TRIGGER order_fills_no_update BEFORE UPDATE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END
-- next
CREATE TRIGGER order_fills_no_delete BEFORE DELETE ON order_fills BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: order_fills'); END
-- next
CREATE TRIGGER order_fills_no_replace BEFORE INSERT ON order_fills WHEN EXISTS (SELECT 1 FROM order_fills WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND execution = NEW.execution AND version = NEW.version) OR EXISTS (SELECT 1 FROM order_fills WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: order_fills'); END
-- next
CREATE TABLE position_checkpoints (
	account_id TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	position_side TEXT NOT NULL, 
	position_id TEXT NOT NULL, 
	venue_account TEXT NOT NULL, 
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
	missing_traded TEXT NOT NULL, 
	missing_moved TEXT NOT NULL, 
	order_assumed INTEGER NOT NULL, 
	moment_sides INTEGER NOT NULL, 
	opened_at INTEGER, 
	entries INTEGER NOT NULL, 
	last_at INTEGER NOT NULL, 
	carried INTEGER NOT NULL, 
	checkpointed INTEGER NOT NULL, 
	CONSTRAINT pk_position_checkpoints PRIMARY KEY (account_id, venue, symbol, position_side, position_id, venue_account, last_key)
)
 WITHOUT ROWID,
 STRICT
-- next
CREATE TABLE positions (
	account_id TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	position_side TEXT NOT NULL, 
	position_id TEXT NOT NULL, 
	venue_account TEXT NOT NULL, 
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
	missing_traded TEXT NOT NULL, 
	missing_moved TEXT NOT NULL, 
	order_assumed INTEGER NOT NULL, 
	moment_sides INTEGER NOT NULL, 
	opened_at INTEGER, 
	entries INTEGER NOT NULL, 
	last_at INTEGER NOT NULL, 
	carried INTEGER NOT NULL, 
	checkpointed INTEGER NOT NULL, 
	CONSTRAINT pk_positions PRIMARY KEY (account_id, venue, symbol, position_side, position_id, venue_account)
)
 WITHOUT ROWID,
 STRICT
-- next
CREATE INDEX ix_positions_open ON positions (account_id, venue, symbol, position_side, position_id, venue_account) WHERE quantity <> '0' OR missing_traded <> '0' OR missing_moved <> '0'
-- next
CREATE TABLE account_events_6 AS SELECT account_id, event_id, type, venue, venue_account, symbol, position_side, position_id, amount, currency, quantity, cost, split_to, split_from, order_id, strategy_code, external_id, replaces, occurred_at, recorded_at, counts, anomalies, said, identity, body, hash FROM account_events
-- next
DROP TABLE account_events
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
	price TEXT, 
	cost_share TEXT, 
	to_symbol TEXT, 
	to_quantity TEXT, 
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
CREATE INDEX ix_account_events_all ON account_events (recorded_at, event_id)
-- next
CREATE INDEX ix_account_events_event_id ON account_events (event_id)
-- next
CREATE INDEX ix_account_events_symbol ON account_events (account_id, symbol, recorded_at, event_id)
-- next
CREATE INDEX ix_account_events_to_symbol ON account_events (account_id, venue, to_symbol, occurred_at) WHERE to_symbol IS NOT NULL
-- next
INSERT INTO account_events (account_id, event_id, type, venue, venue_account, symbol, position_side, position_id, amount, currency, quantity, cost, split_to, split_from, order_id, strategy_code, external_id, replaces, occurred_at, recorded_at, counts, anomalies, said, identity, body, hash) SELECT account_id, event_id, type, venue, venue_account, symbol, position_side, position_id, amount, currency, quantity, cost, split_to, split_from, order_id, strategy_code, external_id, replaces, occurred_at, recorded_at, counts, anomalies, said, identity, body, hash FROM account_events_6 ORDER BY rowid
-- next
DROP TABLE account_events_6
-- next
CREATE TRIGGER account_events_no_update BEFORE UPDATE ON account_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: account_events'); END
-- next
CREATE TRIGGER account_events_no_delete BEFORE DELETE ON account_events BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: account_events'); END
-- next
CREATE TRIGGER account_events_no_replace BEFORE INSERT ON account_events WHEN EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND event_id = NEW.event_id) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND identity = NEW.identity) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND replaces = NEW.replaces) OR EXISTS (SELECT 1 FROM account_events WHERE account_id = NEW.account_id AND said = NEW.said) OR EXISTS (SELECT 1 FROM account_events WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: account_events'); END
-- next
CREATE TABLE instruments_6 AS SELECT account_id, venue, symbol, valid_from, kind, base, quote, settle, multiplier, inverse, body, hash FROM instruments
-- next
DROP TABLE instruments
-- next
CREATE TABLE instruments (
	account_id TEXT NOT NULL, 
	venue TEXT NOT NULL, 
	symbol TEXT NOT NULL, 
	valid_from INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	base TEXT NOT NULL, 
	quote TEXT NOT NULL, 
	settle TEXT NOT NULL, 
	multiplier TEXT NOT NULL, 
	inverse INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_instruments PRIMARY KEY (account_id, venue, symbol, valid_from, number)
)
 STRICT
-- next
INSERT INTO instruments (account_id, venue, symbol, valid_from, kind, base, quote, settle, multiplier, inverse, body, hash, number) SELECT account_id, venue, symbol, valid_from, kind, base, quote, settle, multiplier, inverse, body, hash, 0 FROM instruments_6 ORDER BY rowid
-- next
DROP TABLE instruments_6
-- next
CREATE TRIGGER instruments_no_update BEFORE UPDATE ON instruments BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: instruments'); END
-- next
CREATE TRIGGER instruments_no_delete BEFORE DELETE ON instruments BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: instruments'); END
-- next
CREATE TRIGGER instruments_no_replace BEFORE INSERT ON instruments WHEN EXISTS (SELECT 1 FROM instruments WHERE account_id = NEW.account_id AND venue = NEW.venue AND symbol = NEW.symbol AND valid_from = NEW.valid_from AND number = NEW.number) OR EXISTS (SELECT 1 FROM instruments WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: instruments'); END
-- next
CREATE INDEX ix_order_events_of_report ON order_events (account_id, report_id) WHERE report_id IS NOT NULL
