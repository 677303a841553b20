"""An archive is verified without a store."""

from datetime import UTC, datetime

import pytest

from sot import (
    InvalidInput,
    NotFound,
)
from sot.adapters.memory import MemoryStore
from sot.application.audit.archive import month
from sot.application.audit.archive_verification import verify_archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore
from tests.support.archived_history import STORES, T0, archive_lines, open_store, parse_lines, record_every_kind


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    store = open_store(request.param, tmp_path)
    yield store
    store.close()


def test_a_changed_line_is_refused(store, tmp_path):
    record_every_kind(store)
    lines = archive_lines(store)
    copy = MemoryStore()
    for index, line in enumerate(lines):
        (key, fields) = parse_lines([line])[0]
        if key != "fact":
            continue
        for name in ("hash", "key", "number", "recorded_at", "account_id"):
            forged = dict(fields)
            forged[name] = {
                "hash": "0" * 64,
                "key": "[1]",
                "number": 77,
                "recorded_at": "2027-01-01T00:00:00Z",
                "account_id": "other",
            }[name]
            if name == "recorded_at" and fields["kind"] != "EVENT":
                continue  # only a checkpoint tells
            if name == "key" and fields["kind"] == "UNATTRIBUTED":
                continue  # our id of it, which nothing that it says depends on
            if name in ("number", "account_id") and fields["kind"] in ("CONTEXT", "RISK_CHECK", "WITHDRAWAL"):
                continue
            if name == "number" and fields["kind"] == "INSTRUMENT":
                with pytest.raises(InvalidInput, match="number"):  # the versions before it tell
                    copy.run(lambda uow, forged=forged: restore(uow, read_fact(forged)))
                continue
            with pytest.raises(InvalidInput):
                read_fact(forged)
        for what, value in fields["says"].items():
            if isinstance(value, str) and what not in ("raw_payload", "indicators", "market_snapshot"):
                forged = {**fields, "says": {**fields["says"], what: value + "1"}}
                with pytest.raises(InvalidInput):
                    read_fact(forged)
        from_canonical = copy.run(lambda uow, fields=fields: restore(uow, read_fact(fields)))
        assert from_canonical == "RECORDED", index


def test_a_month_is_verified_offline(store):
    checkpoints = record_every_kind(store)
    with store.begin(read_only=True) as uow:
        between = month(uow, datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
        assert between == (checkpoints[0].upto, checkpoints[1].upto)
        with pytest.raises(NotFound, match="nothing was recorded"):
            month(uow, datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC))
        with pytest.raises(InvalidInput, match="seal first"):
            month(uow, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    lines = archive_lines(store, *between)
    found = verify_archive(parse_lines(lines), checkpoints)
    assert found.problems == []
    assert found.counts["checkpoint"] == 1
    facts = [index for index, (key, _) in enumerate(parse_lines(lines)) if key == "fact"]
    for index in facts:
        assert not verify_archive(parse_lines(lines[:index] + lines[index + 1 :]), checkpoints).passed, "one is missing"
        assert not verify_archive(parse_lines([*lines[:index], lines[index], *lines[index:]]), checkpoints).passed, (
            "one twice"
        )
        key, fields = parse_lines([lines[index]])[0]
        at = {**fields, "recorded_at": "2026-02-27T00:00:00.000000Z"}
        assert not verify_archive(
            [*parse_lines(lines[:index]), (key, at), *parse_lines(lines[index + 1 :])], checkpoints
        ).passed
    swapped = [*lines[:2], lines[3], lines[2], *lines[4:]]
    assert not verify_archive(parse_lines(swapped), checkpoints).passed
    unsealed = [line for line in parse_lines(lines) if line[0] == "fact"]
    for vouched in (unsealed, unsealed[:-1]):
        missing = verify_archive(vouched, checkpoints).problems
        assert [(finding.what, finding.key) for finding in missing] == [("checkpoint", str(checkpoints[1].number))]
    other = checkpoints[1].changed(sealed_at=T0)
    with pytest.raises(InvalidInput, match="as it was exported"):
        verify_archive(parse_lines(lines), [other])
    with pytest.raises(InvalidInput, match="a fact or a checkpoint"):
        verify_archive([("report", {})])
