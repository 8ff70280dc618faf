"""A citizen without a window, for rehearsals: takes a number through the same screens as everybody."""

import time

from kiosk.route import Wish, next_touch
from kiosk.session import Inbox, Session
from kiosk.touches import Home
from kiosk.visit import Screen
from protocol.replies import TicketIssuedReply


class NoNumberError(Exception):
    """The visit ended without a number: refused, or not within the time given."""


def take_number(session: Session, inbox: Inbox, wish: Wish, within: float = 20.0) -> TicketIssuedReply:
    """Tap through to a number and stay until its paper is settled; raises NoNumberError after `within` seconds.

    The session's flow needs `settle_seconds=0` and its `post` is the inbox's; afterwards the first screen shows again.
    """
    deadline = time.monotonic() + within
    try:
        return _take_number(session, inbox, wish, deadline)
    finally:
        _leave(session)


def _take_number(session: Session, inbox: Inbox, wish: Wish, deadline: float) -> TicketIssuedReply:
    flow = session.flow
    while time.monotonic() < deadline:
        if flow.screen is Screen.REFUSED:
            raise NoNumberError(flow.visit.refusal)
        if flow.screen is Screen.NO_NUMBER and flow.visit.door:
            raise NoNumberError(flow.visit.door.issuing)
        if flow.screen is Screen.RESULT and flow.visit.reply and flow.visit.paper:
            return flow.visit.reply
        touch = None if flow.screen is Screen.RESULT else next_touch(flow, wish)
        if touch is None:
            inbox.work(0.1)
            session.tick()
        else:
            session.touch(touch)
    raise NoNumberError(f"not within the time given: {flow.screen}")


def _leave(session: Session) -> None:
    """Back to the first screen; a number that is still being asked for goes there by itself."""
    session.touch(Home())
