"""What a played clerk does with a called citizen: wait, look at the proof, serve, and end it one way or another."""

from collections.abc import Callable

from demo.desk import Desk, R
from demo.pace import Ending, Share
from kiosk.visit import ORDINARY
from protocol.commands import (
    AddNote,
    CallNext,
    CheckClaim,
    CheckIn,
    Command,
    FinishTicket,
    FlagTimes,
    GrantComeBack,
    MarkNoShow,
    ParkTicket,
    RecallTicket,
    RecordServices,
    RestoreTicket,
    StartServing,
    TransferTicket,
    UndoAction,
)
from protocol.errors import TooSoon
from protocol.replies import CallReply, ComeBackReply, CounterReply, TicketIssuedReply, TicketView
from protocol.words import Performed, TicketState

_STEP_SECONDS = 12.0
"""So long, by the hall's time, a clerk takes to notice a mistake."""


class Serving:
    """One citizen at one counter."""

    def __init__(self, desk: Desk, ticket: TicketView) -> None:
        self._desk = desk
        self._pace = desk.pace
        self._ticket = ticket

    def work(self) -> tuple[int | None, TicketView | None]:
        """Serve; the ticket that was finished, and the next one if it was called by the same key. Raises GoneHome."""
        if self._ticket.state is TicketState.CALLED and self._pace.happens(Share.NO_SHOW):
            self._call_in_vain()
            return None, None
        if self._ticket.state is TicketState.CALLED:
            self._receive()
        self._look_at_proof()
        return self._serve()

    # ---- the way to the counter ----

    def _receive(self) -> None:
        self._desk.wait(self._pace.minutes(0.25, 1))
        if self._pace.happens(Share.SLOW):
            self._recall()
            self._desk.wait(self._pace.minutes(0.2, 0.5))
        started = self._do(StartServing, CallReply)
        if self._pace.happens(Share.UNDOES) and started.action_seq is not None:
            self._desk.wait(self._pace.seconds(_STEP_SECONDS / 4))
            self._undo(started.action_seq)
            self._desk.wait(self._pace.seconds(_STEP_SECONDS))
            self._do(StartServing, CallReply)

    def _recall(self) -> None:
        try:
            self._do(RecallTicket, CallReply)
        except TooSoon as soon:
            self._desk.wait(self._pace.seconds(float(soon.facts.get("seconds") or 0) + 1))
            self._do(RecallTicket, CallReply)

    def _call_in_vain(self) -> None:
        """Recall as the hall asks for, then give up; some come later and ask for their number again."""
        habits, desk = self._desk.habits, self._desk
        recalls = max(1, habits.no_show_min_calls - 1)
        step = max(habits.recall_gap_seconds, habits.no_show_min_seconds / (recalls + 1), 20.0) + 1
        for _ in range(recalls):
            desk.wait(self._pace.seconds(step))
            self._recall()
        desk.wait(self._pace.seconds(step))
        self._do(MarkNoShow, CallReply)
        if self._pace.happens(Share.COMES_LATE):
            again = RestoreTicket(self._ticket.ticket_id, desk.counter_id, operator_id=desk.operator_id)
            desk.later.after(self._pace.minutes(3, 12), lambda: desk.ask(again, CallReply))

    def _look_at_proof(self) -> None:
        if self._ticket.class_id == ORDINARY or self._ticket.claim_valid is not None:
            return
        self._do(CheckClaim, CallReply, valid=not self._pace.happens(Share.FALSE_CLAIM))

    # ---- the service and its end ----

    def _serve(self) -> tuple[int | None, TicketView | None]:
        """Once through the service; whoever was here before is done sooner, and stays to the end."""
        desk, seconds = self._desk, self._pace.service_seconds(self._ticket.service_id)
        ending = Ending.FINISH if self._ticket.returned else self._pace.ending()
        desk.wait(seconds * (0.5 if ending in (Ending.PARK, Ending.TRANSFER) or self._ticket.returned else 1.0))
        if self._pace.happens(Share.NOTE):
            self._do(AddNote, CallReply, text=self._pace.words("note"))
        if ending is Ending.TRANSFER and desk.elsewhere:
            self._send_on()
        elif ending is Ending.PARK:
            self._do(ParkTicket, CallReply, minutes=self._pace.one_of([5, 10, 15]), note=self._pace.words("park"))
        elif ending is Ending.COME_BACK:
            return self._send_for_papers(), None
        else:
            return self._finish()
        return None, None

    def _send_on(self) -> None:
        """To a service of another counter, sometimes to that counter alone, sometimes to come back here."""
        there = self._pace.one_of(self._desk.elsewhere)
        services = [service for service in there.services if service != self._ticket.service_id]
        alone = not services or self._pace.happens(Share.SENT_TO_COUNTER)
        self._do(
            TransferTicket,
            CallReply,
            service_id=self._pace.one_of(services) if services else None,
            to_counter_id=there.id if alone else None,
            note=self._pace.words("transfer"),
            comes_back=self._pace.happens(Share.COMES_BACK_HERE),
        )

    def _send_for_papers(self) -> int:
        desk = self._desk
        granted = self._do(
            GrantComeBack,
            ComeBackReply,
            papers=[self._pace.words("paper")],
            hours=desk.habits.come_back_hours,
            performed=self._performed(),
        )
        desk.later.after(self._pace.minutes(12, 40), lambda: desk.ask(CheckIn(granted.token), TicketIssuedReply))
        return self._ticket.ticket_id

    def _finish(self) -> tuple[int | None, TicketView | None]:
        if self._pace.happens(Share.WRONG_TIMES):
            self._do(FlagTimes, CallReply)
        if self._desk.habits.next_finishes and self._pace.happens(Share.NEXT_FINISHES):
            return self._finish_by_next()
        finished = self._do(FinishTicket, CallReply, performed=self._performed())
        if self._pace.happens(Share.UNDOES) and finished.action_seq is not None:
            self._undo(finished.action_seq)
            self._desk.wait(self._pace.seconds(_STEP_SECONDS))
            self._do(FinishTicket, CallReply)
        return self._ticket.ticket_id, None

    def _finish_by_next(self) -> tuple[int | None, TicketView | None]:
        """Say what was done, then let “next” end it."""
        self._do(RecordServices, CallReply, performed=self._performed())
        following = CallNext(
            self._desk.counter_id, finish_ticket_id=self._ticket.ticket_id, operator_id=self._desk.operator_id
        )
        return self._ticket.ticket_id, self._desk.ask(following, CallReply).ticket

    def _performed(self) -> list[Performed]:
        others = [service for service in self._desk.counter.services if service != self._ticket.service_id]
        return self._pace.performed(self._ticket.service_id, others)

    # ---- asking ----

    def _do(self, command: Callable[..., Command], expected: type[R], **fields: object) -> R:
        """Ask for something with the ticket in hand."""
        desk = self._desk
        return desk.ask(
            command(desk.counter_id, self._ticket.ticket_id, operator_id=desk.operator_id, **fields), expected
        )

    def _undo(self, action_seq: int) -> None:
        desk = self._desk
        desk.ask(UndoAction(desk.counter_id, action_seq, operator_id=desk.operator_id), CounterReply)
