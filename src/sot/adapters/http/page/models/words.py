"""Words of the vocabularies as sentences for people."""

from collections.abc import Mapping

from sot.domain.values.vocabulary import Anomaly, EventType, Origin

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


def event_word(type: EventType) -> str:
    """Return the type of an event in words."""
    return str(type).replace("_", " ").lower()
