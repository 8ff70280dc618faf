"""Taking back: everything is as it was, times and notes too; and what can't be taken back is not offered."""

import pytest
from msgspec.structs import replace

from config.settings import Calling
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import Performed, TicketState
from queue_server.domain.ticket import Ticket
from queue_server.verifying import verify
from tests.queue_server.factories import PHONE, SmallHall, hall_file


@pytest.fixture
def hall() -> SmallHall:
    hall = SmallHall()
    hall.open("1", "3")
    return hall


def image(hall: SmallHall, ticket_id: int) -> Ticket:
    """A ticket without what goes on whatever is taken back."""
    return replace(hall.ticket(ticket_id), moved_seq=0)


DONE = [Performed("land", 1, "received")]
WHILE_SERVING = {
    "finish": lambda i: cmd.FinishTicket("1", i, DONE),
    "finish and call": lambda i: cmd.CallNext("1", finish_ticket_id=i),
    "park": lambda i: cmd.ParkTicket("1", i, 10, "đi photo"),
    "transfer": lambda i: cmd.TransferTicket("1", i, "civil", to_counter_id="2", note="chuyển", comes_back=True),
    "services": lambda i: cmd.RecordServices("1", i, DONE),
    "note": lambda i: cmd.AddNote("1", i, "ghi chú"),
    "flag": lambda i: cmd.FlagTimes("1", i),
    "claim": lambda i: cmd.CheckClaim("1", i, valid=False),
    "slip": lambda i: cmd.GrantComeBack("1", i, ["ảnh"], 24, DONE),
    "cancel": lambda i: cmd.CancelTicket(ticket_id=i, counter_id="1"),
}


@pytest.mark.parametrize("command", WHILE_SERVING.values(), ids=WHILE_SERVING)
def test_what_was_done_to_the_ticket_in_service_is_taken_back_with_its_times_and_notes(hall, command) -> None:  # type: ignore[no-untyped-def]
    hall.issue("land", "elderly")
    hall.issue("land")
    hall.clock.tick(3)
    ticket_id = hall.start().ticket_id
    hall.ask(cmd.AddNote("1", ticket_id, "lời trước"))
    hall.clock.tick(2)
    hall.ask(cmd.KeepCounter("1"))
    before, desk = image(hall, ticket_id), hall.desk()
    assert not isinstance(hall.ask(command(ticket_id)), re.Refused)
    hall.clock.tick(9 / 60)
    assert isinstance(hall.undo(), re.CounterReply)
    after = hall.desk()
    assert image(hall, ticket_id) == before
    assert after.counter == desk.counter, "the counter holds it since when it did"
    assert [note.text for note in after.notes] == ["lời trước"]
    assert [ticket.ticket_id for ticket in after.tickets] == [ticket.ticket_id for ticket in desk.tickets]
    assert hall.service.hall.come_backs == {}
    assert hall.service.satisfaction.finished == 0
    assert verify(hall.storage) == hall.service.hall.seq


@pytest.mark.parametrize("state", ["waiting", "no_show", "called"])
def test_what_was_done_to_a_ticket_in_another_state_is_taken_back(hall: SmallHall, state: str) -> None:
    ticket_id = hall.issue("land").ticket.ticket_id
    if state == "waiting":
        undone: cmd.Command = cmd.CancelTicket(ticket_id=ticket_id, counter_id="1")
    else:
        hall.call()
        undone = cmd.RecallTicket("1", ticket_id)
    if state == "no_show":
        hall.ask(cmd.MarkNoShow("1", ticket_id))
        undone = cmd.RestoreTicket(ticket_id, "1")
    before = image(hall, ticket_id)
    assert not isinstance(hall.ask(undone), re.Refused)
    assert image(hall, ticket_id) != before
    assert isinstance(hall.undo(), re.CounterReply)
    assert image(hall, ticket_id) == before
    assert verify(hall.storage) == hall.service.hall.seq


