"""All routes, by subject. Each request is held against them in this order, so that what is asked most comes first."""

from collections.abc import Sequence

from sot.adapters.http.route import Route
from sot.adapters.http.routes import (
    accounting,
    audit,
    corrections,
    events,
    execution,
    meta,
    orders,
    reconciliation,
    requests,
)

ROUTES: Sequence[Route] = (
    *orders.ROUTES,
    *requests.ROUTES,
    *execution.ROUTES,
    *corrections.ROUTES,
    *accounting.ROUTES,
    *reconciliation.ROUTES,
    *audit.ROUTES,
    *events.ROUTES,
    *meta.ROUTES,
)
