"""Emulated printers behind real lines, and papers to print on them."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
import zxingcpp
from PIL import Image

from printers.base import PrinterState, Transport
from printers.device import EmulatedPrinter, features_of
from printers.emulator import PtyLine, TcpLine
from printers.layout import TicketPaper
from printers.models import PrinterModel, load_model
from printers.spool import Spool
from printers.transport import NetworkTransport, NodeTransport, SerialTransport
from tests.running import eventually

URL = "http://192.168.10.5:8080/t/hV3kQm8ZpT2xYw9LrB4nSg"


@pytest.fixture
def paper() -> TicketPaper:
    """An ordinary ticket of an ordinary morning."""
    return TicketPaper(
        hall_name="Trung tâm Phục vụ hành chính công tỉnh Cao Bằng",
        service_name="Tư pháp – Hộ tịch, chứng thực",
        number="A015",
        people_ahead=4,
        wait_low_minutes=10,
        wait_high_minutes=15,
        counters=("3", "4"),
        issued_at=dt.datetime(2026, 1, 12, 8, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
        url=URL,
    )


class Bench:
    """One emulated printer on a line, and the spool that prints on it."""

    def __init__(self, printer: EmulatedPrinter, spool: Spool, line: PtyLine | TcpLine) -> None:
        self.printer = printer
        self.spool = spool
        self.line = line

    def until(self, state: PrinterState) -> None:
        """Wait until the spool knows that the printer is so."""
        eventually(lambda: self.spool.status().state is state, within=20, what=str(state))

    def outcome(self, paper: TicketPaper) -> str:
        """What became of a ticket."""
        return self.spool.print(paper).result(30)


BenchMaker = Callable[..., Bench]


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[BenchMaker]:
    """Set up a printer of a model behind `pty` or `tcp`."""
    with ExitStack() as stack:

        def make(
            front: str = "tcp",
            model_name: str = "epson-tm-t20",
            poll_seconds: float = 0.05,
            spare_seconds: float = 15.0,
            **changes: object,
        ) -> Bench:
            model: PrinterModel = msgspec.structs.replace(load_model(model_name), **{"answer_seconds": 5.0, **changes})
            printer = EmulatedPrinter(tmp_path / "tickets", model.width_dots, features_of(model))
            line: PtyLine | TcpLine = (
                TcpLine(printer)
                if front == "tcp"
                else PtyLine(printer, tmp_path / f"line-{len(list(tmp_path.iterdir()))}")
            )
            stack.enter_context(line)
            transport = _transport(front, line)
            spool = Spool(transport, model, poll_seconds=poll_seconds, spare_seconds=spare_seconds)
            stack.callback(spool.close)
            return Bench(printer, spool, line)

        yield make


def _transport(front: str, line: PtyLine | TcpLine) -> Transport:
    """The kiosk's end of a line: `tcp`, `pty`, or `node` for a device node."""
    if isinstance(line, TcpLine):
        return NetworkTransport("127.0.0.1", line.port)
    return SerialTransport(line.path) if front == "pty" else NodeTransport(Path(line.path))


@pytest.fixture
def read_qr() -> Callable[[Path], list[str]]:
    """Decode the QR codes of a picture."""

    def read(path: Path) -> list[str]:
        with Image.open(path) as picture:
            return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]

    return read


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait for something that another thread brings about."""

    def wait(condition: Callable[[], bool], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.01)

    return wait
