"""The operations of the OpenAPI document, each with a sample request that succeeds.

Operations, inputs and examples come from the document, so that a new operation is included automatically. One that
needs more than the ids and the example that are known here gets an entry in `SPECIAL_VALUES`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

import attrs
from sample_accounts import SHARED_SYMBOL, VENUE, SampleAccount

from sot.adapters.http.app import openapi_document

PATH_IDS = {"order_id": "order", "request_id": "filled_request", "finding_id": "finding", "report_id": "waiting"}
"""The id of a sample account for each path parameter, unless `SPECIAL_VALUES` has another one."""


@attrs.frozen(kw_only=True)
class InputField:
    """An input of an operation; `location` is path, query, header or body."""

    location: str
    name: str
    schema: Mapping[str, Any] = attrs.field(hash=False)

    def __str__(self) -> str:
        return f"{self.location}.{self.name}"


@attrs.frozen(kw_only=True)
class Operation:
    """An operation; `raw` is its operation object in the document."""

    name: str
    method: str
    path: str
    inputs: Sequence[InputField]
    example: Mapping[str, Any] | None
    success: Sequence[int]
    raw: Mapping[str, Any]

    @property
    def needs_key(self) -> bool:
        return bool(self.raw["security"])

    def input(self, name: str) -> InputField:
        return next(field for field in self.inputs if field.name == name)

    def has_input(self, name: str) -> bool:
        return any(field.name == name for field in self.inputs)


@attrs.frozen(kw_only=True)
class SampleRequest:
    """A request to an operation; `values` are by location and name of the input."""

    operation: Operation
    values: Mapping[tuple[str, str], Any]

    def with_values(self, changes: Mapping[InputField, Any]) -> "SampleRequest":
        """Return the request with other values."""
        changed = {(field.location, field.name): value for field, value in changes.items()}
        return attrs.evolve(self, values={**self.values, **changed})

    def _values_in(self, location: str) -> dict[str, Any]:
        return {name: value for (where, name), value in self.values.items() if where == location}

    @property
    def target(self) -> str:
        """The percent-encoded path and query."""
        path = self.operation.path
        for name, value in self._values_in("path").items():
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        query = urlencode(self._values_in("query"), doseq=True)
        return f"{path}?{query}" if query else path

    @property
    def headers(self) -> dict[str, str]:
        """The headers, without the API key."""
        return {name.lower(): str(value) for name, value in self._values_in("header").items()}

    @property
    def body(self) -> dict[str, Any] | bytes:
        """The JSON object of the body, or nothing."""
        return self._values_in("body") if self.operation.example is not None else b""

    @property
    def text(self) -> str:
        """All values as text."""
        body = json.dumps(self._values_in("body"), ensure_ascii=False)
        return unquote_plus(self.target) + json.dumps(self.headers) + body


def _resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        node: Any = openapi_document()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def _inputs(operation: Mapping[str, Any]) -> Iterator[InputField]:
    for parameter in operation["parameters"]:
        yield InputField(location=parameter["in"], name=parameter["name"], schema=_resolve(parameter["schema"]))
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content:
        for name, schema in _resolve(content["schema"])["properties"].items():
            yield InputField(location="body", name=name, schema=_resolve(schema))


def _operation(path: str, method: str, raw: Mapping[str, Any]) -> Operation:
    content = raw.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = next((example["value"] for example in content.get("examples", {}).values()), {} if content else None)
    return Operation(
        name=raw["operationId"],
        method=method.upper(),
        path=path,
        inputs=tuple(_inputs(raw)),
        example=example,
        success=[int(status) for status in raw["responses"] if status < "4"],
        raw=raw,
    )


OPERATIONS = {
    raw["operationId"]: _operation(path, method, raw)
    for path, methods in openapi_document()["paths"].items()
    for method, raw in methods.items()
}
SPECIAL_VALUES: Mapping[str, Mapping[str, Any]] = {
    "getInstrument": {"query.venue": VENUE, "query.symbol": SHARED_SYMBOL},
    "prove": {"query.kind": "EVENT", "query.key": "{order}", "query.number": 1},
    "getProblem": {"path.slug": "not-found"},
    "getPnl": {"query.mark": "101"},
    "addRiskCheck": {"path.request_id": "{spare}"},
    "withdrawRequest": {"path.request_id": "{idle}"},
    "recordSent": {"path.request_id": "{unsent}"},
    "recordUnknown": {"path.request_id": "{sent}"},
    "recordFailed": {"path.request_id": "{sent_too}"},
    "recordReport": {"body.venue": VENUE, "body.client_order_id": "{name}-resting", "body.last_price": "100"},
    "recordAccountEvent": {"body.venue": VENUE, "body.symbol": SHARED_SYMBOL},
    "registerInstrument": {"body.symbol": "ETH/USDT", "body.base": "ETH"},
    "requestCancel": {"path.order_id": "{resting}"},
    "requestReplace": {"path.order_id": "{resting}"},
    "voidEvent": {"path.order_id": "{other}"},
    "resolveOrder": {"path.order_id": "{doubtful}"},
    "attributeOrder": {"path.order_id": "{external}", "body.order_id": "{resting}"},
    "attributeWaitingReport": {"path.report_id": "{waiting_too}", "body.order_id": "{resting}"},
    "seal": {"header.Idempotency-Key": "sealed-once"},
    "reconcile": {"header.Idempotency-Key": "compared-once"},
}
"""Values beside the examples of the document; names in braces are ids of the sample account."""


def sample_request(operation: Operation, account: SampleAccount) -> SampleRequest:
    """Return a request to an operation that succeeds with the key of a sample account."""
    values: dict[tuple[str, str], Any] = {("body", name): value for name, value in (operation.example or {}).items()}
    for field in operation.inputs:
        if field.location == "path" and field.name in PATH_IDS:
            values["path", field.name] = account.ids[PATH_IDS[field.name]]
    for key, value in SPECIAL_VALUES.get(operation.name, {}).items():
        location, _, name = key.partition(".")
        is_template = isinstance(value, str)
        values[location, name] = value.format(name=account.account_id, **account.ids) if is_template else value
    return SampleRequest(operation=operation, values=values)
