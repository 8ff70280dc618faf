"""What surrounds every screen, and the warnings that may stand on any."""

from config.texts import languages, text
from kiosk import words
from kiosk.flow import Flow
from kiosk.stages import CHOOSING, Screen
from kiosk.tiles import Tile
from kiosk.touches import Search
from kiosk.view.model import Frame
from kiosk.words import say
from printers.base import PrinterState, PrinterStatus


def frame(flow: Flow, now: float, *, back: bool = False) -> Frame:
    """Header, footer and navigation; `back`: whether there is a way back."""
    hall, local, visit = flow.hall.hall, flow.hall.local(), flow.visit
    left = None if visit.screen is Screen.IDLE else flow.seconds_left(now)
    whole = visit.ends_at - visit.since if visit.ends_at else 1.0
    home = flow.screen in (*CHOOSING, Screen.HELPER, Screen.REFUSED)
    return Frame(
        hall_name=words.named(flow, hall.name, hall.name_en) if hall else "",
        hall_address=hall.address if hall else "",
        clock=local.strftime("%H:%M") if local else "",
        date=words.day_of(flow, local) if local else "",
        language=visit.language,
        languages=tuple((code, text("kiosk.language_name", code)) for code in _languages(flow)),
        help=say(flow, "help"),
        seconds_left="" if left is None else say(flow, "seconds_left", seconds=round(left)),
        share_left=0.0 if left is None else min(left / whole, 1.0),
        back=say(flow, "back") if back else "",
        home=say(flow, "home") if home else "",
        pages=_page_words(flow),
    )


def printer_notice(flow: Flow, printer: PrinterStatus) -> str:
    """That no paper comes, said before the touch, with what can be had instead."""
    if printer.may_print:
        return ""
    return say(flow, "printer_out" if printer.state is PrinterState.PAPER_OUT else "printer_dead")


def notice(flow: Flow, printer: PrinterStatus) -> str:
    """The one warning of a screen where something is chosen: who helps, no paper, no server."""
    helps = say(flow, "helper_banner") if flow.helper else ""
    alone = say(flow, "alone") if flow.hall.alone else ""
    return "\n".join(filter(None, (helps, printer_notice(flow, printer) or alone)))


def search_button(flow: Flow) -> tuple[Tile, ...]:
    """The way to a procedure by its words, where the hall has procedures."""
    if not flow.hall.procedures:
        return ()
    return (Tile(Search(), say(flow, "search"), say(flow, "search_more"), pictogram="search"),)


def _languages(flow: Flow) -> list[str]:
    """The hall's languages, as far as there are words for them."""
    known, habits = languages(), flow.hall.hall.kiosk if flow.hall.hall else None
    return [code for code in habits.languages if code in known] if habits else known


def _page_words(flow: Flow) -> tuple[str, str, str]:
    if flow.pages() == 1:
        return "", "", ""
    page = say(flow, "page", page=flow.page() + 1, pages=flow.pages())
    return say(flow, "page_before"), page, say(flow, "page_after")
