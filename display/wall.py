"""What stands where on the main board at one moment: a board turned into rows, pages and sentences."""

from msgspec import Struct

from display import paging, wording
from display.board import Board
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
    """All that the main board says at one moment."""

    rows: list[Row]
    calls: list[Call]
    """The calls of these rows."""
    pinned: int
    calls_page: str
    waiting: list[Waiting]
    waiting_page: str
    share: str
    ratings: str


def compose(board: Board, now: float, shape: Shape) -> Wall:
    """The main board at `now` (monotonic seconds)."""
    page = _turn_calls(board.calls(now), shape, now)
    services = paging.turn(_wanted(board), shape.services, now)
    share, ratings = wording.satisfaction(board.satisfaction)
    return Wall(
        rows=[_row(board, call, now) for call in page.items],
        calls=page.items,
        pinned=shape.pinned if page.pages > 1 else len(page.items),
        calls_page=wording.page_mark(page),
        waiting=[_waiting(board, status) for status in services.items],
        waiting_page=wording.page_mark(services),
        share=share,
        ratings=ratings,
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
