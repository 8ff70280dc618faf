"""One citizen's visit to a kiosk: the screens, how long each stays, and what was done so far."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.doors import Door
from kiosk.touches import Issue
from protocol.errors import Fact
from protocol.replies import PlaceReply, TicketIssuedReply
from protocol.words import PrintOutcome

ORDINARY = "ordinary"
UNREACHABLE = "unreachable"
"""Instead of a refusal's code: nobody answered in time."""

CHOOSING_SECONDS = 45.0
RESULT_SECONDS = 12.0
PRINTING_SECONDS = 30.0
NO_PAPER_SECONDS = 60.0
REFUSED_SECONDS = 25.0


class Screen(StrEnum):
    """What is shown."""

    AWAY = "away"
    SUSPENDED = "suspended"
    IDLE = "idle"
    AGENCY = "agency"
    SERVICE = "service"
    NO_NUMBER = "no_number"
    PRIORITY = "priority"
    ISSUING = "issuing"
    RESULT = "result"
    PLACE = "place"
    REFUSED = "refused"


CHOOSING = (Screen.AGENCY, Screen.SERVICE, Screen.NO_NUMBER, Screen.PRIORITY)
"""Where a citizen still chooses, and may go back."""
NEEDS_SERVER = (Screen.IDLE, *CHOOSING)
STAYS_SECONDS = {
    **dict.fromkeys(CHOOSING, CHOOSING_SECONDS),
    Screen.RESULT: PRINTING_SECONDS,
    Screen.PLACE: PRINTING_SECONDS,
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
    class_id: str | None = None
    door: Door | None = None
    """Why no number is given for the service, once that was said."""
    wants_place: bool = False
    uncertain: bool = False
    """Whether the number may come too late for today."""
    issue: Issue | None = None
    reply: TicketIssuedReply | None = None
    place: PlaceReply | None = None
    paper: PrintOutcome | None = None
    refusal: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    since: float = 0.0
    ends_at: float | None = None

    @property
    def slip_id(self) -> int | None:
        """The ticket or the place whose paper is printed."""
        if self.reply is not None:
            return self.reply.ticket.ticket_id
        return self.place.appointment_id if self.place else None
