"""Larger text, high contrast, lower reach, spoken guidance and the lock, in the kiosk's window."""

import random
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from config import theme
from config.texts import lay_beside
from kiosk.access import (
    Access,
    AccessTouch,
    ChangeContrast,
    ChangeTextSize,
    Listen,
    NextChoice,
    ReachLow,
    Repeat,
    StopListening,
)
from kiosk.stages import Screen
from kiosk.touches import Back, Begin, ChooseAgency, ChooseClass, ChooseService, Home, Speak
from printers.base import PrinterState
from tests.config.pseudo import PSEUDO, write_pseudo
from tests.kiosk.halls import Printer
from tests.screens.driver import LYING, UPRIGHT, Driver, labels, walk
from tests.screens.kiosk import Kiosk
from voice.speaker import Speaker

pytestmark = pytest.mark.window
F13, F14, F15 = 104, 105, 106


class Voice:
    """A voice that makes no sound, and what it was asked to say."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.quieted = 0
        self.trouble = ""
        self.speaking = False

    def say(self, words: str, language: str) -> None:
        self.said.append(f"{language}: {words}")

    def quiet(self) -> None:
        self.quieted += 1

    def tick(self) -> None:
        pass

    def close(self) -> None:
        pass


def talking(driver: Driver, **values: Any) -> tuple[Kiosk, Voice]:
    """A kiosk with a voice."""
    voice: Any = Voice()
    make: Callable[..., Speaker] = lambda _post: voice  # noqa: E731
    return Kiosk(driver, make_speaker=make, **values).connect(), voice


def wish(kiosk: Kiosk, *touches: AccessTouch) -> Kiosk:
    """Touch switches of the bar."""
    for touch in touches:
        kiosk.tap(touch)  # type: ignore[arg-type]
    return kiosk


def press(kiosk: Kiosk, scan_code: int) -> None:
    """Press a key of the pad."""
    kiosk.driver.window.dispatch("on_key_down", 0, scan_code, None, [])
    kiosk.driver.window.dispatch("on_key_up", 0, scan_code)
    kiosk.driver.frames(2)


def choose_agency(kiosk: Kiosk) -> None:
    """Turn pages until the agency shows: who reaches low has fewer on each."""
    while not kiosk.shown(ChooseAgency("agency-15")):
        kiosk.driver.tap(kiosk.app.root.ids.page_after)
    kiosk.tap(ChooseAgency("agency-15"))


def some_screens(kiosk: Kiosk) -> Iterator[str]:
    """The screens of an ordinary visit, as somebody who chose his look before comes through them."""
    yield "idle"
    kiosk.tap(Begin())
    yield "agency"
    choose_agency(kiosk)
    yield "service"
    kiosk.tap(ChooseService("service-15-0"))
    yield "priority"
    kiosk.tap(ChooseClass("child"))
    yield "issuing"
    kiosk.client.answer()
    kiosk.until(Screen.RESULT)
    yield "result"
    kiosk.printer.finish("failed")
    kiosk.driver.until(lambda: kiosk.flow.visit.paper == "failed")
    kiosk.redraw()
    yield "no-paper"


LOOKS = [
    pytest.param(UPRIGHT, (ChangeTextSize(),), id="upright-large"),
    pytest.param(UPRIGHT, (ChangeTextSize(), ChangeTextSize(), ChangeContrast()), id="upright-largest-high"),
    pytest.param(UPRIGHT, (ReachLow(),), id="upright-low"),
    pytest.param(LYING, (ChangeTextSize(), ChangeTextSize()), id="lying-largest"),
    pytest.param(UPRIGHT, (ChangeContrast(),), id="upright-high", marks=pytest.mark.long),
    pytest.param(LYING, (ChangeTextSize(),), id="lying-large", marks=pytest.mark.long),
    pytest.param(LYING, (ChangeContrast(),), id="lying-high", marks=pytest.mark.long),
    pytest.param(
        UPRIGHT, (ReachLow(), ChangeTextSize(), ChangeTextSize()), id="upright-low-largest", marks=pytest.mark.long
    ),
]


@pytest.mark.parametrize(("size", "touches"), LOOKS)
def test_every_look_fits_every_screen_and_every_text_stands_out(
    driver: Driver, size: tuple[int, int], touches: tuple[AccessTouch, ...], tmp_path: Path
) -> None:
    kiosk = wish(Kiosk(driver, size).connect(), *touches)
    faults = []
    for name in some_screens(kiosk):
        picture = driver.picture(tmp_path / f"{name}.png")
        found = [*kiosk.faults(), *faint(kiosk, picture)]
        if ReachLow() in touches:
            found += out_of_reach(kiosk)
        faults += [f"{name}: {fault}" for fault in found]
    assert faults == []


@pytest.fixture
def pseudo(tmp_path: Path) -> Iterator[str]:
    """A language whose texts are longer and higher than any of ours."""
    lay_beside(write_pseudo(tmp_path / "texts"))
    yield PSEUDO
    lay_beside(None)


@pytest.mark.parametrize("size", [UPRIGHT, pytest.param(LYING, marks=pytest.mark.long)], ids=["upright", "lying"])
def test_longer_and_higher_texts_fit_too(driver: Driver, size: tuple[int, int], pseudo: str, tmp_path: Path) -> None:
    kiosk = Kiosk(driver, size).connect()
    kiosk.tap(Speak(pseudo))
    faults = []
    for name in some_screens(kiosk):
        driver.picture(tmp_path / f"{name}.png")
        faults += [f"{name}: {fault}" for fault in kiosk.faults()]
    assert faults == []


def faint(kiosk: Kiosk, picture: Path) -> list[str]:
    """The texts that stand out by less than 7:1 of what is behind them in the picture."""
    image = Image.open(picture).convert("RGB")
    return [
        f"{label.text!r} has {ratio:.1f}:1"
        for label in labels(kiosk.app.root)
        if (ratio := theme.contrast(tuple(label.color), ground(image, label))) < 7
    ]


def ground(image: Image.Image, label: Any) -> theme.Colour:
    """The colour that most of a label's box has, beside its own."""
    left, bottom = label.to_window(label.x, label.y)
    box = (int(left), int(image.height - bottom - label.height), int(left + label.width), int(image.height - bottom))
    own = tuple(round(part * 255) for part in label.color[:3])
    colours = image.crop(box).getcolors(1_000_000) or []
    found = max(((count, colour) for count, colour in colours if colour != own), default=(0, own))[1]
    red, green, blue = (part / 255 for part in found)
    return (red, green, blue, 1.0)


