"""Contract suites: what every adapter of a port must do. Ours pass them, and so do others'.

Derive a test class from a suite and override its fixture; pytest collects the tests:

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self):
            return MyStore(...)

| level | suite | what it proves |
|---|---|---|
| log | `FactLogContract` | a log of lines: order, durability, all or none, one winner of a race |
| facts | `FactsContract`, `TracesContract`, `ReconciliationContract` | facts are recorded once, exactly, atomically |
| projections | `ProjectionsContract` | orders, fills, costs and positions agree with the facts, in lists, too |
| audit | `AuditContract` | feed, checkpoints, past moments |
| all of these | `StoreContract` | facts, projections and audit, and the bundled vectors |
| access | `AccessContract` | API keys and idempotency records, for a store that serves the HTTP adapter |
| faults | `FaultContract` | all or nothing is stored, whatever fails at whatever call; the same can be done again |
| venue | `VenueContract` | what execution, recovery and reconciliation rely on |

`samples` makes the values that the suites record, `transactions` records and reads them.
"""

from sot.domain.values.errors import MissingExtra

try:
    from sot.testing.contract.access import AccessContract
    from sot.testing.contract.audit import AuditContract
    from sot.testing.contract.counting_venue import CountingVenue
    from sot.testing.contract.facts import FactsContract
    from sot.testing.contract.faults import FaultContract
    from sot.testing.contract.log import FactLogContract
    from sot.testing.contract.projections import ProjectionsContract
    from sot.testing.contract.reconciliation import ReconciliationContract
    from sot.testing.contract.store import StoreContract
    from sot.testing.contract.traces import TracesContract
    from sot.testing.contract.venue import VenueContract
except ModuleNotFoundError as error:
    raise MissingExtra("testing", "a contract suite") from error

__all__ = [
    "AccessContract",
    "AuditContract",
    "CountingVenue",
    "FactLogContract",
    "FactsContract",
    "FaultContract",
    "ProjectionsContract",
    "ReconciliationContract",
    "StoreContract",
    "TracesContract",
    "VenueContract",
]
