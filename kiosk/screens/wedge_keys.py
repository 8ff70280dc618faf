"""All keys of the kiosk's window: what a scanner types is read, everything else, Escape and F1 too, does nothing."""

import time
from collections.abc import Callable
from typing import Any

from kivy.core.window import Window

from kiosk.wedge import ENTER, Wedge

_ENDS = (13, 271, 9)
"""Enter, Enter of the number block, Tab: Kivy's key codes."""


class WedgeKeys:
    """Takes every key of the window; `on_scan` gets what a keyboard scanner typed, on the window's own thread."""

    def __init__(self, on_scan: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._on_scan = on_scan
        self._clock = clock
        self._wedge = Wedge()
        self._keyboard: Any = None

    def start(self) -> None:
        """Take the keys; bind nothing else to them after this, or it would be asked first."""
        self._ask_for_letters()
        Window.bind(on_key_down=self._down, on_key_up=self._swallow, on_textinput=self._typed)

    def stop(self) -> None:
        """Let go of the window."""
        Window.unbind(on_key_down=self._down, on_key_up=self._swallow, on_textinput=self._typed)
        keyboard, self._keyboard = self._keyboard, None
        if keyboard is not None:
            keyboard.release()
        self._wedge.forget()

    def _ask_for_letters(self) -> None:
        """Without a keyboard of the window some systems send key codes but no letters."""
        self._keyboard = Window.request_keyboard(None, None)

    def _down(self, _window: Any, key: int, *_: Any) -> bool:
        if key in _ENDS:
            self._feed(ENTER)
        return True

    def _typed(self, _window: Any, letters: str) -> bool:
        self._feed(letters)
        return True

    def _feed(self, keys: str) -> None:
        scan = self._wedge.feed(keys, self._clock())
        if scan is not None:
            self._on_scan(scan)

    def _swallow(self, *_: Any) -> bool:
        return True
