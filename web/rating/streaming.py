"""The tablet's stream: what to show each time it changes, and a beat by which it knows that the hall lives."""

import logging
import time
from collections.abc import AsyncIterator
from typing import Any

from protocol.commands import GetDesk
from protocol.errors import Refusal, ServerUnreachable
from protocol.replies import DeskReply, HallReply
from web import stream
from web.hall import Hall
from web.rating.pairing import Tablet, Tablets
from web.rating.phase import tablet_now

_log = logging.getLogger(__name__)
CALM_SECONDS = 3.0
REFRESH_SECONDS = 20.0
TABLET_SECONDS = 30
"""How long the stars stay where the hall does not say it."""


async def tablet_state(hall: Hall, tablet: Tablet, tablets: Tablets) -> dict[str, Any]:
    """What a tablet shows now; its stars carry the ballot. Raises Refusal or ServerUnreachable."""
    desk = await hall.as_desk(GetDesk(tablet.counter_id, 1), DeskReply)
    now = tablet_now(desk, seconds_of(await hall.info()))
    stars = now.stars and {
        "ticket": now.stars.ticket_id,
        "number": now.stars.number,
        "milliseconds": round(now.stars.seconds * 1000),
        "ballot": tablets.ballot(tablet, now.stars.ticket_id),
    }
    return {"kind": now.kind, "number": now.number, "stars": stars}


def seconds_of(info: HallReply) -> int:
    """For how long the hall's tablets show the stars."""
    return info.rating.tablet_seconds if info.rating else TABLET_SECONDS


async def changes(hall: Hall, tablet: Tablet, tablets: Tablets) -> AsyncIterator[bytes]:
    """The parts of the stream, until the program ends, the page goes or the tablet is unpaired."""
    stale, read_at = True, 0.0
    with hall.feed.watch("tablet", tablet.counter_id) as watch:
        yield stream.retry()
        while not hall.feed.closing and tablet in tablets.at(tablet.counter_id):
            stale = stale or time.monotonic() - read_at > REFRESH_SECONDS
            if stale and hall.feed.online:
                try:
                    yield stream.message(await tablet_state(hall, tablet, tablets), "state")
                    stale, read_at = False, time.monotonic()
                except (Refusal, ServerUnreachable) as fault:
                    _log.warning("tablet of counter %s: %s", tablet.counter_id, fault)
            yield stream.message({"hall": hall.feed.online and not stale}, "beat")
            stale = await watch.changed(CALM_SECONDS, CALM_SECONDS) or stale
