"""What was typed, and the procedures that it finds; the index is made anew when the hall's procedures change."""

from functools import cache

from config.said import SpokenWords, load_said
from kiosk.finding import Hit, Index
from protocol.views import ProcedureInfo

HITS = 60
"""So many procedures are listed at most: who sees more types on."""


class Finder:
    """Finds among the hall's procedures."""

    def __init__(self) -> None:
        self._procedures: tuple[ProcedureInfo, ...] = ()
        self._index: Index | None = None
        self._last: tuple[str, list[Hit]] = ("", [])
        """What was typed last, and what it found: one screen asks for it many times."""

    def learn(self, procedures: tuple[ProcedureInfo, ...]) -> None:
        """Know these procedures from now on."""
        if procedures is not self._procedures:
            self._procedures = procedures
            self._index = Index(procedures, _spoken()) if procedures else None
            self._last = ("", [])

    def find(self, typed: str) -> list[Hit]:
        """The procedures that fit, the likeliest first; nothing for nothing typed."""
        if typed != self._last[0]:
            self._last = (typed, self._index.find(typed, HITS) if self._index and typed.strip() else [])
        return self._last[1]

    def dead(self, typed: str, letters: str) -> frozenset[str]:
        """The letters after which nothing would be found; none as long as nothing is typed."""
        if self._index is None or not typed.strip():
            return frozenset()
        return frozenset(letters) - self._index.next_letters(typed)


@cache
def _spoken() -> SpokenWords:
    """What people say for procedures, as it comes with the program."""
    return load_said()
