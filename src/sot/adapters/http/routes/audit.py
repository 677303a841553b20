"""Checkpoints that seal all facts, and proofs that a fact is sealed."""

from sot.adapters.http import parameters
from sot.adapters.http.http_errors import InvalidParameter
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.application.audit.seal import proof_document, seal
from sot.application.views.records import checkpoint_view
from sot.domain.values import fields
from sot.domain.values.vocabulary import AccessScope, FactKind

_NUMBERED = (FactKind.EVENT, FactKind.RISK_CHECK)
"""Kinds of which several facts share a key, told apart by a number."""


def _list_checkpoints(context: RequestContext) -> Response:
    page = context.queries.checkpoints(context.after_number, context.page_size)
    return context.page_response([checkpoint_view(checkpoint) for checkpoint in page.items], page.next)


def _seal(context: RequestContext) -> Response:
    checkpoint = seal(context.uow, context.services.signer)
    return Response(body={"checkpoint": None if checkpoint is None else checkpoint_view(checkpoint)}, status=201)


def _prove(context: RequestContext) -> Response:
    query = context.query
    kind: FactKind = query["kind"]
    if (kind in _NUMBERED) != ("number" in query):
        allowed = "the number of the fact" if kind in _NUMBERED else f"none: a key has one {kind} only"
        raise InvalidParameter("number", f"give {allowed}")
    document = proof_document(context.uow, kind, context.account_id, query["key"], query.get("number", 0))
    return Response(body=document)


ROUTES = (
    Route(
        name="listCheckpoints",
        method="GET",
        path="/sot/checkpoints",
        summary="List the checkpoints, by number",
        description=(
            "Keep copies elsewhere, to check proofs and to verify the store against them. With a cursor as `as_of` the "
            "list has the checkpoints that seal no later fact; with a time, those that were sealed by then."
        ),
        tag="Audit",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_list_checkpoints,
        query=(*parameters.PAST, *parameters.PAGING),
        responses={200: ResponseSpec(description="A page of checkpoints.", schema="CheckpointPage", headers=("Link",))},
    ),
    Route(
        name="seal",
        method="POST",
        path="/sot/checkpoints",
        summary="Seal all facts that are not sealed yet",
        description=(
            "`checkpoint` is null if there is nothing new. The header Idempotency-Key is required, since a repeat is "
            "not recognised otherwise."
        ),
        tag="Audit",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.ADMIN,
        handler=_seal,
        responses={201: ResponseSpec(description="The new checkpoint.", schema="SealResult")},
        idempotency=IdempotencyUse.REQUIRED,
    ),
    Route(
        name="prove",
        method="GET",
        path="/sot/proof",
        summary="Prove that a fact is sealed",
        description=(
            "The fact, its place in the tree, and the hashes from there to the root of a checkpoint (RFC 6962). It "
            "reveals no other fact. `sot prove --check` checks it against copies of checkpoints."
        ),
        tag="Audit",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_prove,
        query=(
            parameters.SINGLE_ACCOUNT,
            parameters.single("kind", fields.member_of(FactKind), "The kind of fact.", required=True),
            parameters.single(
                "key", fields.NAME, "The id of the fact; for an event, that of its order.", required=True
            ),
            parameters.integer("number", "The sequence of an event, or the number of a risk check.", minimum=1),
        ),
        responses={200: ResponseSpec(description="The proof.", schema="Proof")},
    ),
)