def out_of_reach(kiosk: Kiosk) -> list[str]:
    """What can be touched in the upper half of the window."""
    middle = kiosk.driver.window.height / 2 + 1
    touchable = [w for w in walk(kiosk.app.root) if getattr(w, "means", None) is not None and not w.disabled]
    return [f"{w.means} is too high" for w in touchable if w.width > 1 and w.to_window(w.x, w.top)[1] > middle]


def test_larger_text_is_larger(driver: Driver) -> None:
    kiosk = Kiosk(driver, UPRIGHT).connect()

    def height() -> float:
        return float(max(label.font_size for label in labels(kiosk.app.root) if "Mời quý khách" in label.text))

    usual = height()
    wish(kiosk, ChangeTextSize(), ChangeTextSize())
    assert height() > usual * 1.1
    wish(kiosk, ChangeTextSize())
    assert height() == usual


def test_a_finger_comes_to_a_number_in_every_look(driver: Driver) -> None:
    kiosk = wish(Kiosk(driver).connect(), ChangeTextSize(), ChangeContrast(), ReachLow())
    kiosk.tap(Begin())
    choose_agency(kiosk)
    kiosk.tap(ChooseService("service-15-0"), ChooseClass("elderly"))
    assert len(kiosk.client.issues()) == 1


def test_the_look_goes_with_the_citizen(driver: Driver) -> None:
    kiosk = wish(Kiosk(driver).connect(), ChangeTextSize(), ChangeContrast(), ReachLow())
    kiosk.tap(Begin())
    assert kiosk.app.access == Access(text_size=1, high_contrast=True, low=True)
    kiosk.tap(Home())
    assert kiosk.app.access == Access()
    assert kiosk.app.unit == kiosk.app.bar_unit


