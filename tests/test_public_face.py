"""What `import sot` gives, and what it does not load."""

import importlib
import subprocess
import sys

import pytest

import sot
from sot.domain.values import errors


def test_importing_sot_is_light():
    heavy = (
        "{'sqlalchemy', 'alembic', 'psycopg', 'typer', 'rich', 'cryptography', 'hypothesis', 'pytest', 'asyncio', "
        "'sqlite3'}"
    )
    code = f"import sys, sot, sot.adapters.memory; found = {heavy} & set(sys.modules); assert not found, found"
    subprocess.run([sys.executable, "-c", code], check=True)


MODULES = (
    "sot",
    "sot.accounting",
    "sot.aio",
    "sot.audit",
    "sot.errors",
    "sot.frames",
    "sot.importing",
    "sot.queries",
    "sot.venue",
)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_there_and_documented(module):
    face = importlib.import_module(module)
    assert face.__all__ == sorted(face.__all__)
    for name in face.__all__:
        assert getattr(face, name).__doc__, name


def test_the_first_steps_need_few_names():
    assert len(sot.__all__) <= 30


def test_a_name_is_in_one_module():
    """But for the errors of the first steps, which `sot.errors` has, too."""
    names = [name for module in MODULES if module != "sot.errors" for name in importlib.import_module(module).__all__]
    assert len(names) == len(set(names))


def test_all_errors_are_one_tree_and_carry_their_facts():
    found = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert len(found) >= 18
    assert all(issubclass(error, sot.SotError) for error in found)
    error = sot.IllegalTransition("o", "FILLED", "FAILED", "wait")
    assert (error.order_id, error.status, error.event) == ("o", "FILLED", "FAILED")
    assert issubclass(sot.InvalidInput, ValueError)
    assert issubclass(sot.NotFound, LookupError)
    assert "x" * 100 not in str(sot.InvalidInput("field", "x" * 10_000, "less"))


def test_the_package_carries_its_data_and_its_types():
    from importlib.resources import files

    package = files("sot")
    assert (package / "py.typed").is_file()
    assert (package / "testing" / "data" / "lifecycle_fix.json").is_file()
