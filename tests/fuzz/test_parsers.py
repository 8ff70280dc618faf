"""No parser lets out what it does not promise: the kept inputs again, and some thousand mutations drawn from a seed.

The long run is `python -m tests.fuzz` (coverage-guided, by atheris); what it finds is kept in `corpus/`.
"""

import pytest

from tests.conftest import LONG
from tests.fuzz.corpora import CORPUS, corpus
from tests.fuzz.mutating import mutations
from tests.fuzz.targets import TARGETS

SEED = 20261123
COSTLY = {
    "keys": 200,
    "keypads": 150,
    "halls": 25,
    "templates": 60,
    "lists": 120,
    "dossiers": 200,
    "catalogues": 200,
    "texts": 200,
    "models": 200,
}
"""So many mutations where one takes milliseconds; of the others many more."""
PLAIN = 700


@pytest.mark.parametrize("target", TARGETS)
def test_every_kept_input_is_read_or_refused_as_promised(target: str) -> None:
    for data in corpus(target).values():
        TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
def test_what_nobody_should_write_is_read_or_refused_as_promised(target: str) -> None:
    count = COSTLY.get(target, PLAIN) * (50 if LONG else 1)
    for data in mutations(list(corpus(target).values()), count, SEED):
        try:
            TARGETS[target](data)
        except Exception as fault:
            raise AssertionError(f"{target} let out {fault!r} at {data[:2000]!r}") from fault


def test_every_corpus_belongs_to_a_target() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == TARGETS.keys()


def test_the_same_seed_gives_the_same_mutations() -> None:
    seeds = [b"one", b"two"]
    assert list(mutations(seeds, 50, 7)) == list(mutations(seeds, 50, 7))
    assert list(mutations(seeds, 50, 7)) != list(mutations(seeds, 50, 8))
