"""The calls on the wall: whose turn it is to come on, how long each stays, and which still blinks.

A new call waits until there is a place for it: one is taken for the minimum time by each call that came on. So a storm
of calls is shown one after the other, each as long as the room needs, in order, and none is lost.
`now` is always monotonic seconds of the display's own clock.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from math import inf

from msgspec import Struct

from protocol.events import UndoneTicket
from protocol.replies import TicketView
from protocol.words import Origin, TicketState

MINIMUM_SECONDS = 8.0
"""How long a call stays at least where the hall does not say it: a quick finish does not hide it from the room."""
BLINKS = 3
BLINK_SECONDS = 1.0
"""One blink: half of it lit, half of it not."""
UNCALLED_KEPT = 1000
"""So many tickets that nobody called are remembered: more than a hall serves while one of them may be set back."""

_ON_THE_WALL = (TicketState.CALLED, TicketState.SERVING)


class Call(Struct):
    """A number called to a counter; `since` is when the wall last announced it (monotonic seconds)."""

    ticket_id: int
    number: str
    counter_id: str
    service_id: str
    class_id: str = ""
    announced_at: dt.datetime | None = None
    """The hall's instant of the call or its repetition."""
    recalls: int = 0
    since: float = -inf
    rank: int = 0
    serving: bool = False
    ended: bool = False
    announced: bool = True
    """Whether the room saw this call happen; one that was there when the display started is not news."""

    def blinks(self, now: float) -> bool:
        """Whether it is so new that it still blinks."""
        return self.announced and not self.serving and not self.ended and now - self.since < BLINKS * BLINK_SECONDS

    def lit(self, now: float) -> bool:
        """Whether it is in the lit half of a blink."""
        return self.blinks(now) and (now - self.since) % BLINK_SECONDS < BLINK_SECONDS / 2


Wanted = Callable[[Call], bool]


def _any(_call: Call) -> bool:
    return True


