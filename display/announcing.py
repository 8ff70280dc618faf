"""What one loudspeaker says next: one announcement at a time, everybody once before anybody twice, nobody who came.

Pure: `now` is monotonic seconds of the display's own clock, `local` the hall's time of day, both given by the caller.
"""

import datetime as dt
from enum import Enum
from math import inf
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from protocol.views import VoiceHabits

USUAL = VoiceHabits(languages=["vi"], repeats=2, gong=True, deadline_seconds=180, recall_gap_seconds=5)
"""The habits of a hall that has not told its own yet."""
LOUDEST = 100
HURRY_CALLS = 3
"""When so many others wait, the next one is said without what can be spared."""
EMERGENCY_SECONDS = 20.0
"""An emergency is said again after so long, until it is ended; no number is called meanwhile."""

Kind = Literal["emergency", "spoken", "call"]
_FIRST: tuple[Kind, ...] = ("emergency", "spoken", "call")


class Why(Enum):
    """Why something is not said, or not said again."""

    ANSWERED = "answered"
    """Its citizen came, or the call was ended or taken back."""
    LATE = "late"
    """It could not be said before its deadline."""
    TOO_SOON = "too_soon"
    """A recall while the room still hears the announcement before."""
    REPLACED = "replaced"
    """The same ticket was called again: that is said instead."""
    SILENT = "silent"
    """At this time of day the loudspeaker is off."""
    ENDED = "ended"
    """The supervisor took it back."""


class Announcement(Struct, frozen=True, kw_only=True):
    """What is to be said: a call, or words in several languages."""

    kind: Kind
    ticket_id: int = 0
    number: str = ""
    counter_name: str = ""
    announced_at: dt.datetime | None = None
    """Which of the ticket's announcements it is."""
    announcement_id: int = 0
    texts: dict[str, str] = {}
    """What the supervisor wrote, by language."""
    repetition: int = 0
    """0: for the first time."""


class Turn(Struct, frozen=True):
    """An announcement whose turn it is: how loud, in percent, and whether others wait so that it must be short."""

    announcement: Announcement
    percent: int = LOUDEST
    hurried: bool = False


class Dropped(Struct, frozen=True):
    """An announcement that is not said (or, with a repetition above 0, not again), and why."""

    announcement: Announcement
    why: Why


class _Waiting(Struct):
    """An announcement in the line. `place`: the order in which it was asked for; `until`: its deadline (`now`)."""

    announcement: Announcement
    place: int
    until: float
    over: Why | None = None
    """Why what is being said is not to be said again."""

    def order(self) -> tuple[int, int, int]:
        """The least is the next."""
        return _FIRST.index(self.announcement.kind), self.announcement.repetition, self.place


class _Emergency(Struct):
    """An emergency that stands. `again_at`: when it is to be said again."""

    announcement: Announcement
    again_at: float = -inf


