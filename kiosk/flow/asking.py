"""From a service to its number: its door, how many wait, which class, whose card; then the hall is asked."""

from typing import TYPE_CHECKING

from kiosk.stages import Screen
from kiosk.touches import ChooseClass, Effect, Issue, ScanPerson, Stay, TakePlace, Touch
from kiosk.visit import ORDINARY
from protocol.commands import BookPlace, IssueTicket
from protocol.words import Issuing

if TYPE_CHECKING:
    from kiosk.flow.machine import Flow


def touched(flow: "Flow", touch: Touch, request_id: str, now: float) -> list[Effect] | None:
    """What a touch means between a service and its number; none if it means nothing there."""
    visit = flow.visit
    match touch, flow.screen:
        case Stay(), Screen.STAY:
            visit.stays = True
            return _next(flow, request_id, now)
        case ChooseClass(class_id), Screen.PRIORITY if class_id in [ORDINARY, *flow.class_ids()]:
            visit.class_id = class_id
            return _next(flow, request_id, now)
        case ScanPerson(person), Screen.PERSON:
            return _ask(flow, request_id, now, person)
        case TakePlace(), Screen.NO_NUMBER if visit.door and visit.door.offers_place:
            return _take_place(flow, request_id, now)
    return None


def take(flow: "Flow", service_id: str, request_id: str, now: float, code: str | None = None) -> list[Effect]:
    """Go for a number of a service, for a procedure if one is chosen."""
    visit = flow.visit
    visit.service_id, visit.procedure_code = service_id, code
    visit.door, visit.wants_place, visit.stays = None, False, False
    visit.class_id = flow.helper.class_id if flow.helper else None
    door = flow.hall.door(service_id)
    if not door.gives_numbers:
        visit.door = door
        flow.go(Screen.NO_NUMBER, now)
        return []
    return _next(flow, request_id, now)


def may_still_be_served(flow: "Flow", class_id: str) -> bool:
    """Whether a class may get a number of today where the ordinary ones are over: its head start decides."""
    door = flow.visit.door
    return door is not None and door.issuing is Issuing.CUT_OFF and class_id != ORDINARY


def issue(flow: "Flow", wanted: Issue, now: float) -> list[Effect]:
    """Ask the hall, and wait for its answer."""
    flow.visit.issue = wanted
    flow.show(Screen.ISSUING, now)
    return [wanted]


def many_wait(flow: "Flow") -> bool:
    """Whether so many wait for the service that a citizen is asked before joining them."""
    habits = flow.hall.hall.kiosk if flow.hall.hall else None
    above, waiting = (habits.ask_above if habits else 0), flow.hall.status(flow.visit.service_id or "").waiting
    return 0 < above < waiting


def _next(flow: "Flow", request_id: str, now: float) -> list[Effect]:
    """Show the next question that must be answered before a number is given."""
    visit = flow.visit
    if many_wait(flow) and not visit.stays and not visit.wants_place and flow.helper is None:
        flow.go(Screen.STAY, now)
    elif visit.class_id is None and flow.class_ids():
        flow.go(Screen.PRIORITY, now)
    elif _asks_person(flow):
        flow.go(Screen.PERSON, now)
    else:
        return _ask(flow, request_id, now)
    return []


def _books_place(flow: "Flow") -> bool:
    return flow.visit.wants_place and not may_still_be_served(flow, flow.visit.class_id or ORDINARY)


def _asks_person(flow: "Flow") -> bool:
    service = flow.hall.service(flow.visit.service_id or "")
    return service is not None and service.asks_person and not _books_place(flow)


def _take_place(flow: "Flow", request_id: str, now: float) -> list[Effect]:
    """Ask for the class of a place, unless it was asked for before its number was refused."""
    visit = flow.visit
    service_id = visit.service_id or ""
    if visit.class_id is not None:
        return issue(flow, Issue(request_id, BookPlace(service_id, visit.class_id)), now)
    visit.wants_place = not flow.hall.door(service_id).gives_numbers
    return _next(flow, request_id, now)


def _ask(flow: "Flow", request_id: str, now: float, person: str | None = None) -> list[Effect]:
    visit = flow.visit
    assert visit.service_id is not None
    visit.class_id = class_id = visit.class_id or ORDINARY
    if _books_place(flow):
        return issue(flow, Issue(request_id, BookPlace(visit.service_id, class_id)), now)
    visit.uncertain = flow.hall.status(visit.service_id).issuing is not Issuing.OPEN
    command = IssueTicket(
        visit.service_id,
        class_id,
        visit.language,
        procedure_code=visit.procedure_code,
        person=person,
        operator_id=flow.helper.operator_id if flow.helper else None,
        note=visit.note,
    )
    return issue(flow, Issue(request_id, command), now)
