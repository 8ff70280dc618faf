"""The staff's corner in the window: the knock opens it over the citizen's screen, all fits, no finger gets through."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.staff import StaffCorner
from kiosk.staff_touches import (
    AskClose,
    ChooseDoor,
    ChooseField,
    Condition,
    Confirm,
    Enter,
    GoBack,
    LastPaper,
    Leave,
    NoteNewRoll,
    PressDigit,
    PrintTest,
    Reprint,
    ShowPapers,
    StaffTouch,
)
from kiosk.staff_work import CLOSE_EXIT, Means, StaffWork, Told
from kiosk.touches import OpenHelperMode
from printers.base import PrinterState, PrinterStatus
from tests.screens.driver import LYING, UPRIGHT, Driver, clipped, outgrown, texts, walk

pytestmark = pytest.mark.window
SIZES = pytest.mark.parametrize("size", [(540, 960), (960, 540)], ids=["upright", "lying"])
PIN = "246810"
LONG = "Chế độ chính sách, bảo hiểm xã hội và trợ cấp thất nghiệp"
PAPERS = [LastPaper(str(at), f"A{at:03}", LONG if at % 2 else "Hộ tịch", f"08:{at:02}") for at in range(20, 10, -1)]


class Pin:
    def is_right(self, pin: str) -> bool:
        return pin == PIN


class Kiosk:
    """A window with a citizen's button in it, and the corner over it."""

    def __init__(self, driver: Driver, size: tuple[int, int], language: str = "vi") -> None:
        from kivy.app import App
        from kivy.properties import BooleanProperty, NumericProperty

        from config import theme

        class Window(App):  # type: ignore[misc]
            unit = NumericProperty(theme.unit(*size) * 1.4)
            bar_unit = NumericProperty(theme.unit(*size))
            lying = BooleanProperty(size[0] > size[1])

            def build(self) -> Any:
                from kivy.uix.button import Button

                return Button(on_press=lambda _button: kiosk.told.append("citizen"))

        kiosk = self
        self.driver = driver
        self.told: list[object] = []
        self.printing: list[Told] = []
        self.condition = Condition(PrinterStatus(PrinterState.READY, tickets_left=340), "0.1.0", True)
        self.now = 0.0
        self.work = StaffWork(StaffCorner(language), Pin(), self._means(), lambda: self.now)
        driver.start(Window(), size)
        from kiosk.screens.staff import StaffWindow

        self.window = StaffWindow(self.work)
        self.window.start()

    def _means(self) -> Means:
        return Means(
            lambda: self.condition,
            lambda: PAPERS,
            self.told.append,
            self.printing.append,
            lambda _paper_id, told: self.printing.append(told),
            lambda _new: None,
            self.told.append,
        )

    def knock(self) -> "Kiosk":
        for _ in range(5):
            self._tap_at(self.driver.window.width - 20, self.driver.window.height - 20)
        assert self.window.cover is not None
        return self

    def _tap_at(self, x: float, y: float) -> None:
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(x, y)
        touch.touch_down()
        touch.touch_up()
        self.driver.frames(2)

    def tap(self, *touches: StaffTouch) -> "Kiosk":
        for touch in touches:
            found = [w for w in walk(self.window.cover) if getattr(w, "means", None) == touch and not w.disabled]
            self.driver.tap(found[0])
        return self

    def type(self, digits: str) -> "Kiosk":
        return self.tap(*(PressDigit(digit) for digit in digits))

    def to_service(self) -> "Kiosk":
        return self.knock().tap(ChooseDoor("service")).type(PIN).tap(Enter())

    def show(self) -> "Kiosk":
        """Let a tick pass, and draw."""
        self.window._turn(0)
        self.driver.frames(6)
        return self

    def texts(self) -> list[str]:
        return texts(self.window.cover)


@pytest.fixture
def open_kiosk(driver: Driver, request: pytest.FixtureRequest) -> Callable[..., Kiosk]:
    def start(size: tuple[int, int] = (540, 960), language: str = "vi") -> Kiosk:
        kiosk = Kiosk(driver, size, language)
        request.addfinalizer(kiosk.window.stop)
        return kiosk

    return start


def every_page(kiosk: Kiosk) -> list[tuple[str, Callable[[], object]]]:
    """How each page and each thing that it may say comes up."""

    def wait_and_enter() -> None:
        kiosk.now = 30.0
        kiosk.show().type(PIN).tap(Enter())

    def fail() -> None:
        kiosk.tap(PrintTest()).printing.pop()("unknown")
        kiosk.condition = Condition(PrinterStatus(PrinterState.OFFLINE), "0.1.0+g14be362", True, 1234, away=True)

    def ask_roll() -> None:
        paper_low = PrinterStatus(PrinterState.PAPER_LOW, tickets_left=25, new_roll_likely=True)
        kiosk.condition = Condition(paper_low, "0.1.0", True)
        kiosk.tap(Leave())
        kiosk.knock().tap(ChooseDoor("service")).type(PIN).tap(Enter())

    return [
        ("door", kiosk.knock),
        ("helper", lambda: kiosk.type("05").tap(Enter()).type("1357")),
        ("service", lambda: kiosk.tap(ChooseDoor("service"))),
        ("wrong", lambda: kiosk.type("000000").tap(Enter())),
        ("locked", lambda: kiosk.type("000000").tap(Enter()).type("000000").tap(Enter())),
        ("menu", wait_and_enter),
        ("unknown", fail),
        ("roll", ask_roll),
        ("papers", lambda: kiosk.tap(ShowPapers())),
        ("reprint", lambda: kiosk.tap(Reprint("20", "A020"))),
        ("close", lambda: kiosk.tap(GoBack(), AskClose())),
    ]


