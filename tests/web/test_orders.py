"""Orders of the browser: strict shapes, never a counter or an operator of the browser's choice."""

from typing import Any

import msgspec
import pytest

from protocol import commands as cmd
from protocol.words import Performed
from web.desk.orders import DEEDS, NotAnOrderError, read_order
from web.desk.session import DeskSession

ME = DeskSession("012", "q1")
OWN = {"operator_id": "012"}


def read(**fields: Any) -> Any:
    return read_order(msgspec.json.encode({"request_id": "12345678", **fields}), ME).command


@pytest.mark.parametrize(
    ("fields", "command"),
    [
        ({"do": "call_next"}, cmd.CallNext("q1", **OWN)),
        ({"do": "call_next", "finish_ticket_id": 7}, cmd.CallNext("q1", finish_ticket_id=7, **OWN)),
        ({"do": "recall_ticket", "ticket_id": 7}, cmd.RecallTicket("q1", 7, **OWN)),
        ({"do": "start_serving", "ticket_id": 7}, cmd.StartServing("q1", 7, **OWN)),
        ({"do": "mark_no_show", "ticket_id": 7}, cmd.MarkNoShow("q1", 7, **OWN)),
        ({"do": "park_ticket", "ticket_id": 7, "minutes": 15}, cmd.ParkTicket("q1", 7, 15, **OWN)),
        ({"do": "restore_ticket", "ticket_id": 7}, cmd.RestoreTicket(7, "q1", **OWN)),
        ({"do": "answer_alarm", "alarm_counter_id": "q2"}, cmd.AnswerAlarm("q1", "q2", **OWN)),
        ({"do": "cancel_ticket", "ticket_id": 7}, cmd.CancelTicket(ticket_id=7, counter_id="q1", **OWN)),
        ({"do": "check_in", "token": "abc"}, cmd.CheckIn("abc")),
        (
            {"do": "finish_ticket", "ticket_id": 7, "performed": [{"service_id": "ho-tich", "quantity": 2}]},
            cmd.FinishTicket("q1", 7, [Performed("ho-tich", 2)], **OWN),
        ),
    ],
)
def test_each_deed_becomes_its_command_in_the_sessions_name(fields: dict[str, Any], command: object) -> None:
    assert read(**fields) == command


def test_every_deed_acts_at_the_sessions_counter_and_as_its_operator() -> None:
    free = {name for name, kind in DEEDS.items() if {"counter_id", "operator_id"} - {*kind.__struct_fields__}}
    assert free == {"check_in"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"request_id": "12345678"}',
        b'{"request_id": "12345678", "do": ["call_next"]}',
        b'{"request_id": "12345678", "do": "open_counter", "counter_id": "q2"}',
        b'{"request_id": "12345678", "do": "take_over_counter", "counter_id": "q2"}',
        b'{"request_id": "12345678", "do": "finish_ticket"}',
        b'{"request_id": "short", "do": "call_next"}',
        b'{"request_id": "12345678", "do": "call_next", "counter_id": "q2"}',
        b'{"request_id": "12345678", "do": "call_next", "operator_id": "034"}',
        b'{"request_id": "12345678", "do": "call_next", "type": "mark_no_show"}',
        b'{"request_id": "12345678", "do": "cancel_ticket", "token": "abc"}',
        b'{"request_id": "12345678", "do": "finish_ticket", "ticket_id": "7"}',
        b'{"request_id": "12345678", "do": "finish_ticket", "ticket_id": 0}',
        b'{"request_id": "12345678", "do": "park_ticket", "ticket_id": 7, "minutes": 0}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_anything_else_is_no_order(body: bytes) -> None:
    with pytest.raises(NotAnOrderError):
        read_order(body, ME)
