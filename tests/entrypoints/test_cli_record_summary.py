"""What `sot record` counts in a terminal."""

import re
import sys

import pytest
from rich.console import Console
from tests.support.command_line import every_key, report, sot, text_of

from sot.adapters.memory import MemoryStore
from sot.entrypoints.record_stream import record_stream
from sot.entrypoints.record_summary import RecordSummary


class Nowhere:
    def write(self, text):
        pass

    def flush(self):
        pass


def rows(summary):
    """The rows of the table by kind, as numbers by column."""
    console = Console(width=100, record=True, file=Nowhere())
    console.print(summary.table())
    title, header, *lines = [line for line in console.export_text().splitlines() if line.strip()]
    assert re.match(r"[\d,]+ read in [\d.,]+ s", title)
    names = header.split()
    table = {}
    for line in lines:
        words = line.split()
        kind = " ".join(words[: -len(names) + 1])
        table[kind] = dict(zip(names[1:], map(int, words[1 - len(names) :]), strict=True))
    return table


def recorded(lines, *, store=None, batch=1, keep_going=False):
    summary = RecordSummary()
    encoded = text_of(lines).encode().splitlines(keepends=True)
    record_stream(store or MemoryStore(), encoded, batch, Nowhere(), keep_going=keep_going, summary=summary)
    return rows(summary)


def test_each_kind_has_a_row():
    table = recorded(every_key())
    for counts in table.values():
        assert counts["read"] == sum(counts.values()) - counts["read"]
    assert table["report"]["read"] == sum("report" in line for line in every_key())
    assert table["report"]["waiting"] == 1
    assert table["report"]["repeated"] == 1
    assert table["account event"]["read"] == 1
    assert table["in all"]["read"] == len(every_key())
    assert table["in all"]["refused"] == 0


def test_again_everything_is_repeated():
    store = MemoryStore()
    recorded(every_key(), store=store)
    table = recorded(every_key(), store=store)
    assert table["in all"]["repeated"] == table["in all"]["read"] == len(every_key())
    assert table["in all"]["waiting"] == 0


def test_what_is_refused_is_counted_by_its_kind():
    lines = [*every_key(), "no JSON", report("TRADE", "a", last_price="x")]
    table = recorded(lines, batch=100, keep_going=True)
    assert table["unreadable"]["refused"] == 1
    assert table["report"]["refused"] == 1
    assert table["in all"]["read"] == len(lines)


def test_a_batch_that_is_not_recorded_is_not_counted():
    table = recorded([*every_key()[:3], "no JSON"], batch=100)
    assert table == {"unreadable": {"read": 1, "recorded": 0, "repeated": 0, "waiting": 0, "refused": 1}}


def test_nothing_is_added_where_a_program_reads(tmp_path):
    result = sot("record", "--store", tmp_path / "orders.db", lines=every_key())
    assert "read in" not in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo-terminals")
@pytest.mark.parametrize(("options", "is_shown"), [((), True), (("--json",), False)])
def test_in_a_terminal(tmp_path, options, is_shown):
    from tests.support.pseudo_terminal import Terminal

    path = tmp_path / "orders.jsonl"
    path.write_text(text_of(every_key()))
    with Terminal("record", path, "--store", tmp_path / "orders.db", "--batch", "100", *options) as terminal:
        assert terminal.read_to_end() == 0
    assert terminal.text.count('"outcome"') == len(every_key())
    assert (f"{len(every_key())} read in" in terminal.text) == is_shown
