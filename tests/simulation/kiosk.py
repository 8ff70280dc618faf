"""A kiosk: the real session, flow and journal, with a printer that has moods and a machine that is cut off."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import apsw

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.journal import Journal, open_journal
from kiosk.session import Session
from kiosk.stages import Screen
from kiosk.touches import Home, Touch
from printers.base import PrinterState, PrinterStatus, PrintOutcome
from printers.layout import Paper, TicketPaper
from protocol.keys import DeviceKeys
from tests.simulation.devices import Jobs, Line
from tests.simulation.server import Crashed
from tests.simulation.takeover import Sockets
from tests.simulation.world import World

PRINTS_IN = 2.0


@dataclass
class Sheet:
    """A paper that lies before a citizen."""

    kiosk: str
    paper: TicketPaper


class Printer:
    """A printer; `mood` is what becomes of the next papers."""

    def __init__(self, world: World, kiosk: str, out: Callable[[Sheet], None]) -> None:
        self._world, self._kiosk, self._out = world, kiosk, out
        self.mood = "ready"
        self._jobs: list[Future[PrintOutcome]] = []

    def status(self) -> PrinterStatus:
        """What it says; one that is jammed is not noticed before it prints."""
        state = {"out of paper": PrinterState.PAPER_OUT, "silent": PrinterState.UNKNOWN}.get(self.mood)
        return PrinterStatus(state or PrinterState.READY)

    def print(self, paper: Paper) -> "Future[PrintOutcome]":
        """Print one paper, if all goes well."""
        future: Future[PrintOutcome] = Future()
        self._jobs.append(future)
        self._world.after(PRINTS_IN, "printer", lambda: self._finish(paper, future))
        return future

    def _finish(self, paper: Paper, future: "Future[PrintOutcome]") -> None:
        """A printer calls failed only what surely did not come out; what was swallowed is unknown."""
        if future not in self._jobs:
            return
        self._jobs.remove(future)
        outcome, comes = self._outcome()
        if comes and isinstance(paper, TicketPaper):
            self._out(Sheet(self._kiosk, paper))
        future.set_result(outcome)

    def _outcome(self) -> tuple[PrintOutcome, bool]:
        if self.mood in ("jammed", "out of paper"):
            return "failed", False
        if self.mood == "swallows":
            return "unknown", False
        if self.mood in ("silent", "unsure"):
            return "unknown", self._world.chance.random() < 0.7
        return "printed", True

    def cut(self) -> None:
        """The kiosk is gone: what was sent comes out or not, and nobody hears of it."""
        self._jobs.clear()


class JournalDisk:
    """The journal's connection, on a disk that may be full and in a machine that may end at a write."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self.full = False
        self.crash = ""

    def __enter__(self) -> apsw.Connection:
        if self.crash == "before":
            raise Crashed
        if self.full:
            raise apsw.FullError("disk is full")
        return self._db.__enter__()

    def __exit__(self, *what: object) -> bool | None:
        left = self._db.__exit__(*what)  # type: ignore[arg-type]
        if self.crash == "after":
            raise Crashed
        return left

    def execute(self, sql: str, *rest: object) -> object:
        """Run a statement; one that writes needs a disk."""
        if self.full and not sql.startswith("SELECT"):
            raise apsw.FullError("disk is full")
        return self._db.execute(sql, *rest)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> object:
        return getattr(self._db, name)


class Kiosk:
    """A kiosk that is up or down; citizens use it through `touch`."""

    def __init__(self, world: World, sockets: Sockets, keys: DeviceKeys, path: Path) -> None:
        self.world, self._sockets, self._keys, self._path = world, sockets, keys, path
        self.name = keys.device_id
        self.clock_off = 0.0
        self.printer = Printer(world, self.name, self._sheet_out)
        self.sheets: list[Sheet] = []
        self.heard_out: Callable[[Sheet], None] = lambda _sheet: None
        self.up = False
        self.restarts_in = 5.0

    def _sheet_out(self, sheet: Sheet) -> None:
        self.sheets.append(sheet)
        self.heard_out(sheet)

    def start(self) -> None:
        """Switch it on."""
        self._jobs = Jobs()
        self.flow = Flow(HallNow(self.name), settle_seconds=0)
        self.journal: Journal = open_journal(self._path)
        self.disk = JournalDisk(self.journal._db)
        self.journal._db = self.disk  # type: ignore[assignment]
        self.disk.execute("PRAGMA synchronous = OFF")
        self.session = Session(
            self.flow,
            self.printer,
            self._jobs.post,
            clock=self.world.monotonic,
            journal=self.journal,
            wall=lambda: self.world.wall() + dt.timedelta(seconds=self.clock_off),
        )
        self.line = Line(self.world, self._sockets, self._keys, self.session, self.work)
        self.up = True
        self._alive(lambda: self.session.connect(self.line.client))

    def work(self) -> None:
        """Do what was posted."""
        if self.up:
            self._alive(self._jobs.work)

    def tick(self) -> None:
        """Let time pass."""
        if self.up:
            self.line.tick()
        if self.up:
            self._alive(self.session.tick)

    def touch(self, touch: Touch, request_id: str | None = None) -> None:
        """A finger."""
        if self.up:
            self._alive(lambda: self.session.touch(touch, request_id))

    def _alive(self, deed: Callable[[], None]) -> None:
        """Do something unless the machine ends in it."""
        try:
            deed()
            self._jobs.work()
        except Crashed:
            self.cut("crashed at a write")

    def cut(self, how: str) -> None:
        """End at once; it comes back by itself."""
        if not self.up:
            return
        self.world.note(f"{self.name} {how}")
        self.up = False
        self.line.close()
        self.printer.cut()
        self.session._link.client = None
        self.disk._db.close()
        self.world.after(self.restarts_in, f"{self.name} starts", self.start)

    def all_bytes(self) -> bytes:
        """Everything that lies in its files."""
        return b"".join(path.read_bytes() for path in sorted(self._path.parent.glob(f"{self._path.name}*")))

    @property
    def free(self) -> bool:
        """Whether nobody stands before it."""
        return self.up and self.flow.screen is Screen.IDLE

    @property
    def owes(self) -> bool:
        """Whether its journal holds what the hall must still hear, or what is not done."""
        return not self.up or bool(self.journal.entries)

    def leave(self) -> None:
        """Whoever stood there goes."""
        self.touch(Home())
