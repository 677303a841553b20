"""The server itself: health, readiness, figures, the OpenAPI document, pages about problems."""

from sot.adapters.http.metrics import MEDIA_TYPE
from sot.adapters.http.problems import BY_SLUG, problem_page
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import ResponseSpec, Route, TransactionMode
from sot.domain.values.errors import NotFound
from sot.domain.values.vocabulary import AccessScope


def _health(context: RequestContext) -> Response:
    return Response(body={"status": "ok"})


def _readiness(context: RequestContext) -> Response:
    with context.store.begin(read_only=True) as uow:
        uow.checkpoints.last()
    return Response(body={"status": "ready"})


def _metrics(context: RequestContext) -> Response:
    metrics = context.services.metrics
    assert metrics is not None
    return Response(body=metrics.text(), media_type=MEDIA_TYPE)


def _document(context: RequestContext) -> Response:
    return Response(body=context.services.document)


def _problem(context: RequestContext) -> Response:
    slug = context.message.path_parameters["slug"]
    if slug not in BY_SLUG:
        raise NotFound("problem type", slug)
    return Response(body=problem_page(BY_SLUG[slug]), media_type="text/html; charset=utf-8")


ROUTES = (
    Route(
        name="getHealth",
        method="GET",
        path="/healthz",
        summary="Check that the server runs",
        tag="Server",
        transaction=TransactionMode.NONE,
        handler=_health,
        responses={200: ResponseSpec(description="It runs.", schema="Health")},
    ),
    Route(
        name="getReadiness",
        method="GET",
        path="/readyz",
        summary="Check that the store can be read",
        tag="Server",
        transaction=TransactionMode.NONE,
        handler=_readiness,
        responses={200: ResponseSpec(description="It can be read.", schema="Health")},
    ),
    Route(
        name="getMetrics",
        method="GET",
        path="/metrics",
        summary="Get the figures of the server, in the text format of Prometheus",
        description=(
            "Requests by method, route and status, their duration, open streams and connections, what the limits of "
            "the server refused, commits, lost races and errors of the store."
        ),
        tag="Server",
        transaction=TransactionMode.OWN,
        scope=AccessScope.METRICS,
        handler=_metrics,
        responses={200: ResponseSpec(description="The figures.")},
        media_type=MEDIA_TYPE,
    ),
    Route(
        name="getOpenApi",
        method="GET",
        path="/sot/openapi.json",
        summary="Get this document",
        tag="Server",
        transaction=TransactionMode.NONE,
        handler=_document,
        responses={200: ResponseSpec(description="The OpenAPI document.", schema="Document")},
    ),
    Route(
        name="getProblem",
        method="GET",
        path="/sot/problems/{slug}",
        summary="Read about a type of problem",
        tag="Server",
        transaction=TransactionMode.NONE,
        handler=_problem,
        responses={200: ResponseSpec(description="An HTML page.")},
        media_type="text/html; charset=utf-8",
        problems=(NotFound,),
    ),
)
