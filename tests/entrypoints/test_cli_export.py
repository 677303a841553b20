"""`sot export`, and `sot record` of its output: a copy with the same hashes."""

import csv
import io
import json

import pytest
from tests.support.command_line import INSTRUMENT, answers, outcomes, sot
from tests.support.postgres import fresh_url
from tests.support.sealed_history import one_line_of, recorded, sealed_twice

from sot.entrypoints.commands import export


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    return sealed_twice(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The store of the demonstration: 318 facts, sealed."""
    folder = tmp_path_factory.mktemp("demo")
    store, checkpoints = folder / "demo.db", folder / "checkpoints.jsonl"
    assert sot("demo", "--store", store).exit_code == 0
    assert sot("seal", "--store", store, "--out", checkpoints).exit_code == 0
    return store, checkpoints


def history(store, *options):
    result = sot("export", "history", "--store", store, *options)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def everything_about(store):
    contents = {"orders": json.loads(sot("orders", "--store", store, "--limit", 500, "--json").stdout)}
    for order in contents["orders"]["orders"]:
        order_id = order["order_id"]
        contents[order_id] = json.loads(sot("show", order_id, "--store", store, "--json").stdout)
    for account in sorted({order["account_id"] for order in contents["orders"]["orders"]}):
        found = sot("positions", "--account", account, "--store", store, "--flat", "--json")
        contents[account] = json.loads(found.stdout)
    contents["checkpoints"] = sot("export", "checkpoints", "--store", store).stdout
    contents["records"] = sot("export", "orders", "--format", "rts24", "--store", store).stdout
    return contents


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("name", ["demo", "sealed"])
def test_a_copy_is_identical(name, kind, request, tmp_path):
    store, checkpoints = request.getfixturevalue(name)
    file = tmp_path / "export.jsonl"
    result = sot("export", "history", "--store", store, "--out", file)
    assert (result.exit_code, result.stderr) == (0, "")
    copy = fresh_url() if kind == "postgresql" else f"sqlite:///{tmp_path}/copy.db"
    first = sot("record", file, "--batch", 500, "--store", copy)
    assert first.exit_code == 0, first.output
    assert set(outcomes(first)) == {"RECORDED"}
    checked = sot("verify", "--store", copy, "--against", checkpoints, "--quiet")
    assert (checked.exit_code, checked.output) == (0, "")
    assert history(copy) == file.read_text(encoding="utf-8")
    assert everything_about(copy) == everything_about(store)
    again = sot("record", file, "--batch", 7, "--store", copy)
    assert set(outcomes(again)) == {"REPEATED"}
    assert len(outcomes(again)) == len(file.read_text().splitlines())


def test_the_answers_name_what_was_kept(sealed):
    lines = history(sealed[0])
    result = answers(sot("record", "--store", "memory", "--batch", 500, lines=lines.encode()))
    for line, answer in zip(map(json.loads, lines.splitlines()), result, strict=True):
        fact = line.get("fact", {"kind": "CHECKPOINT"})
        assert answer["outcome"] == "RECORDED"
        if fact["kind"] == "EVENT":
            assert (answer["order_id"], answer["sequence"]) == (fact["key"], fact["number"])
        elif fact["kind"] in ("REQUEST", "CONTEXT", "RISK_CHECK", "WITHDRAWAL"):
            assert answer["request_id"] == fact["key"]
        elif fact["kind"] == "ACCOUNT_EVENT":
            assert answer["event_id"] == fact["key"]
        elif fact["kind"] == "RECONCILIATION":
            assert answer["record_id"] == fact["key"]


def test_parts_follow_each_other(sealed, tmp_path):
    store, checkpoints = sealed
    upto = json.loads(checkpoints.read_text().splitlines()[0])["upto"]
    one, other = history(store, "--upto", upto), history(store, "--after", upto)
    assert one + other == history(store) == history(store, "--after", 0)
    assert sot("record", "--store", "memory", lines=other.encode()).exit_code == 2
    copy = tmp_path / "copy.db"
    for part in (one, other):
        assert sot("record", "--store", copy, lines=part.encode()).exit_code == 0
    assert sot("verify", "--store", copy, "--against", checkpoints, "--quiet").exit_code == 0


def test_a_cut_or_damaged_file_is_an_error_that_names_the_line(sealed, tmp_path):
    lines = history(sealed[0]).splitlines(keepends=True)
    event = next(number for number, line in enumerate(lines, 1) if '"exec_id":"1"' in line)
    for name, damaged, number in (
        ("cut", [*lines[:-1], lines[-1][:-30]], len(lines)),
        ("edited", [line.replace('"50000"', '"50001"') for line in lines], None),
        ("left out", [line for at, line in enumerate(lines, 1) if at != event], None),
        ("edited checkpoint", [line.replace('"count":', '"count":1') for line in lines], None),
    ):
        result = sot("record", "--store", tmp_path / f"{name}.db", lines="".join(damaged).encode())
        assert result.exit_code == 2, name
        last = answers(result)[-1]
        assert last["outcome"] == "ERROR"
        assert last["kind"] in ("InvalidInput", "Conflict"), name
        assert number in (None, last["line"]), name
        assert last["line"] == len(answers(result))


def test_a_fact_that_says_something_else_here_is_refused(sealed, tmp_path):
    fields = INSTRUMENT["instrument"]
    copy = recorded(tmp_path / "copy.db", [{"instrument": {**fields, "quote": "USDC"}}])
    result = sot("record", "--store", copy, lines=history(sealed[0]).encode())
    assert result.exit_code == 2
    assert (answers(result)[-1]["line"], answers(result)[-1]["kind"]) == (1, "Conflict")


def test_a_file_gets_its_name_when_it_is_complete(sealed, tmp_path, monkeypatch):
    store, _ = sealed
    file = tmp_path / "history.jsonl"
    file.write_text("what was there\n")

    def cut(uow, after, upto):
        yield "{}"
        raise OSError("no space left on device")

    monkeypatch.setattr(export.archive, "archive", cut)
    assert "no space" in one_line_of(sot("export", "history", "--store", store, "--out", file))
    assert [path.name for path in tmp_path.iterdir()] == ["history.jsonl"]
    assert file.read_text() == "what was there\n"
    monkeypatch.undo()
    result = sot("export", "history", "--store", store, "--out", file, "--json")
    summary = json.loads(result.stdout)
    assert summary["facts"] + summary["checkpoints"] == len(file.read_text().splitlines())
    assert (summary["file"], summary["checkpoints"]) == (str(file), 2)
    assert f"{file}: facts {summary['facts']}" in sot("export", "history", "--store", store, "--out", file).stdout


def test_records_of_orders(sealed, tmp_path):
    store, _ = sealed
    file = tmp_path / "orders.csv"
    result = sot("export", "orders", "--format", "rts24", "--store", store, "--out", file)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert rows[0][:3] == ["account_id", "order_id", "sequence"]
    assert result.stdout == f"{file}: records {len(rows) - 1}\n"
    records = ("export", "orders", "--format", "rts24", "--store", store)
    assert file.read_bytes().decode() == sot(*records).stdout_bytes.decode()
    nothing = sot(*records, "--since", "2027-01-01T00:00:00Z").stdout
    assert len(nothing.splitlines()) == 1
    assert "--account" in one_line_of(sot(*records, "--account", "nobody"))
    some = sot(*records, "--from", "2026-03-01T12:00:00Z", "--before", "2026-03-01T13:00:00Z")
    assert [row[3] for row in csv.reader(io.StringIO(some.stdout))][1:] == ["TRADE"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["history", "--month", "2026-13"],
        ["history", "--month", "January"],
        ["history", "--month", "2026-01-01"],
        ["history", "--month", "0000-01"],
        ["history", "--month", "1999-12"],
        ["history", "--month", "2026-01", "--after", "1"],
        ["history", "--after", "99999"],
        ["history", "--after", "-1"],
        ["history", "--upto", "99999"],
        ["history", "--out", "."],
        ["history", "--out", "no/such/folder/x"],
        ["checkpoints", "--out", "."],
        ["orders", "--since", "2026-02-30"],
        ["orders", "--account", ""],
        ["orders", "--format", "rts24", "--symbol", "X"],
        ["orders", "--format", "rts24", "--venue", "X"],
        ["orders", "--figures", "rounded"],
        ["fills", "--from", "2026-02-30"],
        ["fills", "--from", "2026-01-02T00:00:00Z", "--before", "2026-01-01T00:00:00Z"],
        ["fills", "--symbol", ""],
        ["fills", "--format", "parquet", "--out", "."],
        ["results", "--account", "main", "--time-zone", "Mars"],
        ["balances", "--account", ""],
    ],
)
def test_bad_input(sealed, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one_line_of(sot("export", *arguments, "--store", sealed[0]))
    assert list(tmp_path.iterdir()) == []


def test_a_format_that_nobody_knows(sealed):
    assert sot("export", "orders", "--format", "xml", "--store", sealed[0]).exit_code == 2


def test_help_teaches_with_examples():
    for command in (
        ["seal"], ["verify"], ["prove"], ["rebuild"], ["as-of"], ["as-of", "show"], ["as-of", "orders"],
        ["as-of", "positions"], ["diff"], ["follow"], ["export"], ["export", "history"], ["export", "orders"],
        ["export", "fills"], ["export", "results"], ["export", "balances"], ["export", "checkpoints"],
    ):  # fmt: skip
        result = sot(*command, "--help")
        assert result.exit_code == 0
        assert "For example" in result.stdout
        assert "sot " + command[0] in result.stdout
