"""Brings keys to the hall and the hall's truth to the boxes; a `protocol.feed.Listener`."""

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from math import inf
from typing import Protocol

from counter.bus import Bus, Pressed
from counter.desk import Face
from counter.driver import Picture
from counter.orders import needs_a_look, orders, orders_after_look
from counter.seat import Asks, Seat
from protocol.client import new_request_id
from protocol.commands import CallNext, Command, GetDesk, GetHall
from protocol.errors import Refusal
from protocol.events import Event
from protocol.replies import CallReply, DeskReply, HallReply, Pulse, Reply, Snapshot

PRESS_SECONDS = 3.0
"""A press that the hall has not answered by then is given up: the person must know."""
CHORE_SECONDS = 10.0
REFUSED_SECONDS = 1.5
"""So long a box shows that a press did nothing."""
REFRESH_SECONDS = 10.0
"""A box that was without power shows the truth again after so long."""
HALL_SECONDS = 5.0
"""So long until the hall is asked for its settings again."""
_log = logging.getLogger(__name__)

Job = Callable[[], None]


class Shows(Protocol):
    """What a session needs of `counter.line.Line`."""

    def show(self, address: int, pictures: list[Picture]) -> None:
        """Have pictures written soon."""


class Session:
    """The counters of one line at work; `post` brings jobs to the owner's thread, on which all but listening runs."""

    def __init__(
        self,
        seats: Mapping[str, Seat],
        bus: Bus,
        post: Callable[[Job], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seats = seats
        self._bus = bus
        self._post = post
        self._clock = clock
        self._line: Shows | None = None
        self._line_up = False
        self._shown: dict[int, Face] = {}
        self._shown_at: dict[int, float] = {}
        self._refused_until: dict[int, float] = {}
        self._ask_hall_at = 0.0
        self._away = False

    def connect(self, line: Shows) -> None:
        """Give the session the line that it shows on."""
        self._line = line

    # ---- the owner's thread ----

    def pressed(self, pressed: Pressed) -> None:
        """Take a key."""
        seat, now = self._seat(pressed.address), self._clock()
        if seat.busy:
            _log.info("counter %s: %s while busy, dropped", seat.counter_id, pressed.press.key)
        elif needs_a_look(pressed.press.key, seat.desk.phase(now)):
            self._look(seat, pressed)
        else:
            self._begin(seat, pressed, orders(pressed.press.key, seat.desk, seat.presets, now))

    def line_changed(self, up: bool) -> None:
        """The line came or went; boxes may have been without power."""
        self._line_up = up
        self._shown.clear()
        self.tick()

    def tick(self) -> None:
        """Let time pass; call it a few times each second."""
        now = self._clock()
        if now >= self._ask_hall_at:
            self._ask_hall()
        for seat in self._seats.values():
            for chore in seat.chores(self._line_up, now):
                self._ask(seat.client, chore, CHORE_SECONDS, lambda _, future: _note(future), None)
            if seat.desk.doubtful and not seat.busy:
                self._look(seat, None)
        self._forget_shown(now)
        self._draw()

    # ---- a press ----

    def _begin(self, seat: Seat, pressed: Pressed, commands: list[Command]) -> None:
        if not commands:
            phase = seat.desk.phase(self._clock())
            self._refuse(seat, pressed, f"means nothing here while {phase}")
        else:
            self._send(seat, pressed, commands)

    def _send(self, seat: Seat, pressed: Pressed, commands: list[Command]) -> None:
        """Send the first command, and the others after it was done."""
        seat.busy = True

        def answered(command: Command, future: "Future[Reply]") -> None:
            seat.busy = False
            fault = future.exception()
            if fault is not None:
                self._refuse(seat, pressed, _in_words(fault))
            elif isinstance(command, CallNext) and _nobody(future.result()):
                self._refuse(seat, pressed, "nobody waits")
            elif commands[1:]:
                self._send(seat, pressed, commands[1:])

        self._ask(seat.client, commands[0], PRESS_SECONDS, answered, new_request_id())

    def _look(self, seat: Seat, pressed: Pressed | None) -> None:
        """Ask how the hall sees the desk: for a key that is about another ticket, or because it is in doubt."""
        seat.busy = True

        def looked(_: Command, future: "Future[Reply]") -> None:
            seat.busy = False
            fault = future.exception()
            if fault is not None:
                self._not_seen(seat, pressed, fault)
                return
            seen = future.result()
            assert isinstance(seen, DeskReply)
            seat.desk.take_desk(seen)
            if pressed is not None:
                self._begin(seat, pressed, orders_after_look(pressed.press, seen))

        self._ask(seat.client, GetDesk(seat.counter_id), PRESS_SECONDS, looked, None)

    def _not_seen(self, seat: Seat, pressed: Pressed | None, fault: BaseException) -> None:
        if pressed is not None:
            self._refuse(seat, pressed, _in_words(fault))
        elif isinstance(fault, Refusal):
            seat.desk.doubtful = False  # asking again would be refused again
            _log.error("counter %s: the hall does not tell its state: %s", seat.counter_id, fault)

    def _refuse(self, seat: Seat, pressed: Pressed, why: str) -> None:
        _log.warning("counter %s: %s %s", seat.counter_id, pressed.press.key, why)
        self._put(pressed.address, self._bus.refuse(pressed.address))
        self._refused_until[pressed.address] = self._clock() + REFUSED_SECONDS

    # ---- what the boxes show ----

    def _forget_shown(self, now: float) -> None:
        """Have boxes drawn anew whose refusal was seen long enough, or that were not written to for a while."""
        for address in self._bus.boxes:
            refused = now >= self._refused_until.get(address, inf)
            if refused or now - self._shown_at.get(address, now) >= REFRESH_SECONDS:
                self._refused_until.pop(address, None)
                self._shown.pop(address, None)

    def _draw(self) -> None:
        now = self._clock()
        for address in self._bus.boxes:
            face, before = self._seat(address).desk.face(now), self._shown.get(address)
            if face != before:
                self._put(address, self._bus.show(address, face, before))
                self._shown[address] = face

    def _put(self, address: int, pictures: list[Picture]) -> None:
        if self._line is not None and pictures:
            self._line.show(address, pictures)
            self._shown_at[address] = self._clock()

    def _seat(self, address: int) -> Seat:
        return self._seats[self._bus.boxes[address].counter_id]

    # ---- the hall ----

    def _ask_hall(self) -> None:
        self._ask_hall_at = inf
        self._ask(next(iter(self._seats.values())).client, GetHall(), CHORE_SECONDS, self._took_hall, None)

    def _took_hall(self, _: Command, future: "Future[Reply]") -> None:
        fault = future.exception()
        if fault is not None:
            _log.warning("the hall does not tell its settings: %s", fault)
            self._ask_hall_at = self._clock() + HALL_SECONDS
            return
        hall = future.result()
        assert isinstance(hall, HallReply)
        for seat in self._seats.values():
            for unknown in seat.describe(hall):
                _log.error("%s", unknown)

    def _ask(
        self,
        client: Asks,
        command: Command,
        within: float,
        then: Callable[[Command, "Future[Reply]"], None],
        request_id: str | None,
    ) -> None:
        def job(future: "Future[Reply]") -> None:
            then(command, future)
            self._draw()

        future = client.ask(command, request_id=request_id, within=within)
        future.add_done_callback(lambda done: self._post(lambda: job(done)))

    # ---- the client's thread ----

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state, perhaps of another day or server: its names may be new as well."""

        def job() -> None:
            self._ask_hall_at = 0.0
            for seat in self._seats.values():
                seat.desk.take_snapshot(snapshot, self._clock())
            self.tick()

        self._post(job)

    def on_event(self, event: Event) -> None:
        """The next event of the log."""

        def job() -> None:
            for seat in self._seats.values():
                seat.desk.take_event(event, self._clock())
            self._draw()

        self._post(job)

    def on_pulse(self, pulse: Pulse) -> None:
        """The hall lives; after a silence it may be a server with other names."""

        def job() -> None:
            if self._away:
                self._away, self._ask_hall_at = False, 0.0
            for seat in self._seats.values():
                seat.desk.take_pulse(pulse, self._clock())
            self._draw()

        self._post(job)

    def on_silence(self, seconds: float) -> None:
        """Nothing was heard for `seconds`; the desks tell the age by their own clock."""
        _log.debug("nothing heard of the hall for %.0f s", seconds)
        self._away = True


def _nobody(reply: Reply) -> bool:
    return isinstance(reply, CallReply) and reply.ticket is None


def _in_words(fault: BaseException) -> str:
    return f"was refused: {fault}" if isinstance(fault, Refusal) else f"was not answered: {fault}"


def _note(future: "Future[Reply]") -> None:
    """Chores are done again soon; what goes wrong with one is for the log only."""
    fault = future.exception()
    if fault is not None:
        _log.info("not told: %s", fault)