def test_who_goes_back_keeps_the_look(driver: Driver) -> None:
    kiosk = wish(Kiosk(driver).connect(), ChangeContrast()).tap(Begin(), Back())
    assert kiosk.flow.screen is Screen.IDLE
    assert kiosk.app.access.high_contrast


def test_looks_that_were_taken_off_are_not_kept_in_memory(driver: Driver) -> None:
    import gc
    import weakref

    kiosk, shown = Kiosk(driver).connect(), []
    for _ in range(6):
        shown.append(weakref.ref(kiosk.app.root.__self__))
        wish(kiosk, ChangeContrast())
    driver.frames(3)
    gc.collect()
    assert len([frame for frame in shown if frame() is not None]) <= 1


# ---- listening ------------------------------------------------------------------


def test_who_listens_hears_the_screen_and_then_each_choice(driver: Driver) -> None:
    kiosk, voice = talking(driver)
    assert voice.said == []
    wish(kiosk, Listen())
    assert "Kính chào" in voice.said[-1]
    wish(kiosk, NextChoice())
    assert "LẤY SỐ" in voice.said[-1]
    wish(kiosk, Repeat())
    assert voice.said[-1] == voice.said[-2]


def test_three_keys_lead_to_a_number(driver: Driver) -> None:
    kiosk, voice = talking(driver)
    press(kiosk, F14)
    assert kiosk.app.access.listening
    assert kiosk.flow.screen is Screen.IDLE
    for _ in range(60):
        if kiosk.client.issues():
            break
        press(kiosk, F13)
        press(kiosk, F14)
    assert len(kiosk.client.issues()) == 1
    kiosk.client.answer()
    kiosk.until(Screen.RESULT)
    assert "A0" in voice.said[-1]


def test_what_was_said_last_has_a_ring(driver: Driver) -> None:
    kiosk, _ = talking(driver)
    wish(kiosk, Listen(), NextChoice())
    ringed = [widget for widget in walk(kiosk.app.root) if getattr(widget, "focused", False)]
    assert [widget.means for widget in ringed] == [Begin()]
    wish(kiosk, StopListening())
    assert not [widget for widget in walk(kiosk.app.root) if getattr(widget, "focused", False)]


def test_everything_that_can_be_touched_can_be_chosen_by_the_keys(driver: Driver) -> None:
    from kiosk.guide import guidance

    kiosk, _ = talking(driver)
    for name in some_screens(kiosk):
        view = kiosk.app.root.view
        touchable = {w.means for w in walk(kiosk.app.root) if getattr(w, "means", None) is not None and not w.disabled}
        chosen = {choice.touch for choice in guidance(view).choices}
        missing = {means for means in touchable - chosen if not isinstance(means, Speak | AccessTouch)}
        assert not missing, name


def test_the_end_of_a_visit_is_quiet(driver: Driver) -> None:
    kiosk, voice = talking(driver)
    wish(kiosk, Listen()).tap(Begin())
    heard = len(voice.said)
    press(kiosk, F13)
    kiosk.app.finger(Home(), "home")
    kiosk.redraw()
    assert voice.quieted == 1
    assert len(voice.said) == heard + 1
    assert not kiosk.app.access.listening


def test_nobody_is_thrown_out_while_something_is_said(driver: Driver) -> None:
    kiosk, voice = talking(driver)
    wish(kiosk, Listen()).tap(Begin())
    now = kiosk.now()
    kiosk.flow.visit.ends_at = now + 1
    voice.speaking = True
    kiosk.app.listening.tick(now)
    assert kiosk.flow.visit.ends_at > now + 10


def test_a_machine_without_a_voice_says_so_on_the_screen(driver: Driver) -> None:
    kiosk = wish(Kiosk(driver).connect(), Listen())
    assert kiosk.app.listening.troubles() == []
    assert any("chưa có giọng đọc" in words for words in kiosk.texts())
    wish(kiosk, StopListening())
    assert not any("chưa có giọng đọc" in words for words in kiosk.texts())


