"""`sot follow`: every event once, as it is recorded."""

import time
from contextlib import closing
from typing import Annotated, TextIO

import typer

from sot.application.audit import feed
from sot.application.audit.feed import FollowedEvent
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.files import standard_output
from sot.entrypoints.options import JsonOption, StoreOption, read_name
from sot.entrypoints.stores import open_store
from sot.ports.store import Store


def follow(
    *,
    store_url: StoreOption,
    after: Annotated[
        int, typer.Option("--after", metavar="CURSOR", help="Only events after this cursor; 0 is the beginning.")
    ] = 0,
    poll: Annotated[
        float | None,
        typer.Option("--poll", metavar="SECONDS", min=0.01, help="Look for new events at this interval, until Ctrl-C."),
    ] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ACCOUNT", help="Only events of this account.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print each committed event as a JSON line: its cursor, its canonical body and its hash.

    To go on later, pass the cursor of the last line that you processed as `--after`: no event is missed and none is
    repeated, however many processes write at the same time. The events of an order come in its sequence.

    Without `--poll` it ends after the last event; with it, Ctrl-C ends it, with exit code 0.

    For example:

    ```
    sot follow --store orders.db
    sot follow --store orders.db --after 4711 --poll 1
    sot follow --store orders.db --account main | jq -c 'select(.event.type == "TRADE") | .event.report'
    ```
    """
    with exit_codes(as_json):
        account_id = read_name("--account", account)
        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            try:
                _follow(store, after, poll, account_id, standard_output())
            except KeyboardInterrupt:
                return


def _follow(store: Store, after: int, poll: float | None, account_id: str | None, out: TextIO) -> None:
    while True:
        for followed in feed.follow(store, after):
            after = followed.cursor
            if account_id in (None, followed.event.account_id):
                out.write(_line(followed))
                out.flush()
        if poll is None:
            return
        time.sleep(poll)


def _line(followed: FollowedEvent) -> str:
    event = followed.event
    return f'{{"cursor":{followed.cursor},"event":{event.body()},"hash":"{event.hash}"}}\n'
