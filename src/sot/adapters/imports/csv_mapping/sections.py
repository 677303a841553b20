"""What a mapping says: its sections, and what each has."""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

import attrs

from sot.adapters.imports.csv_mapping.conditions import Condition
from sot.adapters.imports.csv_mapping.expressions import Expression, NumberExpression, TimeExpression
from sot.domain.values.vocabulary import Method
from sot.ports.readers import StatedFigure


@attrs.frozen(kw_only=True)
class Fees:
    """A fee of a row."""

    amount: NumberExpression
    currency: Expression | None = None
    paid_is_negative: bool


@attrs.frozen(kw_only=True)
class Realized:
    """A result that a row states."""

    amount: NumberExpression
    figure: StatedFigure
    currency: Expression | None = None
    digits: int | None = None
    method: Method = Method.AVERAGE


@attrs.frozen(kw_only=True)
class StatedBalance:
    """A balance that a row states, after it."""

    amount: NumberExpression
    asset: Expression


@attrs.frozen(kw_only=True)
class Pair:
    """A text that names base and quote together."""

    text: Expression
    separator: str = ""
    quotes: Sequence[str] = ()
    split: re.Pattern[str] | None = None


@attrs.frozen(kw_only=True)
class InstrumentTerms:
    """What a row says about its instrument."""

    kind: Expression
    pair: Pair | None = None
    symbol: Expression | None = None
    base: Expression | None = None
    quote: Expression | None = None
    settle: Expression | None = None
    multiplier: NumberExpression | None = None
    inverse: bool = False
    underlying: Expression | None = None
    strike: NumberExpression | None = None
    right: Expression | None = None
    expires_at: TimeExpression | None = None


@attrs.frozen(kw_only=True)
class Section:
    """What all sections have."""

    when: Condition
    time: TimeExpression
    venue_account: Expression | None = None
    balance: StatedBalance | None = None


@attrs.frozen(kw_only=True)
class TradeSection(Section):
    """Rows that are executions."""

    instrument: InstrumentTerms
    quantity: NumberExpression
    price: NumberExpression | None = None
    amount: NumberExpression | None = None
    side: Expression | None = None
    exec_id: Expression | None = None
    order_id: Expression | None = None
    client_order_id: Expression | None = None
    liquidity: Expression | None = None
    position_side: Expression | None = None
    text: Expression | None = None
    fees: Sequence[Fees] = ()
    realized: Realized | None = None


@attrs.frozen(kw_only=True)
class EventSection(Section):
    """Rows that are account events."""

    type: Expression
    instrument: InstrumentTerms | None = None
    amount: NumberExpression | None = None
    currency: Expression | None = None
    symbol: Expression | None = None
    quantity: NumberExpression | None = None
    cost: NumberExpression | None = None
    id: Expression | None = None
    reason: Expression | None = None
    fees: Sequence[Fees] = ()


@attrs.frozen(kw_only=True)
class LegSection(Section):
    """Rows that are one side of a trade each, or its fee."""

    reference: Expression
    asset: Expression
    amount: NumberExpression
    is_fee: bool = False
    fees: Sequence[Fees] = ()


@attrs.frozen(kw_only=True)
class IgnoredSection:
    """Rows that state nothing that is recorded."""

    when: Condition
    reason: str


@attrs.frozen(kw_only=True)
class FileFormat:
    """How the file is written."""

    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8-sig"
    optional: Sequence[str] = ()
    header: Sequence[str] = ()


@attrs.frozen(kw_only=True)
class CsvMapping:
    """A mapping of the columns of a CSV file to facts."""

    name: str
    title: str
    venue: str | None = None
    zone: tzinfo | None = None
    newest_first: bool = False
    finished_orders: bool = True
    ids_ignore: Sequence[str] = ()
    file: FileFormat = attrs.field(factory=FileFormat)
    quotes: Sequence[str] = ()
    assets: Mapping[str, str] = attrs.field(factory=dict)
    ignored: Sequence[IgnoredSection] = ()
    trades: Sequence[TradeSection] = ()
    events: Sequence[EventSection] = ()
    legs: Sequence[LegSection] = ()

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the file must have."""
        found = _columns([self.ignored, self.trades, self.events, self.legs]) | set(self.file.header)
        return frozenset(found - set(self.file.optional))

    def asset(self, name: str) -> str:
        """The name of an asset, where the file has another one."""
        return self.assets.get(name, name)


def _columns(value: Any) -> set[str]:
    if isinstance(value, Expression):
        return set(value.columns)
    if isinstance(value, Condition):
        return set(value.columns)
    if isinstance(value, (list, tuple)):
        return set().union(*map(_columns, value)) if value else set()
    if attrs.has(type(value)):
        return set().union(*(_columns(getattr(value, field.name)) for field in attrs.fields(type(value))))
    return set()
