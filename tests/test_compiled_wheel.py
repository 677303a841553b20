"""The compiled wheel is built from a pyproject.toml in which the package is the first source of the wheel."""

import importlib.util
import shutil
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SPEC = importlib.util.spec_from_file_location("compiled_wheel", ROOT / "tools" / "compiled_wheel.py")
compiled_wheel = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(compiled_wheel)


def wheel_of(file):
    return tomllib.loads(file.read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]


def test_the_compiled_wheel_has_what_the_other_one_has(tmp_path):
    file = tmp_path / "pyproject.toml"
    shutil.copy(ROOT / "pyproject.toml", file)
    before = wheel_of(file)
    compiled_wheel._put_the_package_first(file)
    after = wheel_of(file)
    assert after["packages"] == ["src/sot"]
    assert "sources" not in after
    targets = {path: f"{before['sources']['docs']}/{path.removeprefix('docs/')}" for path in before["only-include"][1:]}
    assert after["force-include"] == targets
    assert after["hooks"] == before["hooks"]


def test_other_sources_are_an_error(tmp_path):
    file = tmp_path / "pyproject.toml"
    file.write_text("[tool.hatch.build.targets.wheel]\n", "utf-8")
    with pytest.raises(AssertionError, match="in other words"):
        compiled_wheel._put_the_package_first(file)
