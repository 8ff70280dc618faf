"""What can be chosen on the report pages, and what is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from figures.directory import Directory
from figures.words import Dimension
from web.supervisor.choices import Choice
from web.supervisor.reports.asking import FILTERS, Asked

_LISTED = ("service", "agency", "field", "counter", "operator", "class")


@dataclass(frozen=True)
class Filter:
    """A word of the address with what it may be."""

    word: str
    options: list[Choice]


@dataclass(frozen=True)
class Narrowed:
    """Something that is chosen, by its name, and the query of the address without it."""

    word: str
    name: str
    without: str


def filters(directory: Directory | None, asked: Asked, language: str) -> list[Filter]:
    """The lists to choose from; without figures there are none."""
    if directory is None:
        return []
    return [Filter(word, _options(directory, word, asked, language)) for word in _LISTED]


def _options(directory: Directory, word: str, asked: Asked, language: str) -> list[Choice]:
    chosen, dimension = asked.filters.get(word, ()), Dimension(word)
    keys: Iterable[str] = _fields(directory) if dimension is Dimension.FIELD else directory.keys(dimension)
    known = list(keys)
    known += [key for key in chosen if key not in known]
    return [Choice(key, directory.name(dimension, key, language), key in chosen[:1]) for key in known]


def _fields(directory: Directory) -> list[str]:
    """The official fields of the hall's procedures, in the order of letters."""
    found = {procedure.field for procedure in directory.procedures.values()} | set(directory.fields.values())
    return sorted(found - {""})


def narrowed(directory: Directory | None, asked: Asked, language: str) -> list[Narrowed]:
    """All that is chosen."""
    found = []
    for word in FILTERS:
        for value in asked.filters.get(word, ()):
            name = directory.name(Dimension(word), value, language) if directory else value
            found.append(Narrowed(word, name, asked.without(word, value).query()))
    return found
