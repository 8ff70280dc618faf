"""One kiosk's screen: where it is, how it moves on, goes back, and forgets; what a touch means lies in the rooms."""

from kiosk.finder import Finder
from kiosk.finding import Hit
from kiosk.flow import asking, choices, choosing, ending, helping, scanning, searching
from kiosk.flow.helping import Helper
from kiosk.hall_now import HallNow
from kiosk.paging import Page
from kiosk.stages import CHOOSING, NEEDS_SERVER, STAYS_SECONDS, Screen
from kiosk.touches import Back, Effect, Home, Scan, Speak, Touch, TurnPage
from kiosk.visit import ORDINARY, UNREACHABLE, Visit
from protocol.errors import Fact
from protocol.replies import PlaceReply, Reply, TicketIssuedReply
from protocol.views import ProcedureInfo
from protocol.words import PrintOutcome

TILES_PER_PAGE = choices.TILES_PER_PAGE

SETTLE_SECONDS = 0.35
"""A finger that bounces must not touch the next screen."""
_SETTLES_TIMES = {Screen.RESULT: 4, Screen.PLACE: 4}
_ROOMS = (helping.touched, scanning.touched, searching.touched, choosing.touched, asking.touched, ending.touched)
"""Who is asked in turn what a touch means; the first that knows does it."""


