"""Reads a parsed document table by table, passing over what is not of the right type, so that checks can go on."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct

from config.shapes import fields_of, member_key

_T = TypeVar("_T")


class Table:
    """One table of a document: its key, and those of its values that are of the right type."""

    def __init__(self, key: str, kind: type[Struct], values: Mapping[str, object]) -> None:
        self.key = key
        self._fields = fields_of(kind)
        self._values = values

    def key_of(self, name: str) -> str:
        """The full key of one of the table's values."""
        return f"{self.key}.{name}"

    def raw(self, name: str) -> object:
        """What stands in the file, right or wrong; None if nothing does."""
        return self._values.get(name)

    def value(self, name: str, kind: type[_T]) -> _T | None:
        """The value if it is right, the default if it is absent, None if it is wrong or missing."""
        info = self._fields[name]
        value = self._values.get(name, None if info.default is NODEFAULT else info.default)
        good = _good(value, info.type)
        return value if good and isinstance(value, kind) else None

    def members(self, name: str) -> Iterator[tuple[str, str]]:
        """The right texts of a list, each with its full key."""
        info, values = self._fields[name], self._values.get(name)
        if get_origin(info.type) is list and isinstance(values, list):
            for index, value in enumerate(values):
                if isinstance(value, str) and _good(value, get_args(info.type)[0]):
                    yield member_key(self.key_of(name), index, value), value


def _good(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def table(document: Mapping[str, object], name: str, kind: type[Struct]) -> Table:
    """The table `name` of a document; empty if it is absent or not a table."""
    values = document.get(name)
    return Table(name, kind, values if isinstance(values, Mapping) else {})


def tables(document: Mapping[str, object], name: str, kind: type[Struct]) -> list[Table]:
    """The tables of the list `name` of a document, e.g. all `[[queues]]`."""
    values = document.get(name)
    members = values if isinstance(values, list) else []
    return [
        Table(member_key(name, index, member), kind, member)
        for index, member in enumerate(members)
        if isinstance(member, Mapping)
    ]
