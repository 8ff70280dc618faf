"""Staff who are played: each opens a counter and works it with the same commands as the desk page."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from config.settings import Counter, HallFile
from demo.pace import Pace
from protocol.client import HallClient
from protocol.commands import CallNext, Command, FinishTicket, MarkNoShow, OpenCounter, RecallTicket, StartServing
from protocol.errors import MotcuaError
from protocol.replies import CallReply, CounterReply, Reply, TicketView

log = logging.getLogger(__name__)

_IDLE_SECONDS = 0.3
_RECALLS = 2
R = TypeVar("R", bound=Reply)


def counter_for_visitors(file: HallFile) -> Counter:
    """The counter that nobody is played at: the last one whose services others serve too, else the last."""
    for counter in reversed(file.counters):
        others = {service for other in file.counters if other is not counter for service in other.services}
        if set(counter.services) <= others:
            return counter
    return file.counters[-1]


class Clerk(threading.Thread):
    """One operator at one counter."""

    def __init__(
        self, client: HallClient, counter_id: str, operator_id: str, pace: Pace, finished: Callable[[int], None]
    ) -> None:
        super().__init__(name=f"counter-{counter_id}")
        self._client = client
        self._counter_id = counter_id
        self._operator_id = operator_id
        self._pace = pace
        self._finished = finished
        self._going = threading.Event()

    def run(self) -> None:
        """Work until told to go home; a fault of the hall is waited out."""
        try:
            self._ask(OpenCounter(self._counter_id, self._operator_id), CounterReply)
            while not self._going.is_set():
                self._one()
        except MotcuaError as fault:
            log.warning("counter %s stopped: %s", self._counter_id, fault)

    def go_home(self) -> None:
        """Stop after the step in hand."""
        self._going.set()

    def _one(self) -> None:
        ticket = self._ask(CallNext(self._counter_id), CallReply).ticket
        if ticket is None:
            self._going.wait(_IDLE_SECONDS)
        elif self._pace.comes_not():
            self._call_in_vain(ticket)
        else:
            self._serve(ticket)

    def _call_in_vain(self, ticket: TicketView) -> None:
        for _ in range(_RECALLS):
            if self._going.wait(self._pace.walk_seconds()):
                return
            self._ask(RecallTicket(self._counter_id, ticket.ticket_id), CallReply)
        self._ask(MarkNoShow(self._counter_id, ticket.ticket_id), CallReply)

    def _serve(self, ticket: TicketView) -> None:
        if self._going.wait(self._pace.walk_seconds()):
            return
        self._ask(StartServing(self._counter_id, ticket.ticket_id), CallReply)
        if self._going.wait(self._pace.service_seconds(ticket.service_id)):
            return
        self._ask(FinishTicket(self._counter_id, ticket.ticket_id), CallReply)
        self._finished(ticket.ticket_id)

    def _ask(self, command: Command, expected: type[R]) -> R:
        reply = self._client.call(command, within=20)
        assert isinstance(reply, expected)
        return reply
