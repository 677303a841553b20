"""`sot reference export`: the bundle is whole, points to nothing outside of it, and has the same bytes each time."""

import json
import os
import posixpath
import re
import subprocess
import sys
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.support.command_line import sot
from tests.support.public_values import PUBLIC_VALUES

from sot import __version__
from sot.adapters.sqlalchemy.models import VERSION
from sot.entrypoints.reference import documentation
from sot.entrypoints.reference.documentation import close_links
from sot.testing.vectors import bundled, load

DOCS = Path(__file__).parents[2] / "docs"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The folder of a bundle."""
    folder = tmp_path_factory.mktemp("reference") / "bundle"
    result = sot("reference", "export", folder)
    assert result.exit_code == 0, result.output
    assert str(folder / "README.md") in result.stdout.replace("\n", "")
    return folder


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def prose(page):
    return re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)


def anchors(page):
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_to_a_file_of_the_bundle(bundle):
    pages = {path: content.decode() for path, content in contents(bundle).items() if path.endswith(".md")}
    links = [(page, link) for page, text in pages.items() for link in LINK.findall(prose(text)) if "://" not in link]
    assert len(links) > 150
    broken = []
    for page, link in links:
        path, _, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        if not (bundle / target).is_file() or (anchor and anchor not in anchors(pages[target])):
            broken.append((page, link))
    assert broken == []


def test_every_rule_and_page_for_implementations_is_there(bundle):
    for page in (DOCS / "reference" / "specification").iterdir():
        kept = (bundle / "reference" / "specification" / page.name).read_text("utf-8")
        assert re.findall(r"\*\*[A-Z_]+-[^*]+\*\*", kept) == re.findall(
            r"\*\*[A-Z_]+-[^*]+\*\*", page.read_text("utf-8")
        )
    names = {path.name for path in (bundle / "reference").iterdir()}
    documented = {path.name for path in (DOCS / "reference").iterdir()}
    assert documented - names == {"campaigns.md", "mutation.md"}


def test_every_top_folder_is_in_the_readme(bundle):
    readme = (bundle / "README.md").read_text("utf-8")
    named = {link.partition("/")[0] for link in LINK.findall(readme)}
    assert {path.name for path in bundle.iterdir()} - {"README.md"} <= named


def test_the_readme_orders_every_file_of_vectors(bundle):
    steps = prose((bundle / "README.md").read_text("utf-8")).partition("## In which order")[2]
    patterns = re.findall(r"`([\w/]+\*?[\w/]*\.json)`", steps)
    left = {path.relative_to(bundle / "vectors").as_posix() for path in (bundle / "vectors").rglob("*.json")}
    assert left - {path for path in left for pattern in patterns if Path(path).match(pattern)} == set()


def test_the_manifest_lists_every_file_with_its_hash(bundle):
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    assert (manifest["format"], manifest["version"]) == ("sot-reference/1", __version__)
    assert (manifest["schema_version"], manifest["vector_format"]) == (VERSION, "sot-vector/1")
    listed = {file["path"]: (file["bytes"], file["sha256"]) for file in manifest["files"]}
    there = {path: (len(content), sha256(content).hexdigest()) for path, content in contents(bundle).items()}
    assert len(listed) == len(manifest["files"])
    assert listed == {path: values for path, values in there.items() if path != "manifest.json"}


def test_another_process_writes_the_same_bytes(bundle, tmp_path):
    code = "import sys; from sot.entrypoints.main import main; sys.argv = ['sot', 'reference', 'export', 'b']; main()"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert contents(tmp_path / "b") == contents(bundle)


def test_the_vectors_are_those_of_the_package(bundle):
    assert load(bundle / "vectors") == bundled()
    messages = (files("sot.testing") / "data" / "fix" / "messages.json").read_bytes()
    assert (bundle / "vectors" / "fix" / "messages.json").read_bytes() == messages
    schema = json.loads((bundle / "reference" / "vector.schema.json").read_text("utf-8"))
    for name in ("lifecycle_fix", "archive"):
        Draft202012Validator(schema).validate(json.loads((bundle / "vectors" / f"{name}.json").read_text("utf-8")))


def test_every_public_value_has_schemas(bundle):
    for folder, written in (("written", True), ("read", False)):
        paths = {path.stem: path for path in (bundle / "schemas" / folder).iterdir()}
        assert set(paths) == set(PUBLIC_VALUES)
        for name, path in paths.items():
            schema = json.loads(path.read_text("utf-8"))
            Draft202012Validator.check_schema(schema)
            assert schema.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
            assert schema == PUBLIC_VALUES[name].json_schema(written)


def test_the_tables_are_there_for_both_databases(bundle):
    for name in ("sqlite", "postgresql"):
        text = (bundle / "ddl" / f"{name}.sql").read_text("utf-8")
        assert f"'000{VERSION}'" in text
        assert "CREATE TABLE order_events" in text


@pytest.mark.parametrize("name", ["folder", "file"])
def test_nothing_is_written_among_other_files(tmp_path, name):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "file").write_text("mine")
    result = sot("reference", "export", taken if name == "folder" else taken / "file")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "a new or empty folder" in result.stderr
    assert contents(taken) == {"file": b"mine"}


def test_an_empty_folder_is_taken(tmp_path):
    assert sot("reference", "export", tmp_path).exit_code == 0
    assert (tmp_path / "manifest.json").is_file()


def test_an_installation_without_documentation_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(documentation, "_documentation", lambda: tmp_path / "none")
    result = sot("reference", "export", tmp_path / "bundle")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "bundle").exists()


def test_links_out_of_the_bundle_become_text():
    page = "[a](b.md#c) [d](../how-to/e.md) [f](https://g) [h](#i)\n```\n[j](k.md)\n```\n"
    closed = "[a](b.md#c) *d* [f](https://g) [h](#i)\n```\n[j](k.md)\n```\n"
    assert close_links("reference/page.md", page, {"reference/b.md"}) == closed


def test_help_teaches():
    text = sot("reference", "export", "--help").output
    assert "sot reference export sot-reference" in text
    assert "manifest.json" in text
