"""Reconciliation: comparing the history with the venue, findings, and reports that wait for their order."""

from typing import ClassVar

import attrs

from sot.adapters.http import parameters
from sot.adapters.http.bodies import check_json_types
from sot.adapters.http.http_errors import NoVenue
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import IdempotencyUse, Link, ResponseSpec, Route, TransactionMode
from sot.adapters.http.schemas.builders import MAX_SYMBOLS, SYMBOLS, body_schema
from sot.application.reconciliation.reconciler import ReconciliationResult, reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.application.views.records import finding_view, reconciliation_view
from sot.domain.values import fields
from sot.domain.values.errors import Conflict, InvalidInput, NotFound
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import AccessScope, Mismatch, Outcome
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork


@attrs.frozen(slots=False, kw_only=True)
class ReconcileCommand(Value):
    """Compare an account, or a part of it; `heal` records what the venue reports about differences."""

    account_id: str
    venue_account: str | None = None
    symbols: tuple[str, ...] = ()
    heal: bool = False
    balances: bool = False

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "venue_account": fields.NAME,
        "symbols": SYMBOLS,
        "heal": fields.FLAG,
        "balances": fields.FLAG,
    }


@attrs.frozen(slots=False, kw_only=True)
class AcceptCommand(Value):
    """Close a finding without a correction."""

    reason: str
    actor: str | None = None

    KINDS: ClassVar = {"reason": fields.TEXT, "actor": fields.NAME}


def _reconcile(context: RequestContext) -> Response:
    values = context.body
    values["account_id"] = context.principal.body_account(values.get("account_id"))
    command = ReconcileCommand.read(values)
    if len(command.symbols) > MAX_SYMBOLS:  # each may be a query to the venue
        raise InvalidInput("symbols", command.symbols, f"at most {MAX_SYMBOLS} symbols, or none for all")
    responses: list[Response] = []

    def record(uow: UnitOfWork, result: ReconciliationResult) -> None:
        responses[:] = [Response(body=reconciliation_view(result), status=201)]
        if context.record_response is not None:
            context.record_response(uow, responses[0])

    reconcile(
        context.store,
        context.venue,
        command.account_id,
        venue_account=command.venue_account,
        symbols=command.symbols or None,
        heal=command.heal,
        limits=ReconciliationLimits(balances=command.balances),
        actor=context.actor,
        also=record,
    )
    return responses[0]


def _list_findings(context: RequestContext) -> Response:
    query = context.query
    criteria = ReconciliationFilter(
        account_id=context.list_account_id,
        venue=query.get("venue"),
        mismatch=query.get("mismatch"),
        order_id=query.get("order_id"),
        run_id=query.get("run_id"),
        is_open=query.get("is_open"),
        recorded_from=query.get("recorded_from"),
        recorded_before=query.get("recorded_before"),
    )
    page = context.queries.findings(criteria, context.after_key, context.page_size)
    return context.page_response([finding_view(finding) for finding in page.items], page.next)


def _finding_id(context: RequestContext) -> str:
    return context.path_id("finding_id", "finding")


def _get_finding(context: RequestContext) -> Response:
    finding = context.queries.finding(_finding_id(context))
    status = "open" if finding.is_open else "closed"
    return Response(body={**finding_view(finding), **context.as_of_fields}, etag=f'"{finding.hash[:16]}-{status}"')


def _accept_finding(context: RequestContext) -> Response:
    check_json_types(AcceptCommand, context.body)
    command = AcceptCommand.read(context.body)
    finding_id = context.history.finding(_finding_id(context)).record_id
    actor = command.actor or context.actor
    outcome = context.history.accept_finding(finding_id, reason=command.reason, actor=actor)
    finding = context.history.finding(finding_id)
    return Response(body=finding_view(finding), replayed=outcome is Outcome.REPEATED)


ROUTES = (
    Route(
        name="reconcile",
        method="POST",
        path="/sot/reconciliations",
        summary="Compare an account with the venue",
        description=(
            "Records the run, what it compared and what it found. The response has up to 500 of the findings that are "
            "open now. With `heal` it also records what the venue reports about differences. The header "
            "Idempotency-Key is required, since a repeat is not recognised otherwise."
        ),
        tag="Reconciliation",
        transaction=TransactionMode.OWN,
        scope=AccessScope.RECONCILE,
        handler=_reconcile,
        body=body_schema(ReconcileCommand, optional=("account_id",)),
        body_required=False,
        example={"heal": False},
        responses={
            201: ResponseSpec(
                description="The result of the comparison.",
                schema="ReconciliationResult",
                links=(Link(to="getFinding", parameter="finding_id", field="findings/0/record_id"),),
            )
        },
        problems=(NoVenue, NotFound),
        idempotency=IdempotencyUse.REQUIRED,
    ),
    Route(
        name="listFindings",
        method="GET",
        path="/sot/findings",
        summary="List findings, oldest first",
        description=(
            "With `as_of` a finding is open until its resolution was recorded. With `happened_by` it exists, and is "
            "resolved by a later run, from the time of that run's queries to the venue."
        ),
        tag="Reconciliation",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_list_findings,
        query=(
            parameters.ACCOUNT,
            parameters.VENUE,
            parameters.single("mismatch", fields.member_of(Mismatch), "Of this kind."),
            parameters.single("order_id", fields.IDENTITY, "About this order."),
            parameters.single("run_id", fields.IDENTITY, "Found by this reconciliation."),
            parameters.boolean("is_open", "Whether it is not closed yet."),
            parameters.RECORDED_FROM,
            parameters.RECORDED_BEFORE,
            *parameters.PAST,
            *parameters.PAGING,
        ),
        responses={200: ResponseSpec(description="A page of findings.", schema="FindingPage", headers=("Link",))},
    ),
    Route(
        name="getFinding",
        method="GET",
        path="/sot/findings/{finding_id}",
        summary="Get a finding",
        tag="Reconciliation",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_get_finding,
        query=parameters.PAST,
        responses={
            200: ResponseSpec(
                description="The finding.",
                schema="Finding",
                links=(Link(to="acceptFinding", parameter="finding_id", field="record_id"),),
            )
        },
        conditional=True,
    ),
    Route(
        name="acceptFinding",
        method="POST",
        path="/sot/findings/{finding_id}/acceptance",
        summary="Close a finding after review",
        description="The same difference with the same quantities is not reported again.",
        tag="Reconciliation",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.RECONCILE,
        handler=_accept_finding,
        body=body_schema(AcceptCommand),
        example={"reason": "a manual trade, booked elsewhere"},
        responses={200: ResponseSpec(description="The closed finding.", schema="Finding")},
        problems=(Conflict, InvalidInput),
        idempotency=IdempotencyUse.OPTIONAL,
    ),
)
