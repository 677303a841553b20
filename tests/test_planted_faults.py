"""The planted faults can be planted, and the short form of `make mutants` catches its own."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOL = ROOT / "tools" / "mutants.py"
PROMISES = range(1, 13)


def load_tool():
    spec = importlib.util.spec_from_file_location("mutants", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module
    spec.loader.exec_module(module)
    return module


mutants = load_tool()
FAULTS = mutants.load()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_can_be_planted(fault):
    changed = fault.plant(ROOT / "src")
    assert changed != (ROOT / "src" / "sot" / fault.file).read_text("utf-8")
    if fault.file.endswith(".py"):
        ast.parse(changed)


def test_every_promise_has_faults_of_different_names():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 40
    for promise in PROMISES:
        assert len([fault for fault in FAULTS if fault.promise == promise]) >= 2, f"promise {promise}"
    assert len([fault for fault in FAULTS if fault.quick]) == 3


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_tests_of_a_fault_are_documented_under_its_promise(fault):
    page = (ROOT / "docs" / "reference" / "promises.md").read_text("utf-8")
    section = re.search(rf"^## {fault.promise}\. (.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL)
    for test in fault.tests:
        file, _, rest = test.partition("::")
        assert f"`{file}`" in section[1], f"{file} is not under promise {fault.promise}"
        function = rest.partition("[")[0].rpartition("::")[2]
        sources = [ROOT / file, *(ROOT / "src" / "sot" / "testing" / "contract").glob("*.py")]
        assert not function or any(f"def {function}(" in source.read_text("utf-8") for source in sources), test


def run(*options):
    done = subprocess.run([sys.executable, TOOL, *options], check=False, capture_output=True, text=True, cwd=ROOT)
    return done.returncode, done.stdout


def test_the_faults_of_the_short_form_are_caught():
    code, output = run("--quick")
    assert code == 0, output
    assert output.count("CAUGHT") == 3


def fault_of_merkle(text, replacement, tests="tests/domain/test_merkle.py::test_a_single_leaf_is_its_own_root"):
    return mutants.Fault("a planned one", 7, "domain/audit/merkle.py", text, replacement, (tests,))


@pytest.mark.parametrize(
    ("fault", "code", "outcome"),
    [
        (fault_of_merkle("Compute the audit path", "Compute the path"), 1, "SURVIVED"),
        (fault_of_merkle("return sha256(b", "return md5(b"), 2, "its text occurs 3 times"),
        (fault_of_merkle("from collections.abc", "from nowhere"), 2, "pytest ended with"),
        (fault_of_merkle("if not self._subtrees:", "if False:", "tests/domain/test_merkle.py::nothing"), 2, "ERROR"),
    ],
)
def test_a_fault_that_shows_nothing_is_reported(fault, code, outcome, capsys):
    assert mutants.campaign([fault]) == code
    assert outcome in capsys.readouterr().out


def test_faults_are_listed_by_promise():
    code, output = run("--list", "--promise", "3")
    assert code == 0
    assert output.splitlines()
    assert all(line.startswith("promise  3  ") for line in output.splitlines())
