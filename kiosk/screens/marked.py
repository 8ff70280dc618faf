"""A label that fits its box and marks some of its letters: bold, in another ink and underlined."""

import re
from typing import Any

from kivy.properties import ColorProperty, ListProperty, StringProperty
from kivy.utils import escape_markup, get_hex_from_color

from config import theme
from kiosk.screens.widgets import FitLabel

_TAG = re.compile(r"\[/?(?:b|u|color)(?:=#[0-9a-f]+)?\]")


class MarkedLabel(FitLabel):
    """`words` with the letters of `marks` (from, to) marked."""

    words = StringProperty("")
    marks = ListProperty([])
    ink = ColorProperty(theme.DEEP)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for name in ("words", "marks", "ink"):
            self.fbind(name, self._say)
        self._say()

    def _say(self, *_: Any) -> None:
        self.markup = bool(self.marks)
        self.text = marked(self.words, self.marks, get_hex_from_color(self.ink)) if self.marks else self.words

    def _measure(self, piece: str) -> int:
        if not self.markup:
            return super()._measure(piece)
        return super()._measure(_plain(piece))


def marked(words: str, marks: list[tuple[int, int]], ink: str) -> str:
    """The words in Kivy's markup; every mark is closed before a space, so that lines may break there."""
    inside = {at for first, last in marks for at in range(first, last) if at < len(words) and words[at] != " "}
    pieces, was = [], False
    for at, letter in enumerate(words):
        if (at in inside) is not was:
            was = at in inside
            pieces.append(f"[b][u][color={ink}]" if was else "[/color][/u][/b]")
        pieces.append(escape_markup(letter))
    return "".join(pieces) + ("[/color][/u][/b]" if was else "")


def _plain(piece: str) -> str:
    """A piece of markup as it is read."""
    return _TAG.sub("", piece).replace("&bl;", "[").replace("&br;", "]").replace("&amp;", "&")
