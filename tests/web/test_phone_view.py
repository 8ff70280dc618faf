"""What the phone page says, state by state."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from protocol.replies import CounterInfo, PlaceReply
from protocol.views import HomeHabits, KioskHabits
from protocol.words import Origin, TicketState
from tests.web.sample import AT, HALL, answer
from web.names import counter_in_sentence, counter_text
from web.phone.view import phone_page, place_page


@pytest.mark.parametrize(
    ("low", "high", "kind", "words"),
    [
        (10, 15, "waiting", "Dự kiến khoảng 10–15 phút"),
        (10, 10, "waiting", "Dự kiến khoảng 10 phút"),
        (None, 20, "waiting", "Dự kiến khoảng 20 phút"),
        (None, None, "waiting", "Chưa ước tính được thời gian chờ"),
        (3, 5, "waiting", "Dự kiến khoảng 3–5 phút"),
        (1, 4, "soon", "Dự kiến khoảng 1–4 phút"),
        (0, 0, "soon", "Dự kiến khoảng 0 phút"),
    ],
)
def test_the_waiting_range_in_words(low: int | None, high: int | None, kind: str, words: str) -> None:
    view = phone_page(HALL, answer(people_ahead=4, wait_low_minutes=low, wait_high_minutes=high), "vi")
    assert (view.kind, view.range_text) == (kind, words)


def test_people_ahead_in_both_languages() -> None:
    assert phone_page(HALL, answer(people_ahead=4), "vi").ahead_text == "Còn 4 lượt trước quý khách"
    assert phone_page(HALL, answer(people_ahead=0), "vi").ahead_text == "Quý khách là người tiếp theo"
    assert phone_page(HALL, answer(people_ahead=1), "en").ahead_text == "1 ahead of you"
    assert phone_page(HALL, answer(), "en").ahead_text == "Waiting"


@pytest.mark.parametrize(
    ("state", "rated", "kind", "said"),
    [
        (TicketState.CALLED, False, "called", "Đã đến lượt, mời đến quầy số 12"),
        (TicketState.SERVING, False, "serving", "Đang phục vụ tại Quầy 12"),
        (TicketState.FINISHED, False, "rate", "Mời quý khách đánh giá"),
        (TicketState.FINISHED, True, "thanks", "Cảm ơn quý\u00a0khách đã đánh giá"),
        (TicketState.NO_SHOW, False, "no_show", "Đã qua lượt của quý khách"),
        (TicketState.CANCELLED, False, "cancelled", "Phiếu đã hết hiệu lực"),
        (TicketState.PARKED, False, "parked", "Phiếu đang được tạm giữ"),
    ],
)
def test_every_other_state_has_its_page(state: TicketState, rated: bool, kind: str, said: str) -> None:
    view = phone_page(HALL, answer(state, counter_id="q2", rated=rated), "vi")
    assert (view.kind, view.said) == (kind, said)


def test_names_follow_the_language() -> None:
    view = phone_page(HALL, answer(TicketState.CALLED, counter_id="q2"), "en")
    assert (view.service, view.counters, view.goto) == ("Civil status", "Counter 1, Counter 12", "counter 12")
    assert view.said == "It is your turn, please go to counter 12"


@pytest.mark.parametrize(
    ("name", "shown", "spoken"),
    [
        ("Quầy 3", "Quầy 3", "quầy số 3"),
        ("Quầy số 3", "Quầy 3", "quầy số 3"),
        ("3", "Quầy 3", "quầy số 3"),
        ("QUẦY 10", "Quầy 10", "quầy số 10"),
        ("Quầy Thuế", "Quầy Thuế", "Quầy Thuế"),
        ("Bàn hướng dẫn", "Bàn hướng dẫn", "Bàn hướng dẫn"),
        ("Quầy", "Quầy", "Quầy"),
    ],
)
def test_counters_read_well_however_the_hall_file_writes_them(name: str, shown: str, spoken: str) -> None:
    text = counter_text(CounterInfo("q", name, []), "vi")
    assert (text, counter_in_sentence(text, "vi")) == (shown, spoken)


def test_a_parked_ticket_says_until_when_and_that_it_returns_by_itself() -> None:
    until = AT + dt.timedelta(minutes=70)
    view = phone_page(HALL, answer(TicketState.PARKED, parked_until=until), "vi")
    assert view.said == "Phiếu được tạm giữ đến 09:40"
    assert "tự quay lại hàng chờ" in view.hint


def test_who_lets_others_go_first_reads_until_when_and_that_nothing_is_lost() -> None:
    until = AT + dt.timedelta(minutes=10)
    view = phone_page(HALL, answer(TicketState.PARKED, parked_until=until, delayed=True), "vi")
    assert view.said == "Nhường lượt đến 08:40"
    assert view.hint.startswith("Từ 08:40 quý khách có thể được gọi lại, vẫn tính theo thời gian lấy số ban đầu.")
    assert (view.may_delay, view.may_leave) == (False, True)


def test_a_counter_that_puts_a_ticket_aside_is_not_its_citizen() -> None:
    aside = answer(TicketState.PARKED, parked_until=AT, delayed=True, to_counter_id="q1")
    view = phone_page(HALL, aside, "vi")
    assert view.said == "Phiếu được tạm giữ đến 08:30"
    assert not view.may_leave


@pytest.mark.parametrize(("delayed", "note"), [(False, ""), (True, "Số của quý khách đã trở lại hàng chờ")])
def test_more_time_can_be_asked_for_once(delayed: bool, note: str) -> None:
    view = phone_page(HALL, answer(people_ahead=3, delayed=delayed), "vi")
    assert view.may_delay is not delayed
    assert view.note.startswith(note)
    assert not phone_page(HALL, answer(TicketState.CALLED, counter_id="q1"), "vi").may_delay


def test_a_place_of_a_service_that_gives_them_from_home_says_when_and_how_to_arrive() -> None:
    habits = KioskHabits(["vi"], 0, 0, 0, appointment_early_minutes=15, appointment_late_minutes=10)
    hall = replace(HALL, from_home=HomeHabits(["ho-tich"], 1), kiosk=habits)
    view = place_page(hall, PlaceReply(12, "ho-tich", AT, "p", "http://hall/t/p", from_home=True), "vi")
    assert view.arrives == "http://hall/t/p"
    assert view.hint.startswith("Đây là chỗ trong hàng, chưa phải số thứ tự.")
    assert view.note.startswith("Báo đã đến trong khoảng 08:15–08:40 để giữ đúng vị trí.")
    assert place_page(HALL, PlaceReply(12, "ho-tich", AT, "p", "u"), "vi").arrives == ""


def test_a_ticket_sent_on_to_a_counter_watches_that_counter_alone() -> None:
    view = phone_page(HALL, answer(people_ahead=2, to_counter_id="q2", returned=True), "vi")
    assert view.note == "Quý khách được mời tiếp đến quầy số 12. Vui lòng chờ gọi."
    assert view.counters == "Quầy 12"


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"to_operator_id": "034", "returned": True}, "Quý khách được chuyển đến cán bộ phụ trách. Vui lòng chờ gọi."),
        ({"returned": True}, "Quý khách đã trở lại hàng chờ, vẫn tính theo thời gian lấy số ban đầu."),
        ({"origin": Origin.APPOINTMENT, "slot_at": AT}, "Theo lịch hẹn lúc 08:30"),
        ({}, ""),
    ],
)
def test_who_waits_for_a_reason_reads_it(fields: dict[str, Any], note: str) -> None:
    assert phone_page(HALL, answer(people_ahead=2, **fields), "vi").note == note


def test_the_reason_to_wait_is_gone_with_the_call() -> None:
    assert phone_page(HALL, answer(TicketState.CALLED, counter_id="q2", returned=True), "vi").note == ""


@pytest.mark.parametrize("rated", [False, True])
def test_who_may_come_back_reads_until_when(rated: bool) -> None:
    until = AT + dt.timedelta(hours=26)
    view = phone_page(HALL, answer(TicketState.FINISHED, come_back_until=until, rated=rated), "vi")
    assert view.come_back == "Quý khách được quay lại mà không phải xếp hàng lại, đến 10:30, Thứ Ba, 03/03/2026."
    assert phone_page(HALL, answer(TicketState.SERVING, come_back_until=until), "vi").come_back == ""


def test_a_place_says_time_day_and_how_to_check_in() -> None:
    view = place_page(HALL, PlaceReply(12, "ho-tich", AT, "p", "u"), "vi")
    assert (view.kind, view.number, view.said, view.service) == ("place", "08:30", "Thứ Hai, 02/03/2026", "Hộ tịch")
    assert "quầy hướng dẫn" in view.hint
    assert place_page(HALL, PlaceReply(12, "ho-tich", AT, "p", "u"), "en").said == "Monday, 02/03/2026"
