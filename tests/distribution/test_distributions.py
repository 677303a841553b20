"""What is published can be installed: the files, the metadata, and each extra alone in an environment without ours."""

import configparser
import email
import json
import re
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

import sot
from sot.domain.values.errors import DISTRIBUTION
from sot.entrypoints.reference.bundle import bundle_files
from tests.distribution.conftest import EXTRAS, PROJECT, ROOT

PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]

OPENS = [
    (
        "postgresql",
        """
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.errors import StoreUnavailable
try:
    SqlAlchemyStore.open("postgresql://127.0.0.1:1/none")
except StoreUnavailable:
    pass
""",
    ),
    (
        "asyncio",
        """
import asyncio, tempfile
from sot.aio import AsyncStore
async def main():
    with tempfile.TemporaryDirectory() as folder:
        async with await AsyncStore.open(f"sqlite:///{folder}/orders.db"):
            pass
asyncio.run(main())
""",
    ),
    (
        "asyncpg",
        """
import asyncio
from sot.aio import AsyncStore
from sot.errors import StoreUnavailable
async def main():
    try:
        await AsyncStore.open("postgresql+asyncpg://127.0.0.1:1/none")
    except StoreUnavailable:
        pass
asyncio.run(main())
""",
    ),
    ("migrations", "import sot.adapters.sqlalchemy.alembic"),
    ("cli", "import sys; from sot.entrypoints.main import main; sys.argv = ['sot', 'demo']; main()"),
    (
        "chart",
        """
from pathlib import Path
from sot.entrypoints.chart import check_path, draw
draw([], check_path(Path("results.svg")), "results")
""",
    ),
    ("frames", "from sot import frames; from sot.adapters.memory import MemoryStore; frames.fills(MemoryStore())"),
    ("signing", "from sot.adapters.signing import Ed25519Signer; Ed25519Signer.generate()"),
    (
        "fix",
        r"""
from sot.adapters.fix import read_message
read_message(b"8=FIX.4.4\0019=5\00135=0\00110=163\001")
""",
    ),
    ("ccxt", "from sot.adapters.ccxt import CcxtVenue; CcxtVenue.open('kraken')"),
    (
        "http",
        """
from sot.adapters.http import create_app
from sot.adapters.memory import MemoryStore
create_app(MemoryStore())
import sot.adapters.http.connections
""",
    ),
    (
        "opentelemetry",
        "from sot.adapters.opentelemetry import OpenTelemetryObserver; OpenTelemetryObserver().trace()",
    ),
    (
        "dask",
        """
from sot.entrypoints import workers
from sot.errors import InvalidInput
workers._SCHEDULER_TIMEOUT = "1s"
try:
    with workers.workers(1, "tcp://127.0.0.1:1", "orders.db"):
        pass
except InvalidInput:
    pass
""",
    ),
    ("testing", "import sot.testing.contract"),
    ("testing", "import sot.testing.lockstep"),
    ("testing", "import sot.testing.strategies"),
]
"""The extras, and what each opens: it works with the extra, and says without it which one is missing."""


