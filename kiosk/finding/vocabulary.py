"""Which procedures a typed word can mean: words that begin with it, letters without blanks, initials, codes. Pure."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from kiosk.finding.indexed import Indexed
from kiosk.finding.letters import Word

_SHORTEST_CODE = 3
_SHORTEST_JOINED = 3
_SHORTEST_INITIALS = 2
_CACHED = 4000


class Match(NamedTuple):
    """The entries that a typed word finds; of those, the ones whose accents are as typed, and the roundabout ones."""

    found: frozenset[int]
    agreeing: frozenset[int]
    roundabout: frozenset[int]
    """Found by initials, by letters without blanks or by their code only."""


class Vocabulary:
    """All words of all entries, sorted, each with where it stands."""

    def __init__(self, entries: Sequence[Indexed]) -> None:
        self._entries = entries
        forms: dict[str, dict[tuple[str, str], tuple[Word, set[int]]]] = defaultdict(dict)
        for number, entry in enumerate(entries):
            for word in entry.forms():
                forms[word.bare].setdefault((word.marked, word.tone), (word, set()))[1].add(number)
        self._forms = {bare: list(each.values()) for bare, each in forms.items()}
        self.words = sorted(self._forms)
        self._digits = _Lines(f" {entry.digits}" for entry in entries)
        self._initials = _Lines(entry.initials for entry in entries)
        self._joined = _Lines(entry.joined for entry in entries)
        self._cache: dict[tuple[str, str, str], Match] = {}

    def match(self, typed: Word) -> Match:
        """What a typed word finds."""
        key = typed[:3]
        if key not in self._cache:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            self._cache[key] = self._match(typed)
        return self._cache[key]

    def beginning(self, typed: str) -> Iterator[str]:
        """The words that begin with some letters, and those that are spelled with the other i: `ky` and `ki`."""
        for at in range(bisect_left(self.words, typed), len(self.words)):
            if not self.words[at].startswith(typed):
                break
            yield self.words[at]
        if (other := twin(typed)) in self._forms:
            yield other

    def numbers(self, word: str) -> frozenset[int]:
        """The entries that have a word."""
        return frozenset().union(*(numbers for _, numbers in self._forms.get(word, [])))

    def _match(self, typed: Word) -> Match:
        forms = [form for bare in self.beginning(typed.bare) for form in self._forms[bare]]
        plain = frozenset[int]().union(*(numbers for _, numbers in forms))
        roundabout = frozenset(self._roundabout(typed.bare, alone=not plain)) - plain
        found = plain | roundabout
        if not typed.tone and typed.marked == typed.bare:
            return Match(found, found, roundabout)
        agreeing = roundabout.union(*(numbers for word, numbers in forms if word.agrees(typed)))
        return Match(found, agreeing, roundabout)

    def _roundabout(self, bare: str, *, alone: bool) -> Iterator[int]:
        """What is found by a code or initials; and, of letters with which no word begins, by what needs them joined."""
        if bare.isdigit():
            yield from self._digits.having(code_part(bare))
            return
        if len(bare) >= (_SHORTEST_INITIALS if alone else _SHORTEST_JOINED):
            yield from self._initials.having(bare)
        for number in self._joined.having(bare) if alone and len(bare) >= _SHORTEST_JOINED else ():
            if joined_at(self._entries[number], bare) is not None:
                yield number


class _Lines:
    """Short texts, one for each entry, that are searched all at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        lines = list(texts)
        self._text = "\n".join(lines)
        self._begins = list(accumulate((len(line) + 1 for line in lines), initial=0))

    def having(self, sought: str) -> Iterator[int]:
        """The numbers of the texts that have something in them."""
        at = self._text.find(sought)
        while at >= 0:
            number = bisect_right(self._begins, at) - 1
            yield number
            at = self._text.find(sought, self._begins[number + 1])


def code_part(digits: str) -> str:
    """What is looked for in a code behind a blank: few digits begin it, more may stand anywhere in it."""
    return digits if len(digits) >= _SHORTEST_CODE else f" {digits}"


def joined_at(entry: Indexed, bare: str) -> int | None:
    """Where letters without blanks begin at a word of a name."""
    at = entry.joined.find(bare) if len(bare) >= _SHORTEST_JOINED else -1
    while at >= 0:
        if at in entry.begins:
            return at
        at = entry.joined.find(bare, at + 1)
    return None


def twin(word: str) -> str:
    """The same word with the other of i and y at its end, where both are written: `ly` and `li`, `quy` and `qui`."""
    if len(word) < 2 or word[-1] not in "iy" or (word[-2] in "aeouiy" and word != "qui" and word != "quy"):
        return ""
    return word[:-1] + ("y" if word[-1] == "i" else "i")
