"""A new user adds `sot` to an existing web application by its page of `docs/how-to`, with the real packages.

Each application is made in a folder, with Alembic and rows of its own, before `sot` is added. It runs in a process of
its own, so that nothing is imported that the page does not name.
"""

import io
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import verify
from tests.support.alembic_host import CONFIGURED
from tests.support.page_blocks import ROOT, Page
from tests.support.postgres import fresh_url

alembic = pytest.importorskip("alembic.command")
config_of = pytest.importorskip("alembic.config").Config

HOST_TABLE = "orders"
"""The table of the application, as the pages have it."""
PREFIX = "sot_"
"""What the names of our tables begin with, as the pages have it."""
LARGEST_ADDITION = 30
SYNCHRONOUS = (("sqlite", "pysqlite"), ("postgresql", "psycopg"))
AWAITED = (("sqlite", "aiosqlite"), ("postgresql", "asyncpg"), ("postgresql", "psycopg_async"))

AUTOGENERATE = """
from alembic import command
from alembic.config import Config

config = Config("alembic.ini")
command.revision(config, "{name}", autogenerate=True)
command.upgrade(config, "head")
command.check(config)
"""

CLIENT = """
from concurrent.futures import ThreadPoolExecutor

{import_client}

BTC = {{"account_id": "main", "venue": "X", "symbol": "BTC/USDT", "kind": "SPOT", "base": "BTC", "quote": "USDT"}}
ORDER = {{"account_id": "main", "client_order_id": "my-1", "venue": "X", "symbol": "BTC/USDT", "side": "BUY",
         "order_type": "MARKET", "quantity": "0.5"}}

with make_client() as client:

    def post(path, body=None):
        answer = client.post(path, json=body)
        return answer.status_code, answer.get_json() if hasattr(answer, "get_json") else answer.json()

    with ThreadPoolExecutor(8) as threads:
        outcomes = [answer["outcome"] for _, answer in threads.map(lambda _: post("/instruments", BTC), range(8))]
    assert sorted(outcomes) == ["RECORDED"] + ["REPEATED"] * 7, outcomes

    status, placed = post("/orders?user=ann", ORDER)
    assert status == 200, placed
    status, again = post("/orders?user=ann", ORDER)
    assert (status, again["request_id"]) == (200, placed["request_id"])
    assert post("/orders?user=nobody", {{**ORDER, "client_order_id": "my-2"}})[0] == 403
    status, problem = post("/orders?user=ann", {{**ORDER, "client_order_id": "my-3", "quantity": 0.5}})
    assert status == 422 and "never a float" in str(problem), problem
    assert post("/orders?user=ann", {{**ORDER, "quantity": "1"}})[0] == 409

    status, order = post(f"/orders/{{placed['request_id']}}/execution")
    assert (status, order["status"], order["cum_quantity"]) == (200, "FILLED", "0.5"), order
    assert post("/orders/00000000-0000-7000-8000-000000000000/execution")[0] == 404
"""


FLASK_CLIENT = """

class Client:
    def post(self, path, json):
        return app.test_client().post(path, json=json)  # one each, as threads share none

def make_client():
    return nullcontext(Client())
"""


