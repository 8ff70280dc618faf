"""What citizens would type for everyday matters leads to the right procedure among the first three."""

import csv
from pathlib import Path

import pytest

from kiosk.finding import Index
from tests.kiosk.procedures import SPOKEN, everyday, everyday_index, full_hall

with Path(__file__).with_name("everyday_phrases.csv").open(encoding="utf-8", newline="") as file:
    PHRASES = [(row["typed"], row["code"]) for row in csv.DictReader(file)]
FIRST = 3


def first_codes(index: Index, typed: str) -> list[str]:
    return [hit.procedure.code for hit in index.find(typed, FIRST)]


def test_there_are_many_phrases_for_many_procedures() -> None:
    assert len(PHRASES) >= 60
    assert len({code for _, code in PHRASES}) >= 40


@pytest.mark.parametrize(("typed", "code"), PHRASES)
def test_an_everyday_phrase_finds_its_procedure(typed: str, code: str) -> None:
    assert code in first_codes(everyday_index(), typed)


def test_they_do_so_too_among_the_procedures_of_a_whole_province() -> None:
    index = Index(list({each.code: each for each in [*full_hall(), *everyday()]}.values()), SPOKEN)
    missed = [(typed, code) for typed, code in PHRASES if code not in first_codes(index, typed)]
    assert missed == []
