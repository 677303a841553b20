"""The OpenAPI document against the application, by schemathesis: examples, edges, random requests and chains."""

import os
from collections import Counter, defaultdict
from zlib import crc32

import attrs
import pytest
import schemathesis
from furnished import SHARED, VENUE, TickingClock, a_venue, furnish, reset
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.run import PhaseName

from sot.adapters.http import Settings, create_app
from sot.adapters.http.app import openapi_document
from sot.testing.fakes import CountedIds

ACCOUNT = "default"
EXAMPLES = int(os.environ.get("SOT_HTTP_EXAMPLES", "5"))
"""Random requests per operation; more of them find more, in more time."""
CHAINS = 100
"""The most random chains of requests, along the links of the document, that a seed gives."""
SEEDS = range(1, 13)
"""With the first, all phases; with the others, chains alone."""
ENOUGH = 3
"""So many seeds, and after them only what it takes to be led everywhere: sets decide about chains, and so luck does."""
LED = {("executeRequest", "getOrder"), ("executeRequest", "getPnl"), ("executeRequest", "getEvents")}
SETTINGS = Settings(
    page_secret=b"the same every time", refusal_seconds=0, stream_seconds=0, poll_seconds=0.01, body_limit=100_000
)
PHASES = (PhaseName.EXAMPLES, PhaseName.COVERAGE, PhaseName.FUZZING, PhaseName.STATEFUL_TESTING)
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428"]
SENSIBLE = {
    "submitRequest": {"symbol": SHARED, "side": "BUY", "order_type": "LIMIT", "quantity": "0.5", "price": "101"},
    "requestCancel": {},
    "requestReplace": {"quantity": "0.75"},
}
INTENTS = {
    operation["operationId"]: Draft202012Validator(
        {
            **operation["requestBody"]["content"]["application/json"]["schema"],
            "components": openapi_document()["components"],
        }
    )
    for path in openapi_document()["paths"].values()
    for operation in path.values()
    if operation["operationId"] in SENSIBLE
}
WORDS = {
    "path.order_id": "orders", "path.request_id": "requests", "path.finding_id": "findings", "path.slug": "slugs",
    "query.symbol": "symbols", "query.venue": "venues", "query.account_id": "accounts",
    "body.symbol": "symbols", "body.venue": "venues", "body.account_id": "accounts",
}  # fmt: skip
"""What is mostly given, since nothing else leads anywhere."""
WORDS_OF = {
    "resolveOrder": {"path.order_id": "doubtful"},
    "attributeOrder": {"path.order_id": "externals", "body.order_id": "orders"},
    "recordSent": {"path.request_id": "pending"},
    "addRiskCheck": {"path.request_id": "pending"},
    "withdrawRequest": {"path.request_id": "idle"},
    "prove": {"query.kind": "kinds", "query.key": "requests", "query.account_id": "accounts"},
}


def _dictionaries(account):
    ids = account.ids
    return {
        "symbols": [SHARED],
        "venues": [VENUE],
        "accounts": [ACCOUNT],
        "orders": [ids[name] for name in ("order", "other", "resting", "doubtful", "silent", "external", "sent_order")],
        "requests": [ids[name] for name in ("filled_request", "sent", "pending", "spare")],
        "findings": [ids["finding"]],
        "slugs": ["not-found", "conflict"],
        "doubtful": [ids["doubtful"]],
        "externals": [ids["external"]],
        "pending": [ids["pending"], ids["spare"]],
        "idle": [ids["idle"]],
        "kinds": ["REQUEST", "CONTEXT"],
    }


