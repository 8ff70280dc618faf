"""Which letters can follow, so that a keyboard can mute those that lead nowhere. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from kiosk.finding.indexed import Indexed
from kiosk.finding.vocabulary import Vocabulary


def following(
    begun: str, having: frozenset[int], entries: Sequence[Indexed], vocabulary: Vocabulary, fillers: Iterable[str]
) -> frozenset[str]:
    """The letters that can follow the beginning of a word, among the entries that have the other words."""
    letters = {filler[len(begun)] for filler in fillers if filler.startswith(begun) and len(filler) > len(begun)}
    for word in vocabulary.beginning(begun):
        letter = word[len(begun) : len(begun) + 1]
        if letter and letter not in letters and not having.isdisjoint(vocabulary.numbers(word)):
            letters.add(letter)
    for number in having:
        entry = entries[number]
        if begun.isdigit() or not begun:
            letters.update(_after(begun, entry.digits))
        if begun:
            letters.update(_after(begun, entry.initials))
        if len(begun) > 1:
            letters.update(_after(begun, entry.joined, entry.begins))
    return frozenset(letters)


def _after(begun: str, text: str, places: frozenset[int] | None = None) -> Iterator[str]:
    """The letters behind every occurrence, or behind those at some places."""
    at = text.find(begun)
    while 0 <= at < len(text) - len(begun):
        if places is None or at in places:
            yield text[at + len(begun)]
        at = text.find(begun, at + 1)
