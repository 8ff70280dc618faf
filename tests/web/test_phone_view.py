"""What the phone page says, state by state."""

import pytest

from protocol.replies import CounterInfo
from protocol.words import TicketState
from tests.web.sample import HALL, answer
from web.names import counter_in_sentence, counter_text
from web.phone.view import phone_page


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
        (TicketState.NO_SHOW, False, "no_show", "Đã gọi nhưng không gặp quý khách"),
        (TicketState.CANCELLED, False, "cancelled", "Phiếu đã hết hiệu lực"),
        (TicketState.PARKED, False, "parked", "Phiếu đang được giữ"),
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
