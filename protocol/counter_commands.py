"""What a counter may ask of the hall: its operator's desk page, its keypad.

Each command says what its sender believes: the counter, the ticket and, with `operator_id`, who sits there. If the
belief is wrong the hall refuses, so that a stale page or a second press can't do harm.
"""

from typing import Annotated

from msgspec import Meta, Struct

from protocol.words import Comment, Contact, Criteria, Id, Minutes, Performed, Reasons, Score, Seq, ShortText, TicketId


class _AtCounter(Struct, frozen=True, gc=False, kw_only=True, tag_field="type"):
    """A command of a counter; with `operator_id` it is refused unless that operator sits there."""

    operator_id: Id | None = None


# ---- the counter itself ----


class OpenCounter(Struct, frozen=True, gc=False, tag_field="type", tag="open_counter"):
    """Put an operator at a counter, so that it may call; a counter whose lease is over passes to the next operator."""

    counter_id: Id
    operator_id: Id


class CloseCounter(_AtCounter, frozen=True, tag="close_counter"):
    """Take the operator from an idle counter, perhaps for one of the hall's pause reasons."""

    counter_id: Id
    reason_id: Id | None = None


class PauseCounter(_AtCounter, frozen=True, tag="pause_counter"):
    """Stop calling at an idle counter for one of the hall's reasons; the operator stays."""

    counter_id: Id
    reason_id: Id


class ContinueCounter(_AtCounter, frozen=True, tag="continue_counter"):
    """End a counter's pause."""

    counter_id: Id


class KeepCounter(_AtCounter, frozen=True, tag="keep_counter"):
    """Say that the counter's page or keypad is still there: renews its lease, changes nothing else."""

    counter_id: Id


class RaiseAlarm(_AtCounter, frozen=True, tag="raise_alarm"):
    """Call for help at once, also from a counter that is closed: the panic button."""

    counter_id: Id


class AnswerAlarm(_AtCounter, frozen=True, tag="answer_alarm"):
    """Say that help is at the counter `alarm_counter_id`: ends its alarm."""

    counter_id: Id
    alarm_counter_id: Id


class UndoAction(_AtCounter, frozen=True, tag="undo_action"):
    """Take back the counter's last action, named by the seq of its first event, within the hall's seconds."""

    counter_id: Id
    action_seq: Seq


# ---- calling ----


class CallNext(_AtCounter, frozen=True, tag="call_next"):
    """Call whoever is next by the hall's rule, or by it within one service; an empty line is answered with no ticket.

    `finish_ticket_id`: finish this running ticket first, if the hall allows it. `wait`: if nobody waits, call the next
    who arrives (auto-call), until asked again without it.
    """

    counter_id: Id
    service_id: Id | None = None
    finish_ticket_id: TicketId | None = None
    wait: bool = False


class CallTicket(_AtCounter, frozen=True, tag="call_ticket"):
    """Call a given number out of order, by whoever may; the reason is recorded. Digits alone do if they are unique."""

    counter_id: Id
    number: Annotated[str, Meta(min_length=1, max_length=16)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class RecallTicket(_AtCounter, frozen=True, tag="recall_ticket"):
    """Announce again the ticket called to this counter."""

    counter_id: Id
    ticket_id: TicketId


class StartServing(_AtCounter, frozen=True, tag="start_serving"):
    """Say that the called citizen has arrived at this counter."""

    counter_id: Id
    ticket_id: TicketId


class MarkNoShow(_AtCounter, frozen=True, tag="mark_no_show"):
    """Say that the called citizen did not come, after the hall's minimum of calls and seconds."""

    counter_id: Id
    ticket_id: TicketId


class RestoreTicket(_AtCounter, frozen=True, tag="restore_ticket"):
    """Put a no-show or cancelled ticket of today back into its line, with its original time.

    From a counter, or without one by a supervisor named in `operator_id`.
    """

    ticket_id: TicketId
    counter_id: Id | None = None


class ServeDirectly(_AtCounter, frozen=True, tag="serve_directly"):
    """Serve somebody without a ticket, or work on an item without a citizen: nothing is announced."""

    counter_id: Id
    service_id: Id
    class_id: Id = "ordinary"
    back_office: bool = False


# ---- the ticket in hand ----


class FinishTicket(_AtCounter, frozen=True, tag="finish_ticket"):
    """End the service of the ticket at this counter; its rating opens, unless it must go back to an earlier counter."""

    counter_id: Id
    ticket_id: TicketId
    performed: Annotated[list[Performed], Meta(max_length=20)] = []


class ParkTicket(_AtCounter, frozen=True, tag="park_ticket"):
    """Set a ticket aside for some minutes; when they are over it comes back into the line by itself."""

    counter_id: Id
    ticket_id: TicketId
    minutes: Minutes
    note: ShortText = ""


class ResumeTicket(_AtCounter, frozen=True, tag="resume_ticket"):
    """Call a parked ticket back to this counter."""

    counter_id: Id
    ticket_id: TicketId


class TransferTicket(_AtCounter, frozen=True, tag="transfer_ticket"):
    """Send a ticket on to a service, a counter or a person: it keeps its number and its original time.

    `comes_back`: when the next counter has finished, the ticket returns here. `not_before_minutes`: it may not be
    called earlier.
    """

    counter_id: Id
    ticket_id: TicketId
    service_id: Id | None = None
    to_counter_id: Id | None = None
    to_operator_id: Id | None = None
    note: ShortText = ""
    comes_back: bool = False
    not_before_minutes: Annotated[int, Meta(ge=0, le=480)] = 0


class RecordServices(_AtCounter, frozen=True, tag="record_services"):
    """Say which services this visit has had so far, with quantities and results; replaces what was said before."""

    counter_id: Id
    ticket_id: TicketId
    performed: Annotated[list[Performed], Meta(max_length=20)]


class AddNote(_AtCounter, frozen=True, tag="add_note"):
    """Leave a note on a ticket for the next counter; it is kept apart from the log and can be erased."""

    counter_id: Id
    ticket_id: TicketId
    text: Annotated[str, Meta(min_length=1, max_length=1000)]


class FlagTimes(_AtCounter, frozen=True, tag="flag_times"):
    """Say that the times of this visit are wrong (or right after all): wrong ones stay out of the statistics."""

    counter_id: Id
    ticket_id: TicketId
    wrong: bool = True


class CheckClaim(_AtCounter, frozen=True, tag="check_claim"):
    """Say whether the proof of a priority class was there; a false claim makes the ticket ordinary and is counted."""

    counter_id: Id
    ticket_id: TicketId
    valid: bool


class GrantComeBack(_AtCounter, frozen=True, tag="grant_come_back"):
    """Finish a ticket whose dossier must be supplemented: its citizen may come back without queueing again."""

    counter_id: Id
    ticket_id: TicketId
    papers: Annotated[list[ShortText], Meta(min_length=1, max_length=20)]
    hours: Annotated[int, Meta(ge=1, le=240)]
    performed: Annotated[list[Performed], Meta(max_length=20)] = []


class RateAtCounter(_AtCounter, frozen=True, tag="rate_at_counter"):
    """The one rating of the ticket that this counter finished last, given by its citizen on its box or tablet."""

    counter_id: Id
    ticket_id: TicketId
    score: Score
    reasons: Reasons = []
    comment: Comment = ""
    criteria: Criteria = {}
    contact: Contact = ""

    def __repr__(self) -> str:
        """Without the score and what was written: they stand in no log."""
        return f"RateAtCounter(counter_id={self.counter_id!r})"
