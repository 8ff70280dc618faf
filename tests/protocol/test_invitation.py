"""Invitations survive being printed, typed and pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.client import new_key_pair
from protocol.invitation import Invitation, InvitationError, reachable, read_invitation

KEY = "0" * 64


def test_an_invitation_reads_back_with_spaces_around_it() -> None:
    for _ in range(50):
        invitation = Invitation("tcp://hall.example:5703", new_key_pair()[0], "ABCDE-FGHJK-LMNPQ-RSTUV")
        assert read_invitation(f"  {invitation}\n") == invitation


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        f"tcp://h/{KEY}/ABC",
        f"tcp://h:0/{KEY}/ABC",
        f"tcp://h:99999/{KEY}/ABC",
        f"tcp://h:5703/{KEY[1:]}/ABC",
        f"tcp://h:5703/{KEY[1:]}g/ABC",
        f"tcp://h:5703/{KEY}/",
        f"tcp://h:5703/{KEY}/A B",
        f"http://h:5703/{KEY}/ABC",
        f"tcp://h h:5703/{KEY}/ABC",
    ],
)
def test_what_is_no_invitation_is_refused_with_its_form(text: str) -> None:
    with pytest.raises(InvitationError, match="tcp://HOST:PORT/SERVER-KEY/CODE"):
        read_invitation(text)


@given(st.text(max_size=120))
def test_any_text_is_an_invitation_or_refused(text: str) -> None:
    with pytest.raises(InvitationError):
        read_invitation(text)


@pytest.mark.parametrize(
    ("bound", "reached"),
    [
        ("tcp://0.0.0.0:5701", "tcp://hall:5701"),
        ("tcp://*:5701", "tcp://hall:5701"),
        ("tcp://10.0.0.5:5701", "tcp://10.0.0.5:5701"),
        ("tcp://10.0.0.0.0:5701", "tcp://10.0.0.0.0:5701"),
    ],
)
def test_an_address_bound_everywhere_is_reached_by_the_servers_name(bound: str, reached: str) -> None:
    assert reachable(bound, "hall") == reached
