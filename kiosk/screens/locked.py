"""No way out of the window: keys go to the scanner and the three keys only, and nobody but its owner closes it."""

from collections.abc import Callable
from typing import Any

from kivy.core.window import Window

from kiosk.access import AccessTouch, ChooseFocused, Listen, NextChoice, Repeat
from kiosk.screens.wedge_keys import WedgeKeys
from protocol.client import new_request_id

KEYPAD: dict[int, AccessTouch] = {104: NextChoice(), 105: ChooseFocused(), 106: Repeat()}
"""The scan codes (USB HID usage) of a pad with three keys: F13, F14, F15, which no keyboard types by mistake."""

_DROPS = ("on_drop_begin", "on_drop_file", "on_drop_text", "on_drop_end")


class Lock:
    """Takes all that the window gets besides fingers.

    `finger` gets what the three keys mean; where nobody `listens` yet, any of them begins it. `may_close`: whether the
    kiosk was told to end.
    """

    def __init__(
        self,
        finger: Callable[[AccessTouch, str], None],
        on_scan: Callable[[str], None],
        listens: Callable[[], bool],
        may_close: Callable[[], bool],
        keypad: dict[int, AccessTouch] | None = None,
    ) -> None:
        self._finger = finger
        self._listens = listens
        self._may_close = may_close
        self._keypad = KEYPAD if keypad is None else keypad
        self._wedge = WedgeKeys(on_scan)

    def start(self) -> None:
        """Take everything; the pad is bound last, since what is bound last is asked first."""
        self._wedge.start()
        Window.bind(on_key_down=self._pad, on_keyboard=self._nothing, on_request_close=self._close)
        Window.bind(**dict.fromkeys(_DROPS, self._nothing))

    def stop(self) -> None:
        """Let go of the window."""
        Window.unbind(on_key_down=self._pad, on_keyboard=self._nothing, on_request_close=self._close)
        Window.unbind(**dict.fromkeys(_DROPS, self._nothing))
        self._wedge.stop()

    def _pad(self, _window: Any, _key: int, scan_code: int, *_: Any) -> bool:
        means = self._keypad.get(scan_code)
        if means is None:
            return False
        self._finger(means if self._listens() else Listen(), new_request_id())
        return True

    def _nothing(self, *_: Any, **__: Any) -> bool:
        return True

    def _close(self, *_: Any, **__: Any) -> bool:
        """True keeps the window."""
        return not self._may_close()
