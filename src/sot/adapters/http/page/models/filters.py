"""The form above a list: fields that live in the address."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from sot.application.input.days import is_day

_TO_THE_MILLISECOND = len("2026-01-31T23:59:59.999")


@attrs.frozen(kw_only=True)
class Option:
    """A choice of a field."""

    value: str
    label: str
    is_chosen: bool


@attrs.frozen(kw_only=True)
class FilterField:
    """A field of the form.

    Attributes:
        kind: `text`, `time`, `day`, `choice` or `hidden`.
        value: What it has now.
        exact: The exact time in a field for a time, of which it shows milliseconds; empty for other fields.
        options: The choices of a `choice`; the first one is no limit.
    """

    name: str
    label: str
    kind: str
    value: str = ""
    exact: str = ""
    options: Sequence[Option] = ()
    hint: str = ""


def text_field(name: str, label: str, query: Mapping[str, Any], hint: str = "") -> FilterField:
    """Return a field for a text."""
    return FilterField(name=name, label=label, kind="text", value=query.get(name, ""), hint=hint)


def time_field(name: str, label: str, query: Mapping[str, Any]) -> FilterField:
    """Return a field for a time. A browser's field takes no zone and no microseconds: what is in it is in UTC."""
    exact = query.get(name, "")
    value = exact.removesuffix("Z")[:_TO_THE_MILLISECOND]
    return FilterField(name=name, label=label, kind="time", value=value, exact=exact)


def day_field(name: str, label: str, query: Mapping[str, Any]) -> FilterField:
    """Return a field for a day. A time, which an address may have in its place, is shown as text."""
    value = query.get(name, "")
    return FilterField(name=name, label=label, kind="day" if not value or is_day(value) else "text", value=value)


def repeated_fields(name: str, label: str, query: Mapping[str, Any], hint: str) -> list[FilterField]:
    """Return fields for texts that may be given more than once: one for each that is given, and an empty one."""
    given = query.get(name, [])
    return [text_field(name, label, {name: text}, hint) for text in (*given, "")]


def hidden_field(name: str, value: str) -> FilterField:
    """Return a field that the form keeps."""
    return FilterField(name=name, label="", kind="hidden", value=value)


def choice_field(
    name: str, label: str, query: Mapping[str, Any], choices: Mapping[str, str], anything: str | None = "any"
) -> FilterField:
    """Return a field for one of several values.

    Args:
        name: The name of its parameter.
        label: Its label.
        query: The texts of the query.
        choices: Labels by value.
        anything: The label of no limit; None if one of the values has to be chosen.
    """
    found = query.get(name, ())
    chosen = found if isinstance(found, list) else [found]
    options = [Option(value=value, label=text, is_chosen=value in chosen) for value, text in choices.items()]
    if anything is not None:
        options.insert(0, Option(value="", label=anything, is_chosen=not any(option.is_chosen for option in options)))
    return FilterField(name=name, label=label, kind="choice", options=options)


_MOST_CHOICES = 100


def one_account_field(accounts: Sequence[str], account_id: str) -> FilterField | None:
    """Return the field for the account of a page about one: a choice unless there are too many; none if it is known."""
    known = accounts if len(accounts) <= _MOST_CHOICES else None
    return account_field(known, {"account_id": account_id})


def account_field(accounts: Sequence[str] | None, query: Mapping[str, Any]) -> FilterField | None:
    """Return the field for the account: of a key with several accounts a choice; none for a key with one."""
    if accounts is None:
        return text_field("account_id", "Account", query)
    if len(accounts) < 2:
        return None
    chosen = {"account_id": query.get("account_id") or accounts[0]}
    return choice_field("account_id", "Account", chosen, {name: name for name in accounts}, anything=None)
