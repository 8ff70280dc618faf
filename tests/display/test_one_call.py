"""Which call has the large place, and which stand below it."""

from msgspec.structs import replace

from display.board import Board
from display.one_call import HOLD_SECONDS, OneCall, Stage, compose_one_call
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState
from tests.display import halls
from tests.display.halls import called, event

PLACES = 3


class Watched:
    """A one-call board that has run for a while."""

    def __init__(self, calls: int = 0) -> None:
        self.board, self.stage, self.seq = Board("wall"), Stage(), 100
        self.board.describe(replace(halls.hall(), displays=[re.DisplayInfo("wall", "one_call")]))
        self.board.take_snapshot(halls.busy(calls), 0.0)

    def happen(self, now: float, *bodies: ev.EventBody) -> OneCall:
        for body in bodies:
            self.seq += 1
            self.board.take_event(event(self.seq, body), now)
        return self.at(now)

    def at(self, now: float) -> OneCall:
        return compose_one_call(self.board, self.stage, PLACES, now)


def large(shown: OneCall) -> str:
    return shown.current.number if shown.current else ""


def below(shown: OneCall) -> list[str]:
    return [call.number for call in shown.earlier]


def test_before_any_call_there_is_none() -> None:
    shown = Watched().at(1.0)
    assert (shown.current, shown.earlier, shown.calls) == (None, [], [])


def test_the_newest_call_is_large_and_the_others_below() -> None:
    shown = Watched(3).at(1.0)
    assert large(shown) == "A040"
    assert below(shown) == ["N039", "M038"]


def test_a_new_call_takes_the_large_place_at_once() -> None:
    shown = Watched(3).happen(1.0, called(200, "A015", "3"))
    assert large(shown) == "A015"
    assert shown.current
    assert shown.current.blinks
    assert (shown.current.head[0], shown.current.to[0], shown.current.counter) == ("MỜI SỐ", "ĐẾN QUẦY", "3")


def test_a_call_keeps_the_large_place_until_it_has_blinked() -> None:
    watched = Watched()
    watched.happen(1.0, called(200, "A015", "3"))
    shown = watched.happen(2.0, called(201, "A016", "4"))
    assert (large(shown), below(shown)) == ("A015", ["A016"])
    assert shown.earlier[0].blinks
    assert large(watched.at(1.0 + HOLD_SECONDS)) == "A016"


def test_calls_that_come_together_have_the_large_place_one_after_the_other() -> None:
    watched = Watched()
    watched.happen(1.0, *(called(200 + n, f"A{n:03}", str(n)) for n in range(1, 4)))
    seen = [large(watched.at(1.0 + second)) for second in range(12)]
    assert list(dict.fromkeys(seen)) == ["A001", "A002", "A003"]
    assert seen[-1] == "A003"


def test_a_repeated_call_is_large_again() -> None:
    watched = Watched()
    watched.happen(1.0, called(200, "A015", "3"))
    watched.happen(10.0, called(201, "A016", "4"))
    shown = watched.happen(20.0, ev.TicketRecalled(200, "A015", "ho-tich", "3", 1))
    assert large(shown) == "A015"


def test_a_call_taken_back_leaves_the_large_place_to_the_one_before() -> None:
    watched = Watched(2)
    watched.happen(1.0, called(200, "A015", "3"))
    undone = ev.UndoneTicket(200, "A015", "ho-tich", TicketState.CALLED, TicketState.WAITING)
    shown = watched.happen(1.5, ev.ActionUndone("3", "cb01", "call_next", 101, 101, [undone]))
    assert large(shown) == "A040"


def test_who_is_served_is_said_to_be_served() -> None:
    watched = Watched()
    watched.happen(1.0, called(200, "A015", "3"))
    shown = watched.happen(5.0, ev.ServingStarted(200, "A015", "ho-tich", "3"))
    assert shown.current
    assert (shown.current.head[0], shown.current.to[0]) == ("ĐANG PHỤC VỤ", "TẠI QUẦY")


def test_more_calls_than_places_turn_their_pages() -> None:
    watched = Watched(9)
    pages = {watched.at(now).page for now in (1.0, 6.0, 11.0)}
    assert pages == {"1/3", "2/3", "3/3"}
    seen = {number for now in (1.0, 6.0, 11.0) for number in below(watched.at(now))}
    assert len(seen) == 8
