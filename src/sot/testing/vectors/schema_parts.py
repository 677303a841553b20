"""Parts of JSON Schemas of which the format of vectors is made."""

from collections.abc import Mapping, Sequence
from typing import Any

Keys = frozenset[str]
"""The keys of an object."""


def object_with(keys: Keys, required: Sequence[str] = (), **known: Any) -> dict[str, Any]:
    """The schema of an object with these keys alone."""
    properties = {key: known.get(key, {}) for key in sorted(keys)}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": sorted(required)} if required else schema


def object_of(each: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an object with any keys, of values of one schema."""
    return {"type": "object", "additionalProperties": each}


def list_of(items: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a list."""
    return {"type": "array", "items": items}


def reference(name: str) -> dict[str, Any]:
    """The schema that stands elsewhere under a name."""
    return {"$ref": f"#/$defs/{name}"}
