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
    def places(self) -> int:
        """How many calls one picture shows."""
        return self.rows * self.columns

    @property
    def pinned(self) -> int:
        """How many of the newest calls at least never leave the picture while the older ones turn their pages."""
        if self.columns > 1:
            return self.rows
        return max(1, self.rows // 3) if self.rows > 1 else 0


class Row(Struct, frozen=True):
    """A call: number and counter large; `service` and `status` beside them where there is room."""

    number: str
    counter: str
    service: str
    status: str
    sign: str
    """Of its priority class, for people who do not see its colour."""
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
    calls_page: str
    waiting: list[Waiting]
    waiting_page: str
    share: str
    ratings: str


def compose(board: Board, now: float, shape: Shape) -> Wall:
    """The main board at `now` (monotonic seconds)."""
    page = _turn_calls(board, shape, now)
    services = paging.turn(_wanted(board), shape.services, now)
    share, ratings = wording.satisfaction(board.satisfaction)
    return Wall(
        rows=[_row(board, call, now) for call in page.items],
        calls=page.items,
        calls_page=wording.page_mark(page),
        waiting=[_waiting(board, status) for status in services.items],
        waiting_page=wording.page_mark(services),
        share=share,
        ratings=ratings,
    )


def _turn_calls(board: Board, shape: Shape, now: float) -> Page[Call]:
    """The newest calls stay, and all that the room had too little time to see; the others turn their pages."""
    calls = board.calls(now, shape.places)
    if len(calls) <= shape.places:
        return Page(calls)
    held = [call for call in calls if board.holds(call, now)]
    spare = max(0, shape.pinned - len(held))
    pinned = {call.rank for call in [*held, *[call for call in calls if not board.holds(call, now)][:spare]]}
    older = [call for call in calls if call.rank not in pinned]
    left = shape.places - len(pinned)
    page = paging.turn(older, left, now) if left else Page([])
    on_page = {call.rank for call in page.items}
    return Page([call for call in calls if call.rank in pinned | on_page], page.page, page.pages)


def _wanted(board: Board) -> list[ServiceStatus]:
    """The services somebody waits for, in the hall's order."""
    return [status for status in board.services() if status.waiting > 0]


def _row(board: Board, call: Call, now: float) -> Row:
    return Row(
        number=call.number,
        counter=wording.counter(_counter_name(board, call.counter_id)),
        service=_service_name(board, call.service_id),
        status=wording.status(call),
        sign=_sign(board, call.class_id),
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


def _sign(board: Board, class_id: str) -> str:
    classes = board.hall.classes if board.hall else []
    return next((entry.sign for entry in classes if entry.class_id == class_id), "")
