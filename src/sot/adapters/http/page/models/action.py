"""What a person records through the page: a form, and its confirmation."""

from collections.abc import Mapping, Sequence

import attrs

from sot.adapters.http.page.models.facts import Fact
from sot.adapters.http.page.models.filters import Option


@attrs.frozen(kw_only=True)
class ActionField:
    """A field of a form.

    Attributes:
        hint: What to write there.
        is_number: Whether it takes a whole number.
        is_required: Whether it must not be empty.
        choices: Labels by value, of a choice.
    """

    name: str
    label: str
    hint: str = ""
    is_number: bool = False
    is_required: bool = True
    choices: Mapping[str, str] = attrs.field(factory=dict)

    def options(self, chosen: str) -> list[Option]:
        """Return the options of a choice."""
        return [Option(value=value, label=label, is_chosen=value == chosen) for value, label in self.choices.items()]


@attrs.frozen(kw_only=True)
class Subject:
    """What an action is about.

    Attributes:
        title: It in one line.
        facts: What is known of it.
        back: The address of the page that it stands on.
        account_id: Its account.
        version: The entity tag of what was read, if it can change.
        impossible: Why the action is not possible, or not any more; empty if it is.
    """

    title: str
    facts: Sequence[Fact]
    back: str
    account_id: str
    version: str = ""
    impossible: str = ""


@attrs.frozen(kw_only=True)
class ActionModel:
    """The form of an action, or its confirmation.

    Attributes:
        label: What is done.
        explanation: What it means.
        fields: The fields of the form.
        values: What is in them.
        error: What is wrong with the field `error_field`; empty if nothing is.
        given: What is confirmed, in words.
        actor: The name under which it is recorded.
        hidden: Further fields, which the form carries.
        review: The address of the confirmation.
        confirm: The address that records it.
    """

    label: str
    explanation: str
    subject: Subject
    fields: Sequence[ActionField]
    values: Mapping[str, str]
    error: str = ""
    error_field: str = ""
    given: Sequence[Fact] = ()
    actor: str = ""
    hidden: Mapping[str, str] = attrs.field(factory=dict)
    review: str
    confirm: str
