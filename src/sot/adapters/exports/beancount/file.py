"""The text of a ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple, TextIO, TypeVar

from sot.adapters.exports.beancount.accounts import AccountNames
from sot.adapters.exports.beancount.names import commodities
from sot.application.accounting.ledger import LedgerEntry, LotChange
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.balances import Balance, asset_of
from sot.domain.orders.fill import Fill
from sot.domain.values.numbers import ZERO, add, canonical, multiply, plain, subtract
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import AccountEventType

K = TypeVar("K")

_FIRST_DAY, _LAST_DAY = date(1700, 1, 1), date(2099, 12, 30)  # beancount reads no others
_DIGITS = 28
"""The digits with which beancount computes: what has more cannot be added up exactly."""

_SLACK = 3
"""The digits by which a sum may be wider than its parts."""


class _Posting(NamedTuple):
    """A posting.

    Attributes:
        cost: The cost of one unit of its lot, in `cost_commodity`; None without a lot.
        lot: The day and the label of its lot, as text.
        zeros: The fraction digits of a posting of zero, which tells beancount how exactly its sum can be.
    """

    account: str
    amount: Decimal
    commodity: str
    cost: Decimal | None = None
    cost_commodity: str = ""
    lot: str = ""
    zeros: int = 0

    @property
    def weight(self) -> tuple[str, Decimal]:
        if self.cost is None:
            return self.commodity, self.amount
        return self.cost_commodity, multiply(self.amount, self.cost)

    def line(self) -> str:
        number = f"0.{'0' * self.zeros}" if self.zeros else plain(self.amount)
        cost = "" if self.cost is None else f" {{{plain(self.cost)} {self.cost_commodity}, {self.lot}}}"
        return f"  {self.account}  {number} {self.commodity}{cost}\n"


def write(
    entries: Sequence[LedgerEntry],
    balances: Sequence[Balance],
    stream: TextIO,
    names: AccountNames,
    zone: tzinfo = UTC,
) -> dict[str, int]:
    """Write a ledger.

    Args:
        entries: What happened, in the order of time.
        balances: The balances after all of it, those of zero, too.
        stream: Where to write.
        names: The names of its accounts.
        zone: The time zone of days.

    Returns:
        The numbers of transactions, of comments for what is no transaction, and of assertions.
    """
    ledger = _Ledger(names, commodities(_assets(entries, balances)), zone)
    stream.writelines(ledger.head(entries, balances))
    counts = {"transactions": 0, "comments": 0, "assertions": 0}
    for entry in entries:
        lines, is_transaction = ledger.entry(entry)
        counts["transactions" if is_transaction else "comments"] += 1
        stream.writelines(lines)
    for lines in ledger.assertions(entries, balances):
        counts["assertions"] += 1
        stream.writelines(lines)
    return counts


def _assets(entries: Iterable[LedgerEntry], balances: Iterable[Balance]) -> set[str]:
    assets = {balance.asset for balance in balances if balance.asset not in balance.unregistered}
    for item in entries:
        assets.update(move.asset for move in item.movements)
        if item.lots and item.instrument is not None:
            assets.update({item.instrument.currency, str(asset_of(item.instrument))})
    return assets


class _Ledger:
    """Makes the lines of a ledger."""

    def __init__(self, names: AccountNames, commodities: Mapping[str, str], zone: tzinfo) -> None:
        self._names = names
        self._commodities = commodities
        self._zone = zone
        self._widths: dict[str, tuple[int, int]] = {}

    # --------------------------------------------------------------------------------------------------- directives

    def head(self, entries: Sequence[LedgerEntry], balances: Sequence[Balance]) -> Iterator[str]:
        """The options, commodities and accounts."""
        yield f"; The ledger of {_line(self._names.account_id)}, exported by sot. Amounts are exact.\n"
        for symbol in sorted({symbol for balance in balances for symbol in balance.unregistered}):
            yield f"; {_line(symbol)} is not registered: what its executions moved is not known, fees apart.\n"
        yield 'option "booking_method" "NONE"\n'
        yield 'option "inferred_tolerance_default" "*:0.0000000001"\n\n'
        first = min((self._day(item.entry.happened_at) for item in entries), default=date(1970, 1, 1))
        for asset, commodity in sorted(self._commodities.items(), key=lambda pair: pair[1]):
            yield f"{first} commodity {commodity}\n"
            if asset != commodity:
                yield f"  name: {_text(asset)}\n"
        yield "\n"
        used = {posting.account for item in entries for posting in self._postings(item)}
        used |= {self._names.assets(balance.venue, balance.venue_account) for balance in balances}
        for account in sorted(used):
            yield f"{first} open {account}\n"
        yield "\n"

    def assertions(self, entries: Sequence[LedgerEntry], balances: Sequence[Balance]) -> Iterator[list[str]]:
        """The balance of each asset, on the day after the last fact."""
        if not entries:
            return
        day = max(self._day(item.entry.happened_at) for item in entries) + timedelta(days=1)
        for balance in balances:
            if balance.asset in self._commodities:
                account = self._names.assets(balance.venue, balance.venue_account)
                commodity = self._commodities[balance.asset]
                tolerance = _tolerance(*self._widths.get(commodity, (1, 0)))
                yield [f"{day} balance {account}  {plain(balance.amount)} ~ {tolerance} {commodity}\n"]

    # ------------------------------------------------------------------------------------------------- transactions

    def entry(self, item: LedgerEntry) -> tuple[list[str], bool]:
        """The lines of a fact, and whether they are a transaction."""
        entry, postings = item.entry, self._postings(item)
        day = self._day(entry.happened_at)
        if not postings:
            return [f"; {day} {_line(_narration(item))}: {_why_nothing(item)}\n\n"], False
        lines = [f"{day} * {_text(entry.venue)} {_text(_narration(item))}\n"]
        lines += [f"  {name}: {_text(value)}\n" for name, value in _metadata(entry) if value]
        for posting in postings:
            lines.append(posting.line())
            self._widths[posting.commodity] = _widest([posting.amount], self._widths.get(posting.commodity, (1, 0)))
        remark = _remark(item)
        if remark:
            lines.append(f"  ; {remark}\n")
        return [*lines, "\n"], True

    def _postings(self, item: LedgerEntry) -> list[_Posting]:
        """What came and went, and on the other side where it came from; in every commodity the sum is zero."""
        place = self._names.assets(item.entry.venue, item.venue_account)
        there: dict[str, Decimal] = {}
        other: dict[tuple[str, str], Decimal] = {}
        for move in item.movements:
            _count(there, move.asset, move.amount)
            _count(other, (self._names.of_source(move.source), move.asset), subtract(ZERO, move.amount))
        lots = list(self._lots(item, place, there, other))
        assets = (_Posting(place, amount, self._commodities[asset]) for asset, amount in there.items() if amount)
        sources = (
            _Posting(account, amount, self._commodities[asset]) for (account, asset), amount in other.items() if amount
        )
        postings = [*lots, *assets, *sources]
        return [*postings, *self._zeros(postings)]

    def _zeros(self, postings: Sequence[_Posting]) -> Iterator[_Posting]:
        """Tell beancount how exactly it can add up what has more digits than it computes with.

        It infers the tolerance of a sum from the digits of its postings.
        """
        weights: dict[str, list[Decimal]] = {}
        for posting in postings:
            commodity, weight = posting.weight
            weights.setdefault(commodity, []).append(weight)
        for commodity, amounts in weights.items():
            whole, fraction = _widest(amounts)
            if whole + fraction + _SLACK > _DIGITS:
                zeros = max(_DIGITS - _SLACK - whole - 1, 1)
                yield _Posting(self._names.of_role("trading"), ZERO, commodity, zeros=zeros)

    def _lots(
        self, item: LedgerEntry, place: str, there: dict[str, Decimal], other: dict[tuple[str, str], Decimal]
    ) -> Iterator[_Posting]:
        """The units that are in lots, which weigh what they cost, and the result of those that were closed."""
        if not item.lots or item.instrument is None:
            return
        asset, currency = str(asset_of(item.instrument)), item.instrument.currency
        balancing = self._names.of_source(_cause(item.entry))
        for change in item.lots:
            if change.unit_cost < ZERO:
                continue
            lot, cost_commodity = self._lot(change, item), self._commodities[currency]
            yield _Posting(place, change.units, self._commodities[asset], change.unit_cost, cost_commodity, lot)
            _count(there, asset, subtract(ZERO, change.units))
            _count(other, (balancing, asset), change.units)
            _count(other, (balancing, currency), subtract(ZERO, multiply(change.units, change.unit_cost)))
        _count(other, (self._names.of_role("gains"), currency), subtract(ZERO, item.gain))
        _count(other, (balancing, currency), item.gain)

    def _lot(self, change: LotChange, item: LedgerEntry) -> str:
        assert item.key is not None
        position = [item.key.symbol, item.key.position_side if item.key.position_side != "NET" else ""]
        label = " ".join(filter(None, [*position, item.key.position_id, str(change.number)]))
        return f"{self._day(change.opened_at)}, {_text(label)}"

    def _day(self, at: datetime) -> date:
        try:
            day = at.astimezone(self._zone).date()
        except OverflowError:  # before the first day, or after the last one, that there is
            day = at.date()
        return min(max(day, _FIRST_DAY), _LAST_DAY)


def _count(sums: dict[K, Decimal], key: K, amount: Decimal) -> None:
    sums[key] = canonical(add(sums.get(key, ZERO), amount))


def _cause(entry: Fill | AccountEvent) -> str:
    return "TRADE" if isinstance(entry, Fill) else entry.type


# -------------------------------------------------------------------------------------------------------------- texts


def _narration(item: LedgerEntry) -> str:
    entry = item.entry
    if isinstance(entry, Fill):
        text = f"{entry.side} {plain(entry.quantity)} {entry.symbol} at {plain(entry.price)}"
        return f"{text} (legs move the position)" if entry.in_legs else text
    symbol = item.key.symbol if item.key is not None else entry.symbol
    return " ".join(filter(None, [entry.type, symbol]))


def _metadata(entry: Fill | AccountEvent) -> Iterator[tuple[str, str | None]]:
    yield "time", time_text(entry.happened_at)
    yield "order_id", entry.order_id
    if isinstance(entry, Fill):
        yield "exec_id", entry.exec_id
    else:
        yield "event_id", entry.event_id
        yield "external_id", entry.external_id
        yield "reason", entry.reason


def _why_nothing(item: LedgerEntry) -> str:
    if item.key is not None and item.instrument is None:
        return "the symbol is not registered, so that what it moved is not known"
    if isinstance(item.entry, AccountEvent) and item.entry.type is AccountEventType.COST_ADJUSTMENT:
        return "it changes the cost of units, which are in no lot here"
    if isinstance(item.entry, AccountEvent) and not item.entry.effective:
        return "it was replaced by nothing"
    return "it moved no asset: of such contracts only results are settled"


def _remark(item: LedgerEntry) -> str:
    if item.key is not None and item.instrument is None:
        return "the symbol is not registered: what was traded is not known"
    if any(change.unit_cost < ZERO for change in item.lots):
        return "a cost below zero, which no lot can have here: the units are in no lot"
    return ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + " ".join(escaped.splitlines()) + '"'


def _widest(amounts: Iterable[Decimal], widest: tuple[int, int] = (1, 0)) -> tuple[int, int]:
    """The most digits before the point, and after it."""
    for amount in amounts:
        whole, _, fraction = plain(amount.copy_abs()).partition(".")
        widest = max(widest[0], len(whole)), max(widest[1], len(fraction))
    return widest


def _tolerance(whole: int, fraction: int) -> str:
    """Zero, or what rounding to the digits with which beancount computes may take from a sum."""
    if whole + fraction + _SLACK <= _DIGITS:
        return "0"
    return plain(Decimal(1).scaleb(whole + 2 * _SLACK - _DIGITS))
