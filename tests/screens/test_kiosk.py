"""The kiosk's window: a finger takes a number, everything fits, pictures are written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.touches import (
    Back,
    Begin,
    ChooseAgency,
    ChooseClass,
    ChooseService,
    Home,
    Speak,
    TakePlace,
    TryAgain,
)
from kiosk.visit import Screen
from printers.base import PrinterState
from protocol.errors import NoPlaceLeft, NumbersExhausted, ServerUnreachable
from protocol.replies import ClassInfo
from protocol.words import Issuing
from tests.kiosk.halls import (
    CLASSES,
    DAY,
    TOMORROW,
    cao_bang,
    commune,
    doors,
)
from tests.screens.driver import LYING, UPRIGHT, Driver, walk
from tests.screens.kiosk import SMALL, SMALL_LYING, Kiosk

pytestmark = pytest.mark.window


SIZES = pytest.mark.parametrize("size", [SMALL, SMALL_LYING], ids=["upright", "lying"])


def every_screen(kiosk: Kiosk, language: str) -> Iterator[str]:
    """Go through every screen and yield its name when it shows."""
    yield "connecting"
    kiosk.connect().tap(Speak(language))
    yield "idle"
    kiosk.tap(Begin())
    yield "agency-1"
    kiosk.driver.tap(kiosk.app.root.ids.page_after)
    yield "agency-2"
    kiosk.driver.tap(kiosk.app.root.ids.page_after)
    yield "agency-3"
    kiosk.driver.tap(kiosk.app.root.ids.page_before)
    kiosk.tap(ChooseAgency("agency-15"))
    yield "service"
    kiosk.tap(ChooseService("service-15-0"))
    yield "priority"
    kiosk.printer.state = PrinterState.PAPER_OUT
    kiosk.app.session.tick()
    yield "priority-printer-out"
    kiosk.printer.state = PrinterState.READY
    kiosk.tap(ChooseClass("child"))
    yield "issuing"
    kiosk.client.answer()
    kiosk.until(Screen.RESULT)
    yield "result-printing"
    kiosk.printer.finish("failed")
    kiosk.driver.until(lambda: kiosk.flow.visit.paper == "failed")
    yield "result-no-paper"
    kiosk.tap(Home()).until(Screen.IDLE)
    kiosk.printer.state = PrinterState.PAPER_OUT
    kiosk.app.session.tick()
    yield "idle-printer-out"
    kiosk.tap(Speak(language)).tap(Begin())
    yield "agency-printer-out"
    kiosk.driver.tap(kiosk.app.root.ids.page_after)
    kiosk.tap(ChooseAgency("agency-15")).tap(ChooseService("service-15-0")).tap(ChooseClass("ordinary"))
    kiosk.client.answer(NumbersExhausted())
    kiosk.until(Screen.REFUSED)
    yield "refused"
    kiosk.tap(Home()).tap(Speak(language)).tap_to_issuing()
    kiosk.client.answer(ServerUnreachable())
    kiosk.until(Screen.REFUSED)
    yield "unreachable"
    kiosk.tap(Home()).tap(Speak(language))
    kiosk.app.session.on_silence(4.0)
    kiosk.until(Screen.AWAY)
    yield "away"


@pytest.mark.parametrize(
    ("language", "size"),
    [
        ("vi", SMALL),
        pytest.param("vi", UPRIGHT, marks=pytest.mark.long),
        pytest.param("vi", LYING, marks=pytest.mark.long),
        pytest.param("en", SMALL, marks=pytest.mark.long),
        pytest.param("en", SMALL_LYING, marks=pytest.mark.long),
    ],
    ids=["vi-small", "vi-upright", "vi-lying", "en-upright", "en-lying"],
)
def test_every_screen_fits_and_can_be_touched(
    driver: Driver, size: tuple[int, int], language: str, tmp_path: Path
) -> None:
    kiosk = Kiosk(driver, size)
    faults: list[str] = []
    for name in every_screen(kiosk, language):
        driver.frames(3)
        faults += [f"{name}: {fault}" for fault in kiosk.faults()]
    assert faults == []


def every_door(kiosk: Kiosk, language: str) -> Iterator[str]:
    """Go through every screen of a hall that does not give every number, and yield its name when it shows."""
    shut: dict[str, Any] = {f"service_{at}": issuing for at, issuing in SHUT.items()}
    kiosk.connect().hear(doors(kiosk.client.hall, **shut)).tap(Speak(language))
    kiosk.tap(Begin())
    kiosk.driver.tap(kiosk.app.root.ids.page_after)
    yield "agency-doors"
    kiosk.tap(ChooseAgency("agency-15"))
    yield "service-doors"
    for at, issuing in enumerate(("suspended", "quota", "cut_off")):
        kiosk.tap(ChooseService(f"service-15-{at}"))
        yield f"no-number-{issuing}"
        kiosk.tap(Back())
    kiosk.tap(ChooseService("service-15-2")).tap(TakePlace())
    yield "place-priority"
    kiosk.tap(ChooseClass("ordinary"))
    yield "place-asking"
    kiosk.client.answer()
    kiosk.until(Screen.PLACE)
    yield "place-printing"
    kiosk.printer.finish()
    kiosk.driver.until(lambda: kiosk.flow.visit.paper == "printed")
    yield "place"
    kiosk.tap(Home()).until(Screen.IDLE).tap(Speak(language)).tap(Begin())
    kiosk.driver.tap(kiosk.app.root.ids.page_after)
    kiosk.tap(ChooseAgency("agency-17")).tap(ChooseService("service-17-0"))
    yield "priority-uncertain"
    kiosk.tap(ChooseClass("child"))
    kiosk.client.answer()
    kiosk.until(Screen.RESULT)
    yield "result-uncertain"
    kiosk.printer.finish("failed")
    kiosk.driver.until(lambda: kiosk.flow.visit.paper == "failed")
    yield "result-uncertain-no-paper"
    kiosk.tap(Home()).until(Screen.IDLE).tap(Speak(language)).tap(Begin())
    kiosk.driver.tap(kiosk.app.root.ids.page_after)
    kiosk.tap(ChooseAgency("agency-15")).tap(ChooseService("service-15-1")).tap(TakePlace()).tap(ChooseClass("elderly"))
    kiosk.client.answer(NoPlaceLeft(service_id="service-15-1"))
    kiosk.until(Screen.REFUSED)
    yield "no-place-left"
    kiosk.tap(Home()).tap(Speak(language)).hear(everywhere=Issuing.CLOSED)
    yield "idle-break"
    kiosk.tap(Begin())
    yield "agency-break"
    kiosk.tap(ChooseAgency("agency-3")).tap(ChooseService("service-3-1"))
    yield "no-number-closed"
    kiosk.tap(Home()).tap(Speak(language))
    kiosk.client.hall = replace(cao_bang(), holidays=[DAY])
    kiosk.hear(everywhere=(Issuing.CLOSED, TOMORROW))
    yield "idle-holiday"
    kiosk.flow.hall.suspend("Máy in đang được sửa, dự kiến xong lúc 10 giờ")
    kiosk.app.session.tick()
    kiosk.until(Screen.SUSPENDED)
    yield "suspended"


SHUT = {
    "15_0": Issuing.SUSPENDED,
    "15_1": Issuing.QUOTA,
    "15_2": Issuing.CUT_OFF,
    "9_0": Issuing.CUT_OFF,
    "11_0": Issuing.SUSPENDED,
    "12_0": Issuing.QUOTA,
    "17_0": Issuing.UNCERTAIN,
    "17_1": Issuing.UNCERTAIN,
}


@pytest.mark.parametrize(
    ("language", "size"),
    [
        ("vi", SMALL_LYING),
        pytest.param("vi", UPRIGHT, marks=pytest.mark.long),
        pytest.param("vi", LYING, marks=pytest.mark.long),
        pytest.param("en", SMALL, marks=pytest.mark.long),
        pytest.param("en", SMALL_LYING, marks=pytest.mark.long),
    ],
    ids=["vi-small", "vi-upright", "vi-lying", "en-upright", "en-lying"],
)
def test_every_screen_of_a_hall_that_gives_not_every_number_fits(
    driver: Driver, size: tuple[int, int], language: str, tmp_path: Path
) -> None:
    kiosk = Kiosk(driver, size)
    faults: list[str] = []
    for name in every_door(kiosk, language):
        driver.frames(3)
        faults += [f"{name}: {fault}" for fault in kiosk.faults()]
    assert faults == []


@pytest.mark.parametrize(
    ("count", "size"),
    [
        (0, SMALL),
        (8, SMALL),
        (6, SMALL_LYING),
        *(pytest.param(count, SMALL, marks=pytest.mark.long) for count in (1, 5, 6)),
        *(pytest.param(count, SMALL_LYING, marks=pytest.mark.long) for count in (0, 1, 5, 8)),
    ],
)
def test_any_number_of_priority_classes_fits(driver: Driver, size: tuple[int, int], count: int, tmp_path: Path) -> None:
    more = [ClassInfo(f"more-{at}", "Người dân tộc thiểu số ở vùng khó khăn", "", "DT", 5, 30) for at in range(4)]
    hall = replace(cao_bang(), classes=(CLASSES + more)[: count + 1])
    kiosk = Kiosk(driver, size, hall=hall).connect().tap(Begin())
    driver.tap(kiosk.app.root.ids.page_after)
    kiosk.tap(ChooseAgency("agency-15")).tap(ChooseService("service-15-0"))
    driver.frames(3)
    assert kiosk.flow.screen is (Screen.PRIORITY if count else Screen.ISSUING)
    assert kiosk.faults() == []


@SIZES
def test_a_page_of_nine_services_of_one_agency_fits(driver: Driver, size: tuple[int, int], tmp_path: Path) -> None:
    hall = cao_bang()
    services = [replace(service, agency_id=f"agency-{at // 12}") for at, service in enumerate(hall.services)]
    kiosk = Kiosk(driver, size, hall=replace(hall, services=services)).connect().tap(Begin())
    kiosk.tap(ChooseAgency("agency-0"))
    driver.frames(3)
    assert kiosk.faults() == []
    kiosk.printer.state = PrinterState.PAPER_OUT
    kiosk.app.session.tick()
    driver.frames(3)
    assert kiosk.faults() == []


@SIZES
def test_a_communes_kiosk_begins_with_its_services(driver: Driver, size: tuple[int, int], tmp_path: Path) -> None:
    kiosk = Kiosk(driver, size, hall=commune()).connect().tap(Begin())
    driver.frames(3)
    assert "Hộ tịch, chứng thực" in kiosk.texts()
    assert kiosk.faults() == []


@SIZES
@pytest.mark.parametrize("language", ["vi", pytest.param("en", marks=pytest.mark.long)])
def test_a_finger_takes_a_number_in_four_touches(driver: Driver, size: tuple[int, int], language: str) -> None:
    kiosk = Kiosk(driver, size).connect().tap(Speak(language)).tap_to_issuing("elderly")
    [(request_id, asked)] = kiosk.client.issues()
    assert (asked.service_id, asked.class_id, asked.language) == ("service-15-0", "elderly", language)
    assert request_id
    kiosk.client.answer()
    kiosk.until(Screen.RESULT)
    assert {"A015", "12"} <= set(kiosk.texts())
    assert kiosk.printer.jobs[0][0].name.endswith("-A015")
    kiosk.printer.finish()
    driver.until(lambda: kiosk.client.reports())
    assert kiosk.client.reports()[0].outcome == "printed"


def test_a_tile_shows_at_once_that_it_was_felt(driver: Driver) -> None:
    kiosk = Kiosk(driver).connect()
    button = kiosk.shown(Begin())[0]
    touch = driver.press(button)
    assert button.state == "down"
    driver.lift(touch)
    assert kiosk.flow.screen is Screen.AGENCY


def test_a_finger_that_slides_off_a_tile_chooses_nothing(driver: Driver) -> None:
    kiosk = Kiosk(driver).connect()
    touch = driver.press(kiosk.shown(Begin())[0])
    touch.move({"x": 0.5, "y": 0.99})
    driver.lift(touch)
    assert kiosk.flow.screen is Screen.IDLE


def test_what_the_finger_came_down_on_counts_when_the_screen_changes_under_it(driver: Driver) -> None:
    kiosk = Kiosk(driver).connect().tap(Begin())
    tile = kiosk.shown(ChooseAgency("agency-0"))[0]
    touch = driver.press(tile)
    driver.tap(kiosk.app.root.ids.page_after)
    driver.lift(touch)
    assert kiosk.flow.visit.agency_id == "agency-0"


def test_an_unreachable_server_can_be_asked_again_with_the_same_request(driver: Driver) -> None:
    kiosk = Kiosk(driver).connect().tap_to_issuing()
    kiosk.client.answer(ServerUnreachable())
    kiosk.until(Screen.REFUSED).tap(TryAgain()).until(Screen.ISSUING)
    (first, _), (second, _) = kiosk.client.issues()
    assert first == second


def test_a_refusal_that_stays_offers_no_second_try(driver: Driver) -> None:
    kiosk = Kiosk(driver).connect().tap_to_issuing()
    kiosk.client.answer(NumbersExhausted())
    kiosk.until(Screen.REFUSED)
    assert not kiosk.shown(TryAgain())


def test_a_window_that_is_turned_shows_the_same_screen(driver: Driver) -> None:
    kiosk = Kiosk(driver).connect().tap(Begin())
    driver.resize(SMALL_LYING)
    assert kiosk.faults() == []
    driver.resize(SMALL)
    assert kiosk.faults() == []


def test_markup_in_a_name_is_shown_as_it_is(driver: Driver) -> None:
    hall = commune()
    odd = replace(hall.services[0], name="[b]Đất[/b] & [color=ff0000]nhà")
    kiosk = Kiosk(driver, hall=replace(hall, services=[odd, *hall.services[1:]])).connect().tap(Begin())
    label = next(w for w in walk(kiosk.app.root) if getattr(w, "text", "") == odd.name)
    assert not label.markup


def test_a_picture_of_each_screen_is_written_when_it_shows(driver: Driver, tmp_path: Path) -> None:
    kiosk = Kiosk(driver, pictures=tmp_path).connect()
    driver.until((tmp_path / "kiosk-idle.png").is_file)
    kiosk.tap(Begin())
    driver.until((tmp_path / "kiosk-agency.png").is_file)
    assert not list(tmp_path.glob(".kiosk*"))


def test_the_played_finger_takes_numbers(driver: Driver) -> None:
    kiosk = Kiosk(driver, played_seconds=0.02).connect()
    driver.until(kiosk.client.issues)
    kiosk.client.answer()
    driver.until(lambda: kiosk.printer.jobs)
    kiosk.printer.finish()
    driver.until(lambda: len(kiosk.client.issues()) == 2)
