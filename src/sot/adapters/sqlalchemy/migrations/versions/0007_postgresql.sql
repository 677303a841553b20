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
	missing_traded NUMERIC NOT NULL, 
	missing_moved NUMERIC NOT NULL, 
	order_assumed BOOLEAN NOT NULL, 
	moment_sides BIGINT NOT NULL, 
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
	CONSTRAINT ck_position_checkpoints_fees_in_quantity_finite CHECK (fees_in_quantity > '-Infinity' AND fees_in_quantity < 'Infinity'), 
	CONSTRAINT ck_position_checkpoints_missing_traded_finite CHECK (missing_traded > '-Infinity' AND missing_traded < 'Infinity'), 
	CONSTRAINT ck_position_checkpoints_missing_moved_finite CHECK (missing_moved > '-Infinity' AND missing_moved < 'Infinity')
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
	missing_traded NUMERIC NOT NULL, 
	missing_moved NUMERIC NOT NULL, 
	order_assumed BOOLEAN NOT NULL, 
	moment_sides BIGINT NOT NULL, 
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
	CONSTRAINT ck_positions_fees_in_quantity_finite CHECK (fees_in_quantity > '-Infinity' AND fees_in_quantity < 'Infinity'), 
	CONSTRAINT ck_positions_missing_traded_finite CHECK (missing_traded > '-Infinity' AND missing_traded < 'Infinity'), 
	CONSTRAINT ck_positions_missing_moved_finite CHECK (missing_moved > '-Infinity' AND missing_moved < 'Infinity')
)
-- next
CREATE INDEX ix_positions_open ON positions (account_id, venue, symbol, position_side, position_id, venue_account) WHERE quantity <> '0' OR missing_traded <> '0' OR missing_moved <> '0'
-- next
CREATE TABLE account_events_6 AS SELECT account_id, event_id, type, venue, venue_account, symbol, position_side, position_id, amount, currency, quantity, cost, split_to, split_from, order_id, strategy_code, external_id, replaces, occurred_at, recorded_at, counts, anomalies, said, identity, body, hash FROM account_events
-- next
DROP TABLE account_events
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
	price NUMERIC, 
	cost_share NUMERIC, 
	to_symbol TEXT COLLATE "C", 
	to_quantity NUMERIC, 
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
	CONSTRAINT ck_account_events_split_from_finite CHECK (split_from > '-Infinity' AND split_from < 'Infinity'), 
	CONSTRAINT ck_account_events_price_finite CHECK (price > '-Infinity' AND price < 'Infinity'), 
	CONSTRAINT ck_account_events_cost_share_finite CHECK (cost_share > '-Infinity' AND cost_share < 'Infinity'), 
	CONSTRAINT ck_account_events_to_quantity_finite CHECK (to_quantity > '-Infinity' AND to_quantity < 'Infinity')
)
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
INSERT INTO account_events (account_id, event_id, type, venue, venue_account, symbol, position_side, position_id, amount, currency, quantity, cost, split_to, split_from, order_id, strategy_code, external_id, replaces, occurred_at, recorded_at, counts, anomalies, said, identity, body, hash) SELECT account_id, event_id, type, venue, venue_account, symbol, position_side, position_id, amount, currency, quantity, cost, split_to, split_from, order_id, strategy_code, external_id, replaces, occurred_at, recorded_at, counts, anomalies, said, identity, body, hash FROM account_events_6
-- next
DROP TABLE account_events_6
-- next
CREATE TRIGGER account_events_no_change BEFORE UPDATE OR DELETE ON account_events FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE account_events ENABLE ALWAYS TRIGGER account_events_no_change
-- next
CREATE TRIGGER account_events_no_truncate BEFORE TRUNCATE ON account_events FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE account_events ENABLE ALWAYS TRIGGER account_events_no_truncate
-- next
CREATE TABLE instruments_6 AS SELECT account_id, venue, symbol, valid_from, kind, base, quote, settle, multiplier, inverse, body, hash FROM instruments
-- next
DROP TABLE instruments
-- next
CREATE TABLE instruments (
	account_id TEXT COLLATE "C" NOT NULL, 
	venue TEXT COLLATE "C" NOT NULL, 
	symbol TEXT COLLATE "C" NOT NULL, 
	valid_from TIMESTAMP WITH TIME ZONE NOT NULL, 
	number BIGINT NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	base TEXT COLLATE "C" NOT NULL, 
	quote TEXT COLLATE "C" NOT NULL, 
	settle TEXT COLLATE "C" NOT NULL, 
	multiplier NUMERIC NOT NULL, 
	inverse BOOLEAN NOT NULL, 
	body TEXT COLLATE "C" NOT NULL, 
	hash TEXT COLLATE "C" NOT NULL, 
	CONSTRAINT pk_instruments PRIMARY KEY (account_id, venue, symbol, valid_from, number), 
	CONSTRAINT ck_instruments_multiplier_finite CHECK (multiplier > '-Infinity' AND multiplier < 'Infinity')
)
-- next
INSERT INTO instruments (account_id, venue, symbol, valid_from, kind, base, quote, settle, multiplier, inverse, body, hash, number) SELECT account_id, venue, symbol, valid_from, kind, base, quote, settle, multiplier, inverse, body, hash, 0 FROM instruments_6
-- next
DROP TABLE instruments_6
-- next
CREATE TRIGGER instruments_no_change BEFORE UPDATE OR DELETE ON instruments FOR EACH ROW EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE instruments ENABLE ALWAYS TRIGGER instruments_no_change
-- next
CREATE TRIGGER instruments_no_truncate BEFORE TRUNCATE ON instruments FOR EACH STATEMENT EXECUTE FUNCTION sot_append_only()
-- next
ALTER TABLE instruments ENABLE ALWAYS TRIGGER instruments_no_truncate
-- next
CREATE INDEX ix_order_events_of_report ON order_events (account_id, report_id) WHERE report_id IS NOT NULL
