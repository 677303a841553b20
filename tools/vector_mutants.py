"""Plant wrong rules in the library, one at a time, and count how many the vectors alone notice.

Planted are the rules of `wrong_rules.toml`, each a text of a file and what stands there instead, and a sample of the
small changes that `source_changes.py` finds in the domain and in the use cases of orders and accounting. A change is in
the sample or not by its seed and its own text, so that another part of the library may change.

Each one gets a process of its own, in which the changed function, or the whole library with the change, runs the
vectors that come to that function on the store in memory, until one fails. The working tree is not touched.
`harmless_changes.toml` names those that nobody can notice, each with the reason.

Exit codes: 0 if every wrong rule is noticed, and enough of the sample; 1 if not; 2 if something cannot be planted.
"""

import argparse
import ast
import gc
import importlib.util
import json
import multiprocessing
import os
import resource
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import _lru_cache_wrapper
from hashlib import sha256
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from inspect import CO_OPTIMIZED
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

from source_changes import Change, changes

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "sot"
RULES = ROOT / "tools" / "wrong_rules.toml"
HARMLESS = ROOT / "tools" / "harmless_changes.toml"
VECTORS = SOURCE / "testing" / "data"
SCOPE = ("domain", "application/orders", "application/accounting")
SECONDS = 60
BYTES = 4 << 30
ENOUGH = 0.95


class Unusable(Exception):
    """What cannot be planted."""


@dataclass(frozen=True)
class Mutant:
    """A changed file to plant.

    Attributes:
        name: What identifies it.
        file: The file, relative to `src/sot`.
        function: The function that is changed; empty for what the module itself runs.
        source: The file with the change.
        rules: The rules of the specification that it breaks, as far as that is known.
    """

    name: str
    file: str
    function: str
    source: str
    rules: Sequence[str] = ()


@dataclass(frozen=True)
class WrongRule:
    """A wrong rule to plant.

    Attributes:
        name: What is wrong, in a few words; it identifies the rule.
        rules: The rules of the specification that it breaks.
        file: The file, relative to `src/sot`.
        text: The text to replace; it occurs once.
        replacement: What stands there instead.
    """

    name: str
    rules: Sequence[str]
    file: str
    text: str
    replacement: str

    def mutant(self) -> Mutant:
        """Plant it.

        Raises:
            Unusable: The text does not occur exactly once.
        """
        source = (SOURCE / self.file).read_text("utf-8")
        count = source.count(self.text)
        if count != 1:
            raise Unusable(f"{self.name}: its text occurs {count} times in src/sot/{self.file}, and must occur once")
        line = source[: source.index(self.text)].count("\n") + 1 + self.text.lstrip("\n").count("\n")
        changed = source.replace(self.text, self.replacement)
        return Mutant(self.name, self.file, _function_at(source, line), changed, self.rules)


def _function_at(source: str, line: int) -> str:
    """The outermost function or method that has a line, or nothing."""

    def search(nodes: Sequence[ast.stmt], prefix: str) -> str:
        for node in nodes:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.lineno <= line <= (node.end_lineno or 0):
                name = f"{prefix}{node.name}"
                return search(node.body, f"{name}.") if isinstance(node, ast.ClassDef) else name
        return ""

    return search(ast.parse(source).body, "")


def wrong_rules() -> list[WrongRule]:
    """Read the list of wrong rules."""
    return [WrongRule(**entry) for entry in tomllib.loads(RULES.read_text("utf-8"))["rule"]]


