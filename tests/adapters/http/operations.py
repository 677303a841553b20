"""The operations of the OpenAPI document, and for each a request that is let through.

Everything is taken from the document, so that a new operation is found by itself. One that needs more than the ids and
the example that are known here is added to `TOLD`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

import attrs
from furnished import SHARED, VENUE, Furnished

from sot.adapters.http.app import openapi_document

PATHS = {"order_id": "order", "request_id": "filled_request", "finding_id": "finding"}
"""Which of the ids of an account is meant by a name in a path, where `TOLD` does not say otherwise."""


@attrs.frozen(kw_only=True)
class Place:
    """Where a value goes in a request: `where` is path, query, header or body."""

    where: str
    name: str
    schema: Mapping[str, Any] = attrs.field(hash=False)

    def __str__(self) -> str:
        return f"{self.where}.{self.name}"


@attrs.frozen(kw_only=True)
class Operation:
    """One operation of the document."""

    name: str
    method: str
    path: str
    places: Sequence[Place]
    example: Mapping[str, Any] | None
    success: Sequence[int]
    raw: Mapping[str, Any]

    @property
    def secured(self) -> bool:
        """Whether it needs a key."""
        return bool(self.raw["security"])


@attrs.frozen(kw_only=True)
class Sent:
    """A request to an operation, by its places."""

    operation: Operation
    values: Mapping[tuple[str, str], Any]

    def but(self, changes: Mapping[Place, Any]) -> "Sent":
        """The same with other values."""
        return attrs.evolve(self, values={**self.values, **{(at.where, at.name): what for at, what in changes.items()}})

    def _of(self, where: str) -> dict[str, Any]:
        return {name: value for (place, name), value in self.values.items() if place == where}

    @property
    def target(self) -> str:
        """The path and query."""
        path = self.operation.path
        for name, value in self._of("path").items():
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        query = urlencode(self._of("query"), doseq=True)
        return f"{path}?{query}" if query else path

    @property
    def headers(self) -> dict[str, str]:
        """Those of the document; the key is not one of them."""
        return {name.lower(): str(value) for name, value in self._of("header").items()}

    @property
    def body(self) -> dict[str, Any] | bytes:
        """What goes as JSON, or nothing."""
        return self._of("body") if self.operation.example is not None else b""

    @property
    def text(self) -> str:
        """Everything that is said."""
        return unquote_plus(self.target) + json.dumps(self.headers) + json.dumps(self._of("body"), ensure_ascii=False)


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        node: Any = openapi_document()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def _places(operation: Mapping[str, Any]) -> Iterator[Place]:
    for parameter in operation["parameters"]:
        yield Place(where=parameter["in"], name=parameter["name"], schema=_resolved(parameter["schema"]))
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content:
        for name, schema in _resolved(content["schema"])["properties"].items():
            yield Place(where="body", name=name, schema=_resolved(schema))


def _operation(path: str, method: str, raw: Mapping[str, Any]) -> Operation:
    content = raw.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = next((one["value"] for one in content.get("examples", {}).values()), {} if content else None)
    success = [int(status) for status in raw["responses"] if status < "4"]
    return Operation(
        name=raw["operationId"],
        method=method.upper(),
        path=path,
        places=tuple(_places(raw)),
        example=example,
        success=success,
        raw=raw,
    )


OPERATIONS = {
    raw["operationId"]: _operation(path, method, raw)
    for path, methods in openapi_document()["paths"].items()
    for method, raw in methods.items()
}
TOLD: Mapping[str, Mapping[str, Any]] = {
    "getInstrument": {"query.venue": VENUE, "query.symbol": SHARED},
    "prove": {"query.kind": "EVENT", "query.key": "{order}", "query.number": 1},
    "getProblem": {"path.slug": "not-found"},
    "getPnl": {"query.mark": "101"},
    "addRiskCheck": {"path.request_id": "{spare}"},
    "withdrawRequest": {"path.request_id": "{idle}"},
    "recordSent": {"path.request_id": "{unsent}"},
    "recordUnknown": {"path.request_id": "{sent}"},
    "recordFailed": {"path.request_id": "{sent_too}"},
    "recordReport": {"body.venue": VENUE, "body.client_order_id": "{name}-resting", "body.last_price": "100"},
    "recordAccountEvent": {"body.venue": VENUE, "body.symbol": SHARED},
    "registerInstrument": {"body.symbol": "ETH/USDT", "body.base": "ETH"},
    "requestCancel": {"path.order_id": "{resting}"},
    "requestReplace": {"path.order_id": "{resting}"},
    "voidEvent": {"path.order_id": "{other}"},
    "resolveOrder": {"path.order_id": "{doubtful}"},
    "attributeOrder": {"path.order_id": "{external}", "body.order_id": "{resting}"},
    "seal": {"header.Idempotency-Key": "sealed-once"},
    "reconcile": {"header.Idempotency-Key": "compared-once"},
}
"""What is said beside the example of the document; in braces what an account has."""


def usual(operation: Operation, account: Furnished) -> Sent:
    """A request to an operation that is let through for the holder of the account's key."""
    values: dict[tuple[str, str], Any] = {("body", name): value for name, value in (operation.example or {}).items()}
    for place in operation.places:
        if place.where == "path" and place.name in PATHS:
            values["path", place.name] = account.ids[PATHS[place.name]]
    for told, value in TOLD.get(operation.name, {}).items():
        where, _, name = told.partition(".")
        filled = value.format(name=account.account_id, **account.ids) if isinstance(value, str) else value
        values[where, name] = filled
    return Sent(operation=operation, values=values)
