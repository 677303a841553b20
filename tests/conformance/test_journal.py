"""The canonical bytes are as documented: a second implementation, without `sot`, computes the same."""

import json
import subprocess
import sys
from copy import deepcopy

import journal_oracle as oracle
import pytest

from sot import AccountEvent, DecisionContext, Instrument, OrderHistory, OrderRequest, RiskCheck, VenueReport
from sot.adapters.memory import MemoryStore
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import LocalFact
from sot.domain.orders.request import UNRECORDED, Withdrawal
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.vocabulary import FactKind
from sot.testing.vectors import bundled, run_vectors
from sot.testing.vectors.digests import DERIVED

TEXT = oracle.VECTORS.read_text("utf-8")
VECTORS = [vector for vector in bundled() if vector["kind"] == "journal"]
AS_WRITTEN = oracle.read(TEXT)

# The roots that Certificate Transparency's reference tests expect of these leaves, here as text.
CT_LEAVES = ["", "\0", "\x10", " !", "01", "@ABC", "PQRSTUVW", "`abcdefghijklmno"]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

NOT_IN_THE_BYTES = {Checkpoint: {"hash", "signature", "key_id"}, OrderRequest: set(UNRECORDED)}


@pytest.mark.parametrize("vector", AS_WRITTEN, ids=lambda vector: vector["id"])
def test_expectations_equal_those_of_the_oracle(vector):
    assert vector["expect"] == oracle.expected(vector)


def test_the_oracle_does_not_import_sot():
    code = "import sys, journal_oracle; assert not [m for m in sys.modules if m == 'sot' or m.startswith('sot.')]"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=oracle.__file__.rpartition("/")[0])
    assert oracle.written(AS_WRITTEN) == TEXT


def test_trees_have_the_roots_of_certificate_transparency():
    reference = {v["id"].split("/")[-1]: v for v in VECTORS if v["id"].startswith("journal/merkle_root/ct-")}
    assert len(reference) == len(CT_ROOTS)
    for count, root in enumerate(CT_ROOTS):
        vector = reference[f"ct-{count}"]
        assert (vector["fact"]["leaves"], vector["expect"]["root"]) == (CT_LEAVES[:count], root)


def test_vectors_hold_on_every_store_more_than_once(store):
    for _ in range(2):
        result = run_vectors(store, VECTORS)
        assert result.failures == []
        assert result.held == result.expected > 2 * len(VECTORS)


def test_every_digest_kind_has_a_vector():
    kinds = {vector["digest_kind"] for vector in VECTORS}
    assert kinds == set(DERIVED) == set(oracle.BY_KIND)
    assert {str(kind).lower() for kind in FactKind} <= kinds
    assert len({vector["id"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize(
    ("kind", "cls", "inside"),
    [
        ("instrument", Instrument, None),
        ("request", OrderRequest, None),
        ("context", DecisionContext, "says"),
        ("risk_check", RiskCheck, "says"),
        ("withdrawal", Withdrawal, "says"),
        ("unattributed", VenueReport, None),
        ("local", LocalFact, "fact"),
        ("account_event", AccountEvent, None),
        ("reconciliation", Reconciliation, None),
        ("checkpoint", Checkpoint, None),
    ],
)
def test_every_field_is_in_some_vector(kind, cls, inside):
    values = [json.loads(vector["expect"]["canonical"]) for vector in VECTORS if vector["digest_kind"] == kind]
    missing = set(cls.KINDS).difference(*((value[inside] if inside else value) for value in values))
    assert missing == NOT_IN_THE_BYTES.get(cls, set())


@pytest.mark.parametrize(
    ("id", "name", "wrong"),
    [
        ("journal/request/limit", "digest", "0" * 64),
        ("journal/context/documents", "canonical", "{}"),
        ("journal/chain/an-order", "digest", ["0" * 64] * 11),
        ("journal/merkle_root/ct-3", "root", "0" * 64),
        ("journal/inclusion/holds", "holds", False),
        ("journal/inclusion/other-leaf", "holds", True),
        ("journal/inclusion_proof/ct-0-of-8", "path", []),
    ],
)
def test_a_wrong_expectation_fails(id, name, wrong):
    vector = deepcopy(next(vector for vector in VECTORS if vector["id"] == id))
    vector["expect"][name] = wrong
    result = run_vectors(MemoryStore(), [vector])
    assert result.held == result.expected - 1
    assert result.failures[0].startswith(f"{id}: {name} is ")


def test_a_vector_that_cannot_be_run_fails():
    broken = [
        {"kind": "journal", "id": "a", "digest_kind": "nothing", "fact": {}, "expect": {}},
        {"kind": "journal", "id": "b", "digest_kind": "request", "fact": {"account_id": "main"}, "expect": {}},
        {"kind": "journal", "id": "c", "digest_kind": "merkle_root", "fact": {"leaves": []}, "expect": {"digest": ""}},
    ]
    result = run_vectors(MemoryStore(), broken)
    assert (result.held, result.expected, len(result.failures)) == (0, 3, 3)


def test_stored_orders_can_be_recomputed():
    store = MemoryStore()
    run_vectors(store, [v for v in bundled() if v["id"].startswith(("fix/", "sot/"))])
    checked = 0
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        page = history.orders(limit=500)
        for order in page.items:
            checked += _recompute(history, order)
    assert page.next is None
    assert checked > 300


def _recompute(history, order) -> int:
    events = list(history.events(order.order_id))
    bodies = [oracle.read(event.body()) for event in events]
    intent = None
    if order.request_id is not None:
        request = history.request(order.request_id)
        assert not request.checks
        intent = {"request": oracle.read(request.request.canonical())}
    chain = oracle.chain({"intent": intent, "events": bodies})
    assert chain["digest"] == [event.hash for event in events]
    assert chain["canonical"] == [event.body() for event in events]
    assert chain["said"] == [event.content_digest for event in events]
    return len(events)