def harmless() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Read which changes nobody can notice, and which files hold no rules: each with the reason."""
    table = tomllib.loads(HARMLESS.read_text("utf-8"))
    same = {entry["change"]: entry["reason"] for entry in table.get("same", ())}
    return same, {entry["file"]: entry["reason"] for entry in table.get("without_rules", ())}


def files_in_scope() -> Iterator[str]:
    """The files whose changes may be in the sample."""
    _, without_rules = harmless()
    for folder in SCOPE:
        for path in sorted((SOURCE / folder).rglob("*.py")):
            file = path.relative_to(SOURCE).as_posix()
            if file not in without_rules:
                yield file


def all_changes() -> list[Change]:
    """Every small change of the files in scope."""
    return [change for file in files_in_scope() for change in changes(file, (SOURCE / file).read_text("utf-8"))]


def sample(seed: int, count: int) -> list[Change]:
    """Some of all changes: those with the lowest digests of the seed and their names."""
    return sorted(all_changes(), key=lambda each: sha256(f"{seed} {each.name}".encode()).digest())[:count]


class _Planted(MetaPathFinder, SourceFileLoader):
    """Imports a mutant in place of its file."""

    def __init__(self, mutant: Mutant) -> None:
        parts = mutant.file.removesuffix(".py").removesuffix("/__init__").split("/")
        SourceFileLoader.__init__(self, ".".join(("sot", *parts)), str(SOURCE / mutant.file))
        self._source = mutant.source

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Find the module of the mutant alone."""
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )

    def get_code(self, fullname: str) -> CodeType:
        """Compile the changed source."""
        return compile(self._source, self.path, "exec", dont_inherit=True)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of the functions and methods of a module, outermost ones alone."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            is_class = not each.co_flags & CO_OPTIMIZED
            yield from _codes(each) if is_class else (each,)


def _swap(mutant: Mutant) -> bool:
    """Give the changed function its code in the library that is imported already, which is faster than to import it.

    Returns:
        False where that is not enough: what a module itself runs, and functions that make functions.
    """
    module = sys.modules.get(_Planted(mutant).name)
    if module is None or not mutant.function:
        return False
    changed = compile(mutant.source, str(SOURCE / mutant.file), "exec", dont_inherit=True)
    new = [code for code in _codes(changed) if code.co_qualname == mutant.function]
    owner: Any = module
    for name in mutant.function.split(".")[:-1]:
        owner = getattr(owner, name, None)
    found = vars(owner).get(mutant.function.rpartition(".")[2]) if owner is not None else None
    function = getattr(found, "fget", None) or getattr(found, "__func__", None) or found
    makes = [each.co_name for code in new for each in code.co_consts if isinstance(each, CodeType)]
    if len(new) != 1 or not isinstance(function, FunctionType) or not _COMPREHENSIONS.issuperset(makes):
        return False
    if function.__code__.co_freevars != new[0].co_freevars:
        return False
    function.__code__ = new[0]
    return True


_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})

Vector = Mapping[str, Any]
Function = tuple[str, str]


def read_vectors() -> list[Vector]:
    """Read the vectors of the package, without importing it."""
    files = sorted(VECTORS.glob("*.json"))
    return [vector for file in files for vector in json.loads(file.read_text("utf-8"), parse_float=Decimal)]


def _run(vectors: Sequence[Vector], order: Sequence[int], before: Callable[[int], None] | None = None) -> int | None:
    """Run vectors in an order; returns the first one that fails."""
    from sot.adapters.memory import MemoryStore
    from sot.testing.vectors import run_vectors

    store = MemoryStore()
    for place in order:
        if before is not None:
            before(place)
        if run_vectors(store, [vectors[place]]).failures:
            return place
    return None


def _is_in_scope(function: Any) -> bool:
    return str(function.__module__).startswith(("sot.domain", "sot.application"))


def _explore(vectors: Sequence[Vector]) -> dict[str, Any]:
    """Find out which vectors come to each function; runs in a process of its own."""
    codes: list[set[CodeType]] = [set()]

    def trace(frame: FrameType, event: str, argument: object) -> None:
        codes[-1].add(frame.f_code)

    def started(place: int) -> None:
        codes.append(set())
        for cached in caches:  # what an earlier vector had computed is computed anew
            cached.cache_clear()

    caches = [each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper) and _is_in_scope(each)]
    sys.settrace(trace)
    failed = _run(vectors, range(len(vectors)), started)
    sys.settrace(None)
    reached: defaultdict[Function, list[int]] = defaultdict(list)
    prefix = f"{SOURCE}/"
    for place, called in enumerate(codes[1:]):
        functions = {(code.co_filename, code.co_qualname.partition(".<locals>")[0]) for code in called}
        for file, name in functions:
            if file.startswith(prefix):
                reached[file.removeprefix(prefix), name].append(place)
    return {"failed": failed, "reached": dict(reached)}


