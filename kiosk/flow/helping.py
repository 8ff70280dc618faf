"""Helper mode: a person of the hall takes numbers for others, one after the other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow import asking
from kiosk.flow.searching import typed
from kiosk.stages import CHOOSING, HELPER_SECONDS, Screen
from kiosk.touches import (
    ChooseClass,
    ChooseService,
    Effect,
    KeepNote,
    LeaveHelperMode,
    OpenHelperMode,
    Query,
    Touch,
    WriteNote,
)
from kiosk.visit import ORDINARY
from protocol.commands import OpenHelper

if TYPE_CHECKING:
    from kiosk.flow.machine import Flow

_KEEPS = 6
_BUSY = (Screen.ISSUING, Screen.ASKING)


@dataclass
class Helper:
    """Who takes numbers for others, for which class the next one is, and the last numbers taken."""

    operator_id: str
    class_id: str = ORDINARY
    numbers: tuple[str, ...] = ()


def touched(flow: "Flow", touch: Touch, request_id: str, now: float) -> list[Effect] | None:
    """What a touch of a helper means; none if it means nothing there."""
    match touch, flow.screen:
        case OpenHelperMode(operator_id, pin), screen if screen not in _BUSY:
            return _open(flow, OpenHelper(operator_id, pin), request_id, now)
        case LeaveHelperMode(), screen if flow.helper is not None and screen not in _BUSY:
            left_alone(flow)
            flow.clear(now)
        case ChooseClass(class_id), Screen.HELPER if flow.helper and class_id in [ORDINARY, *flow.class_ids()]:
            flow.helper.class_id = class_id
        case ChooseService(service_id), Screen.HELPER if touch in flow.choices():
            return asking.take(flow, service_id, request_id, now)
        case WriteNote(), Screen.HELPER:
            flow.visit.keys = flow.visit.note
            flow.visit.telex = True
            flow.go(Screen.NOTE, now)
        case KeepNote(), Screen.NOTE:
            flow.visit.note, flow.visit.keys = typed(flow.visit).strip(), ""
            flow.show(Screen.HELPER, now)
        case _:
            return None
    return []


def opened(flow: "Flow", operator_id: str, now: float) -> None:
    """The hall knows who it is: numbers can be taken for others."""
    flow.helper = Helper(operator_id)
    flow.clear(now)


def left_alone(flow: "Flow") -> None:
    """Nobody helps any more, unless somebody just took a number and may take the next."""
    if flow.visit.screen not in (Screen.RESULT, Screen.PLACE, Screen.REFUSED):
        flow.helper = None


def count(flow: "Flow", number: str) -> None:
    """Remember a number that was taken for somebody; the next one is of the ordinary class again."""
    if flow.helper is not None:
        flow.helper.numbers = (*flow.helper.numbers, number)[-_KEEPS:]
        flow.helper.class_id = ORDINARY


def stays(flow: "Flow", seconds: float, screen: Screen) -> float:
    """How long a screen stays: a helper, who talks with somebody, is given more time to choose."""
    return HELPER_SECONDS if flow.helper is not None and screen in CHOOSING else seconds


def _open(flow: "Flow", command: OpenHelper, request_id: str, now: float) -> list[Effect]:
    query = Query(request_id, command)
    flow.helper = None
    flow.clear(now)
    flow.visit.query = query
    flow.go(Screen.ASKING, now)
    return [query]