class Flow:
    """One kiosk's screen; `now` is always monotonic seconds.

    `settle_seconds` is 0 where nobody has a finger that bounces.
    """

    def __init__(self, hall: HallNow, *, language: str = "vi", settle_seconds: float = SETTLE_SECONDS) -> None:
        self.hall = hall
        self.finder = Finder()
        self.helper: Helper | None = None
        """Who takes numbers for others here now."""
        self.low = False
        """Whether everything lies in the lower half of the screen: fewer choices stand on a page then."""
        self._language = language
        self._settle_seconds = settle_seconds
        self.visit = Visit(language)

    # ---- what is to be seen ----

    @property
    def screen(self) -> Screen:
        """What is shown now: a hall that does not answer, or took this kiosk out of use, hides what needs it."""
        if self.visit.screen not in NEEDS_SERVER:
            return self.visit.screen
        if not self.hall.usable:
            return Screen.AWAY
        return self.visit.screen if self.hall.suspended is None else Screen.SUSPENDED

    def seconds_left(self, now: float) -> float | None:
        """How long until everything is cleared; none where nothing ends by itself."""
        return None if self.visit.ends_at is None else max(self.visit.ends_at - now, 0.0)

    def choices(self) -> list[Touch]:
        """What can be chosen on this screen, all pages."""
        return choices.choices(self)

    def pages(self) -> int:
        """How many pages of choices this screen has, at least 1."""
        return len(choices.paged(self))

    def page(self) -> int:
        """The page shown, 0 is the first; never one that is gone."""
        return min(self.visit.page, self.pages() - 1)

    def on_page(self) -> list[Touch]:
        """What can be chosen on the page shown."""
        shown: Page = choices.paged(self)[self.page()]
        return self.choices()[shown.first : shown.last]

    def class_ids(self) -> list[str]:
        """The hall's priority classes, without the ordinary one."""
        classes = self.hall.hall.classes if self.hall.hall else []
        return [found.class_id for found in classes if found.class_id != ORDINARY]

    def hits(self) -> list[Hit]:
        """The procedures that fit what was typed."""
        self.finder.learn(self.hall.procedures)
        return self.finder.find(searching.typed(self.visit))

    def procedure(self, code: str | None) -> ProcedureInfo | None:
        """The hall's procedure of this code."""
        return next((found for found in self.hall.procedures if found.code == code), None)

    @property
    def can_try_again(self) -> bool:
        """Whether the same request may be sent again: nobody knows what became of it."""
        return self.visit.refusal == UNREACHABLE and self.visit.issue is not None

    @property
    def can_print_again(self) -> bool:
        """Whether the paper may be printed once more: it did not come, or nobody knows."""
        return ending.can_print_again(self)

    def may_still_be_served(self, class_id: str) -> bool:
        """Whether a class may get a number of today where the ordinary ones are over: its head start decides."""
        return asking.may_still_be_served(self, class_id)

    # ---- what happens ----

    def touch(self, touch: Touch, request_id: str, now: float) -> list[Effect]:
        """Take a finger; `request_id` was made when it touched. A touch that has no meaning here is ignored."""
        if not isinstance(touch, Scan) and now - self.visit.since < self._settles_in():
            return []
        if self.visit.screen in NEEDS_SERVER and self.visit.ends_at is not None:
            self.visit.ends_at = now + self.stays(self.visit.screen)
        match touch:
            case Speak(language):
                self._speak(language, now)
            case Home() if self.visit.screen is not Screen.ISSUING:
                self.clear(now)
            case Back():
                self._back(now)
            case TurnPage(page) if 0 <= page < self.pages():
                self.visit.page = page
            case _:
                return self._touch_room(touch, request_id, now)
        return []

    def issued(self, request_id: str, reply: TicketIssuedReply, now: float) -> list[Effect]:
        """The hall gave a number."""
        return ending.issued(self, request_id, reply, now)

    def booked(self, request_id: str, reply: PlaceReply, now: float) -> list[Effect]:
        """The hall promised a place."""
        return ending.booked(self, request_id, reply, now)

    def answered(self, request_id: str, reply: Reply, now: float) -> list[Effect]:
        """The hall answered a question."""
        return scanning.answered(self, request_id, reply, now)

    def refused(self, request_id: str, code: str, facts: dict[str, Fact], now: float) -> list[Effect]:
        """The hall gave nothing; `UNREACHABLE` as code: it did not answer in time."""
        query = self.visit.query
        if query is not None and query.request_id == request_id:
            return scanning.refused(self, code, facts, now)
        return ending.refused(self, request_id, code, facts, now)

    def printed(self, slip_id: int, outcome: PrintOutcome, now: float) -> list[Effect]:
        """The paper came out, or did not."""
        return ending.printed(self, slip_id, outcome, now)

    def tick(self, now: float) -> list[Effect]:
        """Time passed."""
        self.finder.learn(self.hall.procedures)
        if self.visit.ends_at is not None and now >= self.visit.ends_at:
            helping.left_alone(self)
            self.clear(now)
        return []

    # ---- steps ----

    def go(self, screen: Screen, now: float) -> None:
        """Show another screen, from which Back leads here."""
        self.visit.seen.append((self.visit.screen, self.visit.page))
        self.show(screen, now)

    def show(self, screen: Screen, now: float, page: int = 0) -> None:
        """Show another screen in the place of this one."""
        self.visit.screen, self.visit.page, self.visit.since = screen, page, now
        seconds = self.stays(screen)
        self.visit.ends_at = now + seconds if seconds else None

    def stays(self, screen: Screen) -> float:
        """How long a screen stays untouched; 0: as long as it is needed."""
        return helping.stays(self, STAYS_SECONDS.get(screen, 0.0), screen)

    def clear(self, now: float, language: str = "") -> None:
        """Forget the visit; a language that is not the hall's own stays for whoever chose it just now."""
        self.visit = Visit(language or self._language, since=now)
        if self.helper is not None:
            self.show(Screen.HELPER, now)
        elif language not in ("", self._language):
            self.visit.ends_at = now + self.stays(Screen.PURPOSE)

    def _settles_in(self) -> float:
        return self._settle_seconds * _SETTLES_TIMES.get(self.visit.screen, 1)

    def _speak(self, language: str, now: float) -> None:
        self.visit.language = language
        if self.visit.screen is Screen.IDLE:
            self.clear(now, language)

    def _touch_room(self, touch: Touch, request_id: str, now: float) -> list[Effect]:
        for room in _ROOMS:
            effects = room(self, touch, request_id, now)
            if effects is not None:
                return effects
        return []

    def _back(self, now: float) -> None:
        if self.visit.screen not in CHOOSING:
            return
        screen, page = self.visit.seen.pop()
        choosing.forget(self, self.visit.screen, screen)
        if screen is Screen.IDLE:
            self.clear(now, self.visit.language)
        else:
            self.show(screen, now, page)
