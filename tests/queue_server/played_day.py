"""A day of a small hall, played by a seed through the real commands: who comes, who calls when, who takes how long."""

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable
from functools import partial

from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.events import Event
from tests.queue_server.factories import PHONE, SmallHall


class PlayedDay:
    """Citizens come for `minutes`; each counter calls some seconds after it could, or waits for the next arrival."""

    def __init__(self, hall: SmallHall, seed: int, minutes: float = 120, *, asks: bool = False, troubled: bool = False):
        self.hall = hall
        self.luck = random.Random(seed)
        self.asks = asks
        self.troubled = troubled
        self.began = hall.clock.now
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self.minutes = minutes

    def at(self, after_seconds: float, do: Callable[[], None]) -> None:
        """Plan something, at an instant of its own."""
        now = (self.hall.clock.now - self.began).total_seconds()
        heapq.heappush(self._agenda, (now + after_seconds, next(self._count), do))

    def run(self) -> list[Event]:
        """Play the day to its end; its log."""
        services = list(self.hall.service.rules.services)
        for place, counter_id in enumerate(self.hall.service.rules.counters):
            self.at(600 + 13.7 * place, partial(self._open, counter_id))
        for _ in range(round(self.minutes * 0.55)):
            service_id = self.luck.choice(services)
            class_id = self.luck.choices(["ordinary", "elderly"], [4, 1])[0]
            self.at(
                self.luck.uniform(0, self.minutes * 60),
                partial(self._come, service_id, class_id),
            )
        while self._agenda and self._agenda[0][0] < self.minutes * 60 + 1800:
            second, _, do = heapq.heappop(self._agenda)
            self.hall.clock.now = self.began + dt.timedelta(seconds=second)
            do()
        return [codec.decode_event(event.body) for event in self.hall.storage.events()]

    def _open(self, counter_id: str) -> None:
        self.hall.open(counter_id)
        self._look(counter_id)

    def _come(self, service_id: str, class_id: str) -> None:
        token = self.hall.issue(service_id, class_id).token
        if self.luck.random() < 0.1:
            self.at(self.luck.uniform(60, 1500), lambda: self._leave(token))

    def _leave(self, token: str) -> None:
        self.hall.ask(cmd.CancelTicket(token=token), PHONE)

    def _look(self, counter_id: str) -> None:
        """Whether somebody waits for an idle counter; if so, call, after a while or now."""
        counter = self.hall.service.hall.counters[counter_id]
        if counter.ticket_id is not None:
            self.at(1.17 + self.luck.random(), lambda: self._serve(counter_id))
            return
        self.hall.ask(cmd.CallNext(counter_id, wait=self.asks))
        self.at(0.9 + self.luck.random() * (0.2 if self.asks else 30), lambda: self._look(counter_id))

    def _serve(self, counter_id: str) -> None:
        ticket_id = self.hall.service.hall.counters[counter_id].ticket_id
        if ticket_id is None:  # the citizen gave the number back on the way to the counter
            self._look(counter_id)
            return
        if self.luck.random() < 0.08:
            self.at(90.3, lambda: self._end(counter_id, cmd.MarkNoShow(counter_id, ticket_id)))
            return
        self.hall.ask(cmd.StartServing(counter_id, ticket_id))
        minutes = self.luck.uniform(1, 12)
        end: cmd.Command = cmd.FinishTicket(counter_id, ticket_id)
        if self.troubled and self.luck.random() < 0.2:
            other = self.luck.choice(list(self.hall.service.rules.services))
            end = cmd.TransferTicket(
                counter_id, ticket_id, service_id=other, to_counter_id=self.luck.choice([None, "3"])
            )
        elif self.troubled and self.luck.random() < 0.2:
            end = cmd.ParkTicket(counter_id, ticket_id, minutes=self.luck.randint(1, 20))
        self.at(minutes * 60, lambda: self._end(counter_id, end))

    def _end(self, counter_id: str, command: cmd.Command) -> None:
        reply = self.hall.ask(command)
        if isinstance(reply, re.Refused):  # sent on to nowhere: then the service ends here
            ticket_id = self.hall.service.hall.counters[counter_id].ticket_id
            self.hall.ask(cmd.FinishTicket(counter_id, ticket_id or 1))
        if self.troubled and self.luck.random() < 0.15:
            self.hall.ask(cmd.PauseCounter(counter_id, "break"))
            self.at(self.luck.uniform(30, 900), lambda: self._go_on(counter_id))
            return
        self.at(0.5 + self.luck.random() * 40, lambda: self._look(counter_id))

    def _go_on(self, counter_id: str) -> None:
        self.hall.ask(cmd.ContinueCounter(counter_id))
        self._look(counter_id)
