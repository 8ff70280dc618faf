"""A played counter: its commands as the desk page sends them, its waiting, and its page's sign of life."""

import threading
from typing import TypeVar

from config.settings import Counter, Operator
from demo.hall_time import HallTime
from demo.later import Later
from demo.pace import Pace
from protocol.client import HallClient
from protocol.commands import Command, GetTicket, KeepCounter
from protocol.replies import CounterHabits, HallReply, Reply, TicketReply, TicketView
from protocol.words import TicketState

_ANSWER_SECONDS = 20.0
_KEEP_SECONDS = 15.0
"""A page says so often, by real time, that it is there."""
R = TypeVar("R", bound=Reply)


class GoneHome(Exception):
    """The clerk was told to go home."""


class Desk:
    """What a clerk works with: the hall, the time, the chances, and who else is there."""

    def __init__(
        self,
        client: HallClient,
        hall: HallReply,
        time: HallTime,
        pace: Pace,
        later: Later,
        seat: tuple[Counter, Operator],
        elsewhere: list[Counter],
    ) -> None:
        assert hall.habits is not None, "the demo's own server tells its habits"
        self.client, self.time, self.pace, self.later = client, time, pace, later
        self.counter, operator = seat
        self.counter_id, self.operator_id = self.counter.id, operator.id
        self.habits: CounterHabits = hall.habits
        self.elsewhere = elsewhere
        self.going = threading.Event()

    def ask(self, command: Command, expected: type[R]) -> R:
        """The hall's reply; raises its Refusal."""
        reply = self.client.call(command, within=_ANSWER_SECONDS)
        assert isinstance(reply, expected)
        return reply

    def wait(self, seconds: float) -> None:
        """Let real seconds pass while the page stays open; raises GoneHome."""
        while seconds > 0:
            step = min(seconds, _KEEP_SECONDS)
            if self.going.wait(step):
                raise GoneHome
            seconds -= step
            if seconds > 0:
                self.keep()

    def keep(self) -> None:
        """Say that the page is there."""
        self.client.call(KeepCounter(self.counter_id, operator_id=self.operator_id), within=_ANSWER_SECONDS)

    def called_meanwhile(self) -> TicketView | None:
        """The ticket that the hall called to this counter by itself, if it does so soon."""
        ticket_id = self.time.called_to(self.counter_id, _KEEP_SECONDS / 10)
        if ticket_id is None:
            return None
        ticket = self.ask(GetTicket(ticket_id), TicketReply).ticket
        mine = ticket.counter_id == self.counter_id and ticket.state is TicketState.CALLED
        return ticket if mine else None
