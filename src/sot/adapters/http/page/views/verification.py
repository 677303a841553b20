"""Verify the store on request. What is found is shown, and not kept."""

from sot.adapters.http.http_errors import RouteNotFound
from sot.adapters.http.page.models.verification import verification_model
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.adapters.http.route import TransactionMode
from sot.application.audit.verification import verify_within


def may_verify(context: PageContext) -> bool:
    """Whether the reader may: what is found may be about any account."""
    return context.accounts is None and not context.is_past


def _verify(context: PageContext) -> WebPage:
    if not may_verify(context):
        raise RouteNotFound("A verification looks at all accounts: a key of some of them cannot ask for it.")
    with context.services.store.begin(read_only=True) as uow:
        checked_at, upto, checkpoint = context.now, uow.feed.last(), uow.checkpoints.last()
        result = verify_within(uow)
    model = verification_model(result, checked_at, upto, checkpoint)
    return WebPage(template="verification.html", title="Verification", model=model)


ROUTES = (
    PageRoute(
        name="verify",
        path="/attention/verification",
        view=_verify,
        method="POST",
        transaction=TransactionMode.NONE,
        is_long=True,
    ),
)
