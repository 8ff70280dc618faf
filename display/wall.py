"""What stands where on the wall at one moment: a board turned into rows, pages and sentences."""

from msgspec import Struct

from display import paging, wording
from display.board import Board, Freshness
from display.calls import Call
from display.paging import Page
from protocol.replies import ServiceStatus


class Shape(Struct, frozen=True):
    """How much the picture holds: rows and columns of calls, and waiting services."""

    rows: int
    columns: int
    services: int

    @property
    def pinned(self) -> int:
        """How many of the newest calls never leave the picture while the older ones turn their pages."""
        if self.columns > 1:
            return self.rows
        return max(1, self.rows // 3) if self.rows > 1 else 0


class Row(Struct, frozen=True):
    """A call: number and counter large; `service` and `status` beside them where there is room."""

    number: str
    counter: str
    service: str
    status: str
    awaited: bool
    lit: bool
    blinks: bool


class Waiting(Struct, frozen=True):
    """A service and who waits for it."""

    service: str
    count: str
    span: str


class Wall(Struct, frozen=True):
    """All that the wall says at one moment."""

    freshness: Freshness
    connecting: bool
    hall: tuple[str, str]
    clock: str
    date: str
    rows: list[Row]
    pinned: int
    calls_page: str
    waiting: list[Waiting]
    waiting_page: str
    share: str
    ratings: str
    rule: tuple[str, str]
    age_mark: str
    age_words: tuple[str, str]


def compose(board: Board, now: float, shape: Shape) -> Wall:
    """The wall at `now` (monotonic seconds); nothing of a hall whose data are lost is shown as if it were true."""
    freshness, clock = board.freshness(now), board.clock(now)
    calls = board.calls(now) if freshness < Freshness.LOST else []
    page = _turn_calls(calls, shape, now)
    services = paging.turn(_wanted(board), shape.services, now)
    hall, age = board.hall, board.age(now)
    share, ratings = wording.satisfaction(board.satisfaction)
    return Wall(
        freshness=freshness,
        connecting=age is None,
        hall=(hall.name, hall.name_en) if hall else ("", ""),
        clock=f"{clock:%H:%M}" if clock else "",
        date=wording.date(clock.date()) if clock else "",
        rows=[_row(board, call, now) for call in page.items],
        pinned=shape.pinned if page.pages > 1 else len(page.items),
        calls_page=_page_mark(page),
        waiting=[_waiting(board, status) for status in services.items],
        waiting_page=_page_mark(services),
        share=share,
        ratings=ratings,
        rule=wording.rule(hall.classes if hall else []),
        age_mark=wording.age_mark(age) if age is not None and freshness > Freshness.LIVE else "",
        age_words=wording.age_words(age) if age is not None and freshness > Freshness.MARKED else ("", ""),
    )


def _turn_calls(calls: list[Call], shape: Shape, now: float) -> Page[Call]:
    """The newest calls stay; the older ones turn their pages in the places left, a blinking one first."""
    if len(calls) <= shape.rows * shape.columns:
        return Page(calls)
    newest, older = calls[: shape.pinned], calls[shape.pinned :]
    places = shape.rows * shape.columns - shape.pinned
    blinking = [index for index, call in enumerate(older) if call.blinks(now)]
    page = paging.open_at(older, places, blinking[0] // places) if blinking else paging.turn(older, places, now)
    return Page(newest + page.items, page.page, page.pages)


def _page_mark(page: Page[Call] | Page[ServiceStatus]) -> str:
    return wording.page(page.page + 1, page.pages) if page.pages > 1 else ""


def _wanted(board: Board) -> list[ServiceStatus]:
    """The services somebody waits for, in the hall's order."""
    return [status for status in board.services() if status.waiting > 0]


def _row(board: Board, call: Call, now: float) -> Row:
    return Row(
        number=call.number,
        counter=wording.counter(_counter_name(board, call.counter_id)),
        service=_service_name(board, call.service_id),
        status=wording.status(call),
        awaited=not (call.serving or call.ended),
        lit=call.lit(now),
        blinks=call.blinks(now),
    )


def _waiting(board: Board, status: ServiceStatus) -> Waiting:
    return Waiting(_service_name(board, status.service_id), str(status.waiting), wording.span(status))


def _counter_name(board: Board, counter_id: str) -> str:
    counters = board.hall.counters if board.hall else []
    return next((counter.name for counter in counters if counter.counter_id == counter_id), counter_id)


def _service_name(board: Board, service_id: str) -> str:
    services = board.hall.services if board.hall else []
    return next((service.name for service in services if service.service_id == service_id), "")
