"""Drives a Kivy app inside the test: frames, touches, pictures, and labels that do not fit their boxes.

Import it before anything of Kivy: it settles how Kivy starts.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.running import PATIENCE

os.environ.update(
    SDL_VIDEODRIVER="offscreen",
    SDL_AUDIODRIVER="dummy",
    KIVY_NO_ARGS="1",
    KIVY_NO_FILELOG="1",
    KIVY_NO_CONFIG="1",
    KIVY_LOG_MODE="PYTHON",
)

UPRIGHT = (1080, 1920)
LYING = (1920, 1080)


def settle_kivy() -> None:
    """Configure Kivy for tests, which its clock and its window read once."""
    from kivy.config import Config

    Config.set("kivy", "kivy_clock", "interrupt")
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("graphics", "multisamples", "0")
    Config.set("graphics", "maxfps", "0")
    Config.set("graphics", "width", str(UPRIGHT[0]))
    Config.set("graphics", "height", str(UPRIGHT[1]))
    Config.remove_section("input")
    Config.add_section("input")


settle_kivy()


class Driver:
    """One app at a time in the one window of the process.

    Frames are laid out, which is what the tests look at; their pixels are drawn at the start of an app, when the window
    changes its size, and for a picture: a processor draws a frame for longer than a test needs otherwise.
    """

    def __init__(self) -> None:
        from kivy.base import EventLoop
        from kivy.core.window import Window

        self.window: Any = Window
        self._loop: Any = EventLoop
        self._app: Any = None
        self._drawing = True
        self._draw = Window.on_draw
        Window.on_draw = self._on_draw

    def _on_draw(self) -> None:
        if self._drawing:
            self._draw()

    def start(self, app: Any, size: tuple[int, int] = UPRIGHT) -> None:
        """Show an app at a window size (pixels), ready to be touched."""
        self.window.size = size
        _forget_app()
        app._run_prepare()
        if self._loop.status != "started":
            self._loop.start()
        self._app = app
        self._draw_frames(3)

    def stop(self) -> None:
        """End the app and empty the window."""
        if self._app is None:
            return
        self._app.dispatch("on_stop")
        _still()
        for child in list(self.window.children):
            self.window.remove_widget(child)
        type(self._app)._running_app = None
        self._app = None
        self.frames(1)

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size (pixels)."""
        self.window.size = size
        self._draw_frames(3)

    def frames(self, count: int = 2) -> None:
        """Let so many frames pass."""
        self._drawing = False
        for _ in range(count):
            self._loop.idle()

    def _draw_frames(self, count: int) -> None:
        self._drawing = True
        for _ in range(count):
            self._loop.idle()

    def until(self, condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
        """Draw frames until the condition holds; AssertionError when it does not within `seconds`."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s"
            self.frames(1)
            time.sleep(0.002)  # whoever is waited for needs the processor, too

    def press(self, widget: Any) -> Any:
        """Put a finger on the middle of a widget; `lift` the touch that this returns."""
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(*widget.to_window(*widget.center))
        touch.touch_down()
        self.frames()
        return touch

    def lift(self, touch: Any) -> None:
        """Take the finger away."""
        touch.touch_up()
        self.frames()

    def tap(self, widget: Any) -> None:
        """Touch the middle of a widget and let go."""
        self.lift(self.press(widget))

    def picture(self, path: Path) -> Path:
        """Write what the window shows as PNG."""
        self._draw_frames(3)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._app.root.export_to_png(str(path))
        return path


def _still() -> None:
    """Let nothing move any more: its rules would look for an app that is gone."""
    from kivy.animation import Animation

    for animation in list(Animation._instances):
        for moved in list(animation._widgets.values()):
            animation.cancel(moved["widget"])


def _forget_app() -> None:
    """In .kv files `app` stays the first app of a process unless its place is emptied."""
    from kivy.lang.parser import global_idmap

    object.__setattr__(global_idmap["app"], "_obj", None)


def walk(widget: Any) -> Iterator[Any]:
    """A widget and all below it that are visible, topmost first."""
    if getattr(widget, "opacity", 1) == 0:
        return
    yield widget
    for child in getattr(widget, "children", []):
        yield from walk(child)


def labels(root: Any) -> list[Any]:
    """The visible labels (and buttons) that carry a text."""
    return [widget for widget in walk(root) if getattr(widget, "text", "") and hasattr(widget, "texture_size")]


def texts(root: Any) -> list[str]:
    """What can be read, in no order."""
    return [label.text for label in labels(root)]


def clipped(root: Any, slack: float = 1.0) -> list[str]:
    """The labels whose text is larger than their box (by over `slack` pixels), was shortened or leaves the window."""
    return [fault for label in labels(root) if (fault := _fault(label, slack))]


def outgrown(root: Any, slack: float = 1.0) -> list[str]:
    """What is drawn and sticks out of a widget above it (by more than `slack` pixels), e.g. under a footer."""
    leaves = [widget for widget in walk(root) if not widget.children and getattr(widget, "text", True)]
    return [fault for leaf in leaves if (fault := _outgrown(leaf, slack))]


def _box(widget: Any) -> tuple[float, float, float, float]:
    left, bottom = widget.to_window(widget.x, widget.y)
    return left, bottom, left + widget.width, bottom + widget.height


def _outgrown(label: Any, slack: float) -> str:
    left, bottom, right, top = _box(label)
    above = label.parent
    while above is not None and above.parent not in (None, above):
        low_left, low, high_right, high = _box(above)
        if left < low_left - slack or right > high_right + slack or bottom < low - slack or top > high + slack:
            return f"{getattr(label, 'text', type(label).__name__)!r} sticks out of {type(above).__name__}"
        above = above.parent
    return ""


def _fault(label: Any, slack: float) -> str:
    (wide, high), said = label.texture_size, f"{label.text!r} at {label.font_size:.0f} px"
    left, bottom = label.to_window(label.x, label.y)
    window_width, window_height = label.get_parent_window().size
    if wide > label.width + slack or high > label.height + slack:
        return f"{said}: text {wide}x{high} in a box {label.width:.0f}x{label.height:.0f}"
    if getattr(label, "is_shortened", False):
        return f"{said}: shortened"
    if left < -slack or bottom < -slack or left + label.width > window_width + slack:
        return f"{said}: leaves the window at {left:.0f},{bottom:.0f}"
    if bottom + label.height > window_height + slack:
        return f"{said}: leaves the window at the top"
    return ""
