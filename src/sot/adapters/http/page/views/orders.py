"""The list of orders."""

from sot.adapters.http import parameters
from sot.adapters.http.page.addresses import HOME_ROUTE
from sot.adapters.http.page.models.orders import OrdersModel, order_row
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import AS_OF
from sot.adapters.http.page.page_route import PageRoute, Redirect, WebPage
from sot.adapters.http.page.views.export import export_links
from sot.adapters.http.page.views.order_filters import ORDER_FILTERS, order_filter_fields, page_criteria
from sot.ports.orders import OrderFilter


def _orders(context: PageContext) -> WebPage:
    criteria = page_criteria(context)
    page = context.queries.orders(criteria, context.after_key, context.page_size, newest_first=True)
    anomalies = context.queries.anomalies(page.items)
    is_filtered = bool(context.query_texts.keys() - {"account_id", "page_size"})
    everything = OrderFilter(account_id=context.list_account_id)
    exported = {name: value for name, value in context.query_texts.items() if name != "page_size"}
    model = OrdersModel(
        rows=[order_row(order, anomalies.get(order.order_id, ())) for order in page.items],
        filters=order_filter_fields(context),
        is_filtered=is_filtered,
        has_orders=bool(page.items) or bool(context.queries.orders(everything, limit=1).items),
        next=context.next_address("orders", page.next),
        first=context.first_address("orders"),
        exports=export_links(context, "exportOrders", **exported),
    )
    return WebPage(template="orders.html", title="Orders", model=model)


def _home(context: PageContext) -> Redirect:
    return Redirect(address=context.links(HOME_ROUTE))


ROUTES = (
    PageRoute(name="home", path="/", view=_home, query=(AS_OF,)),
    PageRoute(
        name=HOME_ROUTE,
        path="/orders",
        view=_orders,
        nav="Orders",
        live=True,
        query=(*ORDER_FILTERS, AS_OF, *parameters.PAGING),
    ),
)
