CREATE FUNCTION public.sot_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'sot: facts are append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TABLE public.account_events (
    account_id text NOT NULL COLLATE pg_catalog."C",
    event_id uuid NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    venue text NOT NULL COLLATE pg_catalog."C",
    venue_account text NOT NULL COLLATE pg_catalog."C",
    symbol text COLLATE pg_catalog."C",
    position_side text NOT NULL COLLATE pg_catalog."C",
    position_id text NOT NULL COLLATE pg_catalog."C",
    amount numeric,
    currency text COLLATE pg_catalog."C",
    quantity numeric,
    cost numeric,
    split_to numeric,
    split_from numeric,
    order_id uuid,
    strategy_code text COLLATE pg_catalog."C",
    external_id text COLLATE pg_catalog."C",
    replaces uuid,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    counts boolean NOT NULL,
    anomalies text NOT NULL COLLATE pg_catalog."C",
    said text NOT NULL COLLATE pg_catalog."C",
    identity text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT ck_account_events_amount_finite CHECK (((amount > '-Infinity'::numeric) AND (amount < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_cost_finite CHECK (((cost > '-Infinity'::numeric) AND (cost < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_quantity_finite CHECK (((quantity > '-Infinity'::numeric) AND (quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_split_from_finite CHECK (((split_from > '-Infinity'::numeric) AND (split_from < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_split_to_finite CHECK (((split_to > '-Infinity'::numeric) AND (split_to < 'Infinity'::numeric)))
);
CREATE TABLE public.exchange_reconciliation (
    account_id text NOT NULL COLLATE pg_catalog."C",
    reconciliation_id uuid NOT NULL,
    order_id uuid,
    local_status text COLLATE pg_catalog."C",
    exchange_status text COLLATE pg_catalog."C",
    mismatch boolean NOT NULL,
    findings text NOT NULL COLLATE pg_catalog."C",
    checked_at timestamp with time zone NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.instruments (
    account_id text NOT NULL COLLATE pg_catalog."C",
    venue text NOT NULL COLLATE pg_catalog."C",
    symbol text NOT NULL COLLATE pg_catalog."C",
    valid_from timestamp with time zone NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    base text NOT NULL COLLATE pg_catalog."C",
    quote text NOT NULL COLLATE pg_catalog."C",
    settle text NOT NULL COLLATE pg_catalog."C",
    multiplier numeric NOT NULL,
    inverse boolean NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT ck_instruments_multiplier_finite CHECK (((multiplier > '-Infinity'::numeric) AND (multiplier < 'Infinity'::numeric)))
);
CREATE TABLE public.order_costs (
    account_id text NOT NULL COLLATE pg_catalog."C",
    order_id uuid NOT NULL,
    venue text COLLATE pg_catalog."C",
    symbol text COLLATE pg_catalog."C",
    valid_from timestamp with time zone,
    currency text COLLATE pg_catalog."C",
    quantity numeric NOT NULL,
    weighted numeric NOT NULL,
    notional numeric NOT NULL,
    maker_notional numeric NOT NULL,
    taker_notional numeric NOT NULL,
    fees text NOT NULL COLLATE pg_catalog."C",
    paid_in_quantity numeric NOT NULL,
    paid_in_quantity_value numeric NOT NULL,
    decision_price numeric,
    CONSTRAINT ck_order_costs_decision_price_finite CHECK (((decision_price > '-Infinity'::numeric) AND (decision_price < 'Infinity'::numeric))),
    CONSTRAINT ck_order_costs_maker_notional_finite CHECK (((maker_notional > '-Infinity'::numeric) AND (maker_notional < 'Infinity'::numeric))),
    CONSTRAINT ck_order_costs_notional_finite CHECK (((notional > '-Infinity'::numeric) AND (notional < 'Infinity'::numeric))),
    CONSTRAINT ck_order_costs_paid_in_quantity_finite CHECK (((paid_in_quantity > '-Infinity'::numeric) AND (paid_in_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_order_costs_paid_in_quantity_value_finite CHECK (((paid_in_quantity_value > '-Infinity'::numeric) AND (paid_in_quantity_value < 'Infinity'::numeric))),
    CONSTRAINT ck_order_costs_quantity_finite CHECK (((quantity > '-Infinity'::numeric) AND (quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_order_costs_taker_notional_finite CHECK (((taker_notional > '-Infinity'::numeric) AND (taker_notional < 'Infinity'::numeric))),
    CONSTRAINT ck_order_costs_weighted_finite CHECK (((weighted > '-Infinity'::numeric) AND (weighted < 'Infinity'::numeric)))
);
CREATE TABLE public.order_decision_context (
    account_id text NOT NULL COLLATE pg_catalog."C",
    request_id uuid NOT NULL,
    signal_strength numeric,
    decision_price numeric,
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT ck_order_decision_context_decision_price_finite CHECK (((decision_price > '-Infinity'::numeric) AND (decision_price < 'Infinity'::numeric))),
    CONSTRAINT ck_order_decision_context_signal_strength_finite CHECK (((signal_strength > '-Infinity'::numeric) AND (signal_strength < 'Infinity'::numeric)))
);
CREATE TABLE public.order_events (
    account_id text NOT NULL COLLATE pg_catalog."C",
    order_id uuid NOT NULL,
    sequence bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    origin text NOT NULL COLLATE pg_catalog."C",
    actor text COLLATE pg_catalog."C",
    occurred_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    exec_id text COLLATE pg_catalog."C",
    leg text COLLATE pg_catalog."C",
    exec_ref_id text COLLATE pg_catalog."C",
    client_order_id text COLLATE pg_catalog."C",
    venue_order_id text COLLATE pg_catalog."C",
    last_quantity numeric,
    last_price numeric,
    reported_status text COLLATE pg_catalog."C",
    anomalies text NOT NULL COLLATE pg_catalog."C",
    request_id uuid,
    report_id uuid,
    said text COLLATE pg_catalog."C",
    prev_hash text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT ck_order_events_last_price_finite CHECK (((last_price > '-Infinity'::numeric) AND (last_price < 'Infinity'::numeric))),
    CONSTRAINT ck_order_events_last_quantity_finite CHECK (((last_quantity > '-Infinity'::numeric) AND (last_quantity < 'Infinity'::numeric)))
);
CREATE TABLE public.order_fills (
    account_id text NOT NULL COLLATE pg_catalog."C",
    order_id uuid NOT NULL,
    execution bigint NOT NULL,
    version bigint NOT NULL,
    sequence bigint NOT NULL,
    venue text NOT NULL COLLATE pg_catalog."C",
    symbol text NOT NULL COLLATE pg_catalog."C",
    side text NOT NULL COLLATE pg_catalog."C",
    quantity numeric NOT NULL,
    price numeric NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    busted boolean NOT NULL,
    exec_id text COLLATE pg_catalog."C",
    first_exec_id text COLLATE pg_catalog."C",
    leg text NOT NULL COLLATE pg_catalog."C",
    fees text NOT NULL COLLATE pg_catalog."C",
    liquidity text COLLATE pg_catalog."C",
    reporting_type text COLLATE pg_catalog."C",
    split_factor numeric NOT NULL,
    venue_order_id text COLLATE pg_catalog."C",
    occurred_at timestamp with time zone,
    received_at timestamp with time zone,
    venue_time_ns bigint,
    position_side text NOT NULL COLLATE pg_catalog."C",
    position_id text NOT NULL COLLATE pg_catalog."C",
    happened_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_order_fills_price_finite CHECK (((price > '-Infinity'::numeric) AND (price < 'Infinity'::numeric))),
    CONSTRAINT ck_order_fills_quantity_finite CHECK (((quantity > '-Infinity'::numeric) AND (quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_order_fills_split_factor_finite CHECK (((split_factor > '-Infinity'::numeric) AND (split_factor < 'Infinity'::numeric)))
);
CREATE TABLE public.order_identifiers (
    account_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    venue text NOT NULL COLLATE pg_catalog."C",
    venue_account text NOT NULL COLLATE pg_catalog."C",
    id_scope text NOT NULL COLLATE pg_catalog."C",
    order_id uuid NOT NULL
);
CREATE TABLE public.order_pnl (
    account_id text NOT NULL COLLATE pg_catalog."C",
    order_id uuid NOT NULL,
    sequence bigint NOT NULL,
    mark numeric NOT NULL,
    rates text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    cost_basis numeric NOT NULL,
    unrealized numeric NOT NULL,
    realized numeric NOT NULL,
    net numeric NOT NULL,
    fees text NOT NULL COLLATE pg_catalog."C",
    unvalued text NOT NULL COLLATE pg_catalog."C",
    calculated_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_order_pnl_cost_basis_finite CHECK (((cost_basis > '-Infinity'::numeric) AND (cost_basis < 'Infinity'::numeric))),
    CONSTRAINT ck_order_pnl_mark_finite CHECK (((mark > '-Infinity'::numeric) AND (mark < 'Infinity'::numeric))),
    CONSTRAINT ck_order_pnl_net_finite CHECK (((net > '-Infinity'::numeric) AND (net < 'Infinity'::numeric))),
    CONSTRAINT ck_order_pnl_realized_finite CHECK (((realized > '-Infinity'::numeric) AND (realized < 'Infinity'::numeric))),
    CONSTRAINT ck_order_pnl_unrealized_finite CHECK (((unrealized > '-Infinity'::numeric) AND (unrealized < 'Infinity'::numeric)))
);
CREATE TABLE public.order_request_withdrawals (
    account_id text NOT NULL COLLATE pg_catalog."C",
    request_id uuid NOT NULL,
    reason text COLLATE pg_catalog."C",
    actor text COLLATE pg_catalog."C",
    occurred_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.order_requests (
    account_id text NOT NULL COLLATE pg_catalog."C",
    request_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    idempotency_key text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    client_order_id text COLLATE pg_catalog."C",
    id_scope text NOT NULL COLLATE pg_catalog."C",
    target_order_id uuid,
    source text COLLATE pg_catalog."C",
    source_ref text COLLATE pg_catalog."C",
    venue text COLLATE pg_catalog."C",
    venue_account text NOT NULL COLLATE pg_catalog."C",
    symbol text COLLATE pg_catalog."C",
    side text COLLATE pg_catalog."C",
    order_type text COLLATE pg_catalog."C",
    quantity numeric,
    quote_quantity numeric,
    limit_price numeric,
    stop_price numeric,
    time_in_force text COLLATE pg_catalog."C",
    strategy_code text COLLATE pg_catalog."C",
    requested_by text COLLATE pg_catalog."C",
    requested_at timestamp with time zone,
    retry_of uuid,
    parent_id uuid,
    group_id text COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT ck_order_requests_limit_price_finite CHECK (((limit_price > '-Infinity'::numeric) AND (limit_price < 'Infinity'::numeric))),
    CONSTRAINT ck_order_requests_quantity_finite CHECK (((quantity > '-Infinity'::numeric) AND (quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_order_requests_quote_quantity_finite CHECK (((quote_quantity > '-Infinity'::numeric) AND (quote_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_order_requests_stop_price_finite CHECK (((stop_price > '-Infinity'::numeric) AND (stop_price < 'Infinity'::numeric)))
);
CREATE TABLE public.order_risk_checks (
    account_id text NOT NULL COLLATE pg_catalog."C",
    request_id uuid NOT NULL,
    number bigint NOT NULL,
    rule_code text NOT NULL COLLATE pg_catalog."C",
    passed boolean NOT NULL,
    message text COLLATE pg_catalog."C",
    checked_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.orders (
    account_id text NOT NULL COLLATE pg_catalog."C",
    order_id uuid NOT NULL,
    request_id uuid,
    venue text NOT NULL COLLATE pg_catalog."C",
    venue_account text NOT NULL COLLATE pg_catalog."C",
    id_scope text NOT NULL COLLATE pg_catalog."C",
    symbol text NOT NULL COLLATE pg_catalog."C",
    side text COLLATE pg_catalog."C",
    order_type text COLLATE pg_catalog."C",
    strategy_code text COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    is_open boolean NOT NULL,
    in_doubt boolean NOT NULL,
    order_quantity numeric,
    cum_quantity numeric NOT NULL,
    leaves_quantity numeric,
    notional numeric NOT NULL,
    client_order_id text COLLATE pg_catalog."C",
    venue_order_id text COLLATE pg_catalog."C",
    last_sequence bigint NOT NULL,
    last_hash text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone,
    state text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT ck_orders_cum_quantity_finite CHECK (((cum_quantity > '-Infinity'::numeric) AND (cum_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_orders_leaves_quantity_finite CHECK (((leaves_quantity > '-Infinity'::numeric) AND (leaves_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_orders_notional_finite CHECK (((notional > '-Infinity'::numeric) AND (notional < 'Infinity'::numeric))),
    CONSTRAINT ck_orders_order_quantity_finite CHECK (((order_quantity > '-Infinity'::numeric) AND (order_quantity < 'Infinity'::numeric)))
);
CREATE TABLE public.position_checkpoints (
    account_id text NOT NULL COLLATE pg_catalog."C",
    venue text NOT NULL COLLATE pg_catalog."C",
    symbol text NOT NULL COLLATE pg_catalog."C",
    position_side text NOT NULL COLLATE pg_catalog."C",
    position_id text NOT NULL COLLATE pg_catalog."C",
    last_key text NOT NULL COLLATE pg_catalog."C",
    quantity numeric NOT NULL,
    entry_value numeric NOT NULL,
    open_fees numeric NOT NULL,
    realized_gross numeric NOT NULL,
    closed_fees numeric NOT NULL,
    fees text NOT NULL COLLATE pg_catalog."C",
    fees_in_quantity numeric NOT NULL,
    unvalued text NOT NULL COLLATE pg_catalog."C",
    account_results text NOT NULL COLLATE pg_catalog."C",
    unvalued_results text NOT NULL COLLATE pg_catalog."C",
    opened_at timestamp with time zone,
    entries bigint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    carried boolean NOT NULL,
    checkpointed bigint NOT NULL,
    CONSTRAINT ck_position_checkpoints_closed_fees_finite CHECK (((closed_fees > '-Infinity'::numeric) AND (closed_fees < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_entry_value_finite CHECK (((entry_value > '-Infinity'::numeric) AND (entry_value < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_fees_in_quantity_finite CHECK (((fees_in_quantity > '-Infinity'::numeric) AND (fees_in_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_open_fees_finite CHECK (((open_fees > '-Infinity'::numeric) AND (open_fees < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_quantity_finite CHECK (((quantity > '-Infinity'::numeric) AND (quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_realized_gross_finite CHECK (((realized_gross > '-Infinity'::numeric) AND (realized_gross < 'Infinity'::numeric)))
);
CREATE TABLE public.positions (
    account_id text NOT NULL COLLATE pg_catalog."C",
    venue text NOT NULL COLLATE pg_catalog."C",
    symbol text NOT NULL COLLATE pg_catalog."C",
    position_side text NOT NULL COLLATE pg_catalog."C",
    position_id text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    last_key text NOT NULL COLLATE pg_catalog."C",
    quantity numeric NOT NULL,
    entry_value numeric NOT NULL,
    open_fees numeric NOT NULL,
    realized_gross numeric NOT NULL,
    closed_fees numeric NOT NULL,
    fees text NOT NULL COLLATE pg_catalog."C",
    fees_in_quantity numeric NOT NULL,
    unvalued text NOT NULL COLLATE pg_catalog."C",
    account_results text NOT NULL COLLATE pg_catalog."C",
    unvalued_results text NOT NULL COLLATE pg_catalog."C",
    opened_at timestamp with time zone,
    entries bigint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    carried boolean NOT NULL,
    checkpointed bigint NOT NULL,
    CONSTRAINT ck_positions_closed_fees_finite CHECK (((closed_fees > '-Infinity'::numeric) AND (closed_fees < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_entry_value_finite CHECK (((entry_value > '-Infinity'::numeric) AND (entry_value < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_fees_in_quantity_finite CHECK (((fees_in_quantity > '-Infinity'::numeric) AND (fees_in_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_open_fees_finite CHECK (((open_fees > '-Infinity'::numeric) AND (open_fees < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_quantity_finite CHECK (((quantity > '-Infinity'::numeric) AND (quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_realized_gross_finite CHECK (((realized_gross > '-Infinity'::numeric) AND (realized_gross < 'Infinity'::numeric)))
);
CREATE TABLE public.sot_alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.sot_schema (
    version bigint NOT NULL
);
CREATE TABLE public.unattributed_reports (
    account_id text NOT NULL COLLATE pg_catalog."C",
    report_id uuid NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    venue text COLLATE pg_catalog."C",
    symbol text COLLATE pg_catalog."C",
    client_order_id text COLLATE pg_catalog."C",
    venue_order_id text COLLATE pg_catalog."C",
    exec_id text COLLATE pg_catalog."C",
    occurred_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    said text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.waiting_reports (
    account_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    report_id uuid NOT NULL
);
INSERT INTO public.account_events VALUES ('account', '00000000-0000-7000-8000-00000000000e', 'FUNDING', 'VENUE', '', 'BASE/QUOTE', 'NET', '', -1, 'QUOTE', NULL, NULL, NULL, NULL, NULL, NULL, 'F1', NULL, '2026-01-05 10:00:00+00', '2026-01-05 10:20:00+00', true, '', '8ee0f9f62ddd9e10bccade43fb267c434b8731ad2dba68198ef851f2c7e2449f', 'f33f9902ee48c472955cc6debc768e9397228a3d173433162bdc8812838072b7', '{"account_id":"account","amount":"-1","currency":"QUOTE","event_id":"00000000-0000-7000-8000-00000000000e","external_id":"F1","occurred_at":"2026-01-05T10:00:00.000000Z","position_side":"NET","symbol":"BASE/QUOTE","type":"FUNDING","venue":"VENUE"}', 'd67a1d412e1c6ae7f85d66d8d8f54dd3355ce823b429e8158cc691420a36adf5');
INSERT INTO public.instruments VALUES ('account', 'VENUE', 'BASE/QUOTE', '1970-01-01 00:00:00+00', 'SPOT', 'BASE', 'QUOTE', 'QUOTE', 1, false, '{"account_id":"account","base":"BASE","inverse":false,"kind":"SPOT","multiplier":"1","quote":"QUOTE","settle":"QUOTE","symbol":"BASE/QUOTE","valid_from":"1970-01-01T00:00:00.000000Z","venue":"VENUE"}', '71cd86bf2960ca76dfb767a74c8f2e7b38e0fdb5613d9d976499c3e4bca24434');
INSERT INTO public.order_costs VALUES ('account', '00000000-0000-7000-8000-000000000002', 'VENUE', 'BASE/QUOTE', '1970-01-01 00:00:00+00', 'QUOTE', 2, 204, 204, 0, 0, '{}', 0, 0, 99);
INSERT INTO public.order_costs VALUES ('account', '00000000-0000-7000-8000-000000000007', 'VENUE', 'BASE/QUOTE', '1970-01-01 00:00:00+00', 'QUOTE', 0.5, 52.5, 52.5, 0, 0, '{}', 0, 0, NULL);
INSERT INTO public.order_costs VALUES ('account', '00000000-0000-7000-8000-000000000005', 'VENUE', 'BASE/QUOTE', '1970-01-01 00:00:00+00', 'QUOTE', 2, 200, 200, 0, 0, '{}', 0, 0, NULL);
INSERT INTO public.order_decision_context VALUES ('account', '00000000-0000-7000-8000-000000000001', NULL, 99, '{"indicators":"{\"a\":\"1\"}","market_snapshot":"{\"decision_price\":\"99\"}"}', '993c19a18f81bcc56f25bf2ddd3a44db330bb43603a3e1e5923cabbf4a024578');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 1, 'CREATED', 'LOCAL', 'me', NULL, '2026-01-05 10:03:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000001', NULL, NULL, 'bbde4b2de059258a4146444c80ec5d2d2e54f26b36cb593392ab27b794dd6775', '{"account_id":"account","fact":{"actor":"me","request_id":"00000000-0000-7000-8000-000000000001"},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"bbde4b2de059258a4146444c80ec5d2d2e54f26b36cb593392ab27b794dd6775","recorded_at":"2026-01-05T10:03:00.000000Z","sequence":1,"type":"CREATED"}', '093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 2, 'SUBMITTED', 'LOCAL', 'me', '2026-01-05 10:00:00+00', '2026-01-05 10:03:00+00', NULL, NULL, NULL, 'C1', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000001', NULL, 'd2b8757bdeeef0d03f0fd5dcd27bdbadb7ac99a37419f13d54f4eef403e211e6', '093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235', '{"account_id":"account","fact":{"actor":"me","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","request_id":"00000000-0000-7000-8000-000000000001"},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235","recorded_at":"2026-01-05T10:03:00.000000Z","said":"d2b8757bdeeef0d03f0fd5dcd27bdbadb7ac99a37419f13d54f4eef403e211e6","sequence":2,"type":"SUBMITTED"}', 'b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 3, 'NEW', 'VENUE', NULL, '2026-01-05 10:00:00+00', '2026-01-05 10:04:00+00', NULL, NULL, NULL, 'C1', 'V1', NULL, NULL, NULL, '', NULL, NULL, '7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645', 'b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4","recorded_at":"2026-01-05T10:04:00.000000Z","report":{"account_id":"account","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","type":"NEW","venue":"VENUE","venue_order_id":"V1"},"said":"7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645","sequence":3,"type":"NEW"}', '523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 4, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:05:00+00', 'E1', '', NULL, 'C1', NULL, 1, 100, NULL, '', NULL, NULL, NULL, '523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1","fees":[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}],"last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":4,"type":"TRADE"}', 'a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 5, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:05:00+00', 'E2', '', NULL, 'C1', NULL, 2, 101, NULL, '', NULL, NULL, NULL, 'a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2","last_price":"101","last_quantity":"2","type":"TRADE","venue":"VENUE"},"sequence":5,"type":"TRADE"}', '3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 6, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:05:00+00', 'E3', '', NULL, 'C1', NULL, 1, 100, NULL, '', NULL, NULL, NULL, '3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E3","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":6,"type":"TRADE"}', '6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 7, 'TRADE_CORRECT', 'VENUE', NULL, NULL, '2026-01-05 10:06:00+00', 'E2c', '', 'E2', 'C1', NULL, 2, 102, NULL, '', NULL, NULL, NULL, '6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d","recorded_at":"2026-01-05T10:06:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2c","exec_ref_id":"E2","last_price":"102","last_quantity":"2","type":"TRADE_CORRECT","venue":"VENUE"},"sequence":7,"type":"TRADE_CORRECT"}', '292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 8, 'TRADE_CANCEL', 'VENUE', NULL, NULL, '2026-01-05 10:07:00+00', 'E1b', '', 'E1', 'C1', NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, '292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201","recorded_at":"2026-01-05T10:07:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1b","exec_ref_id":"E1","type":"TRADE_CANCEL","venue":"VENUE"},"sequence":8,"type":"TRADE_CANCEL"}', 'ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 9, 'VOIDED', 'LOCAL', NULL, NULL, '2026-01-05 10:08:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, 'ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24', 'ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16', '{"account_id":"account","fact":{"reason":"not ours","target_sequence":6},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16","recorded_at":"2026-01-05T10:08:00.000000Z","said":"ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24","sequence":9,"type":"VOIDED"}', '614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 10, 'MARKED', 'LOCAL', NULL, NULL, '2026-01-05 10:09:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, 'b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37', '614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46', '{"account_id":"account","fact":{"mark":"110","rates":{"TOKEN":"2"}},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46","recorded_at":"2026-01-05T10:09:00.000000Z","said":"b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37","sequence":10,"type":"MARKED"}', 'ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 1, 'CREATED', 'LOCAL', NULL, NULL, '2026-01-05 10:11:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000004', NULL, NULL, '880fb7b3ac8643262ba206235279946b0e1bdacfb4c695835ad0ff7eccc0cddb', '{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000000004"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"880fb7b3ac8643262ba206235279946b0e1bdacfb4c695835ad0ff7eccc0cddb","recorded_at":"2026-01-05T10:11:00.000000Z","sequence":1,"type":"CREATED"}', '594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 2, 'SUBMITTED', 'LOCAL', NULL, NULL, '2026-01-05 10:11:00+00', NULL, NULL, NULL, 'C2', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000004', NULL, '21cb8f2b4ab36e7b1301ee595685e351570dde74a8b6236b852ef81a644c4a61', '594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb', '{"account_id":"account","fact":{"client_order_id":"C2","request_id":"00000000-0000-7000-8000-000000000004"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb","recorded_at":"2026-01-05T10:11:00.000000Z","said":"21cb8f2b4ab36e7b1301ee595685e351570dde74a8b6236b852ef81a644c4a61","sequence":2,"type":"SUBMITTED"}', '99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 3, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:11:00+00', 'E8', '', NULL, 'C2', 'V2', 1, 100, NULL, '', NULL, '00000000-0000-7000-8000-000000000003', NULL, '99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f","recorded_at":"2026-01-05T10:11:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"report_id":"00000000-0000-7000-8000-000000000003","sequence":3,"type":"TRADE"}', '1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000007', 1, 'CREATED', 'IMPORT', NULL, NULL, '2026-01-05 10:13:00+00', NULL, NULL, NULL, NULL, 'X', NULL, NULL, NULL, '', NULL, NULL, NULL, '0000000000000000000000000000000000000000000000000000000000000000', '{"account_id":"account","fact":{},"order_id":"00000000-0000-7000-8000-000000000007","origin":"IMPORT","prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-01-05T10:13:00.000000Z","report":{"account_id":"account","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"ORDER_STATUS","venue":"VENUE","venue_order_id":"X"},"sequence":1,"type":"CREATED"}', '114c97cab13c3f1306ea63d8acaea421cd3449fd2609bf469cfc64fc9529774a');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000007', 2, 'TRADE', 'IMPORT', NULL, '2026-01-05 10:00:00+00', '2026-01-05 10:13:00+00', 'X1', '', NULL, NULL, 'X', 0.5, 105, NULL, '', NULL, NULL, NULL, '114c97cab13c3f1306ea63d8acaea421cd3449fd2609bf469cfc64fc9529774a', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000007","origin":"IMPORT","prev_hash":"114c97cab13c3f1306ea63d8acaea421cd3449fd2609bf469cfc64fc9529774a","recorded_at":"2026-01-05T10:13:00.000000Z","report":{"account_id":"account","exec_id":"X1","last_price":"105","last_quantity":"0.5","occurred_at":"2026-01-05T10:00:00.000000Z","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"TRADE","venue":"VENUE","venue_order_id":"X"},"sequence":2,"type":"TRADE"}', 'b8ce9e16f615a645fbb79e9d36a103726fabd7c305c378858faafbf922e2b6ae');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000009', 1, 'CREATED', 'LOCAL', NULL, NULL, '2026-01-05 10:14:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000008', NULL, NULL, '32bca74faf1e8ed88f1d69b6da9bfc1fda591acfda6640e5afd98b004b4341dd', '{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000000008"},"order_id":"00000000-0000-7000-8000-000000000009","origin":"LOCAL","prev_hash":"32bca74faf1e8ed88f1d69b6da9bfc1fda591acfda6640e5afd98b004b4341dd","recorded_at":"2026-01-05T10:14:00.000000Z","sequence":1,"type":"CREATED"}', '049fd0fa0166abc5132261a05316172a189863cdb56406da5be50b8785f976d2');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000009', 2, 'SUBMITTED', 'LOCAL', NULL, NULL, '2026-01-05 10:14:00+00', NULL, NULL, NULL, 'C3', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000008', NULL, 'c41487826ee7a1292cf8e9fb084d8efd17179cb6a8479a0e918a983946bc0d18', '049fd0fa0166abc5132261a05316172a189863cdb56406da5be50b8785f976d2', '{"account_id":"account","fact":{"client_order_id":"C3","request_id":"00000000-0000-7000-8000-000000000008"},"order_id":"00000000-0000-7000-8000-000000000009","origin":"LOCAL","prev_hash":"049fd0fa0166abc5132261a05316172a189863cdb56406da5be50b8785f976d2","recorded_at":"2026-01-05T10:14:00.000000Z","said":"c41487826ee7a1292cf8e9fb084d8efd17179cb6a8479a0e918a983946bc0d18","sequence":2,"type":"SUBMITTED"}', '8f86ef9d0ef6af9e0009c11295d20ae12db3fa6ad93925782a0045e0276d72ed');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000009', 3, 'SUBMISSION_UNKNOWN', 'LOCAL', NULL, NULL, '2026-01-05 10:14:00+00', NULL, NULL, NULL, 'C3', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000008', NULL, 'beb5ba393582ac626a5cee2314c0c115e70aecc193ef65d5ba574fe9af8fabf0', '8f86ef9d0ef6af9e0009c11295d20ae12db3fa6ad93925782a0045e0276d72ed', '{"account_id":"account","fact":{"client_order_id":"C3","reason":"timeout","request_id":"00000000-0000-7000-8000-000000000008"},"order_id":"00000000-0000-7000-8000-000000000009","origin":"LOCAL","prev_hash":"8f86ef9d0ef6af9e0009c11295d20ae12db3fa6ad93925782a0045e0276d72ed","recorded_at":"2026-01-05T10:14:00.000000Z","said":"beb5ba393582ac626a5cee2314c0c115e70aecc193ef65d5ba574fe9af8fabf0","sequence":3,"type":"SUBMISSION_UNKNOWN"}', '5a0b0a649b17dcef930a8ee2ef7d3d045c5ce69e3bdd68ac17e3c49ea2232884');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000009', 4, 'RESOLVED', 'LOCAL', NULL, NULL, '2026-01-05 10:15:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, 'c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8', '5a0b0a649b17dcef930a8ee2ef7d3d045c5ce69e3bdd68ac17e3c49ea2232884', '{"account_id":"account","fact":{"reason":"asked","resolved_status":"FAILED"},"order_id":"00000000-0000-7000-8000-000000000009","origin":"LOCAL","prev_hash":"5a0b0a649b17dcef930a8ee2ef7d3d045c5ce69e3bdd68ac17e3c49ea2232884","recorded_at":"2026-01-05T10:15:00.000000Z","said":"c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8","sequence":4,"type":"RESOLVED"}', '23999530bd3af4bdbd43071877ae25c601bd59a3838755f8b7932fb50f980d73');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 4, 'CANCEL_REQUESTED', 'LOCAL', NULL, NULL, '2026-01-05 10:16:00+00', NULL, NULL, NULL, 'X1', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-00000000000a', NULL, '4b0bca5c0b13271c744ef8fdb187e05b0168bb4d569160e6f531a9776bf7cce6', '1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586', '{"account_id":"account","fact":{"client_order_id":"X1","request_id":"00000000-0000-7000-8000-00000000000a"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586","recorded_at":"2026-01-05T10:16:00.000000Z","said":"4b0bca5c0b13271c744ef8fdb187e05b0168bb4d569160e6f531a9776bf7cce6","sequence":4,"type":"CANCEL_REQUESTED"}', 'e0bd07b63c13f8dae52e91fd47972ba44fb1f277314635be7bfcd61941a4414c');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 5, 'CANCELED', 'VENUE', NULL, NULL, '2026-01-05 10:17:00+00', NULL, NULL, NULL, 'X1', NULL, NULL, NULL, NULL, '', NULL, NULL, '98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a', 'e0bd07b63c13f8dae52e91fd47972ba44fb1f277314635be7bfcd61941a4414c', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"e0bd07b63c13f8dae52e91fd47972ba44fb1f277314635be7bfcd61941a4414c","recorded_at":"2026-01-05T10:17:00.000000Z","report":{"account_id":"account","client_order_id":"X1","orig_client_order_id":"C2","type":"CANCELED","venue":"VENUE"},"said":"98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a","sequence":5,"type":"CANCELED"}', 'fcf3a95d93d372358fac75e0b692eb356bea32a96b4f3f787e2f5882f698c61b');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-00000000000d', 1, 'CREATED', 'LOCAL', NULL, NULL, '2026-01-05 10:19:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-00000000000c', NULL, NULL, 'fd5053e253bf613703e24722471d962225de0b1e0a087d9a46f60d54e6dcd0c7', '{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-00000000000c"},"order_id":"00000000-0000-7000-8000-00000000000d","origin":"LOCAL","prev_hash":"fd5053e253bf613703e24722471d962225de0b1e0a087d9a46f60d54e6dcd0c7","recorded_at":"2026-01-05T10:19:00.000000Z","sequence":1,"type":"CREATED"}', 'e614b5a385dc1c4012ab502495fb03a337056625f5329f338d332cded0633feb');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-00000000000d', 2, 'FAILED', 'LOCAL', NULL, NULL, '2026-01-05 10:19:00+00', NULL, NULL, NULL, 'C6', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-00000000000c', NULL, '7d1698874b3ce3a9ff7075ade4f1f63275850cad3912f9badeb06597152d5266', 'e614b5a385dc1c4012ab502495fb03a337056625f5329f338d332cded0633feb', '{"account_id":"account","fact":{"client_order_id":"C6","reason":"no route","request_id":"00000000-0000-7000-8000-00000000000c"},"order_id":"00000000-0000-7000-8000-00000000000d","origin":"LOCAL","prev_hash":"e614b5a385dc1c4012ab502495fb03a337056625f5329f338d332cded0633feb","recorded_at":"2026-01-05T10:19:00.000000Z","said":"7d1698874b3ce3a9ff7075ade4f1f63275850cad3912f9badeb06597152d5266","sequence":2,"type":"FAILED"}', '1ecda41e25cba872d65c3b401684dbc4e278b468d3dcab70bcd5d9704fdece5e');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 6, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:21:00+00', 'E10', '', NULL, 'C2', 'V2', 1, 100, NULL, 'LATE', NULL, NULL, NULL, 'fcf3a95d93d372358fac75e0b692eb356bea32a96b4f3f787e2f5882f698c61b', '{"account_id":"account","anomalies":["LATE"],"order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"fcf3a95d93d372358fac75e0b692eb356bea32a96b4f3f787e2f5882f698c61b","recorded_at":"2026-01-05T10:21:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E10","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"sequence":6,"type":"TRADE"}', 'a3488f37de62a03780f92784c45489252e3e2eafe5edc2e84baa694e40a557e9');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 4, 0, 4, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:05:00+00', false, 'E1', 'E1', '', '[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]', NULL, NULL, 1, NULL, NULL, NULL, NULL, 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 5, 0, 5, 'VENUE', 'BASE/QUOTE', 'BUY', 2, 101, '2026-01-05 10:05:00+00', false, 'E2', 'E2', '', '[]', NULL, NULL, 1, NULL, NULL, NULL, NULL, 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 6, 0, 6, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:05:00+00', false, 'E3', 'E3', '', '[]', NULL, NULL, 1, NULL, NULL, NULL, NULL, 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 5, 1, 7, 'VENUE', 'BASE/QUOTE', 'BUY', 2, 102, '2026-01-05 10:05:00+00', false, 'E2c', 'E2', '', '[]', NULL, NULL, 1, NULL, NULL, NULL, NULL, 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 4, 1, 8, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:05:00+00', true, 'E1', 'E1', '', '[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]', NULL, NULL, 1, NULL, NULL, NULL, NULL, 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 6, 1, 9, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:05:00+00', true, 'E3', 'E3', '', '[]', NULL, NULL, 1, NULL, NULL, NULL, NULL, 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000005', 3, 0, 3, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:11:00+00', false, 'E8', 'E8', '', '[]', NULL, NULL, 1, 'V2', NULL, NULL, NULL, 'NET', '', '2026-01-05 10:11:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000007', 2, 0, 2, 'VENUE', 'BASE/QUOTE', 'BUY', 0.5, 105, '2026-01-05 10:13:00+00', false, 'X1', 'X1', '', '[]', NULL, NULL, 1, 'X', '2026-01-05 10:00:00+00', NULL, NULL, 'NET', '', '2026-01-05 10:00:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000005', 6, 0, 6, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:21:00+00', false, 'E10', 'E10', '', '[]', NULL, NULL, 1, 'V2', NULL, NULL, NULL, 'NET', '', '2026-01-05 10:21:00+00');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'C1', 'VENUE', '', '', '00000000-0000-7000-8000-000000000002');
INSERT INTO public.order_identifiers VALUES ('account', 'VENUE', 'V1', 'VENUE', '', '', '00000000-0000-7000-8000-000000000002');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'C2', 'VENUE', '', '', '00000000-0000-7000-8000-000000000005');
INSERT INTO public.order_identifiers VALUES ('account', 'VENUE', 'V2', 'VENUE', '', '', '00000000-0000-7000-8000-000000000005');
INSERT INTO public.order_identifiers VALUES ('account', 'VENUE', 'X', 'VENUE', '', '', '00000000-0000-7000-8000-000000000007');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'C3', 'VENUE', '', '', '00000000-0000-7000-8000-000000000009');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'X1', 'VENUE', '', '', '00000000-0000-7000-8000-000000000005');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'C6', 'VENUE', '', '', '00000000-0000-7000-8000-00000000000d');
INSERT INTO public.order_pnl VALUES ('account', '00000000-0000-7000-8000-000000000002', 10, 110, '{"TOKEN":"2"}', 'QUOTE', 204, 16, 0, 16, '{}', '{}', '2026-01-05 10:09:00+00');
INSERT INTO public.order_request_withdrawals VALUES ('account', '00000000-0000-7000-8000-00000000000b', 'no', 'me', NULL, '2026-01-05 10:18:00+00', '{"actor":"me","reason":"no"}', '290f0758188c47fb6ed2451888e2256225570353fbde56461c229a37b4cb2893');
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-000000000001', '2026-01-05 10:02:00+00', 'C1', 'NEW', 'C1', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, 's', NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C1","idempotency_key":"C1","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000001","side":"BUY","strategy_code":"s","symbol":"BASE/QUOTE","venue":"VENUE"}', 'fb9909c53f3da4add7602050a8c8e2dbc2b98549a912caa2fb752ed97d01308e');
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-000000000004', '2026-01-05 10:11:00+00', 'C2', 'NEW', 'C2', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C2","idempotency_key":"C2","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000004","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}', 'b74323c5e9e679fac17779dd9c4d8a29d16e755b67ee3de0bb1b5d5c59eb34bc');
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-000000000008', '2026-01-05 10:14:00+00', 'C3', 'NEW', 'C3', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C3","idempotency_key":"C3","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000008","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}', '810a6a528d3475f1a42d5bb3a692ef5e6960a178beb7d69d3d37aac18c4a9cbb');
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-00000000000a', '2026-01-05 10:16:00+00', 'X1', 'CANCEL', 'X1', '', '00000000-0000-7000-8000-000000000005', NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"CANCEL","client_order_id":"X1","idempotency_key":"X1","request_id":"00000000-0000-7000-8000-00000000000a","side":"BUY","symbol":"BASE/QUOTE","target_order_id":"00000000-0000-7000-8000-000000000005","venue":"VENUE"}', '3d2f927df9aea6e7f718e391449d705879de7f31af4128d3ddaf863f291b711b');
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-00000000000b', '2026-01-05 10:18:00+00', 'C5', 'NEW', 'C5', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C5","idempotency_key":"C5","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-00000000000b","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}', 'a42dc037514131807864b7fa654f1a904b925a2d1d818e941f0563bddddf55f2');
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-00000000000c', '2026-01-05 10:19:00+00', 'C6', 'NEW', 'C6', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C6","idempotency_key":"C6","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-00000000000c","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}', '0a60b3dc0b3dc794d1c6acb5b2c2cfd1a58686a0ace38960f16e818d0f19ab2e');
INSERT INTO public.order_risk_checks VALUES ('account', '00000000-0000-7000-8000-000000000001', 1, 'a', true, NULL, NULL, '2026-01-05 10:02:00+00', '{"passed":true,"rule_code":"a"}', '7700e22ca68775496214f06ef9f876c5dc3d65d9c9036dc6b0374669ba82e48b');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 's', 'PARTIALLY_FILLED', true, false, 10, 2, 8, 204, 'C1', 'V1', 10, 'ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751', 7, '2026-01-05 10:03:00+00', '2026-01-05 10:09:00+00', '{"order_quantity":"10","limit_price":"100","client_order_id":"C1","venue_order_id":"V1","submitted":true,"acknowledged":true,"cum_quantity":"2","notional":"204","last_venue_time":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-000000000007', NULL, 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'MARKET', NULL, 'PARTIALLY_FILLED', true, false, NULL, 0.5, NULL, 52.5, NULL, 'X', 2, 'b8ce9e16f615a645fbb79e9d36a103726fabd7c305c378858faafbf922e2b6ae', 1, '2026-01-05 10:13:00+00', '2026-01-05 10:13:00+00', '{"venue_order_id":"X","acknowledged":true,"cum_quantity":"0.5","notional":"52.5","last_venue_time":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-000000000009', '00000000-0000-7000-8000-000000000008', 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'LIMIT', NULL, 'FAILED', false, false, 10, 0, 0, 0, 'C3', NULL, 4, '23999530bd3af4bdbd43071877ae25c601bd59a3838755f8b7932fb50f980d73', 2, '2026-01-05 10:14:00+00', '2026-01-05 10:15:00+00', '{"order_quantity":"10","limit_price":"100","client_order_id":"C3","submitted":true,"failed":true}');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-00000000000d', '00000000-0000-7000-8000-00000000000c', 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'LIMIT', NULL, 'FAILED', false, false, 10, 0, 0, 0, 'C6', NULL, 2, '1ecda41e25cba872d65c3b401684dbc4e278b468d3dcab70bcd5d9704fdece5e', 1, '2026-01-05 10:19:00+00', '2026-01-05 10:19:00+00', '{"order_quantity":"10","limit_price":"100","client_order_id":"C6","failed":true}');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-000000000005', '00000000-0000-7000-8000-000000000004', 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'LIMIT', NULL, 'CANCELED', false, false, 10, 2, 0, 200, 'C2', 'V2', 6, 'a3488f37de62a03780f92784c45489252e3e2eafe5edc2e84baa694e40a557e9', 4, '2026-01-05 10:11:00+00', '2026-01-05 10:21:00+00', '{"order_quantity":"10","limit_price":"100","client_order_id":"C2","venue_order_id":"V2","submitted":true,"acknowledged":true,"cancelled":true,"cum_quantity":"2","notional":"200"}');
INSERT INTO public.positions VALUES ('account', 'VENUE', 'BASE/QUOTE', 'NET', '', 'QUOTE', '2026-01-05 10:21:00.000000 00000000000000000000 56454e5545 5632 453130  30303030303030302d303030302d373030302d383030302d303030303030303030303035 00000000000000000006', 4.5, 456.5, 0, 0, 0, '{}', 0, '{}', '{"FUNDING":"-1"}', '{}', '2026-01-05 10:00:00+00', 5, '2026-01-05 10:21:00+00', false, 0);
INSERT INTO public.sot_alembic_version VALUES ('0002');
INSERT INTO public.sot_schema VALUES (2);
INSERT INTO public.unattributed_reports VALUES ('account', '00000000-0000-7000-8000-000000000003', 'TRADE', 'VENUE', NULL, 'C2', 'V2', 'E8', NULL, '2026-01-05 10:10:00+00', '00c6dec3e04035a440bc341ba356e93f7c5de61b32253d64c1740473ebab5e95', '{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"}', 'a962f3a12f93660e2074b3968b7f0886ba680052969afe2601428d703bfd6811');
INSERT INTO public.unattributed_reports VALUES ('account', '00000000-0000-7000-8000-000000000006', 'TRADE', 'VENUE', NULL, NULL, 'V9', 'E9', NULL, '2026-01-05 10:12:00+00', '2304ec4f7e2e065f0347987b35a9c4e5eae738e74d5301260659d99198440910', '{"account_id":"account","exec_id":"E9","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V9"}', '74ef0d1bef23ec4888e8ad5118a3dd44df2c7c850d14b9c5a66600ed7a175a4a');
INSERT INTO public.waiting_reports VALUES ('account', '', '', '00000000-0000-7000-8000-000000000006');
INSERT INTO public.waiting_reports VALUES ('account', 'VENUE', 'V9', '00000000-0000-7000-8000-000000000006');
ALTER TABLE ONLY public.account_events
    ADD CONSTRAINT pk_account_events PRIMARY KEY (account_id, event_id);
ALTER TABLE ONLY public.exchange_reconciliation
    ADD CONSTRAINT pk_exchange_reconciliation PRIMARY KEY (account_id, reconciliation_id);
ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT pk_instruments PRIMARY KEY (account_id, venue, symbol, valid_from);
ALTER TABLE ONLY public.order_costs
    ADD CONSTRAINT pk_order_costs PRIMARY KEY (account_id, order_id);
ALTER TABLE ONLY public.order_decision_context
    ADD CONSTRAINT pk_order_decision_context PRIMARY KEY (account_id, request_id);
ALTER TABLE ONLY public.order_events
    ADD CONSTRAINT pk_order_events PRIMARY KEY (account_id, order_id, sequence);
ALTER TABLE ONLY public.order_fills
    ADD CONSTRAINT pk_order_fills PRIMARY KEY (account_id, order_id, execution, version);
ALTER TABLE ONLY public.order_identifiers
    ADD CONSTRAINT pk_order_identifiers PRIMARY KEY (account_id, kind, value, venue, venue_account, id_scope, order_id);
ALTER TABLE ONLY public.order_pnl
    ADD CONSTRAINT pk_order_pnl PRIMARY KEY (account_id, order_id, sequence);
ALTER TABLE ONLY public.order_request_withdrawals
    ADD CONSTRAINT pk_order_request_withdrawals PRIMARY KEY (account_id, request_id);
ALTER TABLE ONLY public.order_requests
    ADD CONSTRAINT pk_order_requests PRIMARY KEY (account_id, request_id);
ALTER TABLE ONLY public.order_risk_checks
    ADD CONSTRAINT pk_order_risk_checks PRIMARY KEY (account_id, request_id, number);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT pk_orders PRIMARY KEY (account_id, order_id);
ALTER TABLE ONLY public.position_checkpoints
    ADD CONSTRAINT pk_position_checkpoints PRIMARY KEY (account_id, venue, symbol, position_side, position_id, last_key);
ALTER TABLE ONLY public.positions
    ADD CONSTRAINT pk_positions PRIMARY KEY (account_id, venue, symbol, position_side, position_id);
ALTER TABLE ONLY public.sot_schema
    ADD CONSTRAINT pk_sot_schema PRIMARY KEY (version);
ALTER TABLE ONLY public.unattributed_reports
    ADD CONSTRAINT pk_unattributed_reports PRIMARY KEY (account_id, report_id);
ALTER TABLE ONLY public.waiting_reports
    ADD CONSTRAINT pk_waiting_reports PRIMARY KEY (account_id, kind, value, report_id);
ALTER TABLE ONLY public.sot_alembic_version
    ADD CONSTRAINT sot_alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.account_events
    ADD CONSTRAINT uq_account_events_account_id_identity UNIQUE (account_id, identity);
ALTER TABLE ONLY public.account_events
    ADD CONSTRAINT uq_account_events_account_id_replaces UNIQUE (account_id, replaces);
ALTER TABLE ONLY public.account_events
    ADD CONSTRAINT uq_account_events_account_id_said UNIQUE (account_id, said);
ALTER TABLE ONLY public.order_events
    ADD CONSTRAINT uq_order_events_account_id_order_id_said UNIQUE (account_id, order_id, said);
ALTER TABLE ONLY public.order_requests
    ADD CONSTRAINT uq_order_requests_account_id_idempotency_key UNIQUE (account_id, idempotency_key);
ALTER TABLE ONLY public.order_requests
    ADD CONSTRAINT uq_order_requests_account_id_venue_venue_account_id_sco_1338 UNIQUE (account_id, venue, venue_account, id_scope, client_order_id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT uq_orders_account_id_request_id UNIQUE (account_id, request_id);
ALTER TABLE ONLY public.unattributed_reports
    ADD CONSTRAINT uq_unattributed_reports_account_id_said UNIQUE (account_id, said);
CREATE INDEX ix_account_events_account_id_recorded_at_event_id ON public.account_events USING btree (account_id, recorded_at, event_id);
CREATE INDEX ix_account_events_account_id_venue_symbol_occurred_at ON public.account_events USING btree (account_id, venue, symbol, occurred_at);
CREATE INDEX ix_account_events_event_id ON public.account_events USING btree (event_id);
CREATE INDEX ix_exchange_reconciliation_account_id_order_id ON public.exchange_reconciliation USING btree (account_id, order_id);
CREATE INDEX ix_exchange_reconciliation_order_id ON public.exchange_reconciliation USING btree (order_id);
CREATE INDEX ix_exchange_reconciliation_reconciliation_id ON public.exchange_reconciliation USING btree (reconciliation_id);
CREATE INDEX ix_order_costs_order_id ON public.order_costs USING btree (order_id);
CREATE INDEX ix_order_decision_context_request_id ON public.order_decision_context USING btree (request_id);
CREATE INDEX ix_order_events_account_id_order_id_exec_id_leg ON public.order_events USING btree (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_events_account_id_request_id ON public.order_events USING btree (account_id, request_id);
CREATE INDEX ix_order_events_order_id ON public.order_events USING btree (order_id);
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON public.order_fills USING btree (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_fills_order_id ON public.order_fills USING btree (order_id);
CREATE INDEX ix_order_fills_position ON public.order_fills USING btree (account_id, venue, symbol, position_side, position_id, happened_at);
CREATE INDEX ix_order_identifiers_account_id_order_id ON public.order_identifiers USING btree (account_id, order_id);
CREATE INDEX ix_order_identifiers_order_id ON public.order_identifiers USING btree (order_id);
CREATE INDEX ix_order_pnl_order_id ON public.order_pnl USING btree (order_id);
CREATE INDEX ix_order_request_withdrawals_request_id ON public.order_request_withdrawals USING btree (request_id);
CREATE INDEX ix_order_requests_account_id_client_order_id ON public.order_requests USING btree (account_id, client_order_id);
CREATE INDEX ix_order_requests_account_id_recorded_at_request_id ON public.order_requests USING btree (account_id, recorded_at, request_id);
CREATE INDEX ix_order_requests_request_id ON public.order_requests USING btree (request_id);
CREATE INDEX ix_order_risk_checks_request_id ON public.order_risk_checks USING btree (request_id);
CREATE INDEX ix_orders_account_id_created_at_order_id ON public.orders USING btree (account_id, created_at, order_id);
CREATE INDEX ix_orders_order_id ON public.orders USING btree (order_id);
CREATE INDEX ix_unattributed_reports_report_id ON public.unattributed_reports USING btree (report_id);
CREATE INDEX ix_waiting_reports_account_id_report_id ON public.waiting_reports USING btree (account_id, report_id);
CREATE INDEX ix_waiting_reports_report_id ON public.waiting_reports USING btree (report_id);
CREATE TRIGGER account_events_no_change BEFORE DELETE OR UPDATE ON public.account_events FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.account_events ENABLE ALWAYS TRIGGER account_events_no_change;
CREATE TRIGGER account_events_no_truncate BEFORE TRUNCATE ON public.account_events FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.account_events ENABLE ALWAYS TRIGGER account_events_no_truncate;
CREATE TRIGGER exchange_reconciliation_no_change BEFORE DELETE OR UPDATE ON public.exchange_reconciliation FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.exchange_reconciliation ENABLE ALWAYS TRIGGER exchange_reconciliation_no_change;
CREATE TRIGGER exchange_reconciliation_no_truncate BEFORE TRUNCATE ON public.exchange_reconciliation FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.exchange_reconciliation ENABLE ALWAYS TRIGGER exchange_reconciliation_no_truncate;
CREATE TRIGGER instruments_no_change BEFORE DELETE OR UPDATE ON public.instruments FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.instruments ENABLE ALWAYS TRIGGER instruments_no_change;
CREATE TRIGGER instruments_no_truncate BEFORE TRUNCATE ON public.instruments FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.instruments ENABLE ALWAYS TRIGGER instruments_no_truncate;
CREATE TRIGGER order_decision_context_no_change BEFORE DELETE OR UPDATE ON public.order_decision_context FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_decision_context ENABLE ALWAYS TRIGGER order_decision_context_no_change;
CREATE TRIGGER order_decision_context_no_truncate BEFORE TRUNCATE ON public.order_decision_context FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_decision_context ENABLE ALWAYS TRIGGER order_decision_context_no_truncate;
CREATE TRIGGER order_events_no_change BEFORE DELETE OR UPDATE ON public.order_events FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_events ENABLE ALWAYS TRIGGER order_events_no_change;
CREATE TRIGGER order_events_no_truncate BEFORE TRUNCATE ON public.order_events FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_events ENABLE ALWAYS TRIGGER order_events_no_truncate;
CREATE TRIGGER order_fills_no_change BEFORE DELETE OR UPDATE ON public.order_fills FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_fills ENABLE ALWAYS TRIGGER order_fills_no_change;
CREATE TRIGGER order_fills_no_truncate BEFORE TRUNCATE ON public.order_fills FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_fills ENABLE ALWAYS TRIGGER order_fills_no_truncate;
CREATE TRIGGER order_request_withdrawals_no_change BEFORE DELETE OR UPDATE ON public.order_request_withdrawals FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_request_withdrawals ENABLE ALWAYS TRIGGER order_request_withdrawals_no_change;
CREATE TRIGGER order_request_withdrawals_no_truncate BEFORE TRUNCATE ON public.order_request_withdrawals FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_request_withdrawals ENABLE ALWAYS TRIGGER order_request_withdrawals_no_truncate;
CREATE TRIGGER order_requests_no_change BEFORE DELETE OR UPDATE ON public.order_requests FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_requests ENABLE ALWAYS TRIGGER order_requests_no_change;
CREATE TRIGGER order_requests_no_truncate BEFORE TRUNCATE ON public.order_requests FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_requests ENABLE ALWAYS TRIGGER order_requests_no_truncate;
CREATE TRIGGER order_risk_checks_no_change BEFORE DELETE OR UPDATE ON public.order_risk_checks FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_risk_checks ENABLE ALWAYS TRIGGER order_risk_checks_no_change;
CREATE TRIGGER order_risk_checks_no_truncate BEFORE TRUNCATE ON public.order_risk_checks FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.order_risk_checks ENABLE ALWAYS TRIGGER order_risk_checks_no_truncate;
CREATE TRIGGER unattributed_reports_no_change BEFORE DELETE OR UPDATE ON public.unattributed_reports FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.unattributed_reports ENABLE ALWAYS TRIGGER unattributed_reports_no_change;
CREATE TRIGGER unattributed_reports_no_truncate BEFORE TRUNCATE ON public.unattributed_reports FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.unattributed_reports ENABLE ALWAYS TRIGGER unattributed_reports_no_truncate;
ALTER TABLE ONLY public.exchange_reconciliation
    ADD CONSTRAINT fk_exchange_reconciliation_account_id_order_id FOREIGN KEY (account_id, order_id) REFERENCES public.orders(account_id, order_id);
ALTER TABLE ONLY public.order_costs
    ADD CONSTRAINT fk_order_costs_account_id_order_id FOREIGN KEY (account_id, order_id) REFERENCES public.orders(account_id, order_id);
ALTER TABLE ONLY public.order_decision_context
    ADD CONSTRAINT fk_order_decision_context_account_id_request_id FOREIGN KEY (account_id, request_id) REFERENCES public.order_requests(account_id, request_id);
ALTER TABLE ONLY public.order_events
    ADD CONSTRAINT fk_order_events_account_id_order_id FOREIGN KEY (account_id, order_id) REFERENCES public.orders(account_id, order_id);
ALTER TABLE ONLY public.order_events
    ADD CONSTRAINT fk_order_events_account_id_report_id FOREIGN KEY (account_id, report_id) REFERENCES public.unattributed_reports(account_id, report_id);
ALTER TABLE ONLY public.order_events
    ADD CONSTRAINT fk_order_events_account_id_request_id FOREIGN KEY (account_id, request_id) REFERENCES public.order_requests(account_id, request_id);
ALTER TABLE ONLY public.order_fills
    ADD CONSTRAINT fk_order_fills_account_id_order_id_sequence FOREIGN KEY (account_id, order_id, sequence) REFERENCES public.order_events(account_id, order_id, sequence);
ALTER TABLE ONLY public.order_identifiers
    ADD CONSTRAINT fk_order_identifiers_account_id_order_id FOREIGN KEY (account_id, order_id) REFERENCES public.orders(account_id, order_id);
ALTER TABLE ONLY public.order_pnl
    ADD CONSTRAINT fk_order_pnl_account_id_order_id FOREIGN KEY (account_id, order_id) REFERENCES public.orders(account_id, order_id);
ALTER TABLE ONLY public.order_request_withdrawals
    ADD CONSTRAINT fk_order_request_withdrawals_account_id_request_id FOREIGN KEY (account_id, request_id) REFERENCES public.order_requests(account_id, request_id);
ALTER TABLE ONLY public.order_risk_checks
    ADD CONSTRAINT fk_order_risk_checks_account_id_request_id FOREIGN KEY (account_id, request_id) REFERENCES public.order_requests(account_id, request_id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT fk_orders_account_id_request_id FOREIGN KEY (account_id, request_id) REFERENCES public.order_requests(account_id, request_id);
ALTER TABLE ONLY public.waiting_reports
    ADD CONSTRAINT fk_waiting_reports_account_id_report_id FOREIGN KEY (account_id, report_id) REFERENCES public.unattributed_reports(account_id, report_id);
