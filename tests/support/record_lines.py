"""Lines for `sot record`."""

ACCOUNT = "main"
VENUE = "BINANCE"
SYMBOL = "BTC/USDT"
AT = "2026-03-01T10:00:00Z"

INSTRUMENT = {
    "instrument": {
        "account_id": ACCOUNT,
        "venue": VENUE,
        "symbol": SYMBOL,
        "kind": "SPOT",
        "base": "BTC",
        "quote": "USDT",
    }
}


def request(name, **fields):
    fields = {
        "account_id": ACCOUNT,
        "client_order_id": name,
        "venue": VENUE,
        "symbol": SYMBOL,
        "side": "BUY",
        "order_type": "LIMIT",
        "quantity": "2",
        "limit_price": "50000.5",
        **fields,
    }
    return {"request": {key: value for key, value in fields.items() if value is not None}}


def amendment(name, target, action="CANCEL", **fields):
    return {
        "request": {
            "account_id": ACCOUNT,
            "client_order_id": name,
            "action": action,
            "target_client_order_id": target,
            **fields,
        }
    }


def named(key, name, **fields):
    return {key: {"account_id": ACCOUNT, "idempotency_key": name, **fields}}


def report(event_type, name, **fields):
    return {"report": {"account_id": ACCOUNT, "venue": VENUE, "client_order_id": name, "type": event_type, **fields}}


def trade(name, exec_id, quantity, price, **fields):
    return report("TRADE", name, exec_id=exec_id, last_quantity=quantity, last_price=price, **fields)


def account_event(event_type, **fields):
    return {"account_event": {"account_id": ACCOUNT, "venue": VENUE, "type": event_type, "occurred_at": AT, **fields}}


def every_key():
    """A stream with every key, and with every kind of answer but ERROR."""
    risky = {"rule_code": "MAX_SIZE", "passed": True, "checked_at": AT}
    return [
        INSTRUMENT,
        {
            **request("a", strategy_code="carry", tags={"desk": "1"}),
            "context": {"market_snapshot": {"decision_price": "50000"}, "signal_strength": "0.8"},
            "risk_checks": [risky],
        },
        named("risk_check", "a", rule_code="FAT_FINGER", passed=True, message="fine"),
        named("sent", "a", occurred_at=AT, actor="trader"),
        report("NEW", "a", venue_order_id="V1", occurred_at=AT),
        trade("a", "1", "0.5", "50000", fees=[{"amount": "0.01", "currency": "BNB"}], liquidity="MAKER"),
        trade("a", "1", "0.5", "50000", fees=[{"amount": "0.01", "currency": "BNB"}], liquidity="MAKER"),
        amendment("a2", "a", "REPLACE", quantity="3"),
        named("sent", "a2"),
        report("REPLACED", "a2", orig_client_order_id="a", order_quantity="3"),
        trade("a2", "2", "2.5", "50002", venue_order_id="V1"),
        {"mark": {"account_id": ACCOUNT, "client_order_id": "a2", "mark": "50100", "rates": {"BNB": "600"}}},
        request("b", context={"indicators": {"rsi": 30}}, risk_checks=[risky]),
        named("sent", "b"),
        named("unknown", "b"),
        report("NEW", "b", venue_order_id="V2"),
        amendment("b-cancel", "b"),
        named("sent", "b-cancel"),
        report("CANCELED", "b-cancel", orig_client_order_id="b"),
        request("c"),
        named("withdraw", "c", reason="changed my mind", actor="trader", occurred_at=AT),
        request("d"),
        named("failed", "d", reason="no route"),
        trade("stranger", "9", "1", "1"),
        {
            "void": {
                "account_id": ACCOUNT,
                "venue": VENUE,
                "venue_order_id": "V1",
                "exec_id": "2",
                "reason": "busted by mistake",
            }
        },
        account_event("FUNDING", amount="-0.25", currency="USDT", symbol=SYMBOL, external_id="F1"),
    ]
