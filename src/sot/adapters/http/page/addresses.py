"""Addresses that come from a browser."""

import re

from sot.adapters.http.page.links import Links

_OWN_PATH = re.compile(r"/(?![/\\])[!-~]{0,4000}", re.ASCII)
HOME_ROUTE = "orders"


def own_address(links: Links, next: str) -> str:
    """Return the address to go on at: a path of this server, or the first page for anything else.

    Args:
        links: Makes addresses.
        next: A path below the root path, with its query, as the browser sent it.
    """
    is_own = _OWN_PATH.fullmatch(next) is not None and "\\" not in next
    return links.root_path + next if is_own else links.at(None)(HOME_ROUTE)
