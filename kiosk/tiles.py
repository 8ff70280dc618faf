"""The tiles of the choosing screens: what can be chosen, who waits there, and where no number is given now."""

from dataclasses import dataclass

from kiosk import words
from kiosk.flow import Flow
from kiosk.flow.choices import procedures
from kiosk.paging import LONGEST_ON_A_TILE, shortened
from kiosk.stages import Screen
from kiosk.touches import (
    ChooseAgency,
    ChooseClass,
    ChooseField,
    ChooseProcedure,
    ChoosePurpose,
    ChooseService,
    Touch,
)
from kiosk.words import say
from protocol.views import PurposeInfo
from protocol.words import Issuing


@dataclass(frozen=True)
class Tile:
    """Something to choose; `sign` is a short mark, `waiting` and `span` say how long it takes, or why not at all."""

    touch: Touch
    name: str
    waiting: str = ""
    span: str = ""
    sign: str = ""
    pictogram: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    """The letters of the name that fit what was typed: from, to."""
    on: bool = False
    """Whether it is the one that is chosen."""
    muted: bool = False
    """Whether it gives no number now: it is grey, and touching it says what to do instead."""


def tile(flow: Flow, touch: Touch) -> Tile:
    """The tile of a choice."""
    match touch:
        case ChoosePurpose(purpose_id):
            return purpose_tile(flow, purpose_id)
        case ChooseAgency(agency_id):
            return agency_tile(flow, agency_id)
        case ChooseService(service_id):
            return service_tile(flow, service_id)
        case ChooseField(field):
            return field_tile(flow, field)
        case ChooseProcedure(code):
            return procedure_tile(flow, code)
    return Tile(touch, "")


def purpose_tile(flow: Flow, purpose_id: str) -> Tile:
    """What a citizen may come for; grey when nothing of it gives numbers."""
    found = next((each for each in words.purposes(flow) if each.purpose_id == purpose_id), None)
    if found is None:
        return Tile(ChoosePurpose(purpose_id), "")
    doors = [flow.hall.door(service_id) for service_id in found.service_ids]
    muted = bool(doors) and not any(door.gives_numbers for door in doors)
    more = say(flow, f"tile_{doors[0].issuing}") if muted else _purpose_waiting(flow, found)
    name = words.named(flow, found.name, found.name_en)
    return Tile(ChoosePurpose(purpose_id), name, more, pictogram=found.pictogram, muted=muted)


def _purpose_waiting(flow: Flow, purpose: PurposeInfo) -> str:
    """How many people wait for what a purpose leads to; nothing for the one that leads to everything."""
    if not purpose.service_ids:
        return ""
    return words.people(flow, sum(flow.hall.status(service_id).waiting for service_id in purpose.service_ids))


def agency_tile(flow: Flow, agency_id: str) -> Tile:
    """An agency; grey when none of its services gives numbers."""
    name, services = words.agency_name(flow, agency_id), flow.hall.services(agency_id)
    doors = [flow.hall.door(service.service_id) for service in services]
    if doors and not any(door.gives_numbers for door in doors):
        same = all(door.issuing is doors[0].issuing for door in doors)
        why = say(flow, f"tile_{doors[0].issuing}" if same else "tile_mixed")
        return Tile(ChooseAgency(agency_id), name, why, say(flow, "tile_touch"), muted=True)
    count = say(flow, "services_count", count=len(services)) if len(services) > 1 else ""
    waiting = "" if flow.hall.alone else words.people(flow, flow.hall.waiting(agency_id))
    return Tile(ChooseAgency(agency_id), name, waiting, count)


def service_tile(flow: Flow, service_id: str) -> Tile:
    """A service; grey when it gives no numbers."""
    touch, name, door = ChooseService(service_id), words.service_name(flow, service_id), flow.hall.door(service_id)
    service = flow.hall.service(service_id)
    picture = service.pictogram if service else ""
    if not door.gives_numbers:
        why, when = say(flow, f"tile_{door.issuing}"), words.opens_briefly(flow, door)
        return Tile(touch, name, why, when, pictogram=picture, muted=True)
    waiting, span = words.service_waiting(flow, service_id)
    span = say(flow, "tile_uncertain") if door.issuing is Issuing.UNCERTAIN else span
    return Tile(touch, name, waiting, span, pictogram=picture)


def field_tile(flow: Flow, field: str) -> Tile:
    """An official field of the chosen service."""
    count = sum(1 for found in procedures(flow) if found.field == field)
    return Tile(ChooseField(field), field or say(flow, "field_none"), say(flow, "procedures_count", count=count))


def procedure_tile(flow: Flow, code: str) -> Tile:
    """A procedure by its official name, shortened if that is very long; found by its words, with these marked."""
    hit = next((found for found in flow.hits() if found.procedure.code == code), None) if _searches(flow) else None
    found = hit.procedure if hit else flow.procedure(code)
    name = shortened(found.name) if found else ""
    marks = tuple(span for span in hit.spans if span[1] <= LONGEST_ON_A_TILE) if hit else ()
    said = say(flow, "search_said", said=hit.said) if hit and hit.said else ""
    return Tile(ChooseProcedure(code), name, said, marks=marks)


def _searches(flow: Flow) -> bool:
    return flow.visit.screen is Screen.SEARCH


def class_tile(flow: Flow, class_id: str) -> Tile:
    """A priority class with its sign."""
    return Tile(ChooseClass(class_id), words.class_name(flow, class_id), sign=words.class_sign(flow, class_id))
