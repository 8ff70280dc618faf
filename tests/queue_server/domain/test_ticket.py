"""A ticket moves only as its table says."""

import itertools

import pytest

from protocol.errors import WrongState
from protocol.events import CallReason, CallRule, TicketTransferred
from protocol.words import TicketState
from queue_server.domain.ticket import LIVE, MOVES, Ticket
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
