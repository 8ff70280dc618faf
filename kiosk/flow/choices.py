"""What can be chosen on each screen, in which order, and how it is split into pages."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kiosk.paging import Page, pages_of, row_lines
from kiosk.stages import Screen
from kiosk.touches import ChooseAgency, ChooseField, ChooseProcedure, ChoosePurpose, ChooseService, Touch
from protocol.views import ProcedureInfo, PurposeInfo, ServiceInfo

if TYPE_CHECKING:
    from kiosk.flow.machine import Flow

TILES_PER_PAGE = 9
_FIELDS_ABOVE = 18
"""With more procedures than this a service shows its official fields first."""
_MOST = {Screen.SEARCH: 6, Screen.HELPER: 6}
_MOST_LOW = {Screen.SEARCH: 2, Screen.PROCEDURES: 3, Screen.HELPER: 2}
_TILES_LOW = 6
_LOW_SHARE = 0.5
_ROOM_LINES = {Screen.PROCEDURES: 26.0, Screen.SEARCH: 20.0}
"""How many lines of names, and of what is around them, an upright page holds."""


def choices(flow: "Flow") -> list[Touch]:
    """What can be chosen on the screen shown, all pages."""
    found = _CHOICES.get(flow.visit.screen)
    return found(flow) if found else []


def paged(flow: "Flow") -> list[Page]:
    """The pages of the screen shown, at least one."""
    screen, everything = flow.visit.screen, choices(flow)
    most = _MOST_LOW.get(screen, _TILES_LOW) if flow.low else _MOST.get(screen, TILES_PER_PAGE)
    if screen not in _ROOM_LINES:
        return pages_of([0.0] * len(everything), most, 1.0)
    costs = _found_lines(flow) if screen is Screen.SEARCH else _listed_lines(flow)
    return pages_of(costs, most, _ROOM_LINES[screen] * (_LOW_SHARE if flow.low else 1.0))


def _found_lines(flow: "Flow") -> list[float]:
    return [row_lines(hit.procedure.name, hit.said) for hit in flow.hits()]


def _listed_lines(flow: "Flow") -> list[float]:
    return [row_lines(found.name) for found in procedures(flow)]


def purposes(flow: "Flow") -> list[PurposeInfo]:
    """What citizens come for, as far as the hall can serve it."""
    listed = flow.hall.hall.purposes if flow.hall.hall else []
    known = {service.service_id for service in flow.hall.services()}
    return [found for found in listed if not found.service_ids or known & set(found.service_ids)]


def purpose(flow: "Flow") -> PurposeInfo | None:
    """What this citizen comes for, if that was asked."""
    return next((found for found in purposes(flow) if found.purpose_id == flow.visit.purpose_id), None)


def services(flow: "Flow") -> list[ServiceInfo]:
    """The services of the chosen purpose, or of the chosen agency, or all; the most used first."""
    wanted = purpose(flow)
    found = flow.hall.services(None if wanted and wanted.service_ids else flow.visit.agency_id)
    if wanted and wanted.service_ids:
        found = [service for service in found if service.service_id in wanted.service_ids]
    return sorted(found, key=lambda service: -service.uses)


def agency_ids(flow: "Flow") -> list[str]:
    """The agencies that have services, the most used first."""
    agencies = flow.hall.hall.agencies if flow.hall.hall else []
    uses: dict[str, int] = {}
    for service in flow.hall.services():
        uses[service.agency_id] = uses.get(service.agency_id, 0) + service.uses
    return sorted((agency.id for agency in agencies if agency.id in uses), key=lambda agency_id: -uses[agency_id])


def procedures(flow: "Flow") -> list[ProcedureInfo]:
    """The procedures of the chosen service, and field if one is chosen; the most used first."""
    field = flow.visit.field_name
    found = [each for each in flow.hall.procedures if each.service_id == flow.visit.service_id]
    return sorted((each for each in found if field in (None, each.field)), key=lambda each: -each.uses)


def fields(found: Iterable[ProcedureInfo]) -> list[str]:
    """The official fields of procedures, the most used first."""
    uses: dict[str, int] = {}
    for each in found:
        uses[each.field] = uses.get(each.field, 0) + each.uses
    return sorted(uses, key=lambda field: -uses[field])


def asks_field(found: list[ProcedureInfo]) -> bool:
    """Whether so many procedures are shown by their fields first."""
    return len(found) > _FIELDS_ABOVE and len(fields(found)) > 1


_CHOICES: dict[Screen, Callable[["Flow"], list[Touch]]] = {
    Screen.PURPOSE: lambda flow: [ChoosePurpose(found.purpose_id) for found in purposes(flow)],
    Screen.AGENCY: lambda flow: [ChooseAgency(agency_id) for agency_id in agency_ids(flow)],
    Screen.SERVICE: lambda flow: [ChooseService(found.service_id) for found in services(flow)],
    Screen.FIELD: lambda flow: [ChooseField(field) for field in fields(procedures(flow))],
    Screen.PROCEDURES: lambda flow: [ChooseProcedure(found.code) for found in procedures(flow)],
    Screen.SEARCH: lambda flow: [ChooseProcedure(hit.procedure.code) for hit in flow.hits()],
    Screen.HELPER: lambda flow: [ChooseService(found.service_id) for found in services(flow)],
}
