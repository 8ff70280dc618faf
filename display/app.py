"""Wiring of the wall display: arguments, window, the hall's client."""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config import logs
from display.ear import Ear
from protocol.client import HallClient
from protocol.keys import DeviceKeys, KeyFileError, keeping, read_keys

if TYPE_CHECKING:
    from display.screens.wall_app import WallApp

SIZE = (1920, 1080)


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
    logs.begin("display", options.data, level=logging.WARNING)
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
    from display.screens.wall_app import Folders, WallApp

    app = WallApp(keys.device_id, Folders(options.media or options.data / "media", options.data / "voice"))
    if options.pictures:
        app.keep_pictures(options.pictures, options.picture_seconds)
    _stop_on_signals(app)
    ear = Ear(app)
    app.acknowledge = ear.acknowledge
    key_file = options.keys or options.data / "keys" / f"{keys.device_id}.json"
    client = HallClient(keys, ear, keeping(key_file))
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
