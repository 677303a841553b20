"""`sot prove`: proofs of single facts, checked without a database."""

import json

import pytest
from tests.support.command_line import report, sot
from tests.support.sealed_history import documents, one_line_of, recorded, sealed_twice


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    return sealed_twice(tmp_path_factory.mktemp("proven"))


@pytest.fixture
def proof(sealed, tmp_path):
    store, _ = sealed
    file = tmp_path / "proof.json"
    result = sot("prove", "event", "a", "--number", 5, "--account", "main", "--store", store, "--out", file)
    assert (result.exit_code, result.output) == (0, "")
    return file


def check(proof, checkpoints, code=0, *more):
    result = sot("prove", "--check", proof, "--against", checkpoints, *more)
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_proof_tells_what_the_fact_says(sealed, proof):
    document = json.loads(proof.read_text())
    assert document["fact"]["says"]["sequence"] == 5
    assert "names" not in document["fact"]
    assert "proven: checkpoint 1 sealed it" in check(proof, sealed[1])
    result = json.loads(check(proof, sealed[1], 0, "--json"))
    assert (result["holds"], result["problem"], result["checkpoint"]) == (True, None, 1)
    assert result["fact"] == document["fact"]


@pytest.mark.parametrize("line", range(35))
def test_every_kind_of_fact_is_proven_by_its_key_in_an_archive(sealed, tmp_path, line):
    store, checkpoints = sealed
    facts = [
        document["fact"] for document in documents(sot("export", "history", "--store", store)) if "fact" in document
    ]
    assert len({fact["kind"] for fact in facts}) == 9
    fact = facts[line]
    number = ["--number", fact["number"]] if fact["number"] else []
    named = ("prove", fact["kind"], fact["key"], *number, "--account", fact["account_id"], "--store", store)
    file = tmp_path / "proof.json"
    file.write_text(sot(*named).stdout)
    assert fact["kind"] in check(file, checkpoints)


def test_a_request_goes_by_its_key(sealed):
    (document,) = documents(sot("prove", "request", "a", "--account", "main", "--store", sealed[0]))
    assert document["fact"]["says"]["client_order_id"] == "a"


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("what it says", lambda document: document["fact"]["says"].update(actor="me"), 2),
        ("its hash", lambda document: document["fact"].update(hash="0" * 64), 2),
        (
            "another fact",
            lambda document: document.update(leaf=document["leaf"].replace('"number":5', '"number":6')),
            1,
        ),
        ("its place", lambda document: document.update(place=document["place"] + 1), 1),
        ("its path", lambda document: document["path"].reverse(), 1),
        ("a shorter path", lambda document: document["path"].pop(), 1),
        ("no fact", lambda document: document.pop("fact"), 2),
        ("a strange place", lambda document: document.update(place="1"), 2),
        ("a place before the first", lambda document: document.update(place=-1), 1),
        ("a strange path", lambda document: document.update(path="x"), 2),
        ("a strange step", lambda document: document.update(path=["x"]), 2),
        ("its root", lambda document: document["checkpoint"].update(root="0" * 64), 1),
        ("no checkpoint", lambda document: document.update(checkpoint=1), 2),
        ("no object", lambda document: document.update(fact=[]), 2),
    ],
)
def test_a_changed_proof_proves_nothing(sealed, proof, name, change, code):
    document = json.loads(proof.read_text())
    change(document)
    proof.write_text(json.dumps(document))
    result = sot("prove", "--check", proof, "--against", sealed[1])
    assert result.exit_code == code, (name, result.output)
    assert "Traceback" not in result.output
    assert "sealed it" not in result.output


def test_a_checkpoint_that_nobody_kept_proves_nothing(sealed, proof, tmp_path):
    one = tmp_path / "second.jsonl"
    one.write_text(sealed[1].read_text().splitlines()[1])
    assert "not among those that were exported" in check(proof, one, 1)
    assert "--against" in one_line_of(sot("prove", "--check", proof))


def test_bad_input(sealed, tmp_path, monkeypatch):
    store, checkpoints = sealed
    for arguments in (
        [],
        ["event"],
        ["event", "a", "--account", "main"],
        ["event", "a", "--number", 98],
        ["event", "a", "--number", 99, "--account", "main"],
        ["event", "nobody", "--number", 1, "--account", "main"],
        ["request", "nobody", "--account", "main"],
        ["request", "a", "--number", 1, "--account", "main"],
        ["account_event", "x", "--account", "main"],
        ["reconciliation", "x", "--account", "main"],
        ["--check", tmp_path / "missing", "--against", checkpoints],
        ["--check", tmp_path, "--against", checkpoints],
    ):
        one_line_of(sot("prove", *arguments, "--store", store))
    assert sot("prove", "nonsense", "a", "--store", store).exit_code == 2
    monkeypatch.delenv("SOT_STORE", raising=False)
    assert "--store" in one_line_of(sot("prove", "request", "a", "--account", "main"))


def test_what_is_not_sealed_yet_has_no_proof(tmp_path):
    store = recorded(tmp_path / "orders.db")
    named = ("prove", "request", "a", "--account", "main", "--store", store)
    assert "seal first" in one_line_of(sot(*named))
    sot("seal", "--store", store)
    assert sot(*named).exit_code == 0
    recorded(store, [report("NEW", "nobody")])
    assert sot(*named).exit_code == 0
