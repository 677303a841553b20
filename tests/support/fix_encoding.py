"""Reports as FIX messages: the tests' own encoder, written from the specification and not from the adapter's tables.

What a version has no field for is listed, not left out.
"""

import re
from decimal import Decimal

from sot.domain.orders.report import VenueReport

BEGIN_STRINGS = {"4.2": "FIX.4.2", "4.4": "FIX.4.4", "5.0SP2": "FIXT.1.1"}
VERSIONS = tuple(BEGIN_STRINGS)

EXEC_TYPES = {
    "NEW": "0",
    "DONE_FOR_DAY": "3",
    "CANCELED": "4",
    "REPLACED": "5",
    "PENDING_CANCEL": "6",
    "STOPPED": "7",
    "REJECTED": "8",
    "SUSPENDED": "9",
    "PENDING_NEW": "A",
    "CALCULATED": "B",
    "EXPIRED": "C",
    "RESTATED": "D",
    "PENDING_REPLACE": "E",
    "TRADE": "F",
    "TRADE_CORRECT": "G",
    "TRADE_CANCEL": "H",
    "ORDER_STATUS": "I",
    "TRIGGERED": "L",
}
STATUSES = {
    "NEW": "0",
    "PARTIALLY_FILLED": "1",
    "FILLED": "2",
    "DONE_FOR_DAY": "3",
    "CANCELED": "4",
    "PENDING_CANCEL": "6",
    "STOPPED": "7",
    "REJECTED": "8",
    "SUSPENDED": "9",
    "PENDING_NEW": "A",
    "CALCULATED": "B",
    "EXPIRED": "C",
    "PENDING_REPLACE": "E",
}
SIDES = {"BUY": "1", "SELL": "2"}
ORDER_TYPES = {
    "MARKET": "1",
    "LIMIT": "2",
    "STOP": "3",
    "STOP_LIMIT": "4",
    "MARKET_IF_TOUCHED": "J",
    "MARKET_TO_LIMIT": "K",
    "PEGGED": "P",
    "OTHER": "I",
}
TIMES_IN_FORCE = {"DAY": "0", "GTC": "1", "OPG": "2", "IOC": "3", "FOK": "4", "GTD": "6", "CLS": "7"}
LIQUIDITY = {"MAKER": "1", "TAKER": "2"}
REPORTING_TYPES = {"SINGLE": "1", "LEG": "2", "SUMMARY": "3"}
REJECT_REASONS = {"DUPLICATE_ORDER": "6", "UNKNOWN_ORDER": "5", "OTHER": "99"}
CANCEL_REJECT_REASONS = {"TOO_LATE_TO_CANCEL": "0", "UNKNOWN_ORDER": "1", "OTHER": "99"}

NOWHERE = {"split_ratio", "leg", "position_side", "position_id", "order_id"}
"""Facts without a field in any version: splits have restated quantities, and executions of legs ids of their own."""
NOT_IN_4_2 = {"TRIGGERED", "liquidity", "CLS", "MARKET_IF_TOUCHED", "MARKET_TO_LIMIT"}
NOT_IN_4_4 = {"TRIGGERED"}
NOT_IN_CANCEL_REJECT = {
    "exec_id",
    "exec_ref_id",
    "symbol",
    "side",
    "reporting_type",
    "last_quantity",
    "last_price",
    "cum_quantity",
    "leaves_quantity",
    "avg_price",
    "order_quantity",
    "order_type",
    "limit_price",
    "stop_price",
    "time_in_force",
    "fees",
    "liquidity",
    "last_amount",
}


def inexpressible(report: VenueReport, version: str) -> set[str]:
    """The fields and terms of a report that a version of FIX does not have."""
    names = {name for name in report.as_json() if name not in ("account_id", "venue", "raw_payload", "received_at")}
    terms = {str(report.type), str(report.order_type), str(report.time_in_force)}
    missing = names & NOWHERE
    if report.type in ("CANCEL_REJECTED", "REPLACE_REJECTED"):
        missing |= names & NOT_IN_CANCEL_REJECT
    elif report.type not in EXEC_TYPES:
        missing.add(str(report.type))
    if report.order_type is not None and report.order_type not in ORDER_TYPES:
        missing.add(str(report.order_type))
    if report.reported_status in ("CREATED", "FAILED"):
        missing.add("reported_status")
    missing |= (names | terms) & {"4.2": NOT_IN_4_2, "4.4": NOT_IN_4_4, "5.0SP2": set()}[version]
    return missing


