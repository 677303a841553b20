UPDATE orders SET created_at = (SELECT e.recorded_at FROM order_events e WHERE e.account_id = orders.account_id AND e.order_id = orders.order_id AND e.sequence = 1)
-- next
CREATE TABLE checkpoints (
    number INTEGER NOT NULL,
    store_id TEXT NOT NULL,
    sealed_at INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    count INTEGER NOT NULL,
    root TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    signature TEXT,
    key_id TEXT,
    CONSTRAINT pk_checkpoints PRIMARY KEY (number)
)
 STRICT
-- next
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: checkpoints'); END
-- next
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: checkpoints'); END
-- next
CREATE TRIGGER checkpoints_no_replace BEFORE INSERT ON checkpoints WHEN EXISTS (SELECT 1 FROM checkpoints WHERE number = NEW.number) OR EXISTS (SELECT 1 FROM checkpoints WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: checkpoints'); END
-- next
CREATE TABLE fact_feed (
    position INTEGER NOT NULL,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    CONSTRAINT pk_fact_feed PRIMARY KEY (position),
    CONSTRAINT uq_fact_feed_account_id_kind_key_number UNIQUE (account_id, kind, "key", number)
)
 STRICT
-- next
CREATE TRIGGER fact_feed_no_update BEFORE UPDATE ON fact_feed BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: fact_feed'); END
-- next
CREATE TRIGGER fact_feed_no_delete BEFORE DELETE ON fact_feed BEGIN SELECT RAISE(ABORT, 'sot: facts are append-only: fact_feed'); END
-- next
CREATE TRIGGER fact_feed_no_replace BEFORE INSERT ON fact_feed WHEN EXISTS (SELECT 1 FROM fact_feed WHERE account_id = NEW.account_id AND kind = NEW.kind AND key = NEW.key AND number = NEW.number) OR EXISTS (SELECT 1 FROM fact_feed WHERE position = NEW.position) OR EXISTS (SELECT 1 FROM fact_feed WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'sot: this key is taken: fact_feed'); END
-- next
CREATE TABLE order_states (
    account_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    CONSTRAINT pk_order_states PRIMARY KEY (account_id, order_id, sequence),
    CONSTRAINT fk_order_states_account_id_order_id FOREIGN KEY(account_id, order_id) REFERENCES orders (account_id, order_id)
)
 WITHOUT ROWID,
 STRICT
-- next
CREATE INDEX ix_order_fills_changed ON order_fills (account_id, venue, symbol, position_side, position_id) WHERE version > 0
-- next
CREATE INDEX ix_order_fills_recorded ON order_fills (account_id, venue, symbol, position_side, position_id, recorded_at, happened_at)
