"""A short day of a small hall, played by a seed through the real service and storage, with all that was answered."""

import contextlib
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.commands import Command, Request
from protocol.words import TicketState
from queue_server.domain.rows import Device
from queue_server.service import QueueService
from queue_server.storage.base import StorageFault
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import ADMIN, DESK, KIOSK, MORNING, PHONE, hall_file, with_service

STARTS = 60
MIDNIGHT = dt.timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A request and who sent it."""

    request: Request
    device: Device


@dataclass(frozen=True)
class Answered:
    """A batch that was answered: the log's head then, and what each request that changed something got."""

    seq: int
    head_hash: bytes
    replies: list[tuple[Asked, bytes]]


@dataclass
class Day:
    """A hall on a folder; `answered` and `refused` are what its clients know, `note` hears of both."""

    folder: Path
    luck: random.Random
    note: Callable[["Day"], None] = lambda _day: None
    now: dt.datetime = MORNING
    answered: list[Answered] = field(default_factory=list)
    refused: list[Asked] = field(default_factory=list)
    copies: list[tuple[str, int]] = field(default_factory=list)
    """Copies that are done: the file's name, and the seq that it must reach."""
    pending: list[Asked] = field(default_factory=list)
    """Asked and not answered."""
    _count: int = 0
    _tokens: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Open the hall, as a server does that starts; raises StorageFault."""
        self.storage = SqliteStorage(self.folder / "hall.db")
        self.service = service_on(self.storage, self.luck)
        self.service.ledger.begin(self.now)
        self.service.start_day(self.now)
        self.service.ledger.commit()

    def play(self, steps: int) -> None:
        """Let so many things happen; what the disk refuses is refused, and the day goes on."""
        self.begin()
        for counter_id in ("1", "2"):
            self.ask([self._asked(cmd.OpenCounter(counter_id, f"0{counter_id}"))])
        for step in range(steps):
            self._step(step)
        self.storage.close()

    def _step(self, step: int) -> None:
        chance = self.luck.random()
        self.now += dt.timedelta(seconds=self.luck.randint(1, 240))
        if chance < 0.86:
            self.ask([self._asked(*self._wish()) for _ in range(self.luck.randint(1, 5))])
        elif chance < 0.95:
            self._for_itself(self.storage.tidy)
        elif chance < 0.98:
            self._copy(step)
        elif self.now < MORNING + MIDNIGHT * 2:  # answers are remembered for two days
            self.now += MIDNIGHT
            self._for_itself(lambda: self.service.tick(self.now))

    def ask(self, batch: list[Asked]) -> None:
        """Decide a batch, commit it, and only then answer it: as the endpoint does."""
        self.pending = batch
        try:
            frames = [self.service.answer(asked.request, asked.device, self.now) for asked in batch]
            self.service.ledger.commit()
        except StorageFault:
            self._go_back()
            self.refused += [asked for asked in batch if not self._kept(asked)]
        else:
            self._answer([(asked, frame) for asked, frame in zip(batch, frames, strict=True) if self._kept(asked)])
            self._tokens += [reply.token for reply in map(_reply, frames) if isinstance(reply, re.TicketIssuedReply)]
        self.pending = []
        self.note(self)

    def _answer(self, replies: list[tuple[Asked, bytes]]) -> None:
        self.answered.append(Answered(*self.storage.head(), replies))

    def _kept(self, asked: Asked) -> bool:
        try:
            return self.storage.answer(asked.request.request_id) is not None
        except StorageFault:
            return False

    def _for_itself(self, work: Callable[[], None]) -> None:
        try:
            work()
            self.service.ledger.commit()
        except StorageFault:
            self._go_back()

    def _go_back(self) -> None:
        try:
            self.service.reload()
        except StorageFault:
            self._start_anew()

    def _start_anew(self) -> None:
        """The disk does not even tell what it holds: the server is started until it does."""
        for _ in range(STARTS):
            with contextlib.suppress(apsw.Error):
                self.storage._db.close()
            with contextlib.suppress(StorageFault):
                self.storage = SqliteStorage(self.folder / "hall.db")
                self.service = service_on(self.storage, self.luck)
                return
        raise AssertionError(f"the disk did not let the hall begin again in {STARTS} starts")

    def _copy(self, step: int) -> None:
        name = f"copy-{step}.db"
        try:
            self.storage.copy_to(self.folder / name)
        except StorageFault:
            self._go_back()
        else:
            self.copies.append((name, self.storage.head()[0]))
            self.note(self)

    # ---- what people want ----

    def _asked(self, command: Command, device: Device = ADMIN) -> Asked:
        self._count += 1
        return Asked(Request(1, f"request-{self._count:06}", command), device)

    def _wish(self) -> tuple[Command, Device]:
        chance = self.luck.random()
        if chance < 0.45:
            person = f"{self.luck.randint(1, 10**9)}"
            return cmd.IssueTicket("land", person=person) if chance < 0.2 else cmd.IssueTicket("civil"), KIOSK
        if chance < 0.6 and self._tokens:
            token = self._tokens.pop(self.luck.randrange(len(self._tokens)))
            return cmd.RateTicket(token, self.luck.randint(1, 5), comment="cảm ơn " * self.luck.randint(1, 40)), PHONE
        return self._at_counter(self.luck.choice(["1", "2"])), DESK

    def _at_counter(self, counter_id: str) -> Command:
        held = self.service.hall.counters[counter_id].ticket_id
        if held is None:
            return cmd.CallNext(counter_id)
        if self.service.hall.ticket(held).state is TicketState.CALLED:
            return self.luck.choice([cmd.StartServing(counter_id, held), cmd.MarkNoShow(counter_id, held)])
        note = cmd.AddNote(counter_id, held, "thiếu giấy tờ " * self.luck.randint(1, 60))
        return self.luck.choice([note, cmd.FinishTicket(counter_id, held), cmd.ParkTicket(counter_id, held, 5, "chờ")])


def service_on(storage: SqliteStorage, luck: random.Random) -> QueueService:
    """The service of the day's hall; one service asks who its citizens are."""
    file = with_service(hall_file(last=99_999), "land", asks_person=True)
    return QueueService(file, storage, luck.randbytes)


def _reply(frame: bytes) -> re.Reply:
    return codec.decode_answer(frame).reply
