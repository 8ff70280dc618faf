"""The kiosk's screens as one state machine: touches, answers and seconds in, effects out."""

from kiosk.hall_now import HallNow
from kiosk.papers import place_paper, ticket_paper
from kiosk.touches import (
    Back,
    Begin,
    ChooseAgency,
    ChooseClass,
    ChooseService,
    Effect,
    Home,
    Issue,
    Print,
    Speak,
    TakePlace,
    Touch,
    TryAgain,
    TurnPage,
)
from kiosk.visit import (
    CHOOSING,
    CHOOSING_SECONDS,
    NEEDS_SERVER,
    NO_PAPER_SECONDS,
    RESULT_SECONDS,
    STAYS_SECONDS,
    UNREACHABLE,
    Screen,
    Visit,
)
from kiosk.visit import ORDINARY as ORDINARY
from protocol.commands import BookPlace, IssueTicket
from protocol.errors import Fact, KioskSuspended
from protocol.replies import PlaceReply, TicketIssuedReply
from protocol.words import Issuing, PrintOutcome

TILES_PER_PAGE = 9

SETTLE_SECONDS = 0.35
"""A finger that bounces must not touch the next screen."""
_SETTLES_TIMES = {Screen.RESULT: 4, Screen.PLACE: 4}


class Flow:
    """One kiosk's screen; `now` is always monotonic seconds.

    `settle_seconds` is 0 where nobody has a finger that bounces.
    """

    def __init__(self, hall: HallNow, *, language: str = "vi", settle_seconds: float = SETTLE_SECONDS) -> None:
        self.hall = hall
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

    def tile_ids(self) -> list[str]:
        """The ids of what can be chosen on this screen, all pages."""
        if self.visit.screen is Screen.AGENCY:
            agencies = self.hall.hall.agencies if self.hall.hall else []
            return [agency.id for agency in agencies if self.hall.services(agency.id)]
        if self.visit.screen is Screen.SERVICE:
            return [service.service_id for service in self.hall.services(self.visit.agency_id)]
        return []

    def pages(self) -> int:
        """How many pages of tiles this screen has, at least 1."""
        return max(-(-len(self.tile_ids()) // TILES_PER_PAGE), 1)

    def page(self) -> int:
        """The page shown, 0 is the first; never one that is gone."""
        return min(self.visit.page, self.pages() - 1)

    def class_ids(self) -> list[str]:
        """The hall's priority classes, without the ordinary one."""
        classes = self.hall.hall.classes if self.hall.hall else []
        return [found.class_id for found in classes if found.class_id != ORDINARY]

    # ---- what happens ----

    def touch(self, touch: Touch, request_id: str, now: float) -> list[Effect]:
        """Take a finger; `request_id` was made when it touched. A touch that has no meaning here is ignored."""
        if now - self.visit.since < self._settle_seconds * _SETTLES_TIMES.get(self.visit.screen, 1):
            return []
        if self.visit.screen in NEEDS_SERVER and self.visit.ends_at is not None:
            self.visit.ends_at = now + CHOOSING_SECONDS
        match touch:
            case Speak(language):
                self._speak(language, now)
            case Home() if self.visit.screen is not Screen.ISSUING:
                self._clear(now)
            case Back():
                self._back(now)
            case TurnPage(page) if 0 <= page < self.pages():
                self.visit.page = page
            case TryAgain() if self.visit.screen is Screen.REFUSED and self.can_try_again:
                return self._issue(self.visit.issue, now)
            case _:
                return self._choose(touch, request_id, now)
        return []

    @property
    def can_try_again(self) -> bool:
        """Whether the same request may be sent again: nobody knows what became of it."""
        return self.visit.refusal == UNREACHABLE

    def issued(self, request_id: str, reply: TicketIssuedReply, now: float) -> list[Effect]:
        """The hall gave a number."""
        if not self._awaits(request_id):
            return []
        self.visit.reply = reply
        self._show(Screen.RESULT, now)
        return [Print(reply.ticket.ticket_id, ticket_paper(self.hall, self.visit, reply))]

    def booked(self, request_id: str, reply: PlaceReply, now: float) -> list[Effect]:
        """The hall promised a place."""
        if not self._awaits(request_id):
            return []
        self.visit.place = reply
        self._show(Screen.PLACE, now)
        return [Print(reply.appointment_id, place_paper(self.hall, self.visit, reply))]

    def refused(self, request_id: str, code: str, facts: dict[str, Fact], now: float) -> list[Effect]:
        """The hall gave no number; `UNREACHABLE` as code: it did not answer in time."""
        if not self._awaits(request_id):
            return []
        self.visit.refusal, self.visit.facts = code, facts
        door = self.hall.refused_door(code, facts)
        if code == KioskSuspended.code:
            self.hall.suspend(str(facts.get("reason") or ""))
            self._clear(now, self.visit.language)
        elif door is not None:
            self.visit.door = door
            self.visit.seen = [step for step in self.visit.seen if step[0] is not Screen.NO_NUMBER]
            self._show(Screen.NO_NUMBER, now)
        else:
            self._show(Screen.REFUSED, now)
        return []

    def printed(self, slip_id: int, outcome: PrintOutcome, now: float) -> list[Effect]:
        """The paper came out, or did not."""
        if self.visit.screen in (Screen.RESULT, Screen.PLACE) and self.visit.slip_id == slip_id:
            self.visit.paper = outcome
            self.visit.ends_at = now + (RESULT_SECONDS if outcome == "printed" else NO_PAPER_SECONDS)
        return []

    def tick(self, now: float) -> list[Effect]:
        """Time passed."""
        if self.visit.ends_at is not None and now >= self.visit.ends_at:
            self._clear(now)
        return []

    # ---- steps ----

    def _speak(self, language: str, now: float) -> None:
        self.visit.language = language
        if self.visit.screen is Screen.IDLE:
            self._clear(now, language)

    def _choose(self, touch: Touch, request_id: str, now: float) -> list[Effect]:
        match touch, self.screen:
            case Begin(), Screen.IDLE:
                self._go(self._first_screen(), now)
            case ChooseAgency(agency_id), Screen.AGENCY if agency_id in self.tile_ids():
                return self._choose_agency(agency_id, request_id, now)
            case ChooseService(service_id), Screen.SERVICE if service_id in self.tile_ids():
                return self._choose_service(service_id, request_id, now)
            case TakePlace(), Screen.NO_NUMBER if self.visit.door and self.visit.door.offers_place:
                return self._take_place(request_id, now)
            case ChooseClass(class_id), Screen.PRIORITY if class_id in [ORDINARY, *self.class_ids()]:
                return self._ask(class_id, request_id, now)
            case _:
                pass
        return []

    def _first_screen(self) -> Screen:
        agencies = {service.agency_id for service in self.hall.services()}
        return Screen.AGENCY if len(self.hall.services()) > TILES_PER_PAGE and len(agencies) > 1 else Screen.SERVICE

    def _choose_agency(self, agency_id: str, request_id: str, now: float) -> list[Effect]:
        self.visit.agency_id = agency_id
        services = self.hall.services(agency_id)
        if len(services) == 1:
            return self._choose_service(services[0].service_id, request_id, now)
        self._go(Screen.SERVICE, now)
        return []

    def _choose_service(self, service_id: str, request_id: str, now: float) -> list[Effect]:
        self.visit.service_id = service_id
        self.visit.door, self.visit.class_id, self.visit.wants_place = None, None, False
        door = self.hall.door(service_id)
        if not door.gives_numbers:
            self.visit.door = door
            self._go(Screen.NO_NUMBER, now)
            return []
        return self._choose_class(request_id, now)

    def _choose_class(self, request_id: str, now: float) -> list[Effect]:
        if not self.class_ids():
            return self._ask(ORDINARY, request_id, now)
        self._go(Screen.PRIORITY, now)
        return []

    def _take_place(self, request_id: str, now: float) -> list[Effect]:
        """Ask for the class of a place, unless it was asked for before its number was refused."""
        service_id = self.visit.service_id or ""
        if self.visit.class_id is not None:
            return self._issue(Issue(request_id, BookPlace(service_id, self.visit.class_id)), now)
        self.visit.wants_place = not self.hall.door(service_id).gives_numbers
        return self._choose_class(request_id, now)

    def _ask(self, class_id: str, request_id: str, now: float) -> list[Effect]:
        assert self.visit.service_id is not None
        self.visit.class_id = class_id
        if self.visit.wants_place and not self.may_still_be_served(class_id):
            return self._issue(Issue(request_id, BookPlace(self.visit.service_id, class_id)), now)
        self.visit.uncertain = self.hall.status(self.visit.service_id).issuing is not Issuing.OPEN
        command = IssueTicket(self.visit.service_id, class_id, self.visit.language)
        return self._issue(Issue(request_id, command), now)

    def may_still_be_served(self, class_id: str) -> bool:
        """Whether a class may get a number of today where the ordinary ones are over: its head start decides."""
        return self.visit.door is not None and self.visit.door.issuing is Issuing.CUT_OFF and class_id != ORDINARY

    def _issue(self, issue: Issue | None, now: float) -> list[Effect]:
        assert issue is not None
        self.visit.issue = issue
        self._show(Screen.ISSUING, now)
        return [issue]

    def _awaits(self, request_id: str) -> bool:
        issue = self.visit.issue
        return self.visit.screen is Screen.ISSUING and issue is not None and issue.request_id == request_id

    def _go(self, screen: Screen, now: float) -> None:
        self.visit.seen.append((self.visit.screen, self.visit.page))
        self._show(screen, now)

    def _back(self, now: float) -> None:
        if self.visit.screen not in CHOOSING:
            return
        screen, page = self.visit.seen.pop()
        self.visit.wants_place = False
        if screen is Screen.IDLE:
            self._clear(now, self.visit.language)
            return
        self._show(screen, now, page)
        if screen is Screen.AGENCY:
            self.visit.agency_id = None

    def _show(self, screen: Screen, now: float, page: int = 0) -> None:
        self.visit.screen, self.visit.page, self.visit.since = screen, page, now
        stays = STAYS_SECONDS.get(screen)
        self.visit.ends_at = None if stays is None else now + stays

    def _clear(self, now: float, language: str = "") -> None:
        """Forget the visit; a language that is not the hall's own stays for whoever chose it just now."""
        own = language in ("", self._language)
        self.visit = Visit(language or self._language, since=now, ends_at=None if own else now + CHOOSING_SECONDS)
