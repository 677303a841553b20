"""Facts are read from the lines of an archive."""

import json

import pytest

from sot import InvalidInput
from sot.application.audit.archived_facts import read_fact
from sot.domain.values.canonical import digest
from tests.support.archived_history import archive_lines, open_store, parse_lines, record_every_kind

ROW_ID = "00000000-0000-8000-8000-000000000001"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("run_id", {"type": "INPUT", "number": 1, "inputs": "[]"}),
        ("run_id", {"type": "RUN", "inputs": "{}"}),
        ("finding_id", {"type": "RESOLUTION", "resolution": "AGREES"}),
    ],
)
def test_a_reconciliation_that_names_itself_is_refused(name, fields):
    row = {"account_id": "a", "venue": "X", "record_id": ROW_ID, name: ROW_ID, **fields}
    canonical = json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    line = {
        "account_id": "a",
        "hash": digest("reconciliation", canonical),
        "key": ROW_ID,
        "kind": "RECONCILIATION",
        "number": 0,
        "position": 1,
        "recorded_at": "2026-01-05T10:00:00.000000Z",
        "says": row,
    }
    with pytest.raises(InvalidInput, match="give the id of another row") as refused:
        read_fact(line)
    assert (refused.value.field, refused.value.value) == (name, ROW_ID)
    other = {**row, name: "00000000-0000-8000-8000-000000000002"}
    canonical = json.dumps(other, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert read_fact({**line, "says": other, "hash": digest("reconciliation", canonical)}).value.as_json() == other


@pytest.mark.parametrize("name", ["prev_hash", "said"])
@pytest.mark.parametrize("value", ["a" * 58 + "\ud800" + "b" * 5, "short", 64, None, ["x"]])
def test_a_digest_of_an_event_that_is_none_is_refused(name, value, tmp_path):
    store = open_store("memory", tmp_path)
    record_every_kind(store)
    lines = [fields for key, fields in parse_lines(archive_lines(store)) if key == "fact" and fields["kind"] == "EVENT"]
    line = next(line for line in lines if "said" in line["says"])
    assert read_fact(line)
    with pytest.raises(InvalidInput):
        read_fact({**line, "says": {**line["says"], name: value}})