def files_of(folder):
    """The files under a folder with their content, without what Python makes beside them."""
    paths = [path for path in Path(folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def wheel_files(distributions):
    with zipfile.ZipFile(distributions[1]) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


@pytest.fixture(scope="module")
def information(wheel_files):
    """The folder with the metadata in the wheel."""
    (folder,) = {name.partition("/")[0] for name in wheel_files} - {"sot"}
    return {name.partition("/")[2]: text for name, text in wheel_files.items() if name.startswith(folder)}


def test_the_wheel_has_the_whole_library_and_nothing_else(wheel_files, information):
    expected = {f"sot/{name}": text for name, text in files_of(ROOT / "src" / "sot").items()}
    reference = {f"reference/{name}": text for name, text in files_of(ROOT / "docs" / "reference").items()}
    documentation = {**reference, "glossary.md": (ROOT / "docs" / "glossary.md").read_bytes()}
    expected |= {f"sot/entrypoints/data/docs/{name}": text for name, text in documentation.items()}
    assert {name for name in wheel_files if name.startswith("sot/")} == set(expected)
    assert all(wheel_files[name] == text for name, text in expected.items())
    assert set(information) == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    assert information["licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert {"sot/py.typed", "sot/entrypoints/data/real_orders.jsonl"} < set(wheel_files)
    assert sum(name.endswith(".sql") for name in wheel_files) > 10


def test_the_source_distribution_has_what_is_tracked(distributions):
    with tarfile.open(distributions[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "PKG-INFO"} < names
    assert {name for name in names if name.startswith("src/")} == {f"src/{name}" for name in files_of(ROOT / "src")}
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        tracked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
        there = {name for name in tracked if (ROOT / name).exists() and not name.startswith(".ci/")}
        assert names == there | {"PKG-INFO"}


def test_the_metadata_is_valid_and_says_what_pyproject_says(information):
    raw = information["METADATA"]
    found = Metadata.from_email(raw, validate=True)
    assert (found.name, str(found.version), found.license_expression) == (DISTRIBUTION, sot.__version__, "MIT")
    assert str(found.requires_python) == PROJECT["requires-python"]
    assert found.description_content_type.startswith("text/markdown")
    assert email.message_from_bytes(raw).get_payload() == (ROOT / "README.md").read_text("utf-8")
    assert found.classifiers == sorted(PROJECT["classifiers"])
    assert found.author == PROJECT["authors"][0]["name"]
    assert set(found.provides_extra) == set(EXTRAS)
    assert set(found.requires_dist) == {
        *map(Requirement, PROJECT["dependencies"]),
        *(with_extra(text, extra) for extra, texts in EXTRAS.items() for text in texts),
    }
    assert not [requirement for requirement in found.requires_dist if requirement.url]


def with_extra(text, extra):
    return Requirement(f"{text}; extra == '{extra}'")


def test_the_command_is_installed(information, environment):
    scripts = configparser.ConfigParser()
    scripts.read_string(information["entry_points.txt"].decode())
    assert dict(scripts["console_scripts"]) == PROJECT["scripts"]
    result = environment.run("sot", "--version")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "pip install 'sot-orders[cli]'" in result.stderr


def test_every_extra_is_in_the_table():
    assert {extra for extra, _ in OPENS} == set(EXTRAS)


def test_the_wheel_is_what_is_imported(environment):
    found = environment.run("python", "-c", "import sot; print(sot.__file__)")
    assert str(environment.folder) in found.stdout, found.stderr


def test_the_readme_runs_with_the_core_alone(environment, information):
    blocks = re.findall(r"^```python\n(.*?)^```", information["METADATA"].decode(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    result = environment.run("python", "-W", "error", "-c", "\n".join(blocks))
    assert result.returncode == 0, result.stderr


WITHOUT = """
import contextlib, io, json, sys
said = []
for code in json.load(sys.stdin):
    written = io.StringIO()
    try:
        with contextlib.redirect_stderr(written):
            exec(code, {})
    except (ImportError, SystemExit) as error:
        said.append(written.getvalue().strip() or str(error))
    else:
        said.append("it works")
print(json.dumps(said))
"""


def test_without_an_extra_it_says_what_to_install(environment, tmp_path):
    codes = json.dumps([code for _, code in OPENS])
    result = environment.run("python", "-c", WITHOUT, folder=tmp_path, written=codes)
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    assert len(said) == len(OPENS)
    for (extra, _), text in zip(OPENS, said, strict=True):
        extra = "asyncio" if extra == "asyncpg" else extra  # greenlet, which both bring, is missing first
        assert text.endswith(f"needs an optional package: pip install '{DISTRIBUTION}[{extra}]'"), text


@pytest.mark.parametrize(("extra", "code"), OPENS, ids=[extra for extra, _ in OPENS])
def test_an_extra_works_alone(environment, packages_of, extra, code, tmp_path):
    result = environment.run("python", "-c", code, added=packages_of(extra), folder=tmp_path)
    assert result.returncode == 0, result.stderr


def test_the_reference_bundle_is_written_by_the_wheel_alone(environment, packages_of, tmp_path):
    code = "import sys; from sot.entrypoints.main import main; sys.argv = ['sot', 'reference', 'export', 'b']; main()"
    result = environment.run("python", "-c", code, added=packages_of("cli"), folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert files_of(tmp_path / "b") == dict(bundle_files())


def test_every_hint_names_the_distribution_and_an_extra():
    hints = [
        (path, *hint)
        for path in PAGES
        for hint in re.findall(r"pip install '?([\w.-]+)(?:\[([\w,-]+)\])?", path.read_text("utf-8"))
    ]
    assert len(hints) >= 3
    wrong = [hint for hint in hints if hint[1] != DISTRIBUTION or not {*hint[2].split(",")} <= {*EXTRAS, ""}]
    assert wrong == []
