"""The keys of the kiosk's window: a scanner's are read, no other does anything."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.screens.driver import Driver

pytestmark = pytest.mark.window
CODE = "H14.21-260115-0007"
ENTER, ESCAPE, F1, F11, TAB = 13, 27, 282, 292, 9


class Keys:
    """A window that only takes keys, and what was scanned."""

    def __init__(self, driver: Driver) -> None:
        from kivy.app import App

        from kiosk.screens.wedge_keys import WedgeKeys

        self.settings_opened = 0

        class Kiosk(App):  # type: ignore[misc]
            def open_settings(kiosk, *_: Any) -> bool:  # noqa: N805
                self.settings_opened += 1
                return True

        driver.start(Kiosk(), (540, 960))
        self.window = driver.window
        self.scans: list[str] = []
        self.now = 0.0
        self.keys = WedgeKeys(self.scans.append, lambda: self.now)
        self.keys.start()

    def press(self, key: int, letters: str = "", seconds: float = 0.01, modifiers: tuple[str, ...] = ()) -> None:
        """Press a key as SDL reports it: its code, then what it types."""
        self.now += seconds
        if not self.window.dispatch("on_key_down", key, 0, letters, list(modifiers)):
            self.window.dispatch("on_keyboard", key, 0, letters, list(modifiers))
        if letters:
            self.window.dispatch("on_textinput", letters)
        self.window.dispatch("on_key_up", key, 0)

    def type(self, letters: str, seconds: float = 0.01) -> None:
        for letter in letters:
            self.press(ord(letter.lower()), letter, seconds)


@pytest.fixture
def keys(driver: Driver) -> Iterator[Keys]:
    keys = Keys(driver)
    yield keys
    keys.keys.stop()


@pytest.mark.parametrize("end", [ENTER, TAB, 271])
def test_what_a_scanner_types_is_read_with_its_capitals(keys: Keys, end: int) -> None:
    keys.type(CODE)
    keys.press(end)
    assert keys.scans == [CODE]


def test_shift_keys_between_the_letters_do_not_matter(keys: Keys) -> None:
    for letter in CODE:
        keys.press(304, seconds=0.001, modifiers=("shift",))
        keys.press(ord(letter.lower()), letter, 0.004)
    keys.press(ENTER)
    assert keys.scans == [CODE]


def test_fingers_on_a_keyboard_scan_nothing(keys: Keys) -> None:
    keys.type(CODE, 0.2)
    keys.press(ENTER)
    assert keys.scans == []


@pytest.mark.parametrize("key", [ESCAPE, F1, F11, ENTER, TAB, ord("q")])
@pytest.mark.parametrize("modifiers", [(), ("ctrl",), ("alt",), ("meta",), ("ctrl", "alt")])
def test_no_key_reaches_anything_else(keys: Keys, key: int, modifiers: tuple[str, ...]) -> None:
    asked: list[object] = []
    keys.window.bind(on_request_close=lambda *_, **__: asked.append("close"))
    keys.press(key, modifiers=modifiers)
    assert keys.window.dispatch("on_key_down", key, 0, "", list(modifiers)) is True
    assert (asked, keys.settings_opened) == ([], 0)


def test_a_storm_of_keys_leaves_the_window_as_it_was(keys: Keys) -> None:
    chance = random.Random(1)
    before = list(keys.window.children)
    for _ in range(10_000):
        letters = chance.choice(["", "", chr(chance.randrange(32, 0x1EF9))])
        keys.press(chance.randrange(400), letters, chance.choice([0.001, 0.4]))
    assert keys.window.children == before
    assert keys.settings_opened == 0
    keys.press(ENTER)
    keys.scans.clear()
    keys.type(CODE)
    keys.press(ENTER)
    assert keys.scans == [CODE]
