"""The proof that an event of an order is sealed: its place in the hash chain of the order, and under a checkpoint."""

import json
from io import BytesIO
from typing import Any

from sot.adapters.http.page.models.facts import Fact
from sot.adapters.http.page.models.order import terms_of
from sot.adapters.http.page.models.proof import ProofModel
from sot.adapters.http.page.models.values import moment
from sot.adapters.http.page.models.words import event_word
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_route import Download, PageRoute, WebPage
from sot.adapters.http.parameters import integer
from sot.application.audit.seal import proof_document
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.values.errors import NotFound
from sot.domain.values.vocabulary import FactKind


def last_sealed(context: PageContext, order: Order) -> tuple[Checkpoint | None, int]:
    """Return the last checkpoint, and the sequence of the last event of an order that checkpoints seal; 0 for none.

    Within an order, positions in the feed ascend with the sequence of its events: those before are sealed, too.
    """
    checkpoint = context.uow.checkpoints.last()
    if checkpoint is None:
        return None, 0
    return checkpoint, context.uow.feed.last_sequence(order.account_id, order.order_id, checkpoint.upto)


def _event(context: PageContext, order: Order) -> OrderEvent:
    """The event that the query names; else the last one of the order."""
    sequence = context.query.get("sequence", order.last_sequence)
    event = context.uow.events.get(order.account_id, order.order_id, sequence)
    if event is None:
        raise NotFound("event", str(sequence))
    return event


def _document(context: PageContext, order: Order, event: OrderEvent) -> dict[str, Any] | None:
    """The proof; None if the event is not sealed yet."""
    if event.sequence > last_sealed(context, order)[1]:
        return None
    return proof_document(context.uow, FactKind.EVENT, order.account_id, order.order_id, event.sequence)


def _proof(context: PageContext) -> WebPage:
    order = context.history.order(context.order_id)
    event = _event(context, order)
    document = _document(context, order, event)
    model = ProofModel(
        order=context.links("order", order_id=order.order_id),
        terms=terms_of(order),
        account_id=order.account_id,
        sequence=event.sequence,
        event=event_word(event.type),
        chain=[Fact(name="Hash", text=event.hash), Fact(name="Hash of the event before", text=event.prev_hash)],
        seal=[] if document is None else _seal_facts(document),
        path=() if document is None else document["path"],
        document="" if document is None else _text(document),
        file=context.links("proofFile", order_id=order.order_id, sequence=event.sequence),
    )
    return WebPage(template="proof.html", title="Proof", model=model)


def _seal_facts(document: dict[str, Any]) -> list[Fact]:
    checkpoint = Checkpoint.read(document["checkpoint"])
    return [
        Fact(name="Checkpoint", text=str(checkpoint.number)),
        Fact(name="Sealed", moment=moment(checkpoint.sealed_at)),
        Fact(name="Place among its facts", text=f"{document['place'] + 1} of {checkpoint.count}"),
        Fact(name="Root of the checkpoint", text=checkpoint.root),
        Fact(name="Hash of the checkpoint", text=checkpoint.hash),
    ]


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _proof_file(context: PageContext) -> Download:
    order = context.history.order(context.order_id)
    event = _event(context, order)
    document = _document(context, order, event)
    if document is None:
        raise NotFound("sealed event", str(event.sequence))
    data = BytesIO((_text(document) + "\n").encode())
    return Download(file=data, name=f"proof-{order.order_id}-{event.sequence}.json", media_type="application/json")


_EVENT = integer("sequence", "The event; the last one by default.", minimum=1)
ROUTES = (
    PageRoute(name="proof", path="/orders/{order_id}/proof", view=_proof, is_long=True, query=(_EVENT,)),
    PageRoute(
        name="proofFile", path="/export/orders/{order_id}/proof", view=_proof_file, is_long=True, query=(_EVENT,)
    ),
)
