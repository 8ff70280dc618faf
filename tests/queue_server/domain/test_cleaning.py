"""Free text keeps its lines, and loses what tells who wrote it."""

from queue_server.domain.cleaning import cleaned, one_line


def test_lines_stay_lines_where_they_may_and_are_joined_where_they_may_not() -> None:
    assert cleaned("Chờ lâu\nquá\tlâu") == "Chờ lâu\nquá lâu"
    assert one_line("Chờ lâu\nquá\tlâu") == "Chờ lâu quá lâu"


def test_numbers_of_people_and_addresses_are_hidden_and_days_are_not() -> None:
    assert cleaned("gọi 0912 345 678 hay an@example.vn ngày 23/11/2026") == "gọi *** hay *** ngày 23/11/2026"


def test_signs_that_nobody_sees_do_not_part_a_number() -> None:
    assert cleaned("0912\u200b345\u200b678") == "***"
    assert one_line("A\u202e\u200bB") == "AB"
