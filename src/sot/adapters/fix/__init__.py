"""FIX messages as reports (extra `fix`): what a venue or a drop copy says, from a session or a log."""

from sot.adapters.fix.days import of_an_earlier_day
from sot.adapters.fix.decoder import FixDecoder
from sot.adapters.fix.log import FixLog
from sot.adapters.fix.message import FixMessage, read_message

__all__ = ["FixDecoder", "FixLog", "FixMessage", "of_an_earlier_day", "read_message"]
