"""A clock that jumps begins no day: it is doubted until it is right again or a leader says that it is."""

import datetime as dt

import pytest

from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from queue_server.cases.clock import heed_clock
from queue_server.clock_watch import MADE, WatchedClock, doubt_text
from queue_server.domain.rows import ClockDoubt
from queue_server.service import SERVER
from queue_server.storage.memory import MemoryStorage
from queue_server.verifying import verify
from tests.queue_server.factories import DESK, MORNING, SmallHall

HOUR, MINUTE, SECOND = dt.timedelta(hours=1), dt.timedelta(minutes=1), dt.timedelta(seconds=1)
LEADER, OPERATOR = "90", "01"
LONG_AGO = dt.datetime(1970, 1, 1, 0, 3, tzinfo=dt.UTC)
DOUBT = ClockDoubt(MORNING + 365 * 24 * HOUR, MORNING)


class Machine:
    """A machine whose clock and whose time are not the same."""

    def __init__(self, told: dt.datetime = MORNING) -> None:
        self.told = told
        self.seconds = 1000.0

    def pass_time(self, span: dt.timedelta) -> None:
        """Let time pass, for the clock too."""
        self.told += span
        self.seconds += span.total_seconds()

    def start(self, last: dt.datetime | None = MORNING, standing: ClockDoubt | None = None) -> WatchedClock:
        """A program that starts here."""
        clock = WatchedClock(last, standing, lambda: self.told, lambda: self.seconds)
        clock()
        return clock


# ---- the watch ----


def test_a_clock_that_goes_as_time_does_is_believed() -> None:
    machine = Machine()
    clock = machine.start()
    for _ in range(200):
        machine.pass_time(13 * MINUTE)
        assert (clock(), clock.doubt) == (machine.told, None)


@pytest.mark.parametrize("jump", [13 * HOUR, 30 * 365 * 24 * HOUR, -3 * MINUTE, -7 * HOUR, LONG_AGO - MORNING])
def test_after_a_jump_the_hall_goes_on_by_the_seconds_that_pass(jump: dt.timedelta) -> None:
    machine = Machine()
    clock = machine.start()
    machine.told += jump
    machine.pass_time(10 * MINUTE)
    assert clock() == MORNING + 10 * MINUTE
    assert clock.doubt == ClockDoubt(MORNING + jump + 10 * MINUTE, MORNING + 10 * MINUTE)


@pytest.mark.parametrize("jump", [90 * SECOND, 3 * HOUR, 11 * HOUR])
def test_a_step_ahead_that_a_time_server_may_make_is_taken(jump: dt.timedelta) -> None:
    machine = Machine()
    clock = machine.start()
    machine.told += jump
    assert (clock(), clock.doubt) == (MORNING + jump, None)


def test_after_a_small_step_back_the_hall_waits_for_the_clock_and_never_goes_back() -> None:
    machine = Machine()
    clock = machine.start()
    machine.told -= 90 * SECOND
    seen = []
    for _ in range(10):
        seen.append(clock())
        machine.pass_time(10 * SECOND)
    assert clock.doubt is None
    assert seen[:9] == [MORNING] * 9
    assert clock() == machine.told


def test_small_steps_back_do_not_add_up_unseen() -> None:
    machine = Machine()
    clock = machine.start()
    for _ in range(3):
        machine.told -= 50 * SECOND
        clock()
    assert clock.doubt is not None


def test_a_clock_that_comes_back_is_believed_again() -> None:
    machine = Machine()
    clock = machine.start()
    machine.told += 5000 * HOUR
    clock()
    machine.pass_time(HOUR)
    assert clock.doubt is not None or clock() != machine.told
    machine.told -= 5000 * HOUR
    assert (clock(), clock.doubt) == (MORNING + HOUR, None)


def test_a_person_can_say_that_the_clock_is_right_although_it_goes_back() -> None:
    machine = Machine()
    clock = machine.start()
    machine.told -= 7 * HOUR
    clock()
    clock.trust()
    machine.pass_time(MINUTE)
    assert (clock(), clock.doubt) == (MORNING - 7 * HOUR + MINUTE, None)


@pytest.mark.parametrize("off", [MINUTE, 15 * HOUR, 10 * 24 * HOUR])
def test_how_long_the_machine_was_off_is_no_reason_for_doubt(off: dt.timedelta) -> None:
    assert Machine(MORNING + off).start(last=MORNING).doubt is None


@pytest.mark.parametrize("told", [LONG_AGO, MORNING - HOUR, MORNING + 70 * 24 * HOUR])
def test_a_start_before_the_last_event_or_long_after_it_is_doubted(told: dt.datetime) -> None:
    clock = Machine(told).start(last=MORNING)
    assert clock.doubt == ClockDoubt(told, MORNING)


def test_a_machine_that_finds_the_time_after_its_start_is_believed_however_long_it_was_off() -> None:
    machine = Machine(LONG_AGO)
    clock = machine.start(last=MORNING)
    machine.told = MORNING + 15 * HOUR
    assert (clock(), clock.doubt) == (machine.told, None)


