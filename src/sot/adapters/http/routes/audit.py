"""Checkpoints over everything that is kept, and proofs that a fact is under one."""

import attrs

from sot.adapters.http import parameters as given
from sot.adapters.http.asked import Asked
from sot.adapters.http.refusals import InvalidParameter
from sot.adapters.http.route import Answer, Keyed, Route, Told, Work
from sot.application.audit.seal import proof_document, seal
from sot.application.views.records import checkpoint_view
from sot.domain.values import fields
from sot.domain.values.vocabulary import AccessScope, FactKind

_NUMBERED = (FactKind.EVENT, FactKind.RISK_CHECK)


def _checkpoints(asked: Asked) -> Answer:
    page = asked.told.checkpoints_page(asked.after_number, asked.page_size)
    return asked.page([checkpoint_view(checkpoint) for checkpoint in page.items], page.next)


def _seal(asked: Asked) -> Answer:
    checkpoint = seal(asked.uow, asked.signer)
    return Answer(body={"checkpoint": None if checkpoint is None else checkpoint_view(checkpoint)}, status=201)


def _prove(asked: Asked) -> Answer:
    query = asked.query
    kind: FactKind = query["kind"]
    if (kind in _NUMBERED) != ("number" in query):
        wanted = "which one of several it is" if kind in _NUMBERED else f"none: there is one {kind} of a key"
        raise InvalidParameter("number", f"give {wanted}")
    account_id = asked.principal.one(query.get("account_id"))
    return Answer(body=proof_document(asked.uow, kind, account_id, query["key"], query.get("number", 0)))


ROUTES = (
    Route(
        name="listCheckpoints",
        method="GET",
        path="/sot/checkpoints",
        summary="List the checkpoints, by number",
        about=(
            "Keep them elsewhere: proofs are checked, and the store is verified, against those. With a cursor as "
            "`as_of` they are those that seal no fact behind it; with a time, those sealed by then."
        ),
        tag="Audit",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_checkpoints,
        query=(*given.PAST, *given.PAGING),
        told={200: Told(about="A page of checkpoints.", shape="CheckpointPage", headers=("Link",))},
    ),
    Route(
        name="seal",
        method="POST",
        path="/sot/checkpoints",
        summary="Seal every fact that is not sealed yet",
        about=(
            "`checkpoint` is null where nothing is new. Nothing else tells a repetition: the header Idempotency-Key is "
            "needed."
        ),
        tag="Audit",
        work=Work.WRITE,
        scope=AccessScope.ADMIN,
        handler=_seal,
        told={201: Told(about="The new checkpoint.", shape="Sealed")},
        keyed=Keyed.NEEDED,
    ),
    Route(
        name="prove",
        method="GET",
        path="/sot/proof",
        summary="Prove that a fact was sealed",
        about=(
            "The fact, its place, and the hashes from there to a checkpoint's root (RFC 6962). It shows nothing of any "
            "other fact. `sot prove --check` checks it against checkpoints that were kept."
        ),
        tag="Audit",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_prove,
        query=(
            attrs.evolve(given.ACCOUNT, about="The account of the fact; without it that of the key, or `default`."),
            given.one("kind", fields.word(FactKind), "What kind of fact.", required=True),
            given.one("key", fields.NAME, "Its id; of an event, that of its order.", required=True),
            given.whole("number", "The sequence of an event, or the number of a risk check.", 1),
        ),
        told={200: Told(about="The proof.", shape="Proof")},
    ),
)
