"""The summary of an import."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import canonical, subtract
from sot.domain.values.vocabulary import Outcome
from sot.ports.readers import Skipped, StatedFigure


class ImportedKind(StrEnum):
    """The kinds of what an import counts."""

    INSTRUMENTS = "instruments"
    ORDERS = "orders"
    FILLS = "fills"
    FEES = "fees"
    REPORTS = "other reports"
    EVENTS = "account events"


@attrs.define
class Count(JsonForm):
    """How many facts of a kind were recorded.

    Attributes:
        recorded: New ones.
        repeated: Those that were known.
        flagged: New ones with anomalies.
    """

    recorded: int = 0
    repeated: int = 0
    flagged: int = 0

    def add(self, outcome: Outcome, count: int = 1) -> None:
        """Count facts with an outcome."""
        name = {Outcome.RECORDED: "recorded", Outcome.REPEATED: "repeated"}.get(outcome, "flagged")
        setattr(self, name, getattr(self, name) + count)


@attrs.frozen(kw_only=True)
class FigureDifference(JsonForm):
    """A figure that a source states, and that is another one in the history.

    Attributes:
        stated: The figure of the source.
        computed: The figure of the history; None if it has none.
        tolerance: By how much the rounding of the source explains a difference.
        note: What the figure of the history lacks; may be empty.
    """

    DERIVED: ClassVar = ("difference",)

    figure: StatedFigure
    venue: str
    venue_account: str
    symbol: str | None
    currency: str | None
    stated: Decimal
    computed: Decimal | None
    tolerance: Decimal
    note: str = ""

    @property
    def difference(self) -> Decimal | None:
        """How much more the source states."""
        return None if self.computed is None else canonical(subtract(self.stated, self.computed))


@attrs.frozen(kw_only=True)
class Contradiction(JsonForm):
    """A row that contradicts what is stored.

    Attributes:
        kind: Fills or account events.
        id: The id of the execution or the event.
        symbol: The instrument that the row names.
        order_id: The order of the stored execution.
        stored: What is stored, as text by field; only what differs.
        stated: What the row says, by field.
        was_imported: Whether imports alone recorded it, so that another import can correct it.
        row: The row, as a JSON document.
    """

    KINDS: ClassVar = {"row": fields.DOCUMENT}

    kind: ImportedKind
    id: str
    symbol: str | None = None
    order_id: str | None = None
    stored: dict[str, str]
    stated: dict[str, str]
    was_imported: bool
    row: Any = None


@attrs.define(kw_only=True)
class ImportSummary(JsonForm):
    """What an import did.

    Attributes:
        counts: How many facts were recorded, by kind.
        skipped: The rows that state something which was not recorded.
        expected: How many rows state nothing that is recorded, by reason.
        remarks: How often something was done to a value, by what it was.
        contradictions: The rows that contradict what is stored. It stays as it is.
        corrected: The rows that contradicted what an import had stored, and hold now.
        waiting: How many reports wait, because several orders may be meant.
        figures: How many figures of the source were compared.
        differences: Those that differ.
        dry_run: Whether nothing was stored.
    """

    DERIVED: ClassVar = ("agrees", "adds_nothing")

    counts: dict[ImportedKind, Count] = attrs.field(factory=lambda: {kind: Count() for kind in ImportedKind})
    skipped: Sequence[Skipped] = attrs.field(default=(), eq=tuple)
    expected: dict[str, int] = attrs.field(factory=dict)
    remarks: dict[str, int] = attrs.field(factory=dict)
    contradictions: Sequence[Contradiction] = attrs.field(default=(), eq=tuple)
    corrected: Sequence[Contradiction] = attrs.field(default=(), eq=tuple)
    waiting: int = 0
    figures: int = 0
    differences: Sequence[FigureDifference] = attrs.field(default=(), eq=tuple)
    dry_run: bool = False

    @property
    def agrees(self) -> bool:
        """Whether every row was recorded and holds, and every figure of the source agrees."""
        return not (self.skipped or self.contradictions or self.differences or self.waiting)

    @property
    def adds_nothing(self) -> bool:
        """Whether everything was known."""
        return not any(count.recorded or count.flagged for count in self.counts.values())
