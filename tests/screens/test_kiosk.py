"""The kiosk's window: a finger takes a number, everything fits, pictures are written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.flow import Flow, Screen
from kiosk.hall_now import HallNow
from kiosk.session import Job, Session
from kiosk.touches import Begin, ChooseAgency, ChooseClass, ChooseService, Speak, Touch
from protocol.errors import NumbersExhausted, ServerUnreachable
from tests.kiosk.halls import Client, Printer, cao_bang, pulse, snapshot
from tests.screens.driver import LYING, UPRIGHT, Driver, clipped, texts

pytestmark = pytest.mark.window


class Kiosk:
    """A kiosk in the window, with a client and a printer that do what the test says."""

    def __init__(self, driver: Driver, size: tuple[int, int], **values: Any) -> None:
        from kiosk.app import KioskApp

        self.driver = driver
        self.client = Client(values.pop("hall", None) or cao_bang())
        self.printer = values.pop("printer", None) or Printer()
        self.app = KioskApp(self._session, **values)
        driver.start(self.app, size)

    def _session(self, post: Callable[[Job], None], changed: Job) -> Session:
        flow = Flow(HallNow(), settle_seconds=0)
        return Session(flow, self.printer, post, changed)

    def connect(self) -> None:
        """Hear of the hall."""
        self.app.session.connect(self.client)
        self.app.session.on_snapshot(snapshot(self.client.hall))
        self.app.session.on_pulse(pulse(self.client.hall))
        self.until(Screen.IDLE)

    def until(self, screen: Screen) -> None:
        self.driver.until(lambda: self.app.flow.screen is screen)
        self.driver.frames(3)

    def find(self, touch: Touch) -> Any:
        """The widget that means this touch."""
        return next(w for w in self.app.root.walk() if getattr(w, "means", None) == touch and w.opacity)

    def tap(self, touch: Touch) -> None:
        self.driver.tap(self.find(touch))

    def tap_to(self, screen: Screen, service: int = 15) -> None:
        """Tap from the first screen to another one."""
        steps: dict[Screen, Touch] = {
            Screen.AGENCY: Begin(),
            Screen.SERVICE: ChooseAgency(f"agency-{service}"),
            Screen.PRIORITY: ChooseService(f"service-{service}-0"),
            Screen.ISSUING: ChooseClass("ordinary"),
        }
        for reached, touch in steps.items():
            while not [w for w in self.app.root.walk() if getattr(w, "means", None) == touch]:
                self.driver.tap(self.app.root.ids.page_after)
            self.tap(touch)
            if reached is screen:
                break


@pytest.fixture(params=[UPRIGHT, LYING], ids=["upright", "lying"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """The window, both ways round."""
    found: tuple[int, int] = request.param
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_screen_on_the_way_to_a_number_fits(
    driver: Driver, size: tuple[int, int], language: str, tmp_path: Path
) -> None:
    kiosk = Kiosk(driver, size)
    seen: list[str] = []

    def check(name: str) -> None:
        driver.picture(tmp_path / f"{language}-{size[0]}-{name}.png")
        seen.extend(f"{name}: {fault}" for fault in clipped(kiosk.app.root))

    check("connecting")
    kiosk.connect()
    kiosk.tap(Speak(language))
    check("idle")
    kiosk.tap(Begin())
    for page in range(3):
        check(f"agency-{page}")
        if page < 2:
            driver.tap(kiosk.app.root.ids.page_after)
    kiosk.tap(ChooseAgency("agency-18")) if False else driver.tap(kiosk.app.root.ids.page_before)
    kiosk.tap(ChooseAgency("agency-15"))
    check("service")
    kiosk.tap(ChooseService("service-15-0"))
    check("priority")
    kiosk.tap(ChooseClass("child"))
    check("issuing")
    kiosk.client.answer()
    kiosk.until(Screen.RESULT)
    check("result-printing")
    kiosk.printer.finish()
    driver.until(lambda: kiosk.app.flow.visit.paper == "printed")
    check("result")
    assert "A015" in texts(kiosk.app.root)
    kiosk.app.flow.visit.paper = "failed"
    kiosk.app.session.tick()
    check("result-no-paper")
    assert not seen
