"""What the pages for bots and for tests with pytest show, run in a process of its own as the reader would."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import make_url

from tests.support.page_blocks import ROOT, Page
from tests.support.postgres import fresh_url


def run(folder, *command, **variables):
    environment = {**os.environ, **variables, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}."}
    done = subprocess.run(
        [sys.executable, *command], check=False, capture_output=True, text=True, cwd=folder, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write(folder, page):
    for name, body in page.files.items():
        (folder / name).write_text(body)


def url_of(kind, folder):
    return fresh_url() if kind == "postgresql" else f"sqlite:///{folder}/bot.db"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_bot_that_starts_again_sends_nothing_twice(kind, tmp_path):
    write(tmp_path, Page("bot.md"))
    url = url_of(kind, tmp_path)
    first = run(tmp_path, "bot.py", DATABASE_URL=url).splitlines()
    assert first == [
        "1 FILLED 50000",
        "2 FILLED 50100",
        "2 FILLED 50100",
        "3 FILLED 50200",
        "0.3",
        "True []",
    ]
    again = run(tmp_path, "bot.py", DATABASE_URL=url).splitlines()
    assert again[:5] == first[:5]
    shown = make_url(url).set(drivername=kind).render_as_string(hide_password=False)
    run(tmp_path, "-c", f"import sys; sys.argv[1:] = ['verify', '--store', {shown!r}]; {MAIN}")


MAIN = "from sot.entrypoints.main import main; main()"
SUBMIT = """
from signals import engine, submit
from sot import Instrument, OrderHistory, OrderRequest
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sqlalchemy import text

btc = Instrument(account_id="main", venue="X", symbol="BTC/USDT", kind="SPOT", base="BTC", quote="USDT")
SqlAlchemyStore(engine, prefix="sot_").run(lambda uow: OrderHistory(uow).register(btc))
order = OrderRequest(account_id="main", client_order_id="my-1", venue="X", symbol="BTC/USDT", side="BUY",
                     order_type="MARKET", quantity="1")
assert submit(order, "trend") == submit(order, "trend")
with engine.connect() as connection:
    assert connection.execute(text("SELECT client_order_id, reason FROM orders")).all() == [("my-1", "trend")]
    assert connection.execute(text("SELECT count(*) FROM sot_order_requests")).scalar() == 1
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_rows_of_a_bot_are_committed_together_with_the_order(kind, tmp_path):
    write(tmp_path, Page("bot.md"))
    run(tmp_path, "-c", SUBMIT, DATABASE_URL=url_of(kind, tmp_path))


def test_fixtures_leave_nothing_behind(tmp_path):
    write(tmp_path, Page("pytest.md"))
    output = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", ".")
    assert "5 passed" in output
