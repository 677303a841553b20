"""The form above a list: fields that live in the address."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs


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
        kind: `text`, `time` or `choice`.
        value: What it has now.
        options: The choices of a `choice`; the first one is no limit.
    """

    name: str
    label: str
    kind: str
    value: str = ""
    options: Sequence[Option] = ()
    hint: str = ""


def text_field(name: str, label: str, query: Mapping[str, Any], hint: str = "") -> FilterField:
    """Return a field for a text."""
    return FilterField(name=name, label=label, kind="text", value=query.get(name, ""), hint=hint)


def time_field(name: str, label: str, query: Mapping[str, Any]) -> FilterField:
    """Return a field for a time. A browser's field takes no zone: what is in it is in UTC."""
    return FilterField(name=name, label=label, kind="time", value=query.get(name, "").removesuffix("Z"))


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


def account_field(accounts: Sequence[str] | None, query: Mapping[str, Any]) -> FilterField | None:
    """Return the field for the account: of a key with several accounts a choice; none for a key with one."""
    if accounts is None:
        return text_field("account_id", "Account", query)
    if len(accounts) < 2:
        return None
    chosen = {"account_id": query.get("account_id") or accounts[0]}
    return choice_field("account_id", "Account", chosen, {name: name for name in accounts}, anything=None)
