"""How often one address may ask, and who is sent away when too many stand about: bounded, the clock is an argument."""

from collections import OrderedDict
from typing import Generic, TypeVar

Visitor = TypeVar("Visitor")


class RateLimit:
    """Allows `burst` requests at once and `per_second` in the long run, for each of the last `addresses` seen."""

    def __init__(self, burst: float, per_second: float, addresses: int = 4096) -> None:
        self._burst = burst
        self._per_second = per_second
        self._addresses = addresses
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, address: str, now: float) -> bool:
        """Take one request of an address at `now` (monotonic seconds); False: too many."""
        left, at = self._buckets.pop(address, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_second)
        allowed = left >= 1
        self._buckets[address] = (left - 1 if allowed else left, now)
        if len(self._buckets) > self._addresses:
            self._buckets.popitem(last=False)
        return allowed

    def __contains__(self, address: str) -> bool:
        """Whether an address was seen and is still remembered."""
        return address in self._buckets

    @property
    def remembered(self) -> int:
        """How many addresses are remembered."""
        return len(self._buckets)


class WaitingRoom(Generic[Visitor]):
    """Connections from which a whole request has still to come: so many `places`, half of them for one address.

    Who waits longest is sent away first: a working phone asks within moments, a slow one stays. An address alone says
    little, since all phones in a hall's Wi-Fi share one; but it can't take the places of the others.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._entered: OrderedDict[Visitor, tuple[str, float]] = OrderedDict()
        self._of_address: dict[str, OrderedDict[Visitor, None]] = {}

    def __len__(self) -> int:
        return len(self._entered)

    def enter(self, visitor: Visitor, address: str, now: float) -> Visitor | None:
        """Take a place at `now` (monotonic seconds); returns who must go for it."""
        self.leave(visitor)
        self._entered[visitor] = (address, now)
        own = self._of_address.setdefault(address, OrderedDict())
        own[visitor] = None
        if len(own) > self._places // 2:
            return self._take_out(next(iter(own)))
        if len(self._entered) > self._places:
            return self._take_out(next(iter(self._entered)))
        return None

    def leave(self, visitor: Visitor) -> None:
        """Give the place back, if there is one."""
        if visitor in self._entered:
            self._take_out(visitor)

    def take_overdue(self, before: float) -> list[Visitor]:
        """Take out all who entered earlier than this (monotonic seconds)."""
        overdue: list[Visitor] = []
        while self._entered and next(iter(self._entered.values()))[1] < before:
            overdue.append(self._take_out(next(iter(self._entered))))
        return overdue

    def _take_out(self, visitor: Visitor) -> Visitor:
        address, _ = self._entered.pop(visitor)
        own = self._of_address[address]
        del own[visitor]
        if not own:
            del self._of_address[address]
        return visitor
