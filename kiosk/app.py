"""The kiosk's window: brings touches to the session, draws what the flow shows, and says it to who listens."""

import gc
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from kivy.app import App
from kivy.clock import Clock, mainthread
from kivy.core.window import Window
from kivy.properties import BooleanProperty, NumericProperty

from config import theme
from config.texts import text
from config.watchdog import Watchdog
from kiosk.access import Access, AccessNow, AccessTouch, keys, switches
from kiosk.flow import Flow
from kiosk.screens.listening import Listening
from kiosk.screens.locked import Lock
from kiosk.screens.look import Look, let_files_say
from kiosk.session import Inbox, Job, Session
from kiosk.touches import Touch
from kiosk.view import View, look
from voice.speaker import Speaker

TICK_SECONDS = 0.25
_PICTURE_SECONDS = 0.1


class Attached(Protocol):
    """What works in the window beside the screens, from its start to its end."""

    def start(self) -> None:
        """The window is there."""

    def stop(self) -> None:
        """The window goes."""


class KioskApp(App):  # type: ignore[misc]
    """One kiosk; `make_session` is given how to post jobs to Kivy's thread and what to call after changes.

    `pictures`: a folder for a PNG of each screen; `played_seconds`: for demonstrations, a finger moves by itself.
    `make_speaker` is given how to post jobs; without it the kiosk has no voice. `keypad`: scan
    codes of the three keys, other than those of `kiosk.screens.locked`. `attach` more before it runs.
    """

    unit = NumericProperty(1.0)
    """Pixels of the window for one of the reference, on the pages: larger with larger text."""
    bar_unit = NumericProperty(1.0)
    """The same for what surrounds the pages and for what must fit a finger."""
    zoom = NumericProperty(1.0)
    lying = BooleanProperty(False)
    root: Any
    use_kivy_settings = False

    def __init__(
        self,
        make_session: Callable[[Callable[[Job], None], Job], Session],
        pictures: Path | None = None,
        played_seconds: float = 0.0,
        make_speaker: Callable[[Callable[[Job], None]], Speaker] | None = None,
        keypad: dict[int, AccessTouch] | None = None,
    ) -> None:
        super().__init__()
        self._inbox = Inbox()
        self.session = make_session(self._post, self._draw)
        self._pictures = pictures
        self._played_seconds = played_seconds
        self._pictured = ""
        self._keypad = keypad
        self._reach = AccessNow()
        self._drawn = Access()
        self.asked_to_stop = False
        self.listening = Listening(self.flow, make_speaker(self._post) if make_speaker else None)
        self._attached: list[Attached] = [self._lock()]
        self._watchdog = Watchdog()
        self._tick: Any = None
        self._played: Any = None

    @property
    def flow(self) -> Flow:
        """The state machine behind the screens."""
        return self.session.flow

    @property
    def access(self) -> Access:
        """How things are shown and said now."""
        return self._reach.access

    def attach(self, part: Attached) -> None:
        """Let something start and stop with the window."""
        self._attached.append(part)

    def _lock(self) -> Lock:
        return Lock(
            self.finger, self.session.scanned, lambda: self.access.listening, lambda: self.asked_to_stop, self._keypad
        )

    # ---- the window ----

    def build(self) -> Any:
        """Make the window's content."""
        self._measure()
        return self._frame(Access())

    def on_start(self) -> None:
        """Draw, and let time pass."""
        Window.bind(size=self._measure)
        self.bind(zoom=self._measure)
        for part in self._attached:
            part.start()
        self._tick = Clock.schedule_interval(self._turn, TICK_SECONDS)
        self._play()
        self._draw()

    def on_stop(self) -> None:
        """Let go of the window."""
        self._watchdog.ending()
        self.root.close()
        self.listening.close()
        let_files_say(theme)
        Window.unbind(size=self._measure)
        for part in reversed(self._attached):
            part.stop()
        for event in filter(None, (self._tick, self._played)):
            event.cancel() if event is self._tick else event.stop()

    def open_settings(self, *_: Any) -> bool:
        """A kiosk has no settings panel."""
        return False

    def finger(self, touch: Touch | AccessTouch, request_id: str) -> None:
        """Take a touch of a widget: how things are shown is the window's matter, all else is the session's."""
        self._reach.touch(touch, time.monotonic())
        if not isinstance(touch, AccessTouch):
            self.session.touch(touch, request_id)
            return
        chosen = self.listening.key(touch, time.monotonic())
        if chosen is not None:
            self.finger(chosen, request_id)
        else:
            self._draw()

    def _post(self, job: Job) -> None:
        self._inbox.post(job)
        self._work()

    @mainthread  # type: ignore[untyped-decorator]
    def _work(self) -> None:
        self._inbox.work(0)

    def _turn(self, _seconds: float) -> None:
        if self.asked_to_stop:
            self.stop()
            return
        self.listening.tick(time.monotonic())
        self.session.tick()
        self._watchdog.alive()

    def _measure(self, *_: Any) -> None:
        width, height = Window.size
        self.bar_unit = theme.unit(width, height)
        self.unit = self.bar_unit * self.zoom
        self.lying = width > height

    # ---- drawing ----

    def _frame(self, access: Access) -> Any:
        """A frame that looks as the citizen wishes: a new one, since what was built keeps its look."""
        from kiosk.screens.frame import KioskFrame

        look = Look(high=access.high_contrast, text_size=access.text_size)
        self.zoom = look.ZOOM
        return KioskFrame(look, low=access.low)

    def _draw(self) -> None:
        if self.root is None:
            return
        now = time.monotonic()
        self._reach.follow(self.flow.visit.screen, now)
        self._rebuild()
        self.flow.low = self.access.low and not self.lying
        view = look(self.flow, self.session.printer.status(), now)
        language = view.frame.language
        self.root.show(view, switches(self.access, language, upright=not self.lying), keys(self.access, language))
        self._guide(view)
        self._picture_soon(view)

    def _guide(self, view: View) -> None:
        """Say the screen to who listens, and ring what the three keys stand on."""
        self.listening.show(view, listens=self.access.listening)
        self.root.focus(self.listening.touch)
        no_voice = self.access.listening and self.listening.silent
        self.root.trouble = text("access.no_voice", view.frame.language) if no_voice else ""

    def _rebuild(self) -> None:
        """Another look is another frame; listening is not."""
        wanted = replace(self.access, listening=False)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        self.root.close()
        Window.remove_widget(self.root)
        self.root = self._frame(wanted)
        Window.add_widget(self.root)
        self._play()

    def _play(self) -> None:
        """For demonstrations: a finger that moves by itself over the frame shown."""
        from kiosk.screens.played import PlayedFinger

        if self._played is not None:
            self._played.stop()
        if self._played_seconds:
            chance = random.Random()  # noqa: S311 - which service a demonstration picks is no secret
            self._played = PlayedFinger(self.flow, self.root, self._played_seconds, chance)

    def _picture_soon(self, view: View) -> None:
        if self._pictures is not None and view.screen.value + view.title != self._pictured:
            self._pictured = view.screen.value + view.title
            Clock.schedule_once(lambda _seconds: self._picture(view.screen.value), _PICTURE_SECONDS)

    def _picture(self, screen: str) -> None:
        """Write the screen as PNG, if it still shows; never half a file."""
        if self._pictures is None or self.flow.screen.value != screen:
            return
        new = self._pictures / f".kiosk-{screen}.png"
        self.root.export_to_png(str(new))
        new.replace(self._pictures / f"kiosk-{screen}.png")
        gc.collect(1)  # Kivy draws it in a buffer that refers to itself: else each stays, at 8 MB, for minutes
