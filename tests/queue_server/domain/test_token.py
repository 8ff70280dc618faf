"""A token proves its ticket and nothing else does."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.block_token import make_block_token
from protocol.errors import InvalidToken
from queue_server.domain.token import block_key, is_block_token, make_token, place_of, read_block_token, read_token

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


@pytest.mark.parametrize("token", [make_token(KEY, "epoch", 7), make_block_token(block_key(KEY, "epoch", 7), 7, 12)])
def test_a_token_has_one_spelling(token: str) -> None:
    """The last letter has bits that decoding drops; signs outside the alphabet could be skipped."""
    read = read_block_token if is_block_token(token) else read_token
    read(KEY, "epoch", token)
    endings = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") - {token[-1]}
    for other in (*(token[:-1] + ending for ending in endings), token + "=", token + "\n", "!" + token):
        with pytest.raises(InvalidToken):
            read(KEY, "epoch", other)
    with pytest.raises(InvalidToken):
        place_of("!!!!" + token)


@given(st.text(max_size=60))
def test_any_text_is_refused_not_crashed_on(text: str) -> None:
    with pytest.raises(InvalidToken):
        read_token(KEY, "epoch", text)


def test_fifty_thousand_random_tokens_open_nothing() -> None:
    for _ in range(50_000):
        with pytest.raises(InvalidToken):
            read_token(KEY, "epoch", secrets.token_urlsafe(22))


# ---- numbers that kiosks gave alone ----


@given(block_id=st.integers(1, 2**40), count=st.integers(1, 99_999))
def test_a_kiosks_token_leads_back_to_block_and_number(block_id: int, count: int) -> None:
    token = make_block_token(block_key(KEY, "epoch", block_id), block_id, count)
    assert is_block_token(token)
    assert read_block_token(KEY, "epoch", token) == (block_id, count)


def test_a_blocks_key_makes_tokens_of_that_block_only() -> None:
    stolen = block_key(KEY, "epoch", 7)
    for key, epoch, token in (
        (KEY, "epoch", make_block_token(stolen, 8, 800)),
        (KEY, "other", make_block_token(stolen, 7, 800)),
        (b"x" * 32, "epoch", make_block_token(stolen, 7, 800)),
        (KEY, "epoch", make_block_token(b"", 7, 800)),
    ):
        with pytest.raises(InvalidToken):
            read_block_token(key, epoch, token)


def test_keys_of_blocks_tell_nothing_of_each_other_and_are_no_tokens_key() -> None:
    keys = {block_key(KEY, epoch, block_id) for epoch in ("a", "b") for block_id in (1, 11, 111)}
    assert len(keys) == 6
    assert KEY not in keys


@given(position=st.integers(0, 34), letter=st.sampled_from("ABCxyz019-_"))
def test_a_kiosks_token_with_one_letter_changed_is_invalid(position: int, letter: str) -> None:
    token = make_block_token(block_key(KEY, "epoch", 1234), 1234, 800)
    forged = token[:position] + letter + token[position + 1 :]
    if forged != token:
        with pytest.raises(InvalidToken):
            read_block_token(KEY, "epoch", forged)


@given(st.text(min_size=35, max_size=35) | st.text("AZaz09-_=+/\ud800\u00e9", min_size=35, max_size=35))
def test_any_text_as_long_as_a_kiosks_token_is_refused_not_crashed_on(text: str) -> None:
    with pytest.raises(InvalidToken):
        read_block_token(KEY, "epoch", text)


def test_the_two_kinds_of_tokens_are_never_taken_for_each_other() -> None:
    ticket, number = make_token(KEY, "epoch", 7), make_block_token(block_key(KEY, "epoch", 7), 7, 800)
    assert (is_block_token(ticket), is_block_token(number)) == (False, True)
    with pytest.raises(InvalidToken):
        read_token(KEY, "epoch", number)
    with pytest.raises(InvalidToken):
        read_block_token(KEY, "epoch", ticket)


def test_papers_and_keys_of_an_older_program_go_on_to_count() -> None:
    """What was printed and what kiosks hold is made with these bytes: they never change."""
    assert make_token(KEY, "epoch", 7) == "AAAAAAAHzcWaTGfCqGJXr99pvc8dNA"
    assert block_key(KEY, "epoch", 7).hex() == "5b2996ba4e42b1edb4fa614d0305bad07e5d206d45be42c5c2891f0880ed7eab"
