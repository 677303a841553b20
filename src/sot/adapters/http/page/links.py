"""Addresses of the page: below the root path, and at the point in time that is shown."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import attrs

PARAMETER = re.compile(r"\{(\w+)\}")


@attrs.frozen
class Links:
    """Makes addresses by the name of a route.

    Attributes:
        root_path: The path under which the server is mounted.
        paths: The paths of the routes by their names.
        as_of: The point in time that every address keeps; None for the present.
    """

    root_path: str
    paths: Mapping[str, str]
    as_of: str | None = None

    def __call__(self, name: str, **values: object) -> str:
        """Return the address of a route.

        Args:
            name: The name of the route.
            **values: Its path parameters, and query parameters; those that are None or empty are left out.
        """
        path = self.paths[name]
        names = PARAMETER.findall(path)
        for parameter in names:
            path = path.replace("{" + parameter + "}", quote(str(values[parameter]), safe=""))
        query = {"as_of": self.as_of, **{key: value for key, value in values.items() if key not in names}}
        return self.to(path, query)

    def to(self, path: str, query: Mapping[str, object]) -> str:
        """Return the address of a path with a query, without values that are None or empty."""
        pairs = [
            (name, str(item))
            for name, value in query.items()
            for item in (value if isinstance(value, (list, tuple)) else (value,))
            if item is not None and item != ""
        ]
        return self.root_path + path + ("?" + urlencode(pairs) if pairs else "")

    def has(self, name: str) -> bool:
        """Whether there is a route of this name."""
        return name in self.paths

    def at(self, as_of: str | None) -> "Links":
        """Return links that keep another point in time."""
        return attrs.evolve(self, as_of=as_of)
