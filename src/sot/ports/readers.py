"""The port of readers, which turn what other systems recorded into facts: files of brokers, stores of bots.

A reader reads one source and yields, in any order:

| item | meaning |
|---|---|
| `Instrument`, `VenueReport`, `AccountEvent` | a fact; its `raw_payload` is the row, or the rows, that state it |
| `Skipped` | a row that states something which cannot be read, or (`expected`) nothing that is recorded |
| `Remark` | what was done to a value of a row that was read, such as rounding it |
| `Statement` | a figure that the source itself states, to be compared with that of the history |

Every row of the source is in one of them. A reader never records, and it raises InvalidInput only for what is wrong
with the source as a whole: it is not of this format, or its times need a time zone.

Importing again adds nothing if each execution and account event has an id that follows from its row: that of the venue,
else a digest of the row and its number among equal rows (`RowIds`). `venue_sequence` is the number of a row among those
of the same moment; it orders and never identifies.
"""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.values import fields
from sot.domain.values.instrument import Instrument
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import FRACTION_DIGITS
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import Method

__all__ = [
    "Fact",
    "ImportItem",
    "Reader",
    "ReaderOptions",
    "Remark",
    "Skipped",
    "StatedFigure",
    "Statement",
]

Fact = Instrument | VenueReport | AccountEvent
"""What a source records, which the history takes as its own fact."""

NOTHING_MOVED = "nothing moved: the amount is zero"
"""The reason of a `Skipped` row about money without an amount."""


@attrs.frozen(kw_only=True)
class Skipped(JsonForm):
    """A row of which no fact was made.

    Attributes:
        reason: Why, for people. Rows that are skipped for the same reason have the same text.
        row: The row, as a JSON document.
        location: Where the row is, such as `line 7`.
        expected: Whether rows of this kind state nothing that is recorded, such as a subtotal.
    """

    KINDS: ClassVar = {"row": fields.DOCUMENT}

    reason: str
    row: Any
    location: str = ""
    expected: bool = False


@attrs.frozen(kw_only=True)
class Remark(JsonForm):
    """What was done to a value of a row that was read.

    Attributes:
        text: What was done, for people. The same remark on other rows has the same text.
        row: The row, as a JSON document.
        location: Where the row is, such as `line 7`.
    """

    KINDS: ClassVar = {"row": fields.DOCUMENT}

    text: str
    row: Any = None
    location: str = ""


class StatedFigure(StrEnum):
    """The figures that sources state."""

    REALIZED_GROSS = "REALIZED_GROSS"
    """The result of closed units, before fees."""
    REALIZED_NET = "REALIZED_NET"
    """The result of closed units, less their fees, those of the entry, too."""
    REALIZED_PAID = "REALIZED_PAID"
    """The result of closed units, less all fees that were paid."""
    FEES = "FEES"
    """The fees in a currency; positive is paid."""
    EVENTS = "EVENTS"
    """What was received or paid in a currency without an order, such as funding."""
    QUANTITY = "QUANTITY"
    """The open units of an instrument at the end of the source; short is negative."""
    BALANCE = "BALANCE"
    """The balance of an asset at the end of the source."""


@attrs.frozen(slots=False, kw_only=True)
class Statement(Value):
    """A figure that a source states.

    Statements of the same figure, instrument and currency add up. QUANTITY and BALANCE are those of one time: a source
    states each once.

    Attributes:
        venue_account: The account at the venue; '' of a BALANCE for the only one, otherwise for all together.
        symbol: The instrument; None for all together.
        currency: The currency or asset of the amount; None of a QUANTITY.
        amount: The figure.
        fraction_digits: The fraction digits to which the source rounds.
        method: Of results: which lots the source closes first.
    """

    figure: StatedFigure
    venue: str
    venue_account: str = ""
    symbol: str | None = None
    currency: str | None = None
    amount: Decimal
    fraction_digits: int = FRACTION_DIGITS
    method: Method = Method.AVERAGE
    row: Any = None

    KINDS: ClassVar = {
        "figure": fields.member_of(StatedFigure),
        "venue": fields.NAME,
        "venue_account": fields.SCOPE,
        "symbol": fields.NAME,
        "currency": fields.NAME,
        "amount": fields.NUMBER,
        "fraction_digits": fields.COUNT,
        "method": fields.member_of(Method),
        "row": fields.DOCUMENT,
    }


ImportItem = Fact | Skipped | Remark | Statement
"""What a reader yields: a fact, or what it says about the source."""


@attrs.frozen(kw_only=True)
class ReaderOptions:
    """What a source does not say itself.

    Attributes:
        account_id: The account of all facts.
        venue: The venue; None for the one that the format is of, or that the source names.
        venue_account: The account at the venue, for a source that names none.
        zone: The time zone of times without an offset; None if nobody gave one.
        currency: The currency of amounts of which the source names none.
    """

    account_id: str
    venue: str | None = None
    venue_account: str = ""
    zone: tzinfo | None = None
    currency: str | None = None


@runtime_checkable
class Reader(Protocol):
    """A reader of one format.

    Attributes:
        title: What it reads, in a few words.
        finished_orders: Whether the source states executions only, of orders that are finished.
    """

    title: str
    finished_orders: bool

    @abstractmethod
    def read(self, source: str, options: ReaderOptions) -> Iterable[ImportItem]:
        """Read a source.

        Args:
            source: The path of a file, or the URL of a database.
            options: What the source does not say itself.

        Raises:
            InvalidInput: The source is not of this format, or an option that it needs is missing.
            OSError: The source cannot be read.
        """
        raise NotImplementedError
