"""Other parameters of the line for a rehearsal: `--set KEY=VALUE` on a checked hall file, checked anew."""

import datetime as dt
import tomllib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from config.checking import check_hall
from config.faults import Fault, Faults
from config.names import nearest
from config.settings import HallFile
from config.shapes import compare
from config.texts import text

_TABLES = ("calling", "classes", "services", "counters", "operators")
"""The tables of a hall file that say who is called next."""


def gentle(file: HallFile) -> HallFile:
    """The hall without limits: points alone decide."""
    return replace(file, calling=replace(file.calling, limits=False))


def changed(file: HallFile, path: Path, settings: list[str], language: str) -> HallFile:
    """The hall with other values, each `KEY=VALUE`; raises SettingsError with every fault, told in `language`."""
    faults = Faults(path, language)
    document = _document(file)
    for setting in settings:
        _set(document, setting, faults)
    faults.raise_if_any()
    compare(document, HallFile, "", faults)
    check_hall(document, faults)
    faults.raise_if_any()
    return msgspec.convert(document, HallFile)


def _document(file: HallFile) -> dict[str, object]:
    """The hall file as a person would have written it."""
    document = _written(msgspec.to_builtins(file, builtin_types=(dt.date,)))
    assert isinstance(document, dict)
    return document


def _written(value: object) -> object:
    if isinstance(value, dict):
        return {key: _written(inner) for key, inner in value.items() if inner is not None}
    return [_written(inner) for inner in value] if isinstance(value, list) else value


def _set(document: dict[str, object], setting: str, faults: Faults) -> None:
    """Change one value of the document, or note why it can't be; a name without a table is one of `calling`."""
    key, equals, written = (part.strip() for part in setting.partition("="))
    first, *names = key.split(".")
    if not names and first not in _TABLES:
        first, names = "calling", [first]
    if not equals or not names:
        _refuse(faults, setting, "no_setting")
    elif first not in _TABLES:
        _refuse(faults, key, "no_table", tables=", ".join(_TABLES))
    elif first == "calling":
        _put(document.setdefault("calling", {}), names, written)
    else:
        _put(_member(document.get(first), names[0], key, faults), names[1:], written)


def _member(members: object, name: str, key: str, faults: Faults) -> object:
    """The member of a list that a key names by its id."""
    assert isinstance(members, list), "a checked hall file has its lists"
    by_id = {str(member["id"]): member for member in members}
    if name not in by_id:
        _refuse(faults, key, "no_member", hint=nearest(name, by_id), known=", ".join(by_id))
    return by_id.get(name)


def _put(values: object, names: list[str], written: str) -> None:
    """Write a value where the names lead; whether it may stand there is checked with the whole file."""
    for name in names[:-1]:
        inner = values.get(name) if isinstance(values, dict) else None
        if isinstance(values, dict) and not isinstance(inner, dict):
            inner = values[name] = {}
        values = inner
    if isinstance(values, dict) and names:
        values[names[-1]] = _value(written)


def _value(written: str) -> object:
    """A value as TOML reads it; what TOML can't read is a text."""
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        return written


def _refuse(faults: Faults, key: str, reason: str, hint: str = "", **facts: object) -> None:
    faults.found.append(Fault(Path("--set"), key, "", text(f"rehearsal.{reason}", faults.language, **facts), hint))
