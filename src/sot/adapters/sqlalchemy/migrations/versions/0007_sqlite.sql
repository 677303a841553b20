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
CREATE INDEX ix_positions_open ON positions (account_id, venue, symbol, position_side, position_id, venue_account) WHERE quantity <> '0'
-- next
CREATE INDEX ix_order_events_of_report ON order_events (account_id, report_id) WHERE report_id IS NOT NULL
