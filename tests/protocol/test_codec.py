"""Messages survive the wire, and a stored sample of each still decodes."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import codec, errors
from protocol import commands as cmd
from protocol.events import Event, TicketRated
from protocol.replies import DoneReply, Refused

SAMPLES = {
    b'{"version":1,"request_id":"abcdefgh","command":{"type":"issue_ticket","service_id":"land"}}': cmd.IssueTicket(
        "land"
    ),
    b'{"version":1,"request_id":"abcdefgh","command":{"type":"call_next","counter_id":"3"}}': cmd.CallNext("3"),
    b'{"version":1,"request_id":"abcdefgh","command":{"type":"finish_ticket","counter_id":"3","ticket_id":7}}': (
        cmd.FinishTicket("3", 7)
    ),
    b'{"version":1,"request_id":"abcdefgh","command":{"type":"rate_ticket","token":"AAAA","score":5}}': cmd.RateTicket(
        "AAAA", 5
    ),
}


@pytest.mark.parametrize("frame", list(SAMPLES))
def test_a_request_of_version_one_still_decodes(frame: bytes) -> None:
    assert codec.decode_request(frame).command == SAMPLES[frame]


def test_a_stored_event_still_decodes() -> None:
    stored = (
        b'{"epoch":"e1","seq":9,"at":"2026-11-23T00:30:00Z","device_id":"phone",'
        b'"body":{"type":"ticket_rated","ticket_id":7}}'
    )
    at = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
    assert codec.decode_event(stored) == Event("e1", 9, at, "phone", TicketRated(7))


def test_an_answer_survives_the_wire() -> None:
    for reply in (DoneReply(), Refused("wrong_state", {"number": "A001", "state": "waiting"})):
        assert codec.decode_answer(codec.encode_answer("abcdefgh", reply)).reply == reply


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_a_refusal(frame: bytes) -> None:
    with contextlib.suppress(errors.MalformedRequest, errors.UnsupportedVersion):
        codec.decode_request(frame)
    codec.request_id_of(frame)


@pytest.mark.parametrize("score", [0, 6, -1, "5", 4.5, None])
def test_a_score_outside_one_to_five_is_malformed(score: object) -> None:
    frame = codec.encode(
        {"version": 1, "request_id": "abcdefgh", "command": {"type": "rate_ticket", "token": "A", "score": score}}
    )
    with pytest.raises(errors.MalformedRequest):
        codec.decode_request(frame)


def test_a_refusal_of_a_newer_hall_is_still_a_refusal() -> None:
    refusal = errors.refusal("counter_on_fire", {"counter_id": "3"})
    assert type(refusal) is errors.Refusal
    assert "counter_on_fire" in str(refusal)
