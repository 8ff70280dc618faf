"""The screens at the end of a visit: the number, the place, the refusal."""

from kiosk import words
from kiosk.flow import Flow
from kiosk.flow.ending import can_print_again
from kiosk.stages import Screen
from kiosk.tiles import Tile
from kiosk.touches import Home, PrintAgain, TryAgain
from kiosk.view.frames import frame
from kiosk.view.model import View
from kiosk.visit import ORDINARY, UNREACHABLE
from kiosk.words import say
from printers.base import PrinterStatus

_PAPERS = {None: "printing", "printed": "take_paper", "failed": "paper_failed", "unknown": "paper_unknown"}
_TO_STAFF = ("wrong_pin", "locked_out", "not_permitted")
_SLIPS = {None: "slip_printing", "printed": "take_slip", "failed": "slip_failed", "unknown": "slip_unknown"}


def result(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """The number, what to expect, and where its paper is."""
    reply = flow.visit.reply
    assert reply is not None
    ticket, failed = reply.ticket, flow.visit.paper in ("failed", "unknown")
    span = words.span(flow, ticket.wait_low_minutes, ticket.wait_high_minutes) or say(flow, "wait_unknown")
    return View(
        Screen.RESULT,
        frame(flow, now),
        title=say(flow, _PAPERS[flow.visit.paper]),
        more=say(flow, "paper_failed_more") if failed else say(flow, "watch_screens"),
        notice=_warning(flow, alone=ticket.people_ahead is None),
        chosen=say(flow, "your_number"),
        chosen_name=words.service_name(flow, ticket.service_id),
        chosen_waiting="" if ticket.class_id == ORDINARY else words.class_name(flow, ticket.class_id),
        number=ticket.number,
        facts=(
            (say(flow, "people_ahead"), words.ahead(flow, ticket.people_ahead)),
            (say(flow, "wait_expected"), span),
            (say(flow, "counters"), words.counters(flow, reply.counter_ids)),
        ),
        code=reply.url if failed else "",
        button=say(flow, "helper_next" if flow.helper else "done"),
        means=Home(),
        others=_again(flow, printer),
    )


def place(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """The promised place, and what to do with its slip."""
    reply = flow.visit.place
    assert reply is not None
    slot, failed = flow.hall.local(reply.slot_at) or reply.slot_at, flow.visit.paper in ("failed", "unknown")
    class_id = flow.visit.class_id or ORDINARY
    return View(
        Screen.PLACE,
        frame(flow, now),
        title=say(flow, _SLIPS[flow.visit.paper]),
        more=say(flow, "slip_failed_more" if failed else "slip_more"),
        chosen=say(flow, "your_place"),
        chosen_name=words.service_name(flow, reply.service_id),
        chosen_waiting="" if class_id == ORDINARY else words.class_name(flow, class_id),
        number=f"{slot:%H:%M}",
        facts=(
            (say(flow, "place_day"), words.day_of(flow, slot)),
            (say(flow, "place_check_in"), say(flow, "place_help_desk")),
            (say(flow, "place_late"), say(flow, "place_late_more")),
        ),
        code=reply.url if failed else "",
        button=say(flow, "done"),
        means=Home(),
        others=_again(flow, printer),
    )


def refused(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """Why there is no number, and what to do."""
    return View(
        Screen.REFUSED,
        frame(flow, now),
        title=say(flow, _refused(flow)),
        more=_why(flow),
        chosen_name=words.service_name(flow, flow.visit.service_id or ""),
        button=say(flow, "try_again") if flow.can_try_again else "",
        means=TryAgain() if flow.can_try_again else None,
    )


def _refused(flow: Flow) -> str:
    """The name of the text that says what was refused: a number, a place, an answer, the helper mode."""
    if flow.visit.refusal in _TO_STAFF:
        return "helper_refused"
    if flow.visit.issue is None:
        return "lookup_refused"
    if flow.visit.refusal == UNREACHABLE:
        return "not_answered"
    return "place_refused" if flow.visit.wants_place else "refused"


def _why(flow: Flow) -> str:
    if flow.visit.refusal == UNREACHABLE:
        return say(flow, "unreachable")
    why = words.refusal(flow, flow.visit.refusal, flow.visit.facts)
    return " ".join(filter(None, (why, words.advice(flow, flow.visit.refusal))))


def _warning(flow: Flow, *, alone: bool) -> str:
    if alone:
        return say(flow, "alone_number")
    if flow.visit.uncertain:
        return say(flow, "uncertain_short")
    return say(flow, "helper_banner") if flow.helper else ""


def _again(flow: Flow, printer: PrinterStatus) -> tuple[Tile, ...]:
    """Printing once more is offered where it could help."""
    if not can_print_again(flow) or not printer.may_print:
        return ()
    return (Tile(PrintAgain(), say(flow, "print_again")),)
