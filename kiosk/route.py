"""The way of a finger that knows what it wants: which touch comes next on the screen shown."""

from dataclasses import dataclass

from kiosk.flow import Flow
from kiosk.touches import (
    Begin,
    ChooseAgency,
    ChooseClass,
    ChooseField,
    ChooseProcedure,
    ChoosePurpose,
    ChooseService,
    Home,
    ScanPerson,
    Speak,
    Stay,
    TakeNumber,
    Touch,
    TurnPage,
)
from kiosk.visit import ORDINARY, Screen

ENDS = (Screen.RESULT, Screen.PLACE, Screen.NO_NUMBER, Screen.REFUSED)
"""Where a wish is fulfilled or refused."""
_WAITS = (Screen.AWAY, Screen.SUSPENDED, Screen.ISSUING, Screen.ASKING)
_ANSWERS: dict[Screen, Touch] = {
    Screen.PROCEDURE: TakeNumber(),
    Screen.RECEIPT: TakeNumber(),
    Screen.STAY: Stay(),
}


@dataclass(frozen=True)
class Wish:
    """What a citizen comes for."""

    service_id: str
    class_id: str = ORDINARY
    language: str = "vi"
    procedure_code: str | None = None
    person: str = ""


def next_touch(flow: Flow, wish: Wish) -> Touch | None:
    """The touch that brings the wish nearer; none where only waiting helps. At the end of a visit: Home."""
    screen = flow.screen
    if screen is Screen.IDLE:
        return Speak(wish.language) if flow.visit.language != wish.language else Begin()
    if screen in _WAITS:
        return None
    if flow.choices():
        return _choose(flow, _wanted(flow, wish))
    if screen is Screen.PRIORITY:
        return ChooseClass(wish.class_id)
    if screen is Screen.PERSON and wish.person:
        return ScanPerson(wish.person)
    return _ANSWERS.get(screen, Home())


def _wanted(flow: Flow, wish: Wish) -> Touch:
    """The choice of this screen that the wish means."""
    service = flow.hall.service(wish.service_id)
    if service is None:
        return Home()
    match flow.screen:
        case Screen.PURPOSE:
            return _purpose(flow, wish)
        case Screen.AGENCY:
            return ChooseAgency(service.agency_id)
        case Screen.SERVICE:
            return ChooseService(wish.service_id)
        case Screen.FIELD | Screen.PROCEDURES if wish.procedure_code is None:
            return TakeNumber()
        case Screen.FIELD:
            found = flow.procedure(wish.procedure_code)
            return ChooseField(found.field) if found else TakeNumber()
        case Screen.PROCEDURES:
            return ChooseProcedure(wish.procedure_code or "")
    return Home()


def _purpose(flow: Flow, wish: Wish) -> Touch:
    """The purpose that leads to the service, else the one that leads to everything."""
    purposes = flow.hall.hall.purposes if flow.hall.hall else []
    alone = [found for found in purposes if found.service_ids == [wish.service_id]]
    leads = [found for found in purposes if wish.service_id in found.service_ids or not found.service_ids]
    return next((ChoosePurpose(found.purpose_id) for found in [*alone, *leads]), Home())


def _choose(flow: Flow, wanted: Touch) -> Touch:
    """Choose when its page is shown, else turn towards it."""
    everything = flow.choices()
    if wanted not in everything:
        return wanted if isinstance(wanted, TakeNumber) else Home()
    if wanted in flow.on_page():
        return wanted
    return TurnPage(flow.page() + (1 if everything.index(wanted) > everything.index(flow.on_page()[0]) else -1))
