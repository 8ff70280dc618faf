"""What was probably meant, when nothing has all that was typed: words typed or heard wrongly, or too many. Pure."""

import math
import re
from collections.abc import Iterable, Sequence
from functools import reduce

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kiosk.finding.letters import Word
from kiosk.finding.vocabulary import Match, Vocabulary

_SHORTEST = 3
_LONG = 6
"""From so many letters on two typing errors are allowed for, else one."""
_ENOUGH = 0.5
"""So much of what was typed must be found, each word counted by how rare it is."""
_NEARLY_BEST = 0.85
_BEGINNINGS = (("tr|ch", "ch"), ("gi|r|v", "d"), ("qu", "cu"), ("k(?!h)", "c"), ("x", "s"), ("l", "n"))
_ENDS = (("y", "i"), ("ng$|nh$", "n"), ("ch$|c$", "t"))
"""What one region says, and writes, like another; of the beginnings the first that fits."""


def sound(bare: str) -> str:
    """What a word sounds like to somebody from anywhere: `trứng` and `chúng`, `sổ` and `xổ`."""
    for pattern, same in _BEGINNINGS:
        heard, changed = re.subn(f"^(?:{pattern})", same, bare)
        if changed:
            break
    else:
        heard = bare
    for pattern, same in _ENDS:
        heard = re.sub(pattern, same, heard)
    return heard


class Guesses:
    """Finds words near those that were typed."""

    def __init__(self, vocabulary: Vocabulary, entries: int) -> None:
        self._vocabulary = vocabulary
        self._entries = entries
        self._by_sound: dict[str, list[str]] = {}
        for word in vocabulary.words:
            self._by_sound.setdefault(sound(word), []).append(word)
        self._beginnings: dict[int, list[str]] = {}

    def guess(self, words: Sequence[Word]) -> tuple[frozenset[int], list[Word], list[Match]]:
        """The entries that have all words or words near them, else most of them; and the words by which they do."""
        exact = [self._vocabulary.match(word) for word in words]
        near = [self._near(word, last=word is words[-1]) for word in words]
        wide = [self._widened(match, others) for match, others in zip(exact, near, strict=True)]
        narrow = [match if match.found else other for match, other in zip(exact, wide, strict=True)]
        for matches in (narrow, wide):
            if numbers := _common(match.found for match in matches):
                return numbers, self._meant(words, exact, near, numbers), matches
        numbers = self._most(wide)
        return numbers, self._meant(words, exact, near, numbers), wide

    def _near(self, word: Word, *, last: bool) -> list[str]:
        """Words near one, the nearest first; the last word may be unfinished, so that beginnings count too."""
        bare = word.bare
        if len(bare) < _SHORTEST or not bare.isalpha():
            return []
        errors = 1 if len(bare) < _LONG else 2
        choices = self._beginnings_of(len(bare)) if last else self._vocabulary.words
        alike = process.extract(bare, choices, scorer=OSA.distance, score_cutoff=errors, limit=None)
        alike.sort(key=lambda each: each[1])
        found = [word for choice, _, _ in alike for word in (self._vocabulary.beginning(choice) if last else [choice])]
        return list(dict.fromkeys([*self._by_sound.get(sound(bare), []), *found]))

    def _beginnings_of(self, length: int) -> list[str]:
        if length not in self._beginnings:
            self._beginnings[length] = list(dict.fromkeys(word[:length] for word in self._vocabulary.words))
        return self._beginnings[length]

    def _widened(self, match: Match, words: Iterable[str]) -> Match:
        found = match.found.union(*(self._vocabulary.numbers(word) for word in words))
        return Match(found, match.agreeing | (found - match.found), match.roundabout | (found - match.found))

    def _meant(
        self, words: Sequence[Word], exact: Sequence[Match], near: Sequence[list[str]], numbers: frozenset[int]
    ) -> list[Word]:
        """The words as they were meant: each that some entry has stays, another becomes the nearest that one has."""
        meant = []
        for word, match, others in zip(words, exact, near, strict=True):
            better = next((other for other in others if self._vocabulary.numbers(other) & numbers), "")
            stays = bool(match.found & numbers) or not better
            meant.append(word if stays else Word(better, better, "", word.start, word.end))
        return meant

    def _most(self, matches: Sequence[Match]) -> frozenset[int]:
        """The entries that have the most of what was typed, rare words counting more; none if that is too little."""
        weights = [math.log((self._entries + 1) / (len(match.found) or math.sqrt(self._entries))) for match in matches]
        score: dict[int, float] = {}
        for match, weight in zip(matches, weights, strict=True):
            for number in match.found:
                score[number] = score.get(number, 0.0) + weight
        best = max(score.values(), default=0.0)
        if best < sum(weights) * _ENOUGH:
            return frozenset()
        return frozenset(number for number, found in score.items() if found >= best * _NEARLY_BEST)


def _common(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return reduce(frozenset.intersection, sets)
