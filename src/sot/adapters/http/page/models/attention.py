"""What a person should look at: reports without their order, findings, orders in doubt, and what is not sealed."""

from collections.abc import Sequence
from decimal import Decimal

import attrs

from sot.adapters.http.page.models.facts import Fact, present_facts
from sot.adapters.http.page.models.filters import FilterField
from sot.adapters.http.page.models.links import ActionLink
from sot.adapters.http.page.models.orders import OrderRow
from sot.adapters.http.page.models.values import Moment, amount, moment
from sot.adapters.http.page.models.words import MISMATCH_STEPS, MISMATCH_WORDS, event_word, status_word
from sot.application.orders.waiting import Waiting
from sot.application.views.values import short_number
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.records import UnattributedReport
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.vocabulary import OrderStatus


@attrs.frozen(kw_only=True)
class WaitingRow:
    """A report that waits for its order.

    Attributes:
        terms: What it says, in one line.
        names: The identifiers that it carries.
        why: Why it waits.
        steps: What would end it.
        candidates: The orders that it may be about: their ids with their addresses.
        request_id: The request that was not sent yet and has its client order id; empty without one.
        actions: What the reader can do here.
    """

    report_id: str
    account_id: str
    recorded_at: Moment | None
    terms: str
    names: str
    why: str
    steps: Sequence[str]
    candidates: Sequence[ActionLink]
    request_id: str
    actions: Sequence[ActionLink]


@attrs.frozen(kw_only=True)
class FindingRow:
    """An open finding.

    Attributes:
        subject: What it is about: symbol or asset, and the account at the venue.
        code: The kind of difference.
        words: What that means.
        local: What the history has.
        exchange: What the venue has.
        reason: What the comparison says.
        steps: What can be done about it.
        order: The address of its order; None without one.
        actions: What the reader can do here.
    """

    finding_id: str
    account_id: str
    found_at: Moment | None
    subject: str
    code: str
    words: str
    local: str
    exchange: str
    reason: str
    steps: Sequence[str]
    order: str | None
    actions: Sequence[ActionLink]


@attrs.frozen(kw_only=True)
class DoubtRow:
    """An order in doubt."""

    order: OrderRow
    actions: Sequence[ActionLink]


@attrs.frozen(kw_only=True)
class Seal:
    """The last checkpoint.

    Attributes:
        upto: The cursor of the feed up to which facts are sealed.
        unsealed: How many cursors of the feed lie behind it.
    """

    number: int
    sealed_at: Moment | None
    upto: int
    unsealed: int
    hash: str
    is_signed: bool


@attrs.frozen(kw_only=True)
class AttentionModel:
    """What a person should look at.

    Attributes:
        account: The field that limits it to an account.
        waiting, findings, doubts: The first ones of each account.
        more_waiting, more_findings, more_doubts: Accounts that have more, with the addresses of the lists.
        seal: The last checkpoint; None if nothing is sealed.
        unsealed: How many cursors of the feed no checkpoint seals.
        has_accounts: Whether the accounts could be listed; else one has to be chosen.
        may_verify: Whether the reader may have the store verified.
    """

    account: FilterField | None
    waiting: Sequence[WaitingRow]
    findings: Sequence[FindingRow]
    doubts: Sequence[DoubtRow]
    more_waiting: Sequence[ActionLink]
    more_findings: Sequence[ActionLink]
    more_doubts: Sequence[ActionLink]
    seal: Seal | None
    unsealed: int
    has_accounts: bool
    may_verify: bool


@attrs.frozen(kw_only=True)
class ListModel:
    """All waiting reports, or all open findings, of an account."""

    account_id: str
    waiting: Sequence[WaitingRow] = ()
    findings: Sequence[FindingRow] = ()
    next: str | None
    first: str | None


def report_terms(report: VenueReport) -> str:
    """Return what a report says in one line."""
    parts = [event_word(report.type), str(report.side or "").lower()]
    parts += [short_number(report.last_quantity)] if report.last_quantity is not None else []
    parts += [report.symbol or ""]
    parts += [f"at {short_number(report.last_price)}"] if report.last_price is not None else []
    return " ".join(part for part in parts if part)


