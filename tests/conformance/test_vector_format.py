"""The format of vectors: a JSON Schema describes it, and a key that it does not have is an error."""

import json
from copy import deepcopy
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sot.adapters.memory import MemoryStore
from sot.testing.vectors import bundled, run_vectors
from sot.testing.vectors.format import schema, schema_text, unknown_keys

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "vector.schema.json"
FILES = sorted(
    (file for file in (files("sot.testing") / "data").iterdir() if file.name.endswith(".json")), key=lambda f: f.name
)
VECTORS = {vector["id"]: vector for vector in bundled()}


def test_the_schema_is_written_into_the_documentation():
    assert DOCUMENT.read_text("utf-8") == schema_text()
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_bundled_vectors_are_of_the_format(file):
    vectors = json.loads(file.read_text("utf-8"))
    errors = Draft202012Validator(schema()).iter_errors(vectors)
    assert [f"{list(error.path)}: {error.message}"[:300] for error in errors] == []


def added(vector_id, *path):
    """A vector with a key more at the end of a path."""
    vector = deepcopy(VECTORS[vector_id])
    place = vector
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "1"
    return vector


SLIPS = {
    "vector": ("fix/A.1.a", "submited"),
    "request": ("fix/A.1.a", "request", "qty"),
    "report": ("fix/A.1.a", "facts", -1, "last_qty"),
    "expectation": ("fix/A.1.a", "facts", -1, "expect", "cum_qty"),
    "fact of ours": ("sot/local/cancel", "facts", 1, "cum_quantity"),
    "fill": ("accounting", "fills", 0, "qty"),
    "position": ("accounting", "fills", 0, "expect", "net"),
    "step": ("orders", "steps", 0, "reqest"),
    "step of a run": ("reconciliation/heal/status", "runs", 0, "steps", 0, "reqest"),
    "expectation of a run": ("reconciliation/heal/status", "runs", 0, "expect", "record"),
    "list of a venue": ("reconciliation/heal/status", "runs", 0, "venue", "open_orders", "complet"),
    "report of a venue": ("reconciliation/heal/status", "runs", 0, "venue", "found", "v1", 0, "status"),
}


@pytest.mark.parametrize("place", SLIPS)
def test_an_unknown_key_is_an_error(place):
    vector_id, *path = SLIPS[place]
    first = {"accounting": lambda v: v["kind"] == "accounting" and "expect" in v["fills"][0]}
    first["orders"] = lambda v: v["kind"] == "orders"
    if vector_id in first:
        vector_id = next((v["id"] for v in VECTORS.values() if first[vector_id](v)), None)
    vector = added(vector_id, *path)
    assert [key.split(".")[-1] for key in unknown_keys(vector)] == [path[-1]]
    result = run_vectors(MemoryStore(), [vector])
    assert (result.held, result.expected) == (0, 1)
    assert result.failures[0].startswith(f"{vector_id}: the format has no key ")
    assert not Draft202012Validator(schema()).is_valid([vector])
