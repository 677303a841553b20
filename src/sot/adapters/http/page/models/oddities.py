"""Anomalies of events, in words."""

from collections.abc import Sequence

import attrs

from sot.adapters.http.page.models.words import ANOMALY_WORDS
from sot.domain.values.vocabulary import Anomaly


@attrs.frozen(kw_only=True)
class Oddity:
    """An anomaly of an event.

    Attributes:
        name: Its name in words.
        words: What it means.
    """

    code: str
    name: str
    words: str


def oddities_of(anomalies: Sequence[Anomaly]) -> list[Oddity]:
    """Return anomalies in words."""
    return [
        Oddity(code=str(one), name=str(one).replace("_", " ").lower(), words=ANOMALY_WORDS[one]) for one in anomalies
    ]
