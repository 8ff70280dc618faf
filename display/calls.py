"""The calls on the wall: who may come on, how long each stays, and which still blinks.

`now` is always monotonic seconds of the display's own clock.
"""

from collections.abc import Iterable

from msgspec import Struct

from protocol.events import UndoneTicket
from protocol.replies import TicketView
from protocol.words import Origin, TicketState

MINIMUM_SECONDS = 8.0
"""How long a call stays at least, so that a quick finish does not hide it from the room."""
BLINKS = 3
BLINK_SECONDS = 1.0
"""One blink: half of it lit, half of it not."""

_ON_THE_WALL = (TicketState.CALLED, TicketState.SERVING)


class Call(Struct):
    """A number called to a counter; `since` is when the wall last announced it (monotonic seconds)."""

    ticket_id: int
    number: str
    counter_id: str
    service_id: str
    since: float
    rank: int
    recalls: int = 0
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

    def over(self, now: float) -> bool:
        """Whether it ended and the room had time to see it."""
        return self.ended and now - self.since >= MINIMUM_SECONDS


class Calls:
    """The calls of one hall, newest announcement first."""

    def __init__(self) -> None:
        self._calls: dict[int, Call] = {}
        self._unsaid: set[int] = set()
        """The tickets at counters that nobody called: the wall does not show them."""
        self._rank = 0

    def shown(self, now: float) -> list[Call]:
        """The calls to show, newest first; those that are over are forgotten."""
        self._calls = {ticket_id: call for ticket_id, call in self._calls.items() if not call.over(now)}
        return sorted(self._calls.values(), key=lambda call: -call.rank)

    def call(self, ticket_id: int, number: str, counter_id: str, service_id: str, now: float) -> None:
        """A ticket was called: it goes to the top and blinks."""
        self._unsaid.discard(ticket_id)
        self._calls[ticket_id] = Call(ticket_id, number, counter_id, service_id, now, self._next_rank())

    def recall(self, ticket_id: int, number: str, counter_id: str, service_id: str, recalls: int, now: float) -> None:
        """A ticket was called again: it goes to the top and blinks."""
        self.call(ticket_id, number, counter_id, service_id, now)
        self._calls[ticket_id].recalls = recalls

    def serve(self, ticket_id: int, *, directly: bool = False) -> None:
        """The citizen arrived: the call is steady. `directly`: there was no call, so there is nothing to show."""
        if directly:
            self._unsaid.add(ticket_id)
        elif ticket_id in self._calls:
            self._calls[ticket_id].serving = True

    def end(self, ticket_id: int) -> None:
        """The ticket left its counter: the call goes once the room had time to see it."""
        if ticket_id in self._calls:
            self._calls[ticket_id].ended = True

    def take_back(self, undone: UndoneTicket, now: float, *, unsaid: bool = False) -> None:
        """A counter took back what it did: the call is again as it was, or was none. `unsaid`: a repeated call."""
        call = self._calls.get(undone.ticket_id)
        if undone.state not in _ON_THE_WALL or undone.counter_id is None:
            if call and not call.ended:
                del self._calls[undone.ticket_id]
        elif undone.ticket_id not in self._unsaid:
            call = call or self._put_back(undone, undone.counter_id, now)
            call.ended, call.serving = False, undone.state is TicketState.SERVING
            call.recalls = max(0, call.recalls - unsaid)

    def _put_back(self, undone: UndoneTicket, counter_id: str, now: float) -> Call:
        """The call of a ticket that had left the wall; the room has heard it, so it does not blink."""
        call = Call(
            undone.ticket_id, undone.number, counter_id, undone.service_id, now, self._next_rank(), announced=False
        )
        self._calls[undone.ticket_id] = call
        return call

    def rebuild(self, views: Iterable[TicketView], now: float, *, same_life: bool) -> None:
        """Take the calls of a snapshot, newest first; with `same_life` what is new since the last one blinks."""
        known = self._calls if same_life else {}
        at_counters = [view for view in views if view.state in _ON_THE_WALL and view.counter_id is not None]
        held = [view for view in at_counters if not _uncalled(view)]
        self._unsaid = {view.ticket_id for view in at_counters if _uncalled(view)}
        present = {view.ticket_id for view in held}
        for ticket_id in known.keys() - present:
            known[ticket_id].ended = True
        self._calls = {ticket_id: call for ticket_id, call in known.items() if ticket_id not in present}
        for view in reversed(held):
            self._calls[view.ticket_id] = self._from_view(view, known.get(view.ticket_id), now, same_life)

    def _from_view(self, view: TicketView, known: Call | None, now: float, same_life: bool) -> Call:
        assert view.counter_id is not None
        serving = view.state is TicketState.SERVING
        if known and known.counter_id == view.counter_id and known.recalls >= view.recalls and not known.ended:
            known.serving = serving
            return known
        return Call(
            ticket_id=view.ticket_id,
            number=view.number,
            counter_id=view.counter_id,
            service_id=view.service_id,
            since=now,
            rank=self._next_rank(),
            recalls=view.recalls,
            serving=serving,
            announced=same_life,
        )

    def _next_rank(self) -> int:
        self._rank += 1
        return self._rank


def _uncalled(view: TicketView) -> bool:
    """Whether it came to its counter without a call: served directly, or an item without a citizen."""
    return view.origin in (Origin.DIRECT, Origin.BACK_OFFICE) and view.announced_at is None
