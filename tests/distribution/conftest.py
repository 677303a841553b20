"""The wheel, an environment with nothing but it, and the packages of each extra."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.clean_environment import CleanEnvironment, link_packages, needed_packages

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


@pytest.fixture(scope="package")
def distributions(tmp_path_factory):
    """The source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (source,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    assert len(list(folder.iterdir())) == 2
    return source, wheel


@pytest.fixture(scope="package")
def environment(distributions, tmp_path_factory):
    return CleanEnvironment(tmp_path_factory.mktemp("clean") / "venv", distributions[1], PROJECT["dependencies"])


@pytest.fixture(scope="package")
def packages_of(tmp_path_factory, environment):
    """Make a folder with the packages that an extra brings beside the core."""
    core, folders = needed_packages(PROJECT["dependencies"]), {}

    def make(extra):
        if extra not in folders:
            folders[extra] = tmp_path_factory.mktemp(extra)
            more = needed_packages(EXTRAS[extra])
            link_packages([more[name] for name in more.keys() - core.keys()], folders[extra])
        return folders[extra]

    return make
