"""Which calls the wall shows, for how long, and which of them blink."""

import pytest
from msgspec.structs import replace

from display.calls import BLINK_SECONDS, BLINKS, MINIMUM_SECONDS, UNCALLED_KEPT, Call, Calls
from protocol.events import UndoneTicket
from protocol.words import Origin, TicketState
from tests.display.halls import AT, ticket


def numbers(calls: Calls, now: float, places: int | None = None) -> list[str]:
    return [call.number for call in calls.shown(now, places)]


def some_call(place: int, number: str = "", *, counter: str = "", recalls: int = 0) -> Call:
    return Call(place, number or f"A{place:03}", counter or str(place), "ho-tich", recalls=recalls)


def called(*numbers: str, now: float = 0.0) -> Calls:
    calls = Calls()
    for place, number in enumerate(numbers, 1):
        calls.call(some_call(place, number))
    calls.shown(now)
    return calls


def test_the_newest_call_is_on_top() -> None:
    assert numbers(called("A001", "A002", "A003"), 0.0) == ["A003", "A002", "A001"]


def test_a_recall_goes_to_the_top_and_blinks_again() -> None:
    calls = called("A001", "A002")
    calls.call(some_call(1, recalls=2))
    top = calls.shown(20.0)[0]
    assert (top.number, top.recalls, top.blinks(20.0)) == ("A001", 2, True)


def test_a_new_call_blinks_three_times_and_then_is_steady() -> None:
    [call] = called("A001", now=5.0).shown(5.0)
    halves = [call.lit(5.0 + half * BLINK_SECONDS / 2) for half in range(2 * BLINKS + 3)]
    assert halves == [True, False] * BLINKS + [False] * 3
    assert not call.blinks(5.0 + BLINKS * BLINK_SECONDS)


def test_a_call_is_steady_once_its_citizen_is_served() -> None:
    calls = called("A001")
    calls.serve(1)
    [call] = calls.shown(0.5)
    assert call.serving
    assert not call.blinks(0.5)


def test_a_quick_finish_does_not_hide_a_call_before_its_minimum_time() -> None:
    calls = called("A001")
    calls.serve(1)
    calls.end(1)
    assert numbers(calls, MINIMUM_SECONDS - 0.1) == ["A001"]
    assert numbers(calls, MINIMUM_SECONDS) == []


def test_a_call_that_was_seen_long_enough_goes_at_once_when_it_ends() -> None:
    calls = called("A001")
    calls.end(1)
    assert numbers(calls, 100.0) == []


def test_a_call_stays_as_long_as_it_is_waited_for() -> None:
    assert numbers(called("A001"), 10_000.0) == ["A001"]


def test_what_the_display_finds_at_its_start_does_not_blink() -> None:
    calls = Calls()
    calls.rebuild([ticket(9, "2"), ticket(7, "1", serving=True)], same_life=False)
    assert numbers(calls, 0.0) == ["N009", "L007"]
    assert not any(call.blinks(0.0) for call in calls.shown(0.0))


def test_what_a_gap_hid_blinks_when_the_snapshot_brings_it() -> None:
    calls = Calls()
    calls.rebuild([ticket(7, "1")], same_life=False)
    calls.rebuild([ticket(9, "2"), ticket(7, "1")], same_life=True)
    assert [(call.number, call.blinks(30.0)) for call in calls.shown(30.0)] == [("N009", True), ("L007", False)]


def test_a_recall_that_a_gap_hid_blinks_too() -> None:
    calls = Calls()
    calls.rebuild([ticket(9, "2"), ticket(7, "1")], same_life=False)
    calls.rebuild([ticket(9, "2"), ticket(7, "1", recalls=1)], same_life=True)
    assert [(call.number, call.blinks(30.0)) for call in calls.shown(30.0)] == [("L007", True), ("N009", False)]


@pytest.mark.parametrize(("same_life", "shown"), [(True, ["L007"]), (False, [])])
def test_what_a_snapshot_lacks_keeps_its_minimum_time_unless_the_epoch_is_another(
    same_life: bool, shown: list[str]
) -> None:
    calls = Calls()
    calls.call(some_call(7, "L007"))
    calls.shown(0.0)
    calls.rebuild([], same_life=same_life)
    assert numbers(calls, 1.0) == shown
    assert numbers(calls, MINIMUM_SECONDS) == []


