INSERT INTO fact_feed (account_id, kind, key, number, hash, recorded_at)
SELECT f.account_id, f.kind, f.key, f.number, f.hash, f.recorded_at FROM (
    SELECT 0 AS place, r.account_id AS account_id, 'REQUEST' AS kind, CAST(r.request_id AS TEXT) AS key, 0 AS number, r.hash AS hash, r.recorded_at AS recorded_at FROM order_requests r
    UNION ALL SELECT 1 AS place, r.account_id AS account_id, 'CONTEXT' AS kind, CAST(r.request_id AS TEXT) AS key, 0 AS number, r.hash AS hash, (SELECT q.recorded_at FROM order_requests q WHERE q.account_id = r.account_id AND q.request_id = r.request_id) AS recorded_at FROM order_decision_context r
    UNION ALL SELECT 2 AS place, r.account_id AS account_id, 'RISK_CHECK' AS kind, CAST(r.request_id AS TEXT) AS key, r.number AS number, r.hash AS hash, r.recorded_at AS recorded_at FROM order_risk_checks r
    UNION ALL SELECT 3 AS place, r.account_id AS account_id, 'WITHDRAWAL' AS kind, CAST(r.request_id AS TEXT) AS key, 0 AS number, r.hash AS hash, r.recorded_at AS recorded_at FROM order_request_withdrawals r
    UNION ALL SELECT 4 AS place, r.account_id AS account_id, 'UNATTRIBUTED' AS kind, CAST(r.report_id AS TEXT) AS key, 0 AS number, r.hash AS hash, r.recorded_at AS recorded_at FROM unattributed_reports r
    UNION ALL SELECT 5 AS place, r.account_id AS account_id, 'ACCOUNT_EVENT' AS kind, CAST(r.event_id AS TEXT) AS key, 0 AS number, r.hash AS hash, r.recorded_at AS recorded_at FROM account_events r
    UNION ALL SELECT 6 AS place, r.account_id AS account_id, 'EVENT' AS kind, CAST(r.order_id AS TEXT) AS key, r.sequence AS number, r.hash AS hash, r.recorded_at AS recorded_at FROM order_events r
) f ORDER BY f.recorded_at, f.place, f.account_id, f.key, f.number
