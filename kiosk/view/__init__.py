"""What each screen says: the flow's state in words and tiles, ready to be drawn."""

from collections.abc import Callable

from kiosk.flow import TILES_PER_PAGE as TILES_PER_PAGE
from kiosk.flow import Flow
from kiosk.stages import Screen
from kiosk.view import asking, choosing, ending, first, helping, scanning, searching
from kiosk.view.model import Frame as Frame
from kiosk.view.model import View as View
from printers.base import PrinterStatus

_LOOKS: dict[Screen, Callable[[Flow, PrinterStatus, float], View]] = {
    Screen.AWAY: first.away,
    Screen.SUSPENDED: first.suspended,
    Screen.IDLE: first.idle,
    Screen.PURPOSE: choosing.purpose,
    Screen.AGENCY: choosing.agency,
    Screen.SERVICE: choosing.service,
    Screen.FIELD: choosing.field,
    Screen.PROCEDURES: choosing.procedures,
    Screen.PROCEDURE: choosing.procedure,
    Screen.SEARCH: searching.search,
    Screen.NOTE: searching.note,
    Screen.RECEIPT: scanning.receipt,
    Screen.ASKING: scanning.asking,
    Screen.FOUND: scanning.found,
    Screen.NO_NUMBER: asking.no_number,
    Screen.STAY: asking.stay,
    Screen.PRIORITY: asking.priority,
    Screen.PERSON: asking.person,
    Screen.ISSUING: asking.issuing,
    Screen.RESULT: ending.result,
    Screen.PLACE: ending.place,
    Screen.REFUSED: ending.refused,
    Screen.HELPER: helping.helper,
}


def look(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Say what the kiosk shows now; `now` is monotonic seconds."""
    return _LOOKS[flow.screen](flow, printer, now)
