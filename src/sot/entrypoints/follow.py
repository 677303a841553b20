"""`sot follow`: every event once, as it is recorded."""

import time
from typing import Annotated, TextIO

import typer

from sot.application.audit.feed import FollowedEvent
from sot.application.audit.feed import follow as following
from sot.entrypoints import failures
from sot.entrypoints.files import standard_output
from sot.entrypoints.options import JsonOption, StoreOption, read_name
from sot.entrypoints.stores import open_store
from sot.ports.store import Store


def follow(
    *,
    store: StoreOption,
    after: Annotated[
        int, typer.Option("--after", metavar="CURSOR", help="Only what comes after this cursor; 0 is the beginning.")
    ] = 0,
    poll: Annotated[
        float | None,
        typer.Option("--poll", metavar="SECONDS", min=0.01, help="Look again every so often, until interrupted."),
    ] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Of this account alone.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print each event once it is committed, as a JSON line with its cursor, its canonical body and its hash.

    Keep the cursor of the last line that you dealt with, and go on from there with `--after`: no event is missed and
    none comes twice, however many write at the same time. Within an order, events come in their sequence. Without
    `--poll` it ends when there is no more; with it, Ctrl-C ends it, with exit code 0.

    For example:

    ```
    sot follow --store orders.db
    sot follow --store orders.db --after 4711 --poll 1
    sot follow --store orders.db --account main | jq -c 'select(.event.type == "TRADE") | .event.report'
    ```
    """
    with failures.exit_codes(as_json):
        name = read_name("--account", account)
        kept = open_store(store, create=False)
        try:
            _follow(kept, after, poll, name, standard_output())
        except KeyboardInterrupt:
            return
        finally:
            kept.close()


def _follow(store: Store, after: int, poll: float | None, account_id: str | None, out: TextIO) -> None:
    while True:
        for followed in following(store, after):
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
