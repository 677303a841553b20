"""`sot verify` and `sot rebuild`: tampering is found, and derived figures are corrected."""

import gc
import json
import shutil

import pytest
from tests.support.command_line import report, sot, trade
from tests.support.sealed_history import bytes_of, one_line_of, recorded, sealed_twice, tampered


@pytest.fixture(scope="module")
def sealed_files(tmp_path_factory):
    return sealed_twice(tmp_path_factory.mktemp("audited"))


@pytest.fixture
def sealed(sealed_files, tmp_path):
    return [shutil.copy(each, tmp_path) for each in sealed_files]


def findings(*arguments, code=1):
    result = sot("verify", *arguments, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_everything_holds(sealed):
    store, checkpoints = sealed
    result = findings("--store", store, "--against", checkpoints, code=0)
    assert (result["fine"], result["findings"]) == (True, [])
    assert result["counts"]["order"] == 4
    assert result["counts"]["checkpoint"] == 2
    page = sot("verify", "--store", store, "--against", checkpoints)
    assert page.exit_code == 0
    for words in ("Looked at", "account event", "Everything holds."):
        assert words in page.stdout
    assert "--against" not in page.stdout
    assert "elsewhere" in sot("verify", "--store", store).stdout
    assert page.stderr == ""
    assert sot("verify", "--store", store, "--quiet").output == ""


def test_several_processes_find_what_one_finds(sealed):
    store, checkpoints = sealed
    tampered(store, "UPDATE order_events SET body = replace(body, '50000', '40000') WHERE body LIKE '%exec_id%'")
    thresholds = gc.get_threshold()
    alone = findings("--store", store, "--against", checkpoints)
    assert findings("--store", store, "--against", checkpoints, "--jobs", "2") == alone
    assert gc.get_threshold() == thresholds, "the collector is set for the work alone"
    assert sot("verify", "--store", store, "--jobs", "0").exit_code == 2


def test_an_edited_fact_is_found(sealed):
    store, checkpoints = sealed
    tampered(store, "UPDATE order_events SET body = replace(body, '50000', '40000') WHERE body LIKE '%exec_id%'")
    found = findings("--store", store, "--against", checkpoints)["findings"]
    assert {finding["what"] for finding in found} >= {"order"}
    assert all(finding.keys() == {"what", "account_id", "key", "problem"} for finding in found)
    page = sot("verify", "--store", store, "--quiet")
    assert page.exit_code == 1
    assert "What does not hold" in page.stdout
    assert page.stdout.splitlines()[-1] == f"{len(found)} findings"


def test_what_was_removed_together_with_its_seal_is_found_by_the_exported_checkpoint_alone(sealed):
    store, checkpoints = sealed
    tampered(store, "DELETE FROM checkpoints WHERE number = 2")
    assert findings("--store", store, code=0)["fine"]
    (found,) = findings("--store", store, "--against", checkpoints)["findings"]
    assert (found["what"], found["key"], found["problem"]) == ("checkpoint", "2", "it is missing")


def test_derived_figures_are_found_and_made_right(sealed):
    store, checkpoints = sealed
    tampered(
        store, "UPDATE orders SET status = 'REJECTED' WHERE status = 'PARTIALLY_FILLED'", "DELETE FROM order_costs"
    )
    assert findings("--store", store)["findings"]
    result = sot("rebuild", "--store", store)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "4 orders and their positions agree with the facts.\n"
    assert findings("--store", store, "--against", checkpoints, code=0)["fine"]


def test_rebuilding_some(sealed):
    store, _ = sealed
    assert json.loads(sot("rebuild", "--store", store, "--account", "main", "--json").stdout) == {"orders": 4}
    assert json.loads(sot("rebuild", "--store", store, "--symbol", "ETH/USDT", "--json").stdout) == {"orders": 0}
    assert sot("rebuild", "--store", store, "--quiet").output == ""


def test_damaged_checkpoints_and_those_of_another_store_are_bad_input(sealed, tmp_path):
    store, checkpoints = sealed
    other = recorded(tmp_path / "other.db")
    sot("seal", "--store", other)
    assert "of store" in one_line_of(sot("verify", "--store", other, "--against", checkpoints))
    lines = (tmp_path / "checkpoints.jsonl").read_text().splitlines(keepends=True)
    for name, text, message in (
        ("edited", lines[0].replace('"count":', '"count":1'), "hash"),
        ("cut", lines[0] + lines[1][:50], "line 2"),
        ("strange", lines[0] + '{"number": 1}\n', "line 2"),
        ("facts", '{"fact": {}}\n', "line 1"),
        ("binary", "\x00\xff", "line 1"),
        ("empty", "", "at least one checkpoint"),
    ):
        file = tmp_path / name
        file.write_bytes(text.encode("latin-1"))
        assert message in one_line_of(sot("verify", "--store", store, "--against", file)), name
    one_line_of(sot("verify", "--store", store, "--against", tmp_path / "missing"))


def test_a_newer_schema_and_no_store(sealed, tmp_path, monkeypatch):
    store, _ = sealed
    tampered(store, "UPDATE sot_schema SET version = 99")
    assert "newer" in one_line_of(sot("verify", "--store", store), 3)
    missing = tmp_path / "missing.db"
    for command in (["verify"], ["rebuild"], ["seal"], ["follow"], ["export", "history"]):
        one_line_of(sot(*command, "--store", missing), 3)
    assert not missing.exists()
    monkeypatch.delenv("SOT_STORE", raising=False)
    assert "--store" in one_line_of(sot("verify"))


def test_reading_changes_no_byte(sealed_files, tmp_path):
    store, checkpoints = sealed_files
    before = bytes_of(store)
    for command in (
        ["verify", "--against", checkpoints],
        ["seal", "--list"],
        ["seal"],  # nothing is new
        ["prove", "event", "a", "--number", 2, "--account", "main"],
        ["as-of", "--known-at", 9, "orders"],
        ["as-of", "--known-at", 20, "show", "a", "--account", "main"],
        ["as-of", "--known-at", 20, "positions", "--account", "main"],
        ["diff", "a", "--account", "main", "--known-at", 9],
        ["follow"],
        ["export", "history"],
        ["export", "orders"],
        ["export", "checkpoints"],
    ):
        result = sot(*command, env={"SOT_STORE": str(store)})
        assert result.exit_code == 0, (command, result.output)
        assert bytes_of(store) == before, command
    assert "Everything holds" in sot("verify", "--store", store).stdout


@pytest.fixture
def archived(sealed_files, tmp_path):
    store, checkpoints = sealed_files
    file = tmp_path / "history.jsonl"
    assert sot("export", "history", "--store", store, "--out", file, "--quiet").output == ""
    return file, checkpoints


def test_an_archive_is_verified_with_no_store(archived, sealed_files, monkeypatch):
    monkeypatch.setenv("SOT_STORE", "/nowhere/orders.db")
    file, checkpoints = archived
    result = findings("--offline", file, "--against", checkpoints, code=0)
    store = findings("--store", sealed_files[0], code=0)
    same = set(result["counts"]) & set(store["counts"])
    assert {name: result["counts"][name] for name in same} == {name: store["counts"][name] for name in same}
    assert result["unsealed"] == 0
    assert sot("verify", "--offline", file, "--against", checkpoints, "--quiet").output == ""
    facts = [line for line in file.read_text().splitlines(keepends=True) if line.startswith('{"fact"')]
    file.write_text("".join(facts))
    assert f"{len(facts)} facts stand behind the last checkpoint" in sot("verify", "--offline", file).stdout


def test_a_changed_archive_has_findings(archived):
    file, checkpoints = archived
    lines = file.read_text().splitlines(keepends=True)
    facts = [number for number, line in enumerate(lines) if '"exec_id"' in line]
    for changed in (
        [line.replace("50002", "50003") for line in lines],
        [line for number, line in enumerate(lines) if number != facts[0]],
        [*lines[: facts[0]], lines[facts[0] + 1], lines[facts[0]], *lines[facts[0] + 2 :]],
        [line.replace('"count":', '"count":1') for line in lines],
    ):
        assert changed != lines
        file.write_text("".join(changed))
        assert findings("--offline", file, "--against", checkpoints)["findings"]
        assert sot("verify", "--offline", file).exit_code == 1


def test_an_archive_that_cannot_be_read_is_bad_input(archived, tmp_path):
    file, _ = archived
    text = file.read_bytes()
    last = text.count(b"\n")
    for damaged, message in (
        (text[:-30], f"line {last}"),
        (b"garbage\n" + text, "line 1"),
        (text + b'{"request": {}}\n', f"line {last + 1}"),
        (text + b'{"fact": {"kind": "EVENT"}, "checkpoint": {}}\n', f"line {last + 1}"),
        (text + b'{"checkpoint": {"number": 1}}\n', f"line {last + 1}"),
        (text + b"\n", f"line {last + 1}"),
        (b"", "empty"),
    ):
        file.write_bytes(damaged)
        assert message in one_line_of(sot("verify", "--offline", file))
    one_line_of(sot("verify", "--offline", tmp_path / "missing"))
    one_line_of(sot("verify", "--offline", tmp_path))


def test_a_month_is_verified_on_its_own(sealed, tmp_path):
    store, checkpoints = sealed
    sealed_at = json.loads((tmp_path / "checkpoints.jsonl").read_text().splitlines()[0])["sealed_at"]
    file = tmp_path / "month.jsonl"
    result = sot("export", "history", "--store", store, "--month", sealed_at[:7], "--out", file, "--json")
    assert result.exit_code == 0, result.output
    result = json.loads(result.stdout)
    assert (result["checkpoints"], result["after"]) == (2, 0)
    assert findings("--offline", file, "--against", checkpoints, code=0)["counts"]["checkpoint"] == 2
    recorded(store, [report("NEW", "nobody")])
    assert "seal first" in one_line_of(sot("export", "history", "--store", store, "--month", sealed_at[:7]))


def test_histories_of_one_database_are_told_apart_by_their_address(tmp_path):
    address = f"{tmp_path}/both.db?sot_prefix="
    assert sot("demo", "--store", f"{address}live_").exit_code == 0
    assert sot("record", "--store", f"{address}paper_", lines=[trade("C1", "E1", "1", "100")]).exit_code == 0
    live, paper = (findings("--store", f"{address}{prefix}", code=0)["counts"] for prefix in ("live_", "paper_"))
    assert live["order"] > 0
    assert (paper.get("order", 0), paper["unattributed"]) == (0, 1)
    assert sot("verify", "--store", f"{tmp_path}/both.db").exit_code != 0
    assert "prefix: 'A' is not allowed" in sot("verify", "--store", f"{address}A").output


def test_several_processes_find_what_rebuild_corrects(sealed):
    store, _ = sealed
    tampered(store, "UPDATE orders SET cum_quantity = '7'")
    assert sot("verify", "--store", store, "--quiet").exit_code == 1
    corrected = sot("rebuild", "--store", store, "--jobs", "2")
    assert corrected.exit_code == 0, corrected.output
    assert "agree with the facts" in corrected.stdout
    assert findings("--store", store, code=0)["fine"]
    for command in ("rebuild", "verify"):
        both = sot(command, "--store", store, "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1")
        assert both.exit_code == 2
        assert "either --jobs or --scheduler" in both.output
