"""Write pictures of the page in `docs/pictures/page`: each view of the store of `sot demo`, in light and dark, and on
a phone.

Views are found in the routes: those in the navigation, and the story of an order that the demo fills in
parts. `--folder` writes elsewhere, `--all` takes the phone in dark, a wide screen and whole pages, too: to look at.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.chromium import NoChromium, launched_chromium  # noqa: E402
from tests.support.server_process import served  # noqa: E402

from sot.adapters.http.page.page_route import PageRoute  # noqa: E402
from sot.adapters.http.page.views import PAGE_ROUTES  # noqa: E402

FOLDER = ROOT / "docs" / "pictures" / "page"
SIZES = {"desktop": (1280, 720), "phone": (390, 844), "wide": (2560, 1200)}
PICTURES = (("light", "desktop", "light"), ("dark", "desktop", "dark"), ("phone", "phone", "light"))
MORE = (("phone-dark", "phone", "dark"), ("wide", "wide", "light"))
LARGEST = 150_000
SETTLED_MILLISECONDS = 400
"""After this time the page is live, and Chromium has drawn it: a picture that is taken earlier may fail."""
COLOURS = 256
ORDER_ID = "ORDER"
"""Stands for an id in an address until the story's order was looked up."""


def views() -> Iterator[tuple[str, str]]:
    """Iterate over names and addresses of the views."""
    for route in PAGE_ROUTES:
        if is_picture(route):
            yield route.name, route.path.replace("{order_id}", ORDER_ID)


def is_picture(route: PageRoute) -> bool:
    """Whether a route is a view to take pictures of."""
    return bool(route.nav) or route.name == "order"


def story_of(client: Any) -> str:
    """Return the id of the order with the longest story among those that the demo itself requested."""
    orders = client.get("/sot/orders", params={"page_size": 500}).json()["data"]
    return str(max(orders, key=lambda order: (order["request_id"] is not None, order["last_sequence"]))["order_id"])


def take(browser: Any, server: Any, address: str, size: str, theme: str, path: Path, *, whole: bool) -> None:
    """Take one picture."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, timezone_id="Europe/London", locale="en-GB"
    )
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}{address}")
    page.wait_for_timeout(SETTLED_MILLISECONDS)
    page.screenshot(path=path, full_page=whole)
    context.close()


def reduce(path: Path) -> None:
    """Give a picture a palette, which makes it three times smaller."""
    picture = Image.open(path).convert("RGB")
    found = sorted(picture.getcolors(picture.width * picture.height) or (), reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in found for part in colour])
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)


def write_pictures(folder: Path, every: bool) -> Mapping[str, int]:
    """Write all pictures, and return their sizes in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with tempfile.TemporaryDirectory() as place, launched_chromium() as browser:
        sot = Path(sys.executable).with_name("sot")
        subprocess.run(
            [sot, "demo"], check=True, cwd=place, stdout=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"}
        )
        with served(Path(place) / "sot-demo.db") as server:
            order_id = story_of(server.client)
            for name, address in views():
                for suffix, size, theme in [*PICTURES, *(MORE if every else ())]:
                    path = folder / f"{name}-{suffix}.png"
                    take(browser, server, address.replace(ORDER_ID, order_id), size, theme, path, whole=every)
                    reduce(path)
                    sizes[path.name] = path.stat().st_size
    return sizes


def main() -> int:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write them")
    parser.add_argument("--all", action="store_true", help="more sizes, and whole pages")
    options = parser.parse_args()
    try:
        sizes = write_pictures(options.folder, options.all)
    except NoChromium as error:
        print(error, file=sys.stderr)
        return 1
    for name, size in sizes.items():
        print(f"{name}: {size // 1000} kB")
    large = [name for name, size in sizes.items() if size > LARGEST]
    if large and not options.all:
        print(f"larger than {LARGEST // 1000} kB: {', '.join(large)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
