"""What a ticket shows, in which order, in which words."""

import datetime as dt
import unicodedata
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.texts import languages
from printers.layout import Banner, Cut, Fact, Number, PlacePaper, QrCode, Text, lay_out, moment


def words(paper):
    """All that can be read on a ticket, from top to bottom."""
    found = []
    for line in lay_out(paper):
        match line:
            case Text(text) | Banner(text) | Number(text) | QrCode(text):
                found.append(text)
            case Fact(label, value):
                found.append(f"{label} {value}")
    return found


def test_a_ticket_reads_from_the_hall_down_to_the_rules(paper):
    assert words(paper) == [
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG TỈNH CAO BẰNG",
        "Tư pháp – Hộ tịch, chứng thực",
        "SỐ THỨ TỰ",
        "A015",
        "Số người chờ trước: 4",
        "Thời gian chờ dự kiến: 10–15\N{NO-BREAK SPACE}phút",
        "Các quầy: 3, 4",
        "http://192.168.10.5:8080/t/hV3kQm8ZpT2xYw9LrB4nSg",
        "Quét mã để xem lượt và đánh giá",
        "Giờ lấy số: 08:12, Thứ Hai, 12/01/2026",
        "Có giá trị trong ngày. Lỡ lượt gọi, xin liên hệ quầy hướng dẫn.",
    ]


def test_a_ticket_ends_with_its_cut(paper):
    lines = lay_out(paper)
    assert lines[-1] == Cut()
    assert lines.count(Cut()) == 1


def test_a_priority_ticket_says_so_under_its_number(paper):
    found = words(msgspec.structs.replace(paper, class_name="Người cao tuổi"))
    assert found[found.index("A015") + 1] == "ƯU TIÊN: Người cao tuổi"


def test_a_reprint_says_so_first(paper):
    assert words(msgspec.structs.replace(paper, reprint=True))[0] == "PHIẾU IN LẠI"


def test_what_is_not_known_is_not_printed(paper):
    found = words(msgspec.structs.replace(paper, wait_low_minutes=None, counters=()))
    assert not any("kiến" in line or "Quầy" in line or "Các quầy" in line for line in found)


def test_a_range_of_one_value_is_one_number(paper):
    found = words(msgspec.structs.replace(paper, wait_low_minutes=5, wait_high_minutes=5, counters=("3",)))
    assert "Thời gian chờ dự kiến: 5\N{NO-BREAK SPACE}phút" in found
    assert "Quầy: 3" in found


def test_the_word_counter_is_said_once(paper):
    named = msgspec.structs.replace(paper, counters=("Quầy 3", "Quầy số 14", "Quầy tiếp nhận"))
    assert "Các quầy: 3, 14, Quầy tiếp nhận" in words(named)


def test_a_ticket_speaks_the_language_of_its_citizen(paper):
    found = words(msgspec.structs.replace(paper, language="en"))
    assert "People ahead of you: 4" in found
    assert "Issued: 08:12, Monday, 12/01/2026" in found


def test_every_language_lays_out_and_an_unknown_one_is_vietnamese(paper):
    for language in languages():
        assert words(msgspec.structs.replace(paper, language=language))
    assert words(msgspec.structs.replace(paper, language="zz-zz")) == words(paper)


@pytest.mark.parametrize(
    ("day", "said"), [(22, "Chủ Nhật"), (23, "Thứ Hai"), (24, "Thứ Ba"), (25, "Thứ Tư"), (28, "Thứ Bảy")]
)
def test_weekdays_are_said_in_vietnamese(day, said):
    instant = dt.datetime(2026, 11, day, 7, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert moment(instant, "vi") == f"07:05, {said}, {day}/11/2026"


def test_text_is_one_line_of_composed_letters_whatever_came_in(paper):
    broken = unicodedata.normalize("NFD", paper.service_name).replace(" ", " \n\x1b\u200b")
    assert words(msgspec.structs.replace(paper, service_name=broken)) == words(paper)


def test_a_number_that_may_come_too_late_says_so_on_its_paper(paper):
    found = words(msgspec.structs.replace(paper, uncertain=True))
    assert "Có thể không kịp trước giờ đóng cửa." in found
    assert "Có thể không kịp trước giờ đóng cửa." not in words(paper)


# ---- the slip of a promised place --------------------------------------------


PLACE = PlacePaper(
    hall_name="Trung tâm Phục vụ hành chính công tỉnh Cao Bằng",
    service_name="Tư pháp – Hộ tịch, chứng thực",
    appointment_id=12,
    slot_at=dt.datetime(2026, 1, 13, 7, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
    url="http://192.168.10.5:8080/t/hV3kQm8ZpT2xYw9LrB4nSg",
)


def test_the_slip_of_a_place_says_when_to_come_and_what_to_do_with_it():
    assert words(PLACE) == [
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG TỈNH CAO BẰNG",
        "Tư pháp – Hộ tịch, chứng thực",
        "GIỜ HẸN",
        "07:30",
        "Thứ Ba, 13/01/2026",
        "http://192.168.10.5:8080/t/hV3kQm8ZpT2xYw9LrB4nSg",
        "Quét mã để xem lại lịch hẹn",
        "Đưa phiếu này cho quầy hướng dẫn trước giờ hẹn để nhận số.",
        "Đến muộn trong ngày: vẫn được nhận số, xếp như số lấy tại chỗ.",
    ]
    assert lay_out(PLACE)[-1] == Cut()


def test_the_slip_of_a_place_speaks_english_and_names_the_priority_class():
    found = words(msgspec.structs.replace(PLACE, language="en", class_name="Elderly"))
    assert found[4:6] == ["Tuesday, 13/01/2026", "PRIORITY: Elderly"]


def test_every_paper_has_a_name_of_its_own(paper):
    assert paper.name == "20260112-081200-A015"
    assert PLACE.name == "20260113-073000-place-12"
