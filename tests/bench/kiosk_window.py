"""One real kiosk window under a finger, measured from the touch; a process of its own, since Kivy has one window.

`python -m tests.bench.kiosk_window KEYS PRINTER TAPS` prints one JSON line.
"""

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

from tests.screens.driver import LYING, Driver

logging.getLogger("kivy").setLevel(logging.WARNING)
driver = Driver()
driver.frames = driver._draw_frames  # type: ignore[method-assign] # what is measured is drawn

from kivy.graphics.opengl import glFinish  # noqa: E402 - Kivy is settled by the driver

from kiosk.app import KioskApp  # noqa: E402
from kiosk.flow import Flow  # noqa: E402
from kiosk.hall_now import HallNow  # noqa: E402
from kiosk.route import Wish, next_touch  # noqa: E402
from kiosk.session import Session  # noqa: E402
from kiosk.touches import Home  # noqa: E402
from kiosk.visit import Screen  # noqa: E402
from printers.models import load_model  # noqa: E402
from printers.opening import open_transport  # noqa: E402
from printers.spool import Spool  # noqa: E402
from protocol.client import HallClient, new_request_id  # noqa: E402
from protocol.keys import read_keys  # noqa: E402

MODEL = "epson-tm-t20"


class TimedTransport:
    """A way to a printer that notes when a ticket's first and last bytes went out, and how many there were."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.first_at = 0.0
        self.bytes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes, seconds: float) -> None:
        """Hand over; questions about the state are short, tickets are not."""
        if len(data) > 100:
            self.first_at = self.first_at or time.perf_counter()
            self.bytes += len(data)
        self._transport.write(data, seconds)

    def forget(self) -> None:
        """Begin a new ticket."""
        self.first_at, self.bytes = 0.0, 0


def main(keys_path: str, printer: str, taps: str) -> None:
    """Take numbers and print the measured seconds and bytes."""
    model = load_model(MODEL)
    transport = TimedTransport(open_transport(printer, model))
    spool = Spool(transport, model)
    keys = read_keys(Path(keys_path))
    flow = Flow(HallNow(keys.device_id), settle_seconds=0)
    app = KioskApp(lambda post, changed: Session(flow, spool, post, changed))
    client = HallClient(keys, app.session)
    app.session.connect(client)
    driver.start(app, LYING)
    driver.until(lambda: flow.screen is Screen.IDLE and spool.status().may_print, 30)
    found = [_one(app, flow, transport) for _ in range(int(taps) + 3)][3:]
    sys.stdout.write(json.dumps(found) + "\n")
    driver.stop()
    client.close()
    spool.close()


def _one(app: KioskApp, flow: Flow, transport: TimedTransport) -> dict[str, float]:
    """One citizen: up to the last touch unmeasured, from there to the number on the screen and bytes at the printer."""
    wish = Wish("s2")
    transport.forget()
    turns = []
    while (touch := next_touch(flow, wish)) is not None and flow.screen is not Screen.RESULT:
        begun = time.perf_counter()
        app.finger(touch, new_request_id())
        _drawn(flow.screen is not Screen.ISSUING, lambda: flow.screen in (Screen.RESULT, Screen.REFUSED))
        turns.append(time.perf_counter() - begun)
    driver.until(lambda: transport.first_at and flow.visit.paper is not None)
    paper = transport.first_at - begun
    app.finger(Home(), new_request_id())
    driver.frames(2)
    return {"tap": turns[-1], "turn": max(turns[:-1]), "paper": paper, "bytes": transport.bytes}


def _drawn(at_once: bool, condition: Any) -> None:
    """Draw until it is so, and one frame more, wholly."""
    if not at_once:
        driver.until(condition)
    driver.frames(1)
    glFinish()


if __name__ == "__main__":
    main(*sys.argv[1:])
