"""In which order procedures are shown that all have what was typed. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from kiosk.finding.indexed import Indexed
from kiosk.finding.letters import Word
from kiosk.finding.sayings import UNSAID, Nearness
from kiosk.finding.vocabulary import Match

_LETTERS_PER_POINT = 4
_PART_OF_A_WORD = 2
_FAR = 8.0

Key = tuple[int, Nearness, int, int, float]


class Ranking:
    """The order for one typed phrase: the smaller a key, the earlier its procedure is shown.

    Accents as they were typed go first; then what people mean by just these words; then procedures that lack no word;
    then words side by side and in order; then names in which they stand early, short names and those in daily use.
    """

    def __init__(
        self,
        words: Sequence[Word],
        matches: Sequence[Match],
        near: Mapping[int, Nearness],
        numbers: frozenset[int],
    ) -> None:
        self._near = near
        accented = (match for word, match in zip(words, matches, strict=True) if word.tone or word.marked != word.bare)
        self._wrong = _counted(match.found - match.agreeing for match in accented)
        self._roundabout = _counted(match.roundabout & numbers for match in matches)
        self._lacking = _counted(numbers - match.found for match in matches)
        self._starts = [f" {word.bare}" for word in words]
        self._pairs = [f" {one.bare} {other.bare}" for one, other in pairwise(words)]
        self._phrase = " " + " ".join(word.bare for word in words)
        self._whole = f"{self._phrase} "

    def key(self, number: int, entry: Indexed) -> Key:
        """Where an entry stands."""
        apart = self._apart(entry) if self._pairs else 0
        at = entry.name.find(self._starts[0] if apart else self._phrase) - entry.before
        early = _FAR if at < 0 else min(at / _LETTERS_PER_POINT, _FAR)
        standing = entry.standing + early + (0 if self._whole in entry.texts else _PART_OF_A_WORD)
        lacking = self._lacking.get(number, 0)
        apart += self._roundabout.get(number, 0)
        return self._wrong.get(number, 0), self._near.get(number, UNSAID), lacking, apart, standing

    def _apart(self, entry: Indexed) -> int:
        """How many words do not stand side by side, and one more if they are out of order."""
        apart = 0
        for pair in self._pairs:
            if pair not in entry.texts:
                apart += 1
        return apart + self._disorder(entry) if apart else 0

    def _disorder(self, entry: Indexed) -> int:
        """1 if the words do not follow one another in the name."""
        at = -1
        for start in self._starts:
            at = entry.name.find(start, at + 1)
            if at < 0:
                return 1
        return 0


def _counted(sets: Iterable[frozenset[int]]) -> dict[int, int]:
    """In how many of some sets each number is."""
    counts: Counter[int] = Counter()
    for each in sets:
        counts.update(each)
    return dict(counts)


def ordered(numbers: Iterable[int], entries: Sequence[Indexed], ranking: Ranking) -> list[int]:
    """The numbers in the order in which they are shown."""
    return sorted(numbers, key=lambda number: (ranking.key(number, entries[number]), number))