@SIZES
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_fits(open_kiosk: Callable[..., Kiosk], size: tuple[int, int], language: str) -> None:
    kiosk = open_kiosk(size, language)
    faults = {}
    for name, come in every_page(kiosk):
        come()
        kiosk.show()
        faults[name] = clipped(kiosk.window.cover) + outgrown(kiosk.window.cover)
    assert not any(faults.values()), faults


def test_what_can_be_touched_is_large_enough(open_kiosk: Callable[..., Kiosk]) -> None:
    from config import theme
    from kiosk.screens.widgets import Touchable

    for size in ((540, 960), (960, 540)):
        kiosk = open_kiosk(size)
        for name, come in every_page(kiosk):
            come()
            kiosk.show()
            for widget in walk(kiosk.window.cover):
                if isinstance(widget, Touchable):
                    least = theme.TOUCH * theme.unit(*size) - 1
                    assert min(widget.size) >= least * 0.9, (size, name, widget.means, widget.size)
        kiosk.window.stop()
        kiosk.driver.stop()


def test_a_citizen_s_finger_goes_through_before_the_knock_and_not_while_staff_are_there(
    open_kiosk: Callable[..., Kiosk],
) -> None:
    kiosk = open_kiosk()
    kiosk._tap_at(100, 100)
    assert kiosk.told == ["citizen"]
    kiosk.knock()
    kiosk.told.clear()
    for x in range(5, 540, 90):
        kiosk._tap_at(x, 4)
    assert kiosk.told == []
    kiosk.tap(Leave())
    assert kiosk.window.cover is None
    kiosk._tap_at(100, 100)
    assert kiosk.told == ["citizen"]


def test_a_finger_opens_helper_mode(open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk().knock().type("05").tap(Enter()).type("1357").tap(Enter())
    assert kiosk.told[-1] == OpenHelperMode("05", "1357")
    assert kiosk.window.cover is None


def test_a_finger_prints_a_test_slip_and_reads_what_became_of_it(open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk().to_service().tap(NoteNewRoll())
    assert "Đã ghi nhận cuộn giấy mới." in kiosk.texts()
    kiosk.tap(PrintTest())
    kiosk.printing.pop()("failed")
    kiosk.show()
    assert "Không in được." in kiosk.texts()


def test_a_finger_ends_the_program(open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk().to_service().tap(AskClose(), Confirm())
    assert kiosk.told[-1] == CLOSE_EXIT


def test_the_corner_closes_by_itself(open_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = open_kiosk().to_service()
    kiosk.now = 61.0
    kiosk.driver.until(lambda: kiosk.window.cover is None)


def test_a_new_frame_of_the_citizen_s_does_not_cover_the_corner(open_kiosk: Callable[..., Kiosk]) -> None:
    from kivy.uix.button import Button

    kiosk = open_kiosk().knock()
    kiosk.driver.window.add_widget(Button())
    kiosk.driver.until(lambda: kiosk.driver.window.children[0] is kiosk.window.cover)
    kiosk.type("05")
    assert "05" in kiosk.texts()


def test_staff_see_the_usual_look_whatever_the_citizen_chose(open_kiosk: Callable[..., Kiosk]) -> None:
    from kivy.lang.parser import global_idmap

    from config import theme
    from kiosk.screens.look import Look, let_files_say

    kiosk = open_kiosk()
    before = global_idmap["theme"]
    chosen = Look(high=True, text_size=2)
    let_files_say(chosen)
    try:
        kiosk.knock().tap(ChooseField("pin"))
        digit = next(w for w in walk(kiosk.window.cover) if getattr(w, "means", None) == PressDigit("5"))
        assert tuple(digit.ground) == theme.SURFACE
        assert global_idmap["theme"] is chosen
    finally:
        let_files_say(before)


def test_no_pin_is_to_be_seen_or_logged(open_kiosk: Callable[..., Kiosk], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    kiosk = open_kiosk().knock().type("05").tap(Enter()).type("1357")
    assert "1357" not in " ".join(kiosk.texts()) + caplog.text
    assert "••••" in kiosk.texts()


@pytest.mark.long
@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
def test_pictures_of_every_page(open_kiosk: Callable[..., Kiosk], size: tuple[int, int], tmp_path: Path) -> None:
    kiosk = open_kiosk(size)
    for name, come in every_page(kiosk):
        come()
        kiosk.show()
        assert kiosk.window.cover is not None
        kiosk.window.cover.export_to_png(str(tmp_path / f"staff-{name}.png"))
    assert len(list(tmp_path.glob("*.png"))) == len(every_page(kiosk))


def test_the_corner_opens_over_the_citizen_s_own_screens(driver: Driver, tmp_path: Path) -> None:
    from kiosk.app import KioskApp
    from kiosk.flow import Flow
    from kiosk.hall_now import HallNow
    from kiosk.screens.staff import StaffWindow
    from kiosk.session import Session
    from kiosk.staff_wiring import staff_work
    from tests.kiosk.test_staff_wiring import RollPrinter

    printer = RollPrinter()
    app = KioskApp(lambda post, changed: Session(Flow(HallNow(), settle_seconds=0), printer, post, changed))
    driver.start(app, (540, 960))
    window = StaffWindow(
        staff_work(app.session, printer, tmp_path, "tcp://printer", "generic-80mm", lambda _code: None)
    )
    window.start()
    try:
        from kivy.tests.common import UnitTestTouch

        for _ in range(5):
            touch = UnitTestTouch(500, 930)
            touch.touch_down()
            touch.touch_up()
            driver.frames(1)
        driver.frames(5)
        assert window.cover is driver.window.children[0]
        assert "Dành cho cán bộ" in texts(window.cover)
        assert clipped(window.cover) + outgrown(window.cover) == []
    finally:
        window.stop()
        app.session.close()
