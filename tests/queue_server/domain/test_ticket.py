"""A ticket moves only as its table says."""

import datetime as dt
import itertools

import pytest
from msgspec.structs import replace

from protocol.errors import WrongState
from protocol.events import CallReason, CallRule, TicketIssued, TicketTransferred
from protocol.words import Origin, TicketState
from queue_server.domain.ticket import LIVE, MOVES, Leg, Ticket, issued
from tests.queue_server.factories import MORNING

REASON = CallReason(CallRule.TURN, 1.0, [])
SENT_ON = TicketTransferred(
    7, "A001", "land", TicketState.WAITING, TicketState.WAITING, to_service_id="civil", class_id="ordinary"
)
DOING = {
    "call": lambda ticket: ticket.check("call").call("3", "01", REASON, MORNING),
    "resume": lambda ticket: ticket.check("resume").call("3", "01", REASON, MORNING),
    "recall": lambda ticket: ticket.recall(MORNING),
    "start": lambda ticket: ticket.start(MORNING),
    "start_directly": lambda ticket: ticket.start_directly("3", "01", MORNING),
    "restore": lambda ticket: ticket.restore(),
    "delay": lambda ticket: ticket.delay(MORNING),
    "park": lambda ticket: ticket.park(MORNING, MORNING),
    "return": lambda ticket: ticket.return_(),
    "transfer": lambda ticket: ticket.transfer(SENT_ON, MORNING),
    "finish": lambda ticket: ticket.finish(MORNING),
    "mark_no_show": lambda ticket: ticket.mark_no_show(MORNING),
    "cancel": lambda ticket: ticket.cancel(MORNING),
}


def ticket_in(state: TicketState) -> Ticket:
    return Ticket(7, "A001", MORNING.date(), "A", "land", "ordinary", "vi", MORNING, state=state)


def test_a_ticket_is_what_the_event_says_that_gave_it() -> None:
    later = MORNING + dt.timedelta(minutes=5)
    event = TicketIssued(
        7,
        "C012",
        12,
        MORNING.date(),
        "C",
        "civil",
        "elderly",
        "en",
        3,
        "1.000656",
        origin=Origin.APPOINTMENT,
        counts_since=MORNING,
        slot_at=later,
        on_time=True,
        claim_id=2,
    )
    assert issued(event, later) == Ticket(
        7,
        "C012",
        MORNING.date(),
        "C",
        "civil",
        "elderly",
        "en",
        later,
        procedure_code="1.000656",
        moved_seq=7,
        origin=Origin.APPOINTMENT,
        counts_since=MORNING,
        slot_at=later,
        on_time=True,
        claim_id=2,
    )
    handed_in = replace(event, issued_at=MORNING)
    assert issued(handed_in, later).issued_at == MORNING, "on its paper, not when the server heard of it"


@pytest.mark.parametrize(("move", "state"), list(itertools.product(MOVES, TicketState)))
def test_a_move_is_done_from_its_states_and_refused_from_all_others(move: str, state: TicketState) -> None:
    allowed, after = MOVES[move]
    if state in allowed:
        assert DOING[move](ticket_in(state)).state is after
    else:
        with pytest.raises(WrongState) as refused:
            DOING[move](ticket_in(state))
        assert refused.value.facts["state"] == state.value


def test_every_move_of_the_table_is_a_verb_of_the_ticket() -> None:
    assert set(DOING) == set(MOVES)


def test_only_restoring_moves_a_ticket_that_ended_and_never_a_served_one() -> None:
    ended = set(TicketState) - LIVE
    assert ended == {TicketState.FINISHED, TicketState.NO_SHOW, TicketState.CANCELLED}
    assert [move for move, (allowed, _) in MOVES.items() if allowed & ended] == ["restore"]
    assert TicketState.FINISHED not in MOVES["restore"][0]


def test_a_ticket_keeps_who_called_it_and_when() -> None:
    called = ticket_in(TicketState.WAITING).call("3", "01", REASON, MORNING)
    assert (called.counter_id, called.operator_id, called.called_at) == ("3", "01", MORNING)
    assert called.recall(MORNING).recall(MORNING).recalls == 2


def test_a_transfer_keeps_number_and_time_and_writes_the_stay_down() -> None:
    sent = ticket_in(TicketState.WAITING).call("3", "01", REASON, MORNING).transfer(SENT_ON, MORNING)
    assert (sent.number, sent.issued_at, sent.service_id, sent.returned) == ("A001", MORNING, "civil", True)
    assert (sent.counter_id, sent.called_at, sent.legs[0].counter_id) == (None, None, "3")


def test_a_parked_ticket_waits_for_the_counter_that_parked_it() -> None:
    called = ticket_in(TicketState.WAITING).call("3", "01", REASON, MORNING)
    assert called.park(MORNING, MORNING).return_().target == "counter:3"


