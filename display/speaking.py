"""What this wall's loudspeaker hears of the hall: its calls, who came, what the supervisor lets be spoken."""

import datetime as dt
from collections.abc import Iterator
from typing import Protocol

from display.board import Board
from protocol import events as ev
from protocol.replies import AnnouncementInfo, HallReply, Snapshot, TicketView
from protocol.words import TicketState

REMEMBERED = 1000
"""So many announcements are remembered: more than a hall makes while one of their tickets may be set back."""


class Says(Protocol):
    """A loudspeaker, as `display.loudspeaker.Loudspeaker` is."""

    def call(self, ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime) -> None:
        """A ticket was called."""

    def recall(self, ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime) -> None:
        """A ticket was called again."""

    def answered(self, ticket_id: int) -> None:
        """A call needs no voice any more."""

    def speak(self, announcement_id: int, texts: dict[str, str]) -> None:
        """Say what the supervisor wrote."""

    def emergency(self, announcement_id: int, texts: dict[str, str]) -> None:
        """Say this at once, and again until it is ended."""

    def end(self, announcement_id: int) -> None:
        """The supervisor took it back, or its time is over."""

    def describe(self, hall: HallReply) -> None:
        """Take the hall's habits."""

    def tick(self, local: dt.time | None = None) -> None:
        """Time passed."""


class Speaking:
    """Tells a loudspeaker what happens; what it finds at its start is no news, but for an emergency."""

    def __init__(self, board: Board, loudspeaker: Says) -> None:
        self._board, self._loudspeaker = board, loudspeaker
        self._announced: dict[int, dt.datetime] = {}
        """The latest announcement of each ticket that is called and awaited."""
        self._heard: dict[int, dt.datetime] = {}
        """The same of the tickets that were announced last, whatever became of them."""
        self._spoken: dict[int, AnnouncementInfo] = {}
        self._epoch: str | None = None
        self._begun = False

    def describe(self, hall: HallReply) -> None:
        """Take the hall's habits."""
        self._loudspeaker.describe(hall)

    def tick(self, now: float) -> None:
        """Time passed."""
        if self._board.age(now) is not None:
            self._follow_announcements(now)
        clock = self._board.clock(now)
        self._loudspeaker.tick(clock.time() if clock else None)

    # ---- calls ----

    def take_event(self, event: ev.Event) -> None:
        """The next event, after the board has taken it."""
        match event.body:
            case ev.TicketCalled() as body if self._board.shows(body.service_id, body.counter_id):
                self._call(body.ticket_id, body.number, body.counter_id, event.at, again=False)
            case ev.TicketRecalled() as body if self._board.shows(body.service_id, body.counter_id):
                self._call(body.ticket_id, body.number, body.counter_id, event.at, again=True)
            case _:
                for ticket_id in _answered(event.body):
                    self._answered(ticket_id)

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state after a gap, or of a hall that this wall hears for the first time."""
        same_life, self._epoch = snapshot.epoch == self._epoch, snapshot.epoch
        if not same_life:
            self._forget()
        awaited = [view for view in snapshot.calls if self._awaits(view)]
        for ticket_id in self._announced.keys() - {view.ticket_id for view in awaited}:
            self._answered(ticket_id)
        for view in reversed(awaited):
            self._catch_up(view, same_life=same_life)

    def _forget(self) -> None:
        """Another life of the hall gives its tickets and announcements ids of its own."""
        self._heard.clear()
        for announcement_id in self._spoken:
            self._loudspeaker.end(announcement_id)
        self._spoken, self._begun = {}, False

    def _awaits(self, view: TicketView) -> bool:
        called = view.state is TicketState.CALLED and view.counter_id is not None
        return called and self._board.shows(view.service_id, view.counter_id or "")

    def _catch_up(self, view: TicketView, *, same_life: bool) -> None:
        at, known = view.announced_at or view.called_at, self._heard.get(view.ticket_id)
        if at is None:
            return
        if same_life and (known is None or at > known):
            again = view.ticket_id in self._announced
            self._call(view.ticket_id, view.number, view.counter_id or "", at, again=again)
        else:
            self._remember(view.ticket_id, at)

    def _call(self, ticket_id: int, number: str, counter_id: str, at: dt.datetime, *, again: bool) -> None:
        self._remember(ticket_id, at)
        say = self._loudspeaker.recall if again else self._loudspeaker.call
        say(ticket_id, number, self._counter_name(counter_id), at)

    def _remember(self, ticket_id: int, at: dt.datetime) -> None:
        self._announced[ticket_id] = at
        self._heard.pop(ticket_id, None)
        self._heard[ticket_id] = at
        while len(self._heard) > REMEMBERED:
            del self._heard[next(iter(self._heard))]

    def _answered(self, ticket_id: int) -> None:
        if self._announced.pop(ticket_id, None) is not None:
            self._loudspeaker.answered(ticket_id)

    def _counter_name(self, counter_id: str) -> str:
        counters = self._board.hall.counters if self._board.hall else []
        return next((counter.name for counter in counters if counter.counter_id == counter_id), counter_id)

    # ---- what the supervisor says ----

    def _follow_announcements(self, now: float) -> None:
        wanted = {one.announcement_id: one for one in self._board.announcements(now) if one.spoken}
        for announcement_id in self._spoken.keys() - wanted.keys():
            self._loudspeaker.end(announcement_id)
        for announcement_id in wanted.keys() - self._spoken.keys():
            self._say(wanted[announcement_id])
        self._spoken, self._begun = wanted, True

    def _say(self, announced: AnnouncementInfo) -> None:
        texts = {language: text for language, text in (("vi", announced.text), ("en", announced.text_en)) if text}
        if announced.kind == "emergency":
            self._loudspeaker.emergency(announced.announcement_id, texts)
        elif self._begun:
            self._loudspeaker.speak(announced.announcement_id, texts)


def _answered(body: ev.EventBody) -> Iterator[int]:
    """The tickets whose call needs no voice after an event."""
    match body:
        case ev.ServingStarted() | ev.TicketFinished() | ev.NoShowMarked() | ev.TicketParked():
            yield body.ticket_id
        case ev.TicketCancelled() | ev.TicketTransferred():
            yield body.ticket_id
        case ev.ActionUndone():
            yield from (undone.ticket_id for undone in body.tickets)
        case _:
            pass
