"""Exit codes and errors: one line, never a traceback."""

import json
import os
import subprocess
import sys

import pytest
from tests.support.command_line import INSTRUMENT, request, sot

from sot import CommitUnknown, ConcurrentUpdate
from sot.adapters.memory import MemoryStore
from sot.entrypoints.commands import record
from sot.entrypoints.stores import open_store
from sot.errors import StoreUnavailable


@pytest.fixture
def store(tmp_path):
    url = tmp_path / "orders.db"
    sot("record", "--store", url, lines=[INSTRUMENT, request("a")])
    return url


@pytest.mark.parametrize(
    "arguments",
    [
        ["orders", "--limit", "0"],
        ["orders", "--limit", "501"],
        ["orders", "--status", "DONE"],
        ["orders", "--from", "2026-02-30"],
        ["orders", "--before", "2026-01-01T00:00:00"],
        ["orders", "--after", "nonsense"],
        ["orders", "--after", "WzEsMl0"],
        ["orders", "--account", ""],
        ["orders", "--nonsense"],
        ["show"],
        ["show", "a"],
        ["show", "a", "--account", "main"],
        ["show", "01890a5d-ac96-774b-bcce-b302099a8057"],
        ["show", "a", "--account", "main", "--mark", "NaN"],
        ["show", "a", "--account", "main", "--mark", "1e999999"],
        ["show", "a", "--account", "main", "--rate", "BNB"],
        ["show", "a", "--account", "main", "--rate", "BNB=0"],
        ["show", "a", "--account", "main", "--rate", "BNB=1", "--rate", "BNB=2"],
        ["record", "no-such-file"],
        ["record", "."],
        ["record", "--batch", "0"],
        ["conformance", "no-such-file"],
        ["conformance", "."],
        ["nonsense"],
    ],
)
def test_bad_input_is_2(store, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    where = [] if arguments[0] in ("conformance", "nonsense") else ["--store", store]
    result = sot(*arguments, *where)
    assert result.exit_code == 2, result.output
    assert result.stderr
    assert "Traceback" not in result.output
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit)


def test_an_error_is_one_line_or_one_json_object(store):
    arguments = ("show", "a", "--account", "main", "--mark", "NaN", "--store", store)
    assert sot(*arguments).stderr.startswith("sot: --mark: ")
    assert sot(*arguments).stderr.count("\n") == 1
    error = json.loads(sot(*arguments, "--json").stderr)
    assert (error["kind"], error["field"]) == ("InvalidInput", "--mark")


@pytest.mark.parametrize("command", [["orders"], ["show", "a", "--account", "main"], ["record"]])
def test_a_store_that_cannot_be_used_is_3(tmp_path, command):
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"this is no database" * 1000)
    for url in (tmp_path / "missing" / "orders.db", garbage):
        result = sot(*command, "--store", url, lines=[INSTRUMENT])
        assert result.exit_code == 3, result.output
        assert result.stderr.startswith("sot: ")
        assert result.stderr.count("\n") == 1


def test_reading_makes_no_store(tmp_path):
    missing = tmp_path / "orders.db"
    assert sot("orders", "--store", missing).exit_code == 3
    assert not missing.exists()


def test_without_a_store_nothing_runs(monkeypatch):
    monkeypatch.delenv("SOT_STORE", raising=False)
    result = sot("orders")
    assert result.exit_code == 2
    assert "--store" in result.stderr


def test_the_store_comes_from_the_environment_too(store):
    assert sot("orders", env={"SOT_STORE": str(store)}).exit_code == 0


def test_help_teaches_with_examples():
    for command in ([], ["record"], ["orders"], ["show"], ["conformance"], ["demo"]):
        result = sot(*command, "--help")
        assert result.exit_code == 0
        assert "sot" in result.stdout
        assert "--store" in result.stdout or not command


class Flaky(MemoryStore):
    """A store whose first run fails, before or after its commit."""

    def __init__(self, error, stored):
        super().__init__()
        self.error, self.stored = error, stored

    def run(self, use_case, read_only=False):
        error, self.error = self.error, None
        if error is None or self.stored:
            result = super().run(use_case, read_only)
            if error is None:
                return result
        raise error


@pytest.mark.parametrize(("stored", "outcome"), [(True, "REPEATED"), (False, "RECORDED")])
def test_a_lost_commit_is_settled_by_running_the_batch_again(monkeypatch, stored, outcome):
    monkeypatch.setattr(record, "open_store", lambda url: Flaky(CommitUnknown("connection lost"), stored))
    result = sot("record", "--store", "memory", "--batch", 2, lines=[INSTRUMENT, request("a")])
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["outcome"] for line in result.stdout.splitlines()] == [outcome, outcome]


@pytest.mark.parametrize("error", [ConcurrentUpdate("a row"), StoreUnavailable("memory", "gone\naway")])
def test_a_store_that_gives_up_is_3(monkeypatch, error):
    monkeypatch.setattr(record, "open_store", lambda url: Flaky(error, False))
    result = sot("record", "--store", "memory", "--json", lines=[INSTRUMENT])
    assert result.exit_code == 3
    assert json.loads(result.stderr)["kind"] == type(error).__name__
    assert result.stdout == ""


def test_findings_are_1_and_the_last_line_counts(tmp_path):
    fine = {
        "format": "sot-vector/1",
        "kind": "lifecycle",
        "id": "one",
        "source": "here",
        "request": {"client_order_id": "X", "side": "BUY", "order_type": "MARKET", "quantity": "1"},
        "facts": [{"type": "NEW", "client_order_id": "X", "expect": {"status": "NEW", "cum_quantity": "0"}}],
    }
    file = tmp_path / "vectors.json"
    file.write_text(json.dumps([fine]))
    result = sot("conformance", file)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "2 of 2 expectations hold")
    fine["facts"][0]["expect"]["status"] = "FILLED"
    file.write_text(json.dumps([fine]))
    result = sot("conformance", tmp_path)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "1 of 2 expectations hold"
    assert "status is NEW, expected FILLED" in result.stdout


def test_bundled_vectors_hold(tmp_path):
    result = sot("conformance")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].endswith("expectations hold")


def test_urls_paths_and_memory(tmp_path):
    assert isinstance(open_store("memory"), MemoryStore)
    for url in (str(tmp_path / "a.db"), f"sqlite:///{tmp_path / 'b.db'}"):
        open_store(url).close()
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["a.db", "b.db"]


def run_python(code, *arguments):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_without_the_extra_it_says_what_to_install():
    hidden = "import sys; sys.modules['typer'] = None; from sot.entrypoints.main import main; main()"
    result = run_python(hidden)
    assert result.returncode == 2
    assert "pip install 'sot-orders[cli]'" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_process_exits_with_these_codes(store):
    run = "import sys; from sot.entrypoints.main import main; main()"
    assert run_python(run, "--version").returncode == 0
    assert run_python(run, "orders", "--store", str(store)).returncode == 0
    refused = run_python(run, "show", "a", "--store", str(store))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert run_python(run, "orders", "--store", "/nowhere/orders.db").returncode == 3
