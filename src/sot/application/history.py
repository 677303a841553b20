"""The order history: every operation, inside a transaction that the caller owns."""

from collections.abc import Iterable, Mapping

from sot.application.accounting import account_events
from sot.application.as_of.difference import Difference, difference
from sot.application.as_of.history import PastHistory, past_history
from sot.application.execution import conclude, prepare
from sot.application.execution.conclude import VenueAnswer
from sot.application.execution.prepare import PreparedRequest
from sot.application.orders import corrections, instruments, marks, requests, submission, waiting
from sot.application.orders import reports as recording
from sot.application.queries.history import HistoryQueries
from sot.application.reconciliation import findings
from sot.application.support.record_result import OrderRecordResult, RecordResult, of_order
from sot.application.support.use_case import command
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.values.arguments import checked_arguments
from sot.domain.values.given import DecimalGiven, OrderStatusGiven, OriginGiven, TimeGiven
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import Origin, Outcome
from sot.ports.store import UnitOfWork
from sot.ports.venue import Replacement, ReplacementGiven


@checked_arguments
class OrderHistory(HistoryQueries):
    """The order history inside one unit of work.

    Nothing is stored until the owner of the unit of work commits it. What is returned are values: later changes do not
    show in them. Times are aware UTC, amounts Decimals; text or whole numbers in their place are read strictly.
    Recording the same fact again adds nothing and returns REPEATED.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    @property
    def _source(self) -> UnitOfWork:
        self._uow.resume()
        return self._uow

    # Before an order

    @command
    def register(self, instrument: Instrument) -> Outcome:
        """Register an instrument, or a new version of it that holds from its `valid_from`.

        A version that was registered in error is corrected by one that names its `valid_from` in `corrects`. It stays
        recorded and holds no longer; what it valued is valued again.

        Raises:
            Conflict: Another version begins at the same time.
            InvalidInput: The version has other currencies than those that hold, or corrects one that does not hold.
        """
        return instruments.register(self._uow, instrument)

    @command
    def submit(
        self,
        request: OrderRequest,
        context: DecisionContext | None = None,
        risk_checks: Iterable[RiskCheck] = (),
    ) -> RecordedRequest:
        """Record an intent. Submitted again with the same key, it is the same request, returned with `repeated` set.

        Two intents are the same if they agree in everything but their ids, times, raw payloads and traces.

        Raises:
            InvalidInput: The symbol, the target or a link is unknown.
            Conflict: The key or the client order id belongs to a different intent.
        """
        return requests.submit(self._uow, request, context, list(risk_checks))

    @command
    def add_risk_check(self, request_id: str, check: RiskCheck) -> Outcome:
        """Record the result of a risk check. Checks may come until execution; the latest for a rule counts.

        Raises:
            NotFound: There is no such request.
            IllegalTransition: The request was executed or withdrawn.
        """
        return requests.add_risk_check(self._uow, request_id, check)

    @command
    def withdraw(
        self,
        request_id: str,
        reason: str | None = None,
        actor: str | None = None,
        occurred_at: TimeGiven | None = None,
    ) -> Outcome:
        """Withdraw a request that was not sent.

        Raises:
            NotFound: There is no such request.
            IllegalTransition: The request was executed or withdrawn already.
        """
        withdrawal = Withdrawal(reason=reason, actor=actor, occurred_at=occurred_at)
        return requests.withdraw(self._uow, request_id, withdrawal)

    # Sending

    @command
    def mark_sent(
        self, request_id: str, occurred_at: TimeGiven | None = None, actor: str | None = None
    ) -> OrderRecordResult:
        """Record that a request is handed to its venue: creates the order (NEW), or opens a request on its target.

        Commit this before the venue is called, so that a crash leaves a trace.

        Raises:
            NotFound: There is no such request.
            NotExecutable: It was denied or withdrawn.
            IllegalTransition: It was sent before, or the target cannot change any more.
        """
        return of_order(submission.mark_sent(self._uow, request_id, occurred_at, actor))

    @command
    def mark_failed(
        self,
        request_id: str,
        reason: str,
        occurred_at: TimeGiven | None = None,
        actor: str | None = None,
    ) -> OrderRecordResult:
        """Record that a request never reached its venue, known for sure. It is never sent again; submit a new one.

        Raises:
            NotFound: There is no such request.
            NotExecutable: It was denied or withdrawn.
            IllegalTransition: The venue has reported on it.
        """
        return of_order(submission.mark_outcome(self._uow, request_id, True, occurred_at, reason, actor))

    @command
    def mark_unknown(
        self,
        request_id: str,
        reason: str,
        occurred_at: TimeGiven | None = None,
        actor: str | None = None,
    ) -> OrderRecordResult:
        """Record that nobody knows whether a request reached its venue: it is in doubt until the venue is asked.

        Raises:
            NotFound: There is no such request.
            NotExecutable: It was denied or withdrawn.
            IllegalTransition: It is known to have failed.
        """
        return of_order(submission.mark_outcome(self._uow, request_id, False, occurred_at, reason, actor))

    @command
    def prepare(
        self, request_id: str, replacement: ReplacementGiven | None = None, actor: str | None = None
    ) -> PreparedRequest:
        """Record that a request is handed to its venue, unless that was recorded before.

        For an application that calls (or awaits) its venue itself: commit, call the venue if `send` is set, then
        `conclude` with what it answered.

        Args:
            request_id: The request.
            replacement: What a REPLACE is at the venue: an amended order, or a new one, which is the `order` returned.
            actor: Who does it.

        Raises:
            NotFound: There is no such request.
            NotExecutable: It was denied or withdrawn.
            IllegalTransition: The target cannot change any more.
            InvalidInput: The replacement is a new order, and has no client order id.
        """
        return prepare.prepare(self._uow, request_id, None if replacement is None else Replacement(replacement), actor)

    @command
    def conclude(self, prepared: PreparedRequest, answer: VenueAnswer, origin: OriginGiven = Origin.VENUE) -> Order:
        """Record what calling the venue returned or raised; returns the order as it is then.

        VenueRefused is a refusal; VenueNotReached a failure before anything was sent; any other exception leaves the
        outcome unknown. Concluding the same again adds nothing.
        """
        return conclude.conclude(self._uow, prepared, answer, Origin(origin))

    # Venue reports

    @command
    def record(self, report: VenueReport, origin: OriginGiven = Origin.VENUE) -> RecordResult:
        """Record a venue report. It is never refused: what is odd about it is in the `anomalies` of the result.

        A report whose order is not known waits, and joins its order as soon as that is known. The time that recording
        takes does not depend on how many reports came before; only corrections read earlier events.
        """
        return recording.record(self._uow, report, Origin(origin))

    @command
    def record_many(self, reports: Iterable[VenueReport], origin: OriginGiven = Origin.VENUE) -> list[RecordResult]:
        """Record venue reports in their order, as `record` does one after the other, with the same results.

        A database is asked once for what many of them need: on PostgreSQL that takes a fraction of the time. Positions
        to which late fills came are folded again once, on every store.
        """
        return recording.record_many(self._uow, list(reports), Origin(origin))

    @command
    def adopt(self, report: VenueReport, origin: OriginGiven = Origin.IMPORT, actor: str | None = None) -> RecordResult:
        """Adopt an order that no request made, with the terms that a report has, and record the report.

        If the order is known already, the report is just recorded. If several orders, or a request that was not sent
        yet, have its identifiers, it waits. The id of an external order follows from its identifier at the venue, so
        that it is one order, whoever finds it, and however often.

        Raises:
            InvalidInput: The report has no venue or symbol, or carries no identifier of the order.
        """
        recording.adopt_external_order(self._uow, report, Origin(origin), actor)
        return recording.record(self._uow, report, Origin(origin))

    @command
    def attribute_waiting(self, account_id: str, report_id: str, order_id: str) -> OrderRecordResult:
        """Record a waiting report on the order that it is about, as a person found out.

        If no order goes by its identifiers, they become those of the order: later reports find it by them.

        Raises:
            NotFound: There is no such report that waits, or no such order.
            InvalidInput: Other orders go by its identifiers, or the order is of another account or venue.
        """
        return of_order(waiting.attribute_waiting(self._uow, account_id, report_id, order_id))

    @command
    def adopt_waiting(self, account_id: str, report_id: str, actor: str | None = None) -> RecordResult:
        """Adopt the order of a waiting report, as `adopt` does. Other reports that wait for this order join it.

        Raises:
            NotFound: There is no such report that waits.
            InvalidInput: Its order may be one that is known or about to be sent, or it lacks venue, symbol or
                identifier.
        """
        return waiting.adopt_waiting(self._uow, account_id, report_id, actor)

    # Marks and corrections

    @command
    def mark(
        self,
        order_id: str,
        mark: DecimalGiven,
        rates: Mapping[str, DecimalGiven] | None = None,
        occurred_at: TimeGiven | None = None,
        actor: str | None = None,
    ) -> OrderRecordResult:
        """Record a snapshot of an order's profit and loss at a mark.

        Without `occurred_at`, the same mark and rates again are a repeat.

        Args:
            order_id: The order.
            mark: A price in quote currency per unit.
            rates: Settlement currency per unit of each other fee currency.
            occurred_at: The time of the mark.
            actor: Who gave it.

        Raises:
            NotFound: There is no such order.
            InvalidInput: The mark or a rate is not allowed, or the instrument is not registered.
        """
        return of_order(marks.mark(self._uow, order_id, mark, rates or {}, occurred_at, actor))

    @command
    def void(
        self,
        order_id: str,
        *,
        reason: str,
        sequence: int | None = None,
        exec_id: str | None = None,
        leg: str | None = "",
        actor: str | None = None,
        occurred_at: TimeGiven | None = None,
    ) -> OrderRecordResult:
        """Void an earlier event that was wrong: it stays, and counts from now on as if it had not been.

        Raises:
            NotFound: There is no such order.
            InvalidInput: There is no such event.
            IllegalTransition: The event is void already.
        """
        return of_order(
            corrections.void(self._uow, order_id, sequence, exec_id, leg or "", reason, actor, occurred_at),
        )

    @command
    def resolve(
        self,
        order_id: str,
        *,
        reason: str,
        status: OrderStatusGiven | None = None,
        actor: str | None = None,
        occurred_at: TimeGiven | None = None,
    ) -> OrderRecordResult:
        """Close what is in doubt, as a person; `status` is what they found (FAILED: it never arrived).

        Raises:
            NotFound: There is no such order.
            IllegalTransition: Nothing is in doubt.
        """
        return of_order(corrections.resolve(self._uow, order_id, status, reason, actor, occurred_at))

    @command
    def attribute(
        self,
        external_order_id: str,
        order_id: str,
        *,
        reason: str,
        actor: str | None = None,
        occurred_at: TimeGiven | None = None,
    ) -> OrderRecordResult:
        """Attribute an external order to an order: its reports are recorded there, and count there alone.

        Reports with the identifiers of the external order join that order from now on.

        Raises:
            NotFound: There is no such order.
            InvalidInput: The first is not an external order, or the second is of another account, venue, symbol or
                side.
        """
        return of_order(
            corrections.attribute(self._uow, external_order_id, order_id, reason, actor, occurred_at),
        )

    @command
    def accept_finding(self, finding_id: str, *, reason: str, actor: str | None = None) -> Outcome:
        """Close a finding, as a person; the same difference with the same figures is not found again.

        Raises:
            NotFound: There is no such finding.
            InvalidInput: There is no reason.
            Conflict: The finding is closed already.
        """
        return findings.accept_finding(self._uow, finding_id, reason, actor)

    # Without an order

    @command
    def record_account_event(self, event: AccountEvent) -> RecordResult:
        """Record what moved a position or its result without an order.

        What the venue reports differently under the same id is kept, flagged DUPLICATE_CONFLICT, and has no effect. An
        event about a symbol that is not registered is flagged, and takes effect when the symbol is registered.

        Raises:
            InvalidInput: `replaces` names no event of this type and account.
            Conflict: The event that it replaces was replaced before, or the event_id is taken.
        """
        return account_events.record_account_event(self._uow, event)

    # The past

    def as_of(self, known_at: TimeGiven | int | None = None, happened_by: TimeGiven | None = None) -> PastHistory:
        """Return the history at a past point in time, with the same queries.

        Args:
            known_at: What was known: up to a cursor of the feed, exactly; or by a time, which counts facts, too, that a
                transaction recorded before it and committed after it (`exact` is false). None: everything known now.
            happened_by: What had happened by a time, by the times that venues and the application reported. None: no
                limit. Within an order no event shows before those of lower sequence.

        Raises:
            InvalidInput: The cursor is none of this store, or the time has not come.
        """
        return past_history(self._uow, known_at, happened_by)

    def diff(self, order_id: str, before: PastHistory, after: PastHistory) -> Difference:
        """Compare an order at two points in time.

        Raises:
            NotFound: There was no such order at one of them.
        """
        return difference(self._uow, order_id, before, after)
