"""The index of a hall's procedures: what a citizen types finds them at once, letter by letter. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from config.said import SpokenWords
from kiosk.finding.following import following
from kiosk.finding.guessing import Guesses
from kiosk.finding.hits import Hit
from kiosk.finding.indexed import Indexed
from kiosk.finding.letters import Word, typed_words
from kiosk.finding.marking import saying_of, spans_of
from kiosk.finding.ranking import Ranking, ordered
from kiosk.finding.sayings import Sayings
from kiosk.finding.vocabulary import Match, Vocabulary
from kiosk.telex import composed
from protocol.views import ProcedureInfo

_REMEMBERED = 200


@dataclass(frozen=True)
class _Found:
    """All that a typed phrase finds, in order, and the words by which it was found."""

    numbers: list[int]
    words: list[Word]
    guessed: bool = False
    hits: dict[int, Hit] = field(default_factory=dict)
    """Those that were asked for so far; a screen asks again each time it draws itself."""


class Index:
    """Finds procedures by their names, fields, codes and what people say for them."""

    def __init__(self, procedures: Sequence[ProcedureInfo], spoken: SpokenWords) -> None:
        self._sayings = Sayings(procedures, spoken)
        self._entries = [Indexed(each, self._sayings.of(number)) for number, each in enumerate(procedures)]
        self._vocabulary = Vocabulary(self._entries)
        self._guesses = Guesses(self._vocabulary, len(procedures))
        self._remembered: dict[str, _Found] = {}
        self._followed: dict[str, frozenset[str]] = {}

    def find(self, typed: str, limit: int, start: int = 0) -> list[Hit]:
        """The procedures that `typed` finds, the likeliest first: at most `limit`, from place `start` on."""
        found = self._found(typed)
        return [self._hit(number, found) for number in found.numbers[start : start + limit]]

    def count(self, typed: str) -> int:
        """How many procedures `typed` finds."""
        return len(self._found(typed).numbers)

    def next_letters(self, typed: str) -> frozenset[str]:
        """The letters, bare and small, that can follow `typed` so that something is still found without guessing.

        Between words any word may begin, so that after a blank the letters are those of all words that fit.
        """
        if typed not in self._followed:
            if len(self._followed) >= _REMEMBERED:
                self._followed.clear()
            self._followed[typed] = self._following(typed)
        return self._followed[typed]

    def _following(self, typed: str) -> frozenset[str]:
        words = typed_words(typed)
        goes_on = typed[-1:].isalnum() or typed.endswith(".")  # a code has points
        last = words.pop() if words and goes_on else None
        having = self._having(self._sayings.needed(words))
        return following(
            last.bare if last else "", having, self._entries, self._vocabulary, self._sayings.filler_letters
        )

    def _found(self, typed: str) -> _Found:
        if typed not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[typed] = self._search(typed)
        return self._remembered[typed]

    def _search(self, typed: str) -> _Found:
        words = typed_words(typed)
        found = self._exact(words)
        if not found.numbers and (read := typed_words(composed(typed))) != words:
            found = self._exact(read)  # Telex keys that were typed without the keyboard's composing them
        if not found.numbers and (needed := self._sayings.needed(words)):
            found = self._guessed(needed)
        return found

    def _exact(self, words: list[Word]) -> _Found:
        numbers = self._having(self._sayings.needed(words) or words) if words else frozenset[int]()
        return self._ordered(numbers, words, [self._vocabulary.match(word) for word in words])

    def _having(self, words: Sequence[Word]) -> frozenset[int]:
        """The entries that have all words."""
        found = frozenset(range(len(self._entries)))
        for word in words:
            found &= self._vocabulary.match(word).found
        return found

    def _guessed(self, words: Sequence[Word]) -> _Found:
        numbers, meant, matches = self._guesses.guess(words)
        said = frozenset(self._sayings.nearness(meant))  # a saying counts, whatever else was typed around it
        found = self._ordered(numbers | said, meant, matches)
        return _Found(found.numbers, found.words, guessed=True)

    def _ordered(self, numbers: frozenset[int], words: list[Word], matches: list[Match]) -> _Found:
        if not numbers:
            return _Found([], words)
        ranking = Ranking(words, matches, self._sayings.nearness(words), numbers)
        return _Found(ordered(numbers, self._entries, ranking), words)

    def _hit(self, number: int, found: _Found) -> Hit:
        if number not in found.hits:
            entry = self._entries[number]
            said = saying_of(entry, found.words)
            spans = spans_of(entry, found.words, said=bool(said))
            found.hits[number] = Hit(entry.procedure, spans, said, found.guessed)
        return found.hits[number]
