"""A summary of what `sot record` did, by the kind of fact."""

import time
from collections import Counter

import attrs
from rich.table import Table

from sot.domain.values.vocabulary import Outcome
from sot.entrypoints.json_lines import LineResult
from sot.entrypoints.terminal import new_table

UNREADABLE = "unreadable"
"""What no kind can be told of."""

_WAITING, _REFUSED, _SKIPPED = "waiting", "refused", "skipped"
_OUTCOMES = {Outcome.RECORDED: "recorded", Outcome.FLAGGED: "flagged", Outcome.REPEATED: "repeated"}
_ALWAYS = ("recorded", "repeated", _WAITING, _REFUSED)
_COLUMNS = ("recorded", "flagged", "repeated", _WAITING, _REFUSED, _SKIPPED)
_STYLES = {"flagged": "yellow", _WAITING: "yellow", _REFUSED: "red"}


@attrs.define
class RecordSummary:
    """How many facts of each kind were recorded, repeated, waiting or refused, and how long it took.

    Attributes:
        counts: For each kind, how many had each outcome. A kind is counted when its batch is committed.
        started: When it began, by a clock that only measures.
    """

    counts: dict[str, Counter[str]] = attrs.field(factory=dict)
    started: float = attrs.field(factory=time.monotonic)

    def count(self, kind: str, result: LineResult | None) -> None:
        """Count what was recorded, or what the format does not record: None."""
        self._add(kind, _SKIPPED if result is None else _WAITING if _waits(result) else _OUTCOMES[result.outcome])

    def count_refused(self, kind: str) -> None:
        """Count what was refused."""
        self._add(kind, _REFUSED)

    def table(self) -> Table:
        """A table with a row per kind, and one for all of them."""
        total = sum(self.counts.values(), Counter[str]())
        table = new_table(f"{total.total():,} read in {time.monotonic() - self.started:,.1f} s")
        names = [name for name in _COLUMNS if name in _ALWAYS or total[name]]
        table.add_column("kind")
        for name in ("read", *names):
            table.add_column(name, justify="right", style=_STYLES.get(name) if total[name] else None)
        for kind, counts in sorted(self.counts.items()):
            table.add_row(kind.replace("_", " "), *_cells(counts, names))
        if len(self.counts) > 1:
            table.add_row("in all", *_cells(total, names), style="bold")
        return table

    def _add(self, kind: str, name: str) -> None:
        self.counts.setdefault(kind, Counter())[name] += 1


def _waits(result: LineResult) -> bool:
    """Whether it is a report whose order is not known."""
    return result.outcome is Outcome.FLAGGED and result.order_id is None and result.event_id is None


def _cells(counts: Counter[str], names: list[str]) -> list[str]:
    return [f"{counts.total():,}", *(f"{counts[name]:,}" for name in names)]
