"""Kiosks as processes with printers that outlive them; their papers, journals and the hall's log must agree."""

import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import zxingcpp
from PIL import Image

from kiosk.entries import Entry
from kiosk.journal import open_journal
from printers.device import EmulatedPrinter, features_of
from printers.emulator import TcpLine
from printers.models import load_model
from protocol.commands import CreateEnrolment
from protocol.replies import TicketIssuedReply
from protocol.words import TicketState
from queue_server.domain.ticket import Ticket
from queue_server.enrolling import enrol_here
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import ROOT, RunningHall

MODEL = load_model("generic-80mm")
MAY_BE = (("printed", 1), ("failed", 0), ("unknown", 0), ("unknown", 1))
"""What the journal says of a paper, and how often it is there."""


class Kiosk:
    """A kiosk's process, its journal, and its printer, which outlives it; `tree` holds its code."""

    def __init__(self, hall: RunningHall, name: str, folder: Path, tree: Path = ROOT) -> None:
        self.name = name
        self.tree = tree
        self.journal = folder / name / f"kiosk-{name}.db"
        enrol_here(hall.client("admin"), folder / name, CreateEnrolment("kiosk", name))
        self.keys = next((folder / name).rglob("*.json"))
        self.printer = EmulatedPrinter(folder / name / "paper", MODEL.width_dots, features_of(MODEL))
        self.line = TcpLine(self.printer).start()
        self.log = (folder / name / "log").open("wb")
        self.said: list[str] = []

    def start(self, *, nobody: bool = False) -> None:
        """Switch it on."""
        command = [sys.executable, "-m", "tests.journeys.kiosk_process", "--keys", str(self.keys)]
        command += ["--journal", str(self.journal), "--printer", self.line.address, *(["--nobody"] if nobody else [])]
        self.process = subprocess.Popen(
            command,
            cwd=self.tree,
            env=os.environ | {"PYTHONPATH": str(self.tree)},
            stdout=subprocess.PIPE,
            stderr=self.log,
        )
        self._ear = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self._ear.start()

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.said.append(line.decode().strip())

    def count(self, word: str) -> int:
        """How often it said something that begins so."""
        return sum(said.startswith(word) for said in self.said)

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self.process.kill()
        self._ended()

    def stop(self) -> int:
        """Let nobody come any more, and wait until nothing is owed; its exit code."""
        self.process.terminate()
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(timeout=90)
        self._ear.join(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def close(self) -> None:
        """End everything."""
        if self.process.poll() is None:
            self.kill()
        self.line.stop()
        self.log.close()

    # ---- what is left behind ----

    def entries(self) -> list[Entry]:
        """What its journal says."""
        journal = open_journal(self.journal)
        found = journal.all_entries()
        journal.close()
        return found

    def papers(self) -> list[str]:
        """The tokens behind the codes on all that its printer printed, each as often as it is there."""
        return [token for picture in self.printer.pictures for token in _tokens(picture)]


def _tokens(picture: Path) -> list[str]:
    with Image.open(picture) as image:
        found = zxingcpp.read_barcodes(image.convert("L"))
    return [code.text.rpartition("/")[2] for code in found if "/t/" in code.text]


def assert_exact(kiosks: list[Kiosk], data: Path) -> list[Ticket]:
    """Papers, journals and the hall's log say the same, and nothing is there twice; returns the tickets that stand."""
    storage = SqliteStorage(data / "hall.db", writing=False)
    verify(storage)
    tickets = {ticket.ticket_id: ticket for ticket in storage.tickets()}
    storage.close()
    numbers = Counter((ticket.service_day, ticket.number) for ticket in tickets.values())
    assert max(numbers.values()) == 1, "a number was given twice"
    standing = {found.ticket_id for found in tickets.values() if found.state is not TicketState.CANCELLED}
    for kiosk in kiosks:
        standing -= _assert_exact_at(kiosk, tickets)
    assert not standing, f"tickets of nobody: {[tickets[found] for found in standing]}"
    return list(tickets.values())


def _assert_exact_at(kiosk: Kiosk, tickets: dict[int, Ticket]) -> set[int]:
    """One kiosk's papers and journal against the hall; returns its tickets that stand."""
    entries, papers = kiosk.entries(), Counter(kiosk.papers())
    assert all(entry.done for entry in entries)
    assert max(papers.values(), default=1) == 1, "a number was printed twice"
    mine = set()
    for entry in entries:
        reply, outcomes = entry.reply, [slip.outcome for slip in entry.slips]
        token = reply.token if isinstance(reply, TicketIssuedReply) else ""
        on_paper = papers.pop(token, 0)
        ticket = tickets.get(entry.ticket_id)
        if not entry.slips:
            assert not on_paper, entry
            assert ticket is None or ticket.state is TicketState.CANCELLED, entry
            continue
        assert len(outcomes) == 1, entry
        assert ticket is not None, f"a paper without a ticket: {entry}"
        assert ticket.state is not TicketState.CANCELLED, entry
        assert isinstance(reply, TicketIssuedReply)
        assert (ticket.number, ticket.issued_at) == (reply.ticket.number, reply.ticket.issued_at)
        assert (outcomes[0], on_paper) in MAY_BE, entry
        mine.add(ticket.ticket_id)
    assert not papers, f"papers of no touch: {papers}"
    assert len(mine) == len([entry for entry in entries if entry.slips]), "one number for two touches"
    return mine
