"""History in, history out: the files of a bot, a broker and an exchange are imported, twice, and results written."""

import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from rich.console import Console
from typer.core import TyperGroup

from sot.entrypoints.commands.sample import SAMPLES, SampleName, write_sample
from sot.entrypoints.terminal import print_heading

_IMPORTS = (
    ("freqtrade", SampleName.FREQTRADE, "bot", ()),
    ("ibkr-flex", SampleName.IBKR, "broker", ("--zone", "America/New_York")),
    ("kraken-ledgers", SampleName.LEDGERS, "exchange", ()),
)
"""Format, sample, account and options of each import."""

_IN_DOLLARS = ("--in", "USD", "--rates", "rates.csv", "--rates-via", "EUR")


class FileCommands:
    """Runs commands on files in a folder, each shown as one would type it there.

    Attributes:
        failed: Whether a command ended with another exit code than 0, or an import that was repeated added something.
    """

    def __init__(self, folder: Path, screen: Console, commands: TyperGroup) -> None:
        self.failed = False
        self._commands = commands
        self._folder = folder
        self._screen = screen

    def play(self) -> None:
        """Import the samples, look at what they make, write it, and import them again."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for name in (SampleName.RATES, *(sample for _, sample, _, _ in _IMPORTS)):
            write_sample(name, self._folder / SAMPLES[name].file)
        print_heading(self._screen, "History in: files of a bot, a broker and an exchange")
        for words in _import_commands():
            self._run(*words)
        print_heading(self._screen, "Positions, and results in dollars")
        self._run("positions", "--account", "broker", *_IN_DOLLARS)
        self._run("balances", "--account", "exchange")
        self._run("pnl", "--account", "bot", *_IN_DOLLARS, "--chart")
        print_heading(self._screen, "History out")
        self._run("export", "fills", *_fills_file())
        self._run("export", "beancount", "--account", "exchange", "--out", "exchange.beancount")
        print_heading(self._screen, "Everything once more")
        added = sum(self._added(words) for words in _import_commands())
        self.failed |= added > 0
        style = "red" if added else "green"
        self._screen.print(f"The imports were repeated: {added} facts were added.", style=style)

    def _run(self, *words: str) -> None:
        command = (*words, "--store", "history.db")
        self._screen.print(f"$ sot {' '.join(command)}", style="bold cyan", soft_wrap=True)
        self._call(command)

    def _added(self, words: Sequence[str]) -> int:
        with redirect_stdout(StringIO()) as printed:
            self._call((*words, "--store", "history.db", "--json"))
        counts: dict[str, dict[str, int]] = json.loads(printed.getvalue())["counts"]
        return sum(count["recorded"] + count["flagged"] for count in counts.values())

    def _call(self, command: Sequence[str]) -> None:
        arguments = [str(self._folder / word) if _is_file(word) else word for word in command]
        code = self._commands.main(arguments, prog_name="sot", standalone_mode=False)
        self.failed |= code not in (None, 0)


def _import_commands() -> Sequence[Sequence[str]]:
    return [
        ("import", format, SAMPLES[sample].file, "--account", account, *options)
        for format, sample, account, options in _IMPORTS
    ]


def _fills_file() -> Sequence[str]:
    """As Parquet where that can be written."""
    if find_spec("pyarrow") is None:
        return ("--format", "csv", "--out", "fills.csv")
    return ("--format", "parquet", "--out", "fills.parquet")


def _is_file(word: str) -> bool:
    return word.endswith((".db", ".csv", ".sqlite", ".xml", ".parquet", ".beancount"))
