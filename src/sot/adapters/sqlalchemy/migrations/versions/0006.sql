CREATE INDEX ix_orders_all ON orders (created_at, order_id)
-- next
CREATE INDEX ix_orders_venue ON orders (account_id, venue, created_at, order_id)
-- next
CREATE INDEX ix_orders_symbol ON orders (account_id, symbol, created_at, order_id)
-- next
CREATE INDEX ix_orders_strategy_code ON orders (account_id, strategy_code, created_at, order_id)
-- next
CREATE INDEX ix_orders_status ON orders (account_id, status, created_at, order_id)
-- next
CREATE INDEX ix_orders_open ON orders (account_id, is_open, created_at, order_id) WHERE is_open
-- next
CREATE INDEX ix_orders_in_doubt ON orders (account_id, in_doubt, created_at, order_id) WHERE in_doubt
-- next
CREATE INDEX ix_order_requests_all ON order_requests (recorded_at, request_id)
-- next
CREATE INDEX ix_order_requests_symbol ON order_requests (account_id, symbol, recorded_at, request_id)
-- next
CREATE INDEX ix_order_requests_strategy_code ON order_requests (account_id, strategy_code, recorded_at, request_id)
-- next
CREATE INDEX ix_account_events_all ON account_events (recorded_at, event_id)
-- next
CREATE INDEX ix_account_events_symbol ON account_events (account_id, symbol, recorded_at, event_id)
-- next
CREATE INDEX ix_exchange_reconciliation_all ON exchange_reconciliation (type, recorded_at, record_id)
-- next
CREATE INDEX ix_positions_open ON positions (account_id, venue, symbol, position_side, position_id) WHERE quantity <> '0'
