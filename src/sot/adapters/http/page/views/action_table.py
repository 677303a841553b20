"""What a person can record: each action is an operation of the JSON API, with the form that fills in its body."""

from collections.abc import Callable, Mapping, Sequence

import attrs

from sot.adapters.http.page.models.action import ActionField, Subject
from sot.adapters.http.page.models.links import ActionLink
from sot.adapters.http.page.models.words import status_word
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.views import subjects
from sot.adapters.http.route import Route
from sot.adapters.http.routes import ROUTES as OPERATIONS
from sot.adapters.http.routes.corrections import AttributeCommand, ResolveCommand
from sot.adapters.http.routes.reconciliation import AcceptCommand
from sot.adapters.http.routes.waiting_reports import AdoptWaitingCommand, AttributeWaitingCommand
from sot.application.input.commands import VoidCommand
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import AccessScope, OrderStatus

_OPERATIONS: Mapping[str, Route] = {route.name: route for route in OPERATIONS}
REASON = ActionField(name="reason", label="Reason", hint="why, for whoever reads the history later")
ORDER = ActionField(name="order_id", label="The order that it is about", hint="client, venue, order or request id")
_FOUND = (OrderStatus.NEW, OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED)
STATUS = ActionField(
    name="status",
    label="What you found",
    is_required=False,
    choices={
        "": "the venue's reports say it already",
        str(OrderStatus.FAILED): "failed: it never reached the venue",
        **{str(status): status_word(status) for status in _FOUND},
    },
)
EVENT = ActionField(name="sequence", label="Number of the event", is_number=True)


@attrs.frozen(kw_only=True)
class PageAction:
    """Something that a person records.

    Attributes:
        name: The name of its route.
        operation: The operation of the JSON API that it runs.
        command: How that reads its body.
        path: Its path.
        label: What is done, as a link to it says.
        explanation: What it means.
        fields: The fields of its form.
        subject: Reads what it is about.
        names_account: Whether its path needs the account in the query.
    """

    name: str
    operation: Route
    command: type[Value]
    path: str
    label: str
    explanation: str
    fields: Sequence[ActionField]
    subject: Callable[[PageContext], Subject]
    names_account: bool = False

    @property
    def scope(self) -> AccessScope:
        """The scope that it needs."""
        assert self.operation.scope is not None
        return self.operation.scope


ACCEPT = PageAction(
    name="accept",
    operation=_OPERATIONS["acceptFinding"],
    command=AcceptCommand,
    path="/findings/{finding_id}/accept",
    label="Accept the finding",
    explanation=(
        "It is closed as explained. The same difference with the same figures is not reported again; another one is."
    ),
    fields=(REASON,),
    subject=subjects.finding,
)
RESOLVE = PageAction(
    name="resolve",
    operation=_OPERATIONS["resolveOrder"],
    command=ResolveCommand,
    path="/orders/{order_id}/resolve",
    label="Resolve the doubt",
    explanation=(
        "Nobody knows what became of a request: say what you found out. Later reports of the venue still count."
    ),
    fields=(STATUS, REASON),
    subject=subjects.order_in_doubt,
)
ATTRIBUTE = PageAction(
    name="attribute",
    operation=_OPERATIONS["attributeOrder"],
    command=AttributeCommand,
    path="/orders/{order_id}/attribute",
    label="Attribute to an order of ours",
    explanation="What the venue reported on this order is recorded on the other one, and counts there alone.",
    fields=(ORDER, REASON),
    subject=subjects.external_order,
)
VOID = PageAction(
    name="void",
    operation=_OPERATIONS["voidEvent"],
    command=VoidCommand,
    path="/orders/{order_id}/void",
    label="Void an event",
    explanation="The event was wrong. It stays in the history, and counts from now on as if it had not been.",
    fields=(EVENT, REASON),
    subject=subjects.order_with_events,
)
ADOPT_WAITING = PageAction(
    name="adoptWaiting",
    operation=_OPERATIONS["adoptWaitingReport"],
    command=AdoptWaitingCommand,
    path="/waiting/{report_id}/adopt",
    label="Adopt its order",
    explanation="The venue, or a person, made the order without a request. Other reports that wait for it join it.",
    fields=(),
    subject=subjects.waiting_report,
    names_account=True,
)
ATTRIBUTE_WAITING = PageAction(
    name="attributeWaiting",
    operation=_OPERATIONS["attributeWaitingReport"],
    command=AttributeWaitingCommand,
    path="/waiting/{report_id}/attribute",
    label="Attribute to an order",
    explanation="It is recorded on that order. If no order goes by its identifiers, they become those of the order.",
    fields=(ORDER,),
    subject=subjects.waiting_report,
    names_account=True,
)
ACTIONS = (ACCEPT, RESOLVE, ATTRIBUTE, VOID, ADOPT_WAITING, ATTRIBUTE_WAITING)


def action_links(context: PageContext, *actions: PageAction, **values: object) -> list[ActionLink]:
    """Return the links to the actions that the reader's key allows; none in the past, which cannot be changed."""
    if context.is_past:
        return []
    return [
        ActionLink(label=action.label, address=context.links(action.name, **values))
        for action in actions
        if action.scope in context.principal.scopes
    ]
