"""What a counter's tablet shows: pure, from the counter's desk."""

from dataclasses import dataclass

from protocol.replies import DeskReply, TicketView
from protocol.words import Origin, TicketState


@dataclass(frozen=True)
class Stars:
    """A service that may be rated here and now, for so many seconds more."""

    ticket_id: int
    number: str
    seconds: float


@dataclass(frozen=True)
class TabletNow:
    """`kind`: `idle`, `called`, `serving`, `paused` or `closed`; `stars` go before it as long as they are there."""

    kind: str
    number: str = ""
    stars: Stars | None = None


def tablet_now(desk: DeskReply, tablet_seconds: int) -> TabletNow:
    """The tablet of a counter; stars stay their whole time, whatever the counter does next.

    Who serves could otherwise end the rating by calling the next number at once.
    """
    kind, number = _work(desk)
    return TabletNow(kind, number, _stars(desk, tablet_seconds))


def _work(desk: DeskReply) -> tuple[str, str]:
    counter = desk.counter
    if not counter.open:
        return "closed", ""
    if counter.ticket is not None and counter.ticket.origin is not Origin.BACK_OFFICE:
        kind = "serving" if counter.ticket.state is TicketState.SERVING else "called"
        return kind, counter.ticket.number
    return ("paused" if counter.paused_reason_id is not None else "idle"), ""


def _stars(desk: DeskReply, tablet_seconds: int) -> Stars | None:
    last = desk.done[0] if desk.done else None
    if last is None or not _is_open(last) or last.finished_at is None:
        return None
    left = tablet_seconds - (desk.at - last.finished_at).total_seconds()
    return Stars(last.ticket_id, last.number, min(left, tablet_seconds)) if left > 0 else None


def _is_open(ticket: TicketView) -> bool:
    return ticket.state is TicketState.FINISHED and not ticket.rated and ticket.origin is not Origin.BACK_OFFICE
