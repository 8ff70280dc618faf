"""A past day is played again as it was under its own rule, and otherwise under another."""

import datetime as dt

import pytest
from msgspec.structs import replace

from config import settings as st
from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.events import CounterOpened, Event
from queue_server.domain.rules import Rules, rules_of
from queue_server.rehearsal.calls import Called
from queue_server.rehearsal.changes import changed, gentle
from queue_server.rehearsal.figures import cost
from queue_server.rehearsal.past import PastDay, read_day
from queue_server.rehearsal.play import play
from tests.conftest import ROOT
from tests.queue_server.factories import MORNING, SmallHall, hall_file
from tests.queue_server.played_day import PlayedDay
from tests.queue_server.simulated import SimulatedDay, at

OWN = {"1": ["land"], "2": ["civil"]}


def log_of(hall: SmallHall) -> list[Event]:
    return [codec.decode_event(event.body) for event in hall.storage.events()]


def past(hall: SmallHall) -> PastDay:
    return read_day(hall.service.rules, log_of(hall))


def order(calls: list[Called]) -> list[tuple[int, str]]:
    return [(call.ticket_id, call.counter_id) for call in calls]


# ---- the same rule gives the same day ----


@pytest.mark.parametrize("run", [0, 2])
@pytest.mark.parametrize("limits", [True, False])
@pytest.mark.parametrize("asks", [False, True], ids=["pressed", "auto-call"])
def test_a_replay_of_the_log_under_its_own_rule_gives_the_same_calls(asks: bool, limits: bool, run: int) -> None:
    for seed in range(4):
        file = hall_file(own=OWN, calling=st.Calling(limits=limits, max_priority_run=run))
        day = read_day(rules_of(file), PlayedDay(SmallHall(file), seed, asks=asks).run())
        assert len(day.calls) > 40
        assert play(day, rules_of(file)) == day.calls


@pytest.mark.parametrize("seed", range(6))
def test_also_a_day_with_transfers_parking_and_pauses_is_played_as_it_was(seed: int) -> None:
    file = hall_file(own=OWN)
    day = read_day(rules_of(file), PlayedDay(SmallHall(file), seed, troubled=True).run())
    assert any(call.group == "returned" for call in day.calls)
    assert play(day, rules_of(file)) == day.calls


def test_the_calls_that_really_were_are_those_of_the_log() -> None:
    hall = SmallHall()
    hall.open("1", "3")
    first, priority = hall.issue("land"), hall.issue("land", "elderly")
    hall.clock.tick(12)
    hall.serve("1")
    hall.clock.tick(3)
    hall.serve("3")
    calls = past(hall).calls
    assert order(calls) == [(priority.ticket.ticket_id, "1"), (first.ticket.ticket_id, "3")]
    assert [(call.group, call.wait / 60) for call in calls] == [("elderly", 12), ("ordinary", 15)]
    assert {call.target for call in calls} == {30 * 60}


def test_what_was_taken_back_did_not_happen() -> None:
    hall = SmallHall()
    hall.open("1")
    issued = hall.issue("land").ticket
    for _ in range(2):
        hall.clock.tick(1)
        reply = hall.ask(cmd.CallNext("1"))
        assert isinstance(reply, re.CallReply)
        assert reply.action_seq is not None
        undone = hall.ask(cmd.UndoAction("1", reply.action_seq))
        assert isinstance(undone, re.CounterReply), undone
    hall.clock.tick(1)
    hall.serve("1")
    assert [(call.ticket_id, call.wait) for call in past(hall).calls] == [(issued.ticket_id, 180.0)]


# ---- another rule gives another day ----


def busy_morning(rules: Rules) -> PastDay:
    """One counter of land; four ordinary people at minutes 0 to 3, an old one at 4; each takes ten minutes."""
    simulated = SimulatedDay(rules)
    simulated.staff(0, CounterOpened("1", "01"))
    for minute in range(4):
        simulated.come(minute, "land", 10)
    simulated.come(4, "land", 10, "elderly")
    return simulated.until(200)


def test_a_head_start_lets_its_class_go_before_and_shows_what_that_costs_the_others() -> None:
    file = hall_file(limits=False)
    none = replace(file, classes=[file.classes[0], replace(file.classes[1], head_start_minutes=0)])
    day = busy_morning(rules_of(file))
    fair, favoured = play(day, rules_of(none)), play(day, rules_of(file))
    assert [call.ticket_id for call in fair] == [1, 2, 3, 4, 5]
    assert [call.ticket_id for call in favoured] == [1, 5, 2, 3, 4]
    assert cost(fair, "elderly").mean == 36
    assert cost(favoured, "elderly").mean == 6
    assert (cost(fair, "ordinary").mean, cost(favoured, "ordinary").mean) == (13.5, 21.0)
    assert cost(favoured, "ordinary").overtaken == 3.0, "number 2 came at minute 1, the old one at 4"
    assert cost(fair, "ordinary").overtaken == 0
    assert cost(favoured, "all").longest == 37.0
    assert cost(favoured, "all").within_target == 0.8, "one of five waited longer than 30 minutes"
    assert cost(fair, "appointment").called == 0


def test_without_limits_points_alone_decide() -> None:
    file = hall_file()
    simulated = SimulatedDay(rules_of(file))
    simulated.staff(65, CounterOpened("1", "01"))
    simulated.come(0, "land", 10)
    simulated.come(40, "land", 10, "elderly")
    day = simulated.until(200)
    assert [call.ticket_id for call in play(day, rules_of(file))] == [2, 1], "25 of 10 minutes before 65 of 60"
    assert [call.ticket_id for call in play(day, rules_of(gentle(file)))] == [1, 2]


