"""Where the tables of `sot` are in the application's database, as far as Alembic asks."""

from collections.abc import Mapping

from attrs import frozen

from sot.adapters.sqlalchemy.models import metadata
from sot.domain.values.errors import InvalidInput


@frozen
class Placement:
    """The schema and the prefix of the tables of `sot`.

    Raises:
        InvalidInput: They are not those of the default place, the only one that works so far.
    """

    schema: str | None = None
    prefix: str = ""

    def __attrs_post_init__(self) -> None:
        if self.schema is not None:
            raise InvalidInput("schema", self.schema, "None, the schema that the connection has by default")
        if self.prefix != "":
            raise InvalidInput("prefix", self.prefix, "an empty prefix")

    def arguments(self) -> Mapping[str, str]:
        """The arguments that say so in a revision; none for the default place."""
        given = {"schema": self.schema, "prefix": self.prefix}
        return {name: value for name, value in given.items() if value}

    def has_table(self, schema: str | None, name: str | None) -> bool:
        """Whether a table is one of `sot`; a schema of None is the connection's default."""
        return schema == self.schema and name in metadata.tables
