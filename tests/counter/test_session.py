"""Keys to the hall and the hall's truth to the boxes, without line and hall."""

from collections.abc import Callable
from concurrent.futures import Future

import pytest

from counter.bus import Box, Bus, Pressed
from counter.desk import SILENT_SECONDS
from counter.driver import Picture
from counter.keys import Key, Press
from counter.orders import Presets
from counter.qub import Qub
from counter.seat import KEEP_SECONDS, REPORT_SECONDS, Seat
from counter.session import REFRESH_SECONDS, REFUSED_SECONDS, Session
from counter.sign import Sign
from protocol import commands as cmd
from protocol import events as ev
from protocol.commands import Command
from protocol.errors import CounterBusy, Forbidden, MotcuaError, ServerUnreachable
from protocol.replies import CallReply, CounterStatus, DoneReply, Reply
from tests.counter.halls import HALL, SIGN_WORDS, called, desk_reply, event, pulse, snapshot, view

QUB, SIGN, OTHER = 0x21, 0x41, 0x22
OPEN = CounterStatus("1", open=True, operator_id="05")
REFUSED = b"\x01\x21\x3a\x07"


class Hall:
    """Stands for the hall's client: keeps what was asked until the test answers it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Command, str | None, Future[Reply]]] = []

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        self.asked.append((command, request_id, Future()))
        return self.asked[-1][2]

    def commands(self, *kinds: type) -> list[Command]:
        """What was asked and is not answered yet."""
        return [command for command, _, future in self.asked if isinstance(command, kinds) and not future.done()]

    def answer(self, kind: type, outcome: Reply | MotcuaError) -> Command:
        """Answer the oldest open request of a kind."""
        command, _, future = next(each for each in self.asked if isinstance(each[0], kind) and not each[2].done())
        if isinstance(outcome, MotcuaError):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
        return command


class Bench:
    """A session of two counters with a clock of its own; what is shown is kept by address."""

    def __init__(self, presets: Presets | None = None) -> None:
        self.now = 100.0
        self.hall = Hall()
        self.frames: dict[int, list[bytes]] = {QUB: [], SIGN: [], OTHER: []}
        bus = Bus({QUB: Box(Qub(), "1"), SIGN: Box(Sign(SIGN_WORDS), "1"), OTHER: Box(Qub(), "c2")})
        first, second = Presets("05", "tax") if presets is None else presets, Presets()
        self.seats = {"1": Seat("1", self.hall, first), "c2": Seat("c2", self.hall, second)}
        self.session = Session(self.seats, bus, lambda job: job(), lambda: self.now)
        self.session.connect(self)

    def show(self, address: int, pictures: list[Picture]) -> None:
        self.frames[address] += [picture.frame for picture in pictures]

    def start(self, counter: CounterStatus = OPEN) -> "Bench":
        """Bring the line up and the hall's first words."""
        self.session.line_changed(True)
        self.hall.answer(cmd.GetHall, HALL)
        self.session.on_snapshot(snapshot(counter))
        self.hall.answer(cmd.GetHall, HALL)
        return self

    def press(self, key: Key, score: int = 0) -> None:
        self.session.pressed(Pressed(QUB, Press(key, score)))

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.session.on_pulse(pulse())
        self.session.tick()


@pytest.fixture
def bench() -> Bench:
    return Bench().start()


def test_until_the_hall_speaks_the_boxes_say_that_nothing_is_known() -> None:
    bench = Bench()
    bench.session.line_changed(True)
    assert bench.frames[QUB] == [b"\x01\x21\x33\x07"]
    assert bench.frames[SIGN] == [b"\x01\x41\x20-------\x07"]


def test_a_key_becomes_a_command_with_an_id_of_its_own(bench: Bench) -> None:
    bench.press(Key.CALL)
    bench.hall.answer(cmd.CallNext, CallReply(view()))
    bench.press(Key.CALL)
    ids = [request_id for command, request_id, _ in bench.hall.asked if isinstance(command, cmd.CallNext)]
    assert len(set(ids)) == 2
    assert None not in ids


