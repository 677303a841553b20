"""A format of files with tables, as an interface offers it. Adapters make them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO, TypeAlias

import attrs

from sot.application.tables.columns import Column

ReadRows: TypeAlias = Callable[[], Iterable[Any]]


@attrs.frozen(kw_only=True)
class FileFormat:
    """A format of files with tables.

    Attributes:
        name: Its name, which files end with, too.
        title: Its name for people.
        media_type: Its media type.
        write: Writes the columns of rows to a stream that can be read and written again from its beginning, one batch
            of rows in memory at a time; returns their number. The rows may be read more than once.
    """

    name: str
    title: str
    media_type: str
    write: Callable[[BinaryIO, Sequence[Column], ReadRows], int]
