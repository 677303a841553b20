"""Build a wheel whose hot modules are compiled by mypyc, or check that those that are installed are.

The modules are those of `tool.hatch.build.targets.wheel.hooks.mypyc` in pyproject.toml.
"""

import argparse
import importlib
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def compiled_modules() -> list[str]:
    """Return the names of the modules that the wheel has compiled."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    paths = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]["include"]
    return [path.removeprefix("src/").removesuffix(".py").replace("/", ".") for path in paths]


def build(folder: Path) -> Path:
    """Build the wheel from the source distribution in a folder, and put it there."""
    (archive,) = folder.glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as unpacked:
        with tarfile.open(archive) as source:
            source.extractall(unpacked, filter="data")
        (project,) = Path(unpacked).iterdir()
        _put_the_package_first(project / "pyproject.toml")
        environment = {**os.environ, "HATCH_BUILD_HOOK_ENABLE_MYPYC": "1"}
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.resolve())]
        subprocess.run(command, check=True, cwd=project, env=environment)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _put_the_package_first(file: Path) -> None:
    """Let the wheel take its pages as single files, since the hook compiles below the first of its sources.

    An editable installation would copy such files, so that pyproject.toml itself has them as a source.
    """
    text = file.read_text("utf-8")
    assert text.count(_SOURCES) == 1, "pyproject.toml has the sources of the wheel in other words"
    file.write_text(text.replace(_SOURCES, _PACKAGE_FIRST), "utf-8")


_SOURCES = """
only-include = ["src/sot", "docs/reference", "docs/glossary.md"] # `sot reference export` writes these pages

[tool.hatch.build.targets.wheel.sources]
"src/sot" = "sot"
"docs" = "sot/entrypoints/data/docs"
"""

_PACKAGE_FIRST = """
packages = ["src/sot"]

[tool.hatch.build.targets.wheel.force-include]
"docs/reference" = "sot/entrypoints/data/docs/reference"
"docs/glossary.md" = "sot/entrypoints/data/docs/glossary.md"
"""


def interpreted_modules() -> list[str]:
    """Return the modules that should be compiled, and are not."""
    return [name for name in compiled_modules() if (importlib.import_module(name).__file__ or "").endswith(".py")]


def main() -> int:
    """Build the wheel, or check the installed one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="the folder with the source distribution")
    parser.add_argument("--check", action="store_true", help="check the installed modules")
    options = parser.parse_args()
    if options.folder is not None:
        print(build(options.folder))
    missing = interpreted_modules() if options.check else []
    for name in missing:
        print(f"{name} is not compiled", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