class Calls:
    """The calls of one hall, newest announcement first."""

    def __init__(self) -> None:
        self.minimum_seconds = MINIMUM_SECONDS
        self._calls: dict[int, Call] = {}
        self._waiting: dict[int, Call] = {}
        """Announced by the hall, but there was no place yet; oldest first."""
        self._unsaid: dict[int, None] = {}
        """The tickets at counters that nobody called: the wall does not show them."""
        self._rank = 0

    # ---- what is shown ----

    def shown(self, now: float, places: int | None = None, wanted: Wanted = _any) -> list[Call]:
        """The wanted calls, newest first; of them at most `places` (null: any number) are younger than the minimum."""
        self._calls = {ticket_id: call for ticket_id, call in self._calls.items() if not self._over(call, now)}
        self._admit(now, places, wanted)
        return sorted(filter(wanted, self._calls.values()), key=lambda call: -call.rank)

    def known(self, wanted: Wanted = _any) -> list[Call]:
        """The wanted calls, also those that wait for their place."""
        return [call for call in ({**self._calls, **self._waiting}).values() if wanted(call)]

    def held(self, call: Call, now: float) -> bool:
        """Whether a call keeps its place, since it came on less than the minimum time ago."""
        return call.announced and now - call.since < self.minimum_seconds

    def settle(self) -> None:
        """Nothing that happened until now is news any more: other calls are wanted from now on."""
        for call in list(self._waiting.values()):
            self._enter(call, -inf, announced=False)

    def _over(self, call: Call, now: float) -> bool:
        return call.ended and now - call.since >= self.minimum_seconds

    def _admit(self, now: float, places: int | None, wanted: Wanted) -> None:
        for call in [call for call in self._waiting.values() if wanted(call)]:
            others = (one for one in self._calls.values() if one.ticket_id != call.ticket_id and wanted(one))
            if places is not None and sum(self.held(one, now) for one in others) >= places:
                return
            self._enter(call, now)

    def _enter(self, call: Call, now: float, *, announced: bool = True) -> None:
        self._waiting.pop(call.ticket_id, None)
        self._rank += 1
        call.since, call.rank, call.announced = now, self._rank, announced
        self._calls[call.ticket_id] = call

    # ---- what happens ----

    def call(self, call: Call) -> None:
        """A ticket was called, for the first time or again: when there is a place, it goes to the top and blinks."""
        self._unsaid.pop(call.ticket_id, None)
        self._waiting[call.ticket_id] = call

    def serve(self, ticket_id: int, *, directly: bool = False) -> None:
        """The citizen arrived: the call is steady. `directly`: there was no call, so there is nothing to show."""
        if directly:
            self._unsaid[ticket_id] = None
            while len(self._unsaid) > UNCALLED_KEPT:
                del self._unsaid[next(iter(self._unsaid))]
        elif ticket_id in self._waiting:
            self._enter_steady(self._waiting[ticket_id])
        elif ticket_id in self._calls:
            self._calls[ticket_id].serving = True

    def _enter_steady(self, call: Call) -> None:
        """Nobody needs to hear of it any more, so it needs no place of its own."""
        call.serving = True
        self._enter(call, -inf, announced=False)

    def end(self, ticket_id: int) -> None:
        """The ticket left its counter: the call goes once the room had time to see it; unseen, it is not shown."""
        self._waiting.pop(ticket_id, None)
        if ticket_id in self._calls:
            self._calls[ticket_id].ended = True

    def take_back(self, undone: UndoneTicket, *, unsaid: bool = False) -> None:
        """A counter took back what it did: the call is again as it was, or was none. `unsaid`: a repeated call."""
        call = self._calls.get(undone.ticket_id)
        if undone.state not in _ON_THE_WALL or undone.counter_id is None:
            self._waiting.pop(undone.ticket_id, None)
            if call and not call.ended:
                del self._calls[undone.ticket_id]
        elif undone.ticket_id not in self._unsaid:
            self._take_back_to(undone, undone.counter_id, call, unsaid=unsaid)

    def _take_back_to(self, undone: UndoneTicket, counter_id: str, call: Call | None, *, unsaid: bool) -> None:
        waiting = self._waiting.get(undone.ticket_id)
        if waiting and call and unsaid:
            del self._waiting[undone.ticket_id]
            return
        call = waiting or call or self._put_back(undone, counter_id)
        call.ended, call.serving = False, undone.state is TicketState.SERVING
        call.recalls = max(0, call.recalls - unsaid)

    def _put_back(self, undone: UndoneTicket, counter_id: str) -> Call:
        """The call of a ticket that had left the wall; the room has heard it, so it does not blink."""
        call = Call(undone.ticket_id, undone.number, counter_id, undone.service_id)
        self._enter(call, -inf, announced=False)
        return call

    # ---- from the start ----

    def rebuild(self, views: Iterable[TicketView], *, same_life: bool) -> None:
        """Take the calls of a snapshot, newest first; with `same_life` what is new since the last one blinks."""
        if not same_life:
            self._calls, self._waiting = {}, {}
        at_counters = [view for view in views if view.state in _ON_THE_WALL and view.counter_id is not None]
        held = [view for view in at_counters if not _uncalled(view)]
        self._unsaid = {view.ticket_id: None for view in at_counters if _uncalled(view)}
        for ticket_id in ({**self._calls, **self._waiting}).keys() - {view.ticket_id for view in held}:
            self.end(ticket_id)
        for view in reversed(held):
            self._rebuild_one(view, same_life=same_life)

    def _rebuild_one(self, view: TicketView, *, same_life: bool) -> None:
        known = self._waiting.get(view.ticket_id) or self._calls.get(view.ticket_id)
        serving = view.state is TicketState.SERVING
        if known and known.counter_id == view.counter_id and known.recalls >= view.recalls and not known.ended:
            self._go_on(known, serving=serving)
        elif same_life and not serving:
            self.call(_from_view(view))
        else:
            self._waiting.pop(view.ticket_id, None)
            call = _from_view(view)
            call.serving = serving
            self._enter(call, -inf, announced=False)

    def _go_on(self, known: Call, *, serving: bool) -> None:
        if serving:
            self.serve(known.ticket_id)
        known.serving = serving


def _from_view(view: TicketView) -> Call:
    assert view.counter_id is not None
    return Call(
        ticket_id=view.ticket_id,
        number=view.number,
        counter_id=view.counter_id,
        service_id=view.service_id,
        class_id=view.class_id,
        announced_at=view.announced_at or view.called_at,
        recalls=view.recalls,
    )


def _uncalled(view: TicketView) -> bool:
    """Whether it came to its counter without a call: served directly, or an item without a citizen."""
    return view.origin in (Origin.DIRECT, Origin.BACK_OFFICE) and view.announced_at is None
