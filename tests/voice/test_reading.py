"""Numbers are read as the halls read them."""

import pytest

from voice.reading import number, said, ticket_number


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (115, "một trăm mười lăm"),
        (1005, "một nghìn không trăm linh năm"),
        (1266, "một nghìn hai trăm sáu mươi sáu"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (2_000_000_000, "hai tỷ"),
    ],
)
def test_a_vietnamese_number(value: int, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(
    ("ticket", "words"),
    [
        ("A015", "a không một năm"),
        ("G121", "giê một hai một"),
        ("H144", "hát một bốn bốn"),
        ("AB999", "a bê chín chín chín"),
    ],
)
def test_a_tickets_number_is_read_digit_by_digit(ticket: str, words: str) -> None:
    assert ticket_number(ticket) == words


def test_inside_a_tickets_number_no_digit_is_read_as_in_a_number() -> None:
    for value in range(1000):
        assert not {"mốt", "tư", "lăm", "mươi", "linh"} & set(ticket_number(f"A{value:03}").split())


def test_an_english_ticket() -> None:
    assert ticket_number("A015", "en") == "A zero one five"


@pytest.mark.parametrize(
    ("shown", "spoken"),
    [
        ("SỐ THỨ TỰ CỦA QUÝ KHÁCH: A015", "số thứ tự của quý khách: a không một năm"),
        ("Quầy 3, 15, 21", "Quầy ba, mười lăm, hai mươi mốt"),
        ("25–40 phút", "hai mươi lăm đến bốn mươi phút"),
        ("1.266 thủ tục", "một nghìn hai trăm sáu mươi sáu thủ tục"),
        ("07:30", "bảy giờ ba mươi phút"),
        ("13:00", "mười ba giờ"),
        ("Thứ Hai, 12/01/2026", "Thứ Hai, ngày mười hai tháng một năm hai nghìn không trăm hai mươi sáu"),
        ("07:05 13/01", "bảy giờ năm phút ngày mười ba tháng một"),
        ("9 người chờ · 27–48 phút", "chín người chờ , hai mươi bảy đến bốn mươi tám phút"),
    ],
)
def test_what_a_vietnamese_screen_shows_is_read(shown: str, spoken: str) -> None:
    assert said(shown) == spoken


def test_no_digit_is_left_to_chance_in_vietnamese() -> None:
    shown = "A015, 25–40 phút, 12/01/2026 07:30, 1.266, 3, mã 000.00.14.H14-200930-0001, 1234567890123456"
    assert not any(sign.isdigit() for sign in said(shown))


def test_what_an_english_screen_shows_is_read() -> None:
    shown = "YOUR NUMBER: A015, 25–40 minutes, 12/01/2026"
    assert said(shown, "en") == "your number: A zero one five, 25 to 40 minutes, 12 January 2026"
    assert said("35/13/2026", "en") == "35/13/2026"


def test_a_language_without_rules_is_read_plainly() -> None:
    assert said("A015", "tyz") == "A zero one five"
