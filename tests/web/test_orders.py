"""Orders of the browser: strict shapes, never a counter of the browser's choice."""

import msgspec
import pytest

from protocol.commands import CallNext, CancelTicket, FinishTicket, MarkNoShow, RecallTicket, StartServing
from web.desk.orders import NotAnOrderError, command_of, read_order


@pytest.mark.parametrize(
    ("deed", "command"),
    [
        ("call_next", CallNext("q1")),
        ("recall_ticket", RecallTicket("q1", 7)),
        ("start_serving", StartServing("q1", 7)),
        ("finish_ticket", FinishTicket("q1", 7)),
        ("mark_no_show", MarkNoShow("q1", 7)),
        ("cancel_ticket", CancelTicket(ticket_id=7)),
    ],
)
def test_each_deed_becomes_its_command_at_the_sessions_counter(deed: str, command: object) -> None:
    order = read_order(msgspec.json.encode({"request_id": "12345678", "do": deed, "ticket_id": 7}))
    assert command_of(order, "q1") == command


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"request_id": "12345678", "do": "open_counter"}',
        b'{"request_id": "12345678", "do": "finish_ticket"}',
        b'{"request_id": "short", "do": "call_next"}',
        b'{"request_id": "12345678", "do": "call_next", "counter_id": "q2"}',
        b'{"request_id": "12345678", "do": "finish_ticket", "ticket_id": "7"}',
        b'{"request_id": "12345678", "do": "finish_ticket", "ticket_id": 0}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_anything_else_is_no_order(body: bytes) -> None:
    with pytest.raises(NotAnOrderError):
        read_order(body)
