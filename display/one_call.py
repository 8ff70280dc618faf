"""The one-call board at one moment: one call so large that nobody misses it, and the calls before it."""

from msgspec import Struct

from display import paging, wording
from display.board import Board
from display.calls import BLINK_SECONDS, BLINKS, Call
from display.names import Pair, counter_name, said, service_name

HOLD_SECONDS = BLINKS * BLINK_SECONDS
"""A call keeps the large place until it has blinked, also if the next one comes sooner: that one blinks below."""


class Shown(Struct, frozen=True):
    """A call as the board shows it; `counter` is its number or name."""

    number: str
    counter: str
    service: Pair
    head: Pair
    to: Pair
    awaited: bool
    lit: bool
    blinks: bool


class OneCall(Struct, frozen=True):
    """The large call and the strip of those before it."""

    current: Shown | None
    earlier: list[Shown]
    page: str
    calls: list[Call]
    """The calls in the picture."""


class Stage:
    """Remembers which call has the large place, and which had it."""

    def __init__(self) -> None:
        self._rank = 0
        self._since = 0.0
        self._had: set[int] = set()

    def current(self, calls: list[Call], now: float) -> Call | None:
        """The call of the large place, of `calls` with the newest first; `now` in monotonic seconds.

        It stays until it has blinked; then comes the next one that was not there yet, else the newest.
        """
        here = next((call for call in calls if call.rank == self._rank), None)
        if not calls or (here is not None and here.announced and now - self._since < HOLD_SECONDS):
            return here
        self._had &= {call.rank for call in calls}
        new = [call for call in calls if call.announced and not call.ended and call.rank not in self._had]
        wanted = new[-1] if new else calls[0]
        if wanted.rank != self._rank:
            self._rank, self._since = wanted.rank, now
        self._had.add(wanted.rank)
        return wanted


def compose_one_call(board: Board, stage: Stage, places: int, now: float) -> OneCall:
    """The board at `now` (monotonic seconds), with so many places for earlier calls."""
    calls = board.calls(now, 1 + places)
    current = stage.current(calls, now)
    others = [call for call in calls if call is not current]
    blinking = [at for at, call in enumerate(others) if call.blinks(now)]
    page = paging.open_at(others, places, blinking[0] // places) if blinking else paging.turn(others, places, now)
    return OneCall(
        current=_shown(board, current, now) if current else None,
        earlier=[_shown(board, call, now) for call in page.items],
        page=wording.page_mark(page),
        calls=[*([current] if current else []), *page.items],
    )


def _shown(board: Board, call: Call, now: float) -> Shown:
    awaited = not (call.serving or call.ended)
    return Shown(
        number=call.number,
        counter=wording.counter(counter_name(board.hall, call.counter_id)),
        service=service_name(board.hall, call.service_id),
        head=said("now_calling" if awaited else "now_serving"),
        to=said("to_counter" if awaited else "at_counter"),
        awaited=awaited,
        lit=call.lit(now),
        blinks=call.blinks(now),
    )
