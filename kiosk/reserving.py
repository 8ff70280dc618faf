"""Sees to the blocks of numbers for when the server is away: asks for them, and gives back what others need."""

import logging

import msgspec
from msgspec import Struct

from kiosk.blocks import HeldBlock, settle
from kiosk.debts import Debts
from kiosk.hall_now import HallNow
from kiosk.journal import Journal
from kiosk.link import Link
from protocol.commands import ReserveNumbers, ReturnNumbers
from protocol.errors import MotcuaError
from protocol.events import NumbersNeeded
from protocol.replies import BlocksReply, Reply

AGAIN_SECONDS = 600.0
SOON_SECONDS = 10.0
"""When to ask again what was not answered."""
WITHIN_SECONDS = 10.0
MEND_SECONDS = 5.0
"""How often to try a disk that could not be written."""
_log = logging.getLogger(__name__)


class Since(Struct, frozen=True):
    """Where in the hall's log this journal began; blocks that were reserved later are all its own."""

    epoch: str
    seq: int


class Reserving:
    """Holds the kiosk's blocks; `now` is monotonic seconds."""

    def __init__(self, link: Link, journal: Journal, hall: HallNow, debts: Debts) -> None:
        self._link = link
        self._journal = journal
        self._hall = hall
        self._debts = debts
        self._asking = False
        self._next_at = 0.0
        self._mend_at = 0.0
        self._needed: list[NumbersNeeded] = []
        found = journal.recall("since")
        self._since = msgspec.json.decode(found, type=Since) if found else None
        self._hear_of_blocks()

    def hear(self, epoch: str, seq: int) -> None:
        """Learn how far the hall's log is: what a journal begins with, and begins again with in each epoch."""
        if self._since is None or self._since.epoch != epoch:
            self._since = Since(epoch, seq)
            self._journal.remember("since", self._since)

    def soon(self) -> None:
        """Ask with the next `work`: the connection, or the day, is new."""
        self._next_at = 0.0

    def need(self, needed: NumbersNeeded) -> None:
        """Others need numbers of a queue."""
        self._needed.append(needed)

    def work(self, now: float) -> None:
        """Ask and give back what is due."""
        if self._journal.faulty and now >= self._mend_at:
            self._mend_at = now + MEND_SECONDS
            self._journal.mend()
        self._hear_of_blocks()
        if self._hall.away or self._hall.hall is None or self._since is None:
            return
        if self._needed and not self._debts.to_hand_in:
            self._give_back()
        if not self._asking and now >= self._next_at:
            self._asking = self._link.ask(ReserveNumbers(), WITHIN_SECONDS, self._took)
            self._next_at = now + SOON_SECONDS

    def _took(self, answer: Reply | MotcuaError) -> None:
        self._asking = False
        today = self._hall.today()
        if not isinstance(answer, BlocksReply) or self._since is None or today is None:
            _log.info("no blocks of numbers: %s", answer)
            return
        self._next_at += AGAIN_SECONDS - SOON_SECONDS
        found = settle(self._journal.blocks, answer.blocks, self._since.seq, today)
        for block in found.skipped:
            _log.error("%s %d–%d of %s: another journal's, not given", block.queue_id, block.first, block.last, today)
        if found.skipped:
            self._journal.remember("journal_lost", today)
        if found.held != self._journal.blocks:
            self._hold(found.held)

    def _give_back(self) -> None:
        needed, self._needed = self._needed, []
        wanted = {(event.queue_id, event.service_day) for event in needed}
        spared = [b for b in self._journal.blocks if (b.queue_id, b.service_day) in wanted and b.left]
        for block in spared:
            self._give_back_half(block.upper_half())

    def _give_back_half(self, half: HeldBlock) -> None:
        """First the journal: what is given back may be given by others at once."""
        others = [half if block.block_id == half.block_id else block for block in self._journal.blocks]
        if self._hold(others):
            self._link.ask(ReturnNumbers(half.block_id, half.first), WITHIN_SECONDS, self._gave_back)

    def _gave_back(self, answer: Reply | MotcuaError) -> None:
        if isinstance(answer, MotcuaError):
            _log.warning("numbers were not taken back: %s", answer)

    def _hold(self, blocks: list[HeldBlock]) -> bool:
        held = self._journal.keep_blocks(blocks)
        self._hear_of_blocks()
        return held

    def _hear_of_blocks(self) -> None:
        """A number that can't be written down is not given."""
        self._hall.take_blocks(() if self._journal.faulty else self._journal.blocks)
