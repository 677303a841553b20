"""`sot seal`: checkpoints as JSON lines."""

import json
import stat
import sys

import pytest
from tests.support.command_line import sot
from tests.support.sealed_history import LATER, documents, one_line_of, recorded, sealed_twice

from sot.domain.audit.checkpoint import NO_CHECKPOINT, Checkpoint


@pytest.fixture
def store(tmp_path):
    return recorded(tmp_path / "orders.db")


def test_it_prints_one_line_and_says_when_there_is_nothing_new(store):
    first = sot("seal", "--store", store)
    (checkpoint_fields,) = documents(first)
    checkpoint = Checkpoint.read(checkpoint_fields)
    assert (checkpoint.number, checkpoint.previous, checkpoint.has_valid_hash) == (1, NO_CHECKPOINT, True)
    assert first.stderr == f"checkpoint 1 over {checkpoint.count} facts, up to cursor {checkpoint.upto}\n"
    again = sot("seal", "--store", store)
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "nothing new to seal\n")
    quiet = sot("seal", "--store", store, "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")
    recorded(store, LATER)
    (then,) = documents(sot("seal", "--store", store))
    assert (then["number"], then["previous"]) == (2, checkpoint_fields["hash"])
    assert documents(sot("seal", "--store", store, "--list")) == [checkpoint_fields, then]
    assert documents(sot("export", "checkpoints", "--store", store)) == [checkpoint_fields, then]


def test_an_empty_store_has_nothing_to_seal():
    result = sot("seal", "--store", "memory")
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_file_gets_whatever_it_lacks(store, tmp_path):
    checkpoints = tmp_path / "checkpoints.jsonl"
    sot("seal", "--store", store)  # and the line is not kept
    recorded(store, LATER)
    result = sot("seal", "--store", store, "--out", checkpoints)
    assert (result.exit_code, result.stdout) == (0, "")
    assert [json.loads(line)["number"] for line in checkpoints.read_text().splitlines()] == [1, 2]
    before = checkpoints.read_bytes()
    assert sot("seal", "--store", store, "--out", checkpoints, "--quiet").output == ""
    assert checkpoints.read_bytes() == before
    assert before.decode() == sot("seal", "--store", store, "--list").stdout


def test_a_file_of_another_store_or_a_cut_one_is_refused_before_anything_is_sealed(store, tmp_path):
    (tmp_path / "other").mkdir()
    _, others = sealed_twice(tmp_path / "other")
    before = others.read_bytes()
    assert "this store's checkpoints" in one_line_of(sot("seal", "--store", store, "--out", others))
    assert others.read_bytes() == before
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(before[:-20])
    assert f"{cut} line 2" in one_line_of(sot("seal", "--store", store, "--out", cut))
    assert sot("seal", "--store", store, "--list").stdout == ""


def test_signed(store, tmp_path):
    key, public, checkpoints = tmp_path / "seal.pem", tmp_path / "seal.pub", tmp_path / "checkpoints.jsonl"
    created = sot("seal", "--new-key", key)
    public.write_text(created.stdout)
    assert created.exit_code == 0
    assert created.stdout.startswith("-----BEGIN PUBLIC KEY-----\n")
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert "does not exist" in one_line_of(sot("seal", "--new-key", key))
    assert key.read_bytes() == before
    assert sot("seal", "--store", store, "--key", key, "--out", checkpoints).exit_code == 0
    assert json.loads(checkpoints.read_text())["key_id"]
    checked = sot("verify", "--store", store, "--against", checkpoints, "--public-key", public, "--quiet")
    assert (checked.exit_code, checked.output) == (0, "")
    stranger = tmp_path / "stranger.pub"
    stranger.write_text(sot("seal", "--new-key", tmp_path / "stranger.pem").stdout)
    assert sot("verify", "--store", store, "--public-key", stranger).exit_code == 1
    assert "known key" in one_line_of(
        sot("verify", "--store", store, "--against", checkpoints, "--public-key", stranger)
    )


def test_a_key_with_a_password(store, tmp_path):
    key, password = tmp_path / "seal.pem", {"SOT_KEY_PASSWORD": "secret words"}
    assert sot("seal", "--new-key", key, env=password).exit_code == 0
    assert b"ENCRYPTED" in key.read_bytes()
    refused = one_line_of(sot("seal", "--store", store, "--key", key, env={"SOT_KEY_PASSWORD": ""}))
    assert "SOT_KEY_PASSWORD" in refused
    assert "secret" not in refused
    assert sot("seal", "--store", store, "--key", key, env=password).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--list"],
        ["--store", "memory", "--list", "--new-key", "x.pem"],
        ["--store", "memory", "--list", "--out", "x.jsonl"],
        ["--store", "memory", "--key", "no-such.pem"],
        ["--store", "memory", "--key", "."],
        ["--store", "memory", "--out", "."],
        ["--new-key", "no/such/folder/x.pem"],
    ],
)
def test_bad_input(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOT_STORE", raising=False)
    one_line_of(sot("seal", *arguments))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_key_is_refused(store, tmp_path):
    key = tmp_path / "seal.pem"
    key.write_text("garbage")
    assert "garbage" not in one_line_of(sot("seal", "--store", store, "--key", key))
    assert json.loads(sot("seal", "--store", store, "--key", key, "--json").stderr)["kind"] == "InvalidInput"
    one_line_of(sot("verify", "--store", store, "--public-key", key))


def test_without_the_extra_it_says_what_to_install(store, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    assert "pip install 'sot-orders[signing]'" in one_line_of(sot("seal", "--new-key", tmp_path / "seal.pem"))
    assert not (tmp_path / "seal.pem").exists()
    assert sot("seal", "--store", store).exit_code == 0
