"""Order records for auditors, with the fields of RTS 24.

Delegated Regulation (EU) 2017/580 (RTS 24) says which records of orders operators of trading venues keep; table 2 of
its annex has 51 fields. A history has about half of them, for the orders that it sent. `docs/reference/rts24.md`, which
is generated from `FIELDS`, says which and how. None of this is legal advice.

Enter at `write` for a file, or at `records` for the records of one order. What always holds: the export only reads; a
value that is not known is empty; a value that does not fit its format is empty or rounded, with a remark.
"""

from sot.adapters.exports.rts24.fields import FIELDS, Field, mapping
from sot.adapters.exports.rts24.file import HEADER, write
from sot.adapters.exports.rts24.records import Code, Record, records

__all__ = ["FIELDS", "HEADER", "Code", "Field", "Record", "mapping", "records", "write"]