class Announcing:
    """The line of announcements of one loudspeaker. Each ticket is in it once at most."""

    def __init__(self, habits: VoiceHabits = USUAL) -> None:
        self.habits = habits
        self._waiting: list[_Waiting] = []
        self._emergencies: dict[int, _Emergency] = {}
        self._saying: _Waiting | None = None
        self._heard_at: dict[int, float] = {}
        self._places = 0
        self._dropped: list[Dropped] = []

    @property
    def saying(self) -> Announcement | None:
        """What is being said."""
        return self._saying.announcement if self._saying else None

    # ---- what comes in ----

    def call(self, ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime, now: float) -> None:
        """A ticket was called."""
        self._withdraw(ticket_id, Why.REPLACED)
        self._join(_call(ticket_id, number, counter_name, announced_at), now)

    def recall(self, ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime, now: float) -> None:
        """A ticket was called again: said once if it has not been said yet, and not while the room still hears it."""
        again = _call(ticket_id, number, counter_name, announced_at)
        waiting = self._waiting_for(ticket_id)
        if waiting and waiting.announcement.repetition == 0:
            self._dropped.append(Dropped(waiting.announcement, Why.REPLACED))
            waiting.announcement, waiting.until = again, now + self.habits.deadline_seconds
        elif self._hears(ticket_id, now):
            self._dropped.append(Dropped(again, Why.TOO_SOON))
        else:
            self._withdraw(ticket_id, Why.REPLACED)
            self._join(again, now)

    def answered(self, ticket_id: int) -> None:
        """A call needs no voice any more: its citizen came, or it was ended or taken back."""
        self._withdraw(ticket_id, Why.ANSWERED)

    def speak(self, announcement_id: int, texts: dict[str, str], now: float) -> None:
        """The supervisor says something: before all calls, once."""
        self._join(Announcement(kind="spoken", announcement_id=announcement_id, texts=texts), now)

    def emergency(self, announcement_id: int, texts: dict[str, str]) -> None:
        """Say this at once, and again until it is ended; no number is called meanwhile."""
        announcement = Announcement(kind="emergency", announcement_id=announcement_id, texts=texts)
        self._emergencies[announcement_id] = _Emergency(announcement)

    def end(self, announcement_id: int) -> None:
        """The supervisor took an announcement or an emergency back; to stop what is being said of it is `urgent`."""
        self._emergencies.pop(announcement_id, None)
        if self._saying and _is_word(self._saying.announcement, announcement_id):
            self._saying.over = Why.ENDED
        for waiting in list(self._waiting):
            if waiting.announcement.kind == "spoken" and waiting.announcement.announcement_id == announcement_id:
                self._drop(waiting, Why.ENDED)

    # ---- what goes out ----

    def next(self, now: float, local: dt.time | None = None) -> Turn | None:
        """What is to be said now; None while something is being said, or nothing waits. `local`: the time of day."""
        if self._saying:
            return None
        self._drop_late(now)
        if self._emergencies:
            return self._next_emergency(now)
        percent = self._percent(local)
        if percent == 0:
            for waiting in list(self._waiting):
                self._drop(waiting, Why.SILENT)
        return self._next_waiting(percent)

    def ended(self, now: float) -> Announcement | None:
        """What was being said has come to its end: that, and it will be said again as often as the hall wants."""
        said, self._saying = self._saying, None
        if said is None:
            return None
        heard = said.announcement
        self._remember(heard, now)
        if heard.kind == "call" and not said.over:
            self._repeat(said)
        return heard

    @property
    def alarmed(self) -> bool:
        """Whether an emergency stands."""
        return bool(self._emergencies)

    @property
    def urgent(self) -> bool:
        """Whether what is being said must end, for an emergency or taken back: stop it and call `interrupted`."""
        if self._saying is None:
            return False
        unsaid = any(emergency.again_at == -inf for emergency in self._emergencies.values())
        return self._saying.over is Why.ENDED or (unsaid and self._saying.announcement.kind != "emergency")

    def interrupted(self) -> None:
        """What was being said was stopped: it keeps its place."""
        stopped, self._saying = self._saying, None
        if stopped is None or stopped.announcement.kind == "emergency":
            return
        self._waiting.append(stopped)
        if stopped.over:
            self._drop(stopped, stopped.over)

    def dropped(self) -> list[Dropped]:
        """What will not be said, since this was asked last."""
        found, self._dropped = self._dropped, []
        return found

    # ---- the line ----

    def _join(self, announcement: Announcement, now: float) -> None:
        self._places += 1
        self._waiting.append(_Waiting(announcement, self._places, now + self.habits.deadline_seconds))

    def _repeat(self, said: _Waiting) -> None:
        repetition = said.announcement.repetition + 1
        if repetition < self.habits.repeats:
            said.announcement = replace(said.announcement, repetition=repetition)
            self._waiting.append(said)

    def _waiting_for(self, ticket_id: int) -> _Waiting | None:
        return next((each for each in self._waiting if _is_of(each.announcement, ticket_id)), None)

    def _withdraw(self, ticket_id: int, why: Why) -> None:
        waiting = self._waiting_for(ticket_id)
        if waiting:
            self._drop(waiting, why)
        if self._saying and _is_of(self._saying.announcement, ticket_id):
            self._saying.over = why

    def _drop(self, waiting: _Waiting, why: Why) -> None:
        self._waiting.remove(waiting)
        self._dropped.append(Dropped(waiting.announcement, why))

    def _drop_late(self, now: float) -> None:
        for waiting in [each for each in self._waiting if each.until <= now]:
            self._drop(waiting, Why.LATE)

    def _next_waiting(self, percent: int) -> Turn | None:
        if not self._waiting:
            return None
        self._saying = min(self._waiting, key=_Waiting.order)
        self._waiting.remove(self._saying)
        first = sum(each.announcement.repetition == 0 for each in self._waiting)
        return Turn(self._saying.announcement, percent, hurried=first >= HURRY_CALLS)

    def _next_emergency(self, now: float) -> Turn | None:
        due = min(self._emergencies.values(), key=lambda each: each.again_at)
        if due.again_at > now:
            return None
        due.again_at = now + EMERGENCY_SECONDS
        self._saying = _Waiting(due.announcement, 0, inf)
        return Turn(due.announcement)

    def _hears(self, ticket_id: int, now: float) -> bool:
        if self._saying and _is_of(self._saying.announcement, ticket_id) and not self._saying.over:
            return True
        heard_at = self._heard_at.get(ticket_id)
        return heard_at is not None and now - heard_at < self.habits.recall_gap_seconds

    def _remember(self, announcement: Announcement, now: float) -> None:
        gap = self.habits.recall_gap_seconds
        self._heard_at = {ticket: at for ticket, at in self._heard_at.items() if now - at < gap}
        if announcement.kind == "call":
            self._heard_at[announcement.ticket_id] = now

    def _percent(self, local: dt.time | None) -> int:
        for level in self.habits.levels if local else []:
            begin, _, end = level.span.partition("-")
            if local and begin <= f"{local:%H:%M}" < end:
                return level.percent
        return LOUDEST


def _call(ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime) -> Announcement:
    return Announcement(
        kind="call", ticket_id=ticket_id, number=number, counter_name=counter_name, announced_at=announced_at
    )


def _is_word(announcement: Announcement, announcement_id: int) -> bool:
    return announcement.kind != "call" and announcement.announcement_id == announcement_id


def _is_of(announcement: Announcement, ticket_id: int) -> bool:
    return announcement.kind == "call" and announcement.ticket_id == ticket_id
