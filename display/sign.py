"""What a counter's sign says at one moment: its number, its state in words, its services, and who sits there."""

from enum import StrEnum

from msgspec import Struct

from display import paging
from display.board import Board
from display.calls import Call
from display.counters import AtCounter, Counters, Held
from display.names import Pair, counter_name, counter_name_en, operator_name, pause_reason, said, service_name

SERVICES = 2
"""So many services are named at a time: their names are long."""


class SignState(StrEnum):
    """How a counter stands, for those in front of it."""

    CALLED = "called"
    SERVING = "serving"
    BUSY = "busy"
    """With something that nobody was called for."""
    FREE = "free"
    PAUSED = "paused"
    CLOSED = "closed"
    NOBODY = "nobody"
    """The hall file does not say whose sign it is."""


class Sign(Struct, frozen=True):
    """A counter's sign; `number` is empty where there is none to show."""

    state: SignState
    counter: str
    number: str
    state_words: Pair
    more: Pair
    """What it means for who reads it: where to go, or why to wait."""
    services: str
    officer: str
    blinks: bool = False
    lit: bool = False
    calls: list[Call] = []
    """The call that it shows, as the board knows it."""


def compose_sign(board: Board, counters: Counters, now: float) -> Sign:
    """The sign of the display's counter at `now` (monotonic seconds)."""
    counter_id = board.info.counter_id
    if counter_id is None:
        return Sign(SignState.NOBODY, "", "", said("sign_nobody"), said("sign_nobody_more"), "", "")
    counter = counters.at(counter_id)
    calls = [call for call in board.calls(now) if counter.held is not None and call.ticket_id == counter.held.ticket_id]
    state = _state(counter)
    return Sign(
        state=state,
        counter=counter_name(board.hall, counter_id),
        number=counter.held.number if counter.held and state is not SignState.BUSY else "",
        state_words=said(f"sign_{state}") if state is not SignState.CALLED else said("now_calling"),
        more=_more(board, counter, state),
        services=_services(board, counter, now),
        officer=_officer(board, counter),
        blinks=any(call.blinks(now) for call in calls),
        lit=any(call.lit(now) for call in calls),
        calls=calls,
    )


def _state(counter: AtCounter) -> SignState:
    if counter.held is not None:
        return _state_of(counter.held)
    if not counter.open:
        return SignState.CLOSED
    return SignState.FREE if counter.paused_reason_id is None else SignState.PAUSED


def _state_of(held: Held) -> SignState:
    if held.announced_at is None and held.serving:
        return SignState.BUSY
    return SignState.SERVING if held.serving else SignState.CALLED


def _more(board: Board, counter: AtCounter, state: SignState) -> Pair:
    if state is SignState.CALLED and counter.held is not None:
        names = counter_name(board.hall, counter.counter_id), counter_name_en(board.hall, counter.counter_id)
        number = counter.held.number
        vietnamese, english = (said("sign_called", number=number, counter=name)[at] for at, name in enumerate(names))
        return vietnamese, english
    if state is SignState.SERVING and counter.held is not None:
        return service_name(board.hall, counter.held.service_id)
    if state is SignState.PAUSED:
        return _why_paused(board, counter)
    return said(f"sign_{state}_more")


def _why_paused(board: Board, counter: AtCounter) -> Pair:
    """The reason and what to do; where nobody knows the reason, what to do."""
    reason, more = pause_reason(board.hall, counter.paused_reason_id or ""), said("sign_paused_more")
    return (f"{reason[0]}. {more[0]}", f"{reason[1]}. {more[1]}") if reason[0] else more


def _services(board: Board, counter: AtCounter, now: float) -> str:
    """What it calls, some at a time: what a supervisor assigned for today, else what the hall file says."""
    counters = board.hall.counters if board.hall else []
    usual = next((info.service_ids for info in counters if info.counter_id == counter.counter_id), [])
    names = [service_name(board.hall, key)[0] for key in counter.service_ids or usual]
    listed = " · ".join(paging.turn([name for name in names if name], SERVICES, now).items)
    return listed if counter.takes == "all" else said(f"sign_{counter.takes}", services=listed)[0]


def _officer(board: Board, counter: AtCounter) -> str:
    habits = board.hall.wall if board.hall else None
    if habits is None or not habits.officers or counter.operator_id is None:
        return ""
    name = operator_name(board.hall, counter.operator_id)
    return said("sign_officer", name=name)[0] if name else ""
