"""The code for who took a place from home, on the first screen of the window."""

from pathlib import Path

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from kiosk.access import ChangeTextSize
from kiosk.touches import Speak
from printers.base import PrinterState
from protocol.replies import ArrivalCodeReply
from protocol.views import HomeHabits, ProcedureInfo
from tests.kiosk.halls import TOMORROW, commune
from tests.screens.driver import LYING, UPRIGHT, Driver
from tests.screens.kiosk import SMALL, SMALL_LYING, Kiosk

pytestmark = pytest.mark.window
URL = "http://10.0.0.2:8080/here/KTM4XQ"


@pytest.mark.parametrize(
    "size",
    [SMALL, SMALL_LYING, pytest.param(UPRIGHT, marks=pytest.mark.long), pytest.param(LYING, marks=pytest.mark.long)],
    ids=["upright", "lying", "upright-large", "lying-large"],
)
def test_the_code_fits_can_be_scanned_and_is_gone_with_its_time(
    driver: Driver, size: tuple[int, int], tmp_path: Path
) -> None:
    hall = replace(commune(), from_home=HomeHabits(["s0"], 1))
    birth = ProcedureInfo("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch", "ubnd", "s0")
    kiosk = Kiosk(driver, size, hall, (birth,)).connect()
    kiosk.flow.hall.take_arrival(ArrivalCodeReply("KTM4XQ", URL, TOMORROW))
    kiosk.redraw()
    assert "KTM4XQ" in kiosk.texts()
    faults = kiosk.faults()
    driver.picture(tmp_path / "arrival.png")
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(tmp_path / "arrival.png"))] == [URL]
    kiosk.go(Speak("en"))
    faults += kiosk.faults()
    driver.picture(tmp_path / "arrival-en.png")
    kiosk.printer.state = PrinterState.PAPER_OUT
    kiosk.go(Speak("vi")).wish(ChangeTextSize())
    faults += kiosk.faults()
    driver.picture(tmp_path / "arrival-larger.png")
    assert faults == []
    kiosk.flow.hall.take_arrival(None)
    kiosk.redraw()
    assert "KTM4XQ" not in kiosk.texts()
