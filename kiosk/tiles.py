"""The tiles of the choosing screens: what can be chosen, who waits there, and where no number is given now."""

from dataclasses import dataclass

from kiosk import words
from kiosk.flow import Flow
from kiosk.touches import ChooseAgency, ChooseClass, ChooseService, Touch
from kiosk.words import say
from protocol.words import Issuing


@dataclass(frozen=True)
class Tile:
    """Something to choose; `sign` is a short mark, `waiting` and `span` say how long it takes, or why not at all."""

    touch: Touch
    name: str
    waiting: str = ""
    span: str = ""
    sign: str = ""
    muted: bool = False
    """Whether it gives no number now: it is grey, and touching it says what to do instead."""


def agency_tile(flow: Flow, agency_id: str) -> Tile:
    """An agency; grey when none of its services gives numbers."""
    name, services = words.agency_name(flow, agency_id), flow.hall.services(agency_id)
    doors = [flow.hall.door(service.service_id) for service in services]
    if doors and not any(door.gives_numbers for door in doors):
        same = all(door.issuing is doors[0].issuing for door in doors)
        why = say(flow, f"tile_{doors[0].issuing}" if same else "tile_mixed")
        return Tile(ChooseAgency(agency_id), name, why, say(flow, "tile_touch"), muted=True)
    count = say(flow, "services_count", count=len(services)) if len(services) > 1 else ""
    return Tile(ChooseAgency(agency_id), name, words.people(flow, flow.hall.waiting(agency_id)), count)


def service_tile(flow: Flow, service_id: str) -> Tile:
    """A service; grey when it gives no numbers."""
    touch, name, door = ChooseService(service_id), words.service_name(flow, service_id), flow.hall.door(service_id)
    if not door.gives_numbers:
        return Tile(touch, name, say(flow, f"tile_{door.issuing}"), words.opens_briefly(flow, door), muted=True)
    waiting, span = words.service_waiting(flow, flow.hall.status(service_id))
    return Tile(touch, name, waiting, say(flow, "tile_uncertain") if door.issuing is Issuing.UNCERTAIN else span)


def class_tile(flow: Flow, class_id: str) -> Tile:
    """A priority class with its sign."""
    classes = flow.hall.hall.classes if flow.hall.hall else []
    sign = next((found.sign for found in classes if found.class_id == class_id), "")
    return Tile(ChooseClass(class_id), words.class_name(flow, class_id), sign=sign)
