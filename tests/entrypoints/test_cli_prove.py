"""`sot prove`: one fact shown to somebody who kept the checkpoint and has no database."""

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


def checked(proof, kept, code=0, *more):
    result = sot("prove", "--check", proof, "--against", kept, *more)
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_proof_tells_what_the_fact_says(sealed, proof):
    said = json.loads(proof.read_text())
    assert said["fact"]["says"]["sequence"] == 5
    assert "names" not in said["fact"]
    assert "proven: checkpoint 1 sealed it" in checked(proof, sealed[1])
    told = json.loads(checked(proof, sealed[1], 0, "--json"))
    assert (told["holds"], told["problem"], told["checkpoint"]) == (True, None, 1)
    assert told["fact"] == said["fact"]


@pytest.mark.parametrize("line", range(35))
def test_every_kind_of_fact_is_proven_by_its_key_in_an_archive(sealed, tmp_path, line):
    store, kept = sealed
    facts = [said["fact"] for said in documents(sot("export", "history", "--store", store)) if "fact" in said]
    assert len({fact["kind"] for fact in facts}) == 9
    fact = facts[line]
    number = ["--number", fact["number"]] if fact["number"] else []
    named = ("prove", fact["kind"], fact["key"], *number, "--account", fact["account_id"], "--store", store)
    file = tmp_path / "proof.json"
    file.write_text(sot(*named).stdout)
    assert fact["kind"] in checked(file, kept)


def test_a_request_goes_by_its_key(sealed):
    (said,) = documents(sot("prove", "request", "a", "--account", "main", "--store", sealed[0]))
    assert said["fact"]["says"]["client_order_id"] == "a"


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("what it says", lambda said: said["fact"]["says"].update(actor="me"), 2),
        ("its hash", lambda said: said["fact"].update(hash="0" * 64), 2),
        ("another fact", lambda said: said.update(leaf=said["leaf"].replace('"number":5', '"number":6')), 1),
        ("its place", lambda said: said.update(place=said["place"] + 1), 1),
        ("its path", lambda said: said["path"].reverse(), 1),
        ("a shorter path", lambda said: said["path"].pop(), 1),
        ("no fact", lambda said: said.pop("fact"), 2),
        ("a strange place", lambda said: said.update(place="1"), 2),
        ("a place before the first", lambda said: said.update(place=-1), 1),
        ("a strange path", lambda said: said.update(path="x"), 2),
        ("a strange step", lambda said: said.update(path=["x"]), 2),
        ("its root", lambda said: said["checkpoint"].update(root="0" * 64), 1),
        ("no checkpoint", lambda said: said.update(checkpoint=1), 2),
        ("no object", lambda said: said.update(fact=[]), 2),
    ],
)
def test_a_changed_proof_proves_nothing(sealed, proof, name, change, code):
    said = json.loads(proof.read_text())
    change(said)
    proof.write_text(json.dumps(said))
    result = sot("prove", "--check", proof, "--against", sealed[1])
    assert result.exit_code == code, (name, result.output)
    assert "Traceback" not in result.output
    assert "sealed it" not in result.output


def test_a_checkpoint_that_nobody_kept_proves_nothing(sealed, proof, tmp_path):
    one = tmp_path / "second.jsonl"
    one.write_text(sealed[1].read_text().splitlines()[1])
    assert "not among those that were exported" in checked(proof, one, 1)
    assert "--against" in one_line_of(sot("prove", "--check", proof))


def test_bad_input(sealed, tmp_path, monkeypatch):
    store, kept = sealed
    for arguments in (
        [],
        ["event"],
        ["event", "a", "--account", "main"],
        ["event", "a", "--number", 5],
        ["event", "a", "--number", 99, "--account", "main"],
        ["event", "nobody", "--number", 1, "--account", "main"],
        ["request", "nobody", "--account", "main"],
        ["request", "a", "--number", 1, "--account", "main"],
        ["account_event", "x", "--account", "main"],
        ["reconciliation", "x", "--account", "main"],
        ["--check", tmp_path / "missing", "--against", kept],
        ["--check", tmp_path, "--against", kept],
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
