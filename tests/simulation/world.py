"""One scheduler with one seed: whatever happens in a simulated hall happens here, one thing after the other."""

import datetime as dt
import hashlib
import heapq
import random
from collections import Counter, deque
from collections.abc import Callable

LAST_STEPS = 30
Deed = Callable[[], None]


class World:
    """Time in seconds since the simulation began; `trace` covers every step and every committed event."""

    def __init__(self, seed: int, begins: dt.datetime) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        """Draws what people do and what fails."""
        self.bytes_chance = random.Random(~seed)
        """Draws keys and ids, so that one more id does not change what people do."""
        self.now = 0.0
        self.begins = begins
        self.steps = 0
        self.counts: Counter[str] = Counter()
        """What happened so often: commands, events and each kind of fault."""
        self._heap: list[tuple[float, int, str, Deed]] = []
        self._order = 0
        self._trace = hashlib.blake2b(digest_size=16)
        self._last: deque[tuple[int, float, str]] = deque(maxlen=LAST_STEPS)

    # ---- time ----

    def monotonic(self) -> float:
        """What takes the place of `time.monotonic`: a machine that runs for a while already."""
        return self.now + 1000.0

    def wall(self) -> dt.datetime:
        """The true time, aware UTC."""
        return self.begins + dt.timedelta(seconds=self.now)

    def random_bytes(self, count: int) -> bytes:
        """What takes the place of `secrets.token_bytes`."""
        return self.bytes_chance.randbytes(count)

    # ---- what happens ----

    def after(self, seconds: float, what: str, deed: Deed) -> None:
        """Let something happen later."""
        self._order += 1
        heapq.heappush(self._heap, (self.now + seconds, self._order, what, deed))

    @property
    def next_at(self) -> float | None:
        """When the next thing happens; none if nothing is to come."""
        return self._heap[0][0] if self._heap else None

    def run(self, until: float) -> None:
        """Let everything happen that is due until a time."""
        heap = self._heap
        while heap and heap[0][0] <= until:
            when, _, what, deed = heapq.heappop(heap)
            self.now = max(self.now, when)
            self.steps += 1
            self._last.append((self.steps, self.now, what))
            self._trace.update(b"%d %f %s\n" % (self.steps, self.now, what.encode()))
            deed()
        self.now = max(self.now, until)

    # ---- what is known of it ----

    def note(self, words: str) -> None:
        """Write something beside the steps."""
        self._last.append((self.steps, self.now, f"  {words}"))
        self._trace.update(words.encode())

    def seal(self, data: bytes) -> None:
        """Let the trace cover these bytes."""
        self._trace.update(data)

    @property
    def trace(self) -> str:
        """What tells two runs apart as soon as anything differs."""
        return self._trace.hexdigest()

    def last_steps(self) -> list[str]:
        """The last things that happened, oldest first."""
        return [f"{step:7} {self._clock(now)} {what}" for step, now, what in self._last]

    def _clock(self, now: float) -> str:
        return f"{(self.begins + dt.timedelta(seconds=now)):%d %H:%M:%S.%f}"[:-3]
