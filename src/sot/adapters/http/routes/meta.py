"""What a server tells of itself: whether it lives, whether it can work, its document, its problems."""

from sot.adapters.http.asked import Asked
from sot.adapters.http.problems import BY_SLUG, page_of
from sot.adapters.http.route import Answer, Route, Told, Work
from sot.domain.values.errors import NotFound


def _health(asked: Asked) -> Answer:
    return Answer(body={"status": "ok"})


def _ready(asked: Asked) -> Answer:
    with asked.store.begin(read_only=True) as uow:
        uow.checkpoints.last()
    return Answer(body={"status": "ready"})


def _document(asked: Asked) -> Answer:
    from sot.adapters.http.openapi import document

    return Answer(body=document())


def _problem(asked: Asked) -> Answer:
    slug = asked.wire.path_parameters["slug"]
    if slug not in BY_SLUG:
        raise NotFound("problem type", slug)
    return Answer(body=page_of(BY_SLUG[slug]), media_type="text/html; charset=utf-8")


ROUTES = (
    Route(
        name="getHealth",
        method="GET",
        path="/healthz",
        summary="Whether the server lives",
        tag="Server",
        work=Work.TELL,
        handler=_health,
        told={200: Told(about="It does.", shape="Health")},
    ),
    Route(
        name="getReadiness",
        method="GET",
        path="/readyz",
        summary="Whether the store can be read",
        tag="Server",
        work=Work.TELL,
        handler=_ready,
        told={200: Told(about="It can.", shape="Health")},
    ),
    Route(
        name="getOpenApi",
        method="GET",
        path="/sot/openapi.json",
        summary="This document",
        tag="Server",
        work=Work.TELL,
        handler=_document,
        told={200: Told(about="The OpenAPI document.", shape="Document")},
    ),
    Route(
        name="getProblem",
        method="GET",
        path="/sot/problems/{slug}",
        summary="What a type of problem means, and what to do",
        tag="Server",
        work=Work.TELL,
        handler=_problem,
        told={200: Told(about="A page for people.")},
        media_type="text/html; charset=utf-8",
        problems=(NotFound,),
    ),
)
