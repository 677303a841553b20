"""What a page shows, as a file: all rows of the list, not those of one page of it.

A file is written as a whole, to disk where it is large, before its first byte is sent: an error is a page, never half a
file, and a slow reader keeps no transaction open.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

import attrs

from sot.adapters.http.http_errors import InvalidParameter
from sot.adapters.http.page.models.links import ActionLink
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import AS_OF
from sot.adapters.http.page.page_route import Download, PageRoute
from sot.adapters.http.page.views.order_filters import ORDER_FILTERS, page_criteria
from sot.adapters.http.parameters import Parameter, single
from sot.application.tables import columns, rows
from sot.application.tables.columns import Column
from sot.application.tables.file_format import FileFormat
from sot.domain.values.fields import NAME
from sot.ports.paging import LARGEST_PAGE

_IN_MEMORY_BYTES = 1 << 20
_FORMAT = single("format", NAME, "The format of the file.", required=True)


@attrs.frozen(kw_only=True)
class Export:
    """A table that is offered as a file.

    Attributes:
        name: The name of its route.
        path: Its path.
        file: What its files are named after.
        columns: The columns.
        rows: Reads the rows, as the query filters them.
        query: The parameters that filter them.
    """

    name: str
    path: str
    file: str
    columns: Sequence[Column]
    rows: Callable[[PageContext], Iterable[Any]]
    query: Sequence[Parameter] = ()


def _orders(context: PageContext) -> Iterable[Any]:
    return rows.orders(context.queries, page_criteria(context))


def _order_events(context: PageContext) -> Iterable[Any]:
    return context.queries.timeline(context.order_id, limit=LARGEST_PAGE)


def _order_fills(context: PageContext) -> Iterable[Any]:
    return context.queries.fills(context.order_id, limit=LARGEST_PAGE)


EXPORTS = (
    Export(
        name="exportOrders",
        path="/export/orders",
        file="orders",
        columns=columns.ORDERS,
        rows=_orders,
        query=ORDER_FILTERS,
    ),
    Export(
        name="exportEvents",
        path="/export/orders/{order_id}/events",
        file="events",
        columns=columns.EVENTS,
        rows=_order_events,
    ),
    Export(
        name="exportFills",
        path="/export/orders/{order_id}/fills",
        file="executions",
        columns=columns.FILLS,
        rows=_order_fills,
    ),
)


def export_links(context: PageContext, name: str, **values: object) -> list[ActionLink]:
    """Return the links to a table as a file, one for each format.

    Args:
        context: The request of the page that shows them.
        name: The name of the export.
        **values: Its path and query parameters.
    """
    return [
        ActionLink(label=format.title, address=context.links(name, **values, format=format.name))
        for format in context.services.file_formats
    ]


def _format(context: PageContext) -> FileFormat:
    formats = {format.name: format for format in context.services.file_formats}
    format = formats.get(context.query["format"])
    if format is None:
        raise InvalidParameter("format", f"give one of {', '.join(formats) or 'none: this server writes no files'}")
    return format


def _export(export: Export, context: PageContext) -> Download:
    format = _format(context)
    with ExitStack() as stack:
        file = cast("BinaryIO", stack.enter_context(SpooledTemporaryFile(_IN_MEMORY_BYTES)))
        if context.message.method != "HEAD":
            format.write(file, export.columns, partial(export.rows, context))
        file.seek(0)
        stack.pop_all()  # whoever sends the file closes it
    time = context.services.store.clock.now().strftime("%Y-%m-%d-%H%M%S")
    return Download(file=file, name=f"{export.file}-{time}.{format.name}", media_type=format.media_type)


ROUTES = tuple(
    PageRoute(
        name=export.name,
        path=export.path,
        view=partial(_export, export),
        is_long=True,
        query=(*export.query, AS_OF, _FORMAT),
    )
    for export in EXPORTS
)