class Seen:
    """What schemathesis did, and what it found."""

    def __init__(self) -> None:
        self.failures: Counter[str] = Counter()
        self.phases: dict[PhaseName, Status] = {}
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.followed: set[tuple[str, str]] = set()
        self.requests = 0

    def note(self, event: events.EngineEvent) -> None:
        if isinstance(event, events.PhaseFinished):
            if event.phase.skip_reason is None:
                self.phases[event.phase.name] = event.status
        elif isinstance(event, events.ScenarioFinished):
            self._note_requests(event.recorder)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            self.failures[f"schemathesis itself: {event}"] += 1

    def _note_requests(self, recorder) -> None:
        for case_id, interaction in recorder.interactions.items():
            case, parent = recorder.cases[case_id].value, recorder.cases[case_id].parent_id
            status = interaction.response.status_code if interaction.response else 0
            self.requests += 1
            self.statuses[_operation_id(case.operation)][status] += 1
            if parent is not None and status < 300:
                self.followed.add(
                    (_operation_id(recorder.cases[parent].value.operation), _operation_id(case.operation))
                )
            for check in recorder.checks.get(case_id, ()):
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    self.failures[f"{case.operation.label}: {status} {failure.title}: {failure.message}"] += 1


def _operation_id(operation) -> str:
    return operation.definition.raw["operationId"]


def _sensible(context, body):
    """Of the intents that the schema allows, three of four are made such that they mean something."""
    operation, number = _operation_id(context.operation), crc32(repr(body).encode())
    if operation not in SENSIBLE or number % 4 == 0 or not INTENTS[operation].is_valid(body):
        return body
    return {"client_order_id": body.get("client_order_id") or f"order-{number}", **SENSIBLE[operation]}


def explored(app, account, token=None) -> Seen:
    """All phases of schemathesis, with what there is in the account among its values."""
    seen = Seen()
    for seed in SEEDS:
        if seed > ENOUGH and seen.followed >= LED:
            break
        schema = schemathesis.openapi.from_asgi("/sot/openapi.json", app, config=_config(account, token, seed))
        schema.hook("map_body")(_sensible)
        for event in from_schema(schema).execute():
            seen.note(event)
    return seen


def _config(account, token, seed):
    others = {} if seed == SEEDS[0] else {name: {"enabled": False} for name in ("examples", "coverage", "fuzzing")}
    without_key = {} if token else {check: {"enabled": False} for check in ("ignored_auth", "missing_required_header")}
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "cache": {"enabled": False},
            "continue-on-failure": True,
            "generation": {
                "max-examples": EXAMPLES, "database": "none", "no-shrink": True,
                "with-security-parameters": token is not None,
            },
            "phases": {
                **others,
                "stateful": {
                    "generation": {"max-examples": CHAINS, "mode": "positive"},
                    "inference": {"algorithms": ["location-headers"]},
                },
            },
            "auth": {"openapi": {"key": {"bearer": token}}} if token else {},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", "304", "400", "404", "409", "412", "422"]},
                "negative_data_rejection": {"expected-statuses": REFUSED},
                **without_key,
            },
            "dictionaries": {name: {"values": values} for name, values in _dictionaries(account).items()},
            "parameters": {name: {"dictionary": words, "probability": 0.8} for name, words in WORDS.items()},
            "operations": [
                {
                    "include-operation-id": operation,
                    "parameters": {name: {"dictionary": words, "probability": 0.8} for name, words in told.items()},
                }
                for operation, told in WORDS_OF.items()
            ],
        }
    )  # fmt: skip


@pytest.mark.parametrize("keyed", [False, True], ids=["open", "keyed"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_application_is_as_its_document_says(kind, keyed, make_store):
    store = make_store(kind, TickingClock(), CountedIds())
    venue = a_venue(store.clock)
    account = furnish(store, venue, ACCOUNT, 1)
    reset(store)
    app = create_app(store, venue, settings=attrs.evolve(SETTINGS, keys=keyed))
    seen = explored(app, account, token=account.token if keyed else None)
    assert not seen.failures, "\n\n".join(f"{count} x {what}" for what, count in seen.failures.most_common(20))
    assert [seen.phases[phase] for phase in PHASES] == [Status.SUCCESS] * len(PHASES)
    never = {name for name, statuses in seen.statuses.items() if not any(status < 300 for status in statuses)}
    assert not never, "nothing of this was ever let through"
    assert seen.followed >= LED, "links lead to requests that are let through"
