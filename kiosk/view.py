"""What each screen says: the flow's state in words and tiles, ready to be drawn."""

from dataclasses import dataclass

from config.texts import languages, text
from kiosk import words
from kiosk.doors import Door
from kiosk.flow import TILES_PER_PAGE, Flow
from kiosk.tiles import Tile, agency_tile, class_tile, service_tile
from kiosk.touches import ChooseClass
from kiosk.visit import CHOOSING, ORDINARY, Screen
from kiosk.words import say
from printers.base import PrinterState, PrinterStatus
from protocol.words import Issuing

_STEPS = (("1", "choose"), ("2", "take"), ("3", "wait"))
_PAPERS = {None: "printing", "printed": "take_paper", "failed": "paper_failed", "unknown": "paper_unknown"}
_SLIPS = {None: "slip_printing", "printed": "take_slip", "failed": "slip_failed", "unknown": "slip_unknown"}


@dataclass(frozen=True)
class Frame:
    """What surrounds every screen; `seconds_left` is empty where nothing ends by itself."""

    hall_name: str
    hall_address: str
    clock: str
    date: str
    language: str
    languages: tuple[tuple[str, str], ...]
    help: str
    seconds_left: str
    share_left: float
    back: str
    home: str
    pages: tuple[str, str, str]
    """The words for the page before, this page and the page after; empty where one page holds everything."""


@dataclass(frozen=True)
class View:
    """A whole screen: title, lines, tiles; what a screen has no use for is empty."""

    screen: Screen
    frame: Frame
    title: str = ""
    more: str = ""
    notice: str = ""
    chosen: str = ""
    chosen_name: str = ""
    chosen_waiting: str = ""
    tiles: tuple[Tile, ...] = ()
    page: int = 0
    pages: int = 1
    number: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    button: str = ""
    button_more: str = ""
    muted: bool = False
    """Whether the button leads to nothing but explanations."""