LATER = MORNING + dt.timedelta(minutes=5)
LATEST = MORNING + dt.timedelta(minutes=9)


def in_hand(state: TicketState) -> Ticket:
    """A ticket at counter 3: called twice, and being served if its state says so."""
    serving_at = LATER if state is TicketState.SERVING else None
    at = {"counter_id": "3", "operator_id": "01", "called_at": MORNING, "announced_at": LATER, "serving_at": serving_at}
    return replace(ticket_in(state), recalls=1, **at)


def test_a_call_starts_a_stay_of_its_own_and_leaves_nothing_of_the_one_before() -> None:
    before = replace(
        in_hand(TicketState.PARKED),
        serving_at=LATER,
        ended_at=LATER,
        parked_until=LATEST,
        to_counter_id="3",
        to_operator_id="01",
    )
    at = {"counter_id": "5", "operator_id": "02", "called_at": LATEST, "announced_at": LATEST}
    assert before.call("5", "02", REASON, LATEST) == replace(ticket_in(TicketState.CALLED), reason=REASON, **at)


def test_a_service_that_begins_without_a_call_is_of_that_counter_and_person_from_that_instant() -> None:
    parked = replace(ticket_in(TicketState.PARKED), parked_until=LATEST, to_counter_id="3")
    at = {"counter_id": "5", "operator_id": "02", "called_at": LATER, "serving_at": LATER}
    assert parked.start_directly("5", "02", LATER) == replace(ticket_in(TicketState.SERVING), **at)


def test_a_no_show_ends_when_it_was_marked_and_its_stay_is_written_down_when_it_comes_back() -> None:
    missed = in_hand(TicketState.CALLED).mark_no_show(LATEST)
    assert (missed.ended_at, missed.counter_id) == (LATEST, "3")
    stay = Leg("land", "3", "01", MORNING, LATEST, None, TicketState.NO_SHOW)
    assert missed.restore() == replace(ticket_in(TicketState.WAITING), legs=[stay], returned=True)


def test_who_was_never_called_comes_back_as_if_nothing_had_been() -> None:
    cancelled = ticket_in(TicketState.WAITING).cancel(LATER)
    assert (cancelled.ended_at, cancelled.withdrawn) == (LATER, False)
    assert cancelled.restore() == ticket_in(TicketState.WAITING)
    assert ticket_in(TicketState.WAITING).cancel(LATER, withdrawn=True).restore().withdrawn is False


def test_a_ticket_that_returned_once_stays_one_that_returned() -> None:
    again = replace(ticket_in(TicketState.WAITING), returned=True).cancel(LATER).restore()
    assert again.returned


def test_parking_ends_the_stay_and_names_the_counter_to_come_back_to() -> None:
    stay = Leg("land", "3", "01", MORNING, LATEST, LATER, TicketState.PARKED)
    parked = in_hand(TicketState.SERVING).park(LATEST, LATEST)
    aside = {"parked_until": LATEST, "to_counter_id": "3", "returned": True, "legs": [stay]}
    assert parked == replace(ticket_in(TicketState.PARKED), **aside)
    assert parked.return_() == replace(parked, state=TicketState.WAITING, parked_until=None)
    assert parked.cancel(LATEST).parked_until is None


def test_a_stay_is_written_down_only_of_who_was_called_and_when_it_ended() -> None:
    waiting = ticket_in(TicketState.WAITING)
    assert waiting.with_leg(LATER) is waiting
    called = replace(waiting, called_at=MORNING)
    assert called.with_leg(None) is called
    assert called.with_leg(LATER).legs == [Leg("land", "", "", MORNING, LATER)]


def test_sending_on_from_the_hand_ends_the_stay_and_from_the_line_does_not() -> None:
    served = in_hand(TicketState.SERVING).transfer(SENT_ON, LATEST)
    stay = Leg("land", "3", "01", MORNING, LATEST, LATER)
    assert served == replace(ticket_in(TicketState.WAITING), service_id="civil", legs=[stay], returned=True)
    cancelled_once = replace(ticket_in(TicketState.WAITING), called_at=MORNING)
    assert cancelled_once.transfer(SENT_ON, LATEST).legs == []
    assert not cancelled_once.transfer(SENT_ON, LATEST).returned


def test_a_refused_move_says_of_which_ticket_and_which_move() -> None:
    with pytest.raises(WrongState) as refused:
        ticket_in(TicketState.FINISHED).cancel(LATER)
    assert refused.value.facts == {"ticket_id": 7, "number": "A001", "state": "finished", "move": "cancel"}


def test_for_whom_a_ticket_waits_is_the_counter_before_the_person() -> None:
    waiting = ticket_in(TicketState.WAITING)
    assert waiting.target == ""
    assert replace(waiting, to_operator_id="02").target == "operator:02"
    assert replace(waiting, to_operator_id="02", to_counter_id="5").target == "counter:5"
