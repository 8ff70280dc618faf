"""Any day of a real hall: commands in any order, and the events that its screens would hear."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from protocol import commands as cmd
from protocol import replies as re
from protocol.events import Event
from protocol.words import TicketState
from tests.queue_server.factories import ADMIN, DESK, SmallHall

S = TicketState
SUPERVISOR = "90"
COUNTERS = ("1", "2", "3")
SERVICES = ("land", "civil", "results")


class Day:
    """A hall with three staffed counters, to be driven by verbs."""

    def __init__(self) -> None:
        self.hall = SmallHall()
        self.hall.open(*COUNTERS)
        self.heard = self.hall.service.hall.seq

    def step(self, verb: str, counter: str, pick: int, minutes: float) -> list[Event]:
        """Let time pass, ask for one thing, which may be refused; what was published."""
        self.hall.clock.tick(minutes)
        self.hall.service.tick(self.hall.clock.now)
        self.hall.service.ledger.commit()
        if self.hall.service.hall.counters[counter].operator_id is None:
            self.hall.open(counter)
        if (command := VERBS[verb](self, counter, pick)) is not None:
            self.hall.ask(command, ADMIN if verb == "issue" else DESK)
        return self._published()

    def _published(self) -> list[Event]:
        reply = self.hall.ask(cmd.GetEvents(self.heard, 200), DESK)
        assert isinstance(reply, re.EventsReply)
        self.heard = reply.last_seq
        return reply.events

    def snapshot(self) -> re.Snapshot:
        """What a screen that starts now is told."""
        reply = self.hall.ask(cmd.GetSnapshot(), DESK)
        assert isinstance(reply, re.Snapshot)
        return reply

    def waiting(self) -> dict[str, int]:
        """How many people wait in each service."""
        return {status.service_id: status.waiting for status in self.snapshot().services}

    def held(self, counter: str) -> int | None:
        """The ticket at a counter."""
        return self.hall.service.hall.counters[counter].ticket_id

    def one_of(self, pick: int, *states: TicketState) -> int | None:
        """A ticket of today in one of these states."""
        hall = self.hall.service.hall
        able = [t.ticket_id for t in [*hall.tickets.values(), *hall.ended.values()] if t.state in states]
        return able[pick % len(able)] if able else None

    def undo(self, counter: str) -> cmd.UndoAction | None:
        """What takes back the counter's last action."""
        reply = self.hall.ask(cmd.GetDesk(counter), DESK)
        assert isinstance(reply, re.DeskReply)
        return cmd.UndoAction(counter, reply.undoable.action_seq) if reply.undoable else None


def _with_held(make: Callable[[str, int, int], Any]) -> "Verb":
    def verb(day: Day, counter: str, pick: int) -> Any:
        ticket_id = day.held(counter)
        return None if ticket_id is None else make(counter, ticket_id, pick)

    return verb


def _with_one(states: tuple[TicketState, ...], make: Callable[[str, int, int], Any]) -> "Verb":
    def verb(day: Day, counter: str, pick: int) -> Any:
        ticket_id = day.one_of(pick, *states)
        return None if ticket_id is None else make(counter, ticket_id, pick)

    return verb


def _transfer(counter: str, ticket_id: int, pick: int) -> cmd.TransferTicket:
    return cmd.TransferTicket(
        counter,
        ticket_id,
        SERVICES[pick % 3],
        COUNTERS[pick % 3] if pick % 2 else None,
        comes_back=pick % 5 == 0,
        not_before_minutes=3 if pick % 7 == 0 else 0,
    )


Verb = Callable[[Day, str, int], Any]
VERBS: dict[str, Verb] = {
    "issue": lambda _day, _counter, pick: cmd.IssueTicket(SERVICES[pick % 3], ("ordinary", "elderly")[pick % 2]),
    "call": lambda day, counter, _pick: cmd.CallNext(counter, finish_ticket_id=day.held(counter)),
    "wait": lambda _day, counter, _pick: cmd.CallNext(counter, wait=True),
    "direct": lambda _day, counter, pick: cmd.ServeDirectly(counter, SERVICES[pick % 3], back_office=pick % 2 == 0),
    "undo": lambda day, counter, _pick: day.undo(counter),
    "recall": _with_held(lambda counter, ticket_id, _pick: cmd.RecallTicket(counter, ticket_id)),
    "start": _with_held(lambda counter, ticket_id, _pick: cmd.StartServing(counter, ticket_id)),
    "finish": _with_held(lambda counter, ticket_id, _pick: cmd.FinishTicket(counter, ticket_id)),
    "no_show": _with_held(lambda counter, ticket_id, _pick: cmd.MarkNoShow(counter, ticket_id)),
    "park": _with_held(lambda counter, ticket_id, pick: cmd.ParkTicket(counter, ticket_id, pick % 5 + 1)),
    "transfer": _with_held(_transfer),
    "come_back": _with_held(lambda counter, ticket_id, _pick: cmd.GrantComeBack(counter, ticket_id, ["Bản sao"], 24)),
    "claim": _with_held(lambda counter, ticket_id, pick: cmd.CheckClaim(counter, ticket_id, pick % 2 == 0)),
    "resume": _with_one((S.PARKED,), lambda counter, ticket_id, _pick: cmd.ResumeTicket(counter, ticket_id)),
    "restore": _with_one(
        (S.NO_SHOW, S.CANCELLED), lambda counter, ticket_id, _pick: cmd.RestoreTicket(ticket_id, counter)
    ),
    "cancel": _with_one(
        (S.WAITING, S.CALLED, S.SERVING, S.PARKED),
        lambda counter, ticket_id, _pick: cmd.CancelTicket(ticket_id, counter_id=counter),
    ),
    "move": _with_one(
        (S.WAITING, S.CALLED, S.SERVING, S.PARKED),
        lambda _counter, ticket_id, pick: cmd.MoveTicket(SUPERVISOR, ticket_id, SERVICES[pick % 3]),
    ),
    "clear": lambda _day, counter, pick: cmd.TakeOverCounter(SUPERVISOR, counter) if pick < 5 else None,
}
_OFTEN = ["issue"] * 6 + ["call", "start", "undo"] * 6 + ["park", "transfer", "resume", "finish", "direct"] * 2
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*_OFTEN, *VERBS]),
        st.sampled_from(["1", "1", "1", "2", "3"]),
        st.integers(0, 30),
        st.sampled_from([0.0] * 40 + [0.05, 0.1, 2.0] * 3 + [24 * 60.0]),
    ),
    min_size=20,
    max_size=60,
)
"""Verb, counter, which ticket or service, and minutes that pass before."""
