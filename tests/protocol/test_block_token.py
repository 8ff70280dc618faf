"""The token on the paper of a number that a kiosk gave alone, as any client can make it from the protocol's page."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.block_token import BODY_BYTES, MAC_BYTES, make_block_token, read_block_body

KEY = bytes(range(32))
blocks = st.integers(1, 2**48 - 1)
counts = st.integers(1, 2**32 - 1)


def as_documented(key: bytes, block_id: int, count: int) -> str:
    """The token made from the words of docs/protocol.md alone."""
    body = block_id.to_bytes(6, "big") + count.to_bytes(4, "big")
    mac = hmac.new(key, b"number\0" + body, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(body + mac).decode().rstrip("=")


@given(block_id=blocks, count=counts, key=st.binary(min_size=1, max_size=64))
def test_it_is_made_as_the_protocol_says(block_id: int, count: int, key: bytes) -> None:
    token = make_block_token(key, block_id, count)
    assert token == as_documented(key, block_id, count)
    assert len(token) == 35


def test_an_example_that_never_changes() -> None:
    """Papers of yesterday must open their pages after an update."""
    assert make_block_token(KEY, 1234, 800) == "AAAAAATSAAADINjXTNE1KEHSXYdNnh-i5_s"


@given(block_id=blocks, count=counts)
def test_its_first_bytes_name_block_and_number(block_id: int, count: int) -> None:
    raw = base64.urlsafe_b64decode(make_block_token(KEY, block_id, count) + "=")
    assert len(raw) == BODY_BYTES + MAC_BYTES
    assert read_block_body(raw) == (block_id, count)


@given(one=st.tuples(blocks, counts), other=st.tuples(blocks, counts))
def test_two_numbers_have_two_tokens(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert (make_block_token(KEY, *one) == make_block_token(KEY, *other)) == (one == other)


@pytest.mark.parametrize(("block_id", "count"), [(2**48, 1), (1, 2**32), (-1, 1)])
def test_what_does_not_fit_is_no_token(block_id: int, count: int) -> None:
    with pytest.raises(OverflowError):
        make_block_token(KEY, block_id, count)