def report_facts(waiting: UnattributedReport) -> list[Fact]:
    """Return what a waiting report says."""
    report = waiting.report
    return present_facts(
        [
            Fact(name="Account", text=report.account_id),
            Fact(name="Venue", text=" ".join(filter(None, [report.venue, report.venue_account]))),
            Fact(name="Client order id", text=report.client_order_id or ""),
            Fact(name="Venue order id", text=report.venue_order_id or ""),
            Fact(name="Execution id", text=report.exec_id or ""),
            Fact(name="Quantity", amount=amount(report.last_quantity)),
            Fact(name="Price", amount=amount(report.last_price)),
            Fact(name="Happened", moment=moment(report.occurred_at)),
            Fact(name="Recorded", moment=moment(waiting.recorded_at)),
        ]
    )


def waiting_row(
    waiting: UnattributedReport, why: Waiting, candidates: Sequence[ActionLink], actions: Sequence[ActionLink]
) -> WaitingRow:
    """Return a waiting report as a row."""
    report = waiting.report
    names = [report.client_order_id, report.venue_order_id, report.exec_id]
    return WaitingRow(
        report_id=waiting.report_id,
        account_id=waiting.account_id,
        recorded_at=moment(waiting.recorded_at),
        terms=f"{report_terms(report)} at {report.venue}" if report.venue else report_terms(report),
        names=", ".join(name for name in names if name),
        why=why.words,
        steps=why.steps if actions else why.steps_with_options(waiting.report_id, "sot waiting "),
        candidates=candidates,
        request_id=why.request_id or "",
        actions=actions,
    )


def finding_facts(finding: RecordedReconciliation) -> list[Fact]:
    """Return what a finding says."""
    row = finding.row
    return present_facts(
        [
            Fact(name="Difference", text="" if row.mismatch is None else MISMATCH_WORDS[row.mismatch]),
            Fact(name="Reason", text=row.reason or ""),
            Fact(name="Here", text=_side(row.local_status, row.local_quantity, row.local_price)),
            Fact(name="At the venue", text=_side(row.exchange_status, row.exchange_quantity, row.exchange_price)),
            Fact(name="Account", text=" ".join(filter(None, [row.account_id, "at", row.venue, row.venue_account]))),
            Fact(name="Symbol", text=row.symbol or row.asset or ""),
            Fact(name="Client order id", text=row.client_order_id or ""),
            Fact(name="Venue order id", text=row.venue_order_id or ""),
            Fact(name="Execution id", text=row.exec_id or ""),
            Fact(name="Found", moment=moment(finding.recorded_at)),
        ]
    )


def _beyond(words: str, reason: str) -> str:
    """A reason, if it says more than the words beside it."""
    return "" if reason.rstrip(".").casefold() == words.rstrip(".").casefold() else reason


def finding_row(finding: RecordedReconciliation, order: str | None, actions: Sequence[ActionLink]) -> FindingRow:
    """Return a finding as a row."""
    row = finding.row
    assert row.mismatch is not None
    names = [row.symbol or row.asset, row.client_order_id or row.venue_order_id, "at", row.venue, row.venue_account]
    return FindingRow(
        finding_id=finding.record_id,
        account_id=row.account_id,
        found_at=moment(finding.recorded_at),
        subject=" ".join(filter(None, names)),
        code=str(row.mismatch),
        words=MISMATCH_WORDS[row.mismatch],
        local=_side(row.local_status, row.local_quantity, row.local_price),
        exchange=_side(row.exchange_status, row.exchange_quantity, row.exchange_price),
        reason=_beyond(MISMATCH_WORDS[row.mismatch], row.reason or ""),
        steps=MISMATCH_STEPS[row.mismatch],
        order=order,
        actions=actions,
    )


def _side(status: OrderStatus | None, quantity: Decimal | None, price: Decimal | None) -> str:
    """What one side has, in words."""
    parts = [] if status is None else [status_word(status)]
    parts += [f"quantity {amount(quantity)}"] if quantity is not None else []
    parts += [f"price {amount(price)}"] if price is not None else []
    return ", ".join(parts)


def seal_of(checkpoint: Checkpoint, last: int) -> Seal:
    """Return the last checkpoint, with how much of the feed lies behind it."""
    return Seal(
        number=checkpoint.number,
        sealed_at=moment(checkpoint.sealed_at),
        upto=checkpoint.upto,
        unsealed=max(0, last - checkpoint.upto),
        hash=checkpoint.hash,
        is_signed=checkpoint.signature is not None,
    )
