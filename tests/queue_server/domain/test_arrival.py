"""A kiosk's arrival code changes every minute and is good for the one after it."""

import datetime as dt

import pytest

from queue_server.domain.arrival import arrival_code, is_arrival_code
from tests.queue_server.factories import MORNING

KEY = b"k" * 32


def after(seconds: float) -> dt.datetime:
    return MORNING + dt.timedelta(seconds=seconds)


def test_a_code_is_shown_until_its_minute_ends() -> None:
    first, until = arrival_code(KEY, "epoch", "kiosk-1", after(10))
    assert until == after(60)
    assert arrival_code(KEY, "epoch", "kiosk-1", after(59)) == (first, until)
    second, until = arrival_code(KEY, "epoch", "kiosk-1", after(60))
    assert second != first
    assert until == after(120)


@pytest.mark.parametrize(
    ("seconds", "good"), [(-1, False), (0, True), (59, True), (60, True), (119, True), (120, False)]
)
def test_a_code_counts_while_it_is_shown_and_a_minute_longer_but_never_before(seconds: float, good: bool) -> None:
    code, _ = arrival_code(KEY, "epoch", "kiosk-1", MORNING)
    assert is_arrival_code(KEY, "epoch", "kiosk-1", code, after(seconds)) is good


def test_it_is_six_letters_that_nobody_mistakes_and_may_be_typed_small_and_with_spaces() -> None:
    code, _ = arrival_code(KEY, "epoch", "kiosk-1", MORNING)
    assert len(code) == 6
    assert not set(code) & set("IO01")
    assert is_arrival_code(KEY, "epoch", "kiosk-1", f" {code.lower()} ", MORNING)
    assert not is_arrival_code(KEY, "epoch", "kiosk-1", "mã khác", MORNING)


def test_the_code_is_of_one_key_one_epoch_and_one_kiosk() -> None:
    shown = arrival_code(KEY, "epoch", "kiosk-1", MORNING)[0]
    others = [
        arrival_code(b"x" * 32, "epoch", "kiosk-1", MORNING)[0],
        arrival_code(KEY, "other", "kiosk-1", MORNING)[0],
        arrival_code(KEY, "epoch", "kiosk-2", MORNING)[0],
    ]
    assert shown not in others


def test_a_server_that_was_updated_shows_the_same_codes_as_before() -> None:
    assert arrival_code(KEY, "epoch", "kiosk-1", MORNING)[0] == "PA2YR8"
