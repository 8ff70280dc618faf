"""Who sits where: leases, pauses, calls for help, and who may not sit anywhere."""

import pytest

from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState
from queue_server.domain.rows import Device
from tests.queue_server.factories import DESK, SmallHall

BOX = Device("box-1", "counter", "b", counter_id="1")
LEASE_MINUTES = 1.0


@pytest.fixture
def hall() -> SmallHall:
    hall = SmallHall()
    hall.open("1")
    return hall


# ---- the lease ----


def test_a_counter_is_another_operators_only_when_its_page_was_silent_for_the_lease(hall: SmallHall) -> None:
    hall.clock.tick(LEASE_MINUTES)
    assert hall.refusal(cmd.OpenCounter("1", "05")) == "counter_taken"
    hall.clock.tick(0.1)
    taken = hall.get(re.CounterReply, cmd.OpenCounter("1", "05")).counter
    assert taken.operator_id == "05"
    (_, passed) = hall.log(ev.CounterOpened)
    assert (passed.operator_id, passed.from_operator_id) == ("05", "01"), "the log says from whom"
    assert hall.refusal(cmd.CallNext("1", operator_id="01"), DESK) == "lease_taken", "his old page learns it"


def test_a_page_that_says_it_is_there_keeps_the_counter(hall: SmallHall) -> None:
    for _ in range(5):
        hall.clock.tick(LEASE_MINUTES * 0.9)
        hall.get(re.DoneReply, cmd.KeepCounter("1", operator_id="01"))
    assert hall.refusal(cmd.OpenCounter("1", "05")) == "counter_taken"
    before = hall.service.hall.seq
    hall.ask(cmd.KeepCounter("1"))
    assert hall.service.hall.seq == before, "being there is nothing for the log"


def test_a_page_that_lost_its_counter_can_not_keep_it(hall: SmallHall) -> None:
    hall.ask(cmd.TakeOverCounter("90", "1", "05"))
    assert hall.refusal(cmd.KeepCounter("1", operator_id="01")) == "lease_taken"


def test_a_counter_whose_page_is_silent_is_told_from_one_that_is_there_and_one_that_is_closed(hall: SmallHall) -> None:
    hall.open("2")
    hall.clock.tick(LEASE_MINUTES + 0.1)
    hall.ask(cmd.KeepCounter("2", operator_id="02"))
    counters = hall.get(re.Snapshot, cmd.GetSnapshot()).counters
    assert [(one.open, one.connected) for one in counters] == [(True, False), (True, True), (False, True)]


def test_a_supervisor_who_answers_for_a_counter_does_not_keep_it_for_who_left(hall: SmallHall) -> None:
    hall.ask(cmd.RaiseAlarm("1"))
    hall.clock.tick(LEASE_MINUTES + 0.1)
    hall.get(re.CounterReply, cmd.AnswerAlarm("1", "1", operator_id="90"))
    assert hall.get(re.CounterReply, cmd.OpenCounter("1", "05")).counter.operator_id == "05"


def test_a_silent_counter_keeps_its_ticket_and_its_times_for_whoever_comes(hall: SmallHall) -> None:
    hall.issue()
    served = hall.start()
    hall.clock.tick(LEASE_MINUTES + 0.1)
    passed = hall.get(re.CounterReply, cmd.OpenCounter("1", "05")).counter
    assert passed.ticket is not None
    assert (passed.ticket.ticket_id, passed.ticket.serving_at) == (served.ticket_id, served.serving_at)
    assert passed.since == served.called_at, "the times are not made new"
    finished = hall.get(re.CallReply, cmd.FinishTicket("1", served.ticket_id, operator_id="05")).ticket
    assert finished is not None
    assert finished.serving_at == served.serving_at


def test_the_same_operator_resumes_where_he_was_whenever_he_comes(hall: SmallHall) -> None:
    hall.issue()
    served = hall.start()
    hall.clock.tick(30)
    before = hall.service.hall.seq
    resumed = hall.get(re.CounterReply, cmd.OpenCounter("1", "01")).counter
    assert resumed.ticket is not None
    assert (resumed.ticket.ticket_id, resumed.ticket.serving_at) == (served.ticket_id, served.serving_at)
    assert hall.service.hall.seq == before, "nothing happened, so the log says nothing"


def test_nobody_sits_at_two_counters_while_the_first_is_alive_or_holds_a_ticket(hall: SmallHall) -> None:
    assert hall.refusal(cmd.OpenCounter("2", "01")) == "operator_elsewhere"
    hall.issue()
    hall.start()
    hall.clock.tick(10)
    assert hall.refusal(cmd.OpenCounter("2", "01")) == "operator_elsewhere", "his citizen still sits there"


