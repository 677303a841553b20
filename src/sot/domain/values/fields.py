"""How each kind of field is checked on entry and written in canonical form.

A value class lists its fields once, in a table of name -> Kind; checking, canonical text and reading back all use it.
This is the hot path of every record, hence the direct access to `__dict__` and the precomputed tables.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from json.encoder import encode_basestring
from typing import Any, ClassVar, NamedTuple, Self

import attrs

from sot.domain.values import documents
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import bounded, exact, plain, positive
from sot.domain.values.times import time_text, utc_time

quoted = encode_basestring
"""A text as a JSON string: only what must be escaped is."""


NAME_LENGTH = 255


TEXT_LENGTH = 4_000


ANSWER_LENGTH = 4_000_000


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


@attrs.frozen
class Kind:
    """How one kind of field is handled.

    `check` takes (field name, value) and gives the value as it is kept; `write` gives its canonical JSON text; `parse`
    turns what JSON gives for that text into something that `check` accepts, where it does not by itself.
    `passes` and `writes` are the same as expressions over `v`, for speed: the first tells that a value needs no check.
    `blank` says that an empty value is an absent one; `names` is what the expressions need beyond the module's own.
    `load` makes the value of what JSON gives for canonical text, which was checked when it was written; without one
    JSON's own value is it.
    """

    check: Callable[[str, Any], Any]
    write: Callable[[Any], str]
    parse: Callable[[Any], Any] | None = None
    passes: str = "False"
    writes: str = "write(v)"
    blank: bool = False
    names: Mapping[str, Any] = attrs.field(factory=dict)
    load: Callable[[Any], Any] | None = None


def _text(longest: int, shortest: int = 0) -> Callable[[str, Any], str]:
    allowed = f"text of {shortest} to {longest} characters"

    def check(field: str, value: Any) -> str:
        if type(value) is str and shortest <= len(value) <= longest:
            return value if value.isprintable() else documents.clean_text(field, value)
        if isinstance(value, str) and shortest <= len(value) <= longest:
            return documents.clean_text(field, str.__str__(value))
        raise InvalidInput(field, value, allowed)

    return check


def _uuid(field: str, value: Any) -> str:
    text = value if type(value) is str else str(value)
    if _UUID.fullmatch(text):
        return text
    if _UUID.fullmatch(text.lower()):
        return text.lower()
    raise InvalidInput(field, value, "a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")


def _flag(field: str, value: Any) -> bool:
    if value is True or value is False:
        return value
    raise InvalidInput(field, value, "true or false")


def _count(field: str, value: Any) -> int:
    if type(value) is int and 0 <= value < 2**63:
        return value
    raise InvalidInput(field, value, "a whole number from 0 to 2^63 - 1")


def _nanoseconds(field: str, value: Any) -> int:
    return _count(field, int(bounded(field, value, 19, 0, "nanoseconds since 1970 as a whole number")))


def _mapping(item: Callable[[str, Any], Any], allowed: str) -> Callable[[str, Any], dict[str, Any]]:
    def check(field: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise InvalidInput(field, value, allowed)
        return {NAME.check(field, key): item(f"{field}.{key}", value[key]) for key in value}

    return check


def _write_mapping(write: Callable[[Any], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda values: "{" + ",".join(f"{quoted(key)}:{write(values[key])}" for key in sorted(values)) + "}"


def _write_number(number: Decimal) -> str:
    text = str(number)  # a checked number is canonical but for an exponent
    return f'"{plain(number)}"' if "E" in text else f'"{text}"'


def word(vocabulary: type[StrEnum], subset: tuple[StrEnum, ...] | None = None) -> Kind:
    """One word of a closed vocabulary, or of a part of it."""
    members: Mapping[str, StrEnum] = {str(member): member for member in (subset or vocabulary)}
    allowed = "one of " + ", ".join(members)

    def check(field: str, value: Any) -> StrEnum:
        member = members.get(value) if isinstance(value, str) else None
        if member is None:
            raise InvalidInput(field, value, allowed)
        return member

    passes = "type(v) is vocabulary" if subset is None else "False"
    writes = """'"' + v + '"'"""
    return Kind(
        check,
        lambda value: f'"{value}"',
        passes=passes,
        writes=writes,
        names={"vocabulary": vocabulary},
        load=members.__getitem__,
    )


def sequence_of(kind: Kind) -> Kind:
    """A tuple of values of one kind."""
    write, parse = kind.write, kind.parse

    def check(field: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise InvalidInput(field, value, "a list")
        return tuple([kind.check(field, item) for item in value])

    def parse_all(values: list[Any]) -> list[Any]:
        return values if parse is None else [parse(value) for value in values]

    def load_all(values: list[Any]) -> tuple[Any, ...]:
        return tuple(values) if kind.load is None else tuple([kind.load(value) for value in values])

    return Kind(check, lambda values: "[" + ",".join(map(write, values)) + "]", parse_all, blank=True, load=load_all)


_PRINTABLE = "type(v) is str and {} <= len(v) <= {} and v.isprintable()"


_QUOTED = "quoted(v)"


NAME = Kind(_text(NAME_LENGTH, 1), quoted, passes=_PRINTABLE.format(1, NAME_LENGTH), writes=_QUOTED)


SCOPE = Kind(_text(NAME_LENGTH), quoted, passes=_PRINTABLE.format(0, NAME_LENGTH), writes=_QUOTED, blank=True)


TEXT = Kind(_text(TEXT_LENGTH), quoted, passes=_PRINTABLE.format(0, TEXT_LENGTH), writes=_QUOTED)


ANSWER = Kind(_text(ANSWER_LENGTH), quoted, passes=_PRINTABLE.format(0, ANSWER_LENGTH), writes=_QUOTED)


IDENTITY = Kind(_uuid, quoted, writes=_QUOTED)


HASH = Kind(_text(64, 64), quoted, writes=_QUOTED)


NUMBER = Kind(exact, _write_number, load=Decimal)


POSITIVE = Kind(positive, _write_number, load=Decimal)


TIME = Kind(
    utc_time,
    lambda value: f'"{time_text(value)}"',
    passes="type(v) is datetime and v.tzinfo is UTC",
    writes="""'"' + v.isoformat(timespec="microseconds")[:26] + 'Z"'""",
    load=datetime.fromisoformat,
)


NANOSECONDS = Kind(_nanoseconds, lambda value: f'"{value}"', load=int)


COUNT = Kind(_count, str)


FLAG = Kind(_flag, lambda value: "true" if value else "false")


DOCUMENT = Kind(
    documents.checked,
    lambda value: quoted(documents.document_text(value)),
    documents.read_document,
    load=lambda text: documents.checked("document", documents.read_document(text)),
)


TAGS = Kind(_mapping(TEXT.check, "an object of text by text"), _write_mapping(quoted))


RATES = Kind(
    _mapping(positive, "an object of positive numbers by currency"),
    _write_mapping(_write_number),
    load=lambda rates: {currency: Decimal(rate) for currency, rate in rates.items()},
)


def value_of(cls: "type[Value]") -> Kind:
    """A value class inside another."""

    def check(field: str, value: Any) -> Any:
        return value if isinstance(value, cls) else cls.read(value, field)

    def parse(written: Any) -> Any:
        return cls.from_canonical(written)

    return Kind(check, cls.canonical, parse, load=cls.from_trusted)


class _Compiled(NamedTuple):
    check: Callable[[dict[str, Any]], None]
    write: Callable[[Mapping[str, Any]], str]


def _compiled(kinds: Mapping[str, Kind]) -> _Compiled:
    """The checks and the canonical text of a class as straight code, a line or two per field, as attrs makes __init__.

    Looping over the table costs three times as much, and this runs several times for every report.
    """
    names: dict[str, Any] = {"quoted": quoted, "datetime": datetime, "UTC": UTC}
    checks = ["def check(values):", " pass"]
    writes = ["def canonical(values):", " parts = []"]
    for number, name in enumerate(sorted(kinds)):
        kind = kinds[name]
        own = {"check": kind.check, "write": kind.write, **kind.names}
        names.update({f"{key}_{number}": value for key, value in own.items()})
        passes = kind.passes.replace("vocabulary", f"vocabulary_{number}")
        text = kind.writes.replace("write(", f"write_{number}(")
        checks.append(f" v = values[{name!r}]")
        checks.append(f" if v is not None and not ({passes}): values[{name!r}] = check_{number}({name!r}, v)")
        writes.append(f" v = values[{name!r}]")
        prefix = f'"{name}":'
        absent = "v" if kind.blank else "v is not None"
        writes.append(f" if {absent}: parts.append({prefix!r} + {text})")
    writes.append(" return '{' + ','.join(parts) + '}'")
    exec("\n".join([*checks, *writes]), names)  # made of our own tables only
    return _Compiled(names["check"], names["canonical"])


@attrs.frozen(slots=False)
class Value:
    """Base of the immutable value classes: checks its fields by `KINDS` when made."""

    KINDS: ClassVar[Mapping[str, Kind]] = {}
    _COMPILED: ClassVar[_Compiled]

    def __init_subclass__(cls) -> None:
        cls._COMPILED = _compiled(cls.KINDS)

    def __attrs_post_init__(self) -> None:
        self._COMPILED.check(self.__dict__)

    def canonical(self) -> str:
        """The canonical form: a JSON object of the fields that say something."""
        values = self.__dict__
        text = values.get("_canonical")
        if text is None:
            text = values["_canonical"] = self._COMPILED.write(values)
        return text

    def canonical_without(self, names: Iterable[str]) -> str:
        """The canonical form without some of the fields."""
        return self._COMPILED.write({**self.__dict__, **dict.fromkeys(names)})

    def changed(self, **changes: Any) -> Self:
        """A copy with other values, which are not checked again: for values that were checked elsewhere."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.__dict__.pop("_canonical", None)
        copy.__dict__.update(changes)
        return copy

    def as_json(self) -> dict[str, Any]:
        """The canonical form as JSON values."""
        written: dict[str, Any] = json.loads(self.canonical())
        return written

    @classmethod
    def read(cls, fields: Mapping[str, Any], where: str = "") -> Self:
        """Make one from named fields that came from outside, such as a JSON object.

        Raises: InvalidInput: an unknown or missing field, or a value that is not allowed.
        """
        where = where or cls.__name__
        if not isinstance(fields, Mapping):
            raise InvalidInput(where, fields, "an object of fields")
        for name in fields:
            if name not in cls.KINDS:
                raise InvalidInput(f"{where}.{name}", fields[name], "only these fields: " + ", ".join(cls.KINDS))
        for attribute in attrs.fields(cls):
            if attribute.default is attrs.NOTHING and fields.get(attribute.name) is None:
                raise InvalidInput(f"{where}.{attribute.name}", None, "a value: this field is required")
        return cls(**{name: value for name, value in fields.items() if value is not None})

    @classmethod
    def from_canonical(cls, written: Mapping[str, Any]) -> Self:
        """Make one again from its canonical form, as JSON values."""
        kinds = cls.KINDS
        values = dict(written)
        for name, value in written.items():
            parse = kinds[name].parse
            if parse is not None:
                values[name] = parse(value)
        return cls(**values)

    @classmethod
    def from_trusted(cls, written: Mapping[str, Any]) -> Self:
        """The same for what was checked when it was written, and is vouched for by its hash: nothing is checked again.

        Raises: ArithmeticError, KeyError, TypeError, ValueError: it was damaged, and cannot be read.
        """
        this: Any = cls
        values = _absent(this).copy()
        kinds = cls.KINDS
        for name, value in written.items():
            load = kinds[name].load
            values[name] = value if load is None else load(value)
        new = object.__new__(cls)
        new.__dict__.update(values)
        return new


@cache
def _absent(cls: type[Value]) -> dict[str, Any]:
    """What a class's fields are where nothing is said: values that may be shared.

    What may be empty is empty there: absent and empty are written alike, and so are read back alike.
    """
    assert not any(isinstance(field.default, attrs.Factory) for field in attrs.fields(cls))  # type: ignore[arg-type]
    assert not [f.name for f in attrs.fields(cls) if f.default is None and cls.KINDS[f.name].blank]
    return {field.name: None if field.default is attrs.NOTHING else field.default for field in attrs.fields(cls)}