def test_a_doubt_about_a_clock_far_ahead_outlives_a_restart() -> None:
    ahead = ClockDoubt(MORNING + 900 * HOUR, MORNING)
    assert Machine(MORNING + 900 * HOUR).start(MORNING, ahead).doubt is not None
    assert Machine(MORNING + HOUR).start(MORNING, ahead).doubt is None


def test_a_new_hall_does_not_believe_a_clock_from_before_its_program_was_made() -> None:
    for told in (LONG_AGO, dt.datetime(2000, 1, 1, tzinfo=dt.UTC)):
        clock = Machine(told).start(last=None)
        assert clock.doubt == ClockDoubt(told, MADE)
        assert f"{told.year}" in doubt_text(clock.doubt)
    assert Machine(MORNING + 20_000 * HOUR).start(last=None).doubt is None


# ---- the hall ----


def doubting_hall(storage: MemoryStorage | None = None) -> SmallHall:
    """A hall at 07:30 whose clock has just been doubted, with one who waits."""
    hall = SmallHall(storage=storage)
    hall.issue()
    heed(hall, DOUBT)
    return hall


def heed(hall: SmallHall, doubt: ClockDoubt | None) -> None:
    """Let the server learn what its watch found."""
    heed_clock(hall.service, doubt, SERVER, hall.clock.now)
    hall.service.ledger.commit()


def troubles(hall: SmallHall) -> list[str]:
    """The alerts about the server itself."""
    return [alert.code for alert in hall.service.health.troubles]


def test_the_doubt_is_told_once_in_the_log_and_as_long_as_it_lasts_to_the_leaders() -> None:
    hall = doubting_hall()
    for _ in range(3):
        heed(hall, DOUBT)
    assert hall.log(ev.ClockDoubted) == [ev.ClockDoubted(DOUBT.told, DOUBT.expected)]
    assert [alert.code for alert in hall.overview().alerts if alert.code == "clock_doubted"] == ["clock_doubted"]


def test_while_the_clock_is_doubted_the_day_goes_on_over_midnight_and_nobodys_number_ends() -> None:
    hall = doubting_hall()
    hall.open("1")
    for _ in range(3):
        hall.pass_time(12 * 60)
    assert len(hall.log(ev.DayStarted)) == 1
    assert hall.log(ev.TicketCancelled) == []
    assert hall.log(ev.DataErased) == []
    assert (hall.issue().ticket.number, hall.call() is not None) == ("A002", True)


def test_once_a_leader_confirms_the_clock_the_next_day_begins() -> None:
    hall = doubting_hall()
    hall.pass_time(24 * 60)
    assert isinstance(hall.ask(cmd.ConfirmClock(LEADER), DESK), re.DoneReply)
    assert hall.log(ev.ClockConfirmed) == [ev.ClockConfirmed(LEADER)]
    hall.pass_time(1)
    assert len(hall.log(ev.DayStarted)) == 2
    assert [body.by for body in hall.log(ev.TicketCancelled)] == ["day_end"]
    verify(hall.storage)


def test_a_clock_that_came_back_by_itself_needs_nobody() -> None:
    hall = doubting_hall()
    heed(hall, None)
    assert (hall.log(ev.ClockConfirmed), troubles(hall)) == ([ev.ClockConfirmed("")], [])
    assert hall.service.hall.clock_doubt is None


def test_only_a_leader_confirms_and_confirming_twice_is_confirming_once() -> None:
    hall = doubting_hall()
    assert hall.refusal(cmd.ConfirmClock(OPERATOR), DESK) == "not_permitted"
    for _ in range(2):
        hall.ask(cmd.ConfirmClock(LEADER), DESK)
    assert len(hall.log(ev.ClockConfirmed)) == 1


def test_a_restart_neither_forgets_the_doubt_nor_begins_a_day() -> None:
    storage = MemoryStorage()
    doubting_hall(storage)
    again = SmallHall(storage=storage, first_id=100)
    assert again.service.hall.clock_doubt == DOUBT
    verify(storage)
    again.pass_time(24 * 60)
    assert len(again.log(ev.DayStarted)) == 1


def test_a_new_hall_with_a_wrong_clock_gives_no_numbers_and_says_why_until_the_clock_is_right() -> None:
    hall = SmallHall()
    heed(hall, ClockDoubt(LONG_AGO, MADE))
    assert hall.refusal(cmd.IssueTicket("land")) == "clock_doubted"
    assert hall.refusal(cmd.OpenCounter("1", "01")) == "clock_doubted"
    for query in (cmd.GetHall(), cmd.GetSnapshot(), cmd.GetOverview(), cmd.GetDesk("1")):
        assert not isinstance(hall.ask(query), re.Refused)
    heed(hall, None)
    assert hall.issue().ticket.number == "A001"
