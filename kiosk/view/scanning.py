"""The screens of what one holds: a receipt, a paper, and what the hall knows of it."""

from kiosk import words
from kiosk.flow import Flow
from kiosk.flow.choices import purpose
from kiosk.flow.scanning import service_of_result
from kiosk.touches import Home, TakeNumber
from kiosk.view.frames import frame, notice
from kiosk.view.model import View
from kiosk.words import say
from printers.base import PrinterStatus
from protocol.replies import DossierReply, TicketReply
from protocol.words import TicketState

_TICKETS = {
    TicketState.WAITING: "found_waiting",
    TicketState.CALLED: "found_called",
    TicketState.SERVING: "found_serving",
    TicketState.PARKED: "found_parked",
    TicketState.FINISHED: "found_finished",
    TicketState.NO_SHOW: "found_no_show",
    TicketState.CANCELLED: "found_cancelled",
}


def receipt(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Asks for the code of a dossier's receipt; a number may be taken without it."""
    wanted = purpose(flow)
    alone = wanted.service_ids if wanted else []
    return View(
        flow.screen,
        frame(flow, now, back=True),
        title=say(flow, "receipt"),
        more=say(flow, "receipt_more"),
        notice=notice(flow, printer),
        chosen_name=words.named(flow, wanted.name, wanted.name_en) if wanted else "",
        pictogram="dossier",
        button=say(flow, "take_number"),
        button_more=" · ".join(filter(None, words.service_waiting(flow, alone[0]))) if len(alone) == 1 else "",
        means=TakeNumber(),
    )


def asking(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """The hall is asked."""
    return View(flow.screen, frame(flow, now), title=say(flow, "looking_up"))


def found(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """What the hall knows of a code."""
    known = flow.visit.found
    if isinstance(known, TicketReply):
        return _ticket(flow, known, now)
    assert isinstance(known, DossierReply)
    return _dossier(flow, known, now)


def _ticket(flow: Flow, known: TicketReply, now: float) -> View:
    ticket = known.ticket
    waits = ticket.state is TicketState.WAITING
    here = [ticket.counter_id] if ticket.counter_id else known.counter_ids
    facts = (
        ("people_ahead", words.ahead(flow, ticket.people_ahead) if waits else ""),
        ("wait_expected", words.span(flow, ticket.wait_low_minutes, ticket.wait_high_minutes) if waits else ""),
        ("counters", words.counters(flow, here)),
    )
    key = _TICKETS[ticket.state]
    return View(
        flow.screen,
        frame(flow, now, back=True),
        title=say(flow, key),
        more=say(flow, f"{key}_more"),
        chosen=say(flow, "your_number"),
        chosen_name=words.service_name(flow, ticket.service_id),
        number=ticket.number,
        facts=tuple((say(flow, name), value) for name, value in facts if value),
        button=say(flow, "done"),
        means=Home(),
    )


def _dossier(flow: Flow, known: DossierReply, now: float) -> View:
    service_id = service_of_result(flow)
    facts = (
        ("dossier", known.code),
        ("dossier_due", f"{known.due_on:%d/%m/%Y}" if known.due_on and known.state == "not_ready" else ""),
        ("dossier_at", words.service_name(flow, service_id) if service_id else ""),
    )
    return View(
        flow.screen,
        frame(flow, now, back=True),
        title=say(flow, f"dossier_{known.state}"),
        more=say(flow, f"dossier_{known.state}_more"),
        facts=tuple((say(flow, name), value) for name, value in facts if value),
        pictogram="result" if known.state == "ready" else "dossier",
        button=say(flow, "dossier_take" if service_id else "done"),
        button_more=" · ".join(filter(None, words.service_waiting(flow, service_id))) if service_id else "",
        means=TakeNumber() if service_id else Home(),
    )
