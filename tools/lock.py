"""Write the files in `requirements`: every version that our environments install, with the hashes of its files.

Versions stay as they are unless `--upgrade` is given, or pyproject.toml asks for others. uv resolves them, for every
platform and every Python from the lowest one on.
"""

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "requirements"
LOWEST_PYTHON = "3.11"

DATABASES = ("--extra", "migrations", "--extra", "postgresql", "--extra", "signing", "--extra", "testing")
FILES: Mapping[str, Sequence[str]] = {
    "dev": ("--all-extras", "--group", "dev"),
    "suite": (*DATABASES, "--group", "suite"),
    "lowest": ("--all-extras", "--group", "suite", "--resolution", "lowest-direct"),
    "mutation": (*DATABASES, "--group", "mutation"),
    "client": ("--only-group", "client"),
    "supply": ("--only-group", "supply"),
}
"""The files, and what each has. All but `lowest` and `client` have the versions of `dev`, as far as they overlap."""

APART = frozenset({"dev", "lowest", "client"})


def lock(name: str, upgrade: bool) -> None:
    """Write one file."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", LOWEST_PYTHON]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock"]
    if upgrade:
        command.append("--upgrade")
    if name not in APART:
        command += ["--constraints", str(pins_of_dev())]
    options = list(FILES[name])
    source = ["pyproject.toml"]
    if options[0] == "--only-group":
        options, source = ["--group", options[1]], []
    command += [*source, *options, "--output-file", f"requirements/{name}.txt"]
    executable = Path(sys.executable).with_name(command[0])
    subprocess.run([executable, *command[1:]], check=True, cwd=ROOT)


def pins_of_dev() -> Path:
    """Write the versions of `dev` without their hashes, as constraints for the other files."""
    lines = (FOLDER / "dev.txt").read_text("utf-8").splitlines()
    path = FOLDER / ".pins"
    path.write_text("".join(line.removesuffix(" \\") + "\n" for line in lines if "==" in line and line[0].isalnum()))
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
