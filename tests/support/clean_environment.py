"""Environments without our packages: the core, and beside it the packages that one extra needs, without a network."""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def needed_packages(requirements, extra=""):
    """The distributions that requirements lead to in this environment, by name."""
    found, waiting = {}, [(Requirement(text), extra) for text in requirements]
    while waiting:
        requirement, of_extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": of_extra}):
            continue
        distribution = metadata.distribution(requirement.name)
        known = found.setdefault(canonicalize_name(requirement.name), (distribution, set()))[1]
        for wanted in {"", *requirement.extras} - known:
            known.add(wanted)
            waiting += [(Requirement(text), wanted) for text in distribution.requires or ()]
    return {name: distribution for name, (distribution, _) in found.items()}


def link_packages(distributions, folder):
    """Link the files of distributions into a folder, as pip lays them out."""
    for distribution in distributions:
        for file in distribution.files:
            if ".." not in file.parts:  # scripts are outside
                path = Path(folder, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.symlink_to(distribution.locate_file(file))


class CleanEnvironment:
    """A new environment with a wheel and its own requirements, and nothing else."""

    def __init__(self, folder, wheel, requirements):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        self.folder = Path(folder)
        self.python = self.folder / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", self.python]
        subprocess.run([*pip, "install", "--no-index", "--no-deps", wheel], check=True, capture_output=True)
        (site_packages,) = self.folder.glob("lib/python*/site-packages")
        link_packages(needed_packages(requirements).values(), site_packages)

    def run(self, program, *arguments, added=None, folder=None, written=None):
        """Run a program of the environment; `added` is a folder with more packages, `written` its input."""
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(added or "")}
        command = [self.folder / "bin" / program, *map(str, arguments)]
        return subprocess.run(
            command,
            input=written,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            cwd=folder or self.folder,
        )
