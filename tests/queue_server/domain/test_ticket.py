"""A ticket moves only as its table says."""

import itertools

import pytest

from protocol.errors import WrongState
from protocol.words import TicketState
from queue_server.domain.ticket import LIVE, MOVES, Ticket
from tests.queue_server.factories import MORNING

DOING = {
    "call": lambda ticket: ticket.call("3", "01", MORNING),
    "recall": lambda ticket: ticket.recall(),
    "start": lambda ticket: ticket.start(MORNING),
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


def test_nothing_moves_a_ticket_that_ended() -> None:
    ended = set(TicketState) - LIVE
    assert ended == {TicketState.FINISHED, TicketState.NO_SHOW, TicketState.CANCELLED}
    assert all(not (allowed & ended) for allowed, _ in MOVES.values())


def test_a_ticket_keeps_who_called_it_and_when() -> None:
    called = ticket_in(TicketState.WAITING).call("3", "01", MORNING)
    assert (called.counter_id, called.operator_id, called.called_at) == ("3", "01", MORNING)
    assert called.recall().recall().recalls == 2
