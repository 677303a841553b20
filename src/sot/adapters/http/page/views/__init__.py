"""The views of the page, one module per subject; `PAGE_ROUTES` is all of them.

A view is a function that takes a `PageContext` and returns a `WebPage`, with a `PageRoute` in its module's `ROUTES`.
"""

from collections.abc import Sequence

from sot.adapters.http.page.page_route import PageRoute
from sot.adapters.http.page.views import (
    actions,
    attention,
    balances,
    export,
    live,
    log_in,
    order,
    orders,
    position,
    positions,
    proof,
    results,
    theme,
    verification,
)

PAGE_ROUTES: Sequence[PageRoute] = (
    *orders.ROUTES,
    *order.ROUTES,
    *positions.ROUTES,
    *position.ROUTES,
    *balances.ROUTES,
    *results.ROUTES,
    *attention.ROUTES,
    *actions.ROUTES,
    *export.ROUTES,
    *proof.ROUTES,
    *verification.ROUTES,
    *live.ROUTES,
    *log_in.ROUTES,
    *theme.ROUTES,
)
"""All routes of the page. Those that stand in the navigation do so in this order."""
