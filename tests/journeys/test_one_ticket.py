"""One ticket through the real programs: tap, number, paper, call, wall, service, rating, report."""

import csv
import io
import os
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from protocol import commands as cmd
from protocol import events as ev
from protocol.replies import CallReply, HallReply, Pulse, Snapshot
from tests.conftest import ROOT, RunningHall, eventually, free_ports
from tests.running import PATIENCE
from tests.web.running import get, post

pytestmark = pytest.mark.window


class Ear:
    """Hears what the hall publishes."""

    def __init__(self) -> None:
        self.bodies: queue.SimpleQueue[ev.EventBody] = queue.SimpleQueue()
        self.pulse: Pulse | None = None

    def on_snapshot(self, snapshot: Snapshot) -> None:
        pass

    def on_event(self, event: ev.Event) -> None:
        self.bodies.put(event.body)

    def on_pulse(self, pulse: Pulse) -> None:
        self.pulse = pulse

    def on_silence(self, seconds: float) -> None:
        pass


def wait_for(ear: Ear, kind: type[ev.EventBody], within: float = PATIENCE) -> ev.EventBody:
    while True:
        body = ear.bodies.get(timeout=within)
        if type(body) is kind:
            return body


@contextmanager
def program(*arguments: str, log: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """A program of the tree as its own process; it must end in order when asked."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SDL_VIDEODRIVER": "offscreen"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            yield process
            assert process.poll() is None, log.read_text(encoding="utf-8")
        finally:
            process.terminate()
            code = process.wait()
    assert code == 0, log.read_text(encoding="utf-8")


def run(*arguments: str) -> str:
    """A command's output; it must succeed."""
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8-sig")


def test_one_ticket_from_the_tap_to_the_report(start_hall: Callable[..., RunningHall], tmp_path: Path) -> None:
    hall = start_hall("cao-bang", web=True)
    data = str(hall.data)
    for role, name in (("kiosk", "kiosk-1"), ("display", "display-1")):
        run("queue_server", "enrol", "--data", data, "--role", role, "--name", name, "--here")
    (port,) = free_ports(1)
    tickets, pictures = tmp_path / "paper", tmp_path / "pictures"
    ear = Ear()
    admin, desk = hall.client("admin", ear), hall.client("desk")
    printer = ["-m", "printers.emulator", "--tcp", str(port), "--folder", str(tickets)]
    wall = ["-m", "display", "--data", data, "--pictures", str(pictures)]
    with program(*printer, log=tmp_path / "printer.log"), program(*wall, log=tmp_path / "wall.log"):
        issued, paper = tap(hall, port, pictures, tickets, ear, tmp_path)
        url = read_qr(paper)
        page = get(url)
        assert page.status_code == 200
        assert issued.number in page.text

        described = admin.call(cmd.GetHall())
        assert isinstance(described, HallReply)
        counter_id = next(s.counter_ids[0] for s in described.services if s.service_id == issued.service_id)
        desk.call(cmd.OpenCounter(counter_id, "01"))
        called = desk.call(cmd.CallNext(counter_id))
        assert isinstance(called, CallReply)
        assert called.ticket is not None
        assert called.ticket.number == issued.number
        eventually((pictures / "wall.png").exists, what="the wall draws the call")
        desk.call(cmd.StartServing(counter_id, issued.ticket_id))
        early = post(f"{url}/rate", data={"score": "5"}, headers={"Origin": origin(url)})
        assert early.status_code == 409, "not before the service ended"
        desk.call(cmd.FinishTicket(counter_id, issued.ticket_id))

        rated = post(f"{url}/rate", data={"score": "5"}, headers={"Origin": origin(url)})
        assert rated.status_code == 303
        wait_for(ear, ev.TicketRated)
        eventually(lambda: ear.pulse and ear.pulse.satisfaction.finished == 1, what="who could rate is counted")
        assert ear.pulse is not None
        assert ear.pulse.satisfaction.ratings == 0, "a single score is told to nobody"

    rows = list(csv.reader(io.StringIO(run("queue_server", "report", "--data", data, "--format", "csv"))))
    whole = dict(zip(rows[0], rows[1], strict=True))
    assert (whole["Đã cấp số"], whole["Hoàn thành"], whole["Lượt đánh giá"]) == ("1", "1", "1")
    assert "unbroken" in run("queue_server", "verify", "--data", data)


def tap(
    hall: RunningHall, port: int, pictures: Path, tickets: Path, ear: Ear, logs: Path
) -> tuple[ev.TicketIssued, Path]:
    """A finger really touches the kiosk's window until a number is printed."""
    arguments = ["run_kiosk.py", "--data", str(hall.data), "--played", "0.4", "--pictures", str(pictures)]
    arguments += ["--printer", f"tcp://127.0.0.1:{port}", "--model", "epson-tm-t20"]
    with program(*arguments, log=logs / "kiosk.log"):
        issued = wait_for(ear, ev.TicketIssued)
        assert isinstance(issued, ev.TicketIssued)
        printed = wait_for(ear, ev.TicketPrinted)
        assert isinstance(printed, ev.TicketPrinted)
        assert printed.ticket_id == issued.ticket_id
    (paper,) = tickets.glob("*.png")
    assert (pictures / "kiosk-result.png").exists()
    return issued, paper


def read_qr(picture: Path) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(picture))
    return str(found.text)


def origin(url: str) -> str:
    return url.split("/t/")[0]
