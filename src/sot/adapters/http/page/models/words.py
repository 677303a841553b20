"""Words of the vocabularies as sentences for people."""

from collections.abc import Mapping

from sot.domain.values.vocabulary import Anomaly, EventType, Mismatch, OrderStatus, Origin

ANOMALY_WORDS: Mapping[Anomaly, str] = {
    Anomaly.DUPLICATE_CONFLICT: "It repeats an execution that is known with other figures; the first telling counts.",
    Anomaly.OVERFILL: "More was executed than the order asked for.",
    Anomaly.LATE: "It arrived after the order was over.",
    Anomaly.OUT_OF_ORDER: "It happened before what was recorded already.",
    Anomaly.CUM_MISMATCH: "The venue's executed quantity is not the sum of the executions that are known.",
    Anomaly.UNKNOWN_REFERENCE: "It refers to an execution or an order that is not known yet.",
    Anomaly.UNKNOWN_INSTRUMENT: "The instrument is not registered, so that nothing of it can be valued.",
    Anomaly.INVALID: "It can be read, but makes no sense: it has no effect on quantities.",
    Anomaly.ILLEGAL: "The status of the order does not allow it.",
    Anomaly.POSSIBLE_REPEAT: "It has the words of an earlier report, and takes effect again.",
    Anomaly.PRICE_DERIVED: "The price was derived from the venue's average price and executed quantity.",
    Anomaly.TERMS_DIFFER: "The venue has a price or a quantity that nobody asked for.",
    Anomaly.AMBIGUOUS_NAME: "Its identifiers name several orders, or something in it speaks against the order.",
}

ORIGIN_WORDS: Mapping[Origin, str] = {
    Origin.LOCAL: "ours",
    Origin.VENUE: "the venue",
    Origin.RECONCILIATION: "a comparison with the venue",
    Origin.IMPORT: "an import",
}

CHANGE_WORDS: Mapping[str, str] = {
    "cum_quantity": "executed",
    "leaves_quantity": "left",
    "avg_price": "average price",
    "provisional_quantity": "unproven",
}
"""Fields of an order as the page's other parts call them."""
MISMATCH_WORDS: Mapping[Mismatch, str] = {
    Mismatch.MISSING_LOCAL: "The venue has an order that the history does not have.",
    Mismatch.MISSING_AT_VENUE: "The venue does not have an open order, or an execution, that the history has.",
    Mismatch.STATUS_DIFFERS: "The order has another status at the venue.",
    Mismatch.QUANTITY_DIFFERS: "The executed quantities differ, and no execution explains it.",
    Mismatch.MISSING_EXECUTION: "The venue lists an execution that the history does not have.",
    Mismatch.CONFLICTING_EXECUTION: "Both have the execution, with other figures.",
    Mismatch.UNKNOWN_ORDER: "The venue reports on an order that neither side lists.",
    Mismatch.OVERFILL: "More was executed than was ordered.",
    Mismatch.POSITION_DIFFERS: "The positions differ.",
    Mismatch.BALANCE_DIFFERS: "The balances of an asset differ.",
    Mismatch.TERMS_DIFFER: "The order has another quantity or price at the venue.",
    Mismatch.IN_DOUBT: "Nobody knows what became of a request.",
}

_HEAL = "let the comparison record what the venue reports: sot reconcile --heal"
_ACCEPT = "accept it, if it is explained"
_BOOK = "record what moved it: a transfer, a fee or another account event"
_ASK = "ask the venue again: sot recover"
_VOID = "void the event that is wrong"

MISMATCH_STEPS: Mapping[Mismatch, tuple[str, ...]] = {
    Mismatch.MISSING_LOCAL: (_HEAL, _ACCEPT),
    Mismatch.MISSING_AT_VENUE: ("look the order up at the venue", _VOID, _ACCEPT),
    Mismatch.STATUS_DIFFERS: (_HEAL, _ACCEPT),
    Mismatch.QUANTITY_DIFFERS: (_HEAL, _VOID, _ACCEPT),
    Mismatch.MISSING_EXECUTION: (_HEAL, _ACCEPT),
    Mismatch.CONFLICTING_EXECUTION: (_VOID, _ACCEPT),
    Mismatch.UNKNOWN_ORDER: (_HEAL, "adopt or attribute the report that waits for it", _ACCEPT),
    Mismatch.OVERFILL: (_VOID, _ACCEPT),
    Mismatch.POSITION_DIFFERS: (_BOOK, _ACCEPT),
    Mismatch.BALANCE_DIFFERS: (_BOOK, _ACCEPT),
    Mismatch.TERMS_DIFFER: (_HEAL, _ACCEPT),
    Mismatch.IN_DOUBT: (_ASK, "resolve the order, if you know what became of it"),
}
"""What a person can do about a difference, the likeliest first. The next comparison closes what is gone."""


def status_word(status: OrderStatus) -> str:
    """Return a status in words."""
    return str(status).replace("_", " ").lower()


def event_word(type: EventType) -> str:
    """Return the type of an event in words."""
    return str(type).replace("_", " ").lower()
