"""The screens on the way to a service: purposes, agencies, services, fields, procedures, and a procedure's own page."""

from kiosk import words
from kiosk.flow import Flow
from kiosk.flow.choosing import can_print
from kiosk.paging import lines
from kiosk.tiles import Tile, tile
from kiosk.touches import PrintProcedure, TakeNumber
from kiosk.view.frames import frame, notice, search_button
from kiosk.view.model import View
from kiosk.words import say
from printers.base import PrinterStatus
from protocol.views import ProcedureInfo

PAPERS_LINES = 15
"""So many lines of papers stand on a procedure's page; the printed paper has them all."""
_LEAFLETS = {
    "printing": "leaflet_printing",
    "printed": "leaflet_printed",
    "failed": "leaflet_failed",
    "unknown": "leaflet_unknown",
}


def purpose(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """What one comes for."""
    return _choice(flow, printer, now, "purpose")


def agency(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Which agency."""
    return _choice(flow, printer, now, "agency")


def service(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Which service."""
    return _choice(flow, printer, now, "service", words.agency_name(flow, flow.visit.agency_id or ""))


def field(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Which official field of a service that has many procedures."""
    return _choice(flow, printer, now, "field", words.service_name(flow, flow.visit.service_id or ""), number=True)


def procedures(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Which procedure of a service; a number may be taken without saying which."""
    found = flow.visit.field_name or words.service_name(flow, flow.visit.service_id or "")
    return _choice(flow, printer, now, "procedure", found, number=True)


def procedure(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """All that is known of a procedure, with the ways on from here."""
    found = flow.procedure(flow.visit.procedure_code)
    if found is None:
        return View(flow.screen, frame(flow, now, back=True), title=say(flow, "procedure_gone"))
    return View(
        flow.screen,
        frame(flow, now, back=True),
        title=found.name,
        notice=notice(flow, printer),
        facts=_facts(flow, found),
        chosen=say(flow, "papers_needed"),
        papers=_papers(flow, found),
        more="" if found.papers else say(flow, "papers_unknown"),
        button=say(flow, "take_number"),
        button_more=_waiting(flow, found.service_id),
        means=TakeNumber(),
        muted=not flow.hall.door(found.service_id).gives_numbers,
        others=_print_button(flow, printer),
    )


def _choice(
    flow: Flow, printer: PrinterStatus, now: float, what: str, chosen: str = "", *, number: bool = False
) -> View:
    warning = notice(flow, printer)
    chosen = "" if warning else chosen
    service_id = flow.visit.service_id or ""
    return View(
        flow.screen,
        frame(flow, now, back=True),
        title=say(flow, f"choose_{what}"),
        more="" if warning or (chosen and not number) else say(flow, f"choose_{what}_more"),
        notice=warning,
        chosen=say(flow, "chosen_service" if number else "chosen_agency") if chosen else "",
        chosen_name=chosen,
        tiles=tuple(tile(flow, touch) for touch in flow.on_page()),
        page=flow.page(),
        pages=flow.pages(),
        button=say(flow, "take_number_now") if number else "",
        button_more=_waiting(flow, service_id) if number else "",
        means=TakeNumber() if number else None,
        muted=number and not flow.hall.door(service_id).gives_numbers,
        others=search_button(flow),
    )


def _waiting(flow: Flow, service_id: str) -> str:
    """Who waits for a service and how long, or that no number is given now."""
    door = flow.hall.door(service_id)
    if not door.gives_numbers:
        return " · ".join(filter(None, (say(flow, f"tile_{door.issuing}"), words.opens_briefly(flow, door))))
    return " · ".join(filter(None, words.service_waiting(flow, service_id)))


def _facts(flow: Flow, found: ProcedureInfo) -> tuple[tuple[str, str], ...]:
    service = flow.hall.service(found.service_id)
    facts = (
        ("procedure_code", found.code),
        ("chosen_agency", words.agency_name(flow, service.agency_id if service else found.agency_id)),
        ("procedure_field", found.field),
        ("procedure_time", found.time_limit or say(flow, "not_published")),
        ("procedure_fee", found.fee or say(flow, "not_published")),
        ("counters", words.counters(flow, service.counter_ids) if service else ""),
    )
    return tuple((say(flow, key), value) for key, value in facts if value)


def _papers(flow: Flow, found: ProcedureInfo) -> tuple[str, ...]:
    """The papers, as many as there is room for; how many more the printed paper names."""
    shown: list[str] = []
    room = PAPERS_LINES - 1
    for paper in found.papers:
        room -= lines(paper)
        if room < 0 and shown:
            break
        shown.append(paper)
    left = len(found.papers) - len(shown)
    return (*shown, say(flow, "papers_more", count=left)) if left else tuple(shown)


def _print_button(flow: Flow, printer: PrinterStatus) -> tuple[Tile, ...]:
    """Printing is offered where paper would come; then it says what became of it."""
    if flow.visit.leaflet:
        return (Tile(None, say(flow, _LEAFLETS[flow.visit.leaflet])),)  # type: ignore[arg-type]
    if not printer.may_print or not can_print(flow):
        return ()
    return (Tile(PrintProcedure(), say(flow, "print_procedure"), say(flow, "print_procedure_more")),)
