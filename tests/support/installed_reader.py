"""A reader as a third party ships it."""

from sot import AccountEvent
from sot.ports.readers import Reader


class InstalledReader(Reader):
    """Reads the same deposit from every source."""

    title = "what a third party reads"
    finished_orders = False

    def read(self, source, options):
        yield AccountEvent(
            account_id=options.account_id,
            type="TRANSFER",
            venue="X",
            amount=1,
            currency="USD",
            external_id=source,
            occurred_at="2026-01-05T10:00:00Z",
            raw_payload={"source": source},
        )
