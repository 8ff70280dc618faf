"""The desk's lists: who waits, who is held, missed and done."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from protocol.replies import DeskReply, DeskService, NoteView
from protocol.words import Performed, TicketState
from tests.web.sample import AT, HALL, desk, ticket
from web.desk.line import level_of
from web.desk.session import DeskSession
from web.desk.view import desk_state

ME = DeskSession("012", "q1")


def state(reply: DeskReply, notes: dict[int, list[NoteView]] | None = None) -> dict[str, Any]:
    return desk_state(HALL, reply, notes or {}, ME, "vi")


@pytest.mark.parametrize(
    ("waited", "target", "level"),
    [(0, 30, "ok"), (19.9, 30, "ok"), (20, 30, "soon"), (30, 30, "soon"), (30.1, 30, "late"), (1, 0, "late")],
)
def test_a_wait_is_in_time_soon_late_or_late(waited: float, target: int, level: str) -> None:
    assert level_of(waited, target) == level


def test_waiting_rows_show_minutes_and_a_level_with_its_name() -> None:
    young = ticket(ticket_id=8, number="A008", issued_at=AT + dt.timedelta(minutes=5))
    rows = state(desk(tickets=[ticket(class_id="elderly"), young]))["waiting"]
    shown = [(row["number"], row["waited"], row["level"], row["level_text"]) for row in rows]
    assert shown == [("A007", "20 phút", "late", "quá mức chờ"), ("A008", "15 phút", "ok", "trong mức")]


def test_it_says_how_many_wait_even_beyond_the_rows() -> None:
    shown = state(desk(tickets=[ticket()], total=70))
    assert (shown["waiting_total"], shown["summary"], len(shown["waiting"])) == (70, "70 người đang chờ", 1)


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ({"to_counter_id": "q1"}, "riêng quầy này"),
        ({"to_operator_id": "012"}, "riêng cho tôi"),
        ({"to_counter_id": "q2"}, "dành cho Quầy 12, đang vắng"),
        ({"to_operator_id": "034"}, "dành cho Cán bộ 034, đang vắng"),
        ({}, ""),
    ],
)
def test_a_ticket_sent_to_a_counter_or_person_is_marked(fields: dict[str, Any], meant: str) -> None:
    assert state(desk(tickets=[ticket(**fields)]))["waiting"][0]["meant"] == meant


def test_each_service_shows_its_longest_wait() -> None:
    busy, empty = DeskService("ho-tich", 4, 31.7, 1), DeskService("dat-dai", 0, 0.0, 0)
    first, second = state(desk(services=[busy, empty]))["services"]
    assert (first["name"], first["waiting"], first["longest"], first["level"]) == ("Hộ tịch", 4, "31 phút", "late")
    assert (second["name"], second["longest"], second["level"]) == ("dat-dai", "", "none")


def test_a_held_ticket_shows_when_it_returns_and_its_last_note() -> None:
    until = AT + dt.timedelta(minutes=25)
    held = ticket(TicketState.PARKED, parked_until=until, notes=2)
    notes = [NoteView(AT, "Chờ bản sao"), NoteView(AT, "Đang ra ngân hàng")]
    row = state(desk(parked=[held]), {7: notes})["parked"][0]
    assert (row["until"], row["note"]) == (int(until.timestamp()) * 1000, "Đang ra ngân hàng")


def test_missed_and_done_tickets_show_when_and_how_long() -> None:
    began, ended = AT + dt.timedelta(minutes=3), AT + dt.timedelta(minutes=14)
    missed = ticket(TicketState.NO_SHOW, called_at=began, finished_at=ended)
    done = ticket(
        TicketState.FINISHED,
        serving_at=began,
        finished_at=ended,
        times_wrong=True,
        come_back_until=ended,
        performed=[Performed("ho-tich")],
    )
    shown = state(desk(missed=[missed], done=[done, replace(done, serving_at=None)]))
    assert shown["missed"][0]["at"] == "08:44"
    first, second = shown["done"]
    assert (first["at"], first["lasted"], first["wrong"]) == ("08:44", "11 phút", True)
    assert (first["performed"], first["come_back"]) == (["Hộ tịch × 1"], "đã cấp phiếu quay lại")
    assert second["lasted"] == ""
