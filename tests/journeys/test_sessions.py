"""A counter's session through the real server: crashed programs, killed servers, and requests that come twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol import counter_commands
from protocol.client import HallClient, new_request_id
from protocol.errors import Refusal
from protocol.replies import CallReply, ComeBackReply, CounterReply, CounterStatus, DeskReply, Reply, TicketIssuedReply
from protocol.words import Performed, TicketState
from queue_server.enrolling import enrol_here
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import ROOT, RunningHall, eventually, hall_file_at_free_ports

LEASE_SECONDS = 10

OPERATORS_PROGRAM = """
import sys, threading
from pathlib import Path
from protocol import commands as cmd
from protocol.client import HallClient
from protocol.keys import read_keys

client = HallClient(read_keys(Path(sys.argv[1]) / "keys" / "desk.json"))
client.call(cmd.OpenCounter("8", "08"))
ticket = client.call(cmd.CallNext("8", operator_id="08")).ticket
client.call(cmd.StartServing("8", ticket.ticket_id, operator_id="08"))
print(ticket.ticket_id, flush=True)
threading.Event().wait()
"""
"""An operator's program: takes counter 8, calls, serves, and then only sits there."""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A running commune hall whose counters are given up after ten seconds of silence."""
    source = ROOT / "config" / "halls" / "xa.toml"
    hall_file, web_port = hall_file_at_free_ports(source, tmp_path, counter_work={"lease_seconds": LEASE_SECONDS})
    running = RunningHall(hall_file, tmp_path / "data", web_port)
    yield running
    running.close()


