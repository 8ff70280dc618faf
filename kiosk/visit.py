"""One citizen's visit to a kiosk: what was done so far, forgotten as a whole."""

from dataclasses import dataclass, field
from typing import Literal

from kiosk.doors import Door
from kiosk.stages import CHOOSING as CHOOSING
from kiosk.stages import CHOOSING_SECONDS as CHOOSING_SECONDS
from kiosk.stages import NEEDS_SERVER as NEEDS_SERVER
from kiosk.stages import NO_PAPER_SECONDS as NO_PAPER_SECONDS
from kiosk.stages import REFUSED_SECONDS as REFUSED_SECONDS
from kiosk.stages import RESULT_SECONDS as RESULT_SECONDS
from kiosk.stages import STAYS_SECONDS as STAYS_SECONDS
from kiosk.stages import Screen as Screen
from kiosk.touches import Issue, Query
from protocol.errors import Fact
from protocol.replies import DossierReply, PlaceReply, TicketIssuedReply, TicketReply
from protocol.words import PrintOutcome

ORDINARY = "ordinary"
UNREACHABLE = "unreachable"
"""Instead of a refusal's code: nobody answered in time."""


@dataclass
class Visit:
    """All that one citizen did here; forgotten as a whole."""

    language: str
    screen: Screen = Screen.IDLE
    seen: list[tuple[Screen, int]] = field(default_factory=list)
    page: int = 0
    purpose_id: str | None = None
    agency_id: str | None = None
    service_id: str | None = None
    field_name: str | None = None
    procedure_code: str | None = None
    keys: str = field(default="", repr=False)
    """What was typed, key by key."""
    telex: bool = True
    class_id: str | None = None
    door: Door | None = None
    """Why no number is given for the service, once that was said."""
    wants_place: bool = False
    stays: bool = False
    """Whether the number is wanted although many people wait."""
    uncertain: bool = False
    """Whether the number may come too late for today."""
    note: str = field(default="", repr=False)
    """What staff wrote for the counter."""
    query: Query | None = field(default=None, repr=False)
    scanned: str = field(default="", repr=False)
    """The word of a paper that was scanned."""
    found: TicketReply | DossierReply | None = None
    """What the hall knows of a code that was scanned."""
    issue: Issue | None = field(default=None, repr=False)
    reply: TicketIssuedReply | None = None
    place: PlaceReply | None = None
    paper: PrintOutcome | None = None
    reprints: int = 0
    leaflet: PrintOutcome | Literal["printing"] | None = None
    """What became of the paper of the procedure shown; none: nobody asked for it."""
    leaflets: int = 0
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
