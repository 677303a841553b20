"""A client that a generator makes of the committed document, without a warning: it works, and is typed throughout.

The generator's needs conflict with ours, so that it has an environment of its own, which the Makefile makes.
"""

import copy
import json
import subprocess
from pathlib import Path

import pytest
from http_house import key, registered, server
from wires import served

from sot.adapters.http.schemas.schema_refs import VOCABULARIES

ROOT = Path(__file__).parents[3]
BIN = ROOT / ".venv-client" / "bin"
COMMITTED = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text("utf-8"))
USE = Path(__file__).with_name("use_of_client.py")
WORDS = sorted({*VOCABULARIES, "ProblemCode"} & COMMITTED["components"]["schemas"].keys())


@pytest.fixture(scope="module", autouse=True)
def environment():
    """Where the generator is installed; nothing to do where the tests are run by `make test`."""
    done = subprocess.run(["make", "client"], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def generated(document, path):
    """What came of generating a client of a document: the code of the program's end, and all that it said."""
    said, config = path / "openapi.json", path / "config.yml"
    said.write_text(json.dumps(document))
    config.write_text("post_hooks: []\n")
    done = _ran("openapi-python-client", "generate", "--fail-on-warning", "--meta", "none", "--path", said,
                "--config", config, "--output-path", path / "sot_client")  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def used(path, make_store):
    """What came of using it with a server."""
    store = make_store("memory")
    client, headers = server(store, keys=True), key(store, "default")
    registered(client, headers=headers)
    with served(client.app) as port:
        token = headers["Authorization"].removeprefix("Bearer ")
        return _ran("python", "-W", "error", USE, f"http://127.0.0.1:{port}", token, *WORDS, PYTHONPATH=path)


def _ran(program, *arguments, **environment):
    return subprocess.run(
        [BIN / program, *arguments], check=False, capture_output=True, text=True, timeout=120,
        env={"PYTHONDONTWRITEBYTECODE": "1", **{name: str(value) for name, value in environment.items()}},
    )  # fmt: skip


def test_it_is_generated_without_a_warning_and_works(tmp_path, make_store):
    code, said = generated(COMMITTED, tmp_path)
    assert (code, "warning" in said.lower()) == (0, False), said
    done = used(tmp_path, make_store)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def broken(change):
    document = copy.deepcopy(COMMITTED)
    change(document)
    return document


def _no_schema(document):
    del document["components"]["schemas"]["OrderStatus"]


def _another_vocabulary_of_that_name(document):
    document["components"]["schemas"]["order_status"] = {"type": "string", "enum": ["A", "B"]}


@pytest.mark.parametrize(
    ("change", "named"),
    [(_no_schema, "OrderStatus"), (_another_vocabulary_of_that_name, "order_status")],
    ids=["missing", "twice"],
)
def test_a_broken_document_is_found_out(tmp_path, change, named):
    code, said = generated(broken(change), tmp_path)
    assert code != 0 and named in said, said


def _a_word_is_missing(document):
    document["components"]["schemas"]["OrderStatus"]["enum"].remove("FILLED")


def _two_classes_for_one_vocabulary(document):
    schemas = document["components"]["schemas"]
    schemas["Order"]["properties"]["side"] = schemas["Side"]


@pytest.mark.parametrize(
    ("change", "named"),
    [(_a_word_is_missing, "FILLED"), (_two_classes_for_one_vocabulary, "one class for each vocabulary")],
    ids=["word", "class"],
)
def test_an_untrue_document_is_found_out(tmp_path, make_store, change, named):
    code, said = generated(broken(change), tmp_path)
    assert code == 0, said
    done = used(tmp_path, make_store)
    assert done.returncode != 0 and named in done.stderr, done.stderr
