"""What the phone page shows for a ticket: pure, the texts are filled in by the template."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.texts import text
from protocol.replies import HallReply, TicketReply, TicketView
from protocol.words import TicketState
from web.names import counter_in_sentence, counter_names

SOON_MINUTES = 5


@dataclass(frozen=True)
class PhonePage:
    """One state of the page; `kind` names its layout, `said` is what a screen reader hears and the title shows."""

    kind: str
    number: str
    said: str
    state: str
    service: str
    people_ahead: int | None
    ahead_text: str
    range_text: str
    counter: str
    goto: str
    counters: str
    recalls: int
    issued: str


def phone_page(hall: HallReply, reply: TicketReply, language: str) -> PhonePage:
    """Choose the words for a ticket as it stands."""
    ticket = reply.ticket
    kind = _kind(ticket)
    counter = _counter_text(hall, ticket.counter_id, language)
    return PhonePage(
        kind=kind,
        number=ticket.number,
        said=_said(kind, ticket, counter, language),
        state=ticket.state.value,
        service=_service_name(hall, ticket.service_id, language),
        people_ahead=ticket.people_ahead,
        ahead_text=_ahead_text(ticket, language),
        range_text=_range_text(ticket, language),
        counter=counter,
        goto=counter_in_sentence(counter, language),
        counters=", ".join(counter_names(hall, reply.counter_ids, language)),
        recalls=ticket.recalls,
        issued=ticket.issued_at.astimezone(ZoneInfo(hall.zone)).strftime("%H:%M"),
    )


def _kind(ticket: TicketView) -> str:
    match ticket.state:
        case TicketState.WAITING:
            return "soon" if _is_soon(ticket) else "waiting"
        case TicketState.FINISHED:
            return "thanks" if ticket.rated else "rate"
        case state:
            return state.value


def _is_soon(ticket: TicketView) -> bool:
    return ticket.wait_high_minutes is not None and ticket.wait_high_minutes < SOON_MINUTES


def _said(kind: str, ticket: TicketView, counter: str, language: str) -> str:
    words = {
        "waiting": lambda: _ahead_text(ticket, language),
        "soon": lambda: text("phone.soon", language),
        "called": lambda: text("phone.called", language, counter=counter_in_sentence(counter, language)),
        "serving": lambda: text("phone.serving", language, counter=counter),
        "rate": lambda: text("phone.rate_title", language),
    }
    chosen = words.get(kind)
    return chosen() if chosen else text(f"phone.{kind}", language)


def _ahead_text(ticket: TicketView, language: str) -> str:
    if ticket.people_ahead is None:
        return text("phone.waiting", language)
    if ticket.people_ahead == 0:
        return text("phone.nobody_ahead", language)
    return text("phone.people_ahead", language, n=ticket.people_ahead)


def _range_text(ticket: TicketView, language: str) -> str:
    low, high = ticket.wait_low_minutes, ticket.wait_high_minutes
    if high is None:
        return text("phone.range_unknown", language)
    if low is None or low >= high:
        return text("phone.range_one", language, high=high)
    return text("phone.range", language, low=low, high=high)


def _counter_text(hall: HallReply, counter_id: str | None, language: str) -> str:
    found = counter_names(hall, [counter_id] if counter_id else [], language)
    return found[0] if found else ""


def _service_name(hall: HallReply, service_id: str, language: str) -> str:
    for service in hall.services:
        if service.service_id == service_id:
            return service.name if language == "vi" else service.name_en
    return ""