def test_what_is_pressed_while_the_hall_has_not_answered_is_dropped(bench: Bench) -> None:
    for _ in range(5):
        bench.press(Key.CALL)
    assert len(bench.hall.commands(cmd.CallNext)) == 1


def test_a_call_lights_keypad_and_sign_of_its_counter_only(bench: Bench) -> None:
    for frames in bench.frames.values():
        frames.clear()
    bench.session.on_event(called())
    assert bench.frames == {QUB: [b"\x01\x21\x36\x07"], SIGN: [b"\x01\x41\x24A012 >1\x07"], OTHER: []}


@pytest.mark.parametrize("fault", [CounterBusy(counter_id="1"), ServerUnreachable("tcp://hall")])
def test_a_refused_or_unanswered_press_is_felt_and_then_the_truth_is_shown_again(
    bench: Bench, fault: MotcuaError, caplog: pytest.LogCaptureFixture
) -> None:
    bench.press(Key.CALL)
    bench.hall.answer(cmd.CallNext, fault)
    assert bench.frames[QUB][-1] == REFUSED
    bench.wait(REFUSED_SECONDS)
    assert bench.frames[QUB][-1] == b"\x01\x21\x31\x07"
    assert str(fault) in caplog.text
    bench.press(Key.CALL)
    assert bench.hall.commands(cmd.CallNext), "the keypad works again"


def test_an_empty_line_is_felt_too(bench: Bench) -> None:
    bench.press(Key.CALL)
    bench.hall.answer(cmd.CallNext, CallReply(None))
    assert bench.frames[QUB][-1] == REFUSED


def test_a_key_that_means_nothing_asks_nothing_and_is_felt(bench: Bench) -> None:
    before = len(bench.hall.asked)
    bench.press(Key.START)
    assert len(bench.hall.asked) == before
    assert bench.frames[QUB][-1] == REFUSED


def test_commands_of_one_key_are_sent_one_after_the_other_and_stop_at_a_refusal(bench: Bench) -> None:
    bench.session.on_event(called())
    bench.press(Key.FINISH)
    bench.hall.answer(cmd.StartServing, CallReply(view(state="serving")))
    assert bench.hall.commands(cmd.FinishTicket) == []
    bench.hall.answer(cmd.FlagTimes, CallReply(view(state="serving")))
    bench.hall.answer(cmd.FinishTicket, CounterBusy())
    assert bench.frames[QUB][-1] == REFUSED
    bench.press(Key.FINISH)
    bench.hall.answer(cmd.StartServing, CounterBusy())
    assert bench.hall.commands(cmd.FlagTimes, cmd.FinishTicket) == []


def test_a_rating_asks_which_ticket_it_is_about(bench: Bench) -> None:
    bench.press(Key.RATE, 4)
    done = [view(state="finished", finished_at=HALL_NOW, counter_id="1")]
    bench.hall.answer(cmd.GetDesk, desk_reply(OPEN, done=done))
    assert bench.hall.answer(cmd.RateAtCounter, DoneReply()) == cmd.RateAtCounter("1", 7, 4)
    assert REFUSED not in bench.frames[QUB]


HALL_NOW = called().at


def test_a_look_that_is_refused_is_felt(bench: Bench) -> None:
    bench.press(Key.RATE, 4)
    bench.hall.answer(cmd.GetDesk, Forbidden())
    assert bench.frames[QUB][-1] == REFUSED


def test_after_something_was_taken_back_the_desk_is_asked_for(bench: Bench) -> None:
    bench.session.on_event(event(ev.ActionUndone("1", "05", "pause_counter", 1, 1, [])))
    bench.session.tick()
    bench.hall.answer(cmd.GetDesk, ServerUnreachable("x"))
    bench.session.tick()
    paused = CounterStatus("1", open=True, operator_id="05", paused_reason_id="break")
    bench.hall.answer(cmd.GetDesk, desk_reply(paused))
    assert bench.frames[QUB][-1] == b"\x01\x21\x35\x07"
    bench.session.tick()
    assert bench.hall.commands(cmd.GetDesk) == []