def test_the_wait_of_a_kept_appointment_counts_from_its_slot_or_from_the_coming_if_that_was_later() -> None:
    file = hall_file()
    simulated = SimulatedDay(rules_of(file))
    simulated.staff(45, CounterOpened("1", "01"))
    simulated.come(20, "land", 10, slot=30)
    simulated.come(35, "land", 10, slot=30)
    calls = play(simulated.until(200), rules_of(file))
    assert [(call.group, call.wait / 60) for call in calls] == [("appointment", 15), ("appointment", 20)]
    assert cost(calls, "appointment").called == 2


def test_own_fields_are_told_by_the_rule_that_is_tried() -> None:
    file = hall_file(counters={"1": ["land", "civil", "results"]}, limits=False)
    other = changed(file, ROOT / "hall.toml", ['counters.1.own=["civil"]'], "en")
    simulated = SimulatedDay(rules_of(file))
    simulated.staff(9, CounterOpened("1", "01"))
    simulated.come(0, "land", 10)
    simulated.come(8, "civil", 10)
    day = simulated.until(100)
    assert [call.ticket_id for call in play(day, rules_of(file))] == [1, 2]
    calls = play(day, rules_of(other))
    assert [call.ticket_id for call in calls] == [2, 1]
    assert cost(calls, "all").own_field == 0.5


# ---- what a rehearsal keeps of the day ----


def test_a_counter_calls_nobody_while_it_was_paused_closed_or_worked_without_a_number() -> None:
    hall = SmallHall()
    hall.open("1", "2")
    hall.ask(cmd.PauseCounter("1", "break"))
    hall.clock.tick(5)
    hall.issue("land")
    hall.clock.tick(5)
    hall.ask(cmd.ContinueCounter("1"))
    hall.serve("1")
    hall.clock.tick(1)
    direct = hall.ask(cmd.ServeDirectly("1", "land"))
    assert isinstance(direct, re.CallReply)
    assert direct.ticket is not None
    hall.clock.tick(2)
    hall.issue("land")
    hall.clock.tick(18)
    hall.ask(cmd.FinishTicket("1", direct.ticket.ticket_id))
    hall.serve("1")
    hall.clock.tick(1)
    hall.ask(cmd.CloseCounter("1"))
    hall.clock.tick(1)
    hall.issue("land")
    hall.clock.tick(30)
    hall.issue("results")
    day = past(hall)
    assert [call.wait / 60 for call in play(day, hall.service.rules)] == [5, 18]
    assert direct.ticket.ticket_id not in [stays[0].ticket.ticket_id for stays in day.visits]


def test_a_counter_that_let_people_wait_was_not_there() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue("land")
    hall.clock.tick(40)
    hall.call("1")
    hall.clock.tick(1)
    hall.issue("land", "elderly")
    day = past(hall)
    assert [(counter_id, (until - since) / 60e6) for counter_id, since, until in day.away] == [("1", 40.0)]
    assert play(day, hall.service.rules) == day.calls


def test_who_gave_the_number_back_is_not_called_afterwards() -> None:
    file = hall_file()
    simulated = SimulatedDay(rules_of(file))
    simulated.staff(30, CounterOpened("1", "01"))
    stays = simulated.come(0, "land", 10)
    stays[0].called, stays[0].ended, stays[0].left = None, None, at(20)
    simulated.come(1, "land", 10)
    assert [call.ticket_id for call in play(simulated.until(90), rules_of(file))] == [2]


def test_who_was_never_served_takes_as_long_as_his_service_mostly_takes() -> None:
    rules = rules_of(hall_file())
    simulated = SimulatedDay(rules)
    simulated.staff(0, CounterOpened("1", "01"))
    never = simulated.come(0, "land", 10)
    never[0].called = never[0].ended = None
    simulated.come(1, "land", 20)
    simulated.come(2, "land", 40)
    simulated.come(3, "results", 1)
    calls = play(simulated.until(200), rules)
    assert [round(call.wait / 60, 1) for call in calls] == [0, 27, 30, 49], "the first takes (20 + 40) / 2"


def test_whatever_the_hall_file_no_longer_knows_is_left_out_and_counted() -> None:
    hall = SmallHall(
        hall_file(services={"land": 15.0, "civil": 8.0, "results": 4.0, "old": 5.0}, counters={"1": ["land", "old"]})
    )
    hall.open("1")
    hall.issue("old")
    kept = hall.issue("land").ticket
    for _ in range(2):
        hall.clock.tick(5)
        hall.serve("1")
    rules = rules_of(hall_file(counters={"1": ["land"], "2": ["civil", "results"]}))
    day = read_day(rules, log_of(hall))
    assert (day.unknown, order(day.calls)) == (1, [(kept.ticket_id, "1")])
    assert order(play(day, rules)) == order(day.calls)


def test_a_day_takes_nothing_from_the_day_before() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue("land")
    late = hall.call("1")
    assert late is not None
    hall.ask(cmd.StartServing("1", late.ticket_id))
    hall.clock.tick(24 * 60)
    hall.ask(cmd.FinishTicket("1", late.ticket_id))
    today = hall.issue("land").ticket
    hall.clock.tick(1)
    hall.serve("1")
    span = hall.storage.day_span(MORNING.date() + dt.timedelta(days=1))
    assert span is not None
    day = read_day(hall.service.rules, [codec.decode_event(event.body) for event in hall.storage.events(*span)])
    assert order(day.calls) == [(today.ticket_id, "1")]
    assert order(play(day, hall.service.rules)) == [(today.ticket_id, "1")]


def test_a_log_without_tickets_is_an_empty_day() -> None:
    hall = SmallHall()
    hall.open("1")
    assert play(past(hall), hall.service.rules) == past(hall).calls == []
