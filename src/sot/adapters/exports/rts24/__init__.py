"""An order-record file for auditors, in the fields of RTS 24.

Delegated Regulation (EU) 2017/580 (RTS 24) tells operators of trading venues how to keep records of orders; its annex,
table 2, has 51 fields. A history knows about half of them, of the orders that it sent to venues.
`docs/reference/rts24.md` says which, and how; it is made from `FIELDS`. None of this is legal advice.
"""

from sot.adapters.exports.rts24.fields import FIELDS, Field, mapping
from sot.adapters.exports.rts24.file import HEADER, write
from sot.adapters.exports.rts24.records import Code, Record, records

__all__ = ["FIELDS", "HEADER", "Code", "Field", "Record", "mapping", "records", "write"]
