"""Small systematic changes of a Python source: another operator, a dropped condition, the next word of a vocabulary.

A change is known by its file, the function that it is in, and its text, so that it is the same one when lines move.
What nobody can observe is left alone: annotations, texts, assertions, and what an error says.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).parents[1]
VOCABULARY = ROOT / "src" / "sot" / "domain" / "values" / "vocabulary.py"

_COMPARISONS: Mapping[type[ast.cmpop], Sequence[type[ast.cmpop]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "add": "subtract",
    "subtract": "add",
    "ZERO": "ONE",
    "ONE": "ZERO",
    "BUY": "SELL",
}
_UNSEEN = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Change:
    """A change of one place in a file.

    Attributes:
        file: The file, relative to `src/sot`.
        function: The function or method that has the place, `Class.method`; empty for what a module runs.
        text: What is changed into what.
        number: Which one it is of those with the same text in the function, from 1.
        line: Where the place is now.
        source: The source with the change.
    """

    file: str
    function: str
    text: str
    number: int
    line: int
    source: str

    @property
    def name(self) -> str:
        """What identifies the change."""
        count = f" #{self.number}" if self.number > 1 else ""
        return f"{self.file}:{self.function or '<module>'}: {self.text}{count}"


@cache
def _next_words() -> Mapping[tuple[str, str], str]:
    """The word after each one of its vocabulary, by class and word."""
    following = {}
    for node in ast.parse(VOCABULARY.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            words = [
                target.id
                for each in node.body
                if isinstance(each, ast.Assign)
                for target in each.targets
                if isinstance(target, ast.Name) and target.id.isupper()
            ]
            following.update({(node.name, a): b for a, b in zip(words, [*words[1:], *words[:1]], strict=True)})
    return following


def changes(file: str, source: str) -> list[Change]:
    """Find every change of a source, in the order of its places.

    Args:
        file: The file, relative to `src/sot`.
        source: Its text.
    """
    found: list[Change] = []
    data = source.encode()
    starts = [0, *accumulate(len(line) for line in data.splitlines(keepends=True))]
    counts: Counter[tuple[str, str]] = Counter()
    for function, node in _places(ast.parse(source), ""):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        original = _short_text(data[start:end].decode())
        for replacement in _replacements(node):
            text = f"{original} -> {_short_text(replacement)}"
            counts[function, text] += 1
            changed = (data[:start] + replacement.encode() + data[end:]).decode()
            found.append(Change(file, function, text, counts[function, text], node.lineno, changed))
    return found


Place = tuple[str, ast.expr | ast.stmt]


def _places(node: ast.AST, function: str, depth: int = 0) -> Iterator[Place]:
    """The places of a tree that may be changed, each with the function that it is in."""
    if isinstance(node, _UNSEEN) or _is_docstring(node) or _is_for_type_checkers(node):
        return
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and depth == 0:
        function = f"{function}.{node.name}" if function else node.name
    inner = depth + isinstance(node, ast.FunctionDef)
    if isinstance(node, (ast.expr, ast.stmt)):
        yield function, node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases", "ctx", "targets", "target"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield from _places(each, function, inner)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _short_text(text: str) -> str:
    return " ".join(text.split())


def _replacements(node: ast.expr | ast.stmt) -> Iterator[str]:
    """What may stand in place of an expression or a statement."""
    for kind, replace in _CHANGES:
        if isinstance(node, kind):
            for replacement in replace(node):
                yield f"({replacement})" if isinstance(node, ast.expr) and _needs_parentheses(node) else replacement


def _needs_parentheses(node: ast.expr) -> bool:
    return not isinstance(node, (ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Set, ast.Dict, ast.Tuple))


def _comparison(node: ast.Compare) -> Iterator[str]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.unparse(ast.Compare(node.left, ops, node.comparators))


def _condition(node: ast.BoolOp) -> Iterator[str]:
    yield ast.unparse(ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))
    for place in range(len(node.values)):
        left = [*node.values[:place], *node.values[place + 1 :]]
        yield ast.unparse(ast.BoolOp(node.op, left) if len(left) > 1 else left[0])


def _unary(node: ast.UnaryOp) -> Iterator[str]:
    if isinstance(node.op, (ast.Not, ast.USub)):
        yield ast.unparse(node.operand)


def _operation(node: ast.BinOp) -> Iterator[str]:
    other = _OPERATORS.get(type(node.op))
    if other is not None and not isinstance(node.left, ast.Constant):
        yield ast.unparse(ast.BinOp(node.left, other(), node.right))


def _constant(node: ast.Constant) -> Iterator[str]:
    if isinstance(node.value, bool):
        yield str(not node.value)
    elif isinstance(node.value, int):
        yield str(node.value + 1)


def _word(node: ast.Attribute) -> Iterator[str]:
    if isinstance(node.value, ast.Name):
        other = _next_words().get((node.value.id, node.attr))
        if other is not None:
            yield f"{node.value.id}.{other}"


def _name(node: ast.Name) -> Iterator[str]:
    if isinstance(node.ctx, ast.Load) and node.id in _NAMES:
        yield _NAMES[node.id]


def _choice(node: ast.IfExp) -> Iterator[str]:
    yield ast.unparse(ast.IfExp(node.test, node.orelse, node.body))


def _members(node: ast.Set | ast.Dict) -> Iterator[str]:
    """A set or table without one of its members."""
    count = len(node.elts) if isinstance(node, ast.Set) else len(node.keys)
    for place in range(count) if count > 1 else ():
        kept = [index for index in range(count) if index != place]
        if isinstance(node, ast.Set):
            yield ast.unparse(ast.Set([node.elts[index] for index in kept]))
        else:
            yield ast.unparse(ast.Dict([node.keys[index] for index in kept], [node.values[index] for index in kept]))


def _filter(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Iterator[str]:
    """A comprehension without its conditions."""
    if any(each.ifs for each in node.generators):
        generators = [ast.comprehension(each.target, each.iter, [], each.is_async) for each in node.generators]
        fields = {name: value for name, value in ast.iter_fields(node) if name != "generators"}
        yield ast.unparse(type(node)(**fields, generators=generators))


def _call(node: ast.Call) -> Iterator[str]:
    """A call without one of its keywords."""
    for place, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            kept = [*node.keywords[:place], *node.keywords[place + 1 :]]
            yield ast.unparse(ast.Call(node.func, node.args, kept))


def _branch(node: ast.If) -> Iterator[str]:
    """A statement that is never, or always, executed is tried by negating its condition."""
    if not node.orelse:
        negated = ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, [])
        yield ast.unparse(negated).replace("\n", "\n" + " " * node.col_offset)


def _nothing(node: ast.stmt) -> Iterator[str]:
    """No statement."""
    if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call):
        return
    if isinstance(node, ast.Return) and node.value is not None:
        return
    if isinstance(node, ast.Assign) and any(isinstance(target, (ast.Name, ast.Tuple)) for target in node.targets):
        return
    yield "pass"


_CHANGES: Sequence[tuple[type | tuple[type, ...], Callable[..., Iterator[str]]]] = (
    (ast.Compare, _comparison),
    (ast.BoolOp, _condition),
    (ast.UnaryOp, _unary),
    (ast.BinOp, _operation),
    (ast.Constant, _constant),
    (ast.Attribute, _word),
    (ast.Name, _name),
    (ast.IfExp, _choice),
    ((ast.Set, ast.Dict), _members),
    ((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp), _filter),
    (ast.Call, _call),
    (ast.If, _branch),
    ((ast.Expr, ast.Return, ast.Assign, ast.AugAssign, ast.Continue, ast.Break), _nothing),
)
