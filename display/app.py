"""Wiring of the wall display: arguments, window, the hall's client."""

import argparse
import os
import signal
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.client import HallClient
from protocol.commands import GetHall, ReportDevice
from protocol.errors import ServerUnreachable
from protocol.events import Event
from protocol.keys import DeviceKeys, KeyFileError, read_keys
from protocol.replies import HallReply, Pulse, Reply, Snapshot

if TYPE_CHECKING:
    from display.screens.wall_app import WallApp

SIZE = (1920, 1080)
_ANSWER_SECONDS = 10.0


class WrongInput(Exception):
    """An argument that can't be used; its message is for the person who typed it."""


def main(arguments: list[str]) -> int:
    """Show the wall until SIGTERM, SIGINT or the window's end; exit 0, or 2 for wrong input."""
    try:
        options = parse(arguments)
        keys = _keys(options)
    except (WrongInput, KeyFileError) as fault:
        sys.stderr.write(f"display: {fault}\n")
        return 2
    settle_kivy(options)
    return _run(options, keys)


class _Parser(argparse.ArgumentParser):
    """Wrong arguments are one line."""

    def error(self, message: str) -> "None":  # type: ignore[override]
        raise WrongInput(message)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; raises WrongInput."""
    parser = _Parser(prog="python -m display", description="The wall display of a hall.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the folder whose keys/ holds the key")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="the key file (the only DIR/keys/display*.json)")
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of the window in pixels, as 1920x1080")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--window", action="store_true", help="in a window, not on the whole screen")
    mode.add_argument("--fullscreen", action="store_true", help="on the whole screen (usual, unless --size is given)")
    parser.add_argument("--media", type=Path, metavar="FOLDER", help="the files of the playlists (DIR/media)")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="write FOLDER/wall.png now and then")
    parser.add_argument("--picture-seconds", type=_seconds, default=10.0, metavar="N", help="how often (10)")
    return parser.parse_args(arguments)


def _size(written: str) -> tuple[int, int]:
    width, cross, height = written.partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and 320 <= int(width) <= 16384):
        raise argparse.ArgumentTypeError(f"{written!r} is no size such as 1920x1080")
    if not 320 <= int(height) <= 16384:
        raise argparse.ArgumentTypeError(f"{written!r}: a side is 320 to 16384 pixels")
    return int(width), int(height)


def _seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0.0
    if not 0.2 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of seconds from 0.2 to 86400")
    return seconds


def _keys(options: argparse.Namespace) -> DeviceKeys:
    if options.keys:
        return read_keys(options.keys)
    folder = options.data / "keys"
    found = sorted(folder.glob("display*.json"))
    if not found:
        raise WrongInput(f"no key file {folder}/display*.json; enrol this display first (./motcua enrol --help)")
    if len(found) > 1:
        raise WrongInput(f"several key files ({', '.join(path.name for path in found)}); name one with --keys")
    return read_keys(found[0])


def settle_kivy(options: argparse.Namespace) -> None:
    """Configure Kivy before anything of it is imported; without a screen it draws into memory."""
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_FILELOG="1", KIVY_NO_CONFIG="1", KIVY_LOG_MODE="PYTHON")
    screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not screen:
        os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    from kivy.config import Config

    width, height = options.size or SIZE
    whole = screen and not options.window and (options.fullscreen or options.size is None)
    for section, key, value in (
        ("kivy", "kivy_clock", "interrupt"),
        ("kivy", "exit_on_escape", "0"),
        ("graphics", "multisamples", "0"),
        ("graphics", "allow_screensaver", "0"),
        ("graphics", "show_cursor", "0"),
        ("graphics", "fullscreen", "auto" if whole else "0"),
        ("graphics", "width", str(width)),
        ("graphics", "height", str(height)),
    ):
        Config.set(section, key, value)
    Config.remove_section("input")
    Config.add_section("input")


def _run(options: argparse.Namespace, keys: DeviceKeys) -> int:
    from display.screens.wall_app import WallApp

    app = WallApp(keys.device_id, options.media or options.data / "media")
    if options.pictures:
        app.keep_pictures(options.pictures, options.picture_seconds)
    _stop_on_signals(app)
    ear = Ear(app)
    client = HallClient(keys, ear)
    ear.listen(client)
    try:
        app.run()
    finally:
        ear.closed = True
        client.close()
    return 0


def _stop_on_signals(app: "WallApp") -> None:
    """Only a flag is set: the app looks at it at its next tick."""

    def stop(_signal: int, _frame: object) -> None:
        app.ending = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


class Ear:
    """Hands what the hall says to the app, asks for the hall's names now and then, and tells how this wall is.

    A server may have been started again with other names too quickly for anybody to miss it: after `pulses_between`
    pulses (seconds) the names are asked for once more. As often, and when it changes, the hall is told of the window.
    """

    def __init__(self, app: "WallApp", pulses_between: int = 30) -> None:
        self._app = app
        self._client: HallClient | None = None
        self._between = self._pulses_left = pulses_between
        self._report_left = 0
        self._told: list[str] = []
        self._asking = False
        self.closed = False

    def listen(self, client: HallClient) -> None:
        """Use this client from now on."""
        self._client = client
        self._ask_hall()

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state; perhaps of another server or another day, so its names are asked for too."""
        self._app.on_snapshot(snapshot)
        self._ask_hall()

    def on_event(self, event: Event) -> None:
        """The next event."""
        self._app.on_event(event)

    def on_pulse(self, pulse: Pulse) -> None:
        """The hall lives."""
        self._app.on_pulse(pulse)
        self._tell_health()
        self._pulses_left -= 1
        if self._pulses_left <= 0:
            self._ask_hall()

    def on_silence(self, seconds: float) -> None:  # noqa: ARG002 - the board tells the age by its own clock
        """The next pulse may be of a server that was started again, which has not heard of this wall yet."""
        self._pulses_left = self._report_left = 0

    def _tell_health(self) -> None:
        troubles = self._app.troubles()
        self._report_left -= 1
        if self._client is None or (self._report_left > 0 and troubles == self._told):
            return
        self._report_left, self._told = self._between, troubles
        self._client.ask(ReportDevice(troubles), within=_ANSWER_SECONDS)

    def _ask_hall(self) -> None:
        if self._client is None or self._asking:
            return
        self._asking = True
        self._client.ask(GetHall(), within=_ANSWER_SECONDS).add_done_callback(self._take_hall)

    def _take_hall(self, future: "Future[Reply]") -> None:
        fault = future.exception()
        self._asking = False
        self._pulses_left = self._between if fault is None else 0
        if fault is None:
            hall = future.result()
            assert isinstance(hall, HallReply)
            self._app.describe(hall)
        elif isinstance(fault, ServerUnreachable) and not self.closed:
            self._ask_hall()
