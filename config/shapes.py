"""Compares a parsed TOML document with the settings' types, leaf by leaf, so that no fault hides another."""

import datetime as dt
import types
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from config.faults import ABSENT, Faults
from config.names import nearest
from config.refused_keys import refused_key
from config.settings import Address, Id, Prefix, Span, Url

_PATTERNS = {"id": Id, "address": Address, "span": Span, "url": Url, "prefix": Prefix}
_PATTERN_TEXTS = {get_args(kind)[1].pattern: name for name, kind in _PATTERNS.items()}
"""Which text says a pattern in words; another pattern is shown as it is."""


@cache
def fields_of(kind: type[Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """The keys of a table, by name."""
    return {info.name: info for info in msgspec.structs.fields(kind)}


def member_key(key: str, index: int, member: object) -> str:
    """The key of a list's member: by its id or code when it has one, else by its place, counted from 1."""
    name = index + 1
    if isinstance(member, Mapping):
        label = member.get("id", member.get("code"))
        if isinstance(label, str) and label:
            return f"{key}[{label}]"
    return f"{key}[{name}]"


def compare(value: object, kind: Any, key: str, faults: Faults) -> None:
    """Note every place where `value` is not of type `kind`."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        _compare_table(value, kind, key, faults)
    elif get_origin(kind) is list:
        _compare_list(value, get_args(kind)[0], key, faults)
    elif get_origin(kind) is dict:
        _compare_map(value, kind, key, faults)
    else:
        _compare_leaf(value, kind, key, faults)


def _compare_table(value: object, kind: type[Struct], key: str, faults: Faults) -> None:
    if not isinstance(value, Mapping):
        faults.add(key, value, "table")
        return
    known = fields_of(kind)
    dot = f"{key}." if key else ""
    for name in value:
        if name in known:
            continue
        if reason := refused_key(kind, name):
            faults.add(f"{dot}{name}", value[name], reason)
        else:
            faults.add(f"{dot}{name}", ABSENT, "unknown_key", hint=nearest(name, known))
    for name, info in known.items():
        if name in value:
            compare(value[name], info.type, dot + name, faults)
        elif info.required:
            faults.add(dot + name, ABSENT, "missing_key", wanted=_wanted(info.type, faults))


def _compare_list(value: object, kind: Any, key: str, faults: Faults) -> None:
    if not isinstance(value, list):
        faults.add(key, value, "list")
        return
    for index, member in enumerate(value):
        compare(member, kind, member_key(key, index, member), faults)


def _compare_map(value: object, kind: Any, key: str, faults: Faults) -> None:
    if not isinstance(value, Mapping):
        faults.add(key, value, "map")
        return
    names, members = get_args(kind)
    for name, member in value.items():
        _compare_leaf(name, names, f"{key}.{name}", faults)
        compare(member, members, f"{key}.{name}", faults)


def _compare_leaf(value: object, kind: Any, key: str, faults: Faults) -> None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        code, facts = _expectation(kind)
        hint = nearest(value, get_args(kind)) if code == "choice" and isinstance(value, str) else ""
        faults.add(key, value, code, hint=hint, **facts)


def _wanted(kind: Any, faults: Faults) -> str:
    probe = Faults(faults.file, faults.language)
    if isinstance(kind, type) and issubclass(kind, Struct):
        probe.add("", "", "table")
    elif get_origin(kind) is list:
        probe.add("", "", "list")
    elif get_origin(kind) is dict:
        probe.add("", "", "map")
    else:
        code, facts = _expectation(kind)
        probe.add("", "", code, **facts)
    return probe.found[0].expected


def _expectation(kind: Any) -> tuple[str, dict[str, Any]]:
    """Which text of `[faults]` says what `kind` is, and that text's facts."""
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(option for option in get_args(kind) if option is not types.NoneType)
    meta = Meta()
    if get_origin(kind) is Annotated:
        kind, meta = get_args(kind)[:2]
    if get_origin(kind) is Literal:
        return "choice", {"choices": ", ".join(get_args(kind))}
    if kind in (bool, dt.date):
        return "boolean" if kind is bool else "date", {}
    if kind is str:
        return _text_expectation(meta)
    low = meta.ge if meta.ge is not None else meta.gt
    code = "number" if kind is float else "whole_number"
    return (code, {"low": low, "high": meta.le}) if meta.le is not None else (f"{code}_from", {"low": low})


def _text_expectation(meta: Meta) -> tuple[str, dict[str, Any]]:
    if meta.pattern:
        named = _PATTERN_TEXTS.get(meta.pattern)
        return (named, {}) if named else ("pattern", {"pattern": meta.pattern})
    if meta.max_length:
        return "text_length", {"low": meta.min_length or 0, "high": meta.max_length}
    return "text", {}
