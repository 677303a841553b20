"""Anomalies of events, in words."""

from collections.abc import Sequence

import attrs

from sot.adapters.http.page.models.words import ANOMALY_WORDS
from sot.domain.values.vocabulary import Anomaly


@attrs.frozen(kw_only=True)
class AnomalyText:
    """An anomaly of an event, in words.

    Attributes:
        code: Its name as recorded.
        name: Its name in words.
        words: What it means.
    """

    code: str
    name: str
    words: str


def anomaly_texts(anomalies: Sequence[Anomaly]) -> list[AnomalyText]:
    """Return anomalies in words."""
    return [
        AnomalyText(code=str(one), name=str(one).replace("_", " ").lower(), words=ANOMALY_WORDS[one])
        for one in anomalies
    ]
