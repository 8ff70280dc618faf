"""Says the screens to who listens, and lets nobody be thrown out while something is still being said."""

from kiosk.access import AccessTouch, ChooseFocused, NextChoice, Repeat
from kiosk.flow import Flow
from kiosk.guide import Reader, guidance
from kiosk.touches import Touch
from kiosk.view import View
from voice.speaker import NO_VOICE, Speaker

AFTER_SPEECH_SECONDS = 20.0
"""So long a screen stays at least after it was said."""


class Listening:
    """One citizen's ears; `speaker` none: the machine has no voice."""

    def __init__(self, flow: Flow, speaker: Speaker | None) -> None:
        self._flow = flow
        self._speaker = speaker
        self._reader: Reader | None = None
        self._language = ""

    @property
    def touch(self) -> Touch | None:
        """What the key Choose means now."""
        return self._reader.touch if self._reader else None

    @property
    def silent(self) -> bool:
        """Whether nothing can be said."""
        return self._speaker is None or self._speaker.trouble == NO_VOICE

    def troubles(self) -> list[str]:
        """What staff should look after, as codes; a kiosk that was given no voice has no trouble with it."""
        return [self._speaker.trouble] if self._speaker and self._speaker.trouble else []

    def show(self, view: View, *, listens: bool) -> None:
        """Learn what is drawn; say it if it is another screen and somebody listens."""
        if not listens:
            self._be_quiet()
            return
        if self._reader is None:
            self._reader = Reader()
        self._language = view.frame.language
        self._say(self._reader.show(guidance(view)))

    def key(self, touch: AccessTouch, now: float) -> Touch | None:
        """Take one of the three keys; what it chooses, if it does."""
        if self._reader is None:
            return None
        if isinstance(touch, NextChoice | Repeat | ChooseFocused):
            self._stay(now)
        match touch:
            case NextChoice():
                self._say(self._reader.next())
            case Repeat():
                self._say(self._reader.repeat())
            case ChooseFocused() if self._reader.touch is None:
                self._say(self._reader.repeat())
            case ChooseFocused():
                return self._reader.touch
            case _:
                pass
        return None

    def tick(self, now: float) -> None:
        """Time passed."""
        if self._speaker is None:
            return
        self._speaker.tick()
        if self._reader is not None and self._speaker.speaking:
            self._stay(now)

    def close(self) -> None:
        """Be quiet for good."""
        if self._speaker is not None:
            self._speaker.close()

    def _be_quiet(self) -> None:
        if self._reader is not None and self._speaker is not None:
            self._speaker.quiet()
        self._reader = None

    def _say(self, words: str) -> None:
        if words and self._speaker is not None:
            self._speaker.say(words, self._language)

    def _stay(self, now: float) -> None:
        """Who listens is here: what would end soon ends later."""
        visit = self._flow.visit
        if visit.ends_at is not None:
            visit.ends_at = max(visit.ends_at, now + AFTER_SPEECH_SECONDS)
