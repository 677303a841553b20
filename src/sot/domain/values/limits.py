"""Bounds of what is read from outside: they are checked before any work is done with it.

Within them, the work is proportional to the length of the input. Facts have narrower bounds of their own; see
`documents`, `fields` and `numbers`. The bounds are documented in docs/reference/limits.md.
"""

DOCUMENT_LENGTH = 1_000_000
"""Characters of the canonical text of a document that is stored with a fact, such as `raw_payload`."""

DOCUMENT_DEPTH = 64
"""Levels of objects and arrays in such a document."""

DOCUMENT_ITEMS = DOCUMENT_LENGTH // 2
"""Values in such a document, which no text of its length exceeds: it bounds values that contain one another twice."""

JSON_LENGTH = 32_000_000
"""Characters of a JSON text that is read: enough for a request with all of its documents in an archive."""

JSON_DEPTH = DOCUMENT_DEPTH + 8
"""Levels of objects and arrays in such a text: a document, and what it is in."""

JSON_ITEMS = 1_000_000
"""Values in such a text."""

LINE_BYTES = JSON_LENGTH
"""Bytes of a line of a stream or a file."""

FIX_MESSAGE_BYTES = 1_000_000
"""Bytes of a FIX message."""

FIX_MESSAGE_LINES = 1_000
"""Lines over which a FIX message may go on."""

RATE_FILE_BYTES = JSON_LENGTH
"""Bytes of a file of rates."""

PATTERN_LENGTH = 1_000
"""Characters of a text in which a pattern of a mapping is looked for. What that takes may grow with their square."""