def test_a_ticket_called_to_another_counter_is_a_new_call() -> None:
    calls = Calls()
    calls.rebuild([ticket(7, "1")], same_life=False)
    calls.rebuild([ticket(7, "4")], same_life=True)
    [call] = calls.shown(30.0)
    assert (call.counter_id, call.blinks(30.0)) == ("4", True)


def test_a_message_about_a_call_that_is_not_on_the_wall_changes_nothing() -> None:
    calls = called("A001")
    calls.serve(99)
    calls.end(99)
    assert numbers(calls, 50.0) == ["A001"]


# ---- what a counter takes back ----


def undone(
    before: TicketState, after: TicketState, ticket_id: int = 1, counter: str | None = "1", number: str = "A001"
) -> UndoneTicket:
    held = counter if after in (TicketState.CALLED, TicketState.SERVING) else None
    return UndoneTicket(ticket_id, number, "ho-tich", before, after, held)


def test_a_call_that_is_taken_back_is_gone_at_once() -> None:
    calls = called("A001", "A002")
    calls.take_back(undone(TicketState.CALLED, TicketState.WAITING))
    assert numbers(calls, 1.0) == ["A002"]


@pytest.mark.parametrize(
    ("before", "after", "serving"),
    [
        (TicketState.FINISHED, TicketState.SERVING, True),
        (TicketState.NO_SHOW, TicketState.CALLED, False),
        (TicketState.PARKED, TicketState.SERVING, True),
        (TicketState.WAITING, TicketState.CALLED, False),
        (TicketState.CANCELLED, TicketState.CALLED, False),
    ],
)
def test_a_call_whose_end_is_taken_back_stands_on_the_wall_again(
    before: TicketState, after: TicketState, serving: bool
) -> None:
    calls = called("A001")
    calls.end(1)
    assert numbers(calls, MINIMUM_SECONDS) == []
    calls.take_back(undone(before, after))
    [call] = calls.shown(60.0)
    assert (call.number, call.counter_id, call.serving) == ("A001", "1", serving)
    assert not call.blinks(20.0)


def test_a_citizen_who_is_not_there_after_all_is_awaited_again() -> None:
    calls = called("A001")
    calls.serve(1)
    calls.take_back(undone(TicketState.SERVING, TicketState.CALLED))
    [call] = calls.shown(20.0)
    assert not call.serving


def test_a_repeated_call_that_is_taken_back_counts_one_less() -> None:
    calls = called("A001")
    calls.call(some_call(1, recalls=1))
    assert calls.shown(5.0)[0].recalls == 1
    calls.take_back(undone(TicketState.CALLED, TicketState.CALLED), unsaid=True)
    [call] = calls.shown(6.0)
    assert call.recalls == 0


def test_who_is_served_without_a_call_is_never_shown() -> None:
    calls = Calls()
    calls.serve(9, directly=True)
    calls.end(9)
    calls.take_back(undone(TicketState.FINISHED, TicketState.SERVING, 9, number="HS-001"))
    assert numbers(calls, 5.0) == []


def test_a_snapshot_does_not_show_who_is_served_without_a_call() -> None:
    direct = replace(ticket(9, "3", serving=True), origin=Origin.DIRECT)
    called_later = replace(ticket(8, "4"), origin=Origin.DIRECT, announced_at=AT)
    calls = Calls()
    calls.rebuild([direct, called_later], same_life=True)
    assert numbers(calls, 0.0) == [called_later.number]


def test_what_nobody_called_is_remembered_no_longer_than_it_may_be_taken_back() -> None:
    calls = Calls()
    for ticket_id in range(UNCALLED_KEPT + 50):
        calls.serve(ticket_id, directly=True)
        calls.end(ticket_id)
    assert len(calls._unsaid) == UNCALLED_KEPT
    back = UndoneTicket(ticket_id, "A001", "ho-tich", TicketState.FINISHED, TicketState.SERVING, "1")
    calls.take_back(back)
    assert numbers(calls, 0.0) == []