def look(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Say what the kiosk shows now; `now` is monotonic seconds."""
    return _LOOKS[flow.screen](flow, printer, now)


# ---- one function per screen ------------------------------------------------


def _away(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    title = "away" if flow.hall.hall else "connecting"
    return View(Screen.AWAY, _frame(flow, now), title=say(flow, title), more=say(flow, "away_more"))


def _suspended(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    return View(
        Screen.SUSPENDED,
        _frame(flow, now),
        title=say(flow, "suspended"),
        chosen_name=_reason(flow, flow.hall.suspended or ""),
        more=say(flow, "suspended_more"),
    )


def _idle(flow: Flow, printer: PrinterStatus, now: float) -> View:
    doors = [flow.hall.door(service.service_id) for service in flow.hall.services()]
    if doors and not any(door.gives_numbers for door in doors):
        return _idle_closed(flow, doors, now)
    waiting = flow.hall.waiting()
    return View(
        Screen.IDLE,
        _frame(flow, now),
        title=say(flow, "greeting"),
        more=say(flow, "greeting_more"),
        notice=_printer_notice(flow, printer),
        chosen=words.hours(flow),
        chosen_waiting=say(flow, "waiting_total" if waiting else "waiting_none", waiting=waiting),
        facts=tuple((sign, say(flow, f"step_{step}")) for sign, step in _STEPS),
        button=say(flow, "begin"),
        button_more=say(flow, "begin_more"),
    )


def _idle_closed(flow: Flow, doors: list[Door], now: float) -> View:
    """No service gives numbers: the first screen says why, when it will, and what can be had instead."""
    closed = all(door.issuing is Issuing.CLOSED for door in doors)
    title = "idle_over" if not closed else "idle_closed" if flow.hall.spans() else "idle_holiday"
    opening = min((door for door in doors if door.opens_at), key=lambda door: str(door.opens_at), default=None)
    place = any(door.offers_place for door in doors)
    return View(
        Screen.IDLE,
        _frame(flow, now),
        title=say(flow, title),
        chosen=words.hours(flow) if flow.hall.spans() else "",
        chosen_waiting=say(flow, "idle_opens", opens=words.opens(flow, opening)) if opening else "",
        button=say(flow, "idle_place" if place else "idle_look"),
        button_more=say(flow, "idle_place_more") if place else "",
        muted=not place,
    )


def _agency(flow: Flow, printer: PrinterStatus, now: float) -> View:
    tiles = [agency_tile(flow, agency_id) for agency_id in _on_page(flow)]
    return _choice(flow, printer, now, "agency", tiles)


def _service(flow: Flow, printer: PrinterStatus, now: float) -> View:
    tiles = [service_tile(flow, service_id) for service_id in _on_page(flow)]
    return _choice(flow, printer, now, "service", tiles)


def _choice(flow: Flow, printer: PrinterStatus, now: float, what: str, tiles: list[Tile]) -> View:
    notice = _printer_notice(flow, printer)
    agency = "" if notice else words.agency_name(flow, flow.visit.agency_id or "")
    return View(
        flow.screen,
        _frame(flow, now, back=True),
        title=say(flow, f"choose_{what}"),
        more="" if notice or agency else say(flow, f"choose_{what}_more"),
        notice=notice,
        chosen=say(flow, "chosen_agency") if agency else "",
        chosen_name=agency,
        tiles=tuple(tiles),
        page=flow.page(),
        pages=flow.pages(),
    )


def _no_number(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    door = flow.visit.door
    assert door is not None
    why = [_reason(flow, door.reason), say(flow, f"why_{door.issuing}")]
    opens = words.opens(flow, door)
    day = f"{door.opens_at:%d/%m}" if door.opens_at else ""
    return View(
        Screen.NO_NUMBER,
        _frame(flow, now, back=True),
        title=say(flow, f"no_number_{door.issuing}"),
        chosen_name=words.service_name(flow, flow.visit.service_id or ""),
        more="\n".join(filter(None, why)),
        facts=((say(flow, "opens_again"), opens),) if opens else (),
        button=say(flow, "take_place", day=day) if door.offers_place else "",
        button_more=say(flow, "why_place") if door.offers_place else "",
    )


def _priority(flow: Flow, printer: PrinterStatus, now: float) -> View:
    service_id = flow.visit.service_id or ""
    status = flow.hall.status(service_id)
    uncertain = say(flow, "uncertain") if status.issuing is Issuing.UNCERTAIN else ""
    notice = _printer_notice(flow, printer) or uncertain
    over = flow.visit.wants_place and flow.visit.door is not None and flow.visit.door.issuing is Issuing.CUT_OFF
    waiting = () if flow.visit.wants_place else words.service_waiting(flow, status)
    none_more = "place_none_more" if flow.visit.wants_place else "priority_none_more"
    return View(
        Screen.PRIORITY,
        _frame(flow, now, back=True),
        title=say(flow, "priority"),
        more=say(flow, "place_class" if over else "priority_more"),
        notice=notice,
        chosen=say(flow, "chosen_service"),
        chosen_name="" if notice else words.service_name(flow, service_id),
        chosen_waiting=" · ".join(filter(None, waiting)),
        tiles=(
            Tile(ChooseClass(ORDINARY), say(flow, "priority_none"), say(flow, none_more)),
            *(class_tile(flow, class_id) for class_id in flow.class_ids()),
        ),
        button=say(flow, "priority_mine"),
    )


def _issuing(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    slow = say(flow, "issuing_slow") if now - flow.visit.since > 1.5 else ""
    title = "place_asking" if flow.visit.wants_place else "issuing"
    return View(Screen.ISSUING, _frame(flow, now), title=say(flow, title), more=slow)


def _result(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    reply = flow.visit.reply
    assert reply is not None
    ticket, failed = reply.ticket, flow.visit.paper in ("failed", "unknown")
    ahead = str(ticket.people_ahead) if ticket.people_ahead else say(flow, "people_ahead_none")
    span = words.span(flow, ticket.wait_low_minutes, ticket.wait_high_minutes) or say(flow, "wait_unknown")
    return View(
        Screen.RESULT,
        _frame(flow, now),
        title=say(flow, _PAPERS[flow.visit.paper]),
        more=say(flow, "paper_failed_more") if failed else say(flow, "watch_screens"),
        notice=say(flow, "uncertain_short") if flow.visit.uncertain else "",
        chosen=say(flow, "your_number"),
        chosen_name=words.service_name(flow, ticket.service_id),
        chosen_waiting="" if ticket.class_id == ORDINARY else words.class_name(flow, ticket.class_id),
        number=ticket.number,
        facts=(
            (say(flow, "people_ahead"), ahead),
            (say(flow, "wait_expected"), span),
            (say(flow, "counters"), words.counters(flow, reply.counter_ids)),
        ),
        code=reply.url if failed else "",
        button=say(flow, "done"),
    )


def _place(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    reply = flow.visit.place
    assert reply is not None
    slot, failed = flow.hall.local(reply.slot_at) or reply.slot_at, flow.visit.paper in ("failed", "unknown")
    class_id = flow.visit.class_id or ORDINARY
    return View(
        Screen.PLACE,
        _frame(flow, now),
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
    )


def _refused(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    if flow.can_try_again:
        title, why = "not_answered", say(flow, "unreachable")
    else:
        title = "place_refused" if flow.visit.wants_place else "refused"
        why = words.refusal(flow, flow.visit.refusal, flow.visit.facts)
    return View(
        Screen.REFUSED,
        _frame(flow, now),
        title=say(flow, title),
        more=why,
        chosen_name=words.service_name(flow, flow.visit.service_id or ""),
        button=say(flow, "try_again") if flow.can_try_again else "",
    )


_LOOKS = {
    Screen.AWAY: _away,
    Screen.SUSPENDED: _suspended,
    Screen.IDLE: _idle,
    Screen.AGENCY: _agency,
    Screen.SERVICE: _service,
    Screen.NO_NUMBER: _no_number,
    Screen.PRIORITY: _priority,
    Screen.ISSUING: _issuing,
    Screen.RESULT: _result,
    Screen.PLACE: _place,
    Screen.REFUSED: _refused,
}

# ---- parts of screens -------------------------------------------------------


def _frame(flow: Flow, now: float, *, back: bool = False) -> Frame:
    hall, local, visit = flow.hall.hall, flow.hall.local(), flow.visit
    left = None if visit.screen is Screen.IDLE else flow.seconds_left(now)
    whole = visit.ends_at - visit.since if visit.ends_at else 1.0
    home = flow.screen in (*CHOOSING, Screen.REFUSED)
    return Frame(
        hall_name=words.named(flow, hall.name, hall.name_en) if hall else "",
        hall_address=hall.address if hall else "",
        clock=local.strftime("%H:%M") if local else "",
        date=words.day_of(flow, local) if local else "",
        language=visit.language,
        languages=tuple((code, text("kiosk.language_name", code)) for code in languages()),
        help=say(flow, "help"),
        seconds_left="" if left is None else say(flow, "seconds_left", seconds=round(left)),
        share_left=0.0 if left is None else min(left / whole, 1.0),
        back=say(flow, "back") if back else "",
        home=say(flow, "home") if home else "",
        pages=_page_words(flow),
    )


def _page_words(flow: Flow) -> tuple[str, str, str]:
    if flow.pages() == 1:
        return "", "", ""
    page = say(flow, "page", page=flow.page() + 1, pages=flow.pages())
    return say(flow, "page_before"), page, say(flow, "page_after")


def _on_page(flow: Flow) -> list[str]:
    first = flow.page() * TILES_PER_PAGE
    return flow.tile_ids()[first : first + TILES_PER_PAGE]


def _reason(flow: Flow, reason: str) -> str:
    return say(flow, "reason", reason=reason) if reason else ""


def _printer_notice(flow: Flow, printer: PrinterStatus) -> str:
    if printer.may_print:
        return ""
    return say(flow, "printer_out" if printer.state is PrinterState.PAPER_OUT else "printer_dead")
