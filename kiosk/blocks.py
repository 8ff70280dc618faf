"""Blocks of numbers that this kiosk may give by itself: which may be used, from where on, and what can be spared."""

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from protocol.replies import NumberBlock


class HeldBlock(Struct, frozen=True):
    """A block as this kiosk holds it: `first` is the next number to give."""

    block_id: int
    queue_id: str
    service_day: dt.date
    first: int
    last: int
    key: str

    @property
    def left(self) -> int:
        """How many numbers can still be given."""
        return max(self.last - self.first + 1, 0)

    def without_next(self) -> "HeldBlock":
        """The block after one more number was given."""
        return replace(self, first=self.first + 1)

    def upper_half(self) -> "HeldBlock":
        """The block without the lower half of what is left; of a single number nothing stays."""
        return replace(self, first=self.first + (self.left + 1) // 2)

    def nothing_left(self) -> "HeldBlock":
        """The block when none of its numbers may be given any more."""
        return replace(self, first=max(self.first, self.last + 1))


class Settled(Struct, frozen=True):
    """The blocks after the hall told its own, and those among them whose numbers were given nobody knows to whom."""

    held: list[HeldBlock]
    skipped: list[HeldBlock]


def settle(held: Iterable[HeldBlock], told: Iterable[NumberBlock], since_seq: int, today: dt.date) -> Settled:
    """Weigh the hall's word on the blocks against the journal's.

    A block's id is the seq of its reservation. One that the journal does not know although it was reserved before the
    journal began (`since_seq`) was another journal's, which is lost: whatever of it is on paper, nobody can tell, so
    that for its day none of it is given. A block that the hall no longer tells of is over; where the hall was restored
    from a copy and reserved the same numbers anew, those that are gone stay gone.
    """
    known = {(block.block_id, block.key): block for block in held}
    settled, skipped = [], []
    for block in told:
        mine = known.get((block.block_id, block.key))
        fresh = HeldBlock(block.block_id, block.queue_id, block.service_day, block.first, block.last, block.key)
        if mine is not None:
            settled.append(replace(mine, first=max(mine.first, block.first), last=min(mine.last, block.last)))
        elif block.block_id > since_seq or block.service_day > today:
            settled.append(_without_gone(fresh, known.values()))
        else:
            settled.append(fresh.nothing_left())
            skipped.append(fresh)
    return Settled(settled, skipped)


def _without_gone(fresh: HeldBlock, held: Iterable[HeldBlock]) -> HeldBlock:
    """A new block without the numbers that were given from an older one over the same range."""
    older = [block for block in held if (block.queue_id, block.service_day) == (fresh.queue_id, fresh.service_day)]
    gone = [block.first for block in older if block.first - 1 <= fresh.last and block.last >= fresh.first]
    return replace(fresh, first=max([fresh.first, *gone]))


def block_of(held: Iterable[HeldBlock], queue_id: str, service_day: dt.date | None) -> HeldBlock | None:
    """The block of a queue and day that has numbers left."""
    fitting = (block for block in held if (block.queue_id, block.service_day) == (queue_id, service_day))
    return next((block for block in fitting if block.left), None)
