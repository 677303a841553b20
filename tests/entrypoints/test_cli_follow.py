"""`sot follow`: every event once, from any cursor."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from tests.support.command_line import sot
from tests.support.sealed_history import LATER, documents, one_line_of, recorded

from sot.domain.values.canonical import digest


@pytest.fixture
def store(tmp_path):
    return recorded(tmp_path / "orders.db")


def test_every_event_once_in_order(store):
    lines = documents(sot("follow", "--store", store))
    cursors = [line["cursor"] for line in lines]
    assert cursors == sorted(set(cursors))
    orders = json.loads(sot("orders", "--store", store, "--json").stdout)["orders"]
    assert len(lines) == sum(order["last_sequence"] for order in orders)
    seen: dict[str, int] = {}
    for line in lines:
        event = line["event"]
        assert event["sequence"] == seen.get(event["order_id"], 0) + 1
        seen[event["order_id"]] = event["sequence"]
    assert documents(sot("follow", "--store", store, "--after", cursors[2])) == lines[3:]
    assert sot("follow", "--store", store, "--after", cursors[-1]).stdout == ""
    recorded(store, LATER)
    assert [line["event"]["type"] for line in documents(sot("follow", "--store", store, "--after", cursors[-1]))] == [
        "CREATED", "SUBMITTED", "NEW", "TRADE",
    ]  # fmt: skip


def test_the_body_is_the_canonical_one(store):
    for line in sot("follow", "--store", store).stdout.splitlines():
        body = line[line.index('"event":') + 8 : line.rindex(',"hash":')]
        assert digest("event", body) == json.loads(line)["hash"]


def test_of_one_account(store):
    assert sot("follow", "--store", store, "--account", "main").stdout == sot("follow", "--store", store).stdout
    assert sot("follow", "--store", store, "--account", "other").stdout == ""


@pytest.mark.parametrize("options", [["--after", 99999], ["--after", -1], ["--account", ""]])
def test_bad_input(store, options):
    one_line_of(sot("follow", "--store", store, *options))
    assert json.loads(sot("follow", "--store", store, *options, "--json").stderr)["kind"] == "InvalidInput"


@pytest.mark.parametrize("options", [["--after", "x"], ["--poll", "0"], ["--poll", "x"]])
def test_bad_options(store, options):
    assert sot("follow", "--store", store, *options).exit_code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is a signal")
def test_it_goes_on_until_interrupted(store):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    run = "from sot.entrypoints.main import main; main()"
    command = [sys.executable, "-c", run, "follow", "--store", str(store), "--poll", "0.05"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, bufsize=1
    )
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout))
    reader.start()

    def wait_for(count):
        ends = time.monotonic() + 60
        while len(lines) < count:
            assert time.monotonic() < ends
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)

    before = documents(sot("follow", "--store", store))
    try:
        wait_for(len(before))
        recorded(store, LATER)
        wait_for(len(before) + 4)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        reader.join()
    assert process.stderr.read() == ""
    process.stdout.close()
    process.stderr.close()
    assert [json.loads(line) for line in lines] == documents(sot("follow", "--store", store))