def test_an_operator_whose_page_died_at_an_idle_counter_moves_and_the_old_one_closes(hall: SmallHall) -> None:
    hall.clock.tick(LEASE_MINUTES + 0.1)
    hall.get(re.CounterReply, cmd.OpenCounter("2", "01"))
    assert hall.service.hall.counters["1"].operator_id is None
    assert [body.counter_id for body in hall.log(ev.CounterClosed)] == ["1"]


def test_a_server_that_starts_gives_the_pages_time_to_be_heard() -> None:
    first = SmallHall()
    first.open("1")
    first.clock.tick(0.1)
    again = SmallHall(storage=first.storage)
    again.clock.now = first.clock.now
    assert again.refusal(cmd.OpenCounter("1", "05"), request_id="after-restart-1") == "counter_taken"
    again.clock.tick(LEASE_MINUTES + 0.1)
    assert isinstance(again.ask(cmd.OpenCounter("1", "05"), request_id="after-restart-2"), re.CounterReply)


# ---- pauses ----


def test_a_paused_counter_keeps_its_operator_says_why_and_is_called_to_nothing(hall: SmallHall) -> None:
    hall.clock.tick(3)
    paused = hall.get(re.CounterReply, cmd.PauseCounter("1", "break")).counter
    assert (paused.operator_id, paused.paused_reason_id, paused.since) == ("01", "break", hall.clock.now)
    hall.issue()
    assert hall.refusal(cmd.CallNext("1")) == "counter_paused"
    hall.get(re.CounterReply, cmd.ContinueCounter("1"))
    assert hall.call() is not None


def test_who_waits_for_the_next_arrival_and_pauses_gets_nobody(hall: SmallHall) -> None:
    hall.ask(cmd.CallNext("1", wait=True))
    hall.ask(cmd.PauseCounter("1", "break"))
    hall.issue()
    hall.ask(cmd.ContinueCounter("1"))
    assert hall.desk().counter.ticket is None, "a pause ends the wish"


# ---- calls for help ----


def test_a_call_for_help_reaches_every_desk_until_somebody_is_there(hall: SmallHall) -> None:
    hall.open("2")
    raised = hall.get(re.CounterReply, cmd.RaiseAlarm("1"), BOX).counter
    assert raised.alarm_at == hall.clock.now
    hall.clock.tick(1)
    hall.ask(cmd.RaiseAlarm("1"), BOX)
    assert len(hall.log(ev.AlarmRaised)) == 1, "pressing again goes on calling"
    assert hall.desk("2").alarms == ["1"]
    assert hall.overview().alerts[0].code == "alarm", "the first thing that the head of the hall reads"
    hall.get(re.CounterReply, cmd.AnswerAlarm("2", "1"))
    assert hall.desk("2").alarms == []
    (answered,) = hall.log(ev.AlarmAnswered)
    assert (answered.counter_id, answered.operator_id, answered.at_counter_id) == ("1", "02", "2")
    assert hall.refusal(cmd.AnswerAlarm("2", "1")) == "no_alarm"


def test_a_call_for_help_works_while_serving_paused_and_does_not_touch_the_ticket(hall: SmallHall) -> None:
    hall.issue()
    served = hall.start()
    hall.ask(cmd.RaiseAlarm("1"))
    counter = hall.desk().counter
    assert counter.ticket is not None
    assert (counter.ticket.ticket_id, counter.ticket.state) == (served.ticket_id, TicketState.SERVING)
    assert counter.alarm_at is not None


def test_a_supervisor_answers_without_sitting_anywhere(hall: SmallHall) -> None:
    hall.ask(cmd.RaiseAlarm("1"))
    hall.get(re.CounterReply, cmd.AnswerAlarm("1", "1", operator_id="90"), DESK)
    (answered,) = hall.log(ev.AlarmAnswered)
    assert answered.operator_id == "90"
    hall.ask(cmd.RaiseAlarm("1"))
    assert hall.refusal(cmd.AnswerAlarm("77", "1", operator_id="90")) == "unknown_counter"


# ---- persons ----


def test_an_auditor_sits_nowhere_and_nobody_puts_him_there(hall: SmallHall) -> None:
    assert hall.refusal(cmd.OpenCounter("2", "98")) == "not_permitted"
    assert hall.refusal(cmd.TakeOverCounter("90", "1", "98")) == "not_permitted"
