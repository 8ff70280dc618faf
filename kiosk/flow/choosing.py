"""The way to a service: purpose, agency, service, field, procedure; a question with one answer is not asked."""

from typing import TYPE_CHECKING

from kiosk.flow import asking, choices
from kiosk.papers import procedure_paper
from kiosk.stages import Screen
from kiosk.touches import (
    LEAFLET,
    Begin,
    ChooseAgency,
    ChooseField,
    ChooseProcedure,
    ChoosePurpose,
    ChooseService,
    Effect,
    Print,
    PrintProcedure,
    TakeNumber,
    Touch,
)
from protocol.views import PurposeInfo

if TYPE_CHECKING:
    from kiosk.flow.machine import Flow

LEAFLETS = 3
"""So many papers of procedures one citizen may print."""

OTHERS = 2
"""So many other purposes are offered to who gets no number."""


def touched(flow: "Flow", touch: Touch, request_id: str, now: float) -> list[Effect] | None:
    """What a touch means on the way to a service; none if it means nothing there."""
    match touch, flow.screen:
        case Begin(), Screen.IDLE:
            flow.go(Screen.PURPOSE if choices.purposes(flow) else _first_screen(flow), now)
        case ChoosePurpose(purpose_id), Screen.PURPOSE | Screen.NO_NUMBER if _is_purpose(flow, purpose_id):
            return _choose_purpose(flow, purpose_id, request_id, now)
        case ChooseAgency(agency_id), Screen.AGENCY if touch in flow.choices():
            return _choose_agency(flow, agency_id, request_id, now)
        case ChooseService(service_id), Screen.SERVICE if touch in flow.choices():
            return _choose_service(flow, service_id, request_id, now)
        case ChooseField(field), Screen.FIELD if touch in flow.choices():
            flow.visit.field_name = field
            flow.go(Screen.PROCEDURES, now)
        case ChooseProcedure(code), Screen.PROCEDURES | Screen.SEARCH if touch in flow.choices():
            flow.visit.procedure_code, flow.visit.leaflet = code, None
            flow.go(Screen.PROCEDURE, now)
        case TakeNumber(), Screen.FIELD | Screen.PROCEDURES | Screen.PROCEDURE | Screen.RECEIPT:
            return _take_number(flow, request_id, now)
        case PrintProcedure(), Screen.PROCEDURE if can_print(flow):
            return _print(flow)
        case _:
            return None
    return []


def can_print(flow: "Flow") -> bool:
    """Whether the procedure's paper may be asked for: once, and not too many of them."""
    return flow.visit.leaflet is None and flow.visit.leaflets < LEAFLETS


def other_purposes(flow: "Flow") -> list[PurposeInfo]:
    """What else gives numbers now, for who gets none for the service chosen."""
    found = [each for each in choices.purposes(flow) if each.purpose_id != flow.visit.purpose_id and each.service_ids]
    found = [each for each in found if flow.visit.service_id not in each.service_ids]
    return [each for each in found if any(flow.hall.door(one).gives_numbers for one in each.service_ids)][:OTHERS]


def forget(flow: "Flow", left: Screen, shown: Screen) -> None:
    """Take back what was chosen since a screen that one goes back to."""
    visit = flow.visit
    visit.wants_place = visit.stays = False
    if flow.helper is None:
        visit.class_id = None
    if shown in (Screen.PURPOSE, Screen.IDLE):
        visit.purpose_id = visit.agency_id = visit.service_id = None
    if shown is Screen.AGENCY:
        visit.agency_id = visit.service_id = None
    if shown is Screen.SERVICE:
        visit.service_id = None
    if shown is Screen.FIELD:
        visit.field_name = None
    if left is Screen.PROCEDURE:
        visit.procedure_code = None


def _is_purpose(flow: "Flow", purpose_id: str) -> bool:
    return any(found.purpose_id == purpose_id for found in choices.purposes(flow))


def _first_screen(flow: "Flow") -> Screen:
    services = flow.hall.services()
    agencies = {service.agency_id for service in services}
    return Screen.AGENCY if len(services) > choices.TILES_PER_PAGE and len(agencies) > 1 else Screen.SERVICE


def _choose_purpose(flow: "Flow", purpose_id: str, request_id: str, now: float) -> list[Effect]:
    visit = flow.visit
    visit.purpose_id, visit.agency_id, visit.service_id, visit.field_name = purpose_id, None, None, None
    chosen = choices.purpose(flow)
    assert chosen is not None
    if chosen.by_code:
        flow.go(Screen.RECEIPT, now)
        return []
    if not chosen.service_ids:
        flow.go(_first_screen(flow), now)
        return []
    return _choose_among(flow, request_id, now)


def _choose_among(flow: "Flow", request_id: str, now: float) -> list[Effect]:
    """Ask which of the purpose's services, unless there is one."""
    services = choices.services(flow)
    if len(services) == 1:
        return asking.take(flow, services[0].service_id, request_id, now)
    flow.go(Screen.SERVICE, now)
    return []


def _choose_agency(flow: "Flow", agency_id: str, request_id: str, now: float) -> list[Effect]:
    flow.visit.agency_id = agency_id
    services = flow.hall.services(agency_id)
    if len(services) == 1:
        return _choose_service(flow, services[0].service_id, request_id, now)
    flow.go(Screen.SERVICE, now)
    return []


def _choose_service(flow: "Flow", service_id: str, request_id: str, now: float) -> list[Effect]:
    """Show the service's procedures, unless it has none or the purpose leads to it already."""
    visit, wanted = flow.visit, choices.purpose(flow)
    visit.service_id, visit.field_name, visit.procedure_code = service_id, None, None
    found = choices.procedures(flow)
    if not found or (wanted is not None and wanted.service_ids):
        return asking.take(flow, service_id, request_id, now)
    flow.go(Screen.FIELD if choices.asks_field(found) else Screen.PROCEDURES, now)
    return []


def _take_number(flow: "Flow", request_id: str, now: float) -> list[Effect]:
    visit = flow.visit
    if visit.screen is Screen.RECEIPT:
        return _choose_purposes_service(flow, request_id, now)
    procedure = flow.procedure(visit.procedure_code) if visit.screen is Screen.PROCEDURE else None
    service_id = procedure.service_id if procedure else visit.service_id
    if service_id is None:
        return []
    return asking.take(flow, service_id, request_id, now, procedure.code if procedure else None)


def _choose_purposes_service(flow: "Flow", request_id: str, now: float) -> list[Effect]:
    wanted = choices.purpose(flow)
    if wanted is not None and wanted.service_ids:
        return _choose_among(flow, request_id, now)
    flow.go(_first_screen(flow), now)
    return []


def _print(flow: "Flow") -> list[Effect]:
    procedure = flow.procedure(flow.visit.procedure_code)
    if procedure is None:
        return []
    flow.visit.leaflet = "printing"
    flow.visit.leaflets += 1
    return [Print(LEAFLET, procedure_paper(flow.hall, flow.visit, procedure))]
