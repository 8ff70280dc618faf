"""What the phone page shows for a ticket or a promised place: pure, the texts are filled in by the template."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_date

from config.texts import text
from protocol.replies import HallReply, PlaceReply, TicketReply, TicketView
from protocol.words import Origin, TicketState
from web.names import counter_in_sentence, counter_names
from web.waits import range_text

SOON_MINUTES = 5


@dataclass(frozen=True)
class PhonePage:
    """One state of the page; `kind` names its layout, `said` is what a screen reader hears and the title shows."""

    kind: str
    number: str
    said: str
    state: str
    service: str
    people_ahead: int | None = None
    ahead_text: str = ""
    range_text: str = ""
    counter: str = ""
    goto: str = ""
    counters: str = ""
    recalls: int = 0
    issued: str = ""
    hint: str = ""
    """What to do, where the state alone does not say it."""
    note: str = ""
    """Why it waits where it waits, if it was moved, or has an appointment."""
    come_back: str = ""
    """Until when the citizen may come back without queueing."""
    may_delay: bool = False
    may_leave: bool = False
    arrives: str = ""
    """The address that a kiosk's scanner reads off the page of a place taken from home."""


def phone_page(hall: HallReply, reply: TicketReply, language: str) -> PhonePage:
    """Choose the words for a ticket as it stands."""
    ticket, words = reply.ticket, _Words(hall, language)
    kind = _kind(ticket)
    counter = words.counter(ticket.counter_id)
    watched = [ticket.to_counter_id] if ticket.to_counter_id else reply.counter_ids
    return PhonePage(
        kind=kind,
        number=ticket.number,
        said=_said(kind, ticket, counter, words),
        state=ticket.state.value,
        service=words.service(ticket.service_id),
        people_ahead=ticket.people_ahead,
        ahead_text=_ahead_text(ticket, language),
        range_text=range_text(ticket, language),
        counter=counter,
        goto=counter_in_sentence(counter, language),
        counters=", ".join(counter_names(hall, watched, language)),
        recalls=ticket.recalls,
        issued=words.time(ticket.issued_at),
        hint=_hint(kind, ticket, words),
        note=_note(ticket, words),
        come_back=_come_back(ticket, words),
        may_delay=ticket.state is TicketState.WAITING and not ticket.delayed,
        may_leave=ticket.state is TicketState.WAITING or _lets_others_first(ticket),
    )


def place_page(hall: HallReply, place: PlaceReply, language: str) -> PhonePage:
    """Choose the words for a place that nobody checked in yet; its time stands where a ticket has its number."""
    words = _Words(hall, language)
    return PhonePage(
        kind="place",
        number=words.time(place.slot_at),
        said=words.day(place.slot_at),
        state="booked",
        service=words.service(place.service_id),
        hint=words.say("place_home" if place.from_home else "place_hint"),
        note=_arrival_window(place.slot_at, words) if place.from_home else words.say("place_late"),
        arrives=place.url if place.from_home else "",
    )


def _arrival_window(slot_at: dt.datetime, words: "_Words") -> str:
    """From when until when a place keeps what it promises."""
    habits = words.hall.kiosk
    if habits is None:
        return words.say("place_late")
    early = slot_at - dt.timedelta(minutes=habits.appointment_early_minutes)
    late = slot_at + dt.timedelta(minutes=habits.appointment_late_minutes)
    return words.say("place_window", early=words.time(early), late=words.time(late))


def alone_page(hall: HallReply, number: str, language: str) -> PhonePage:
    """Choose the words for a number that its kiosk gave alone and the hall does not know yet."""
    words = _Words(hall, language)
    return PhonePage(
        kind="given_alone",
        number=number,
        said=words.say("given_alone"),
        state="given_alone",
        service="",
        hint=words.say("given_alone_hint"),
    )


_HINTED = ("serving", "parked", "no_show", "cancelled", "thanks")


@dataclass(frozen=True)
class _Words:
    """The hall's names and times in a language."""

    hall: HallReply
    language: str

    def say(self, key: str, **places: object) -> str:
        return text(f"phone.{key}", self.language, **places)

    def time(self, at: dt.datetime) -> str:
        return f"{at.astimezone(ZoneInfo(self.hall.zone)):%H:%M}"

    def day(self, at: dt.datetime) -> str:
        local = at.astimezone(ZoneInfo(self.hall.zone))
        return str(format_date(local.date(), "EEEE, dd/MM/yyyy", locale=self.language))

    def counter(self, counter_id: str | None) -> str:
        found = counter_names(self.hall, [counter_id] if counter_id else [], self.language)
        return found[0] if found else ""

    def service(self, service_id: str) -> str:
        names = (
            one.name if self.language == "vi" else one.name_en
            for one in self.hall.services
            if one.service_id == service_id
        )
        return next(names, "")


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


def _said(kind: str, ticket: TicketView, counter: str, words: _Words) -> str:
    match kind:
        case "waiting":
            return _ahead_text(ticket, words.language)
        case "called":
            return words.say("called", counter=counter_in_sentence(counter, words.language))
        case "serving":
            return words.say("serving", counter=counter)
        case "rate":
            return words.say("rate_title")
        case "parked" if ticket.parked_until is not None:
            key = "delayed_until" if _lets_others_first(ticket) else "parked_until"
            return words.say(key, time=words.time(ticket.parked_until))
    return words.say(kind)


def _hint(kind: str, ticket: TicketView, words: _Words) -> str:
    if _lets_others_first(ticket) and ticket.parked_until is not None:
        return words.say("delayed_hint", time=words.time(ticket.parked_until))
    return words.say(f"{kind}_hint") if kind in _HINTED else ""


def _lets_others_first(ticket: TicketView) -> bool:
    """Whether its citizen asked for more time; a counter that puts a ticket aside means to go on with it itself."""
    return ticket.state is TicketState.PARKED and ticket.delayed and ticket.to_counter_id is None


def _ahead_text(ticket: TicketView, language: str) -> str:
    if ticket.people_ahead is None:
        return text("phone.waiting", language)
    if ticket.people_ahead == 0:
        return text("phone.nobody_ahead", language)
    return text("phone.people_ahead", language, n=ticket.people_ahead)


def _note(ticket: TicketView, words: _Words) -> str:
    if ticket.state is not TicketState.WAITING:
        return ""
    if ticket.to_counter_id:
        counter = counter_in_sentence(words.counter(ticket.to_counter_id), words.language)
        return words.say("sent_to_counter", counter=counter)
    if ticket.to_operator_id:
        return words.say("sent_to_person")
    if ticket.returned:
        return words.say("returned")
    if ticket.delayed:
        return words.say("delayed_over")
    kept = ticket.origin is Origin.APPOINTMENT and ticket.slot_at is not None
    return words.say("appointment", time=words.time(ticket.slot_at)) if kept and ticket.slot_at else ""


def _come_back(ticket: TicketView, words: _Words) -> str:
    if ticket.come_back_until is None or ticket.state is not TicketState.FINISHED:
        return ""
    return words.say("come_back", time=words.time(ticket.come_back_until), day=words.day(ticket.come_back_until))
