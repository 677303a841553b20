"""Record what a form asks for: once, however often it is sent, as the JSON API records under an Idempotency-Key."""

from collections.abc import Callable, Mapping

from sot.adapters.http.http_errors import MalformedBody, ServerError
from sot.adapters.http.idempotency import fingerprint
from sot.adapters.http.page.csrf import TOKEN_FIELD, is_random_id
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_route import Answer, Redirect
from sot.adapters.http.response import Response
from sot.adapters.http.server import Server

ONCE_FIELD = "once"
"""The field of a form with a random id of its own: what is sent again with it is recorded once."""


def write_once(server: Server, view: Callable[[PageContext], Answer], context: PageContext) -> Redirect:
    """Run a view in a transaction of the server. Sent again, its form leads where it led first, and adds nothing.

    Raises:
        MalformedBody: The form has no id of its own.
        IdempotencyKeyReused: The same form was sent with other values.
    """
    form = dict(context.form)
    form.pop(TOKEN_FIELD, None)
    once = form.pop(ONCE_FIELD, "")
    if not is_random_id(once):
        raise MalformedBody("The form has no id of its own.")
    response = server.write(lambda context: _response(view(context)), context, f"page-{once}", _digest(context, form))
    return Redirect(address=response.headers["Location"])


def _digest(context: PageContext, form: Mapping[str, str]) -> str:
    message = context.message
    return fingerprint(message.method, message.path, message.query, form)


def _response(answer: Answer) -> Response:
    if not isinstance(answer, Redirect):
        raise ServerError("What records something leads on to a page.")
    return Response(body="", status=303, headers={"Location": answer.address})