def _try(vectors: Sequence[Vector], order: Sequence[int], mutant: Mutant) -> dict[str, Any]:
    """Run vectors on a mutant; runs in a process of its own, which nothing survives."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if not _swap(mutant):
        found = _import(mutant)
        if found is not None:
            return {"unusable": found}
    running = 0

    def started(place: int) -> None:
        nonlocal running
        running = place

    try:
        failed = _run(vectors, order, started)
    except BaseException:  # an error that no vector expects: the one that runs has noticed
        failed = running
    return {"failed": failed}


def _import(mutant: Mutant) -> str | None:
    """Import the library anew with a mutant; returns why that cannot be done."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "sot"]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Planted(mutant))
    try:
        import sot.testing.vectors  # noqa: F401
    except Exception as error:  # whatever an import runs into
        return f"{type(error).__name__}: {error}"
    return None


def _in_child(connection: Connection, function: Callable[..., Any], arguments: Sequence[Any]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    connection.send(function(*arguments))
    connection.close()
    os._exit(0)


@dataclass
class Outcome:
    """What became of a mutant: the vector that noticed it, or why it could not be planted."""

    mutant: Mutant
    vector: str | None = None
    unusable: str | None = None
    seconds: float = 0.0


@dataclass
class Campaign:
    """Runs mutants, some at a time, each in a process of its own, forked from this one with the library in it."""

    vectors: Sequence[Vector]
    jobs: int
    reached: Mapping[Function, Sequence[int]] = field(default_factory=dict)
    noticed: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def explore(self) -> int | None:
        """Run all vectors without a mutant; returns the first one that fails."""
        import sot.adapters.memory
        import sot.testing.vectors  # noqa: F401

        receiver, process = self._start(_explore, (self.vectors,))
        found = receiver.recv()
        process.join()
        self.reached = found["reached"]
        failed: int | None = found["failed"]
        return failed

    def _start(self, function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[Connection, Any]:
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_in_child, args=(sender, function, arguments))
        process.start()
        sender.close()
        return receiver, process

    def _order(self, mutant: Mutant) -> list[int]:
        """The vectors that come to the changed function; of what only an import runs they are all.

        First those that name a rule which it breaks, then those that noticed another change of its file.
        """
        reaching = self.reached.get((mutant.file, mutant.function), range(len(self.vectors)))
        known = [place for place, _ in self.noticed[mutant.file].most_common() if place in set(reaching)]
        named = [place for place in reaching if set(self.vectors[place].get("rules", ())) & set(mutant.rules)]
        return list(dict.fromkeys([*named, *known, *reaching]))

    def run(self, mutants: Sequence[Mutant]) -> Iterator[Outcome]:
        """Run mutants; yields them as they end."""
        left = list(reversed(mutants))
        running: dict[Connection, tuple[Mutant, Any, float]] = {}
        while left or running:
            while left and len(running) < self.jobs:
                mutant = left.pop()
                receiver, process = self._start(_try, (self.vectors, self._order(mutant), mutant))
                running[receiver] = (mutant, process, time.monotonic())
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)
                mutant, process, began = running.pop(ready)
                yield self._outcome(ready, mutant, process, time.monotonic() - began)

    def _outcome(self, receiver: Connection, mutant: Mutant, process: Any, seconds: float) -> Outcome:
        try:
            found = receiver.recv()
        except EOFError:  # it was killed: it did not end, or took all of the memory
            return Outcome(mutant, "none: no end", seconds=seconds)
        finally:
            process.join()
            receiver.close()
        if "unusable" in found:
            return Outcome(mutant, unusable=found["unusable"], seconds=seconds)
        if found["failed"] is None:
            return Outcome(mutant, seconds=seconds)
        self.noticed[mutant.file][found["failed"]] += 1
        return Outcome(mutant, str(self.vectors[found["failed"]]["id"]), seconds=seconds)


