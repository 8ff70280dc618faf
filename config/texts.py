"""What citizens and staff read: one TOML file per language in `config/texts/`, Vietnamese when a text is missing.

A province may lay a folder of its own beside: further languages, or other words for single texts.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

FALLBACK = "vi"
ENVIRONMENT = "MOTCUA_TEXTS"
"""Names the folder beside, where no option does."""
NAMES = "names"
"""The group in which a language names what the hall file names in Vietnamese: agencies, services, classes."""
_FOLDER = Path(__file__).parent / "texts"
_CODE = re.compile(r"[a-z]{2,3}")
_beside: list[Path] = []


class TextsError(Exception):
    """A folder of texts that can't be used; the message names each file and what is wrong in it."""


# ---- reading ------------------------------------------------------------------


@cache
def _texts(language: str) -> dict[str, str]:
    """All texts of a language, flat: `[kiosk] welcome = …` becomes `kiosk.welcome`; empty for an unknown language."""
    found: dict[str, str] = {}
    for folder in (_FOLDER, *_beside):
        found.update(_read(folder / f"{language}.toml"))
    return found


@cache
def _shipped() -> dict[str, str]:
    """The Vietnamese texts that come with the program; read once: each text of a folder beside is held to them."""
    return _read(_FOLDER / f"{FALLBACK}.toml")


def _read(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{group}.{key}": value for group, texts in tables.items() for key, value in texts.items()}


def languages() -> list[str]:
    """The languages that have a file, Vietnamese first."""
    return list(_languages())


@cache
def _languages() -> tuple[str, ...]:
    """Looked up once: every page asks for it."""
    found = sorted({path.stem for folder in (_FOLDER, *_beside) for path in folder.glob("*.toml")})
    return (FALLBACK, *(language for language in found if language != FALLBACK))


def text(key: str, language: str = FALLBACK, **values: object) -> str:
    """The text of `key` with its `{places}` filled; Vietnamese if the language lacks it.

    Raises KeyError for a key that Vietnamese lacks too.
    """
    template = _texts(language).get(key) or _texts(FALLBACK)[key]
    return template.format(**values) if values else template


def named(language: str, name: str, name_en: str) -> str:
    """What the hall file names, in a language: as that language names it, else in Vietnamese."""
    return _texts(language).get(f"{NAMES}.{name}") or (name_en if language == "en" and name_en else name)


def keys(language: str) -> set[str]:
    """The keys that a language has."""
    return set(_texts(language))


# ---- a folder beside ------------------------------------------------------------


def lay_beside(folder: Path | None) -> None:
    """Use the languages and words of a folder before those that come with the program; none: no folder any more.

    Raises TextsError, and changes nothing then, if there is no such folder or a file in it has a fault.
    """
    faults = [] if folder is None else faults_in(folder)
    if faults:
        raise TextsError("\n".join(faults))
    _beside[:] = [] if folder is None else [folder]
    _texts.cache_clear()
    _languages.cache_clear()


def folder_given(option: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The folder that an option names, else the environment; none where neither does."""
    named_there = environment.get(ENVIRONMENT)
    return option or (Path(named_there) if named_there else None)


def faults_in(folder: Path) -> list[str]:
    """All that is wrong in the files of a folder; a text that is missing is no fault."""
    if not folder.is_dir():
        return [f"{folder}: there is no such folder of texts"]
    return [f"{path}: {fault}" for path in sorted(folder.glob("*.toml")) for fault in _faults_of(path)]


def missing(language: str) -> list[str]:
    """The keys that a language lacks, in order: there Vietnamese is shown."""
    return sorted(_texts(FALLBACK).keys() - _texts(language).keys())


def _faults_of(path: Path) -> list[str]:
    if not _CODE.fullmatch(path.stem):
        return [f"{path.stem!r} is no code of a language: expected two or three small letters"]
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        return [f"can't be read: {fault}"]
    return [fault for group, table in tables.items() for fault in _faults_of_group(group, table)]


def _faults_of_group(group: str, table: object) -> list[str]:
    if not isinstance(table, dict):
        return [f"{group}: expected a table such as [kiosk]"]
    found = (_fault(f"{group}.{key}", value, free=group == NAMES) for key, value in table.items())
    return [fault for fault in found if fault]


def _fault(key: str, value: object, *, free: bool) -> str:
    if not isinstance(value, str) or not value.strip():
        return f"{key}: expected a text"
    if free:
        return ""
    original = _shipped().get(key)
    if original is None:
        return f"{key}: there is no such text"
    try:
        wanted, found = _places(original), _places(value)
    except ValueError:
        return f"{key}: a bracket {{ or }} is left open"
    return "" if found == wanted else f"{key}: has the places {_said(found)}, expected {_said(wanted)}"


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def _said(places: set[str]) -> str:
    return " ".join(f"{{{place}}}" for place in sorted(places)) or "none"
