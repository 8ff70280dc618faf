"""How things are shown and said to the citizen who stands here: text size, contrast, reach, listening; pure."""

from dataclasses import dataclass, replace

from config import theme
from config.texts import text
from kiosk.touches import Back, Touch
from kiosk.visit import CHOOSING_SECONDS, Screen

LISTENING_FACTOR = 2
"""Who listens needs so many times as long as who reads."""

# ---- what a finger can mean ---------------------------------------------------


@dataclass(frozen=True)
class ChangeTextSize:
    """Show text in the next larger size; after the largest in the usual one."""


@dataclass(frozen=True)
class ChangeContrast:
    """Show yellow and white on black, or the usual colours again."""


@dataclass(frozen=True)
class ReachLow:
    """Bring all that can be touched into the lower half of an upright screen, or back."""


@dataclass(frozen=True)
class Listen:
    """Have everything said, and choose with three keys."""


@dataclass(frozen=True)
class StopListening:
    """Be quiet again."""


@dataclass(frozen=True)
class NextChoice:
    """Say the next thing that can be chosen."""


@dataclass(frozen=True)
class ChooseFocused:
    """Choose what was said last."""


@dataclass(frozen=True)
class Repeat:
    """Say it again."""


AccessTouch = ChangeTextSize | ChangeContrast | ReachLow | Listen | StopListening | NextChoice | ChooseFocused | Repeat

# ---- what holds now -----------------------------------------------------------


@dataclass(frozen=True)
class Access:
    """One citizen's choice; `text_size` counts into `config.theme.TEXT_SIZES`."""

    text_size: int = 0
    high_contrast: bool = False
    low: bool = False
    listening: bool = False


def changed(access: Access, touch: AccessTouch) -> Access:
    """What holds after a touch; the three keys change nothing here."""
    match touch:
        case ChangeTextSize():
            return replace(access, text_size=(access.text_size + 1) % len(theme.TEXT_SIZES))
        case ChangeContrast():
            return replace(access, high_contrast=not access.high_contrast)
        case ReachLow():
            return replace(access, low=not access.low)
        case Listen():
            return replace(access, listening=True)
        case StopListening():
            return replace(access, listening=False)
        case _:
            return access


class AccessNow:
    """What holds for who stands here, and when it is forgotten: with the visit, or when nobody touches any more."""

    def __init__(self) -> None:
        self.access = Access()
        self._screen = Screen.IDLE
        self._went_back = False
        self._touched_at = 0.0

    def touch(self, touch: Touch | AccessTouch, now: float) -> None:
        """Learn of any touch; `now` is monotonic seconds."""
        self._touched_at = now
        self._went_back = isinstance(touch, Back)
        if isinstance(touch, AccessTouch):
            self.access = changed(self.access, touch)

    def follow(self, screen: Screen, now: float) -> bool:
        """Learn the visit's screen; whether everything was forgotten just now.

        Who goes back to the first screen is still here. Who came there by Home, or because time was over, is gone.
        """
        came_home = screen is Screen.IDLE and self._screen is not Screen.IDLE and not self._went_back
        stays = CHOOSING_SECONDS * (LISTENING_FACTOR if self.access.listening else 1)
        left = screen is Screen.IDLE and now - self._touched_at >= stays
        self._screen = screen
        if self.access == Access() or not (came_home or left):
            return False
        self.access = Access()
        return True


# ---- what is to be seen of it ---------------------------------------------------


@dataclass(frozen=True)
class Switch:
    """Something to touch in the bar: its picture, its words, and whether it is on."""

    touch: AccessTouch
    pictogram: str
    name: str
    on: bool = False


def switches(access: Access, language: str, *, upright: bool) -> tuple[Switch, ...]:
    """The bar of switches; each says what touching it does. Reach matters where a screen stands upright."""
    size = (access.text_size + 1) % len(theme.TEXT_SIZES)
    bar = [
        Switch(ChangeTextSize(), "text", text(f"access.text_{size}", language), access.text_size > 0),
        _switch(ChangeContrast(), "contrast", language, on=access.high_contrast),
    ]
    if upright:
        bar.append(_switch(ReachLow(), "low", language, on=access.low))
    if access.listening:
        return (*bar, Switch(StopListening(), "quiet", text("access.listen_off", language), on=True))
    return (*bar, Switch(Listen(), "listen", text("access.listen", language)))


def _switch(touch: AccessTouch, name: str, language: str, *, on: bool) -> Switch:
    return Switch(touch, name, text(f"access.{name}_off" if on else f"access.{name}", language), on)


def keys(access: Access, language: str) -> tuple[Switch, ...]:
    """The three keys on the screen, for who listens."""
    if not access.listening:
        return ()
    names = ((NextChoice(), "next"), (ChooseFocused(), "choose"), (Repeat(), "repeat"))
    return tuple(Switch(key, name, text(f"access.{name}", language)) for key, name in names)
