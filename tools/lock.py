"""Write the files in `requirements`: every version that our environments install, with the hashes of its files.

Versions stay as they are unless `--upgrade` is given, or pyproject.toml asks for others. uv resolves them, for every
platform and every Python from the lowest one on.
"""

import argparse
import itertools
import re
import subprocess
import sys
import tomllib
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "requirements"
LOWEST_PYTHON = "3.11"

DATABASES = ("--extra", "migrations", "--extra", "postgresql", "--extra", "signing", "--extra", "testing")
FILES: Mapping[str, Sequence[str]] = {
    "dev": ("--all-extras", "--group", "dev"),
    "suite": (*DATABASES, "--group", "suite"),
    "lowest": ("--all-extras", "--group", "suite", "--group", "tables", "--resolution", "lowest-direct"),
    "sqlalchemy20": (*DATABASES, "--extra", "cli", "--group", "hosts"),
    "mutation": (*DATABASES, "--group", "mutation"),
    "server": ("--extra", "http", "--extra", "cli", "--extra", "postgresql", "--extra", "signing"),
    "build": ("--only-group", "build"),
    "compiled": (*DATABASES, "--group", "compiled"),
    "peers": ("--group", "peers"),
    "client": ("--only-group", "client"),
    "supply": ("--only-group", "supply"),
}
"""The files, and what each has. All but those apart have the versions of `dev`, as far as they overlap."""

APART = frozenset({"dev", "lowest", "client", "peers"})
OTHER_VERSIONS: Mapping[str, frozenset[str]] = {"sqlalchemy20": frozenset({"sqlalchemy"})}
"""Packages whose version in a file is not that of `dev`."""


def lock(name: str, upgrade: bool) -> None:
    """Write one file."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", LOWEST_PYTHON]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock"]
    if upgrade:
        command.append("--upgrade")
    if name == "lowest":  # a floor that was lowered fits the locked version still
        command += [f"--upgrade-package={package}" for package in packages_of_the_library()]
    if name not in APART:
        command += ["--constraints", str(pins_of_dev(OTHER_VERSIONS.get(name, frozenset())))]
    options = list(FILES[name])
    source = ["pyproject.toml"]
    if options[0] == "--only-group":
        options, source = ["--group", options[1]], []
    command += [*source, *options, "--output-file", f"requirements/{name}.txt"]
    executable = Path(sys.executable).with_name(command[0])
    subprocess.run([executable, *command[1:]], check=True, cwd=ROOT)


def packages_of_the_library() -> list[str]:
    """Return the packages that the library asks for, those of its extras, too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    texts = [*project["dependencies"], *itertools.chain.from_iterable(project["optional-dependencies"].values())]
    return [re.split(r"[^\w.-]", text, maxsplit=1)[0] for text in texts]


def pins_of_dev(left_out: Container[str]) -> Path:
    """Write the versions of `dev` without their hashes, as constraints for the other files."""
    lines = (FOLDER / "dev.txt").read_text("utf-8").splitlines()
    pins = [line.removesuffix(" \\") for line in lines if "==" in line and line[0].isalnum()]
    path = FOLDER / ".pins"
    path.write_text("".join(f"{pin}\n" for pin in pins if pin.partition("==")[0] not in left_out))
    return path


def main() -> int:
    """Write all files, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*FILES, []], help="the files to write; all by default")
    parser.add_argument("--upgrade", action="store_true", help="take the latest versions")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    try:
        for name in options.names or FILES:
            lock(name, options.upgrade)
            print(f"requirements/{name}.txt")
    finally:
        (FOLDER / ".pins").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
