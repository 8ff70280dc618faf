"""Each of 1,266 procedures comes onto the first page of hits after a few unaccented letters of its words.

From idle that is a touch for the search, the letters, and a touch on the hit. The citizen of these tests reads a name
and types its words from left to right, letter by letter, until the procedure is on the page; words that stand in every
seventh name, such as `cấp` or `giấy`, are left out, as nobody looks for them. Of names that have no other words all
words are typed. The second citizen picks the rarest words instead.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

import pytest

from kiosk.finding import Index
from kiosk.finding.letters import words_of
from protocol.views import ProcedureInfo
from tests.kiosk.procedures import SPOKEN, full_hall

PAGE = 6
MOST_LETTERS = 40
COMMON = 1 / 7


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(full_hall(), SPOKEN)


@pytest.fixture(scope="module")
def names() -> dict[str, list[str]]:
    """The unaccented words of each procedure's name."""
    return {each.code: [word.bare for word in words_of(each.name)] for each in full_hall()}


@pytest.fixture(scope="module")
def counts(names: dict[str, list[str]]) -> Counter[str]:
    """In how many names each word stands."""
    return Counter(word for words in names.values() for word in set(words))


def keystrokes(words: Sequence[str]) -> Iterator[str]:
    """What stands in the search field after each letter."""
    for nth, word in enumerate(words):
        for letters in range(1, len(word) + 1):
            yield " ".join([*words[:nth], word[:letters]])


def letters_needed(index: Index, code: str, words: Sequence[str]) -> int | None:
    """How many letters of some words bring a procedure onto the first page; None if they never do."""
    for typed in keystrokes(words):
        letters = len(typed.replace(" ", ""))
        if any(hit.procedure.code == code for hit in index.find(typed, PAGE)):
            return letters
    return None


def test_every_procedure_is_reached_by_typing_its_words_from_left_to_right(
    index: Index, names: dict[str, list[str]], counts: Counter[str]
) -> None:
    needed = {}
    for code, words in names.items():
        telling = [word for word in words if counts[word] <= len(names) * COMMON]
        needed[code] = letters_needed(index, code, telling) or letters_needed(index, code, words)
    assert [code for code, letters in needed.items() if letters is None] == []
    letters = sorted(letters for letters in needed.values() if letters)
    assert median(letters) <= 8
    assert letters[len(letters) * 9 // 10] <= 16
    assert letters[-1] <= MOST_LETTERS


def test_who_picks_the_rarest_words_needs_fewer_letters(
    index: Index, names: dict[str, list[str]], counts: Counter[str]
) -> None:
    some = list(names.items())[::5]
    rarest = {code: sorted(set(words), key=lambda word: (counts[word], word)) for code, words in some}
    needed = [letters_needed(index, code, words[:6]) for code, words in rarest.items()]
    assert None not in needed
    assert median(letters for letters in needed if letters) <= 5


def test_procedures_with_one_name_are_told_apart_by_their_codes(index: Index) -> None:
    by_name: dict[str, list[ProcedureInfo]] = {}
    for each in full_hall():
        by_name.setdefault(each.name.casefold(), []).append(each)
    same = [each for alike in by_name.values() if len(alike) > 1 for each in alike]
    assert same
    for each in same:
        assert index.find(each.code, 1)[0].procedure is each