def test_a_parked_ticket_that_was_cancelled_is_parked_again(hall: SmallHall) -> None:
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start()
    hall.ask(cmd.ParkTicket("1", ticket_id, 10))
    before = image(hall, ticket_id)
    hall.ask(cmd.CancelTicket(ticket_id=ticket_id, counter_id="1"))
    assert isinstance(hall.undo(), re.CounterReply)
    assert image(hall, ticket_id) == before


def test_what_can_not_be_set_back_is_refused_and_not_called_done(hall: SmallHall) -> None:
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start()
    hall.ask(cmd.FinishTicket("1", ticket_id))
    action = hall.desk().undoable
    assert action is not None
    for _ in range(5):
        hall.ask(cmd.AssignServices("90", "1", ["land"]))
        hall.ask(cmd.AssignServices("90", "1"))
    assert hall.desk().undoable is None
    assert hall.refusal(cmd.UndoAction("1", action.action_seq)) == "undo_impossible"
    assert hall.ticket(ticket_id).state is TicketState.FINISHED


def test_an_undone_call_leaves_the_line_as_it_was_and_the_wish_for_the_next_arrival_too(hall: SmallHall) -> None:
    first = hall.issue("land").ticket
    hall.clock.tick(1)
    hall.issue("land")
    hall.call()
    hall.undo()
    assert hall.desk().tickets[0].ticket_id == first.ticket_id
    assert hall.ticket(first.ticket_id).called_at is None
    called = hall.call("3")
    assert called is not None
    assert called.ticket_id == first.ticket_id


def test_after_its_seconds_an_action_is_neither_offered_nor_taken_back(hall: SmallHall) -> None:
    hall.issue()
    hall.call()
    action = hall.desk().undoable
    assert action is not None
    assert (action.until - hall.clock.now).total_seconds() == 10
    hall.clock.tick(10 / 60)
    assert hall.desk().undoable is not None
    hall.clock.tick(0.1 / 60)
    assert hall.desk().undoable is None
    assert hall.refusal(cmd.UndoAction("1", action.action_seq)) == "undo_impossible"


def test_only_the_last_action_is_taken_back_and_only_once(hall: SmallHall) -> None:
    hall.issue()
    ticket_id = hall.start().ticket_id
    started = hall.desk().undoable
    assert started is not None
    hall.undo()
    assert hall.refusal(cmd.UndoAction("1", started.action_seq)) == "undo_impossible"
    assert hall.ticket(ticket_id).state is TicketState.CALLED
    assert hall.desk().undoable is None


def test_what_others_went_on_from_is_not_offered_either(hall: SmallHall) -> None:
    hall.open("2")
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start()
    hall.ask(cmd.TransferTicket("1", ticket_id, "civil"))
    action = hall.desk().undoable
    assert action is not None
    hall.call("2")
    assert hall.desk().undoable is None
    assert hall.refusal(cmd.UndoAction("1", action.action_seq)) == "undo_impossible"


def test_a_rated_ticket_stays_finished(hall: SmallHall) -> None:
    issued = hall.issue("land")
    finished = hall.serve()
    action = hall.desk().undoable
    assert action is not None
    hall.ask(cmd.RateTicket(issued.token, 5), PHONE)
    assert hall.desk().undoable is None
    assert hall.refusal(cmd.UndoAction("1", action.action_seq)) == "undo_impossible"
    assert hall.ticket(finished.ticket_id).state is TicketState.FINISHED


def test_a_slip_that_was_used_stays_given(hall: SmallHall) -> None:
    hall.issue("land")
    ticket_id = hall.start().ticket_id
    slip = hall.get(re.ComeBackReply, cmd.GrantComeBack("1", ticket_id, ["ảnh"], 24))
    hall.get(re.TicketIssuedReply, cmd.CheckIn(slip.token))
    assert slip.action_seq is not None
    assert hall.refusal(cmd.UndoAction("1", slip.action_seq)) == "undo_impossible"


