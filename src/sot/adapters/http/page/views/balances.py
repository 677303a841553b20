"""Balances, and the movements that they are the sum of.

Both read all facts of an account: a page that is open reads them again with pauses, not with each fact.
"""

from sot.adapters.http import parameters
from sot.adapters.http.page.models.balances import BalancesModel, MovementsModel, balance_row, movement_row
from sot.adapters.http.page.models.filters import FilterField, choice_field, text_field
from sot.adapters.http.page.numbered_rows import newest_first
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import AS_OF
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.adapters.http.page.views.place_filters import place_fields
from sot.adapters.http.pages import page_of_rows
from sot.adapters.http.row_keys import balance_key
from sot.domain.accounting.balances import Balance


def _balances(context: PageContext) -> WebPage:
    query, account_id = context.query, context.one_account
    rows = context.queries.balances(
        account_id,
        query.get("venue"),
        venue_account=query.get("venue_account"),
        asset=query.get("asset"),
        include_zero=query.get("include_zero", False),
    )
    page = page_of_rows(rows, balance_key, context.page_position, context.page_size)
    zero = choice_field("include_zero", "Of zero", context.query_texts, {"true": "shown"}, anything="hidden")
    model = BalancesModel(
        account_id=account_id,
        rows=[balance_row(balance, _movements_address(context, balance)) for balance in page.items],
        filters=[*_filters(context), zero],
        next=context.next_address("balances", page.next),
        first=context.first_address("balances"),
    )
    return WebPage(template="balances.html", title="Balances", model=model)


def _movements_address(context: PageContext, balance: Balance) -> str:
    return context.links(
        "movements", account_id=balance.account_id, venue=balance.venue, venue_account=balance.venue_account,
        asset=balance.asset,
    )  # fmt: skip


def _movements(context: PageContext) -> WebPage:
    query, account_id = context.query, context.one_account
    movements = context.queries.balance_movements(
        account_id, query.get("venue"), venue_account=query.get("venue_account"), asset=query.get("asset")
    )
    page = newest_first(movements, context)
    model = MovementsModel(
        account_id=account_id,
        rows=[movement_row(number, movement) for number, movement in page.items],
        filters=_filters(context),
        next=context.next_address("movements", page.next),
        first=context.first_address("movements"),
    )
    return WebPage(template="movements.html", title="Movements", model=model)


def _filters(context: PageContext) -> list[FilterField]:
    return place_fields(context, text_field("asset", "Asset", context.query_texts))


_QUERY = (
    parameters.ACCOUNT,
    parameters.VENUE,
    parameters.VENUE_ACCOUNT,
    parameters.ASSET,
    AS_OF,
    *parameters.PAGING,
)
ROUTES = (
    PageRoute(
        name="balances",
        path="/balances",
        view=_balances,
        nav="Balances",
        live=True,
        one_account=True,
        query=(*_QUERY, parameters.boolean("include_zero", "Whether to include assets of which nothing is left.")),
    ),
    PageRoute(name="movements", path="/balances/movements", view=_movements, live=True, one_account=True, query=_QUERY),
)
