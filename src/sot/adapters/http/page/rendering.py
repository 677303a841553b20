"""Turn a page into HTML."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sot.adapters.http.page.formats import FORMATS
from sot.adapters.http.page.layout import Layout
from sot.adapters.http.page.models.values import places


class Templates:
    """The templates of the page. Every value is escaped, and a name that a model does not have is an error."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("sot.adapters.http.page"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(FORMATS)
        self._environment.globals["places"] = places

    def render(self, template: str, layout: Layout, model: Any) -> str:
        """Return a page as HTML."""
        return self._environment.get_template(template).render(page=layout, links=layout.links, model=model)
