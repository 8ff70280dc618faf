"""The real server and the real web process of a small hall, for tests."""

import contextlib
import functools
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from protocol.client import HallClient
from protocol.commands import (
    AnswerAlarm,
    CallNext,
    CancelTicket,
    CloseCounter,
    FinishTicket,
    GetDesk,
    GetSnapshot,
    IssueTicket,
    MarkNoShow,
    OpenCounter,
    ReopenService,
    StartServing,
)
from protocol.errors import WrongState
from protocol.keys import read_keys, write_private
from protocol.pins import set_pin
from protocol.replies import CallReply, DeskReply, Snapshot, TicketIssuedReply
from protocol.words import Issuing
from tests.running import PATIENCE, eventually
from tests.web.small_hall import write_small_hall

ROOT = Path(__file__).parents[2]
PIN = "2468"

# pages of this machine need no list of authorities, which takes longer to read than they do
get = functools.partial(httpx.get, verify=False, timeout=PATIENCE)
post = functools.partial(httpx.post, verify=False, timeout=PATIENCE)
stream = functools.partial(httpx.stream, verify=False, timeout=PATIENCE)


class RunningHall:
    """A hall that runs; `admin` and `desk` ask it directly, `url` is where its pages are."""

    def __init__(self, folder: Path, **work: int) -> None:
        self.file, self.port = write_small_hall(folder, **work)
        self.data = folder / "data"
        self.url = f"http://127.0.0.1:{self.port}"
        with contextlib.ExitStack() as failed:
            self.server = self.start_server()
            failed.callback(lambda: end(self.server))
            eventually((self.data / "keys" / "phone.json").exists)
            write_private(self.data / "keys" / "pins.json", pins())
            self.web = self.start_web()
            failed.callback(lambda: end(self.web))
            self.wait_until_online()
            failed.pop_all()
        self.admin = HallClient(read_keys(self.data / "keys" / "admin.json"))
        self.desk = HallClient(read_keys(self.data / "keys" / "desk.json"))

    def start_server(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "run_server.py", "--no-web", "--hall", str(self.file), "--data", str(self.data)]
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def start_web(self) -> "subprocess.Popen[bytes]":
        place = ["--data", str(self.data), "--host", "127.0.0.1", "--port", str(self.port)]
        command = [sys.executable, "-m", "web", *place]
        return subprocess.Popen(command, cwd=ROOT)

    def wait_until_online(self) -> None:
        def is_online() -> bool:
            assert self.web.poll() is None, "the web program has ended"
            return self.health().get("hall") == "online"

        eventually(is_online)

    def health(self) -> dict[str, Any]:
        try:
            found = get(self.url + "/health").json()
        except httpx.TransportError:
            return {}
        assert isinstance(found, dict)
        return found

    def visitor(self) -> httpx.Client:
        """A browser without a session, that shows no pictures."""
        return httpx.Client(base_url=self.url, headers={"Origin": self.url}, verify=False, timeout=PATIENCE)

    def issue(self, service_id: str = "ho-tich", class_id: str = "ordinary") -> TicketIssuedReply:
        reply = self.admin.call(IssueTicket(service_id, class_id))
        assert isinstance(reply, TicketIssuedReply)
        return reply

    def open(self, counter_id: str, operator_id: str) -> None:
        self.desk.call(OpenCounter(counter_id, operator_id))

    def call_next(self, counter_id: str) -> CallReply:
        reply = self.desk.call(CallNext(counter_id))
        assert isinstance(reply, CallReply)
        return reply

    def start(self, counter_id: str, ticket_id: int) -> None:
        self.desk.call(StartServing(counter_id, ticket_id))

    def finish(self, counter_id: str, ticket_id: int) -> None:
        self.desk.call(FinishTicket(counter_id, ticket_id))

    def no_show(self, counter_id: str, ticket_id: int) -> None:
        self.desk.call(MarkNoShow(counter_id, ticket_id))

    def serve_out(self, counter_id: str = "q2") -> None:
        """Call and finish all who wait for a counter."""
        while (ticket := self.call_next(counter_id).ticket) is not None:
            self.start(counter_id, ticket.ticket_id)
            self.finish(counter_id, ticket.ticket_id)

    def clear(self) -> None:
        """Empty the lines, close the counters and open the services, so that the next test starts from nothing."""
        snapshot = self.snapshot()
        counters = snapshot.counters
        for service in snapshot.services:
            if service.issuing is Issuing.SUSPENDED:
                self.desk.call(ReopenService("078", service.service_id))
        for counter in counters:
            desk = self.desk_of(counter.counter_id)
            held = [counter.ticket] if counter.ticket else []
            for ticket in (*desk.tickets, *desk.parked, *held):
                with contextlib.suppress(WrongState):
                    self.admin.call(CancelTicket(ticket_id=ticket.ticket_id))
        for counter in counters:
            if counter.alarm_at:
                self.desk.call(AnswerAlarm(counter.counter_id, counter.counter_id, operator_id="078"))
            if counter.open:
                self.desk.call(CloseCounter(counter.counter_id))

    def desk_of(self, counter_id: str) -> DeskReply:
        """All that a counter's desk shows."""
        reply = self.desk.call(GetDesk(counter_id, 200))
        assert isinstance(reply, DeskReply)
        return reply

    def snapshot(self) -> Snapshot:
        reply = self.admin.call(GetSnapshot())
        assert isinstance(reply, Snapshot)
        return reply

    def close(self) -> None:
        self.admin.close()
        self.desk.close()
        for process in (self.web, self.server):
            end(process)


@functools.cache
def pins() -> dict[str, Any]:
    """The PIN file of everybody, made once: a PIN is slow on purpose."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pins.json"
        for operator in ("012", "034", "078", "090"):
            set_pin(path, operator, PIN)
        found = json.loads(path.read_bytes())
    assert isinstance(found, dict)
    return found


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a program to end, and wait until it has."""
    process.terminate()
    process.wait()
