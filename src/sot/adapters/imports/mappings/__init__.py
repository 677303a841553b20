"""The mapping files that are shipped, by name."""

from collections.abc import Sequence
from importlib.resources import files

_ENDING = ".toml"


def shipped_mappings() -> Sequence[str]:
    """The names of the mappings."""
    names = (entry.name for entry in files(__name__).iterdir())
    return sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING))


def mapping_text(name: str) -> str:
    """The text of a mapping file."""
    return (files(__name__) / f"{name}{_ENDING}").read_text("utf-8")
