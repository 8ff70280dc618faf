"""What was typed, and the procedures that it finds; remembered until something else is typed. Pure."""

import unicodedata
from dataclasses import dataclass

from protocol.views import ProcedureInfo

HITS = 60
"""So many procedures are listed at most: who sees more types on."""


@dataclass(frozen=True)
class Found:
    """A procedure that fits what was typed, and the letters of its name that do: from, to."""

    code: str
    marks: tuple[tuple[int, int], ...] = ()


class Finder:
    """Finds among the hall's procedures."""

    def __init__(self) -> None:
        self._procedures: tuple[ProcedureInfo, ...] = ()
        self._folded: list[tuple[str, str]] = []
        self._last: tuple[str, list[Found]] = ("", [])

    def learn(self, procedures: tuple[ProcedureInfo, ...]) -> None:
        """Know these procedures from now on."""
        if procedures is not self._procedures:
            self._procedures = procedures
            self._folded = [(found.code, _folded(found.name)) for found in procedures]
            self._last = ("", [])

    def find(self, typed: str) -> list[Found]:
        """The procedures that fit, the best first; nothing for nothing typed."""
        if typed != self._last[0]:
            words = _folded(typed).split()
            fits = [Found(code) for code, name in self._folded if all(word in name for word in words)]
            self._last = (typed, fits[:HITS] if words else [])
        return self._last[1]

    def dead(self, typed: str, letters: str) -> frozenset[str]:
        """The letters with which nothing would be found."""
        if not typed.strip():
            return frozenset()
        return frozenset(letter for letter in letters if not self._fits(typed + letter))

    def _fits(self, typed: str) -> bool:
        words = _folded(typed).split()
        return any(all(word in name for word in words) for _, name in self._folded)


def _folded(words: str) -> str:
    parts = unicodedata.normalize("NFD", words.casefold().replace("đ", "d"))
    return "".join(part for part in parts if not unicodedata.combining(part))
