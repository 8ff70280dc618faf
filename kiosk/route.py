"""The way of a finger that knows what it wants: which touch comes next on the screen shown."""

from dataclasses import dataclass

from kiosk.flow import TILES_PER_PAGE, Flow
from kiosk.touches import Begin, ChooseAgency, ChooseClass, ChooseService, Home, Speak, Touch, TurnPage
from kiosk.visit import ORDINARY, Screen

ENDS = (Screen.RESULT, Screen.PLACE, Screen.NO_NUMBER, Screen.REFUSED)
"""Where a wish is fulfilled or refused."""


@dataclass(frozen=True)
class Wish:
    """What a citizen comes for."""

    service_id: str
    class_id: str = ORDINARY
    language: str = "vi"


def next_touch(flow: Flow, wish: Wish) -> Touch | None:
    """The touch that brings the wish nearer; none where only waiting helps. At the end of a visit: Home."""
    screen = flow.screen
    if screen is Screen.IDLE:
        return Speak(wish.language) if flow.visit.language != wish.language else Begin()
    if screen is Screen.AGENCY:
        service = flow.hall.service(wish.service_id)
        return _choose(flow, service.agency_id, ChooseAgency(service.agency_id)) if service else Home()
    if screen is Screen.SERVICE:
        return _choose(flow, wish.service_id, ChooseService(wish.service_id))
    if screen is Screen.PRIORITY:
        return ChooseClass(wish.class_id)
    return Home() if screen in ENDS else None


def _choose(flow: Flow, wanted: str, touch: Touch) -> Touch:
    """Choose a tile when its page is shown, else turn towards it."""
    ids = flow.tile_ids()
    if wanted not in ids:
        return Home()
    page = ids.index(wanted) // TILES_PER_PAGE
    return touch if page == flow.page() else TurnPage(flow.page() + (1 if page > flow.page() else -1))