def test_an_arrival_that_came_by_itself_is_not_the_operators_action(hall: SmallHall) -> None:
    hall.ask(cmd.CallNext("1", wait=True))
    hall.issue("land")
    desk = hall.desk()
    assert desk.counter.ticket is not None
    assert desk.undoable is None, "what would be refused is not offered"


def test_a_supervisor_who_takes_the_counter_over_ends_what_could_be_taken_back(hall: SmallHall) -> None:
    hall.issue()
    hall.call()
    action = hall.desk().undoable
    assert action is not None
    hall.ask(cmd.TakeOverCounter("90", "1", "05"))
    assert hall.desk().undoable is None
    assert hall.refusal(cmd.UndoAction("1", action.action_seq, operator_id="05")) == "undo_impossible"


def test_a_number_made_by_what_is_taken_back_is_gone_and_never_given_again(hall: SmallHall) -> None:
    direct = hall.get(re.CallReply, cmd.ServeDirectly("1", "land")).ticket
    assert direct is not None
    hall.undo()
    assert hall.ticket(direct.ticket_id).state is TicketState.CANCELLED
    assert hall.desk().counter.ticket is None
    assert hall.issue("land").ticket.number == "A002"


def test_the_log_says_what_was_taken_back_and_by_whom(hall: SmallHall) -> None:
    hall.issue()
    hall.call()
    hall.undo()
    (undone,) = hall.log(ev.ActionUndone)
    (called,) = hall.log(ev.TicketCalled)
    assert (undone.action, undone.operator_id, undone.counter_id) == ("call_next", "01", "1")
    assert [(t.ticket_id, t.state_before, t.state) for t in undone.tickets] == [
        (called.ticket_id, TicketState.CALLED, TicketState.WAITING)
    ]


def test_a_pause_is_taken_back_to_an_open_counter(hall: SmallHall) -> None:
    hall.ask(cmd.PauseCounter("1", "break"))
    hall.undo()
    assert hall.desk().counter.paused_reason_id is None
    hall.ask(cmd.PauseCounter("1", "break"))
    hall.ask(cmd.ContinueCounter("1"))
    hall.undo()
    assert hall.desk().counter.paused_reason_id == "break"


def test_an_ordinary_call_that_is_taken_back_ends_no_run_of_priority_calls() -> None:
    hall = SmallHall(hall_file(calling=Calling(limits=False, max_priority_run=1)))
    hall.open("1")
    hall.issue("land")
    hall.clock.tick(14)
    for _ in range(3):
        hall.issue("land", "elderly")
    hall.clock.tick(20)
    first = hall.call()
    assert first is not None
    hall.ask(cmd.MarkNoShow("1", first.ticket_id))
    owed = hall.call()
    hall.undo()
    again = hall.call()
    assert owed is not None
    assert again is not None
    assert again.ticket_id == owed.ticket_id


def test_a_note_that_another_counter_left_meanwhile_stays_and_is_counted(hall: SmallHall) -> None:
    hall.issue("land")
    finished = hall.serve("1")
    hall.ask(cmd.AddNote("3", finished.ticket_id, "đã gọi lại"))
    hall.undo("1")
    assert [note.text for note in hall.desk("1").notes] == ["đã gọi lại"]
    assert hall.ticket(finished.ticket_id).notes == 1


def test_a_call_for_help_ends_what_could_be_taken_back(hall: SmallHall) -> None:
    hall.issue()
    hall.call()
    hall.ask(cmd.RaiseAlarm("1"))
    assert hall.desk().undoable is None


def test_what_is_taken_back_without_a_ticket_names_no_number(hall: SmallHall) -> None:
    hall.ask(cmd.PauseCounter("1", "break"))
    undoable = hall.desk().undoable
    assert undoable is not None
    assert (undoable.action, undoable.number) == ("pause_counter", "")
