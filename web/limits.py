"""How often one address may ask: token buckets, bounded in number; the clock is an argument."""

from collections import OrderedDict


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

    @property
    def remembered(self) -> int:
        """How many addresses are remembered."""
        return len(self._buckets)