def crashed(hall: RunningHall) -> int:
    """The ticket at counter 8 whose operator's program was killed in the middle of its service."""
    hall.client("admin").call(cmd.IssueTicket("ho-tich"))
    program = subprocess.Popen(
        [sys.executable, "-c", OPERATORS_PROGRAM, str(hall.data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert program.stdout is not None
    with program.stdout:
        ticket_id = int(program.stdout.readline())
        program.send_signal(signal.SIGKILL)
        program.wait()
    return ticket_id


def counter(client: HallClient, counter_id: str = "8") -> CounterStatus:
    reply = client.call(cmd.GetDesk(counter_id))
    assert isinstance(reply, DeskReply)
    return reply.counter


def refused(call: Callable[[], Reply]) -> str:
    """The code of a refusal."""
    try:
        call()
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_a_program_killed_in_service_leaves_its_citizen_at_the_counter_and_its_operator_goes_on_there(
    hall: RunningHall,
) -> None:
    ticket_id = crashed(hall)
    client = hall.client("desk")
    left = counter(client).ticket
    assert left is not None
    assert (left.ticket_id, left.state, left.operator_id) == (ticket_id, TicketState.SERVING, "08")
    back = client.call(cmd.OpenCounter("8", "08"))
    assert isinstance(back, CounterReply)
    assert back.counter.ticket == left, "as it was, with the same times"
    finished = client.call(cmd.FinishTicket("8", ticket_id, operator_id="08"))
    assert isinstance(finished, CallReply)
    assert finished.ticket is not None
    assert (finished.ticket.called_at, finished.ticket.serving_at) == (left.called_at, left.serving_at)


def test_another_operator_is_refused_until_the_lease_is_over_and_then_finds_the_citizen_there(
    hall: RunningHall,
) -> None:
    ticket_id = crashed(hall)
    client = hall.client("desk")
    before = counter(client).ticket
    assert refused(lambda: client.call(cmd.OpenCounter("8", "05"))) == "counter_taken"

    def lease_is_over() -> bool:
        return refused(lambda: client.call(cmd.OpenCounter("8", "05"))) == "done"

    eventually(lease_is_over, within=LEASE_SECONDS + 20, what="the counter is free for another")
    taken = counter(client)
    assert taken.ticket is not None
    assert before is not None
    assert (taken.operator_id, taken.ticket.ticket_id) == ("05", ticket_id)
    assert (taken.ticket.called_at, taken.ticket.serving_at) == (before.called_at, before.serving_at)
    assert refused(lambda: client.call(cmd.FinishTicket("8", ticket_id, operator_id="08"))) == "lease_taken"


def test_a_supervisor_puts_somebody_there_at_once(hall: RunningHall) -> None:
    ticket_id = crashed(hall)
    client = hall.client("desk")
    before = counter(client).ticket
    client.call(cmd.TakeOverCounter("90", "8", "05"))
    taken = counter(client)
    assert taken.ticket is not None
    assert before is not None
    assert (taken.operator_id, taken.ticket.ticket_id) == ("05", ticket_id)
    assert taken.ticket.serving_at == before.serving_at


def test_a_server_killed_in_service_comes_back_with_the_service_and_takes_nothing_back(hall: RunningHall) -> None:
    client = hall.client("desk")
    hall.client("admin").call(cmd.IssueTicket("ho-tich"))
    client.call(cmd.OpenCounter("8", "08"))
    called = client.call(cmd.CallNext("8"))
    assert isinstance(called, CallReply)
    assert called.ticket is not None
    started = client.call(cmd.StartServing("8", called.ticket.ticket_id))
    assert isinstance(started, CallReply)
    assert started.action_seq is not None
    action = started.action_seq
    before = counter(client)
    hall.kill()
    hall.start()
    after = counter(client)
    assert (after.operator_id, after.ticket, after.since) == (before.operator_id, before.ticket, before.since)
    assert refused(lambda: client.call(cmd.UndoAction("8", action))) == "undo_impossible"
    assert counter(client).ticket == before.ticket
    assert isinstance(client.call(cmd.FinishTicket("8", called.ticket.ticket_id)), CallReply)


# ---- every command of a counter, twice ----


class Day:
    """Does everything that a counter can, and remembers each request with its answer."""

    def __init__(self, hall: RunningHall) -> None:
        self._desk, self._kiosk = hall.client("desk"), hall.client("admin")
        keys = enrol_here(self._kiosk, hall.data, cmd.CreateEnrolment("counter", "box-8", "8"))
        self._box = HallClient(keys)
        self.asked: list[tuple[HallClient, cmd.Command, str, Reply]] = []

    def ask(self, command: cmd.Command, client: HallClient | None = None) -> Reply:
        """Ask once, and remember."""
        client, request_id = client or self._desk, new_request_id()
        reply = client.call(command, request_id=request_id)
        self.asked.append((client, command, request_id, reply))
        return reply

    def take(self, class_id: str = "ordinary") -> int:
        reply = self._kiosk.call(cmd.IssueTicket("ho-tich", class_id))
        assert isinstance(reply, TicketIssuedReply)
        return reply.ticket.ticket_id

    def call(self) -> int:
        reply = self.ask(cmd.CallNext("8"))
        assert isinstance(reply, CallReply)
        assert reply.ticket is not None
        return reply.ticket.ticket_id

    def serve(self) -> int:
        ticket_id = self.call()
        self.ask(cmd.StartServing("8", ticket_id))
        return ticket_id

    def play(self) -> None:
        """A whole day of counter 8."""
        ask, kiosk = self.ask, self.take
        ask(cmd.OpenCounter("8", "90"))
        ask(cmd.PauseCounter("8", self._pause_reason()))
        ask(cmd.ContinueCounter("8"))
        ask(cmd.RaiseAlarm("8"))
        ask(cmd.AnswerAlarm("8", "8"))
        kiosk("elderly" if "elderly" in self._classes() else self._classes()[-1])
        first = self.call()
        ask(cmd.RecallTicket("8", first))
        ask(cmd.MarkNoShow("8", first))
        ask(cmd.RestoreTicket(first, "8"))
        assert self.serve() == first
        ask(cmd.CheckClaim("8", first, valid=True))
        ask(cmd.AddNote("8", first, "đọc to"))
        ask(cmd.RecordServices("8", first, [Performed("ho-tich", 2, "received")]))
        ask(cmd.ParkTicket("8", first, 30))
        ask(cmd.ResumeTicket("8", first))
        ask(cmd.StartServing("8", first))
        ask(cmd.FinishTicket("8", first, [Performed("ho-tich", 1, "received")]))
        ask(cmd.FlagTimes("8", first))
        ask(cmd.RateAtCounter("8", first, 5), self._box)
        second, third = kiosk(), kiosk()
        ask(cmd.CallTicket("8", self._number(third), "sản phụ"))
        ask(cmd.StartServing("8", third))
        ask(cmd.CallNext("8", finish_ticket_id=third))
        ask(cmd.StartServing("8", second))
        ask(cmd.TransferTicket("8", second, to_operator_id="05"))
        kiosk()
        fourth = self.serve()
        slip = ask(cmd.GrantComeBack("8", fourth, ["ảnh 4×6"], 24))
        assert isinstance(slip, ComeBackReply)
        assert slip.action_seq is not None
        ask(cmd.UndoAction("8", slip.action_seq))
        ask(cmd.CancelTicket(ticket_id=fourth, counter_id="8"))
        direct = ask(cmd.ServeDirectly("8", "ho-tich", back_office=True))
        assert isinstance(direct, CallReply)
        assert direct.ticket is not None
        ask(cmd.FinishTicket("8", direct.ticket.ticket_id))
        ask(cmd.CloseCounter("8"))

    def _description(self):  # type: ignore[no-untyped-def]
        return self._desk.call(cmd.GetHall())

    def _pause_reason(self) -> str:
        return str(self._description().pause_reasons[0].id)

    def _classes(self) -> list[str]:
        return [info.class_id for info in self._description().classes]

    def _number(self, ticket_id: int) -> str:
        return str(self._desk.call(cmd.GetTicket(ticket_id=ticket_id)).ticket.number)  # type: ignore[union-attr]

    def close(self) -> None:
        self._box.close()


def test_every_command_of_a_counter_that_comes_again_has_the_same_answer_also_after_a_kill(hall: RunningHall) -> None:
    day = Day(hall)
    try:
        day.play()
        missing = _commands_of_counters() - {type(command) for _, command, _, _ in day.asked}
        assert missing == set(), "every command is asked at least once"
        for _ in ("at once", "after a kill"):
            for client, command, request_id, reply in day.asked:
                assert client.call(command, request_id=request_id, within=20) == reply, command
            hall.kill()
            storage = SqliteStorage(hall.data / "hall.db", writing=False)
            events = verify(storage)
            storage.close()
            hall.start()
        storage = SqliteStorage(hall.data / "hall.db", writing=False)
        assert verify(storage) == events, "asking again did nothing again"
        storage.close()
    finally:
        day.close()


def _commands_of_counters() -> set[type]:
    found = {value for value in vars(counter_commands).values() if isinstance(value, type)}
    named = {value for value in found if value.__module__ == counter_commands.__name__ and value.__name__[0] != "_"}
    return named - {cmd.KeepCounter}  # being there changes nothing and is not remembered
