"""What must stand in no log stands in no message's repr."""

from protocol.commands import IssueTicket, OpenHelper


def test_a_request_for_a_number_does_not_show_who_asks_or_what_was_noted() -> None:
    shown = repr(IssueTicket("ho-tich", person="001085012345", note="đi cùng mẹ"))
    assert "ho-tich" in shown
    assert "001085012345" not in shown
    assert "mẹ" not in shown


def test_the_opening_of_a_helper_does_not_show_the_pin() -> None:
    assert "4711" not in repr(OpenHelper("01", "4711"))
