"""One procedure as the search knows it: its words, and the texts in which they are looked for. Pure."""

import math
from collections.abc import Iterable, Sequence

from kiosk.finding.letters import Word, bare, words_of
from kiosk.finding.sayings import Said
from protocol.views import ProcedureInfo

_LEAD_IN = "thu tuc "
"""Begins many names and says nothing, so that a name counts from behind it."""


class Indexed:
    """A procedure, ready to be searched."""

    def __init__(self, procedure: ProcedureInfo, said: Sequence[Said]) -> None:
        self.procedure = procedure
        self.words = words_of(procedure.name)
        self.said = said
        self.field = words_of(procedure.field)
        self.name = " " + " ".join(word.bare for word in self.words)
        self._numbers = _offsets(self.words, blank=1)
        self.before = len(_LEAD_IN) if self.name.startswith(f" {_LEAD_IN}") else 0
        """Letters before the name's own first word."""
        self.texts = " |".join([self.name, *(each.bare for each in said), f" {bare(procedure.field)} "])
        """Everything that words can stand side by side in, a blank before and behind each."""
        self.joined = "".join(word.bare for word in self.words)
        self.begins = frozenset(_offsets(self.words, blank=0))
        """Where words begin in the letters without blanks."""
        self.initials = "".join(word.bare[0] for word in self.words)
        self.digits = "".join(letter for letter in procedure.code if letter.isdigit())
        self.standing = len(self.name) / 20 - 6 * math.log2(1 + procedure.uses)
        """How far a procedure stands back: long names do, those that many come for do not."""

    def places(self, begun: str) -> list[int]:
        """Which words of the name begin with some letters."""
        found, sought = [], f" {begun}"
        at = self.name.find(sought)
        while at >= 0:
            found.append(self._numbers[at])
            at = self.name.find(sought, at + 1)
        return found

    def forms(self) -> Iterable[Word]:
        """All words by which it is found."""
        yield from self.words
        yield from self.field
        for said in self.said:
            yield from said.words


def _offsets(words: Iterable[Word], blank: int) -> dict[int, int]:
    """Where words begin when they are put together with so many blanks before each, and which words they are."""
    offsets, at = {}, 0
    for number, word in enumerate(words):
        offsets[at] = number
        at += blank + len(word.bare)
    return offsets
