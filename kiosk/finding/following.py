"""Which letters can follow, so that a keyboard can mute those that lead nowhere. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from kiosk.finding.indexed import Indexed
from kiosk.finding.vocabulary import Vocabulary, code_part, twin


def following(
    begun: str, having: frozenset[int], entries: Sequence[Indexed], vocabulary: Vocabulary, fillers: Iterable[str]
) -> frozenset[str]:
    """The letters that can follow the beginning of a word, among the entries that have the other words."""
    letters = {filler[len(begun)] for filler in fillers if filler.startswith(begun) and len(filler) > len(begun)}
    for word in vocabulary.beginning(begun):
        letter = word[len(begun) : len(begun) + 1]
        if letter and letter not in letters and not having.isdisjoint(vocabulary.numbers(word)):
            letters.add(letter)
    for letter in "iy":
        if not having.isdisjoint(vocabulary.numbers(twin(begun + letter))):
            letters.add(letter)
    for number in having:
        letters.update(_in_entry(begun, entries[number]))
    return frozenset(letters)


def _in_entry(begun: str, entry: Indexed) -> Iterator[str]:
    """The letters that go on in a code, in initials, or in the letters of a name without blanks."""
    if begun.isdigit() or not begun:
        code = f" {entry.digits}"
        yield from (digit for digit in entry.digits if code_part(begun + digit) in code)
    if begun:
        yield from (letter for letter in _after(begun, entry.initials) if not (begun + letter).isdigit())
    if len(begun) > 1:
        yield from (letter for letter in _after(begun, entry.joined, entry.begins) if not (begun + letter).isdigit())


def _after(begun: str, text: str, places: frozenset[int] | None = None) -> Iterator[str]:
    """The letters behind every occurrence, or behind those at some places."""
    at = text.find(begun)
    while 0 <= at < len(text) - len(begun):
        if places is None or at in places:
            yield text[at + len(begun)]
        at = text.find(begun, at + 1)
