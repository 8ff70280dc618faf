"""Outages with honest kiosks, lost answers, late frames, restarts and midnights: each paper is one ticket."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from config.settings import Kiosk
from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.events import NumbersNeeded
from queue_server.domain.rows import Device
from queue_server.verifying import verify
from tests.queue_server.day_reports import day_report
from tests.queue_server.factories import SmallHall, hall_file

Paper = tuple[dt.date, str]
SERVICES = ("land", "civil")


@dataclass
class Booth:
    """A kiosk as the protocol's page wants it: it never gives a number twice, and forgets nothing that it owes."""

    device: Device
    luck: random.Random
    blocks: dict[tuple[str, dt.date], re.NumberBlock] = field(default_factory=dict)
    owes: list[tuple[str, cmd.Command]] = field(default_factory=list)
    late: list[tuple[str, cmd.Command]] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    day: dt.date | None = None
    read: int = 0
    wishes: int = 0

    def wish(self) -> str:
        """A new request's id."""
        self.wishes += 1
        return f"{self.device.device_id}-{self.wishes:06}"

    def touch(self, hall: SmallHall, *, away: bool) -> None:
        """A citizen takes a number: from the hall if it answers, else from a block; else he goes away."""
        command, request_id = cmd.IssueTicket(self.luck.choice(SERVICES)), self.wish()
        fate = "unsent" if away else self.luck.choice(["answered"] * 4 + ["lost", "late"])
        if fate in ("answered", "lost"):
            reply = hall.ask(command, self.device, request_id)
            if fate == "answered":
                self._take(reply)
                return
        if fate == "late":
            self.late.append((request_id, command))
        self._give_alone(hall.clock.now, command.service_id, None if fate == "unsent" else request_id)

    def _take(self, reply: re.Reply) -> None:
        if isinstance(reply, re.TicketIssuedReply):
            self.day = reply.ticket.service_day
            self.papers.append((self.day, reply.ticket.number))
        else:
            assert isinstance(reply, re.Refused)
            self.refused[reply.code] += 1

    def _give_alone(self, now: dt.datetime, service_id: str, request_id: str | None) -> None:
        today = (now + dt.timedelta(hours=7)).date()
        block = self.blocks.get((service_id, today))
        if block is None or block.first > block.last:
            if request_id is not None:
                self.owes.append((self.wish(), cmd.WithdrawRequest(request_id)))
            return
        self.blocks[service_id, today] = replace(block, first=block.first + 1)
        self.papers.append((today, f"{'ACE'[SERVICES.index(service_id)]}{block.first:03}"))
        told = cmd.HandInTicket(block.block_id, block.first, service_id, now, instead_of=request_id)
        self.owes.append((self.wish(), told))

    def settle(self, hall: SmallHall) -> None:
        """Tell what is owed, each until it is answered; then ask for blocks, and give back what others need."""
        while self.owes:
            request_id, command = self.owes[0]
            reply = hall.ask(command, self.device, request_id)
            if self.luck.random() < 0.2:  # the answer is lost
                return
            assert not isinstance(reply, re.Refused), (command, reply)
            self.owes.pop(0)
        blocks = hall.get(re.BlocksReply, cmd.ReserveNumbers(), self.device).blocks
        for told in blocks:
            key = told.queue_id, told.service_day
            mine = self.blocks.get(key)
            same = mine is not None and mine.block_id == told.block_id
            self.blocks[key] = replace(told, first=max(mine.first, told.first)) if same and mine else told
        self._give_back(hall, {(block.queue_id, block.service_day) for block in blocks})

    def _give_back(self, hall: SmallHall, held: set[tuple[str, dt.date]]) -> None:
        events = [codec.decode_event(event.body) for event in hall.storage.events(self.read + 1)]
        self.read = hall.service.hall.seq
        wanted = {(e.body.queue_id, e.body.service_day) for e in events if isinstance(e.body, NumbersNeeded)}
        for key in sorted(wanted & held):
            block = self.blocks[key]
            if block.first <= block.last:
                half = replace(block, first=block.first + (block.last - block.first + 2) // 2)
                self.blocks[key] = half
                hall.get(re.DoneReply, cmd.ReturnNumbers(half.block_id, half.first), self.device)

    def tell_all(self, hall: SmallHall) -> None:
        """Tell until nothing is owed any more."""
        while self.owes:
            self.settle(hall)

    def deliver_late(self, hall: SmallHall) -> None:
        """A frame that was long on its way arrives; nobody waits for its answer."""
        if self.late:
            request_id, command = self.late.pop(self.luck.randrange(len(self.late)))
            hall.ask(command, self.device, request_id)


@pytest.mark.parametrize("seed", range(12))
def test_each_paper_is_one_ticket_and_each_ticket_one_paper(seed: int) -> None:
    luck = random.Random(seed)
    file = replace(hall_file(last=luck.choice([30, 60, 999])), kiosk=Kiosk(block_size=luck.choice([3, 10, 200])))
    hall, away = SmallHall(file), False
    since = hall.clock.now
    booths = [Booth(Device(f"kiosk-{place}", "kiosk", "k"), luck) for place in range(4)]
    for _ in range(700):
        hall.clock.tick(luck.choice([0.2, 1, 3, 20]))
        booth = luck.choice(booths)
        what = luck.random()
        if what < 0.02:
            hall.clock.tick(luck.choice([300, 900, 24 * 60]))
            away = away and hall.clock.now - since < dt.timedelta(days=3)
            for one in booths if not away else ():  # what is older than a week would not be taken in any more
                one.tell_all(hall)
        elif what < 0.06:
            away, since = not away, hall.clock.now
        elif what < 0.08:
            hall = started_again(hall, file)
        elif what < 0.65:
            booth.touch(hall, away=away)
        elif not away:
            (booth.deliver_late if what < 0.7 else booth.settle)(hall)
    for booth in booths:
        booth.tell_all(hall)
        while booth.late:
            booth.deliver_late(hall)
    papers = Counter(paper for booth in booths for paper in booth.papers)
    assert max(papers.values()) == 1, "a number was on two papers"
    tickets = Counter((t.service_day, t.number) for t in hall.storage.tickets() if not t.withdrawn)
    assert tickets == papers
    assert sum(sum(booth.refused.values()) for booth in booths) == sum(b.refused["numbers_exhausted"] for b in booths)
    assert verify(hall.storage) == hall.service.hall.seq
    for day in {day for day, _ in papers}:
        report = day_report(hall.storage, day)
        assert report.whole.issued == sum(on == day for on, _ in papers)


def started_again(hall: SmallHall, file: object) -> SmallHall:
    """The server's next life, from what is stored."""
    again = SmallHall(file, hall.storage, first_id=1_000_000 + 1000 * hall.service.hall.seq)  # type: ignore[arg-type]
    again.clock.now = hall.clock.now
    return again
