"""Which letters of a name match what was typed, and which saying led to it. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from kiosk.finding.indexed import Indexed
from kiosk.finding.letters import Word
from kiosk.finding.vocabulary import joined_at, twin

Spans = tuple[tuple[int, int], ...]


def spans_of(entry: Indexed, words: Sequence[Word], *, said: bool = False) -> Spans:
    """The places of the name that match: of several, those side by side and in the order in which they were typed.

    Where people say something else (`said`), only words side by side are no chance likeness.
    """
    chosen = _chosen([_places(entry, word) for word in words])
    spans: list[tuple[int, int]] = []
    for word, at in zip(words, chosen, strict=True):
        if at is None:
            spans += () if said else _roundabout(entry, word.bare)
        elif not said or at - 1 in chosen or at + 1 in chosen:
            begin = entry.words[at].start
            spans.append((begin, begin + len(word.bare)))
    return _merged(sorted(spans))


def _chosen(places: Sequence[Sequence[int]]) -> list[int | None]:
    """For each word one of its places, near that of the word before; none for a word that has none."""
    chosen: list[int | None] = []
    before: int | None = None
    for nth, found in enumerate(places):
        if not found:
            chosen.append(None)
            continue
        start = before + 1 if before is not None else max(found, key=lambda at: _run(at, places[nth:]))
        before = min(found, key=lambda at: abs(at - start))
        chosen.append(before)
    return chosen


def saying_of(entry: Indexed, words: Sequence[Word]) -> str:
    """What people say for the procedure, if the typed words stand side by side there and not in the name."""
    phrase = " " + " ".join(word.bare for word in words)
    if phrase in entry.name:
        return ""
    whole = next((said.text for said in entry.said if phrase in said.bare), "")
    if whole:
        return whole
    missing = [word for word in words if not _places(entry, word) and not any(_roundabout(entry, word.bare))]
    if not missing:
        return ""
    shared = [(_shared(said.words, words), said.text) for said in entry.said if _shared(said.words, missing)]
    return max(shared, key=lambda each: each[0], default=(0, ""))[1]


def _shared(said: Sequence[Word], words: Sequence[Word]) -> int:
    return sum(any(other.bare.startswith(word.bare) for other in said) for word in words)


def _places(entry: Indexed, typed: Word) -> list[int]:
    """The words of the name that begin as typed; those with the typed accents, if there are any."""
    other = twin(typed.bare)
    begun = entry.places(typed.bare) + (entry.places(f"{other} ") if other else [])
    return [at for at in begun if entry.words[at].agrees(typed)] or begun


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """The same places, none twice."""
    merged: list[tuple[int, int]] = []
    for begin, end in spans:
        if merged and begin < merged[-1][1]:
            begin, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((begin, end))
    return tuple(merged)


def _run(at: int, places: Sequence[Sequence[int]]) -> int:
    """How many words from a place on stand side by side as they were typed."""
    run = 0
    while run < len(places) and at + run in places[run]:
        run += 1
    return run


def _roundabout(entry: Indexed, typed: str) -> Iterator[tuple[int, int]]:
    """The letters that were typed without blanks, or the initials that were."""
    at = joined_at(entry, typed)
    if at is None:
        first = entry.initials.find(typed) if len(typed) > 1 else -1
        for word in entry.words[first : first + len(typed)] if first >= 0 else ():
            yield word.start, word.start + 1
        return
    for word in entry.words:
        taken = min(max(at + len(typed), 0), len(word.bare))
        if at < len(word.bare) and taken > 0:
            yield word.start + max(at, 0), word.start + taken
        at -= len(word.bare)
