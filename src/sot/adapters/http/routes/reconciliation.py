"""Comparing the history with the venue, and what was found."""

from typing import ClassVar

import attrs

from sot.adapters.http import parameters as given
from sot.adapters.http.asked import Asked
from sot.adapters.http.bodies import strict
from sot.adapters.http.refusals import NoVenue
from sot.adapters.http.route import Answer, Keyed, Link, Route, Told, Work
from sot.adapters.http.schemas import MOST_NAMES, NAMES, value_schema
from sot.application.reconciliation.reconciler import ReconciliationResult, reconcile
from sot.application.views.records import finding_view, reconciled_view, waiting_view
from sot.domain.values import fields
from sot.domain.values.errors import Conflict, InvalidInput, NotFound
from sot.domain.values.vocabulary import AccessScope, Mismatch, Outcome
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork


@attrs.frozen(slots=False, kw_only=True)
class Comparison(fields.Value):
    """What to compare: an account, or a part of it; `heal` records what the venue reports about what differs."""

    account_id: str
    venue_account: str | None = None
    symbols: tuple[str, ...] = ()
    heal: bool = False

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "venue_account": fields.NAME,
        "symbols": NAMES,
        "heal": fields.FLAG,
    }


@attrs.frozen(slots=False, kw_only=True)
class Acceptance(fields.Value):
    """Why a person closes a finding."""

    reason: str
    actor: str | None = None

    KINDS: ClassVar = {"reason": fields.TEXT, "actor": fields.NAME}


def _reconcile(asked: Asked) -> Answer:
    said = asked.body
    said["account_id"] = asked.principal.told(said.get("account_id"))
    wanted = Comparison.read(said)
    if len(wanted.symbols) > MOST_NAMES:  # each may be a question to the venue
        raise InvalidInput("symbols", wanted.symbols, f"at most {MOST_NAMES} symbols, or none for all")
    made: list[Answer] = []

    def keep(uow: UnitOfWork, result: ReconciliationResult) -> None:
        made[:] = [Answer(body=reconciled_view(result), status=201)]
        if asked.keep is not None:
            asked.keep(uow, made[0])

    reconcile(
        asked.store,
        asked.venue,
        wanted.account_id,
        venue_account=wanted.venue_account,
        symbols=wanted.symbols or None,
        heal=wanted.heal,
        actor=asked.actor,
        also=keep,
    )
    return made[0]


def _findings(asked: Asked) -> Answer:
    query = asked.query
    wanted = ReconciliationFilter(
        account_id=asked.account_id,
        venue=query.get("venue"),
        mismatch=query.get("mismatch"),
        order_id=query.get("order_id"),
        run_id=query.get("run_id"),
        is_open=query.get("is_open"),
        recorded_from=query.get("recorded_from"),
        recorded_before=query.get("recorded_before"),
    )
    page = asked.told.findings(wanted, asked.after, asked.page_size)
    return asked.page([finding_view(finding) for finding in page.items], page.next)


def _finding_id(asked: Asked) -> str:
    return asked.id("finding_id", "finding")


def _finding(asked: Asked) -> Answer:
    found = asked.told.finding(_finding_id(asked))
    closed = "open" if found.is_open else "closed"
    return Answer(body={**finding_view(found), **asked.moment}, etag=f'"{found.hash[:16]}-{closed}"')


def _accept(asked: Asked) -> Answer:
    strict(Acceptance, asked.body)
    said = Acceptance.read(asked.body)
    finding_id = asked.history.finding(_finding_id(asked)).record_id
    outcome = asked.history.accept_finding(finding_id, reason=said.reason, actor=said.actor or asked.actor)
    return Answer(body=finding_view(asked.history.finding(finding_id)), replayed=outcome is Outcome.REPEATED)


def _waiting(asked: Asked) -> Answer:
    account_id = asked.principal.one(asked.query.get("account_id"))
    after = None if asked.place is None else str(asked.place[0])
    told = asked.told
    page = asked.weighed(lambda after, size: told.waiting_page(account_id, after, size), after, waiting_view)
    return asked.page(list(page.items), page.next)


ROUTES = (
    Route(
        name="reconcile",
        method="POST",
        path="/sot/reconciliations",
        summary="Compare an account with the venue",
        about=(
            "Keeps the run, what was compared and what was found; answers with up to 500 of the findings that are open "
            "now. With `heal` what the venue reports about what "
            "differs is recorded, too. Nothing else tells a repetition: the header Idempotency-Key is needed."
        ),
        tag="Reconciliation",
        work=Work.CALL,
        scope=AccessScope.RECONCILE,
        handler=_reconcile,
        body=value_schema(Comparison, optional=("account_id",)),
        body_needed=False,
        example={"heal": False},
        told={
            201: Told(
                about="What the comparison came to.",
                shape="Reconciled",
                links=(Link(to="getFinding", parameter="finding_id", field="findings/0/record_id"),),
            )
        },
        problems=(NoVenue, NotFound),
        keyed=Keyed.NEEDED,
    ),
    Route(
        name="listFindings",
        method="GET",
        path="/sot/findings",
        summary="List what comparisons with venues found, oldest first",
        about=(
            "With `as_of` a finding is open until the row that closes it was recorded. For `happened_by` it was found, "
            "and closed by a later run, when that run asked the venue."
        ),
        tag="Reconciliation",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_findings,
        query=(
            given.ACCOUNT,
            given.VENUE,
            given.one("mismatch", fields.word(Mismatch), "Of this kind."),
            given.one("order_id", fields.IDENTITY, "About this order."),
            given.one("run_id", fields.IDENTITY, "Found by this run."),
            given.flag("is_open", "Whether it is not closed yet."),
            given.one("recorded_from", fields.TIME, "Recorded at or after this time."),
            given.one("recorded_before", fields.TIME, "Recorded before this time."),
            *given.PAST,
            *given.PAGING,
        ),
        told={200: Told(about="A page of findings.", shape="FindingPage", headers=("Link",))},
    ),
    Route(
        name="getFinding",
        method="GET",
        path="/sot/findings/{finding_id}",
        summary="Look at a finding",
        tag="Reconciliation",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_finding,
        query=given.PAST,
        told={
            200: Told(
                about="The finding.",
                shape="Finding",
                links=(Link(to="acceptFinding", parameter="finding_id", field="record_id"),),
            )
        },
        conditional=True,
    ),
    Route(
        name="acceptFinding",
        method="POST",
        path="/sot/findings/{finding_id}/acceptance",
        summary="Close a finding, as a person who looked at it",
        about="The same difference with the same figures is not found again.",
        tag="Reconciliation",
        work=Work.WRITE,
        scope=AccessScope.RECONCILE,
        handler=_accept,
        body=value_schema(Acceptance),
        example={"reason": "a manual trade, booked elsewhere"},
        told={200: Told(about="The finding, closed.", shape="Finding")},
        problems=(Conflict, InvalidInput),
        keyed=Keyed.ALLOWED,
    ),
    Route(
        name="listWaitingReports",
        method="GET",
        path="/sot/waiting-reports",
        summary="List the reports whose order is not known, oldest first",
        about="With `as_of` or `happened_by` those whose order was not known then.",
        tag="Reconciliation",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_waiting,
        query=(
            attrs.evolve(given.ACCOUNT, about="The account; without it that of the key, or `default`."),
            *given.PAST,
            *given.PAGING,
        ),
        told={200: Told(about="A page of the reports.", shape="WaitingReportPage", headers=("Link",))},
    ),
)
