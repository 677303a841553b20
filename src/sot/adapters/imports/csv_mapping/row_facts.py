"""What every section needs to make facts of a row: names, ids, instruments that are told once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.imports.csv_mapping.csv_rows import CsvRow
from sot.adapters.imports.csv_mapping.expressions import Remarks, optional_number, optional_text, search
from sot.adapters.imports.csv_mapping.sections import CsvMapping, Fees, InstrumentTerms, Pair, Section, StatedBalance
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.values import Instruments, instrument
from sot.application.importing.row_ids import MomentSequence, RowIds
from sot.domain.orders.report import Fee
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import FRACTION_DIGITS, ONE
from sot.ports.readers import ImportItem, ReaderOptions, StatedFigure, Statement


@attrs.frozen
class Moment:
    """When a row happened, and its number among the rows of this moment."""

    occurred_at: datetime
    venue_time_ns: int | None
    number: int


@attrs.define
class Reading:
    """The state of reading one file.

    Attributes:
        mapping: The mapping.
        options: What the file does not say itself.
        venue: The venue of all facts.
        balances: The last balance that the file states of each asset, with its moment.
    """

    mapping: CsvMapping
    options: ReaderOptions
    venue: str
    balances: dict[tuple[str, str], tuple[datetime, Statement]] = attrs.field(factory=dict)
    _ids: RowIds = attrs.field(factory=RowIds)
    _moments: MomentSequence = attrs.field(factory=MomentSequence)
    _instruments: Instruments = attrs.field(factory=Instruments)

    def account_fields(self, section: Section, row: CsvRow) -> dict[str, Any]:
        """The account, the venue and the account there."""
        account = self.options.venue_account
        if section.venue_account is not None:
            account = section.venue_account.text(row.values)
        return {"account_id": self.options.account_id, "venue": self.venue, "venue_account": account}

    def moment(self, section: Section, row: CsvRow, remarks: Remarks) -> Moment:
        """When a row happened; call it once per row, in the order of the file."""
        zone = self.options.zone or self.mapping.zone
        at, nanoseconds = section.time.time(row.values, zone, remarks)
        return Moment(at, nanoseconds, self._moments.next_number((at, nanoseconds)))

    def row_id(self, row: CsvRow) -> str:
        """The id of a row that has none.

        Raises:
            RowError: The row has a character that no fact may have.
        """
        ignored = self.mapping.ids_ignore
        try:
            return self._ids.next_id({name: value for name, value in row.values.items() if name not in ignored})
        except InvalidInput as error:
            raise RowError(str(error)) from None

    def without_repeated_instruments(self, items: Iterable[ImportItem]) -> Sequence[ImportItem]:
        """Leave out instruments that are among earlier items.

        Raises:
            RowError: An earlier row says something else about one.
        """
        kept: list[ImportItem] = []
        for item in items:
            kept += self._instruments.new(item) if isinstance(item, Instrument) else [item]
        return kept

    def fees(self, sections: Sequence[Fees], row: CsvRow, currency: str | None, remarks: Remarks) -> Iterator[Fee]:
        """The fees of a row, as amounts that are positive when paid; without those of zero."""
        for section in sections:
            amount = section.amount.number(row.values, remarks)
            if amount is None or not amount:
                continue
            own = optional_text(section.currency, row.values) or currency
            if not own:
                raise RowError(f"{section.amount.label} has no currency")
            yield Fee(amount=-amount if section.paid_is_negative else amount, currency=self.mapping.asset(own))

    def note_balance(self, stated: StatedBalance, section: Section, row: CsvRow, moment: Moment) -> None:
        """Remember the balance that a row states, if it is the last one."""
        remarks: Remarks = []
        amount, asset = stated.amount.number(row.values, remarks), stated.asset.text(row.values)
        if amount is None or not asset:
            return
        account = self.account_fields(section, row)
        key = account["venue_account"], self.mapping.asset(asset)
        if key in self.balances and self.balances[key][0] > moment.occurred_at:
            return
        statement = Statement(
            figure=StatedFigure.BALANCE,
            venue=self.venue,
            venue_account=key[0],
            currency=key[1],
            amount=amount,
            fraction_digits=min(stated.amount.digits(row.values), FRACTION_DIGITS),
            row=row.values,
        )
        self.balances[key] = moment.occurred_at, statement

    def instrument(self, terms: InstrumentTerms, row: CsvRow, remarks: Remarks) -> Instrument:
        """The instrument of a row.

        Raises:
            RowError: The row does not say what it is.
        """
        base, quote = _base_and_quote(terms, row)
        symbol = terms.symbol.required(row.values) if terms.symbol is not None else ""
        quote = self.mapping.asset(quote)
        base = self.mapping.asset(base or symbol)
        fields: dict[str, Any] = {
            "account_id": self.options.account_id,
            "venue": self.venue,
            "symbol": symbol or f"{base}/{quote}",
            "kind": terms.kind.required(row.values).upper(),
            "base": base,
            "quote": quote,
            "settle": optional_text(terms.settle, row.values),
            "multiplier": _multiplier(terms, row, remarks),
            "inverse": terms.inverse,
            "underlying": optional_text(terms.underlying, row.values),
            "strike": optional_number(terms.strike, row.values, remarks),
            "right": (optional_text(terms.right, row.values) or "").upper() or None,
        }
        if terms.expires_at is not None and terms.expires_at.text(row.values):
            zone = self.options.zone or self.mapping.zone
            fields["expires_at"] = terms.expires_at.time(row.values, zone, remarks)[0]
        return instrument(fields)


def _multiplier(terms: InstrumentTerms, row: CsvRow, remarks: Remarks) -> Decimal:
    return optional_number(terms.multiplier, row.values, remarks) or ONE


def _base_and_quote(terms: InstrumentTerms, row: CsvRow) -> tuple[str, str]:
    base, quote = "", ""
    if terms.pair is not None:
        base, quote = _split(terms.pair, terms.pair.text.required(row.values))
    if terms.base is not None:
        base = terms.base.required(row.values)
    if terms.quote is not None:
        quote = terms.quote.required(row.values)
    return base, quote


def _split(pair: Pair, text: str) -> tuple[str, str]:
    if pair.separator:
        base, found, quote = text.partition(pair.separator)
        if base and found and quote:
            return base, quote
        raise RowError(f"{pair.text.label}: {text!r} has no base and quote with {pair.separator!r} between them")
    if pair.split is not None:
        found_names = search(pair.split, pair.text.label, text)
        if found_names is None:
            raise RowError(f"{pair.text.label}: {text!r} does not match the pattern that splits it")
        return found_names["base"], found_names["quote"]
    for quote in pair.quotes:
        if text.endswith(quote) and len(text) > len(quote):
            return text.removesuffix(quote), quote
    raise RowError(f"{pair.text.label}: {text!r} ends with none of the quotes of the mapping")
