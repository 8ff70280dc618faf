"""What the wall knows: snapshots, events and pulses folded into calls, waiting people, satisfaction, clock and age.

Pure: `now` is monotonic seconds of the display's own clock, given by the caller.
"""

import datetime as dt
from enum import IntEnum
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from display.announcements import Announcements
from display.calls import MINIMUM_SECONDS, Call, Calls
from display.counters import Counters
from protocol import events as ev
from protocol.replies import (
    AnnouncementInfo,
    DisplayInfo,
    HallReply,
    MediaInfo,
    Pulse,
    Satisfaction,
    SatisfactionReply,
    ServiceStatus,
    Snapshot,
)
from protocol.waiting import waiting_changes

RECALL = "recall_ticket"
"""What an undone announcement is called in the log."""
MARK_SECONDS = 3.0
WORDS_SECONDS = 15.0
LOST_SECONDS = 60.0


class Freshness(IntEnum):
    """How far the wall may be trusted, by the age of the last thing heard."""

    LIVE = 0
    MARKED = 1
    """Older than 3 s: a mark says so."""
    SAID = 2
    """Older than 15 s: said in words."""
    LOST = 3
    """Older than 60 s, or nothing heard yet: no numbers, follow the staff."""


class Board:
    """The wall of one hall, as the display of this name shows it."""

    def __init__(self, display_id: str = "") -> None:
        self.hall: HallReply | None = None
        self.info = DisplayInfo(display_id, "main")
        """What this display is: a silent main board of all services unless the hall file lists it."""
        self.satisfaction = Satisfaction()
        self.satisfied: SatisfactionReply | None = None
        """The day's ratings in detail; only asked for by displays that show them."""
        self.epoch = ""
        self.seq = -1
        self.counters = Counters()
        self._calls = Calls()
        self._announcements = Announcements()
        self._services: dict[str, ServiceStatus] = {}
        self._heard_at: float | None = None
        self._hall_time: tuple[dt.datetime, float] | None = None

    # ---- what comes in ----

    def describe(self, hall: HallReply) -> None:
        """Take the names of the hall, its services and counters, and what this display is to show."""
        self.hall = hall
        name = self.info.display_id
        listed = (info for info in hall.displays if info.display_id == name)
        before, self.info = self.info, next(listed, DisplayInfo(name, "main"))
        if self.info != before:
            self._calls.settle()
        self._calls.minimum_seconds = hall.wall.minimum_seconds if hall.wall else MINIMUM_SECONDS

    def take_satisfaction(self, satisfied: SatisfactionReply) -> None:
        """Take the day's ratings in detail."""
        self.satisfied = satisfied

    def take_snapshot(self, snapshot: Snapshot, now: float) -> None:
        """Start again from the whole state; what ended meanwhile stays its minimum time."""
        same_life = snapshot.epoch == self.epoch
        self.epoch, self.seq = snapshot.epoch, snapshot.seq
        self._calls.rebuild(snapshot.calls, same_life=same_life)
        self._services = {status.service_id: status for status in snapshot.services}
        self.satisfaction = snapshot.satisfaction
        self.counters.take_snapshot(snapshot)
        self._announcements.take_snapshot(snapshot)
        self._hear(snapshot.at, now)

    def take_event(self, event: ev.Event, now: float) -> None:
        """Fold the next event; one that is older than what is known, or of another epoch, is ignored."""
        if event.epoch != self.epoch or event.seq <= self.seq:
            return
        self.seq = event.seq
        self._hear(event.at, now)
        self.counters.take_event(event)
        self._announcements.take_event(event)
        self._happen(event.body, event.at)

    def take_pulse(self, pulse: Pulse, now: float) -> None:
        """The server lives; at the same `seq` its figures count."""
        if pulse.epoch != self.epoch:
            return
        self._hear(pulse.at, now)
        if pulse.seq == self.seq:
            self._services = {status.service_id: status for status in pulse.services}
            self.satisfaction = pulse.satisfaction

    def _hear(self, at: dt.datetime, now: float) -> None:
        self._heard_at = now
        self._hall_time = (at, now)

    def _happen(self, body: ev.EventBody, at: dt.datetime) -> None:
        for service_id, change in waiting_changes(body):
            self._wait(service_id, change)
        match body:
            case ev.TicketCalled() | ev.TicketRecalled():
                self._calls.call(_announced(body, at))
            case ev.ServingStarted():
                self._calls.serve(body.ticket_id, directly=body.directly)
            case ev.TicketFinished() | ev.NoShowMarked() | ev.TicketParked():
                self._calls.end(body.ticket_id)
            case ev.TicketCancelled() | ev.TicketTransferred():
                self._calls.end(body.ticket_id)
            case ev.ActionUndone():
                for undone in body.tickets:
                    self._calls.take_back(undone, unsaid=body.action == RECALL)
            case ev.DayStarted():
                self.satisfaction = Satisfaction()
            case _:
                pass

    def _wait(self, service_id: str, more: int) -> None:
        status = self._services.get(service_id) or ServiceStatus(service_id, 0, 0)
        self._services[service_id] = replace(status, waiting=max(0, status.waiting + more))

    # ---- what is shown ----

    def calls(self, now: float, places: int | None = None) -> list[Call]:
        """The calls to show, newest first.

        `places`: how many of them the picture surely shows. No more than that are new at a time (`holds`), further
        ones wait for their turn; null: as many as there are.
        """
        return self._calls.shown(now, places, self._shows)

    def holds(self, call: Call, now: float) -> bool:
        """Whether a call may not leave the picture yet, since the room had too little time to see it."""
        return self._calls.held(call, now)

    def numbers(self) -> list[str]:
        """The called numbers of this display, also those that wait for their turn."""
        return [call.number for call in self._calls.known(self._shows)]

    def services(self) -> list[ServiceStatus]:
        """Every service of this display with its waiting people, in the hall's order."""
        return [status for status in self._services.values() if self.in_zone(status.service_id)]

    def in_zone(self, service_id: str) -> bool:
        """Whether this display shows a service."""
        return not self.info.service_ids or service_id in self.info.service_ids

    def shows(self, service_id: str, counter_id: str) -> bool:
        """Whether a call of a service to a counter is for this display."""
        return self.in_zone(service_id) and self.info.counter_id in (None, counter_id)

    def _shows(self, call: Call) -> bool:
        return self.shows(call.service_id, call.counter_id)

    def announcements(self, now: float) -> list[AnnouncementInfo]:
        """What the supervisor says on this display, oldest first."""
        at = self._hall_at(now)
        return [] if at is None else self._announcements.on(self.info.display_id, at)

    def playlist(self) -> list[MediaInfo]:
        """The pictures and films of this display, in their order."""
        playlists = self.hall.playlists if self.hall else []
        wanted = self.info.playlist_id
        return next((playlist.items for playlist in playlists if playlist.playlist_id == wanted), [])

    def age(self, now: float) -> float | None:
        """Seconds since the last thing heard; None: nothing heard yet."""
        return None if self._heard_at is None else max(0.0, now - self._heard_at)

    def freshness(self, now: float) -> Freshness:
        """How far the wall may be trusted."""
        age = self.age(now)
        if age is None or age > LOST_SECONDS:
            return Freshness.LOST
        return Freshness((age > MARK_SECONDS) + (age > WORDS_SECONDS))

    def clock(self, now: float) -> dt.datetime | None:
        """The hall's own time: what the server said last, carried on; None until the hall is known."""
        at = self._hall_at(now)
        return None if at is None or self.hall is None else at.astimezone(ZoneInfo(self.hall.zone))

    def _hall_at(self, now: float) -> dt.datetime | None:
        """The hall's own instant; None before anything is heard."""
        if self._hall_time is None:
            return None
        at, heard_at = self._hall_time
        return at + dt.timedelta(seconds=now - heard_at)


def _announced(body: ev.TicketCalled | ev.TicketRecalled, at: dt.datetime) -> Call:
    recalls = body.recalls if isinstance(body, ev.TicketRecalled) else 0
    return Call(body.ticket_id, body.number, body.counter_id, body.service_id, body.class_id, at, recalls)
