"""What hangs on a device of the hall: printer, sound, screen, fonts."""

import importlib.util
import shutil
from pathlib import Path

from doctor.finding import Finding, Findings, Level, care, well, wrong
from doctor.place import Place
from printers.base import PrinterSetupError, PrinterState
from printers.documents import PrinterFileError
from printers.inspection import inspect
from printers.models import load_model
from voice.speech import PROGRAM

SOUND_CARDS = Path("/proc/asound/cards")
SCREENS = Path("/sys/class/drm")


def look_at_devices(place: Place, language: str) -> Findings:
    """What a kiosk or a display needs."""
    if place.kind == "kiosk":
        yield from _printer(place, language)
    if place.kind in ("kiosk", "display"):
        yield from _sound(place)
        yield from _screen()
        yield from _fonts()


def _printer(place: Place, language: str) -> Findings:
    if place.printer is None:
        yield care("printer", "printer_unnamed")
        return
    address, model = place.printer
    try:
        found = inspect(address, load_model(model))
    except (PrinterSetupError, PrinterFileError) as fault:
        yield wrong("printer", "printer_setting", fault=fault)
        return
    level = Level.WRONG
    if found.usable:
        level = Level.WELL if found.state is PrinterState.READY else Level.CARE
    yield Finding(level, "printer", "printer_state", {"address": address, "said": found.words(language)})


def _sound(place: Place, cards: Path = SOUND_CARDS) -> Findings:
    try:
        told = cards.read_text(encoding="utf-8", errors="replace")
    except OSError:
        told = ""
    if not any(line.lstrip()[:1].isdigit() for line in told.splitlines()):
        yield care("sound", "sound_no_card")
    else:
        yield well("sound", "sound_card")
    clips = len(list((place.data / "voice").rglob("*.wav")))
    if clips:
        yield well("sound", "sound_clips", clips=clips)
    elif shutil.which(PROGRAM):
        yield well("sound", "sound_speaks")
    else:
        yield wrong("sound", "sound_no_voice")


def _screen(screens: Path = SCREENS) -> Findings:
    states = [(path.parent.name, path.read_text(encoding="ascii").strip()) for path in screens.glob("*/status")]
    connected = [name for name, state in states if state == "connected"]
    if connected:
        yield well("screen", "screen_connected", names=", ".join(connected))
    else:
        yield care("screen", "screen_none")


def _fonts() -> Findings:
    found = importlib.util.find_spec("kivy")
    folder = Path(found.origin).parent / "data" / "fonts" if found and found.origin else Path()
    if (folder / "Roboto-Regular.ttf").is_file():
        yield well("screen", "fonts_there")
    else:
        yield wrong("screen", "fonts_missing")
