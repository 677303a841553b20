"""A venue for any exchange that ccxt speaks to (extra `ccxt`), and ccxt's records as reports, without needing it."""

from sot.adapters.ccxt.known import Known, known
from sot.adapters.ccxt.records import Account, Converted, executions, order_placed, order_standing
from sot.adapters.ccxt.venue import CcxtVenue

__all__ = ["Account", "CcxtVenue", "Converted", "Known", "executions", "known", "order_placed", "order_standing"]
