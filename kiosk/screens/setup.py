"""How Kivy starts for a kiosk: locked down, quick to wake, one source of touches. Call before anything else of Kivy."""

import logging
import os


def settle(width: int, height: int, *, on_screen: bool, full_screen: bool) -> None:
    """Configure Kivy for a window of so many pixels; without a screen it draws into memory only."""
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_FILELOG="1", KIVY_NO_CONFIG="1", KIVY_LOG_MODE="PYTHON")
    if not on_screen:
        os.environ.update(SDL_VIDEODRIVER="offscreen", SDL_AUDIODRIVER="dummy")
    logging.getLogger("kivy").setLevel(logging.WARNING)
    from kivy.config import Config

    Config.set("kivy", "kivy_clock", "interrupt")
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "desktop", "0")
    Config.set("kivy", "log_level", "warning")
    Config.set("graphics", "multisamples", "0")
    Config.set("graphics", "width", str(width))
    Config.set("graphics", "height", str(height))
    Config.set("graphics", "fullscreen", "auto" if on_screen and full_screen else "0")
    Config.set("graphics", "borderless", "1" if on_screen and full_screen else "0")
    Config.set("graphics", "show_cursor", "0" if full_screen else "1")
    _settle_touches(Config, on_screen)


def _settle_touches(config: object, on_screen: bool) -> None:
    """SDL delivers fingers and mouse; any further source would deliver the same finger twice."""
    config.remove_section("input")  # type: ignore[attr-defined]
    config.add_section("input")  # type: ignore[attr-defined]
    if on_screen:
        config.set("input", "mouse", "mouse,disable_multitouch")  # type: ignore[attr-defined]
