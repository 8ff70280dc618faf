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
_CACHED = 500
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
        self._known: dict[tuple[str, bool], list[str]] = {}

    def guess(self, words: Sequence[Word]) -> tuple[frozenset[int], list[Word], list[Match]]:
        """The entries that have all words or words near them, else most of them; and the words by which they do."""
        exact = [self._vocabulary.match(word) for word in words]
        matches = [match if match.found else self._wide(words, at) for at, match in enumerate(exact)]
        numbers = _common(match.found for match in matches)
        if not numbers:
            matches = [self._wide(words, at) for at in range(len(words))]
            numbers = _common(match.found for match in matches) or self._most(matches)
        return numbers, [self._meant(words, at, numbers) for at in range(len(words))], matches

    def _wide(self, words: Sequence[Word], at: int) -> Match:
        """What a word and those near it find."""
        match = self._vocabulary.match(words[at])
        near = self._near(words[at].bare, last=at == len(words) - 1)
        found = match.found.union(*(self._vocabulary.numbers(word) for word in near))
        return Match(found, match.agreeing | (found - match.found), match.roundabout | (found - match.found))

    def _meant(self, words: Sequence[Word], at: int, numbers: frozenset[int]) -> Word:
        """A word that some entry has stays; another becomes the nearest that one has."""
        word = words[at]
        if self._vocabulary.match(word).found & numbers:
            return word
        near = self._near(word.bare, last=at == len(words) - 1)
        better = next((other for other in near if self._vocabulary.numbers(other) & numbers), word.bare)
        return Word(better, better, "", word.start, word.end)

    def _near(self, bare: str, *, last: bool) -> list[str]:
        """Words near one, the nearest first; the last word may be unfinished, so that beginnings count too."""
        if len(bare) < _SHORTEST or not bare.isalpha():
            return []
        if (bare, last) not in self._known:
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[bare, last] = self._nearest(bare, last=last)
        return self._known[bare, last]

    def _nearest(self, bare: str, *, last: bool) -> list[str]:
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

    def _most(self, matches: Sequence[Match]) -> frozenset[int]:
        """The entries that have the most of what was typed, rare words counting more; none if that is too little."""
        unknown = math.sqrt(self._entries + 1)
        weights = [math.log((self._entries + 1) / (len(match.found) or unknown)) for match in matches]
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
