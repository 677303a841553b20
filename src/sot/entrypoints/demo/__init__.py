"""The demonstration `sot demo`: records of real exchanges, and requests to a simulated venue.

| module | what it has |
| --- | --- |
| `command` | the command, which does everything twice and prints it |
| `real_records` | the records of 16 exchanges in `data/real_orders.jsonl`, recorded as reports |
| `scenes` | requests that a simulated venue fills, rejects, or leaves in doubt |
"""
