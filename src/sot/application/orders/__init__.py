"""Orders: their requests, their events, and the reports of venues about them.

| to | enter at |
|---|---|
| submit, check and withdraw requests | `requests` |
| mark requests as sent, failed or unknown | `submission`, which creates the orders (`creation`) |
| record a report of a venue | `reports`, with `matching`, `duplicates`, `anomalies`, `identifiers`, `attribution` |
| void, resolve, attribute | `corrections` |
| record a mark | `marks` |
| register an instrument | `instruments` |

1. Every event is appended by `event_log`, which applies it and updates what is derived from it.
2. A report that can be read is never refused: what is odd about it is an anomaly on its event.
3. A command that the state does not allow raises IllegalTransition, and writes nothing.
4. Commands and reports are recognised when they are repeated; a repeat adds nothing.
5. A report whose order is not known waits, and is recorded when an order gets an identifier that it names.
"""
