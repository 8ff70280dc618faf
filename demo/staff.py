"""Staff who are played: each opens a counter and works it with the same commands as the desk page."""

import logging
import threading
from collections.abc import Callable

from demo.desk import Desk, GoneHome
from demo.pace import Share
from demo.serving import Serving
from protocol.commands import (
    CallNext,
    CloseCounter,
    ContinueCounter,
    FinishTicket,
    GetDesk,
    OpenCounter,
    PauseCounter,
    ServeDirectly,
)
from protocol.errors import CounterBusy, MotcuaError, Refusal
from protocol.replies import CallReply, CounterReply, DeskReply, TicketView

log = logging.getLogger(__name__)


class Clerk(threading.Thread):
    """One operator at one counter; `finished` hears whose service ended."""

    def __init__(self, desk: Desk, finished: Callable[[int], None]) -> None:
        super().__init__(name=f"counter-{desk.counter_id}")
        self._desk = desk
        self._finished = finished

    def run(self) -> None:
        """Work whenever the hall is open, until told to go home; a fault of the hall ends the work."""
        try:
            while True:
                self._arrive()
                self._work()
        except GoneHome:
            pass
        except MotcuaError as fault:
            log.warning("counter %s stopped: %s", self._desk.counter_id, fault)

    def go_home(self) -> None:
        """Stop after the step in hand."""
        self._desk.going.set()

    # ---- the day ----

    def _arrive(self) -> None:
        """Come when the hall opens, a little early or late, and open the counter."""
        desk = self._desk
        while not desk.time.is_open:
            if desk.going.wait(desk.pace.seconds(20)):
                raise GoneHome
        if desk.going.wait(desk.pace.minutes(0, 1)):
            raise GoneHome
        desk.ask(OpenCounter(desk.counter_id, desk.operator_id), CounterReply)

    def _work(self) -> None:
        """Until the hall is closed and nobody waits any more; then close the counter."""
        desk = self._desk
        while True:
            ticket = self._next()
            while ticket is not None:
                ticket = self._serve(ticket)
            if not desk.time.is_open and self._nobody_waits():
                desk.ask(CloseCounter(desk.counter_id, operator_id=desk.operator_id), CounterReply)
                return

    def _next(self) -> TicketView | None:
        """Who is called next; if nobody waits, the hall calls the next who arrives."""
        desk = self._desk
        if desk.going.is_set():
            raise GoneHome
        try:
            reply = desk.ask(CallNext(desk.counter_id, wait=True, operator_id=desk.operator_id), CallReply)
        except CounterBusy:
            return self._in_hand()
        if reply.ticket is None:
            desk.keep()
        return reply.ticket or desk.called_meanwhile()

    def _in_hand(self) -> TicketView | None:
        return self._look().counter.ticket

    def _nobody_waits(self) -> bool:
        look = self._look()
        return not look.total and not look.parked and look.counter.ticket is None

    def _look(self) -> DeskReply:
        return self._desk.ask(GetDesk(self._desk.counter_id, limit=5), DeskReply)

    # ---- citizens, and what comes between them ----

    def _serve(self, ticket: TicketView) -> TicketView | None:
        """Serve somebody; who is in hand afterwards, called by the same key or because something was refused."""
        try:
            done, following = Serving(self._desk, ticket).work()
        except Refusal as refusal:
            log.info("counter %s: %s", self._desk.counter_id, refusal)
            return self._in_hand()
        if done is not None:
            self._finished(done)
        if following is None:
            self._between()
        return following

    def _between(self) -> None:
        """Now and then a pause, somebody without a ticket, or an item of the back office."""
        pace = self._desk.pace
        if pace.happens(Share.PAUSE):
            self._pause()
        elif pace.happens(Share.WITHOUT_TICKET):
            self._serve_directly(back_office=False)
        elif pace.happens(Share.BACK_OFFICE):
            self._serve_directly(back_office=True)

    def _pause(self) -> None:
        desk, reason_id = self._desk, self._desk.pace.pause_reason()
        if reason_id is None:
            return
        desk.ask(PauseCounter(desk.counter_id, reason_id, operator_id=desk.operator_id), CounterReply)
        desk.wait(desk.pace.minutes(2, 10))
        desk.ask(ContinueCounter(desk.counter_id, operator_id=desk.operator_id), CounterReply)

    def _serve_directly(self, *, back_office: bool) -> None:
        desk, service_id = self._desk, self._desk.pace.one_of(self._desk.counter.services)
        direct = ServeDirectly(desk.counter_id, service_id, back_office=back_office, operator_id=desk.operator_id)
        ticket = desk.ask(direct, CallReply).ticket
        assert ticket is not None, "who is served directly has a ticket"
        desk.wait(desk.pace.service_seconds(service_id))
        done = FinishTicket(
            desk.counter_id,
            ticket.ticket_id,
            operator_id=desk.operator_id,
            performed=desk.pace.performed(service_id, []),
        )
        desk.ask(done, CallReply)
