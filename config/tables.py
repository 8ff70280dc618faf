"""Reads a parsed document table by table, passing over what is not of the right type, so that checks can go on."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args, get_origin, overload

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
        value = _converted(self._values.get(name, None if info.default is NODEFAULT else info.default), info.type)
        return value if isinstance(value, kind) else None

    @overload
    def members(self, name: str) -> Iterator[tuple[str, str]]: ...
    @overload
    def members(self, name: str, kind: type[_T]) -> Iterator[tuple[str, _T]]: ...
    def members(self, name: str, kind: type[Any] = str) -> Iterator[tuple[str, Any]]:
        """The right members of a list, each with its full key."""
        info, values = self._fields[name], self._values.get(name)
        for index, value in enumerate(values if isinstance(values, list) else []):
            member = _converted(value, get_args(info.type)[0])
            if isinstance(member, kind):
                yield member_key(self.key_of(name), index, value), member

    def names(self, name: str) -> Iterator[tuple[str, str]]:
        """The right names of a table whose names are free, such as services, each with its full key."""
        info, values = self._fields[name], self._values.get(name)
        for each in values if isinstance(values, Mapping) else ():
            if get_origin(info.type) is dict and _converted(each, get_args(info.type)[0]) is not None:
                yield f"{self.key_of(name)}.{each}", each

    def tables(self, name: str) -> list["Table"]:
        """The tables of a list within this one."""
        return _tables(self._values.get(name), self.key_of(name), get_args(self._fields[name].type)[0])


def _converted(value: object, kind: Any) -> object:
    """The value as the settings will have it; None if it is wrong."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


def table(document: Mapping[str, object], name: str, kind: type[Struct]) -> Table:
    """The table `name` of a document; empty if it is absent or not a table."""
    values = document.get(name)
    return Table(name, kind, values if isinstance(values, Mapping) else {})


def tables(document: Mapping[str, object], name: str, kind: type[Struct]) -> list[Table]:
    """The tables of the list `name` of a document, e.g. all `[[queues]]`."""
    return _tables(document.get(name), name, kind)


def _tables(values: object, key: str, kind: type[Struct]) -> list[Table]:
    members = values if isinstance(values, list) else []
    return [
        Table(member_key(key, index, member), kind, member)
        for index, member in enumerate(members)
        if isinstance(member, Mapping)
    ]
