"""The routes, one module per subject: handlers, and a table `ROUTES` of what is served.

A handler reads the `RequestContext`, calls the history and returns a `Response`; it has no rule of its own. Paths are
matched in the order of `ROUTES` below, so that frequent ones come first.
"""

from collections.abc import Sequence

from sot.adapters.http.route import Route
from sot.adapters.http.routes import (
    accounting,
    audit,
    corrections,
    events,
    execution,
    instruments,
    orders,
    reconciliation,
    reports,
    requests,
    server_info,
    waiting_reports,
)

ROUTES: Sequence[Route] = (
    *orders.ROUTES,
    *requests.ROUTES,
    *instruments.ROUTES,
    *execution.ROUTES,
    *reports.ROUTES,
    *corrections.ROUTES,
    *accounting.ROUTES,
    *reconciliation.ROUTES,
    *waiting_reports.ROUTES,
    *audit.ROUTES,
    *events.ROUTES,
    *server_info.ROUTES,
)
