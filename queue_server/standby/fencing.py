"""The machine that took over tells the other one, whenever that comes back, to write no more."""

import logging
import threading

import msgspec

from queue_server.standby import wire
from queue_server.standby.dialling import Line
from queue_server.standby.states import Promotion

log = logging.getLogger("queue_server")


class Warden:
    """Knocks at the other machine's link until it obeys, and again when it might have forgotten; on its own thread."""

    def __init__(self, promotion: Promotion) -> None:
        self._promotion = promotion
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warden", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        line = Line(self._promotion.keys)
        body = msgspec.json.encode(self._promotion.fence)
        try:
            while not self._stopping.is_set():
                line.say(wire.FENCE, body)
                found = line.listen(wire.BEAT_SECONDS)
                if found is not None and found[0] == wire.FENCED:
                    log.warning("the other machine knows that it was taken over, and writes no more")
                line.renew()
                self._stopping.wait(wire.BEAT_SECONDS / 2)
        finally:
            line.close()

    def stop(self) -> None:
        """Let the other machine be."""
        self._stopping.set()
        self._thread.join()
