"""The OpenAPI document against the application, by schemathesis: examples, edges, random requests and chains."""

import ctypes
import os
from collections import Counter, defaultdict
from zlib import crc32

import attrs
import pytest
import schemathesis
from jsonschema import Draft202012Validator
from sample_accounts import SHARED_SYMBOL, VENUE, TickingClock, fill_account, make_venue, reset_ids
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.run import PhaseName
from schemathesis.specs.openapi import _caches

from sot.adapters.http import Settings, create_app
from sot.adapters.http.app import openapi_document
from sot.testing.fakes import CountedIds

ACCOUNT = "default"
EXAMPLES = int(os.environ.get("SOT_HTTP_EXAMPLES", "5"))
"""Random requests per operation; more of them find more errors, in more time."""
MAX_CHAINS = 100
"""The largest number of random chains of requests along the links of the document, per seed."""
SEEDS = range(1, 13)
"""The first one runs all phases, the others only chains."""
MIN_SEEDS = 3
"""The number of seeds to run; later ones run only until all required links were followed, since chains are random."""
REQUIRED_LINKS = {("executeRequest", "getOrder"), ("executeRequest", "getPnl"), ("executeRequest", "getEvents")}
SETTINGS = Settings(
    page_secret=b"the same every time", refusal_seconds=0, stream_seconds=0, poll_seconds=0.01, body_limit=100_000
)
PHASES = (PhaseName.EXAMPLES, PhaseName.COVERAGE, PhaseName.FUZZING, PhaseName.STATEFUL_TESTING)
CLIENT_ERRORS = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428"]
VALID_INTENTS = {
    "submitRequest": {"symbol": SHARED_SYMBOL, "side": "BUY", "order_type": "LIMIT", "quantity": "0.5", "price": "101"},
    "requestCancel": {},
    "requestReplace": {"quantity": "0.75"},
}
INTENT_VALIDATORS = {
    operation["operationId"]: Draft202012Validator(
        {
            **operation["requestBody"]["content"]["application/json"]["schema"],
            "components": openapi_document()["components"],
        },
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    for path in openapi_document()["paths"].values()
    for operation in path.values()
    if operation["operationId"] in VALID_INTENTS
}
DICTIONARIES = {
    "path.order_id": "orders", "path.request_id": "requests", "path.finding_id": "findings", "path.slug": "slugs",
    "query.symbol": "symbols", "query.venue": "venues", "query.account_id": "accounts",
    "body.symbol": "symbols", "body.venue": "venues", "body.account_id": "accounts",
}  # fmt: skip
"""The dictionaries of inputs; most other values would be rejected."""
OPERATION_DICTIONARIES = {
    "resolveOrder": {"path.order_id": "doubtful"},
    "attributeOrder": {"path.order_id": "externals", "body.order_id": "orders"},
    "recordSent": {"path.request_id": "pending"},
    "addRiskCheck": {"path.request_id": "pending"},
    "withdrawRequest": {"path.request_id": "idle"},
    "adoptWaitingReport": {"path.report_id": "adopted"},
    "attributeWaitingReport": {"path.report_id": "attributed", "body.order_id": "orders"},
    "prove": {"query.kind": "kinds", "query.key": "requests", "query.account_id": "accounts"},
}


def _dictionaries(account):
    ids = account.ids
    return {
        "symbols": [SHARED_SYMBOL],
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
        "adopted": [ids["waiting"]],
        "attributed": [ids["waiting_too"]],
        "kinds": ["REQUEST", "CONTEXT"],
    }


class Observations:
    """What schemathesis did, and the failures that it found."""

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


def _valid_intent(context, body):
    """Replace three of four valid intents by ones that the server accepts."""
    operation, number = _operation_id(context.operation), crc32(repr(body).encode())
    if operation not in VALID_INTENTS or number % 4 == 0 or not INTENT_VALIDATORS[operation].is_valid(body):
        return body
    return {"client_order_id": body.get("client_order_id") or f"order-{number}", **VALID_INTENTS[operation]}


def explore(app, account, token=None) -> Observations:
    """Run all phases of schemathesis, with the rows of an account among its values."""
    observed = Observations()
    for seed in SEEDS:
        if seed > MIN_SEEDS and observed.followed >= REQUIRED_LINKS:
            break
        schema = schemathesis.openapi.from_asgi("/sot/openapi.json", app, config=_config(account, token, seed))
        schema.hook("map_body")(_valid_intent)
        for event in from_schema(schema).execute():
            observed.note(event)
        _release_memory()
    return observed


def _release_memory():
    """Drop what schemathesis keeps of a document until the process ends: validators that take a gigabyte.

    A thread of each run made them, whose freed memory the C library keeps for that thread.
    """
    _caches.clear_all()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _parameters(dictionaries):
    return {name: {"dictionary": dictionary, "probability": 0.8} for name, dictionary in dictionaries.items()}


def _config(account, token, seed):
    disabled_phases = (
        {} if seed == SEEDS[0] else {name: {"enabled": False} for name in ("examples", "coverage", "fuzzing")}
    )
    disabled_checks = (
        {} if token else {check: {"enabled": False} for check in ("ignored_auth", "missing_required_header")}
    )
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
                **disabled_phases,
                "stateful": {
                    "generation": {"max-examples": MAX_CHAINS, "mode": "positive"},
                    "inference": {"algorithms": ["location-headers"]},
                },
            },
            "auth": {"openapi": {"key": {"bearer": token}}} if token else {},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", "304", "400", "404", "409", "412", "422"]},
                "negative_data_rejection": {"expected-statuses": CLIENT_ERRORS},
                **disabled_checks,
            },
            "dictionaries": {name: {"values": values} for name, values in _dictionaries(account).items()},
            "parameters": _parameters(DICTIONARIES),
            "operations": [
                {
                    "include-operation-id": operation,
                    "parameters": _parameters(dictionaries),
                }
                for operation, dictionaries in OPERATION_DICTIONARIES.items()
            ],
        }
    )  # fmt: skip


@pytest.mark.parametrize("keyed", [False, True], ids=["open", "keyed"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_application_conforms_to_its_document(kind, keyed, make_store):
    store = make_store(kind, TickingClock(), CountedIds())
    venue = make_venue(store.clock)
    account = fill_account(store, venue, ACCOUNT, 1)
    reset_ids(store)
    app = create_app(store, venue, settings=attrs.evolve(SETTINGS, keys=keyed))
    observed = explore(app, account, token=account.token if keyed else None)
    assert not observed.failures, "\n\n".join(
        f"{count} x {failure}" for failure, count in observed.failures.most_common(20)
    )
    assert [observed.phases[phase] for phase in PHASES] == [Status.SUCCESS] * len(PHASES)
    unsuccessful = {
        name for name, statuses in observed.statuses.items() if not any(status < 300 for status in statuses)
    }
    assert not unsuccessful, "operations without a successful request"
    assert observed.followed >= REQUIRED_LINKS, "links that lead to successful requests"
