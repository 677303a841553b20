DROP TABLE order_fills
-- next
DROP TABLE position_checkpoints
-- next
DROP TABLE positions
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
	in_legs BOOLEAN NOT NULL, 
	split_factor NUMERIC NOT NULL, 
	venue_order_id TEXT COLLATE "C", 
	occurred_at TIMESTAMP WITH TIME ZONE, 
	received_at TIMESTAMP WITH TIME ZONE, 
	venue_time_ns BIGINT, 
	venue_sequence BIGINT, 
	amount NUMERIC, 
	venue_account TEXT COLLATE "C" NOT NULL, 
	position_side TEXT COLLATE "C" NOT NULL, 
	position_id TEXT COLLATE "C" NOT NULL, 
	happened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_order_fills PRIMARY KEY (account_id, order_id, execution, version), 
	CONSTRAINT fk_order_fills_account_id_order_id_sequence FOREIGN KEY(account_id, order_id, sequence) REFERENCES order_events (account_id, order_id, sequence), 
	CONSTRAINT ck_order_fills_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'), 
	CONSTRAINT ck_order_fills_price_finite CHECK (price > '-Infinity' AND price < 'Infinity'), 
	CONSTRAINT ck_order_fills_split_factor_finite CHECK (split_factor > '-Infinity' AND split_factor < 'Infinity'), 
	CONSTRAINT ck_order_fills_amount_finite CHECK (amount > '-Infinity' AND amount < 'Infinity')
)
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
CREATE TRIGGER order_fills_no_change BEFORE UPDATE OR DELETE ON order_fills FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_fills ENABLE ALWAYS TRIGGER order_fills_no_change
-- next
CREATE TRIGGER order_fills_no_truncate BEFORE TRUNCATE ON order_fills FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE order_fills ENABLE ALWAYS TRIGGER order_fills_no_truncate
-- next
CREATE TABLE position_checkpoints (
	account_id TEXT COLLATE "C" NOT NULL, 
	venue TEXT COLLATE "C" NOT NULL, 
	symbol TEXT COLLATE "C" NOT NULL, 
	position_side TEXT COLLATE "C" NOT NULL, 
	position_id TEXT COLLATE "C" NOT NULL, 
	venue_account TEXT COLLATE "C" NOT NULL, 
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
	CONSTRAINT pk_position_checkpoints PRIMARY KEY (account_id, venue, symbol, position_side, position_id, venue_account, last_key), 
	CONSTRAINT ck_position_checkpoints_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'), 
	CONSTRAINT ck_position_checkpoints_entry_value_finite CHECK (entry_value > '-Infinity' AND entry_value < 'Infinity'), 
	CONSTRAINT ck_position_checkpoints_open_fees_finite CHECK (open_fees > '-Infinity' AND open_fees < 'Infinity'), 
	CONSTRAINT ck_position_checkpoints_realized_gross_finite CHECK (realized_gross > '-Infinity' AND realized_gross < 'Infinity'), 
	CONSTRAINT ck_position_checkpoints_closed_fees_finite CHECK (closed_fees > '-Infinity' AND closed_fees < 'Infinity'), 
	CONSTRAINT ck_position_checkpoints_fees_in_quantity_finite CHECK (fees_in_quantity > '-Infinity' AND fees_in_quantity < 'Infinity')
)
-- next
CREATE TABLE positions (
	account_id TEXT COLLATE "C" NOT NULL, 
	venue TEXT COLLATE "C" NOT NULL, 
	symbol TEXT COLLATE "C" NOT NULL, 
	position_side TEXT COLLATE "C" NOT NULL, 
	position_id TEXT COLLATE "C" NOT NULL, 
	venue_account TEXT COLLATE "C" NOT NULL, 
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
	CONSTRAINT pk_positions PRIMARY KEY (account_id, venue, symbol, position_side, position_id, venue_account), 
	CONSTRAINT ck_positions_quantity_finite CHECK (quantity > '-Infinity' AND quantity < 'Infinity'), 
	CONSTRAINT ck_positions_entry_value_finite CHECK (entry_value > '-Infinity' AND entry_value < 'Infinity'), 
	CONSTRAINT ck_positions_open_fees_finite CHECK (open_fees > '-Infinity' AND open_fees < 'Infinity'), 
	CONSTRAINT ck_positions_realized_gross_finite CHECK (realized_gross > '-Infinity' AND realized_gross < 'Infinity'), 
	CONSTRAINT ck_positions_closed_fees_finite CHECK (closed_fees > '-Infinity' AND closed_fees < 'Infinity'), 
	CONSTRAINT ck_positions_fees_in_quantity_finite CHECK (fees_in_quantity > '-Infinity' AND fees_in_quantity < 'Infinity')
)
-- next
CREATE INDEX ix_positions_open ON positions (account_id, venue, symbol, position_side, position_id, venue_account) WHERE quantity <> '0'
-- next
CREATE INDEX ix_order_events_of_report ON order_events (account_id, report_id) WHERE report_id IS NOT NULL
