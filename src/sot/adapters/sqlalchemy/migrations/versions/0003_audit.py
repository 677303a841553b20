"""Add the feed of all facts, checkpoints, and states of orders after some of their events."""

import json

from sqlalchemy import Connection, insert, select

from sot.adapters.sqlalchemy.migrations import run_frozen
from sot.adapters.sqlalchemy.models import FeedRow, InstrumentRow
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import placed
from sot.domain.audit.digests import instrument_key
from sot.domain.values.instrument import Instrument
from sot.domain.values.times import EPOCH

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade(connection: Connection, place: Place) -> None:
    """Run the frozen statements, and add the existing facts to the feed.

    Instruments had no time of recording: they count as known from the beginning. A rebuild makes the states afterwards.
    """
    run_frozen(connection, place, revision)
    key = (InstrumentRow.account_id, InstrumentRow.venue, InstrumentRow.symbol, InstrumentRow.valid_from)
    query = select(InstrumentRow.body, InstrumentRow.hash).order_by(*key)
    versions = connection.execute(placed(query, place))
    instruments = [(Instrument.from_canonical(json.loads(body)), hash) for body, hash in versions]
    for instrument, hash in instruments:
        row = {"account_id": instrument.account_id, "kind": "INSTRUMENT", "key": instrument_key(instrument)}
        connection.execute(placed(insert(FeedRow), place), {**row, "number": 0, "hash": hash, "recorded_at": EPOCH})
    run_frozen(connection, place, f"{revision}_feed")


def downgrade() -> None:
    """Refuse: facts are never removed."""
    raise NotImplementedError("facts are never removed; restore a backup instead")
