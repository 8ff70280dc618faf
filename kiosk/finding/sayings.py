"""The words that people say: to which procedures they lead, and how near a typed phrase is to one. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from config.said import Saying, SpokenWords
from kiosk.finding.letters import Word, bare, words_of
from protocol.views import ProcedureInfo

Nearness = tuple[int, int, int]
"""How near a procedure is to what was said: 0 for a whole saying, 1 for the beginning of one, 2 for more than one.

Then, the longer saying first, its length, and the procedure's place among those that are meant.
"""

UNSAID: Nearness = (3, 0, 0)
_SHORTEST = 3
_NATIONAL = len("1.001193")
"""What a province adds to a national code comes after so many letters."""


class Said(NamedTuple):
    """What people say for a procedure: as it is written, its words, and these without marks behind a blank."""

    text: str
    words: list[Word]
    bare: str


@dataclass(frozen=True)
class _Saying:
    """One saying: its words without marks, the same without fillers, and the procedures that are meant."""

    words: tuple[str, ...]
    needed: str
    numbers: list[int]


class Sayings:
    """All sayings for a list of procedures, whose places in the list are their numbers."""

    def __init__(self, procedures: Sequence[ProcedureInfo], spoken: SpokenWords) -> None:
        self._fillers = sorted((words_of(filler) for filler in spoken.fillers), key=len, reverse=True)
        self.filler_letters = frozenset(word.bare for filler in self._fillers for word in filler)
        self._listed: dict[str, list[_Saying]] = defaultdict(list)
        """By the first word that is needed."""
        self._of: dict[int, list[Said]] = defaultdict(list)
        by_code = {procedure.code[:_NATIONAL]: number for number, procedure in enumerate(procedures)}
        names = [f" {bare(procedure.name)} " for procedure in procedures]
        for saying in spoken.said:
            listed = [by_code[code[:_NATIONAL]] for code in saying.codes if code[:_NATIONAL] in by_code]
            said = [Said(words, words_of(words), f" {bare(words)}") for words in saying.say]
            for number in dict.fromkeys([*listed, *_meant(saying, names)]):
                self._of[number] += said
            for each in said if listed else ():
                self._list(each.words, listed)

    def of(self, number: int) -> list[Said]:
        """What people say for a procedure."""
        return self._of.get(number, [])

    def needed(self, words: Sequence[Word]) -> list[Word]:
        """The words that must be found: not those that only stand around the matter, such as `xin` or `thủ tục`."""
        needed, at = [], 0
        while at < len(words):
            filled = self._filled(words[at:])
            if not filled:
                needed.append(words[at])
            at += filled or 1
        return needed

    def _filled(self, words: Sequence[Word]) -> int:
        """How many of the first words are a filler; `xỉn` is none."""
        if words[0].bare not in self.filler_letters:
            return 0
        return next((len(filler) for filler in self._fillers if _same(filler, words)), 0)

    def nearness(self, words: Sequence[Word]) -> dict[int, Nearness]:
        """The procedures that people mean by a phrase, by one that begins like it, or by a part of it."""
        typed = frozenset(word.bare for word in words)
        phrase = self._stripped(words)
        begun = phrase.partition(" ")[0]
        near: dict[int, Nearness] = {}
        for first, sayings in self._listed.items():
            if first in typed or first.startswith(begun):
                for saying in sayings:
                    _enter(near, saying, _kind(saying, phrase, typed))
        return near

    def _list(self, words: Sequence[Word], numbers: list[int]) -> None:
        needed = self._stripped(words)
        saying = _Saying(tuple(word.bare for word in words), needed, numbers)
        self._listed[needed.partition(" ")[0]].append(saying)

    def _stripped(self, words: Sequence[Word]) -> str:
        """A phrase without marks and fillers; with them, if there is nothing else."""
        return " ".join(word.bare for word in self.needed(words) or words)


def _same(filler: Sequence[Word], words: Sequence[Word]) -> bool:
    together = zip(filler, words, strict=False)
    return len(words) >= len(filler) and all(one.bare == other.bare and one.agrees(other) for one, other in together)


def _kind(saying: _Saying, phrase: str, typed: frozenset[str]) -> tuple[int, int] | None:
    """Whether a phrase is a saying, begins one, or has one in it, and how long that is."""
    if saying.needed.startswith(phrase):
        if phrase == saying.needed and typed.issuperset(saying.words):
            return 0, -len(saying.words)
        return (1, 0) if len(phrase) >= _SHORTEST else None
    if f" {saying.needed} " in f" {phrase} " and typed.issuperset(saying.words):
        return 2, -len(saying.words)
    return None


def _enter(near: dict[int, Nearness], saying: _Saying, kind: tuple[int, int] | None) -> None:
    if kind is None:
        return
    for place, number in enumerate(saying.numbers):
        near[number] = min(near.get(number, UNSAID), (*kind, place))


def _meant(saying: Saying, names: Sequence[str]) -> list[int]:
    phrases = [f" {bare(words)} " for words in saying.means]
    found = (number for phrase in phrases for number, name in enumerate(names) if phrase in name)
    return list(dict.fromkeys(found))
