"""What `import sot` gives, and what it does not load."""

import ast
import importlib
import inspect
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


def test_importing_sot_loads_no_module_of_it():
    """Each name loads its module when it is first used, so that a program pays for what it uses."""
    code = (
        "import sys, sot; assert not [name for name in sys.modules if name.startswith('sot.')]; "
        "assert 'OrderHistory' in dir(sot); assert sot.OrderHistory is sot.OrderHistory; "
        "assert 'sot.application.history' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def _imports_for_type_checkers():
    """The names that a type checker sees in `sot`, each with its module and its name there."""
    block = next(node for node in ast.parse(inspect.getsource(sot)).body if isinstance(node, ast.If))
    return {
        alias.asname or alias.name: (statement.module, alias.name)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }


def test_what_type_checkers_see_is_what_is_loaded():
    seen = _imports_for_type_checkers()
    assert sorted(seen) == sot.__all__
    for name, (module, original) in seen.items():
        assert getattr(sot, name) is getattr(importlib.import_module(module), original), name
        assert sot._MODULE_OF[name] == module


def test_an_unknown_name_is_refused_as_by_every_module():
    with pytest.raises(AttributeError, match="module 'sot' has no attribute 'Nothing'"):
        _ = sot.Nothing
    assert not hasattr(sot, "nothing")


def test_all_names_can_be_imported_at_once():
    names = {}
    exec("from sot import *", names)
    assert set(sot.__all__) <= names.keys()


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
