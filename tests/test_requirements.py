"""The locked requirements fit pyproject.toml, and every version has hashes."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FILES = sorted((ROOT / "requirements").glob("*.txt"))
GROUPS = PROJECT["dependency-groups"]
LOCKED = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([^ ;\\]+)", re.MULTILINE)


def group(name):
    """The requirements of a dependency group, those of the groups that it includes with them."""
    for entry in GROUPS[name]:
        if isinstance(entry, dict):
            yield from group(entry["include-group"])
        else:
            yield Requirement(entry)


def of_the_library():
    """The requirements of the library with all extras."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    return [Requirement(text) for texts in (PROJECT["project"]["dependencies"], *extras) for text in texts]


def server_requirements():
    """The requirements of the library with the extras that the image of the server has."""
    project = PROJECT["project"]
    extras = ("http", "cli", "postgresql", "signing")
    return [
        Requirement(text)
        for texts in (project["dependencies"], *(project["optional-dependencies"][e] for e in extras))
        for text in texts
    ]


def locked(name):
    """The locked versions of each package; several where platforms need different ones."""
    versions = {}
    for package, version in LOCKED.findall((ROOT / "requirements" / f"{name}.txt").read_text("utf-8")):
        versions.setdefault(canonicalize_name(package), []).append(version)
    return versions


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_locked_version_has_hashes_and_no_address(path):
    blocks = re.split(r"^(?=[a-z0-9])", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert len(blocks) > 5
    for block in blocks:
        assert LOCKED.match(block), block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert "://" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "requirements"),
    [
        ("dev", [*of_the_library(), *group("dev")]),
        ("lowest", [*of_the_library(), *group("suite")]),
        ("suite", group("suite")),
        ("sqlalchemy20", group("hosts")),
        ("mutation", group("mutation")),
        ("server", server_requirements()),
        ("build", group("build")),
        ("compiled", group("compiled")),
        ("peers", group("peers")),
        ("client", group("client")),
        ("supply", group("supply")),
    ],
)
def test_what_the_project_asks_for_is_locked(name, requirements):
    versions = locked(name)
    for requirement in requirements:
        found = versions.get(canonicalize_name(requirement.name))
        assert found, f"{requirement} is not in requirements/{name}.txt: run make lock"
        assert all(requirement.specifier.contains(version) for version in found), f"{requirement}: {found}"


def test_the_browser_is_locked_with_hashes_and_no_address():
    folder = ROOT / "requirements" / "browser"
    asked = json.loads((folder / "package.json").read_text("utf-8"))["dependencies"]
    text = (folder / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    assert packages.pop("")["dependencies"] == asked
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert '"resolved"' not in text


def test_the_tests_run_on_both_versions_of_sqlalchemy():
    assert [
        version.rsplit(".", 1)[0] for name in ("dev", "sqlalchemy20") for version in locked(name)["sqlalchemy"]
    ] == [
        "2.1",
        "2.0",
    ]


def test_the_lowest_versions_are_the_floors():
    versions = locked("lowest")
    for requirement in of_the_library():
        (floor,) = (specifier.version for specifier in requirement.specifier if specifier.operator == ">=")
        for version in versions[canonicalize_name(requirement.name)]:
            assert version.split(".")[: floor.count(".") + 1] == floor.split("."), f"{requirement}: {version}"


def test_every_environment_is_made_from_locked_files():
    recipes = [line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if line.startswith("\t")]
    assert sum("$(LOCKED)/" in line for line in recipes) == 8
    assert not [line for line in recipes if "pip install" in line]