def _follow(outcomes: Iterator[Outcome], count: int, same: Mapping[str, str]) -> list[Outcome]:
    """Print a line for each outcome as it comes."""
    done = []
    for number, outcome in enumerate(outcomes, 1):
        done.append(outcome)
        if outcome.unusable:
            word = f"UNUSABLE  {outcome.mutant.name}  ({outcome.unusable})"
        elif outcome.vector:
            word = f"NOTICED   {outcome.mutant.name}  ({outcome.vector})"
        elif outcome.mutant.name in same:
            word = f"HARMLESS  {outcome.mutant.name}"
        else:
            word = f"SURVIVED  {outcome.mutant.name}"
        print(f"{number:4}/{count} {outcome.seconds:5.1f} s  {word}", flush=True)
    return done


def _table(sampled: Sequence[Outcome], same: Mapping[str, str]) -> tuple[int, int]:
    """Print how many changes of each part of the library were noticed; returns planted and noticed ones."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in sampled:
        part = outcome.mutant.file.rpartition("/")[0]
        if outcome.unusable:
            kind = "unusable"
        elif outcome.vector:
            kind = "noticed"
        else:
            kind = "harmless" if outcome.mutant.name in same else "survived"
        counts[part][kind] += 1
    total: Counter[str] = sum(counts.values(), Counter())
    print(f"\n| {'part':24} | changes | harmless | noticed | survived |  share |")
    for part, found in [*sorted(counts.items()), ("all", total)]:
        planted = found["noticed"] + found["survived"]
        share = f"{found['noticed'] / planted:6.1%}" if planted else "     -"
        print(
            f"| {part:24} | {planted + found['harmless']:7} | {found['harmless']:8} | {found['noticed']:7}"
            f" | {found['survived']:8} | {share} |"
        )
    return total["noticed"] + total["survived"], total["noticed"]


def campaign(rules: Sequence[WrongRule], sampled: Sequence[Change], jobs: int) -> int:
    """Run everything, print the figures, and return the exit code."""
    began = time.monotonic()
    same, _ = harmless()
    try:
        planted = [rule.mutant() for rule in rules]
    except Unusable as error:
        print(f"ERROR: {error}")
        return 2
    runs = Campaign(read_vectors(), jobs)
    failed = runs.explore()
    if failed is not None:
        print(f"ERROR: {runs.vectors[failed]['id']} fails without a change")
        return 2
    print(f"{len(runs.vectors)} vectors hold; {len(planted)} wrong rules and {len(sampled)} changes follow", flush=True)
    changed = [Mutant(each.name, each.file, each.function, each.source) for each in sampled]
    outcomes = _follow(runs.run([*planted, *changed]), len(planted) + len(changed), same)
    by_name = {outcome.mutant.name: outcome for outcome in outcomes}
    of_rules = [by_name[mutant.name] for mutant in planted]
    count, noticed = _table([by_name[mutant.name] for mutant in changed], same)
    survived = [outcome.mutant.name for outcome in of_rules if not outcome.vector]
    unusable = [outcome for outcome in of_rules if outcome.unusable]
    print(f"\nnoticed by the vectors alone, in {time.monotonic() - began:.0f} seconds:")
    print(f"{len(of_rules) - len(survived)} of {len(of_rules)} wrong rules")
    print(f"{noticed} of {count} changes that are not harmless")
    return 2 if unusable else 1 if survived or noticed < ENOUGH * count else 0


def main() -> int:
    """Read the options and run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200, help="how many changes are in the sample (200)")
    parser.add_argument("--seed", type=int, default=1, help="which ones are (1)")
    parser.add_argument("--name", help="plant only those whose name has this text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument("--list", action="store_true", help="list them, and plant none")
    options = parser.parse_args()
    rules = [rule for rule in wrong_rules() if (options.name or "") in rule.name]
    sampled = [each for each in sample(options.seed, options.sample) if (options.name or "") in each.name]
    if options.list:
        for each in (*rules, *sampled):
            print(each.name)
        return 0
    if not rules and not sampled:
        parser.error("nothing is left; see --list")
    return campaign(rules, sampled, options.jobs)


if __name__ == "__main__":
    sys.exit(main())
