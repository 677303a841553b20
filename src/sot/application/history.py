"""The order history: every operation, inside a transaction that the caller owns."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from sot.application.accounting import account_events, positions
from sot.application.as_of.difference import Difference, difference
from sot.application.as_of.history import PastHistory, past_history
from sot.application.audit import restore
from sot.application.audit.archived_facts import ArchivedFact
from sot.application.execution import conclude, prepare
from sot.application.execution.conclude import VenueAnswer
from sot.application.execution.prepare import PreparedRequest
from sot.application.orders import corrections, instruments, marks, reports, requests, submission
from sot.application.queries.history import HistoryQueries
from sot.application.reconciliation import records
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import OrderStatus, Origin, Outcome
from sot.ports.store import UnitOfWork
from sot.ports.venue import Replacement


class OrderHistory(HistoryQueries):
    """The order history inside one unit of work.

    Nothing is kept until the owner of the unit of work commits it. What is returned are values: later changes do not
    show in them. Times are aware UTC, amounts Decimals; where text or whole numbers are given instead, they are read
    strictly. Writing the same fact again adds nothing and says REPEATED.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    @property
    def _source(self) -> UnitOfWork:
        return self._uow

    # ------------------------------------------------------------------------------------------ before an order

    def register(self, instrument: Instrument) -> Outcome:
        """Keep an instrument, or a new version of it that holds from its `valid_from`.

        Raises: Conflict: another version begins at the same moment.
        """
        return instruments.register(self._uow, instrument)

    def submit(
        self,
        request: OrderRequest,
        context: DecisionContext | None = None,
        risk_checks: Iterable[RiskCheck] = (),
    ) -> RecordedRequest:
        """Keep an intent. Sent again with the same key it is the same request, returned with `repeated` set.

        Intents are the same if all but their ids, times and raw payloads are.

        Raises: InvalidInput: an unknown symbol, target or link. Conflict: the key or the client order id belongs to a
            different intent.
        """
        return requests.submit(self._uow, request, context, list(risk_checks))

    def add_risk_check(self, request_id: str, check: RiskCheck) -> Outcome:
        """Keep the result of a check. They may come until execution, and the latest for a rule counts.

        Raises: NotFound. IllegalTransition: the request was executed or withdrawn.
        """
        return requests.add_risk_check(self._uow, request_id, check)

    def withdraw(
        self,
        request_id: str,
        reason: str | None = None,
        actor: str | None = None,
        occurred_at: datetime | None = None,
    ) -> Outcome:
        """Take back a request that was not sent.

        Raises: NotFound. IllegalTransition: it was executed or withdrawn already.
        """
        withdrawal = Withdrawal(reason=reason, actor=actor, occurred_at=occurred_at)
        return requests.withdraw(self._uow, request_id, withdrawal)

    # ----------------------------------------------------------------------------- what became of what was sent

    def mark_sent(self, request_id: str, occurred_at: datetime | None = None, actor: str | None = None) -> RecordResult:
        """The request is handed to the venue: an order is made (NEW), or its target is asked to change.

        To be committed before the venue is called, so that a crash leaves a trace.

        Raises: NotFound. NotExecutable: denied or withdrawn. IllegalTransition: it was sent before, or the target
            cannot change any more.
        """
        return submission.mark_sent(self._uow, request_id, occurred_at, actor)

    def mark_failed(
        self,
        request_id: str,
        reason: str,
        occurred_at: datetime | None = None,
        actor: str | None = None,
    ) -> RecordResult:
        """The request never reached the venue, known for sure. It is never sent again; a new attempt is a new request.

        Raises: NotFound. NotExecutable. IllegalTransition: the venue has spoken of it.
        """
        return submission.mark_outcome(self._uow, request_id, True, occurred_at, reason, actor)

    def mark_unknown(
        self,
        request_id: str,
        reason: str,
        occurred_at: datetime | None = None,
        actor: str | None = None,
    ) -> RecordResult:
        """It is not known whether the request reached the venue: it is in doubt until the venue is asked.

        Raises: NotFound. NotExecutable. IllegalTransition: it is known to have failed.
        """
        return submission.mark_outcome(self._uow, request_id, False, occurred_at, reason, actor)

    def prepare(
        self, request_id: str, replacement: Replacement | None = None, actor: str | None = None
    ) -> PreparedRequest:
        """The request is handed to the venue, unless that was recorded before: `send` tells whether to call it.

        To be committed before the venue is called, by whoever calls it; then `conclude` with what it answered. This is
        what the executor does, for an application that calls (or awaits) its venue itself. `replacement` says what a
        REPLACE is at the venue: an amended order, or a new one, which is then the `order` that is returned.

        Raises: NotFound. NotExecutable: denied or withdrawn. IllegalTransition: the target cannot change any more.
            InvalidInput: no client order id, where the replacement is a new order.
        """
        return prepare.prepare(self._uow, request_id, replacement, actor)

    def conclude(self, prepared: PreparedRequest, answer: VenueAnswer, origin: Origin = Origin.VENUE) -> Order:
        """Record what calling the venue gave: its reports, or what it raised; gives the order as it is then.

        VenueRefused is the venue's no, VenueNotReached a failure before anything was sent; any other exception leaves
        the outcome unknown. Concluding the same again adds nothing.
        """
        return conclude.conclude(self._uow, prepared, answer, origin)

    def record(self, report: VenueReport, origin: Origin = Origin.VENUE) -> RecordResult:
        """Keep what a venue said. Never refused: what is odd about it is returned in `anomalies`.

        A report for no known order waits and joins its order by itself when that becomes known.
        Takes the same time however many reports came before; only corrections read earlier events.
        """
        return reports.record(self._uow, report, origin)

    def adopt(self, report: VenueReport, origin: Origin = Origin.IMPORT, actor: str | None = None) -> RecordResult:
        """Take an order that no request made into the history, as the report tells it, and record the report.

        If the order is known already, the report is just recorded. If several orders go by its names, or a request that
        was not sent yet does, it waits: that is no other order. The id of an external order follows from its name at
        the venue, so that it is one order, whoever finds it, and however often.

        Raises: InvalidInput: the report has no venue or symbol, or names the order by no id.
        """
        reports.adopt_external_order(self._uow, report, origin, actor)
        return reports.record(self._uow, report, origin)

    # -------------------------------------------------------------------------------------- marks and corrections

    def mark(
        self,
        order_id: str,
        mark: Decimal,
        rates: Mapping[str, Decimal] | None = None,
        occurred_at: datetime | None = None,
        actor: str | None = None,
    ) -> RecordResult:
        """Record a snapshot of the order's profit and loss at `mark` (quote currency per unit).

        `rates` are settlement currency per unit of each other fee currency. Without `occurred_at` the same mark and
        rates again are a repeat and add nothing.

        Raises: NotFound. InvalidInput: a mark or rate that is not allowed, or an unknown instrument.
        """
        return marks.mark(self._uow, order_id, mark, rates or {}, occurred_at, actor)

    def void(
        self,
        order_id: str,
        *,
        reason: str,
        sequence: int | None = None,
        exec_id: str | None = None,
        leg: str = "",
        actor: str | None = None,
        occurred_at: datetime | None = None,
    ) -> RecordResult:
        """An earlier event was wrong: it stays, and from now on counts as if it had not been.

        Raises: NotFound. InvalidInput: there is no such event. IllegalTransition: it is void already.
        """
        return corrections.void(self._uow, order_id, sequence, exec_id, leg, reason, actor, occurred_at)

    def resolve(
        self,
        order_id: str,
        *,
        reason: str,
        status: OrderStatus | None = None,
        actor: str | None = None,
        occurred_at: datetime | None = None,
    ) -> RecordResult:
        """A person closes what is in doubt; `status` is what they found (FAILED: it never arrived).

        Raises: NotFound. IllegalTransition: nothing is in doubt.
        """
        return corrections.resolve(self._uow, order_id, status, reason, actor, occurred_at)

    def attribute(
        self,
        external_order_id: str,
        order_id: str,
        *,
        reason: str,
        actor: str | None = None,
        occurred_at: datetime | None = None,
    ) -> RecordResult:
        """An external order turned out to be this order: its reports are recorded here, and count here alone.

        Reports that name the external order join this one from now on.

        Raises: NotFound. InvalidInput: not an external order, or one of another account or venue.
        """
        return corrections.attribute(self._uow, external_order_id, order_id, reason, actor, occurred_at)

    # ------------------------------------------------------------------------------------------- without an order

    def record_account_event(self, event: AccountEvent) -> RecordResult:
        """Keep what moved a position or its result without an order.

        The same again adds nothing. What the venue says differently under the same id is kept, flagged
        DUPLICATE_CONFLICT, and has no effect; so is what is about a symbol that is not registered yet, and takes effect
        when it is.

        Raises: InvalidInput: `replaces` names no event of this type and account. Conflict: that event was replaced
            before, or the event_id is taken.
        """
        return account_events.record_account_event(self._uow, event)

    # ------------------------------------------------------------------------------------------------- time travel

    def as_of(self, known_at: datetime | int | None = None, happened_by: datetime | None = None) -> PastHistory:
        """Any past moment, to be asked like the present, for everything that can be read.

        `known_at` is what was known: up to a cursor of the feed, exactly, or by a moment (facts count, too, that a
        transaction recorded before it and committed after it: `exact` is false). `happened_by` is what had happened, by
        the times that venues and the application told. They are independent; without either it is now. Within an order
        no event shows before those of lower sequence.

        Raises: InvalidInput: a cursor that this store has not given, or a moment that has not come.
        """
        return past_history(self._uow, known_at, happened_by)

    def diff(self, order_id: str, before: PastHistory, after: PastHistory) -> Difference:
        """How an order differs between two moments, and by which events.

        Raises: NotFound: there was no such order at one of the moments.
        """
        return difference(self._uow, order_id, before, after)

    # --------------------------------------------------------------------------------------------------- archives

    def restore(self, fact: ArchivedFact) -> Outcome:
        """Keep a fact of an archive exactly as it was recorded; REPEATED if it is there.

        Raises: Conflict: another fact has this name. NotFound: a line before it was left out. InvalidInput: an event
            that does not follow the last one of its order.
        """
        return restore.restore(self._uow, fact)

    def restore_checkpoint(self, checkpoint: Checkpoint) -> Outcome:
        """Keep a checkpoint of an archive after the facts that it seals; REPEATED if it is there.

        Raises: InvalidInput: it is damaged, or does not seal what is here. Conflict: another one has its number.
        """
        return restore.restore_checkpoint(self._uow, checkpoint)

    def rebuild_positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> int:
        """Drop what is kept of positions and make it anew from the facts; gives how many there are.

        The result is identical to what was there, if nothing but `sot` wrote it.
        """
        return positions.rebuild(self._uow, account_id, venue, symbol)

    def accept_finding(self, finding_id: str, *, reason: str, actor: str | None = None) -> Outcome:
        """A person closes a finding; the same difference with the same figures is not found again.

        Raises: NotFound. InvalidInput: no reason. Conflict: it is closed already.
        """
        return records.accept_finding(self._uow, finding_id, reason, actor)
