"""The words that people say for procedures: read and checked from `config/catalogue/said.toml`."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from config.catalogue import CODE
from config.documents import parsed
from config.faults import ABSENT, Fault, Faults, SettingsError, shown
from config.names import folded
from config.settings import ROOT
from config.shapes import compare
from config.tables import Table, tables
from config.texts import FALLBACK, text

__all__ = ["SAID", "Saying", "SettingsError", "SpokenWords", "load_said"]

SAID = ROOT / "catalogue" / "said.toml"
"""The words that come with the program."""


class Saying(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What people say for the same thing: the procedures that they mean, by code or by words of the official name."""

    say: list[str]
    codes: list[str] = []
    """National codes, the likeliest first."""
    means: list[str] = []
    """Words that stand in the official names of what is meant, such as `giấy phép lái xe`."""


class SpokenWords(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All sayings, and the words around them that need not be found, such as `xin` or `làm`."""

    said: list[Saying]
    fillers: list[str] = []


def load_said(path: Path = SAID, language: str = FALLBACK) -> SpokenWords:
    """The words at `path`, checked; raises SettingsError with every fault, told in `language`."""
    faults = Faults(path, language)
    document = parsed(path, faults)
    compare(document, SpokenWords, "", faults)
    _check(document, faults)
    faults.raise_if_any()
    return msgspec.convert(document, SpokenWords)


def _check(document: dict[str, object], faults: Faults) -> None:
    seen: set[str] = set()
    for saying in tables(document, "said", Saying):
        for key, words in _members(saying, "say"):
            if not folded(words):
                faults.add(key, words, "text_length", low=1, high=200)
            elif words.casefold() in seen:
                faults.add(key, words, "double")
            seen.add(words.casefold())
        for key, code in _members(saying, "codes"):
            if not CODE.fullmatch(code):
                expected = text("import.bad_code", faults.language)
                faults.found.append(Fault(faults.file, key, shown(code), expected))
        for names in (["say"], ["codes", "means"]):
            if not any(saying.raw(name) for name in names):
                faults.add(saying.key_of(names[0]), ABSENT, "empty_list")


def _members(saying: Table, name: str) -> Iterator[tuple[str, str]]:
    return saying.members(name, str)
