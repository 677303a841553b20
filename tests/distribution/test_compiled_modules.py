"""The modules that `make compiled` compiles exist, and are compiled only when it is asked for."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HATCH = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]
HOOKS = HATCH["build"]["targets"]["wheel"]["hooks"]


def test_each_module_to_compile_exists_and_is_listed_once():
    modules = HOOKS["mypyc"]["include"]
    assert len(modules) > 30
    assert modules == sorted(set(modules))
    assert [path for path in modules if not (ROOT / path).is_file()] == []


def test_nothing_is_compiled_unless_it_is_asked_for():
    assert HOOKS.keys() == {"mypyc"}
    assert HOOKS["mypyc"]["enable-by-default"] is False
    assert list((ROOT / "src").rglob("*.so")) == []