def test_a_voice_that_fails_is_told_to_the_citizen_and_to_staff(driver: Driver) -> None:
    kiosk, voice = talking(driver)
    voice.trouble = "no_voice"
    wish(kiosk, Listen())
    assert kiosk.app.listening.troubles() == ["no_voice"]
    assert any("chưa có giọng đọc" in words for words in kiosk.texts())


# ---- the lock ---------------------------------------------------------------------


def test_no_key_opens_or_closes_anything(driver: Driver) -> None:
    kiosk = Kiosk(driver).connect()
    window = driver.window
    modifiers: list[list[str]] = [[], ["ctrl"], ["alt"], ["meta"]]
    for key, held in product([27, 282, 283, 292, 293, 316, 319, 1073741942], modifiers):
        assert window.dispatch("on_key_down", key, 0, None, held), (key, held)
        assert window.dispatch("on_keyboard", key, 0, None, held), (key, held)
        assert window.children == [kiosk.app.root], (key, held)


def test_the_window_closes_for_its_owner_only(driver: Driver) -> None:
    kiosk = Kiosk(driver).connect()
    assert driver.window.dispatch("on_request_close")
    kiosk.app.asked_to_stop = True
    assert not driver.window.dispatch("on_request_close")


def storm(kiosk: Kiosk, count: int) -> None:
    """Keys, letters, fingers, several at once, drops and requests to close; the same ones each time."""
    from kivy.tests.common import UnitTestTouch

    chance, window = random.Random(4), kiosk.driver.window
    fingers: list[Any] = []
    for at in range(count):
        match chance.randrange(8):
            case 0 | 1:
                key, scan_code = chance.randrange(400), chance.randrange(300)
                modifiers = chance.sample(["ctrl", "alt", "shift", "meta"], chance.randrange(3))
                if not window.dispatch("on_key_down", key, scan_code, None, modifiers):
                    window.dispatch("on_keyboard", key, scan_code, None, modifiers)
                window.dispatch("on_key_up", key, scan_code)
            case 2:
                window.dispatch("on_textinput", chr(chance.randrange(32, 0x1EF9)))
            case 3:
                window.dispatch("on_drop_file", b"/etc/passwd", 10, 10)
                window.dispatch("on_drop_text", b"text", 10, 10)
                assert window.dispatch("on_request_close")
            case _:
                finger = UnitTestTouch(chance.uniform(0, window.width - 1), chance.uniform(0, window.height - 1))
                finger.touch_down()
                fingers.append(finger)
                if chance.random() < 0.3:
                    finger.touch_move(chance.uniform(0, window.width - 1), chance.uniform(0, window.height - 1))
        while len(fingers) > chance.randrange(3):
            fingers.pop(0).touch_up()
        if at % 20 == 0:
            kiosk.driver.frames(1)
        if kiosk.flow.screen is Screen.ISSUING and kiosk.client.issues():
            kiosk.client.answer()
            kiosk.until(Screen.RESULT)
            kiosk.printer.finish(chance.choice(["printed", "failed", "unknown"]))
    for finger in fingers:
        finger.touch_up()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_storm_of_keys_and_fingers_leaves_the_kiosk_and_its_line_as_they_should_be(
    driver: Driver, count: int
) -> None:
    asked: list[str] = []
    kiosk = Kiosk(driver, printer=Printer(PrinterState.READY)).connect()
    kiosk.driver.window.bind(on_close=lambda *_: asked.append("closed"))
    before = kiosk.app.session.touch
    chosen: list[object] = []

    def touch(means: Any, request_id: str | None = None) -> None:
        if isinstance(means, ChooseClass):
            chosen.append(means)
        before(means, request_id)

    kiosk.app.session.touch = touch
    storm(kiosk, count)
    driver.frames(5)
    assert asked == []
    assert driver.window.children == [kiosk.app.root]
    ids = [request_id for request_id, _ in kiosk.client.issues()]
    assert len(ids) == len(set(ids)) <= len(chosen)
    kiosk.app.finger(Home(), "home")
    kiosk.until(Screen.IDLE)
    kiosk.tap(Begin())
    assert kiosk.flow.screen is not Screen.IDLE
