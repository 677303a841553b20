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
    price numeric,
    cost_share numeric,
    to_symbol text COLLATE pg_catalog."C",
    to_quantity numeric,
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
    CONSTRAINT ck_account_events_cost_share_finite CHECK (((cost_share > '-Infinity'::numeric) AND (cost_share < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_price_finite CHECK (((price > '-Infinity'::numeric) AND (price < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_quantity_finite CHECK (((quantity > '-Infinity'::numeric) AND (quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_split_from_finite CHECK (((split_from > '-Infinity'::numeric) AND (split_from < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_split_to_finite CHECK (((split_to > '-Infinity'::numeric) AND (split_to < 'Infinity'::numeric))),
    CONSTRAINT ck_account_events_to_quantity_finite CHECK (((to_quantity > '-Infinity'::numeric) AND (to_quantity < 'Infinity'::numeric)))
);
CREATE TABLE public.api_keys (
    key_id text NOT NULL COLLATE pg_catalog."C",
    secret_hash text NOT NULL COLLATE pg_catalog."C",
    scopes text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    name text COLLATE pg_catalog."C",
    accounts text COLLATE pg_catalog."C",
    revoked_at timestamp with time zone
);
CREATE TABLE public.checkpoints (
    number bigint NOT NULL,
    store_id uuid NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    upto bigint NOT NULL,
    count bigint NOT NULL,
    root text NOT NULL COLLATE pg_catalog."C",
    previous text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    signature text COLLATE pg_catalog."C",
    key_id text COLLATE pg_catalog."C"
);
CREATE TABLE public.exchange_reconciliation (
    account_id text NOT NULL COLLATE pg_catalog."C",
    record_id uuid NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    venue text NOT NULL COLLATE pg_catalog."C",
    venue_account text NOT NULL COLLATE pg_catalog."C",
    run_id uuid,
    number bigint,
    finding_id uuid,
    subject text COLLATE pg_catalog."C",
    mismatch text COLLATE pg_catalog."C",
    order_id uuid,
    client_order_id text COLLATE pg_catalog."C",
    venue_order_id text COLLATE pg_catalog."C",
    exec_id text COLLATE pg_catalog."C",
    leg text NOT NULL COLLATE pg_catalog."C",
    symbol text COLLATE pg_catalog."C",
    position_side text COLLATE pg_catalog."C",
    position_id text NOT NULL COLLATE pg_catalog."C",
    local_status text COLLATE pg_catalog."C",
    exchange_status text COLLATE pg_catalog."C",
    local_quantity numeric,
    exchange_quantity numeric,
    resolution text COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    actor text COLLATE pg_catalog."C",
    checked_at timestamp with time zone,
    inputs text COLLATE pg_catalog."C",
    recorded_at timestamp with time zone NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT ck_exchange_reconciliation_exchange_quantity_finite CHECK (((exchange_quantity > '-Infinity'::numeric) AND (exchange_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_exchange_reconciliation_local_quantity_finite CHECK (((local_quantity > '-Infinity'::numeric) AND (local_quantity < 'Infinity'::numeric)))
);
CREATE TABLE public.fact_feed (
    "position" bigint NOT NULL,
    account_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    hash text NOT NULL COLLATE pg_catalog."C",
    recorded_at timestamp with time zone NOT NULL
);
ALTER TABLE public.fact_feed ALTER COLUMN "position" ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.fact_feed_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.idempotency_records (
    owner text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    fingerprint text NOT NULL COLLATE pg_catalog."C",
    status bigint NOT NULL,
    headers text COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    recorded_at timestamp with time zone NOT NULL
);
CREATE TABLE public.instruments (
    account_id text NOT NULL COLLATE pg_catalog."C",
    venue text NOT NULL COLLATE pg_catalog."C",
    symbol text NOT NULL COLLATE pg_catalog."C",
    valid_from timestamp with time zone NOT NULL,
    number bigint NOT NULL,
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
    trace text COLLATE pg_catalog."C",
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
    in_legs boolean NOT NULL,
    split_factor numeric NOT NULL,
    venue_order_id text COLLATE pg_catalog."C",
    occurred_at timestamp with time zone,
    received_at timestamp with time zone,
    venue_time_ns bigint,
    venue_sequence bigint,
    amount numeric,
    venue_account text NOT NULL COLLATE pg_catalog."C",
    position_side text NOT NULL COLLATE pg_catalog."C",
    position_id text NOT NULL COLLATE pg_catalog."C",
    happened_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_order_fills_amount_finite CHECK (((amount > '-Infinity'::numeric) AND (amount < 'Infinity'::numeric))),
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
    trace text COLLATE pg_catalog."C",
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
CREATE TABLE public.order_states (
    account_id text NOT NULL COLLATE pg_catalog."C",
    order_id uuid NOT NULL,
    sequence bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C"
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
    venue_account text NOT NULL COLLATE pg_catalog."C",
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
    missing_traded numeric NOT NULL,
    missing_moved numeric NOT NULL,
    order_assumed boolean NOT NULL,
    moment_sides bigint NOT NULL,
    opened_at timestamp with time zone,
    entries bigint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    carried boolean NOT NULL,
    checkpointed bigint NOT NULL,
    CONSTRAINT ck_position_checkpoints_closed_fees_finite CHECK (((closed_fees > '-Infinity'::numeric) AND (closed_fees < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_entry_value_finite CHECK (((entry_value > '-Infinity'::numeric) AND (entry_value < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_fees_in_quantity_finite CHECK (((fees_in_quantity > '-Infinity'::numeric) AND (fees_in_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_missing_moved_finite CHECK (((missing_moved > '-Infinity'::numeric) AND (missing_moved < 'Infinity'::numeric))),
    CONSTRAINT ck_position_checkpoints_missing_traded_finite CHECK (((missing_traded > '-Infinity'::numeric) AND (missing_traded < 'Infinity'::numeric))),
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
    venue_account text NOT NULL COLLATE pg_catalog."C",
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
    missing_traded numeric NOT NULL,
    missing_moved numeric NOT NULL,
    order_assumed boolean NOT NULL,
    moment_sides bigint NOT NULL,
    opened_at timestamp with time zone,
    entries bigint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    carried boolean NOT NULL,
    checkpointed bigint NOT NULL,
    CONSTRAINT ck_positions_closed_fees_finite CHECK (((closed_fees > '-Infinity'::numeric) AND (closed_fees < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_entry_value_finite CHECK (((entry_value > '-Infinity'::numeric) AND (entry_value < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_fees_in_quantity_finite CHECK (((fees_in_quantity > '-Infinity'::numeric) AND (fees_in_quantity < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_missing_moved_finite CHECK (((missing_moved > '-Infinity'::numeric) AND (missing_moved < 'Infinity'::numeric))),
    CONSTRAINT ck_positions_missing_traded_finite CHECK (((missing_traded > '-Infinity'::numeric) AND (missing_traded < 'Infinity'::numeric))),
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
INSERT INTO public.account_events VALUES ('account', '00000000-0000-7000-8000-00000000000d', 'FUNDING', 'VENUE', '', 'BASE/QUOTE', 'NET', '', -1, 'QUOTE', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'F1', NULL, '2026-01-05 10:00:00+00', '2026-01-05 10:20:00+00', true, '', '8ee0f9f62ddd9e10bccade43fb267c434b8731ad2dba68198ef851f2c7e2449f', 'f33f9902ee48c472955cc6debc768e9397228a3d173433162bdc8812838072b7', '{"account_id":"account","amount":"-1","currency":"QUOTE","event_id":"00000000-0000-7000-8000-00000000000d","external_id":"F1","occurred_at":"2026-01-05T10:00:00.000000Z","position_side":"NET","symbol":"BASE/QUOTE","type":"FUNDING","venue":"VENUE"}', 'ef3c365c127d72f9cff3df1b8c0497bdf5d343cbb2cc3174b34cb54aba692017');
INSERT INTO public.checkpoints VALUES (1, '00000000-0000-7000-8000-00000000000e', '2026-01-05 10:21:00+00', 36, 36, 'ccb1a5882d98dd8699abd1bc9b57e72b22b3586e14583a20c16adc264da777eb', '0000000000000000000000000000000000000000000000000000000000000000', '5d72f8f02bfdeea5ee8b8ac4b04895b9fed0d76cea4da1a90e42f5853f63ad40', NULL, NULL);
INSERT INTO public.checkpoints VALUES (2, '00000000-0000-7000-8000-00000000000e', '2026-01-05 11:23:00+00', 46, 10, '153dc77de395f5908df83719ca5220c21678467fa6e7e008f6c9bfa569e80fc8', '5d72f8f02bfdeea5ee8b8ac4b04895b9fed0d76cea4da1a90e42f5853f63ad40', 'c07b89cf7de7a77951dfa625dac1549cbce4ff45035cd254722d23cc9adbe3a2', NULL, NULL);
INSERT INTO public.exchange_reconciliation VALUES ('account', '00000000-0000-7000-8000-00000000000f', 'RUN', 'VENUE', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-01-05 11:21:00+00', '{"grace_seconds":"10.0","healing":false,"history":{"account_id":"account","coverage":{"complete":true},"taken_at":"2026-01-05T11:21:00.000000Z","venue":"VENUE"},"place":{"cursor":"0","since":"2026-01-05T11:21:10.000000Z","symbols":null},"recorded":0,"venue":{"account_id":"account","asked_at":"2026-01-05T11:21:00.000000Z","executed":{"complete":true},"held":{"complete":true},"open_orders":{"complete":true},"venue":"VENUE"}}', '2026-01-05 11:21:00+00', '{"account_id":"account","checked_at":"2026-01-05T11:21:00.000000Z","inputs":"{\"grace_seconds\":\"10.0\",\"healing\":false,\"history\":{\"account_id\":\"account\",\"coverage\":{\"complete\":true},\"taken_at\":\"2026-01-05T11:21:00.000000Z\",\"venue\":\"VENUE\"},\"place\":{\"cursor\":\"0\",\"since\":\"2026-01-05T11:21:10.000000Z\",\"symbols\":null},\"recorded\":0,\"venue\":{\"account_id\":\"account\",\"asked_at\":\"2026-01-05T11:21:00.000000Z\",\"executed\":{\"complete\":true},\"held\":{\"complete\":true},\"open_orders\":{\"complete\":true},\"venue\":\"VENUE\"}}","record_id":"00000000-0000-7000-8000-00000000000f","type":"RUN","venue":"VENUE"}', 'e43e08ced79b71a406a9ae629671acc7bd0c1c700d732f582ba9f8420262ffdf');
INSERT INTO public.exchange_reconciliation VALUES ('account', '292ab9ed-f87c-8980-b559-b32fdcbc67b4', 'INPUT', 'VENUE', '', '00000000-0000-7000-8000-00000000000f', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"history":{"orders":[{"changed_at":"2026-01-05T10:09:00.000000Z","client_order_ids":["C1"],"cum_quantity":"2","executions":[{"busted":true,"exec_id":"E1","first_exec_id":"E1","happened_at":"2026-01-05T10:05:00.000000Z","price":"100","quantity":"1"},{"busted":false,"exec_id":"E2c","first_exec_id":"E2","happened_at":"2026-01-05T10:05:00.000000Z","price":"102","quantity":"2"},{"busted":true,"exec_id":"E3","first_exec_id":"E3","happened_at":"2026-01-05T10:05:00.000000Z","price":"100","quantity":"1"}],"in_doubt":false,"is_open":true,"limit_price":"100","order_id":"00000000-0000-7000-8000-000000000002","order_quantity":"10","status":"PARTIALLY_FILLED","symbol":"BASE/QUOTE","venue_order_ids":["V1"]},{"changed_at":"2026-01-05T10:13:00.000000Z","cum_quantity":"0.5","executions":[{"busted":false,"exec_id":"X1","first_exec_id":"X1","happened_at":"2026-01-05T10:00:00.000000Z","price":"105","quantity":"0.5"}],"in_doubt":false,"is_open":true,"order_id":"a2623649-2f84-8349-823f-6536471c87a4","status":"PARTIALLY_FILLED","symbol":"BASE/QUOTE","venue_order_ids":["X"]},{"changed_at":"2026-01-05T10:17:00.000000Z","client_order_ids":["C2"],"cum_quantity":"1","executions":[{"busted":false,"exec_id":"E8","first_exec_id":"E8","happened_at":"2026-01-05T10:11:00.000000Z","price":"100","quantity":"1"}],"in_doubt":false,"is_open":false,"limit_price":"100","order_id":"00000000-0000-7000-8000-000000000005","order_quantity":"10","status":"CANCELED","symbol":"BASE/QUOTE","venue_order_ids":["V2"]}],"positions":[{"position_side":"NET","quantity":"3.5","symbol":"BASE/QUOTE"}],"waiting":[{"account_id":"account","exec_id":"E9","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V9"}]},"venue":{"absent":["00000000-0000-7000-8000-000000000002","a2623649-2f84-8349-823f-6536471c87a4"]}}', '2026-01-05 11:21:00+00', '{"account_id":"account","inputs":"{\"history\":{\"orders\":[{\"changed_at\":\"2026-01-05T10:09:00.000000Z\",\"client_order_ids\":[\"C1\"],\"cum_quantity\":\"2\",\"executions\":[{\"busted\":true,\"exec_id\":\"E1\",\"first_exec_id\":\"E1\",\"happened_at\":\"2026-01-05T10:05:00.000000Z\",\"price\":\"100\",\"quantity\":\"1\"},{\"busted\":false,\"exec_id\":\"E2c\",\"first_exec_id\":\"E2\",\"happened_at\":\"2026-01-05T10:05:00.000000Z\",\"price\":\"102\",\"quantity\":\"2\"},{\"busted\":true,\"exec_id\":\"E3\",\"first_exec_id\":\"E3\",\"happened_at\":\"2026-01-05T10:05:00.000000Z\",\"price\":\"100\",\"quantity\":\"1\"}],\"in_doubt\":false,\"is_open\":true,\"limit_price\":\"100\",\"order_id\":\"00000000-0000-7000-8000-000000000002\",\"order_quantity\":\"10\",\"status\":\"PARTIALLY_FILLED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"V1\"]},{\"changed_at\":\"2026-01-05T10:13:00.000000Z\",\"cum_quantity\":\"0.5\",\"executions\":[{\"busted\":false,\"exec_id\":\"X1\",\"first_exec_id\":\"X1\",\"happened_at\":\"2026-01-05T10:00:00.000000Z\",\"price\":\"105\",\"quantity\":\"0.5\"}],\"in_doubt\":false,\"is_open\":true,\"order_id\":\"a2623649-2f84-8349-823f-6536471c87a4\",\"status\":\"PARTIALLY_FILLED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"X\"]},{\"changed_at\":\"2026-01-05T10:17:00.000000Z\",\"client_order_ids\":[\"C2\"],\"cum_quantity\":\"1\",\"executions\":[{\"busted\":false,\"exec_id\":\"E8\",\"first_exec_id\":\"E8\",\"happened_at\":\"2026-01-05T10:11:00.000000Z\",\"price\":\"100\",\"quantity\":\"1\"}],\"in_doubt\":false,\"is_open\":false,\"limit_price\":\"100\",\"order_id\":\"00000000-0000-7000-8000-000000000005\",\"order_quantity\":\"10\",\"status\":\"CANCELED\",\"symbol\":\"BASE/QUOTE\",\"venue_order_ids\":[\"V2\"]}],\"positions\":[{\"position_side\":\"NET\",\"quantity\":\"3.5\",\"symbol\":\"BASE/QUOTE\"}],\"waiting\":[{\"account_id\":\"account\",\"exec_id\":\"E9\",\"last_price\":\"100\",\"last_quantity\":\"1\",\"type\":\"TRADE\",\"venue\":\"VENUE\",\"venue_order_id\":\"V9\"}]},\"venue\":{\"absent\":[\"00000000-0000-7000-8000-000000000002\",\"a2623649-2f84-8349-823f-6536471c87a4\"]}}","number":1,"record_id":"292ab9ed-f87c-8980-b559-b32fdcbc67b4","run_id":"00000000-0000-7000-8000-00000000000f","type":"INPUT","venue":"VENUE"}', '49afc282544e6d6c1af1404a2ee6b5fb199ddebf15c8ef2fdc86933782fa8a39');
INSERT INTO public.exchange_reconciliation VALUES ('account', '7df194bc-1c26-8bea-aa06-a3aef82b53f2', 'FINDING', 'VENUE', '', '00000000-0000-7000-8000-00000000000f', NULL, NULL, 'a85e995931d99ee912296e01c95ca30f911c8e3f403c277e7bdf26bbcb095040', 'MISSING_AT_VENUE', '00000000-0000-7000-8000-000000000002', 'C1', 'V1', NULL, '', 'BASE/QUOTE', NULL, '', 'PARTIALLY_FILLED', NULL, NULL, NULL, NULL, 'the venue knows no such order', NULL, NULL, NULL, '2026-01-05 11:21:00+00', '{"account_id":"account","client_order_id":"C1","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000002","reason":"the venue knows no such order","record_id":"7df194bc-1c26-8bea-aa06-a3aef82b53f2","run_id":"00000000-0000-7000-8000-00000000000f","subject":"a85e995931d99ee912296e01c95ca30f911c8e3f403c277e7bdf26bbcb095040","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V1"}', 'c1b04fa887780aca827e7b862a78db6a55a63e1c1e1301eb7a423c4e835925fb');
INSERT INTO public.exchange_reconciliation VALUES ('account', '51ce5e1f-3b4e-820f-b45b-fe1d809edcd4', 'FINDING', 'VENUE', '', '00000000-0000-7000-8000-00000000000f', NULL, NULL, '4c01bb88f9b4cceb3817c781ba6f34e4ca79f358f5a823fecb294c8f6003813f', 'MISSING_AT_VENUE', '00000000-0000-7000-8000-000000000002', 'C1', 'V1', 'E2c', '', 'BASE/QUOTE', NULL, '', 'PARTIALLY_FILLED', NULL, 2, NULL, NULL, 'the venue does not list this execution', NULL, NULL, NULL, '2026-01-05 11:21:00+00', '{"account_id":"account","client_order_id":"C1","exec_id":"E2c","local_quantity":"2","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000002","reason":"the venue does not list this execution","record_id":"51ce5e1f-3b4e-820f-b45b-fe1d809edcd4","run_id":"00000000-0000-7000-8000-00000000000f","subject":"4c01bb88f9b4cceb3817c781ba6f34e4ca79f358f5a823fecb294c8f6003813f","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V1"}', '3988c4f7970d0c0032f07e98cc02e1057b67c9a223141b1c0a552dd6ea572a1d');
INSERT INTO public.exchange_reconciliation VALUES ('account', '3ea852ae-9d3f-8bfb-a786-06cd90183aec', 'FINDING', 'VENUE', '', '00000000-0000-7000-8000-00000000000f', NULL, NULL, '4718eff16c295c300335a103de9b55bd8a3dc2a28633637eb07baab537479202', 'MISSING_AT_VENUE', 'a2623649-2f84-8349-823f-6536471c87a4', NULL, 'X', NULL, '', 'BASE/QUOTE', NULL, '', 'PARTIALLY_FILLED', NULL, NULL, NULL, NULL, 'the venue knows no such order', NULL, NULL, NULL, '2026-01-05 11:21:00+00', '{"account_id":"account","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"a2623649-2f84-8349-823f-6536471c87a4","reason":"the venue knows no such order","record_id":"3ea852ae-9d3f-8bfb-a786-06cd90183aec","run_id":"00000000-0000-7000-8000-00000000000f","subject":"4718eff16c295c300335a103de9b55bd8a3dc2a28633637eb07baab537479202","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"X"}', '0e746dd8492430f245531b0d2a268574f8f77fdf8b995bb3a9db1f5d015007a4');
INSERT INTO public.exchange_reconciliation VALUES ('account', 'd137922a-61ea-8c77-8ed8-2f176a37e72a', 'FINDING', 'VENUE', '', '00000000-0000-7000-8000-00000000000f', NULL, NULL, '060f0c0422240febe5f18f600061e275a36e840a6f87c1c4011017dae1b07356', 'MISSING_AT_VENUE', 'a2623649-2f84-8349-823f-6536471c87a4', NULL, 'X', 'X1', '', 'BASE/QUOTE', NULL, '', 'PARTIALLY_FILLED', NULL, 0.5, NULL, NULL, 'the venue does not list this execution', NULL, NULL, NULL, '2026-01-05 11:21:00+00', '{"account_id":"account","exec_id":"X1","local_quantity":"0.5","local_status":"PARTIALLY_FILLED","mismatch":"MISSING_AT_VENUE","order_id":"a2623649-2f84-8349-823f-6536471c87a4","reason":"the venue does not list this execution","record_id":"d137922a-61ea-8c77-8ed8-2f176a37e72a","run_id":"00000000-0000-7000-8000-00000000000f","subject":"060f0c0422240febe5f18f600061e275a36e840a6f87c1c4011017dae1b07356","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"X"}', 'e97a8e1edaa6710fae7e44fdb4ed498e3612a9c39edb11e05ecb965a2119f805');
INSERT INTO public.exchange_reconciliation VALUES ('account', 'a18ebff9-d966-8b32-afdc-ca3ee7e45a88', 'FINDING', 'VENUE', '', '00000000-0000-7000-8000-00000000000f', NULL, NULL, 'ade92bfd879d1756e697d146092e41b249fb99797f00aee971e3427ae9a78181', 'MISSING_AT_VENUE', '00000000-0000-7000-8000-000000000005', 'C2', 'V2', 'E8', '', 'BASE/QUOTE', NULL, '', 'CANCELED', NULL, 1, NULL, NULL, 'the venue does not list this execution', NULL, NULL, NULL, '2026-01-05 11:21:00+00', '{"account_id":"account","client_order_id":"C2","exec_id":"E8","local_quantity":"1","local_status":"CANCELED","mismatch":"MISSING_AT_VENUE","order_id":"00000000-0000-7000-8000-000000000005","reason":"the venue does not list this execution","record_id":"a18ebff9-d966-8b32-afdc-ca3ee7e45a88","run_id":"00000000-0000-7000-8000-00000000000f","subject":"ade92bfd879d1756e697d146092e41b249fb99797f00aee971e3427ae9a78181","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE","venue_order_id":"V2"}', 'd3f0e612af7397f230148f0584bb785c88d641e176311c06138fb27fbee3efa1');
INSERT INTO public.exchange_reconciliation VALUES ('account', '5d237af1-c0d5-81c3-897b-4e838e7781e1', 'FINDING', 'VENUE', '', '00000000-0000-7000-8000-00000000000f', NULL, NULL, '3b86aa6f29ec644ba4806b63cd78fc8b705a88d4d6b99a00855d25e8a8e2432f', 'UNKNOWN_ORDER', NULL, NULL, 'V9', NULL, '', NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, 'a report, or an execution, of an order that nobody knows', NULL, NULL, NULL, '2026-01-05 11:21:00+00', '{"account_id":"account","mismatch":"UNKNOWN_ORDER","reason":"a report, or an execution, of an order that nobody knows","record_id":"5d237af1-c0d5-81c3-897b-4e838e7781e1","run_id":"00000000-0000-7000-8000-00000000000f","subject":"3b86aa6f29ec644ba4806b63cd78fc8b705a88d4d6b99a00855d25e8a8e2432f","type":"FINDING","venue":"VENUE","venue_order_id":"V9"}', '70853cb7de98b957b731ca87ee6bfbf6787c2d3bf5d39cd6aabdc5014c1fefe4');
INSERT INTO public.exchange_reconciliation VALUES ('account', 'e6b956b8-61a6-86b9-bf90-35700e4130ac', 'FINDING', 'VENUE', '', '00000000-0000-7000-8000-00000000000f', NULL, NULL, '408fa8d707a631af661df0cee7f8ae44e65518baa52ad525d54f5d69cf741340', 'POSITION_DIFFERS', NULL, NULL, NULL, NULL, '', 'BASE/QUOTE', 'NET', '', NULL, NULL, 3.5, 0, NULL, NULL, NULL, NULL, NULL, '2026-01-05 11:21:00+00', '{"account_id":"account","exchange_quantity":"0","local_quantity":"3.5","mismatch":"POSITION_DIFFERS","position_side":"NET","record_id":"e6b956b8-61a6-86b9-bf90-35700e4130ac","run_id":"00000000-0000-7000-8000-00000000000f","subject":"408fa8d707a631af661df0cee7f8ae44e65518baa52ad525d54f5d69cf741340","symbol":"BASE/QUOTE","type":"FINDING","venue":"VENUE"}', 'e73f1e0f883f2538df69ac64aa2cadcf5950e2ee1db0681ba37e156fb752564f');
INSERT INTO public.fact_feed VALUES (1, 'account', 'INSTRUMENT', '["VENUE","BASE/QUOTE","1970-01-01T00:00:00.000000Z"]', 0, '71cd86bf2960ca76dfb767a74c8f2e7b38e0fdb5613d9d976499c3e4bca24434', '2026-01-05 10:01:00+00');
INSERT INTO public.fact_feed VALUES (2, 'account', 'REQUEST', '00000000-0000-7000-8000-000000000001', 0, 'fb9909c53f3da4add7602050a8c8e2dbc2b98549a912caa2fb752ed97d01308e', '2026-01-05 10:02:00+00');
INSERT INTO public.fact_feed VALUES (3, 'account', 'CONTEXT', '00000000-0000-7000-8000-000000000001', 0, '993c19a18f81bcc56f25bf2ddd3a44db330bb43603a3e1e5923cabbf4a024578', '2026-01-05 10:02:00+00');
INSERT INTO public.fact_feed VALUES (4, 'account', 'RISK_CHECK', '00000000-0000-7000-8000-000000000001', 1, '7700e22ca68775496214f06ef9f876c5dc3d65d9c9036dc6b0374669ba82e48b', '2026-01-05 10:02:00+00');
INSERT INTO public.fact_feed VALUES (5, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 1, '093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235', '2026-01-05 10:03:00+00');
INSERT INTO public.fact_feed VALUES (6, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 2, 'b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4', '2026-01-05 10:03:00+00');
INSERT INTO public.fact_feed VALUES (7, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 3, '523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf', '2026-01-05 10:04:00+00');
INSERT INTO public.fact_feed VALUES (8, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 4, 'a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0', '2026-01-05 10:05:00+00');
INSERT INTO public.fact_feed VALUES (9, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 5, '3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559', '2026-01-05 10:05:00+00');
INSERT INTO public.fact_feed VALUES (10, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 6, '6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d', '2026-01-05 10:05:00+00');
INSERT INTO public.fact_feed VALUES (11, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 7, '292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201', '2026-01-05 10:06:00+00');
INSERT INTO public.fact_feed VALUES (12, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 8, 'ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16', '2026-01-05 10:07:00+00');
INSERT INTO public.fact_feed VALUES (13, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 9, '614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46', '2026-01-05 10:08:00+00');
INSERT INTO public.fact_feed VALUES (14, 'account', 'EVENT', '00000000-0000-7000-8000-000000000002', 10, 'ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751', '2026-01-05 10:09:00+00');
INSERT INTO public.fact_feed VALUES (15, 'account', 'UNATTRIBUTED', '00000000-0000-7000-8000-000000000003', 0, 'a962f3a12f93660e2074b3968b7f0886ba680052969afe2601428d703bfd6811', '2026-01-05 10:10:00+00');
INSERT INTO public.fact_feed VALUES (16, 'account', 'REQUEST', '00000000-0000-7000-8000-000000000004', 0, 'b74323c5e9e679fac17779dd9c4d8a29d16e755b67ee3de0bb1b5d5c59eb34bc', '2026-01-05 10:11:00+00');
INSERT INTO public.fact_feed VALUES (17, 'account', 'EVENT', '00000000-0000-7000-8000-000000000005', 1, '594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb', '2026-01-05 10:11:00+00');
INSERT INTO public.fact_feed VALUES (18, 'account', 'EVENT', '00000000-0000-7000-8000-000000000005', 2, '99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f', '2026-01-05 10:11:00+00');
INSERT INTO public.fact_feed VALUES (19, 'account', 'EVENT', '00000000-0000-7000-8000-000000000005', 3, '1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586', '2026-01-05 10:11:00+00');
INSERT INTO public.fact_feed VALUES (20, 'account', 'UNATTRIBUTED', '00000000-0000-7000-8000-000000000006', 0, '74ef0d1bef23ec4888e8ad5118a3dd44df2c7c850d14b9c5a66600ed7a175a4a', '2026-01-05 10:12:00+00');
INSERT INTO public.fact_feed VALUES (21, 'account', 'EVENT', 'a2623649-2f84-8349-823f-6536471c87a4', 1, '81dd2afc98d0f2b6a9f46cc3827862884d0b14bd46c8defecf49983b3bacfe29', '2026-01-05 10:13:00+00');
INSERT INTO public.fact_feed VALUES (22, 'account', 'EVENT', 'a2623649-2f84-8349-823f-6536471c87a4', 2, 'd33437b189c8ba9f4739e73a78d484ab5c222378aa11b81a924c87a83e314266', '2026-01-05 10:13:00+00');
INSERT INTO public.fact_feed VALUES (23, 'account', 'REQUEST', '00000000-0000-7000-8000-000000000007', 0, '83609cfb6dcaf9afa95f5cf68b2243607a51da31f209ae79e99f46a9908f8cc5', '2026-01-05 10:14:00+00');
INSERT INTO public.fact_feed VALUES (24, 'account', 'EVENT', '00000000-0000-7000-8000-000000000008', 1, '5b567842c1a365a7646894873bab92ef4eb38d76d81cbb5cd084f1aa869f0277', '2026-01-05 10:14:00+00');
INSERT INTO public.fact_feed VALUES (25, 'account', 'EVENT', '00000000-0000-7000-8000-000000000008', 2, '94c2fbd151db9aba203100f50be1472099bf4ab129b9a21473dfd3ea2297904a', '2026-01-05 10:14:00+00');
INSERT INTO public.fact_feed VALUES (26, 'account', 'EVENT', '00000000-0000-7000-8000-000000000008', 3, '38d8d37bcff77d67f0b131f92f694febb4b49ab1e2edb808c6fa9b3c9926fa27', '2026-01-05 10:14:00+00');
INSERT INTO public.fact_feed VALUES (27, 'account', 'EVENT', '00000000-0000-7000-8000-000000000008', 4, 'ed0fa742b3579ccabd92321fa3a673dbdcdcea935c2e3e27de20a7c9b5b6581a', '2026-01-05 10:15:00+00');
INSERT INTO public.fact_feed VALUES (28, 'account', 'REQUEST', '00000000-0000-7000-8000-000000000009', 0, '02a3d6be644f5f06c458adbeb35e6d64dec8dfa3124c2b93939d0cf69ceed874', '2026-01-05 10:16:00+00');
INSERT INTO public.fact_feed VALUES (29, 'account', 'EVENT', '00000000-0000-7000-8000-000000000005', 4, '3fa7590da2a6e51833af6966164794e185034d82ffa99a453902abae9bd41493', '2026-01-05 10:16:00+00');
INSERT INTO public.fact_feed VALUES (30, 'account', 'EVENT', '00000000-0000-7000-8000-000000000005', 5, '560f4f27ecec590d3e56f12625a12441e2a8956bf1cee7a57e5020817f0d95e3', '2026-01-05 10:17:00+00');
INSERT INTO public.fact_feed VALUES (31, 'account', 'REQUEST', '00000000-0000-7000-8000-00000000000a', 0, '18ab1931e6461d28b50aa1eceb9f709a22aea12bef69ea6b5e59e97a54ace8ad', '2026-01-05 10:18:00+00');
INSERT INTO public.fact_feed VALUES (32, 'account', 'WITHDRAWAL', '00000000-0000-7000-8000-00000000000a', 0, '9240891e2ca3d373db7d68e5b4077b7f2afc63043b5348045165f2b45ac54e38', '2026-01-05 10:18:00+00');
INSERT INTO public.fact_feed VALUES (33, 'account', 'REQUEST', '00000000-0000-7000-8000-00000000000b', 0, 'b8c08c325bd36f2b47d9ad5b4d1b126fe5f17d9f3e94a4bcda13a2e2de4ad560', '2026-01-05 10:19:00+00');
INSERT INTO public.fact_feed VALUES (34, 'account', 'EVENT', '00000000-0000-7000-8000-00000000000c', 1, 'ce6833146e9cfe1466df2eb644de8040f89f4acbacef4369033d5b529a50d1bd', '2026-01-05 10:19:00+00');
INSERT INTO public.fact_feed VALUES (35, 'account', 'EVENT', '00000000-0000-7000-8000-00000000000c', 2, '7d7291d1f90842f0a58e35c141487c949e4a1731fd786e8aebe4085899a2d935', '2026-01-05 10:19:00+00');
INSERT INTO public.fact_feed VALUES (36, 'account', 'ACCOUNT_EVENT', '00000000-0000-7000-8000-00000000000d', 0, 'ef3c365c127d72f9cff3df1b8c0497bdf5d343cbb2cc3174b34cb54aba692017', '2026-01-05 10:20:00+00');
INSERT INTO public.fact_feed VALUES (37, 'account', 'RECONCILIATION', '00000000-0000-7000-8000-00000000000f', 0, 'e43e08ced79b71a406a9ae629671acc7bd0c1c700d732f582ba9f8420262ffdf', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (38, 'account', 'RECONCILIATION', '292ab9ed-f87c-8980-b559-b32fdcbc67b4', 0, '49afc282544e6d6c1af1404a2ee6b5fb199ddebf15c8ef2fdc86933782fa8a39', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (39, 'account', 'RECONCILIATION', '7df194bc-1c26-8bea-aa06-a3aef82b53f2', 0, 'c1b04fa887780aca827e7b862a78db6a55a63e1c1e1301eb7a423c4e835925fb', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (40, 'account', 'RECONCILIATION', '51ce5e1f-3b4e-820f-b45b-fe1d809edcd4', 0, '3988c4f7970d0c0032f07e98cc02e1057b67c9a223141b1c0a552dd6ea572a1d', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (41, 'account', 'RECONCILIATION', '3ea852ae-9d3f-8bfb-a786-06cd90183aec', 0, '0e746dd8492430f245531b0d2a268574f8f77fdf8b995bb3a9db1f5d015007a4', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (42, 'account', 'RECONCILIATION', 'd137922a-61ea-8c77-8ed8-2f176a37e72a', 0, 'e97a8e1edaa6710fae7e44fdb4ed498e3612a9c39edb11e05ecb965a2119f805', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (43, 'account', 'RECONCILIATION', 'a18ebff9-d966-8b32-afdc-ca3ee7e45a88', 0, 'd3f0e612af7397f230148f0584bb785c88d641e176311c06138fb27fbee3efa1', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (44, 'account', 'RECONCILIATION', '5d237af1-c0d5-81c3-897b-4e838e7781e1', 0, '70853cb7de98b957b731ca87ee6bfbf6787c2d3bf5d39cd6aabdc5014c1fefe4', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (45, 'account', 'RECONCILIATION', 'e6b956b8-61a6-86b9-bf90-35700e4130ac', 0, 'e73f1e0f883f2538df69ac64aa2cadcf5950e2ee1db0681ba37e156fb752564f', '2026-01-05 11:21:00+00');
INSERT INTO public.fact_feed VALUES (46, 'account', 'EVENT', '00000000-0000-7000-8000-000000000005', 6, '6a3065790343bf059f2f3667ceb82e3fe12199d14f5b83871060b49e4e4fb65f', '2026-01-05 11:22:00+00');
INSERT INTO public.instruments VALUES ('account', 'VENUE', 'BASE/QUOTE', '1970-01-01 00:00:00+00', 0, 'SPOT', 'BASE', 'QUOTE', 'QUOTE', 1, false, '{"account_id":"account","base":"BASE","inverse":false,"kind":"SPOT","multiplier":"1","quote":"QUOTE","settle":"QUOTE","symbol":"BASE/QUOTE","valid_from":"1970-01-01T00:00:00.000000Z","venue":"VENUE"}', '71cd86bf2960ca76dfb767a74c8f2e7b38e0fdb5613d9d976499c3e4bca24434');
INSERT INTO public.order_costs VALUES ('account', '00000000-0000-7000-8000-000000000002', 'VENUE', 'BASE/QUOTE', '1970-01-01 00:00:00+00', 'QUOTE', 2, 204, 204, 0, 0, '{}', 0, 0, 99);
INSERT INTO public.order_costs VALUES ('account', 'a2623649-2f84-8349-823f-6536471c87a4', 'VENUE', 'BASE/QUOTE', '1970-01-01 00:00:00+00', 'QUOTE', 0.5, 52.5, 52.5, 0, 0, '{}', 0, 0, NULL);
INSERT INTO public.order_costs VALUES ('account', '00000000-0000-7000-8000-000000000005', 'VENUE', 'BASE/QUOTE', '1970-01-01 00:00:00+00', 'QUOTE', 2, 200, 200, 0, 0, '{}', 0, 0, NULL);
INSERT INTO public.order_decision_context VALUES ('account', '00000000-0000-7000-8000-000000000001', NULL, 99, '{"indicators":"{\"a\":\"1\"}","market_snapshot":"{\"decision_price\":\"99\"}"}', '993c19a18f81bcc56f25bf2ddd3a44db330bb43603a3e1e5923cabbf4a024578');
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 1, 'CREATED', 'LOCAL', 'me', NULL, '2026-01-05 10:03:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000001', NULL, NULL, 'bbde4b2de059258a4146444c80ec5d2d2e54f26b36cb593392ab27b794dd6775', '{"account_id":"account","fact":{"actor":"me","request_id":"00000000-0000-7000-8000-000000000001"},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"bbde4b2de059258a4146444c80ec5d2d2e54f26b36cb593392ab27b794dd6775","recorded_at":"2026-01-05T10:03:00.000000Z","sequence":1,"type":"CREATED"}', '093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 2, 'SUBMITTED', 'LOCAL', 'me', '2026-01-05 10:00:00+00', '2026-01-05 10:03:00+00', NULL, NULL, NULL, 'C1', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000001', NULL, 'd2b8757bdeeef0d03f0fd5dcd27bdbadb7ac99a37419f13d54f4eef403e211e6', '093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235', '{"account_id":"account","fact":{"actor":"me","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","request_id":"00000000-0000-7000-8000-000000000001"},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"093ab94c9d828ebb4a9a0e4a35b1d09858ed7f8f14fde6f16e970db5f866b235","recorded_at":"2026-01-05T10:03:00.000000Z","said":"d2b8757bdeeef0d03f0fd5dcd27bdbadb7ac99a37419f13d54f4eef403e211e6","sequence":2,"type":"SUBMITTED"}', 'b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 3, 'NEW', 'VENUE', NULL, '2026-01-05 10:00:00+00', '2026-01-05 10:04:00+00', NULL, NULL, NULL, 'C1', 'V1', NULL, NULL, NULL, '', NULL, NULL, '7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645', 'b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"b40536fcbaec2c533cac95057f7b3fed37ea7e8e9c2da6b459e2fe47b2383ba4","recorded_at":"2026-01-05T10:04:00.000000Z","report":{"account_id":"account","client_order_id":"C1","occurred_at":"2026-01-05T10:00:00.000000Z","type":"NEW","venue":"VENUE","venue_order_id":"V1"},"said":"7cf75efa3b59c67f3a7c9c4c28e6ec15ba4c7d803ba0b62233edb63891d4c645","sequence":3,"type":"NEW"}', '523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 4, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:05:00+00', 'E1', '', NULL, 'C1', NULL, 1, 100, NULL, '', NULL, NULL, NULL, '523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"523429b982586b63e5f4c75a34730f7e8328e2ce4efb5d97382a9776b11b5caf","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1","fees":[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}],"last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":4,"type":"TRADE"}', 'a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 5, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:05:00+00', 'E2', '', NULL, 'C1', NULL, 2, 101, NULL, '', NULL, NULL, NULL, 'a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"a634049142d0151ac9a5877c8398b30e1d8a92de4c3cd3b5e1ee0313089b93b0","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2","last_price":"101","last_quantity":"2","type":"TRADE","venue":"VENUE"},"sequence":5,"type":"TRADE"}', '3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 6, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:05:00+00', 'E3', '', NULL, 'C1', NULL, 1, 100, NULL, '', NULL, NULL, NULL, '3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"3b94586e859c5923af62a38db33fb145ab2c43b36bd28d5d208fe4d27860d559","recorded_at":"2026-01-05T10:05:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E3","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE"},"sequence":6,"type":"TRADE"}', '6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 7, 'TRADE_CORRECT', 'VENUE', NULL, NULL, '2026-01-05 10:06:00+00', 'E2c', '', 'E2', 'C1', NULL, 2, 102, NULL, '', NULL, NULL, NULL, '6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"6e71ad95d520881a3324da100093a8361b984b42fa69a0c049ab989f03283c1d","recorded_at":"2026-01-05T10:06:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E2c","exec_ref_id":"E2","last_price":"102","last_quantity":"2","type":"TRADE_CORRECT","venue":"VENUE"},"sequence":7,"type":"TRADE_CORRECT"}', '292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 8, 'TRADE_CANCEL', 'VENUE', NULL, NULL, '2026-01-05 10:07:00+00', 'E1b', '', 'E1', 'C1', NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, '292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000002","origin":"VENUE","prev_hash":"292efa837be20b4d6237b77d8bc60d0485fe98402ad4c63defe972d5c34ef201","recorded_at":"2026-01-05T10:07:00.000000Z","report":{"account_id":"account","client_order_id":"C1","exec_id":"E1b","exec_ref_id":"E1","type":"TRADE_CANCEL","venue":"VENUE"},"sequence":8,"type":"TRADE_CANCEL"}', 'ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 9, 'VOIDED', 'LOCAL', NULL, NULL, '2026-01-05 10:08:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, 'ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24', 'ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16', '{"account_id":"account","fact":{"reason":"not ours","target_sequence":6},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"ef2ba2371d382c9ce0cbcb16d6e571f01b7f40923e7197f084eb37f6a76a1c16","recorded_at":"2026-01-05T10:08:00.000000Z","said":"ed811a055ce5e23c3206febe20aea88739e67023ae6dc82b3ff7782d91eaef24","sequence":9,"type":"VOIDED"}', '614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000002', 10, 'MARKED', 'LOCAL', NULL, NULL, '2026-01-05 10:09:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, 'b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37', '614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46', '{"account_id":"account","fact":{"mark":"110","rates":{"TOKEN":"2"}},"order_id":"00000000-0000-7000-8000-000000000002","origin":"LOCAL","prev_hash":"614676d23c210d400722ee2df3b996ccfa1e81c168ba2fc4d78591ad66375b46","recorded_at":"2026-01-05T10:09:00.000000Z","said":"b6b3a86ea34810aa134d526796de128ffdfa05eeb36b912e0acac5e7d3e86c37","sequence":10,"type":"MARKED"}', 'ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 1, 'CREATED', 'LOCAL', NULL, NULL, '2026-01-05 10:11:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000004', NULL, NULL, '880fb7b3ac8643262ba206235279946b0e1bdacfb4c695835ad0ff7eccc0cddb', '{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000000004"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"880fb7b3ac8643262ba206235279946b0e1bdacfb4c695835ad0ff7eccc0cddb","recorded_at":"2026-01-05T10:11:00.000000Z","sequence":1,"type":"CREATED"}', '594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 2, 'SUBMITTED', 'LOCAL', NULL, NULL, '2026-01-05 10:11:00+00', NULL, NULL, NULL, 'C2', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000004', NULL, '21cb8f2b4ab36e7b1301ee595685e351570dde74a8b6236b852ef81a644c4a61', '594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb', '{"account_id":"account","fact":{"client_order_id":"C2","request_id":"00000000-0000-7000-8000-000000000004"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"594e978511d182b68e823307f29ab10222a142f191c22c52aee9ab55ed844fdb","recorded_at":"2026-01-05T10:11:00.000000Z","said":"21cb8f2b4ab36e7b1301ee595685e351570dde74a8b6236b852ef81a644c4a61","sequence":2,"type":"SUBMITTED"}', '99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 3, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 10:11:00+00', 'E8', '', NULL, 'C2', 'V2', 1, 100, NULL, '', NULL, '00000000-0000-7000-8000-000000000003', NULL, '99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"99c17159c95941acf952cb5a9e7d5c7f34f27c8dee63dbe08b98f4499b1a756f","recorded_at":"2026-01-05T10:11:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"report_id":"00000000-0000-7000-8000-000000000003","sequence":3,"type":"TRADE"}', '1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586', NULL);
INSERT INTO public.order_events VALUES ('account', 'a2623649-2f84-8349-823f-6536471c87a4', 1, 'CREATED', 'IMPORT', NULL, NULL, '2026-01-05 10:13:00+00', NULL, NULL, NULL, NULL, 'X', NULL, NULL, NULL, '', NULL, NULL, NULL, '0000000000000000000000000000000000000000000000000000000000000000', '{"account_id":"account","fact":{},"order_id":"a2623649-2f84-8349-823f-6536471c87a4","origin":"IMPORT","prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-01-05T10:13:00.000000Z","report":{"account_id":"account","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"ORDER_STATUS","venue":"VENUE","venue_order_id":"X"},"sequence":1,"type":"CREATED"}', '81dd2afc98d0f2b6a9f46cc3827862884d0b14bd46c8defecf49983b3bacfe29', NULL);
INSERT INTO public.order_events VALUES ('account', 'a2623649-2f84-8349-823f-6536471c87a4', 2, 'TRADE', 'IMPORT', NULL, '2026-01-05 10:00:00+00', '2026-01-05 10:13:00+00', 'X1', '', NULL, NULL, 'X', 0.5, 105, NULL, '', NULL, NULL, NULL, '81dd2afc98d0f2b6a9f46cc3827862884d0b14bd46c8defecf49983b3bacfe29', '{"account_id":"account","order_id":"a2623649-2f84-8349-823f-6536471c87a4","origin":"IMPORT","prev_hash":"81dd2afc98d0f2b6a9f46cc3827862884d0b14bd46c8defecf49983b3bacfe29","recorded_at":"2026-01-05T10:13:00.000000Z","report":{"account_id":"account","exec_id":"X1","last_price":"105","last_quantity":"0.5","occurred_at":"2026-01-05T10:00:00.000000Z","order_type":"MARKET","side":"BUY","symbol":"BASE/QUOTE","type":"TRADE","venue":"VENUE","venue_order_id":"X"},"sequence":2,"type":"TRADE"}', 'd33437b189c8ba9f4739e73a78d484ab5c222378aa11b81a924c87a83e314266', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000008', 1, 'CREATED', 'LOCAL', NULL, NULL, '2026-01-05 10:14:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000007', NULL, NULL, 'e784c171a53d31374480c9b8ebcb74d6f1cb092301cfbcc8b98629d701406bd9', '{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-000000000007"},"order_id":"00000000-0000-7000-8000-000000000008","origin":"LOCAL","prev_hash":"e784c171a53d31374480c9b8ebcb74d6f1cb092301cfbcc8b98629d701406bd9","recorded_at":"2026-01-05T10:14:00.000000Z","sequence":1,"type":"CREATED"}', '5b567842c1a365a7646894873bab92ef4eb38d76d81cbb5cd084f1aa869f0277', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000008', 2, 'SUBMITTED', 'LOCAL', NULL, NULL, '2026-01-05 10:14:00+00', NULL, NULL, NULL, 'C3', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000007', NULL, '6fc6a45879dd2cf201273d418a26e056ea5195cd87fde024b1453ccea812667d', '5b567842c1a365a7646894873bab92ef4eb38d76d81cbb5cd084f1aa869f0277', '{"account_id":"account","fact":{"client_order_id":"C3","request_id":"00000000-0000-7000-8000-000000000007"},"order_id":"00000000-0000-7000-8000-000000000008","origin":"LOCAL","prev_hash":"5b567842c1a365a7646894873bab92ef4eb38d76d81cbb5cd084f1aa869f0277","recorded_at":"2026-01-05T10:14:00.000000Z","said":"6fc6a45879dd2cf201273d418a26e056ea5195cd87fde024b1453ccea812667d","sequence":2,"type":"SUBMITTED"}', '94c2fbd151db9aba203100f50be1472099bf4ab129b9a21473dfd3ea2297904a', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000008', 3, 'SUBMISSION_UNKNOWN', 'LOCAL', NULL, NULL, '2026-01-05 10:14:00+00', NULL, NULL, NULL, 'C3', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000007', NULL, 'afe3b19d3a0d784a12d8131c0130428680fa4cf7bb49a93ad83c4747c3180e86', '94c2fbd151db9aba203100f50be1472099bf4ab129b9a21473dfd3ea2297904a', '{"account_id":"account","fact":{"client_order_id":"C3","reason":"timeout","request_id":"00000000-0000-7000-8000-000000000007"},"order_id":"00000000-0000-7000-8000-000000000008","origin":"LOCAL","prev_hash":"94c2fbd151db9aba203100f50be1472099bf4ab129b9a21473dfd3ea2297904a","recorded_at":"2026-01-05T10:14:00.000000Z","said":"afe3b19d3a0d784a12d8131c0130428680fa4cf7bb49a93ad83c4747c3180e86","sequence":3,"type":"SUBMISSION_UNKNOWN"}', '38d8d37bcff77d67f0b131f92f694febb4b49ab1e2edb808c6fa9b3c9926fa27', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000008', 4, 'RESOLVED', 'LOCAL', NULL, NULL, '2026-01-05 10:15:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, 'c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8', '38d8d37bcff77d67f0b131f92f694febb4b49ab1e2edb808c6fa9b3c9926fa27', '{"account_id":"account","fact":{"reason":"asked","resolved_status":"FAILED"},"order_id":"00000000-0000-7000-8000-000000000008","origin":"LOCAL","prev_hash":"38d8d37bcff77d67f0b131f92f694febb4b49ab1e2edb808c6fa9b3c9926fa27","recorded_at":"2026-01-05T10:15:00.000000Z","said":"c0672357d07a03edb807a2f5ed60ef4f73ed2497d157401ebd715b40c909dcb8","sequence":4,"type":"RESOLVED"}', 'ed0fa742b3579ccabd92321fa3a673dbdcdcea935c2e3e27de20a7c9b5b6581a', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 4, 'CANCEL_REQUESTED', 'LOCAL', NULL, NULL, '2026-01-05 10:16:00+00', NULL, NULL, NULL, 'X1', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-000000000009', NULL, '4e43b158a49ec15a366dbe519f69ca744bd7c400a82637f3b897e0a0cee123b7', '1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586', '{"account_id":"account","fact":{"client_order_id":"X1","request_id":"00000000-0000-7000-8000-000000000009"},"order_id":"00000000-0000-7000-8000-000000000005","origin":"LOCAL","prev_hash":"1a36a6a7281da051a1e4ef6b1f806b866ea38b4c6f131007c1a60d0525797586","recorded_at":"2026-01-05T10:16:00.000000Z","said":"4e43b158a49ec15a366dbe519f69ca744bd7c400a82637f3b897e0a0cee123b7","sequence":4,"type":"CANCEL_REQUESTED"}', '3fa7590da2a6e51833af6966164794e185034d82ffa99a453902abae9bd41493', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 5, 'CANCELED', 'VENUE', NULL, NULL, '2026-01-05 10:17:00+00', NULL, NULL, NULL, 'X1', NULL, NULL, NULL, NULL, '', NULL, NULL, '98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a', '3fa7590da2a6e51833af6966164794e185034d82ffa99a453902abae9bd41493', '{"account_id":"account","order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"3fa7590da2a6e51833af6966164794e185034d82ffa99a453902abae9bd41493","recorded_at":"2026-01-05T10:17:00.000000Z","report":{"account_id":"account","client_order_id":"X1","orig_client_order_id":"C2","type":"CANCELED","venue":"VENUE"},"said":"98d14a49655262ba8570d3e1f58dc6fb200bf539024bbc4b3514953516b6c91a","sequence":5,"type":"CANCELED"}', '560f4f27ecec590d3e56f12625a12441e2a8956bf1cee7a57e5020817f0d95e3', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-00000000000c', 1, 'CREATED', 'LOCAL', NULL, NULL, '2026-01-05 10:19:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-00000000000b', NULL, NULL, '278f171699f7605bac8b26ae9fbe9260360b7137d2cce0ec23d4c6247ddfba10', '{"account_id":"account","fact":{"request_id":"00000000-0000-7000-8000-00000000000b"},"order_id":"00000000-0000-7000-8000-00000000000c","origin":"LOCAL","prev_hash":"278f171699f7605bac8b26ae9fbe9260360b7137d2cce0ec23d4c6247ddfba10","recorded_at":"2026-01-05T10:19:00.000000Z","sequence":1,"type":"CREATED"}', 'ce6833146e9cfe1466df2eb644de8040f89f4acbacef4369033d5b529a50d1bd', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-00000000000c', 2, 'FAILED', 'LOCAL', NULL, NULL, '2026-01-05 10:19:00+00', NULL, NULL, NULL, 'C6', NULL, NULL, NULL, NULL, '', '00000000-0000-7000-8000-00000000000b', NULL, '5b64b08b433cfd695c4a4e7da5fe4e586cb3c335e21ec13185c844c83955eec4', 'ce6833146e9cfe1466df2eb644de8040f89f4acbacef4369033d5b529a50d1bd', '{"account_id":"account","fact":{"client_order_id":"C6","reason":"no route","request_id":"00000000-0000-7000-8000-00000000000b"},"order_id":"00000000-0000-7000-8000-00000000000c","origin":"LOCAL","prev_hash":"ce6833146e9cfe1466df2eb644de8040f89f4acbacef4369033d5b529a50d1bd","recorded_at":"2026-01-05T10:19:00.000000Z","said":"5b64b08b433cfd695c4a4e7da5fe4e586cb3c335e21ec13185c844c83955eec4","sequence":2,"type":"FAILED"}', '7d7291d1f90842f0a58e35c141487c949e4a1731fd786e8aebe4085899a2d935', NULL);
INSERT INTO public.order_events VALUES ('account', '00000000-0000-7000-8000-000000000005', 6, 'TRADE', 'VENUE', NULL, NULL, '2026-01-05 11:22:00+00', 'E10', '', NULL, 'C2', 'V2', 1, 100, NULL, 'LATE', NULL, NULL, NULL, '560f4f27ecec590d3e56f12625a12441e2a8956bf1cee7a57e5020817f0d95e3', '{"account_id":"account","anomalies":["LATE"],"order_id":"00000000-0000-7000-8000-000000000005","origin":"VENUE","prev_hash":"560f4f27ecec590d3e56f12625a12441e2a8956bf1cee7a57e5020817f0d95e3","recorded_at":"2026-01-05T11:22:00.000000Z","report":{"account_id":"account","client_order_id":"C2","exec_id":"E10","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"},"sequence":6,"type":"TRADE"}', '6a3065790343bf059f2f3667ceb82e3fe12199d14f5b83871060b49e4e4fb65f', NULL);
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 4, 0, 4, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:05:00+00', false, 'E1', 'E1', '', '[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]', NULL, NULL, false, 1, NULL, NULL, NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 5, 0, 5, 'VENUE', 'BASE/QUOTE', 'BUY', 2, 101, '2026-01-05 10:05:00+00', false, 'E2', 'E2', '', '[]', NULL, NULL, false, 1, NULL, NULL, NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 6, 0, 6, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:05:00+00', false, 'E3', 'E3', '', '[]', NULL, NULL, false, 1, NULL, NULL, NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 5, 1, 7, 'VENUE', 'BASE/QUOTE', 'BUY', 2, 102, '2026-01-05 10:05:00+00', false, 'E2c', 'E2', '', '[]', NULL, NULL, false, 1, NULL, NULL, NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 4, 1, 8, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:05:00+00', true, 'E1', 'E1', '', '[{"amount":"0.1","currency":"BASE"},{"amount":"2","currency":"TOKEN"}]', NULL, NULL, false, 1, NULL, NULL, NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000002', 6, 1, 9, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:05:00+00', true, 'E3', 'E3', '', '[]', NULL, NULL, false, 1, NULL, NULL, NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 10:05:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000005', 3, 0, 3, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 10:11:00+00', false, 'E8', 'E8', '', '[]', NULL, NULL, false, 1, 'V2', NULL, NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 10:11:00+00');
INSERT INTO public.order_fills VALUES ('account', 'a2623649-2f84-8349-823f-6536471c87a4', 2, 0, 2, 'VENUE', 'BASE/QUOTE', 'BUY', 0.5, 105, '2026-01-05 10:13:00+00', false, 'X1', 'X1', '', '[]', NULL, NULL, false, 1, 'X', '2026-01-05 10:00:00+00', NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 10:00:00+00');
INSERT INTO public.order_fills VALUES ('account', '00000000-0000-7000-8000-000000000005', 6, 0, 6, 'VENUE', 'BASE/QUOTE', 'BUY', 1, 100, '2026-01-05 11:22:00+00', false, 'E10', 'E10', '', '[]', NULL, NULL, false, 1, 'V2', NULL, NULL, NULL, NULL, NULL, '', 'NET', '', '2026-01-05 11:22:00+00');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'C1', 'VENUE', '', '', '00000000-0000-7000-8000-000000000002');
INSERT INTO public.order_identifiers VALUES ('account', 'VENUE', 'V1', 'VENUE', '', '', '00000000-0000-7000-8000-000000000002');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'C2', 'VENUE', '', '', '00000000-0000-7000-8000-000000000005');
INSERT INTO public.order_identifiers VALUES ('account', 'VENUE', 'V2', 'VENUE', '', '', '00000000-0000-7000-8000-000000000005');
INSERT INTO public.order_identifiers VALUES ('account', 'VENUE', 'X', 'VENUE', '', '', 'a2623649-2f84-8349-823f-6536471c87a4');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'C3', 'VENUE', '', '', '00000000-0000-7000-8000-000000000008');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'X1', 'VENUE', '', '', '00000000-0000-7000-8000-000000000005');
INSERT INTO public.order_identifiers VALUES ('account', 'CLIENT', 'C6', 'VENUE', '', '', '00000000-0000-7000-8000-00000000000c');
INSERT INTO public.order_pnl VALUES ('account', '00000000-0000-7000-8000-000000000002', 10, 110, '{"TOKEN":"2"}', 'QUOTE', 204, 16, 0, 16, '{}', '{}', '2026-01-05 10:09:00+00');
INSERT INTO public.order_request_withdrawals VALUES ('account', '00000000-0000-7000-8000-00000000000a', 'no', 'me', NULL, '2026-01-05 10:18:00+00', '{"actor":"me","reason":"no"}', '9240891e2ca3d373db7d68e5b4077b7f2afc63043b5348045165f2b45ac54e38');
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-000000000001', '2026-01-05 10:02:00+00', 'C1', 'NEW', 'C1', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, 's', NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C1","idempotency_key":"C1","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000001","side":"BUY","strategy_code":"s","symbol":"BASE/QUOTE","venue":"VENUE"}', 'fb9909c53f3da4add7602050a8c8e2dbc2b98549a912caa2fb752ed97d01308e', NULL);
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-000000000004', '2026-01-05 10:11:00+00', 'C2', 'NEW', 'C2', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C2","idempotency_key":"C2","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000004","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}', 'b74323c5e9e679fac17779dd9c4d8a29d16e755b67ee3de0bb1b5d5c59eb34bc', NULL);
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-000000000007', '2026-01-05 10:14:00+00', 'C3', 'NEW', 'C3', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C3","idempotency_key":"C3","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-000000000007","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}', '83609cfb6dcaf9afa95f5cf68b2243607a51da31f209ae79e99f46a9908f8cc5', NULL);
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-000000000009', '2026-01-05 10:16:00+00', 'X1', 'CANCEL', 'X1', '', '00000000-0000-7000-8000-000000000005', NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"CANCEL","client_order_id":"X1","idempotency_key":"X1","request_id":"00000000-0000-7000-8000-000000000009","side":"BUY","symbol":"BASE/QUOTE","target_order_id":"00000000-0000-7000-8000-000000000005","venue":"VENUE"}', '02a3d6be644f5f06c458adbeb35e6d64dec8dfa3124c2b93939d0cf69ceed874', NULL);
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-00000000000a', '2026-01-05 10:18:00+00', 'C5', 'NEW', 'C5', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C5","idempotency_key":"C5","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-00000000000a","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}', '18ab1931e6461d28b50aa1eceb9f709a22aea12bef69ea6b5e59e97a54ace8ad', NULL);
INSERT INTO public.order_requests VALUES ('account', '00000000-0000-7000-8000-00000000000b', '2026-01-05 10:19:00+00', 'C6', 'NEW', 'C6', '', NULL, NULL, NULL, 'VENUE', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 10, NULL, 100, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"account_id":"account","action":"NEW","client_order_id":"C6","idempotency_key":"C6","limit_price":"100","order_type":"LIMIT","quantity":"10","request_id":"00000000-0000-7000-8000-00000000000b","side":"BUY","symbol":"BASE/QUOTE","venue":"VENUE"}', 'b8c08c325bd36f2b47d9ad5b4d1b126fe5f17d9f3e94a4bcda13a2e2de4ad560', NULL);
INSERT INTO public.order_risk_checks VALUES ('account', '00000000-0000-7000-8000-000000000001', 1, 'a', true, NULL, NULL, '2026-01-05 10:02:00+00', '{"passed":true,"rule_code":"a"}', '7700e22ca68775496214f06ef9f876c5dc3d65d9c9036dc6b0374669ba82e48b');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'LIMIT', 's', 'PARTIALLY_FILLED', true, false, 10, 2, 8, 204, 'C1', 'V1', 10, 'ee455d182072013a74eee8ea89e660ef9f0844291b0733cefe694f22b5a15751', 7, '2026-01-05 10:03:00+00', '2026-01-05 10:09:00+00', '{"order_quantity":"10","limit_price":"100","client_order_id":"C1","venue_order_id":"V1","submitted":true,"acknowledged":true,"cum_quantity":"2","notional":"204","last_venue_time":"2026-01-05T10:00:00.000000Z","began_at":"2026-01-05T10:00:00.000000Z","terms_at":"2026-01-05T10:00:00.000000Z","latest_happened_at":"2026-01-05T10:09:00.000000Z"}');
INSERT INTO public.orders VALUES ('account', 'a2623649-2f84-8349-823f-6536471c87a4', NULL, 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'MARKET', NULL, 'PARTIALLY_FILLED', true, false, NULL, 0.5, NULL, 52.5, NULL, 'X', 2, 'd33437b189c8ba9f4739e73a78d484ab5c222378aa11b81a924c87a83e314266', 1, '2026-01-05 10:13:00+00', '2026-01-05 10:13:00+00', '{"venue_order_id":"X","acknowledged":true,"cum_quantity":"0.5","notional":"52.5","last_venue_time":"2026-01-05T10:00:00.000000Z","began_at":"2026-01-05T10:00:00.000000Z","latest_happened_at":"2026-01-05T10:00:00.000000Z"}');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-000000000008', '00000000-0000-7000-8000-000000000007', 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'LIMIT', NULL, 'FAILED', false, false, 10, 0, 0, 0, 'C3', NULL, 4, 'ed0fa742b3579ccabd92321fa3a673dbdcdcea935c2e3e27de20a7c9b5b6581a', 2, '2026-01-05 10:14:00+00', '2026-01-05 10:15:00+00', '{"order_quantity":"10","limit_price":"100","client_order_id":"C3","submitted":true,"failed":true}');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-00000000000b', 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'LIMIT', NULL, 'FAILED', false, false, 10, 0, 0, 0, 'C6', NULL, 2, '7d7291d1f90842f0a58e35c141487c949e4a1731fd786e8aebe4085899a2d935', 1, '2026-01-05 10:19:00+00', '2026-01-05 10:19:00+00', '{"order_quantity":"10","limit_price":"100","client_order_id":"C6","failed":true}');
INSERT INTO public.orders VALUES ('account', '00000000-0000-7000-8000-000000000005', '00000000-0000-7000-8000-000000000004', 'VENUE', '', '', 'BASE/QUOTE', 'BUY', 'LIMIT', NULL, 'CANCELED', false, false, 10, 2, 0, 200, 'C2', 'V2', 6, '6a3065790343bf059f2f3667ceb82e3fe12199d14f5b83871060b49e4e4fb65f', 4, '2026-01-05 10:11:00+00', '2026-01-05 11:22:00+00', '{"order_quantity":"10","limit_price":"100","client_order_id":"C2","venue_order_id":"V2","submitted":true,"acknowledged":true,"cancelled":true,"cum_quantity":"2","notional":"200"}');
INSERT INTO public.positions VALUES ('account', 'VENUE', 'BASE/QUOTE', 'NET', '', '', 'QUOTE', '2026-01-05 11:22:00.000000 2 00000000000000000000 56454e5545  453210 56312  30303030303030302d303030302d373030302d383030302d303030303030303030303035 00000000000000000006', 4.5, 456.5, 0, 0, 0, '{}', 0, '{}', '{"FUNDING":"-1"}', '{}', 0, 0, false, 1, '2026-01-05 10:00:00+00', 5, '2026-01-05 11:22:00+00', false, 0);
INSERT INTO public.sot_alembic_version VALUES ('0007');
INSERT INTO public.sot_schema VALUES (7);
INSERT INTO public.unattributed_reports VALUES ('account', '00000000-0000-7000-8000-000000000003', 'TRADE', 'VENUE', NULL, 'C2', 'V2', 'E8', NULL, '2026-01-05 10:10:00+00', '00c6dec3e04035a440bc341ba356e93f7c5de61b32253d64c1740473ebab5e95', '{"account_id":"account","client_order_id":"C2","exec_id":"E8","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V2"}', 'a962f3a12f93660e2074b3968b7f0886ba680052969afe2601428d703bfd6811');
INSERT INTO public.unattributed_reports VALUES ('account', '00000000-0000-7000-8000-000000000006', 'TRADE', 'VENUE', NULL, NULL, 'V9', 'E9', NULL, '2026-01-05 10:12:00+00', '2304ec4f7e2e065f0347987b35a9c4e5eae738e74d5301260659d99198440910', '{"account_id":"account","exec_id":"E9","last_price":"100","last_quantity":"1","type":"TRADE","venue":"VENUE","venue_order_id":"V9"}', '74ef0d1bef23ec4888e8ad5118a3dd44df2c7c850d14b9c5a66600ed7a175a4a');
INSERT INTO public.waiting_reports VALUES ('account', '', '', '00000000-0000-7000-8000-000000000006');
INSERT INTO public.waiting_reports VALUES ('account', 'VENUE', 'V9', '00000000-0000-7000-8000-000000000006');
SELECT pg_catalog.setval('public.fact_feed_position_seq', 46, true);
ALTER TABLE ONLY public.account_events
    ADD CONSTRAINT pk_account_events PRIMARY KEY (account_id, event_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT pk_api_keys PRIMARY KEY (key_id);
ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT pk_checkpoints PRIMARY KEY (number);
ALTER TABLE ONLY public.exchange_reconciliation
    ADD CONSTRAINT pk_exchange_reconciliation PRIMARY KEY (account_id, record_id);
ALTER TABLE ONLY public.fact_feed
    ADD CONSTRAINT pk_fact_feed PRIMARY KEY ("position");
ALTER TABLE ONLY public.idempotency_records
    ADD CONSTRAINT pk_idempotency_records PRIMARY KEY (owner, key);
ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT pk_instruments PRIMARY KEY (account_id, venue, symbol, valid_from, number);
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
ALTER TABLE ONLY public.order_states
    ADD CONSTRAINT pk_order_states PRIMARY KEY (account_id, order_id, sequence);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT pk_orders PRIMARY KEY (account_id, order_id);
ALTER TABLE ONLY public.position_checkpoints
    ADD CONSTRAINT pk_position_checkpoints PRIMARY KEY (account_id, venue, symbol, position_side, position_id, venue_account, last_key);
ALTER TABLE ONLY public.positions
    ADD CONSTRAINT pk_positions PRIMARY KEY (account_id, venue, symbol, position_side, position_id, venue_account);
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
ALTER TABLE ONLY public.exchange_reconciliation
    ADD CONSTRAINT uq_exchange_reconciliation_account_id_finding_id UNIQUE (account_id, finding_id);
ALTER TABLE ONLY public.exchange_reconciliation
    ADD CONSTRAINT uq_exchange_reconciliation_account_id_run_id_number UNIQUE (account_id, run_id, number);
ALTER TABLE ONLY public.fact_feed
    ADD CONSTRAINT uq_fact_feed_account_id_kind_key_number UNIQUE (account_id, kind, key, number);
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
CREATE INDEX ix_account_events_all ON public.account_events USING btree (recorded_at, event_id);
CREATE INDEX ix_account_events_event_id ON public.account_events USING btree (event_id);
CREATE INDEX ix_account_events_symbol ON public.account_events USING btree (account_id, symbol, recorded_at, event_id);
CREATE INDEX ix_account_events_to_symbol ON public.account_events USING btree (account_id, venue, to_symbol, occurred_at) WHERE (to_symbol IS NOT NULL);
CREATE INDEX ix_exchange_reconciliation_all ON public.exchange_reconciliation USING btree (type, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_order_id ON public.exchange_reconciliation USING btree (order_id);
CREATE INDEX ix_exchange_reconciliation_place ON public.exchange_reconciliation USING btree (account_id, venue, venue_account, type, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_record_id ON public.exchange_reconciliation USING btree (record_id);
CREATE INDEX ix_exchange_reconciliation_recorded ON public.exchange_reconciliation USING btree (account_id, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_run ON public.exchange_reconciliation USING btree (account_id, run_id, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_subject ON public.exchange_reconciliation USING btree (account_id, subject, recorded_at, record_id);
CREATE INDEX ix_exchange_reconciliation_type ON public.exchange_reconciliation USING btree (account_id, type, recorded_at, record_id);
CREATE INDEX ix_order_costs_order_id ON public.order_costs USING btree (order_id);
CREATE INDEX ix_order_decision_context_request_id ON public.order_decision_context USING btree (request_id);
CREATE INDEX ix_order_events_account_id_order_id_exec_id_leg ON public.order_events USING btree (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_events_account_id_request_id ON public.order_events USING btree (account_id, request_id);
CREATE INDEX ix_order_events_of_report ON public.order_events USING btree (account_id, report_id) WHERE (report_id IS NOT NULL);
CREATE INDEX ix_order_events_order_id ON public.order_events USING btree (order_id);
CREATE INDEX ix_order_fills_account_id_order_id_exec_id_leg ON public.order_fills USING btree (account_id, order_id, exec_id, leg);
CREATE INDEX ix_order_fills_changed ON public.order_fills USING btree (account_id, venue, symbol, position_side, position_id, venue_account) WHERE (version > 0);
CREATE INDEX ix_order_fills_order_id ON public.order_fills USING btree (order_id);
CREATE INDEX ix_order_fills_position ON public.order_fills USING btree (account_id, venue, symbol, position_side, position_id, venue_account, happened_at);
CREATE INDEX ix_order_fills_recorded ON public.order_fills USING btree (account_id, venue, symbol, position_side, position_id, venue_account, recorded_at, happened_at);
CREATE INDEX ix_order_identifiers_account_id_order_id ON public.order_identifiers USING btree (account_id, order_id);
CREATE INDEX ix_order_identifiers_order_id ON public.order_identifiers USING btree (order_id);
CREATE INDEX ix_order_pnl_order_id ON public.order_pnl USING btree (order_id);
CREATE INDEX ix_order_request_withdrawals_request_id ON public.order_request_withdrawals USING btree (request_id);
CREATE INDEX ix_order_requests_account_id_client_order_id ON public.order_requests USING btree (account_id, client_order_id);
CREATE INDEX ix_order_requests_account_id_recorded_at_request_id ON public.order_requests USING btree (account_id, recorded_at, request_id);
CREATE INDEX ix_order_requests_all ON public.order_requests USING btree (recorded_at, request_id);
CREATE INDEX ix_order_requests_request_id ON public.order_requests USING btree (request_id);
CREATE INDEX ix_order_requests_strategy_code ON public.order_requests USING btree (account_id, strategy_code, recorded_at, request_id);
CREATE INDEX ix_order_requests_symbol ON public.order_requests USING btree (account_id, symbol, recorded_at, request_id);
CREATE INDEX ix_order_risk_checks_request_id ON public.order_risk_checks USING btree (request_id);
CREATE INDEX ix_orders_account_id_created_at_order_id ON public.orders USING btree (account_id, created_at, order_id);
CREATE INDEX ix_orders_all ON public.orders USING btree (created_at, order_id);
CREATE INDEX ix_orders_in_doubt ON public.orders USING btree (account_id, in_doubt, created_at, order_id) WHERE in_doubt;
CREATE INDEX ix_orders_open ON public.orders USING btree (account_id, is_open, created_at, order_id) WHERE is_open;
CREATE INDEX ix_orders_order_id ON public.orders USING btree (order_id);
CREATE INDEX ix_orders_status ON public.orders USING btree (account_id, status, created_at, order_id);
CREATE INDEX ix_orders_strategy_code ON public.orders USING btree (account_id, strategy_code, created_at, order_id);
CREATE INDEX ix_orders_symbol ON public.orders USING btree (account_id, symbol, created_at, order_id);
CREATE INDEX ix_orders_venue ON public.orders USING btree (account_id, venue, created_at, order_id);
CREATE INDEX ix_positions_open ON public.positions USING btree (account_id, venue, symbol, position_side, position_id, venue_account) WHERE ((quantity <> '0'::numeric) OR (missing_traded <> '0'::numeric) OR (missing_moved <> '0'::numeric));
CREATE INDEX ix_unattributed_reports_report_id ON public.unattributed_reports USING btree (report_id);
CREATE INDEX ix_waiting_reports_account_id_report_id ON public.waiting_reports USING btree (account_id, report_id);
CREATE INDEX ix_waiting_reports_report_id ON public.waiting_reports USING btree (report_id);
CREATE TRIGGER account_events_no_change BEFORE DELETE OR UPDATE ON public.account_events FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.account_events ENABLE ALWAYS TRIGGER account_events_no_change;
CREATE TRIGGER account_events_no_truncate BEFORE TRUNCATE ON public.account_events FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.account_events ENABLE ALWAYS TRIGGER account_events_no_truncate;
CREATE TRIGGER api_keys_no_delete BEFORE DELETE ON public.api_keys FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.api_keys ENABLE ALWAYS TRIGGER api_keys_no_delete;
CREATE TRIGGER api_keys_no_truncate BEFORE TRUNCATE ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.api_keys ENABLE ALWAYS TRIGGER api_keys_no_truncate;
CREATE TRIGGER api_keys_no_update BEFORE UPDATE ON public.api_keys FOR EACH ROW WHEN (((old.revoked_at IS NOT NULL) OR (new.key_id IS DISTINCT FROM old.key_id) OR (new.secret_hash IS DISTINCT FROM old.secret_hash) OR (new.scopes IS DISTINCT FROM old.scopes) OR (new.created_at IS DISTINCT FROM old.created_at) OR (new.name IS DISTINCT FROM old.name) OR (new.accounts IS DISTINCT FROM old.accounts))) EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.api_keys ENABLE ALWAYS TRIGGER api_keys_no_update;
CREATE TRIGGER checkpoints_no_change BEFORE DELETE OR UPDATE ON public.checkpoints FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.checkpoints ENABLE ALWAYS TRIGGER checkpoints_no_change;
CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON public.checkpoints FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.checkpoints ENABLE ALWAYS TRIGGER checkpoints_no_truncate;
CREATE TRIGGER exchange_reconciliation_no_change BEFORE DELETE OR UPDATE ON public.exchange_reconciliation FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.exchange_reconciliation ENABLE ALWAYS TRIGGER exchange_reconciliation_no_change;
CREATE TRIGGER exchange_reconciliation_no_truncate BEFORE TRUNCATE ON public.exchange_reconciliation FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.exchange_reconciliation ENABLE ALWAYS TRIGGER exchange_reconciliation_no_truncate;
CREATE TRIGGER fact_feed_no_change BEFORE DELETE OR UPDATE ON public.fact_feed FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.fact_feed ENABLE ALWAYS TRIGGER fact_feed_no_change;
CREATE TRIGGER fact_feed_no_truncate BEFORE TRUNCATE ON public.fact_feed FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.fact_feed ENABLE ALWAYS TRIGGER fact_feed_no_truncate;
CREATE TRIGGER idempotency_records_no_change BEFORE DELETE OR UPDATE ON public.idempotency_records FOR EACH ROW EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.idempotency_records ENABLE ALWAYS TRIGGER idempotency_records_no_change;
CREATE TRIGGER idempotency_records_no_truncate BEFORE TRUNCATE ON public.idempotency_records FOR EACH STATEMENT EXECUTE FUNCTION public.sot_append_only();
ALTER TABLE public.idempotency_records ENABLE ALWAYS TRIGGER idempotency_records_no_truncate;
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
    ADD CONSTRAINT fk_exchange_reconciliation_account_id_finding_id FOREIGN KEY (account_id, finding_id) REFERENCES public.exchange_reconciliation(account_id, record_id);
ALTER TABLE ONLY public.exchange_reconciliation
    ADD CONSTRAINT fk_exchange_reconciliation_account_id_run_id FOREIGN KEY (account_id, run_id) REFERENCES public.exchange_reconciliation(account_id, record_id);
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
ALTER TABLE ONLY public.order_states
    ADD CONSTRAINT fk_order_states_account_id_order_id FOREIGN KEY (account_id, order_id) REFERENCES public.orders(account_id, order_id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT fk_orders_account_id_request_id FOREIGN KEY (account_id, request_id) REFERENCES public.order_requests(account_id, request_id);
ALTER TABLE ONLY public.waiting_reports
    ADD CONSTRAINT fk_waiting_reports_account_id_report_id FOREIGN KEY (account_id, report_id) REFERENCES public.unattributed_reports(account_id, report_id);
