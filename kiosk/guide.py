"""Says a screen: its sentences, and what can be chosen there one after the other with three keys; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from config.texts import text
from kiosk.stages import Screen
from kiosk.tiles import Tile
from kiosk.touches import Back, Home, Speak, Touch, TurnPage
from kiosk.view import View

NOWHERE = -1
"""No choice was said yet."""


@dataclass(frozen=True)
class Choice:
    """Something to choose, and how it is said."""

    touch: Touch
    said: str


@dataclass(frozen=True)
class Guidance:
    """A screen for who listens."""

    screen: Screen
    language: str
    sentences: tuple[str, ...]
    choices: tuple[Choice, ...]

    def is_about(self, other: "Guidance") -> bool:
        """Whether the other says the same matter, though perhaps with other figures of who waits."""
        touches = [choice.touch for choice in self.choices]
        same = (self.screen, self.language, self.sentences[:1]) == (other.screen, other.language, other.sentences[:1])
        return same and touches == [choice.touch for choice in other.choices]


def guidance(view: View) -> Guidance:
    """What a screen says and offers."""
    sentences = tuple(_sentence(part) for part in _parts(view) if part.strip())
    return Guidance(view.screen, view.frame.language, sentences, tuple(_choices(view)))


# ---- what is said of a screen ---------------------------------------------------


def _parts(view: View) -> Iterator[str]:
    yield view.title
    yield from (view.notice, _pair(view.chosen, view.number or view.chosen_name))
    if view.number:
        yield view.chosen_name
    yield from (view.chosen_waiting, view.more)
    yield from (_pair(name, value) for name, value in view.facts)
    yield from view.papers
    if view.typed:
        yield view.typed
    if view.pages > 1:
        yield text("guide.page", view.frame.language, page=view.frame.pages[1])


def _pair(name: str, value: str) -> str:
    return ": ".join(filter(None, (name, value)))


def _sentence(part: str) -> str:
    return part if part.rstrip()[-1] in ".!?…" else f"{part}."


# ---- what can be chosen -----------------------------------------------------------


def _choices(view: View) -> Iterator[Choice]:
    """In the order of a screen: the one button where it leads on, tiles, further buttons, ways back, languages."""
    if view.means is not None and view.button:
        yield Choice(view.means, ". ".join(filter(None, (view.button, view.button_more))))
    for tile in (*view.tiles, *view.classes, *view.others):
        yield Choice(tile.touch, _tile(tile))
    yield from _ways(view)


def _tile(tile: Tile) -> str:
    return ". ".join(filter(None, (tile.name, tile.waiting, tile.span)))


def _ways(view: View) -> Iterator[Choice]:
    frame = view.frame
    before, _, after = frame.pages
    if view.page + 1 < view.pages and after:
        yield Choice(TurnPage(view.page + 1), after)
    if view.page > 0 and before:
        yield Choice(TurnPage(view.page - 1), before)
    if frame.back:
        yield Choice(Back(), frame.back)
    if frame.home:
        yield Choice(Home(), frame.home)
    if view.screen is Screen.IDLE:
        for code, name in frame.languages:
            if code != frame.language:
                yield Choice(Speak(code), text("guide.language", code, name=name))


# ---- the three keys ----------------------------------------------------------------


class Reader:
    """Where who listens stands: the screen that was said, and the choice that was said last."""

    def __init__(self) -> None:
        self._guidance: Guidance | None = None
        self._at = NOWHERE

    @property
    def touch(self) -> Touch | None:
        """What the key Choose means now; none before a choice was said."""
        choices = self._guidance.choices if self._guidance else ()
        return choices[self._at].touch if 0 <= self._at < len(choices) else None

    def show(self, now: Guidance) -> str:
        """Learn what the screen says; what is to be said because it is another screen, or nothing."""
        before, self._guidance = self._guidance, now
        if before is not None and now.is_about(before):
            return ""
        self._at = NOWHERE
        return self.repeat()

    def repeat(self) -> str:
        """What was said last: the choice, or the whole screen."""
        if self._guidance is None:
            return ""
        return self._choice() if self.touch is not None else self._screen()

    def next(self) -> str:
        """The next choice; after the last one the first."""
        if self._guidance is None or not self._guidance.choices:
            return self.repeat()
        self._at = (self._at + 1) % len(self._guidance.choices)
        return self._choice()

    def _choice(self) -> str:
        assert self._guidance is not None
        choice = self._guidance.choices[self._at]
        return text("guide.choice", self._guidance.language, at=self._at + 1, choice=choice.said.rstrip("."))

    def _screen(self) -> str:
        assert self._guidance is not None
        count, language = len(self._guidance.choices), self._guidance.language
        key = "no_choice" if not count else "one_choice" if count == 1 else "choices"
        return " ".join((*self._guidance.sentences, text(f"guide.{key}", language, count=count)))
