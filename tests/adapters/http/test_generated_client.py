"""A client is generated of the committed document without a warning; it works, and is fully typed.

The generator's dependencies conflict with those of this project, so that it has an environment of its own, which the
Makefile makes.
"""

import copy
import json
import subprocess
from pathlib import Path

import pytest
from http_client import key_headers, make_client, register_instrument
from raw_http import running_server

from sot.adapters.http.schemas.schema_refs import VOCABULARIES

ROOT = Path(__file__).parents[3]
BIN = ROOT / ".venv-client" / "bin"
COMMITTED = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text("utf-8"))
USAGE = Path(__file__).with_name("generated_client_usage.py")
ENUMERATIONS = sorted({*VOCABULARIES, "ProblemCode"} & COMMITTED["components"]["schemas"].keys())


@pytest.fixture(scope="module", autouse=True)
def environment():
    """Install the generator; `make test` has done so before."""
    process = subprocess.run(["make", "client"], check=False, cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == 0, process.stdout + process.stderr


def generate(document, path):
    """Generate a client of a document; returns the exit code and the output."""
    source, config = path / "openapi.json", path / "config.yml"
    source.write_text(json.dumps(document))
    config.write_text("post_hooks: []\n")
    process = _run("openapi-python-client", "generate", "--fail-on-warning", "--meta", "none", "--path", source,
                   "--config", config, "--output-path", path / "sot_client")  # fmt: skip
    return process.returncode, process.stdout + process.stderr


def use(path, make_store):
    """Run the generated client against a server; returns the completed process."""
    store = make_store("memory")
    client, headers = make_client(store, keys=True), key_headers(store, "default")
    register_instrument(client, headers=headers)
    with running_server(client.app) as port:
        token = headers["Authorization"].removeprefix("Bearer ")
        return _run("python", "-W", "error", USAGE, f"http://127.0.0.1:{port}", token, *ENUMERATIONS, PYTHONPATH=path)


def _run(program, *arguments, **environment):
    return subprocess.run(
        [BIN / program, *arguments], check=False, capture_output=True, text=True, timeout=120,
        env={"PYTHONDONTWRITEBYTECODE": "1", **{name: str(value) for name, value in environment.items()}},
    )  # fmt: skip


def test_the_client_is_generated_without_a_warning_and_works(tmp_path, make_store):
    code, output = generate(COMMITTED, tmp_path)
    assert (code, "warning" in output.lower()) == (0, False), output
    process = use(tmp_path, make_store)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")


def changed_document(change):
    document = copy.deepcopy(COMMITTED)
    change(document)
    return document


def _remove_schema(document):
    del document["components"]["schemas"]["OrderStatus"]


def _add_ambiguous_schema(document):
    document["components"]["schemas"]["order_status"] = {"type": "string", "enum": ["A", "B"]}


@pytest.mark.parametrize(
    ("change", "expected"),
    [(_remove_schema, "OrderStatus"), (_add_ambiguous_schema, "order_status")],
    ids=["missing", "twice"],
)
def test_a_broken_document_fails_to_generate(tmp_path, change, expected):
    code, output = generate(changed_document(change), tmp_path)
    assert code != 0 and expected in output, output


def _remove_word(document):
    document["components"]["schemas"]["OrderStatus"]["enum"].remove("FILLED")


def _inline_vocabulary(document):
    schemas = document["components"]["schemas"]
    schemas["Order"]["properties"]["side"] = schemas["Side"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [(_remove_word, "FILLED"), (_inline_vocabulary, "one class for each vocabulary")],
    ids=["word", "class"],
)
def test_a_wrong_document_fails_in_use(tmp_path, make_store, change, expected):
    code, output = generate(changed_document(change), tmp_path)
    assert code == 0, output
    process = use(tmp_path, make_store)
    assert process.returncode != 0 and expected in process.stderr, process.stderr
