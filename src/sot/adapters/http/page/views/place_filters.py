"""The fields that forms about one account share: the account, and the venue with the account there."""

from sot.adapters.http.page.models.filters import FilterField, one_account_field, text_field
from sot.adapters.http.page.page_context import PageContext


def place_fields(context: PageContext, *own: FilterField) -> list[FilterField]:
    """Return the fields for the account, those of the form itself, and those for the venue and the account there."""
    account, query = one_account_field(context.known_accounts, context.one_account), context.query_texts
    return [
        *([] if account is None else [account]),
        *own,
        text_field("venue", "Venue", query),
        text_field("venue_account", "Account at the venue", query),
    ]
