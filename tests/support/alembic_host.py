"""An application with Alembic migrations of its own, made from the templates of Alembic."""

import io
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url

T = TypeVar("T")

MODELS = """
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200), index=True)


class Tag(Base):
    __tablename__ = "tags"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
"""

PLAIN = "connection=connection, target_metadata=target_metadata"
"""The options that the templates give to `context.configure`."""
CONFIGURED = re.compile(rf"context\.configure\(\s*{PLAIN}\s*\)")


class Host:
    """An application with models, an environment of Alembic, and a database.

    Args:
        folder: An empty directory for it.
        url: The address of its database.
        options: What it gives to `context.configure`.
        template: The template of Alembic, "generic" or "async".
        models: Its models; they have a `Base`.
        before: Statements of its `env.py`, before the functions.
    """

    def __init__(
        self,
        folder: Path,
        url: str,
        options: str = f"**with_sot({PLAIN})",
        *,
        template: str = "generic",
        models: str = MODELS,
        before: str = "",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.scripts = folder / "migrations"
        self.url = url
        quiet = Config(folder / "alembic.ini", stdout=io.StringIO())
        with redirect_stdout(io.StringIO()):
            command.init(quiet, str(self.scripts), template=template)
        self.models = folder / "models.py"
        self.models.write_text(models)
        self._change_env(options, before)

    def _change_env(self, options: str, before: str) -> None:
        env = self.scripts / "env.py"
        metadata = f'target_metadata = runpy.run_path({str(self.models)!r})["Base"].metadata'
        lines = ["import runpy", "from sot.adapters.sqlalchemy.alembic import with_sot", metadata, before]
        text = env.read_text().replace("target_metadata = None", "\n".join(lines))
        changed, count = CONFIGURED.subn(lambda _: f"context.configure({options})", text)
        assert count == 1 and metadata in changed, "the template of Alembic has changed"
        env.write_text(changed)

    def config(self, output: io.StringIO | None = None, **attributes: object) -> Config:
        """The configuration, without a file, so that the logging of the tests stays as it is."""
        config = Config(stdout=io.StringIO(), output_buffer=output)
        config.set_main_option("script_location", str(self.scripts))
        config.set_main_option("sqlalchemy.url", self.url.replace("%", "%%"))
        config.attributes.update(attributes)
        return config

    def generate(self) -> str:
        """`alembic revision --autogenerate`; the text of the revision."""
        with redirect_stdout(io.StringIO()):
            script = command.revision(self.config(), "change", autogenerate=True)
        return Path(script.path).read_text()

    def write(self, upgrade: str, downgrade: str = "pass") -> Path:
        """`alembic revision`, with statements written by hand."""
        with redirect_stdout(io.StringIO()):
            script = command.revision(self.config(), "change")
        path = Path(script.path)
        head = path.read_text().partition("def upgrade()")[0]
        path.write_text(f"{head}\ndef upgrade():\n    {upgrade}\n\ndef downgrade():\n    {downgrade}\n")
        return path

    def upgrade(self, revision: str = "head") -> None:
        """`alembic upgrade`."""
        command.upgrade(self.config(), revision)

    def downgrade(self, revision: str = "base") -> None:
        """`alembic downgrade`."""
        command.downgrade(self.config(), revision)

    def check(self) -> None:
        """`alembic check`; it raises if autogenerate would write anything."""
        command.check(self.config())

    def sql(self, revision: str = "head") -> str:
        """`alembic upgrade --sql`."""
        output = io.StringIO()
        command.upgrade(self.config(output), revision, sql=True)
        return output.getvalue()

    def engine(self) -> Engine:
        """An engine of the application for its database, as `create_engine` makes it."""
        url = make_url(self.url)
        return create_engine(url.set(drivername=url.drivername.replace("+aiosqlite", "")))

    def tables(self, schema: str | None = None) -> set[str]:
        """The names of all tables in the database."""
        return self.run(lambda connection: set(inspect(connection).get_table_names(schema)))

    def run(self, action: Callable[[Connection], T]) -> T:
        """Do something in a transaction of the application's engine."""
        engine = self.engine()
        try:
            with engine.begin() as connection:
                return action(connection)
        finally:
            engine.dispose()
