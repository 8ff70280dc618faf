"""A token proves its ticket and nothing else does."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import InvalidToken
from queue_server.domain.token import make_token, read_token

KEY = b"k" * 32


@given(ticket_id=st.integers(1, 2**40))
def test_a_token_leads_back_to_its_ticket(ticket_id: int) -> None:
    assert read_token(KEY, "epoch", make_token(KEY, "epoch", ticket_id)) == ticket_id


def test_another_hall_and_another_epoch_do_not_know_the_token() -> None:
    token = make_token(KEY, "epoch", 7)
    for key, epoch in ((b"x" * 32, "epoch"), (KEY, "other")):
        with pytest.raises(InvalidToken):
            read_token(key, epoch, token)


@given(position=st.integers(0, 29), letter=st.sampled_from("ABCxyz019-_"))
def test_a_token_with_one_letter_changed_is_invalid(position: int, letter: str) -> None:
    token = make_token(KEY, "epoch", 123456)
    forged = token[:position] + letter + token[position + 1 :]
    if forged != token:
        with pytest.raises(InvalidToken):
            read_token(KEY, "epoch", forged)


@given(st.text(max_size=60))
def test_any_text_is_refused_not_crashed_on(text: str) -> None:
    with pytest.raises(InvalidToken):
        read_token(KEY, "epoch", text)


def test_fifty_thousand_random_tokens_open_nothing() -> None:
    for _ in range(50_000):
        with pytest.raises(InvalidToken):
            read_token(KEY, "epoch", secrets.token_urlsafe(22))
