"""The Chromium that tests and tools look at the page with: the one of `make browser`, or one that is installed."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import attrs

FOLDER = Path(__file__).parents[2] / ".venv-browser"
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--headless=shell", "--disable-gpu", "--hide-scrollbars"]


class NoChromium(Exception):
    """There is no Chromium, or nothing to drive it with."""


@attrs.frozen
class Chromium:
    """An executable, and the environment variables that it needs."""

    executable: str
    environment: Mapping[str, str]


def find_chromium() -> Chromium:
    """Return the Chromium of `make browser`, else one from the path.

    Raises:
        NoChromium: There is none.
    """
    own = FOLDER / "chromium"
    if own.exists():
        libraries = f"{FOLDER / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
        return Chromium(str(own), {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(FOLDER / "fonts.conf")})
    found = next(filter(None, map(shutil.which, INSTALLED)), None)
    if found is None:
        raise NoChromium("no Chromium: `make browser` says why, and none is on the path")
    return Chromium(found, {})


def axe_source() -> str:
    """Return the script of axe-core.

    Raises:
        NoChromium: It is not installed.
    """
    if not AXE.exists():
        raise NoChromium("no axe-core: `make browser` says why")
    return AXE.read_text("utf-8")


@contextmanager
def launched_chromium() -> Iterator:
    """Launch Chromium for a block, as a browser of playwright.

    Raises:
        NoChromium: There is none, or nothing to drive it with.
    """
    chromium = find_chromium()
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoChromium("playwright is not installed") from None
    with sync_playwright() as playwright:
        environment = {**os.environ, **chromium.environment}
        try:
            browser = playwright.chromium.launch(executable_path=chromium.executable, args=ARGUMENTS, env=environment)
        except Error as error:
            raise NoChromium(f"{chromium.executable} does not start: {error.message.splitlines()[0]}") from None
        yield browser
        browser.close()
