"""What `theme` is in the kiosk's .kv files: the colours and sizes that the citizen chose."""

from typing import Any

from kivy.lang.parser import global_idmap

from config import theme

_KEEP_THEIR_SIZE = ("GAP", "SPACE", "MARGIN", "RADIUS", "TOUCH")
_EDGE = 5
"""The edges of what can be touched, in high contrast."""


class Look:
    """All names of `config.theme` in one of its palettes; larger text must not make gaps and targets larger too."""

    def __init__(self, *, high: bool = False, text_size: int = 0) -> None:
        self.HIGH = high
        self.ZOOM = theme.TEXT_SIZES[text_size]
        self.__dict__.update(theme.HIGH_CONTRAST if high else theme.NORMAL)
        self.__dict__.update({name: getattr(theme, name) / self.ZOOM for name in _KEEP_THEIR_SIZE})
        self.BORDER = (_EDGE if high else theme.BORDER) / self.ZOOM

    def __getattr__(self, name: str) -> Any:
        return getattr(theme, name)


def let_files_say(look: Any) -> None:
    """From now on `theme` means this in .kv rules that are applied; what was built before stays as it is."""
    global_idmap["theme"] = look
