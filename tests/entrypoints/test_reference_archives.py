"""The archives of the bundle can be verified, restored and derived from, as its README says."""

import json

import pytest
from jsonschema import Draft202012Validator
from tests.support.command_line import sot

from sot import OrderHistory
from sot.accounting import Position
from sot.application.audit.archived_facts import read_fact
from sot.audit import Checkpoint, FactKind, Proof, archive, verify, verify_archive
from sot.domain.values.documents import read_document
from sot.entrypoints.reference.archives import ARCHIVES, archive_files, restored
from sot.queries import Fill, Order
from sot.testing.vectors import bundled

HASHES = {
    "every-kind": "054fc706c708e6401c30af6a23298e5b9e27ccc68007da31eaf63d2a1e8916fb",
    "orders": "968aa418ed7a1bc9737437829c1fbe3bc3edf1fbdbc0d365a3759627d3e49ade",
    "positions": "2e10f1c25091ed97e008946b9a97d88f65493a9bf9970a0ce65c02da166a6e98",
}
"""The hashes of the last checkpoints: a change of an archive is a change of what others compare with."""


@pytest.fixture(scope="module")
def archives():
    return dict(archive_files(bundled()))


@pytest.fixture(scope="module", params=ARCHIVES)
def files(request, archives):
    """The files of one archive, by name."""
    prefix = f"archives/{request.param}/"
    return {path.removeprefix(prefix): text for path, text in archives.items() if path.startswith(prefix)}


def lines(text):
    return text.splitlines()


def checkpoints(files):
    return [Checkpoint.read(read_document(line)) for line in lines(files["checkpoints.jsonl"])]


def test_each_archive_has_its_files(archives):
    names = ("archive.jsonl", "checkpoints.jsonl", "derived.json", "proofs.jsonl")
    assert sorted(archives) == sorted(f"archives/{archive}/{name}" for archive in ARCHIVES for name in names)
    assert all(archives.values())


def test_the_archives_are_those_of_before(archives):
    last = {name: json.loads(lines(archives[f"archives/{name}/checkpoints.jsonl"])[-1])["hash"] for name in ARCHIVES}
    assert last == HASHES


def test_every_kind_of_fact_is_in_the_archive_of_that_name(archives):
    documents = [json.loads(line) for line in lines(archives["archives/every-kind/archive.jsonl"])]
    assert {each["fact"]["kind"] for each in documents if "fact" in each} == set(FactKind)


def test_an_archive_is_verified_by_its_checkpoints(files, tmp_path):
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    against = ["--against", tmp_path / "checkpoints.jsonl"]
    result = sot("verify", "--offline", tmp_path / "archive.jsonl", *against)
    assert result.exit_code == 0, result.output
    documents = [next(iter(read_document(line).items())) for line in lines(files["archive.jsonl"])]
    found = verify_archive(documents, checkpoints(files))
    assert list(found.problems) == []
    assert found.counts["checkpoint"] == len(checkpoints(files)) > 1


def test_a_restored_archive_is_verified_and_exported_again_to_the_same_bytes(files):
    store = restored(lines(files["archive.jsonl"]))
    assert list(verify(store, checkpoints(files)).problems) == []
    with store.begin(read_only=True) as uow:
        assert list(archive(uow)) == lines(files["archive.jsonl"])


def test_the_derived_rows_follow_from_the_archive(files):
    derived = json.loads(files["derived.json"])
    with restored(lines(files["archive.jsonl"])).begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for document in derived["orders"]:
            order = Order.from_dict(document)
            assert {**history.order(order.order_id).to_dict(), "version": order.version} == document
            fills = [fill.to_dict() for fill in history.fills(order.order_id)]
            assert fills == [fill for fill in derived["fills"] if fill["order_id"] == order.order_id]
        for document in derived["positions"]:
            key = Position.from_dict(document).key
            position = history.position(
                key.account_id, key.venue, key.symbol, venue_account=key.venue_account,
                position_side=key.position_side, position_id=key.position_id,
            )  # fmt: skip
            assert position.to_dict() == document
    assert derived["orders"]
    assert derived["positions"] or not derived["fills"]


def test_derived_rows_have_the_form_of_their_schemas(files):
    derived = json.loads(files["derived.json"])
    for name, value in (("orders", Order), ("fills", Fill), ("positions", Position)):
        validator = Draft202012Validator(value.json_schema())
        for document in derived[name]:
            validator.validate(document)


def test_every_proof_is_valid_under_a_checkpoint_that_was_kept(files):
    kept = {checkpoint.number: checkpoint for checkpoint in checkpoints(files)}
    facts = [json.loads(line).get("fact") for line in lines(files["archive.jsonl"])]
    archived = [{name: part for name, part in fact.items() if name != "names"} for fact in facts if fact]
    for line in lines(files["proofs.jsonl"]):
        document = json.loads(line)
        assert document["fact"] in archived
        proof = Proof.from_dict({name: document[name] for name in ("leaf", "place", "path", "checkpoint")})
        assert proof.leaf == read_fact(read_document(line)["fact"]).leaf.text
        assert proof.is_valid_under(kept[proof.checkpoint.number])
