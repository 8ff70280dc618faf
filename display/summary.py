"""The summary at one moment: service by service, who is served where, how many wait and for how long."""

import datetime as dt

from msgspec import Struct

from display import paging, wording
from display.board import Board
from display.calls import Call
from display.names import Pair, counter_name, said, service_name
from display.paging import Page
from protocol.replies import ServiceStatus
from protocol.words import Issuing

PAGE_SECONDS = 8.0
TURN_SECONDS = 4.0
"""How long a service with more calls than places shows each group of them."""


class Served(Struct, frozen=True):
    """A number at its counter."""

    number: str
    counter: str
    awaited: bool
    blinks: bool
    lit: bool


class ServiceLine(Struct, frozen=True):
    """A service; `shut` says why it gives no numbers, else `span` how long who takes one now will wait."""

    service: Pair
    served: list[Served]
    page: str
    """Which of its groups of numbers this is, if it has several."""
    waiting: str
    span: Pair
    shut: Pair


class Summary(Struct, frozen=True):
    """A page of services."""

    lines: list[ServiceLine]
    page: str
    calls: list[Call]
    """The calls in the picture."""


def compose_summary(board: Board, places: int, pairs: int, now: float) -> Summary:
    """The page at `now` (monotonic seconds): at most so many services, each with so many numbers at their counters."""
    calls: dict[str, list[Call]] = {}
    for call in board.calls(now):
        calls.setdefault(call.service_id, []).append(call)
    page = _page(_worth(board.services(), calls, places), calls, places, now)
    groups = [_turned(calls.get(status.service_id, []), pairs, now) for status in page.items]
    return Summary(
        lines=[_line(board, status, group, now) for status, group in zip(page.items, groups, strict=True)],
        page=wording.page_mark(page),
        calls=[call for group in groups for call in group.items],
    )


def _worth(services: list[ServiceStatus], calls: dict[str, list[Call]], places: int) -> list[ServiceStatus]:
    """All services if they fit; else those with people, or with news for who comes for them."""
    if len(services) <= places:
        return services
    return [status for status in services if calls.get(status.service_id) or _has_news(status)] or services


def _has_news(status: ServiceStatus) -> bool:
    return status.waiting > 0 or status.issuing in (Issuing.SUSPENDED, Issuing.QUOTA, Issuing.CUT_OFF)


def _page(services: list[ServiceStatus], calls: dict[str, list[Call]], places: int, now: float) -> Page[ServiceStatus]:
    """The page whose turn it is, unless a number is being called on another one; all pages are about as long."""
    places = -(-len(services) // paging.page_count(len(services), places))
    for at, status in enumerate(services):
        if any(call.blinks(now) for call in calls.get(status.service_id, [])):
            return paging.open_at(services, places, at // places)
    return paging.turn(services, places, now, PAGE_SECONDS)


def _turned(calls: list[Call], pairs: int, now: float) -> Page[Call]:
    """The newest calls while one of them blinks, else one group after the other."""
    if any(call.blinks(now) for call in calls):
        return paging.open_at(calls, pairs, 0)
    return paging.turn(calls, pairs, now, TURN_SECONDS)


def _line(board: Board, status: ServiceStatus, group: Page[Call], now: float) -> ServiceLine:
    return ServiceLine(
        service=service_name(board.hall, status.service_id),
        served=[_served(board, call, now) for call in group.items],
        page=wording.page_mark(group),
        waiting=str(status.waiting),
        span=_span(status),
        shut=_shut(status, board.clock(now)),
    )


def _served(board: Board, call: Call, now: float) -> Served:
    return Served(
        number=call.number,
        counter=wording.counter(counter_name(board.hall, call.counter_id)),
        awaited=not (call.serving or call.ended),
        blinks=call.blinks(now),
        lit=call.lit(now),
    )


def _span(status: ServiceStatus) -> Pair:
    """How long who takes a number now will wait; empty where nobody can say."""
    if status.open_counters == 0:
        return wording.both("no_counter")
    if status.wait_high_minutes is None:
        return "", ""
    low, high = status.wait_low_minutes or 0, status.wait_high_minutes
    if high == 0:
        return said("no_wait")
    return wording.both("about", minutes=high) if low == high else wording.both("range", low=low, high=high)


def _shut(status: ServiceStatus, clock: dt.datetime | None) -> Pair:
    """Why no numbers are given for a service; empty while they are."""
    match status.issuing:
        case Issuing.OPEN | Issuing.UNCERTAIN:
            return "", ""
        case Issuing.SUSPENDED:
            return said("shut_reason", reason=status.reason) if status.reason else said("shut_suspended")
        case Issuing.CLOSED if status.opens_at is not None and clock is not None:
            return _opens(status.opens_at.astimezone(clock.tzinfo), clock)
        case issuing:
            return said(f"shut_{issuing}")


def _opens(at: dt.datetime, clock: dt.datetime) -> Pair:
    if at.date() == clock.date():
        return said("shut_opens", time=f"{at:%H:%M}")
    return said("shut_opens_later", time=f"{at:%H:%M}", day=f"{at:%d/%m}")