def test_a_hall_that_does_not_tell_a_desk_is_not_asked_for_ever(bench: Bench) -> None:
    bench.session.on_event(event(ev.ActionUndone("1", "05", "pause_counter", 1, 1, [])))
    bench.session.tick()
    bench.hall.answer(cmd.GetDesk, Forbidden())
    bench.session.tick()
    assert bench.hall.commands(cmd.GetDesk) == []


def test_silence_is_dashes_and_no_key_is_kept_for_later(bench: Bench) -> None:
    bench.session.on_event(called())
    bench.now += SILENT_SECONDS + 1
    bench.session.on_silence(16)
    bench.session.tick()
    assert bench.frames[SIGN][-1] == b"\x01\x41\x20-------\x07"
    bench.press(Key.RECALL)
    assert bench.hall.commands(cmd.RecallTicket) == []
    assert bench.frames[QUB][-1] == REFUSED
    bench.session.on_pulse(pulse())
    assert bench.frames[SIGN][-1] == b"\x01\x41\x20A012 >1\x07"
    bench.session.tick()
    assert bench.hall.commands(cmd.GetHall), "it may be a server with other names"


def test_boxes_are_written_to_again_after_a_while_and_after_the_line_came_back(bench: Bench) -> None:
    bench.session.on_event(called())
    for frames in bench.frames.values():
        frames.clear()
    bench.wait(REFRESH_SECONDS)
    steady = b"\x01\x41\x20A012 >1\x07"
    assert bench.frames[SIGN] == [steady]
    assert bench.frames[QUB] == [b"\x01\x21\x36\x07"]
    bench.session.line_changed(False)
    bench.session.line_changed(True)
    assert bench.frames[SIGN][-1] == steady


def test_the_lease_is_kept_for_the_keypads_operator_only(bench: Bench) -> None:
    bench.session.tick()
    assert bench.hall.commands(cmd.KeepCounter) == [cmd.KeepCounter("1", operator_id="05")]
    bench.wait(KEEP_SECONDS / 2)
    assert len(bench.hall.commands(cmd.KeepCounter)) == 1
    bench.wait(KEEP_SECONDS / 2)
    assert len(bench.hall.commands(cmd.KeepCounter)) == 2
    bench.session.on_event(event(ev.CounterOpened("1", "06", from_operator_id="05")))
    bench.wait(KEEP_SECONDS)
    assert len(bench.hall.commands(cmd.KeepCounter)) == 2


def test_every_counter_of_the_line_reports_the_cable_at_once_and_its_health_now_and_then(bench: Bench) -> None:
    reports: Callable[[], list[Command]] = lambda: bench.hall.commands(cmd.ReportDevice)  # noqa: E731
    assert reports() == [cmd.ReportDevice([])] * 2
    bench.session.line_changed(False)
    assert reports()[2:] == [cmd.ReportDevice(["cable"])] * 2
    bench.wait(REPORT_SECONDS)
    assert reports()[4:] == [cmd.ReportDevice(["cable"])] * 2
    bench.session.line_changed(True)
    assert reports()[6:] == [cmd.ReportDevice([])] * 2


def test_a_closed_counter_without_an_operator_of_its_own_refuses_the_call_key() -> None:
    bench = Bench(Presets()).start(CounterStatus("1", open=False))
    bench.press(Key.CALL)
    assert bench.hall.commands(cmd.OpenCounter) == []
    assert bench.frames[QUB][-1] == REFUSED


def test_a_hall_that_does_not_tell_its_settings_is_asked_again_later() -> None:
    bench = Bench()
    bench.session.tick()
    bench.hall.answer(cmd.GetHall, Forbidden())
    bench.session.tick()
    assert bench.hall.commands(cmd.GetHall) == []
    bench.wait(10)
    assert len(bench.hall.commands(cmd.GetHall)) == 1


def test_presets_that_the_hall_does_not_know_are_said(caplog: pytest.LogCaptureFixture) -> None:
    Bench(Presets("99", "nothing")).start()
    assert "no operator 99" in caplog.text
    assert "no service nothing" in caplog.text
