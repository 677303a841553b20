"""Pages of lists."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar, get_args

import attrs

from sot.domain.values.arguments import check_fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.hinted_kinds import kind_of_hint
from sot.domain.values.json_form import JsonForm

LARGEST_PAGE = 500

T = TypeVar("T")
K = TypeVar("K")


@attrs.frozen
class PageKey(JsonForm):
    """The key after which a page of a list by time and id begins: what the list is sorted by.

    In a list that is read newest first, what comes after a key is older.
    """

    at: datetime
    id: str

    def __attrs_post_init__(self) -> None:
        check_fields(self)


def _dumped_key(key: Any) -> Any:
    return key.to_dict() if isinstance(key, JsonForm) else key


@attrs.frozen
class Page(JsonForm, Generic[T, K]):
    """Items of a list in its order, and the key after which the next page begins.

    Iterating a page that a history returned goes on to the end of the list: further pages are read as they are needed,
    in the same unit of work. `items` are those of this page alone.

    Attributes:
        items: The items of this page. A page of a past moment may be short, or empty, while there are more.
        next: The key to ask for the next page with; None at the end of the list.
    """

    items: Sequence[T] = attrs.field(eq=tuple)
    next: K | None = None
    _read_next: "Callable[[K], Page[T, K]] | None" = attrs.field(default=None, eq=False, repr=False, alias="read_next")

    def to_dict(self) -> dict[str, Any]:
        """Return the items and the key of the next page as JSON values; see `JsonForm.to_dict`."""
        items: Any = self.items
        return {"items": [item.to_dict() for item in items], "next": _dumped_key(self.next)}

    @classmethod
    def from_dict(cls, document: Any, item: Any = None, key: Any = PageKey) -> "Page[Any, Any]":
        """Create a page from JSON values; it cannot read the pages after it.

        Args:
            document: The values, as `to_dict` writes them.
            item: The class of the items.
            key: The class of the key of the next page: PageKey, PositionKey, int or str.

        Raises:
            InvalidInput: A field is unknown, missing or not allowed, or the class of the items is not given.
        """
        if item is None:
            raise InvalidInput("item", None, "the class of the items, as in Page.from_dict(document, Order)")
        if not isinstance(document, Mapping) or not {"items"} <= set(document) <= {"items", "next"}:
            raise InvalidInput("Page", document, "an object with the fields items, next")
        items = kind_of_hint(Sequence[item]).restored("Page.items", document["items"])
        following = document.get("next")
        return Page(items, None if following is None else kind_of_hint(key).restored("Page.next", following))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Tell pydantic to read by `from_dict` and to write the items; only pydantic calls this."""
        from pydantic_core import core_schema as cs

        arguments = get_args(source)
        item, key = arguments if len(arguments) == 2 else (Any, Any)
        fields = {
            "items": cs.typed_dict_field(cs.list_schema(handler.generate_schema(item))),
            "next": cs.typed_dict_field(cs.nullable_schema(handler.generate_schema(key))),
        }
        form = cs.typed_dict_schema(fields)
        return cs.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.from_dict(value, item, key),
            json_schema_input_schema=form,
            serialization=cs.plain_serializer_function_ser_schema(
                lambda page: {"items": list(page.items), "next": page.next}, return_schema=form
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """Tell pydantic the JSON schema; only pydantic calls this."""
        document: dict[str, Any] = handler(schema)
        return {**document, "title": "Page"}

    def __iter__(self) -> Iterator[T]:
        page: Page[T, K] = self
        while True:
            yield from page.items
            if page.next is None:
                return
            if page._read_next is None:
                raise TypeError("this page cannot read the next one: ask for it with `next`")
            page = page._read_next(page.next)

    def __bool__(self) -> bool:
        return any(True for _ in self)
