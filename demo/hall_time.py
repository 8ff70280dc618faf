"""What the played people hear of the hall: its time, its hours, and who is called to which counter."""

import datetime as dt
import queue
import threading
import time

from config.settings import HallFile
from demo.hall import opening_hours
from protocol.events import Event, TicketCalled
from protocol.replies import Pulse, Snapshot


class HallTime:
    """A listener of the hall; `speed` is how many of its seconds pass in one."""

    def __init__(self, file: HallFile, begins_at: dt.datetime, speed: float) -> None:
        self.speed = speed
        self.hours = opening_hours(file)
        self._told = (begins_at, time.monotonic())
        self._lock = threading.Lock()
        self._called: dict[str, queue.SimpleQueue[int]] = {c.id: queue.SimpleQueue() for c in file.counters}

    def now(self) -> dt.datetime:
        """The hall's time, as last told and run on since."""
        with self._lock:
            at, heard = self._told
        return at + dt.timedelta(seconds=(time.monotonic() - heard) * self.speed)

    @property
    def is_open(self) -> bool:
        """Whether the hall is open now."""
        now = self.now()
        return any(start <= now < end for start, end in self.hours.today(now))

    @property
    def gives_numbers(self) -> bool:
        """Whether kiosks give numbers now."""
        return self.hours.gives_numbers(self.now())

    def called_to(self, counter_id: str, within: float) -> int | None:
        """A ticket called to a counter, or None if none was within so many real seconds."""
        try:
            return self._called[counter_id].get(timeout=within)
        except queue.Empty:
            return None

    # ---- the listener ----

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """Take the hall's time, and who is called already."""
        self._tell(snapshot.at)
        for counter in snapshot.counters:
            if counter.ticket is not None:
                self._called[counter.counter_id].put(counter.ticket.ticket_id)

    def on_event(self, event: Event) -> None:
        """Pass a call on to its counter."""
        if isinstance(event.body, TicketCalled):
            self._called[event.body.counter_id].put(event.body.ticket_id)

    def on_pulse(self, pulse: Pulse) -> None:
        """Take the hall's time."""
        self._tell(pulse.at)

    def on_silence(self, seconds: float) -> None:
        """Time goes on."""

    def _tell(self, at: dt.datetime) -> None:
        with self._lock:
            self._told = (at, time.monotonic())
