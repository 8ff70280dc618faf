"""The kiosk's screens as one state machine: touches, answers and seconds in, effects out."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.hall_now import HallNow
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
    Touch,
    TryAgain,
    TurnPage,
)
from printers.layout import TicketPaper
from protocol.commands import IssueTicket
from protocol.errors import Fact
from protocol.replies import TicketIssuedReply
from protocol.words import PrintOutcome

TILES_PER_PAGE = 9
ORDINARY = "ordinary"
UNREACHABLE = "unreachable"

SETTLE_SECONDS = 0.35
"""A finger that bounces must not touch the next screen."""
_SETTLES_TIMES = {"result": 4}
CHOOSING_SECONDS = 45.0
RESULT_SECONDS = 12.0
PRINTING_SECONDS = 30.0
NO_PAPER_SECONDS = 60.0
REFUSED_SECONDS = 25.0


class Screen(StrEnum):
    """What is shown."""

    AWAY = "away"
    IDLE = "idle"
    AGENCY = "agency"
    SERVICE = "service"
    PRIORITY = "priority"
    ISSUING = "issuing"
    RESULT = "result"
    REFUSED = "refused"


_NEEDS_SERVER = (Screen.IDLE, Screen.AGENCY, Screen.SERVICE, Screen.PRIORITY)
_STAYS_SECONDS = {
    Screen.AGENCY: CHOOSING_SECONDS,
    Screen.SERVICE: CHOOSING_SECONDS,
    Screen.PRIORITY: CHOOSING_SECONDS,
    Screen.RESULT: PRINTING_SECONDS,
    Screen.REFUSED: REFUSED_SECONDS,
}


@dataclass
class Visit:
    """All that one citizen did here; forgotten as a whole."""

    language: str
    screen: Screen = Screen.IDLE
    seen: list[tuple[Screen, int]] = field(default_factory=list)
    page: int = 0
    agency_id: str | None = None
    service_id: str | None = None
    issue: Issue | None = None
    reply: TicketIssuedReply | None = None
    paper: PrintOutcome | None = None
    refusal: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    since: float = 0.0
    ends_at: float | None = None


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
        """What is shown now: a hall that does not answer hides what needs it."""
        if self.visit.screen in _NEEDS_SERVER and not self.hall.usable:
            return Screen.AWAY
        return self.visit.screen

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
        if self.visit.screen in _NEEDS_SERVER and self.visit.ends_at is not None:
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
        return [Print(reply.ticket.ticket_id, self._paper(reply))]

    def refused(self, request_id: str, code: str, facts: dict[str, Fact], now: float) -> list[Effect]:
        """The hall gave no number; `UNREACHABLE` as code: it did not answer in time."""
        if self._awaits(request_id):
            self.visit.refusal, self.visit.facts = code, facts
            self._show(Screen.REFUSED, now)
        return []

    def printed(self, ticket_id: int, outcome: PrintOutcome, now: float) -> list[Effect]:
        """The paper came out, or did not."""
        reply = self.visit.reply
        if self.visit.screen is Screen.RESULT and reply and reply.ticket.ticket_id == ticket_id:
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
        if not self.class_ids():
            return self._ask(ORDINARY, request_id, now)
        self._go(Screen.PRIORITY, now)
        return []

    def _ask(self, class_id: str, request_id: str, now: float) -> list[Effect]:
        assert self.visit.service_id is not None
        command = IssueTicket(self.visit.service_id, class_id, self.visit.language)
        return self._issue(Issue(request_id, command), now)

    def _issue(self, issue: Issue | None, now: float) -> list[Effect]:
        assert issue is not None
        self.visit.issue = issue
        self._show(Screen.ISSUING, now)
        return [issue]

    def _paper(self, reply: TicketIssuedReply) -> TicketPaper:
        ticket, hall = reply.ticket, self.hall.hall
        assert hall is not None
        english = self.visit.language == "en"
        service = self.hall.service(ticket.service_id)
        classes = {found.class_id: found.name_en if english else found.name for found in hall.classes}
        return TicketPaper(
            hall_name=hall.name_en if english else hall.name,
            service_name=(service.name_en if english else service.name) if service else ticket.service_id,
            number=ticket.number,
            class_name=None if ticket.class_id == ORDINARY else classes.get(ticket.class_id, ticket.class_id),
            people_ahead=ticket.people_ahead or 0,
            wait_low_minutes=ticket.wait_low_minutes,
            wait_high_minutes=ticket.wait_high_minutes,
            counters=self.hall.counter_names(reply.counter_ids),
            issued_at=self.hall.local(ticket.issued_at) or ticket.issued_at,
            url=reply.url,
            language=self.visit.language,
        )

    def _awaits(self, request_id: str) -> bool:
        issue = self.visit.issue
        return self.visit.screen is Screen.ISSUING and issue is not None and issue.request_id == request_id

    def _go(self, screen: Screen, now: float) -> None:
        self.visit.seen.append((self.visit.screen, self.visit.page))
        self._show(screen, now)

    def _back(self, now: float) -> None:
        if self.visit.screen not in (Screen.AGENCY, Screen.SERVICE, Screen.PRIORITY):
            return
        screen, page = self.visit.seen.pop()
        if screen is Screen.IDLE:
            self._clear(now, self.visit.language)
            return
        self._show(screen, now, page)
        if screen is Screen.AGENCY:
            self.visit.agency_id = None

    def _show(self, screen: Screen, now: float, page: int = 0) -> None:
        self.visit.screen, self.visit.page, self.visit.since = screen, page, now
        stays = _STAYS_SECONDS.get(screen)
        self.visit.ends_at = None if stays is None else now + stays

    def _clear(self, now: float, language: str = "") -> None:
        """Forget the visit; a language that is not the hall's own stays for whoever chose it just now."""
        own = language in ("", self._language)
        self.visit = Visit(language or self._language, since=now, ends_at=None if own else now + CHOOSING_SECONDS)
