"""Vectors of kind `archive`: the lines of an archive, and what verifying it finds."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from sot.application.audit.archive_verification import verify_archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput, SotError, StoreError
from sot.ports.store import Store
from sot.testing.vectors.result import Result


def run_archive(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Verify the lines, which needs no store, or restore them, and compare what was counted and found."""
    if "restored" in vector:
        _restore(store, vector, result)
        return
    where, expect = str(vector["id"]), vector.get("expect", {})
    try:
        kept = [Checkpoint.read(checkpoint, "checkpoint") for checkpoint in vector.get("against", ())]
        found = verify_archive(map(_line, vector["lines"]), kept)
    except InvalidInput as error:
        result.expect(where, "refused", vector.get("refused", False), f"InvalidInput {error.field}")
        return
    if "refused" in vector:
        result.expect(where, "refused", vector["refused"], False)
    problems = [f"{problem.what} {problem.key}" for problem in found.problems]
    result.expect(where, "problems", expect.get("problems", []), problems)
    result.expect(where, "unsealed", expect["unsealed"], found.unsealed)
    for kind in sorted({*expect["counts"], *found.counts}):
        result.expect(where, f"count of {kind}", expect["counts"].get(kind, 0), found.counts.get(kind, 0))


def _restore(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Restore the facts in a unit of work that is rolled back, so that a store in use will do."""
    with store.begin() as uow:
        for number, text, expected in zip(count(1), vector["lines"], vector["restored"], strict=False):
            key, fields = _line(text)
            try:
                outcome = str(restore(uow, read_fact(fields))) if key == "fact" else None
            except StoreError:
                raise
            except SotError as error:
                outcome = type(error).__name__
            result.expect(f"{vector['id']} line {number}", "restored", expected, outcome)


def _line(text: str) -> tuple[str, Mapping[str, Any]]:
    document = read_document(text)
    if not isinstance(document, Mapping) or len(document) != 1:
        raise InvalidInput("line", text, "an object with one key")
    ((key, fields),) = document.items()
    return key, fields
