"""Run the domain and application tests on memory under every other supported Python that is installed.

Each gets an environment of its own with the core and what the tests need. An interpreter that is not there is said to
be missing, and is no failure.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.12", "3.13", "3.14")
NEEDED = "import ensurepip, sqlite3"
LOCKED = ["--require-hashes", "--requirement", "requirements/suite.txt"]
LIBRARY = ["--no-deps", "--no-build-isolation", "--editable", "."]


def interpreter(version: str) -> str | None:
    """The path of an interpreter that runs and can make environments; None if there is none."""
    candidates = [shutil.which(f"python{version}")]
    candidates += map(str, sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")))
    for path in candidates:
        if path and subprocess.run([path, "-c", NEEDED], check=False, capture_output=True).returncode == 0:
            return path
    return None


def run(version: str, python: str) -> bool:
    """Whether the tests pass under an interpreter."""
    environment = ROOT / f".venv-{version}"
    pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not (environment / ".ready").exists():
        subprocess.run([python, "-m", "venv", environment], check=True)
        for packages in (LOCKED, LIBRARY):
            subprocess.run([*pip, *packages], check=True, cwd=ROOT)
        (environment / ".ready").touch()
    options = ["--numprocesses=2", "--dist=worksteal", "--stores=memory", "-q", "-p", "no:cacheprovider"]
    tests = ["tests/domain", "tests/application"]
    done = subprocess.run([environment / "bin" / "python", "-m", "pytest", *options, *tests], check=False, cwd=ROOT)
    return done.returncode == 0


def main() -> int:
    """Run all versions; the exit code is 1 if the tests fail under any."""
    failed = []
    for version in VERSIONS:
        python = interpreter(version)
        print(f"Python {version}: {python or 'not installed here'}", flush=True)
        if python and not run(version, python):
            failed.append(version)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