def encoded(report: VenueReport, version: str, sender: str = "VENUE", **header: str) -> bytes:
    """Encode a report as a FIX message, with SOH."""
    refusal = report.type in ("CANCEL_REJECTED", "REPLACE_REJECTED")
    fields = cancel_reject(report) if refusal else execution_report(report, version)
    standard = {"49": sender, "56": "DESK", **number(report), "52": "20260105-10:00:00.000", **header}
    return wire(version, "9" if refusal else "8", [*standard.items(), *fields])


def number(report: VenueReport) -> dict[str, str]:
    """MsgSeqNum; a message without a number of its own is one that is sent again."""
    return {"34": "1", "97": "Y"} if report.venue_sequence is None else {"34": str(report.venue_sequence)}


def wire(version: str, message_type: str, fields) -> bytes:
    """A message of (tag, text) pairs, without those that are None."""
    pairs = [("35", message_type), *fields]
    body = b"".join(f"{tag}={text}".encode() + b"\x01" for tag, text in pairs if text is not None)
    return framed(body, BEGIN_STRINGS.get(version, version))


def framed(body: bytes, begin_string: str = "FIX.4.4") -> bytes:
    head = f"8={begin_string}\x019={len(body)}\x01".encode() + body
    return head + b"10=%03d\x01" % (sum(head) % 256)


def execution_report(report: VenueReport, version: str):
    yield "1", report.account_id
    yield "11", report.client_order_id
    yield "41", report.orig_client_order_id
    yield "37", report.venue_order_id or "NONE"
    yield "17", report.exec_id
    yield "19", report.exec_ref_id
    yield from execution_type(report, version)
    yield "39", STATUSES.get(report.reported_status)
    if report.reason is not None:
        yield "103", REJECT_REASONS.get(report.reason, report.reason)
    yield "55", report.symbol
    yield "54", SIDES.get(report.side)
    yield "38", figure(report.order_quantity)
    yield "40", ORDER_TYPES.get(report.order_type)
    yield "44", figure(report.limit_price)
    yield "99", figure(report.stop_price)
    yield "59", TIMES_IN_FORCE.get(report.time_in_force)
    yield "32", figure(report.last_quantity)
    yield "31", figure(report.last_price)
    yield "381", figure(report.last_amount)
    yield "151", figure(report.leaves_quantity)
    yield "14", figure(report.cum_quantity)
    yield "6", figure(report.avg_price)
    yield "60", time(report)
    yield "58", report.text
    yield "442", REPORTING_TYPES.get(report.reporting_type)
    yield "851", LIQUIDITY.get(report.liquidity)
    yield from charged(report)


def execution_type(report: VenueReport, version: str):
    code = EXEC_TYPES[report.type]
    if version == "4.2":
        yield "20", {"H": "1", "G": "2", "I": "3"}.get(code, "0")
        filled = report.leaves_quantity == 0 or report.reported_status == "FILLED"
        acknowledge_from_status = STATUSES.get(report.reported_status, "0")
        code = {
            "F": "2" if filled else "1",
            "G": acknowledge_from_status,
            "H": acknowledge_from_status,
            "I": acknowledge_from_status,
        }.get(code, code)
    yield "150", code


def charged(report: VenueReport):
    """The first fee as the commission, the others as miscellaneous fees."""
    if not report.fees:
        return
    commission, *others = report.fees
    yield from (("12", figure(commission.amount)), ("13", "3"), ("479", commission.currency))
    if others:
        yield "136", str(len(others))
    for fee in others:
        yield from (("137", figure(fee.amount)), ("138", fee.currency), ("139", "7"))


def cancel_reject(report: VenueReport):
    yield "1", report.account_id
    yield "37", report.venue_order_id or "NONE"
    yield "11", report.client_order_id
    yield "41", report.orig_client_order_id
    yield "39", STATUSES.get(report.reported_status)
    yield "434", {"CANCEL_REJECTED": "1", "REPLACE_REJECTED": "2"}[report.type]
    if report.reason is not None:
        yield "102", CANCEL_REJECT_REASONS.get(report.reason, report.reason)
    yield "58", report.text
    yield "60", time(report)


def figure(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def time(report: VenueReport) -> str | None:
    if report.occurred_at is None:
        return None
    text = report.occurred_at.strftime("%Y%m%d-%H:%M:%S.%f")
    # strftime does not pad years before 1000 on every platform.
    text = re.sub(r"^\d+(?=\d{4}-)", lambda year: year[0].zfill(4), text)
    return text if report.venue_time_ns is None else f"{text}{report.venue_time_ns % 1000:03}"
