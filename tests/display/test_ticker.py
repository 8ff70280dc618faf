"""How long each text of the bottom line stays, and how far one that is too long has run."""

from hypothesis import given
from hypothesis import strategies as st

from display.ticker import HOLD_SECONDS, run_share, stay_seconds, whose_turn


def test_a_short_text_stays_a_while_and_a_long_one_until_it_is_read() -> None:
    assert stay_seconds(10, 0.0) == 7.0
    assert stay_seconds(220, 0.0) == 20.0


def test_the_texts_take_turns() -> None:
    assert whose_turn([7.0, 9.0], 6.9) == (0, 6.9)
    assert whose_turn([7.0, 9.0], 7.5) == (1, 0.5)
    assert whose_turn([7.0, 9.0], 16.0) == (0, 0.0)


@given(characters=st.integers(1, 300), overflow=st.floats(0.5, 8000))
def test_a_text_that_runs_stands_still_first_and_its_end_is_seen_before_the_next_comes(
    characters: int, overflow: float
) -> None:
    stay = stay_seconds(characters, overflow)
    assert run_share(HOLD_SECONDS, overflow, stay) == 0.0
    assert run_share(stay - HOLD_SECONDS, overflow, stay) > 0.999


def test_a_text_that_fits_does_not_run() -> None:
    assert run_share(5.0, 0.0, 7.0) == 0.0
