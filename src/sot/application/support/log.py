"""The log of the library: one logger, `sot`, to which the application attaches its handlers.

Records say what the caller does not see otherwise. They have facts as attributes, such as `order_id`, and never a
payload, a parameter of SQL, or an amount or text of a venue, but where these are what nobody finds elsewhere: what no
report can hold, and what a migration changed. Recording a report logs nothing.
"""

import logging

log = logging.getLogger("sot")
"""The logger. Without a handler of the application nothing is written."""
log.addHandler(logging.NullHandler())


def facts(**values: object) -> dict[str, object]:
    """Return facts as attributes of a log record, without those that are None; enumerations as their text."""
    return {
        name: str(value) if isinstance(value, str) else value for name, value in values.items() if value is not None
    }