class WebApplication:
    """An application in a folder, with a database and migrations.

    Args:
        folder: The folder.
        kind: The database.
        driver: Its driver.
        metadata: The line of `env.py` that imports the application's metadata.
    """

    def __init__(self, folder: Path, kind: str, driver: str, metadata: str) -> None:
        self.folder = folder
        url = make_url(fresh_url() if kind == "postgresql" else f"sqlite:///{folder}/app.db")
        self.url = url.render_as_string(hide_password=False)
        self._own_url = url.set(drivername=f"{kind}+{driver}").render_as_string(hide_password=False)
        self._init_alembic("async" if (kind, driver) in AWAITED else "generic", metadata)

    def _init_alembic(self, template: str, metadata: str) -> None:
        scripts = self.folder / "migrations"
        with redirect_stdout(io.StringIO()):
            alembic.init(config_of(self.folder / "alembic.ini", stdout=io.StringIO()), str(scripts), template=template)
        self.env = scripts / "env.py"
        address = 'config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))'
        changed = self.env.read_text().replace("config = context.config\n", f"config = context.config\n{address}\n")
        self.env.write_text("import os\n" + changed.replace("target_metadata = None", metadata))
        mako = scripts / "script.py.mako"
        mako.write_text(
            mako.read_text().replace("import sqlalchemy as sa\n", "import sqlalchemy as sa\nimport sqlmodel\n")
        )

    def write(self, files: dict[str, str]) -> None:
        """Write files of the application."""
        for name, body in files.items():
            (self.folder / name).write_text(body)

    def change_env(self, before: str, after: str) -> None:
        """Change `env.py` as the page says: a line that is imported, and one that is replaced."""
        imported, _, configured = after.strip().partition("\n")
        assert CONFIGURED.fullmatch(before.strip())
        text, count = CONFIGURED.subn(configured.strip(), self.env.read_text())
        assert count == 1
        self.env.write_text(f"{imported}\n{text}")

    def run(self, script: str) -> None:
        """Run a script in the application's folder."""
        environment = {**os.environ, "DATABASE_URL": self._own_url, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}."}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            check=False, capture_output=True, text=True, cwd=self.folder, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def autogenerate(self, name: str) -> str:
        """Generate a revision, upgrade to it, and check that nothing is left; return its text."""
        self.run(AUTOGENERATE.format(name=name))
        return next(self.folder.glob(f"migrations/versions/*_{name}.py")).read_text()

    def rows(self, query: str):
        """Read the database with the application's own eyes."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = connection.execute(text(query)).all()
        engine.dispose()
        return found

    def check_history(self) -> None:
        """Check that what was rolled back is not there, that all else is, and that `sot verify` holds."""
        assert self.rows(f'SELECT "user", client_order_id FROM {HOST_TABLE}') == [("old", "before"), ("ann", "my-1")]
        store = SqlAlchemyStore.open(self.url, create=False, prefix=PREFIX)
        requests = store.run(lambda uow: list(OrderHistory(uow).requests()), read_only=True)
        assert [each.request.client_order_id for each in requests] == ["my-1"]
        assert verify(store).problems == []
        store.close()
        shown = self.url.replace("+psycopg", "") + ("&" if "?" in self.url else "?") + f"sot_prefix={PREFIX}"
        command = f"import sys; sys.argv[1:] = ['verify', '--store', {shown!r}]"
        self.run(f"{command}; from sot.entrypoints.main import main; main()")


def add_by_the_page(application: WebApplication, page: Page, database: str, history: str, app: str) -> None:
    """Let the application grow: its first revision with a row, then the three steps of the page."""
    application.write({"database.py": page.files[database]})
    application.autogenerate("start")
    engine = create_engine(application.url)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {HOST_TABLE} (\"user\", client_order_id) VALUES ('old', 'before')"))
    engine.dispose()

    application.change_env(*page.changes["migrations/env.py"])
    revision = application.autogenerate("add_sot")
    assert revision.count("op.upgrade_sot(") == 1
    assert not re.search(r"op\.(?!upgrade_sot|keep_sot)\w+\(", revision), revision
    application.write({"order_history.py": page.files[history], "app.py": app})


def awaited(app: str) -> str:
    """The routes of an application as the page says that they become."""
    app = re.sub(r"^def (register|place)\(", r"async def \1(", app, flags=re.MULTILINE)
    return re.sub(r"(return .*)in_transaction\(", r"\1await in_transaction(", app)


@pytest.mark.parametrize(("kind", "driver"), [*SYNCHRONOUS, *AWAITED])
def test_fastapi_with_sqlmodel_and_alembic(kind, driver, tmp_path):
    pytest.importorskip("sqlmodel")
    page = Page("fastapi.md")
    assert page.added_lines("order_history.py") < LARGEST_ADDITION
    metadata = "from models import SQLModel\ntarget_metadata = SQLModel.metadata"
    application = WebApplication(tmp_path, kind, driver, metadata)
    variant = ", awaited" if (kind, driver) in AWAITED else ""
    before, app = page.changes["app.py"]
    application.write({"models.py": page.files["models.py"], "app.py": before})
    add_by_the_page(
        application,
        page,
        f"database.py{variant}",
        f"order_history.py{variant}",
        awaited(app) if variant else app,
    )
    application.write({"execution.py": page.files[f"execution.py{variant}"]})
    client = "from execution import app\nfrom fastapi.testclient import TestClient\n"
    application.run(CLIENT.format(import_client=client + "\n\ndef make_client():\n    return TestClient(app)"))
    application.check_history()


@pytest.mark.parametrize(("kind", "driver"), SYNCHRONOUS)
def test_flask_with_flask_sqlalchemy_and_alembic(kind, driver, tmp_path):
    pytest.importorskip("flask_sqlalchemy")
    page = Page("flask.md")
    assert page.added_lines("order_history.py") < LARGEST_ADDITION
    application = WebApplication(tmp_path, kind, driver, "from models import db\ntarget_metadata = db.metadata")
    before, app = page.changes["app.py"]
    application.write({"models.py": page.files["models.py"], "app.py": before})
    add_by_the_page(application, page, "database.py", "order_history.py", app)
    application.write({"execution.py": page.files["execution.py"]})
    client = "from contextlib import nullcontext\nfrom execution import app\n"
    application.run(CLIENT.format(import_client=client + FLASK_CLIENT))
    application.check_history()
