"""How a visit ends: the hall's number, place or refusal, and what becomes of the paper."""

from typing import TYPE_CHECKING

from kiosk.flow import asking, helping
from kiosk.papers import place_paper, reprinted, ticket_paper
from kiosk.stages import NO_PAPER_SECONDS, PRINTING_SECONDS, RESULT_SECONDS, Screen
from kiosk.touches import LEAFLET, Effect, Print, PrintAgain, Touch, TryAgain
from protocol.errors import Fact, KioskSuspended
from protocol.replies import PlaceReply, TicketIssuedReply
from protocol.words import PrintOutcome

if TYPE_CHECKING:
    from kiosk.flow.machine import Flow

REPRINTS = 2
"""So often a paper may be printed again."""
_PAPERS = (Screen.RESULT, Screen.PLACE)


def touched(flow: "Flow", touch: Touch, _request_id: str, now: float) -> list[Effect] | None:
    """What a touch means at the end of a visit; none if it means nothing there."""
    match touch, flow.screen:
        case TryAgain(), Screen.REFUSED if flow.can_try_again and flow.visit.issue is not None:
            return asking.issue(flow, flow.visit.issue, now)
        case PrintAgain(), Screen.RESULT | Screen.PLACE if can_print_again(flow):
            return _print_again(flow, now)
    return None


def can_print_again(flow: "Flow") -> bool:
    """Whether the paper may be printed once more: it did not come, or nobody knows."""
    visit = flow.visit
    return visit.screen in _PAPERS and visit.paper in ("failed", "unknown") and visit.reprints < REPRINTS


def issued(flow: "Flow", request_id: str, reply: TicketIssuedReply, now: float) -> list[Effect]:
    """The hall gave a number."""
    if not _awaits(flow, request_id):
        return []
    flow.visit.reply = reply
    helping.count(flow, reply.ticket.number)
    flow.show(Screen.RESULT, now)
    return [Print(reply.ticket.ticket_id, ticket_paper(flow.hall, flow.visit, reply))]


def booked(flow: "Flow", request_id: str, reply: PlaceReply, now: float) -> list[Effect]:
    """The hall promised a place."""
    if not _awaits(flow, request_id):
        return []
    flow.visit.place = reply
    flow.show(Screen.PLACE, now)
    return [Print(reply.appointment_id, place_paper(flow.hall, flow.visit, reply))]


def refused(flow: "Flow", request_id: str, code: str, facts: dict[str, Fact], now: float) -> list[Effect]:
    """The hall gave no number; `UNREACHABLE` as code: it did not answer in time."""
    if not _awaits(flow, request_id):
        return []
    visit = flow.visit
    visit.refusal, visit.facts = code, facts
    door = flow.hall.refused_door(code, facts)
    if code == KioskSuspended.code:
        flow.hall.suspend(str(facts.get("reason") or ""))
        flow.clear(now, visit.language)
    elif door is not None and visit.service_id is not None:
        visit.door = door
        visit.seen = [step for step in visit.seen if step[0] is not Screen.NO_NUMBER]
        flow.show(Screen.NO_NUMBER, now)
    else:
        flow.show(Screen.REFUSED, now)
    return []


def printed(flow: "Flow", slip_id: int, outcome: PrintOutcome, now: float) -> list[Effect]:
    """The paper came out, or did not."""
    visit = flow.visit
    if slip_id == LEAFLET:
        visit.leaflet = outcome if visit.leaflet == "printing" else visit.leaflet
    elif visit.screen in _PAPERS and visit.slip_id == slip_id:
        visit.paper = outcome
        visit.ends_at = now + (RESULT_SECONDS if outcome == "printed" else NO_PAPER_SECONDS)
    return []


def _awaits(flow: "Flow", request_id: str) -> bool:
    issue = flow.visit.issue
    return flow.visit.screen is Screen.ISSUING and issue is not None and issue.request_id == request_id


def _print_again(flow: "Flow", now: float) -> list[Effect]:
    visit = flow.visit
    visit.paper, visit.ends_at = None, now + PRINTING_SECONDS
    visit.reprints += 1
    if visit.reply is not None:
        paper = reprinted(flow.hall, ticket_paper(flow.hall, visit, visit.reply))
        return [Print(visit.reply.ticket.ticket_id, paper, reprint=True)]
    assert visit.place is not None
    return [Print(visit.place.appointment_id, place_paper(flow.hall, visit, visit.place), reprint=True)]
