"""The screen of who takes numbers for others."""

from kiosk import words
from kiosk.flow import Flow
from kiosk.tiles import Tile, tile
from kiosk.touches import ChooseClass, LeaveHelperMode, WriteNote
from kiosk.view.frames import frame, notice, search_button
from kiosk.view.model import View
from kiosk.visit import ORDINARY
from kiosk.words import say
from printers.base import PrinterStatus


def helper(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Class, note and services on one screen: two touches are a number."""
    assert flow.helper is not None
    taken = ", ".join(flow.helper.numbers)
    return View(
        flow.screen,
        frame(flow, now),
        title=say(flow, "helper_choose"),
        more=say(flow, "helper_taken", numbers=taken) if taken else say(flow, "helper_choose_more"),
        notice=notice(flow, printer),
        classes=tuple(_class(flow, class_id) for class_id in (ORDINARY, *flow.class_ids())),
        tiles=tuple(tile(flow, touch) for touch in flow.on_page()),
        page=flow.page(),
        pages=flow.pages(),
        others=(
            Tile(WriteNote(), flow.visit.note or say(flow, "helper_note")),
            *(Tile(each.touch, each.name, pictogram=each.pictogram) for each in search_button(flow)),
            Tile(LeaveHelperMode(), say(flow, "helper_leave")),
        ),
    )


def _class(flow: Flow, class_id: str) -> Tile:
    chosen = flow.helper is not None and flow.helper.class_id == class_id
    return Tile(
        ChooseClass(class_id), words.class_name(flow, class_id), sign=words.class_sign(flow, class_id), on=chosen
    )
