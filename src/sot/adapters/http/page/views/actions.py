"""What a person records: a form, its confirmation, and the record itself.

An action runs an operation of the JSON API, with its scope, its checks and its errors. What is sent twice is recorded
once, and what was changed by others since the form was opened is not recorded.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sot.adapters.http import parameters
from sot.adapters.http.bodies import check_json_types
from sot.adapters.http.page.csrf import new_random_id
from sot.adapters.http.page.models.action import ActionField, ActionModel, Subject
from sot.adapters.http.page.models.facts import Fact
from sot.adapters.http.page.models.order import terms_of
from sot.adapters.http.page.page_context import SEEN_FIELD, PageContext
from sot.adapters.http.page.page_route import PageRoute, Redirect, WebPage
from sot.adapters.http.page.views.action_table import ACTIONS, EVENT, ORDER, PageAction
from sot.adapters.http.page.writing import ONCE_FIELD
from sot.adapters.http.response import Response
from sot.adapters.http.route import TransactionMode
from sot.application.queries.any_id import filter_by_any_id
from sot.domain.orders.order import Order
from sot.domain.values.errors import InvalidInput
from sot.ports.orders import OrderFilter

_EVENTS_BEFORE = 20
"""How many earlier events the page shows that an action leads on to."""


def _form(action: PageAction, context: PageContext) -> WebPage:
    subject = action.subject(context)
    values = {field.name: str(context.query.get(field.name, "")) for field in action.fields}
    hidden = {SEEN_FIELD: subject.version, ONCE_FIELD: new_random_id()}
    return _page(action, context, subject, values=values, hidden=hidden)


def _review(action: PageAction, context: PageContext) -> WebPage:
    """Show what will be recorded. A value that cannot be read leads back to the form."""
    subject, form = action.subject(context), context.form
    values = {field.name: form.get(field.name, "").strip() for field in action.fields}
    hidden = {name: form.get(name, "") for name in (SEEN_FIELD, ONCE_FIELD)}
    try:
        order = _order_named(context, subject, values["order_id"]) if "order_id" in values else None
        if order is not None:
            values["order_id"] = order.order_id
        body = _body(action, subject, values)
        check_json_types(action.command, body)
        action.command.read(body)
    except InvalidInput as error:
        wrong = {"error": f"Give {error.allowed}.", "error_field": error.field}
        return _page(action, context, subject, status=422, values=values, hidden=hidden, **wrong)
    given = [_fact_of(field, values[field.name], order) for field in action.fields if values[field.name]]
    return _page(action, context, subject, template="confirm.html", hidden={**values, **hidden}, given=given)


def _page(
    action: PageAction,
    context: PageContext,
    subject: Subject,
    template: str = "action.html",
    status: int = 200,
    **more: Any,
) -> WebPage:
    ids = {**context.message.path_parameters, "account_id": subject.account_id if action.names_account else None}
    model = ActionModel(
        label=action.label,
        explanation=action.explanation,
        subject=subject,
        fields=action.fields,
        actor=context.actor or "",
        review=context.links(f"{action.name}Review", **ids),
        confirm=context.links(f"{action.name}Confirm", **ids),
        **{"values": {}, **more},
    )
    return WebPage(template=template, title=action.label, model=model, status=status)


def _order_named(context: PageContext, subject: Subject, text: str) -> Order:
    allowed = "an id of one order of this account"
    if not text:
        raise InvalidInput("order_id", text, allowed)
    criteria = filter_by_any_id(context.queries, OrderFilter(account_id=subject.account_id), text)
    found = context.queries.orders(criteria, limit=2).items
    if len(found) != 1:
        raise InvalidInput("order_id", text, allowed)
    return found[0]


def _fact_of(field: ActionField, value: str, order: Order | None) -> Fact:
    """Return the value of a field as the confirmation shows it."""
    if field is ORDER and order is not None:
        return Fact(name=field.label, text=f"{terms_of(order)}, {order.client_order_id or order.order_id}")
    return Fact(name=field.label, text=field.choices.get(value, value))


def _body(action: PageAction, subject: Subject, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the body of the operation."""
    body: dict[str, Any] = {}
    for field in action.fields:
        value = values.get(field.name, "").strip()
        if value:
            is_count = field.is_number and value.isascii() and value.isdigit() and len(value) < 19
            body[field.name] = int(value) if is_count else value
        elif field.is_required:
            raise InvalidInput(field.name, None, f"a value: {field.hint or field.label}")
    return {**body, "account_id": subject.account_id} if action.names_account else body


def _confirm(action: PageAction, context: PageContext) -> Redirect:
    subject = action.subject(context)
    context.body = _body(action, subject, context.form)
    return Redirect(address=_lead_on(context, subject, action.operation.handler(context)))


def _lead_on(context: PageContext, subject: Subject, response: Response) -> str:
    """Return the address of the event that was recorded; without one, of the page of the subject."""
    order_id, sequence = response.body.get("order_id"), response.body.get("sequence")
    if order_id is None or sequence is None:
        return subject.back
    before = max(0, sequence - _EVENTS_BEFORE) or None
    return context.links("order", order_id=order_id, after=before) + f"#event-{sequence}"


def _routes(action: PageAction) -> Sequence[PageRoute]:
    account = (parameters.ACCOUNT,) if action.names_account else ()
    prefilled = (parameters.integer("sequence", "The event."),) if EVENT in action.fields else ()
    form = (*(field.name for field in action.fields), SEEN_FIELD, ONCE_FIELD)
    return (
        PageRoute(
            name=action.name,
            path=action.path,
            view=partial(_form, action),
            scope=action.scope,
            query=(*account, *prefilled),
        ),
        PageRoute(
            name=f"{action.name}Review",
            method="POST",
            path=action.path,
            view=partial(_review, action),
            scope=action.scope,
            query=account,
            form=form,
        ),
        PageRoute(
            name=f"{action.name}Confirm",
            method="POST",
            path=f"{action.path}/confirm",
            view=partial(_confirm, action),
            transaction=TransactionMode.WRITE,
            scope=action.scope,
            query=account,
            form=form,
        ),
    )


ROUTES = tuple(route for action in ACTIONS for route in _routes(action))
