"""What each screen says: the flow's state in words and tiles, ready to be drawn."""

import datetime as dt
from dataclasses import dataclass

from config.texts import languages, text
from kiosk.flow import ORDINARY, TILES_PER_PAGE, UNREACHABLE, Flow, Screen
from kiosk.touches import ChooseAgency, ChooseClass, ChooseService, Touch
from printers.base import PrinterState, PrinterStatus
from protocol.errors import REFUSALS
from protocol.replies import ServiceStatus

_SHORT_MINUTES = 5
_STEPS = (("1", "choose"), ("2", "take"), ("3", "wait"))


@dataclass(frozen=True)
class Tile:
    """Something to choose; `sign` is a short mark at its side, `waiting` and `span` say how long it takes."""

    touch: Touch
    name: str
    waiting: str = ""
    span: str = ""
    sign: str = ""


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


def look(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Say what the kiosk shows now; `now` is monotonic seconds."""
    return _LOOKS[flow.screen](flow, printer, now)


# ---- one function per screen ------------------------------------------------


def _away(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    title = "kiosk.away" if flow.hall.hall else "kiosk.connecting"
    return View(Screen.AWAY, _frame(flow, now), title=_say(flow, title), more=_say(flow, "kiosk.away_more"))


def _idle(flow: Flow, printer: PrinterStatus, now: float) -> View:
    waiting = flow.hall.waiting()
    return View(
        Screen.IDLE,
        _frame(flow, now),
        title=_say(flow, "kiosk.greeting"),
        more=_say(flow, "kiosk.greeting_more"),
        notice=_printer_notice(flow, printer),
        chosen=_hours(flow),
        chosen_waiting=_say(flow, "kiosk.waiting_total" if waiting else "kiosk.waiting_none", waiting=waiting),
        facts=tuple((sign, _say(flow, f"kiosk.step_{step}")) for sign, step in _STEPS),
        button=_say(flow, "kiosk.begin"),
        button_more=_say(flow, "kiosk.begin_more"),
    )


def _agency(flow: Flow, printer: PrinterStatus, now: float) -> View:
    tiles = [_agency_tile(flow, agency_id) for agency_id in _on_page(flow)]
    return _choice(flow, printer, now, "agency", tiles)


def _service(flow: Flow, printer: PrinterStatus, now: float) -> View:
    tiles = [_service_tile(flow, service_id) for service_id in _on_page(flow)]
    return _choice(flow, printer, now, "service", tiles)


def _choice(flow: Flow, printer: PrinterStatus, now: float, what: str, tiles: list[Tile]) -> View:
    notice = _printer_notice(flow, printer)
    agency = "" if notice else _agency_name(flow, flow.visit.agency_id or "")
    return View(
        flow.screen,
        _frame(flow, now, back=True),
        title=_say(flow, f"kiosk.choose_{what}"),
        more="" if notice or agency else _say(flow, f"kiosk.choose_{what}_more"),
        notice=notice,
        chosen=_say(flow, "kiosk.chosen_agency") if agency else "",
        chosen_name=agency,
        tiles=tuple(tiles),
        page=flow.page(),
        pages=flow.pages(),
    )


def _priority(flow: Flow, printer: PrinterStatus, now: float) -> View:
    service_id = flow.visit.service_id or ""
    waiting, span = _service_waiting(flow, flow.hall.status(service_id))
    notice = _printer_notice(flow, printer)
    return View(
        Screen.PRIORITY,
        _frame(flow, now, back=True),
        title=_say(flow, "kiosk.priority"),
        more=_say(flow, "kiosk.priority_more"),
        notice=notice,
        chosen=_say(flow, "kiosk.chosen_service"),
        chosen_name="" if notice else _service_name(flow, service_id),
        chosen_waiting=" · ".join(filter(None, (waiting, span))),
        tiles=(
            Tile(ChooseClass(ORDINARY), _say(flow, "kiosk.priority_none"), _say(flow, "kiosk.priority_none_more")),
            *(_class_tile(flow, class_id) for class_id in flow.class_ids()),
        ),
        button=_say(flow, "kiosk.priority_mine"),
    )


def _issuing(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    slow = _say(flow, "kiosk.issuing_slow") if now - flow.visit.since > 1.5 else ""
    return View(Screen.ISSUING, _frame(flow, now), title=_say(flow, "kiosk.issuing"), more=slow)


def _result(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    reply = flow.visit.reply
    assert reply is not None
    ticket, failed = reply.ticket, flow.visit.paper in ("failed", "unknown")
    titles = {None: "printing", "printed": "take_paper", "failed": "paper_failed", "unknown": "paper_unknown"}
    ahead = str(ticket.people_ahead) if ticket.people_ahead else _say(flow, "kiosk.people_ahead_none")
    span = _span(flow, ticket.wait_low_minutes, ticket.wait_high_minutes) or _say(flow, "kiosk.wait_unknown")
    return View(
        Screen.RESULT,
        _frame(flow, now),
        title=_say(flow, f"kiosk.{titles[flow.visit.paper]}"),
        more=_say(flow, "kiosk.paper_failed_more") if failed else _say(flow, "kiosk.watch_screens"),
        chosen=_say(flow, "kiosk.your_number"),
        chosen_name=_service_name(flow, ticket.service_id),
        chosen_waiting="" if ticket.class_id == ORDINARY else _class_name(flow, ticket.class_id),
        number=ticket.number,
        facts=(
            (_say(flow, "kiosk.people_ahead"), ahead),
            (_say(flow, "kiosk.wait_expected"), span),
            (_say(flow, "kiosk.counters"), _counters(flow, reply.counter_ids)),
        ),
        code=reply.url if failed else "",
        button=_say(flow, "kiosk.done"),
    )


def _refused(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    code = flow.visit.refusal
    why = "kiosk.unreachable" if code == UNREACHABLE else f"refusals.{code if code in REFUSALS else 'refused'}"
    return View(
        Screen.REFUSED,
        _frame(flow, now),
        title=_say(flow, "kiosk.not_answered" if flow.can_try_again else "kiosk.refused"),
        more=_say(flow, why, **flow.visit.facts),
        chosen_name=_service_name(flow, flow.visit.service_id or ""),
        button=_say(flow, "kiosk.try_again") if flow.can_try_again else "",
    )


_LOOKS = {
    Screen.AWAY: _away,
    Screen.IDLE: _idle,
    Screen.AGENCY: _agency,
    Screen.SERVICE: _service,
    Screen.PRIORITY: _priority,
    Screen.ISSUING: _issuing,
    Screen.RESULT: _result,
    Screen.REFUSED: _refused,
}

# ---- words ------------------------------------------------------------------


def _say(flow: Flow, key: str, **values: object) -> str:
    return text(key, flow.visit.language, **values)


def _frame(flow: Flow, now: float, *, back: bool = False) -> Frame:
    hall, local, visit = flow.hall.hall, flow.hall.local(), flow.visit
    left = None if visit.screen is Screen.IDLE else flow.seconds_left(now)
    whole = visit.ends_at - visit.since if visit.ends_at else 1.0
    home = flow.screen in (Screen.AGENCY, Screen.SERVICE, Screen.PRIORITY, Screen.REFUSED)
    return Frame(
        hall_name=_named(flow, hall.name, hall.name_en) if hall else "",
        hall_address=hall.address if hall else "",
        clock=local.strftime("%H:%M") if local else "",
        date=f"{_say(flow, 'kiosk.' + _weekday(local))}, {local:%d/%m/%Y}" if local else "",
        language=visit.language,
        languages=tuple((code, text("kiosk.language_name", code)) for code in languages()),
        help=_say(flow, "kiosk.help"),
        seconds_left="" if left is None else _say(flow, "kiosk.seconds_left", seconds=round(left)),
        share_left=0.0 if left is None else min(left / whole, 1.0),
        back=_say(flow, "kiosk.back") if back else "",
        home=_say(flow, "kiosk.home") if home else "",
        pages=_page_words(flow),
    )


def _page_words(flow: Flow) -> tuple[str, str, str]:
    if flow.pages() == 1:
        return "", "", ""
    page = _say(flow, "kiosk.page", page=flow.page() + 1, pages=flow.pages())
    return _say(flow, "kiosk.page_before"), page, _say(flow, "kiosk.page_after")


def _on_page(flow: Flow) -> list[str]:
    first = flow.page() * TILES_PER_PAGE
    return flow.tile_ids()[first : first + TILES_PER_PAGE]


def _agency_tile(flow: Flow, agency_id: str) -> Tile:
    waiting, count = _people(flow, flow.hall.waiting(agency_id)), len(flow.hall.services(agency_id))
    services = _say(flow, "kiosk.services_count", count=count) if count > 1 else ""
    return Tile(ChooseAgency(agency_id), _agency_name(flow, agency_id), waiting, services)


def _service_tile(flow: Flow, service_id: str) -> Tile:
    waiting, span = _service_waiting(flow, flow.hall.status(service_id))
    return Tile(ChooseService(service_id), _service_name(flow, service_id), waiting, span)


def _class_tile(flow: Flow, class_id: str) -> Tile:
    classes = flow.hall.hall.classes if flow.hall.hall else []
    sign = next((found.sign for found in classes if found.class_id == class_id), "")
    return Tile(ChooseClass(class_id), _class_name(flow, class_id), sign=sign)


def _service_waiting(flow: Flow, status: ServiceStatus) -> tuple[str, str]:
    if not status.open_counters:
        return _people(flow, status.waiting), _say(flow, "kiosk.no_counter")
    return _people(flow, status.waiting), _span(flow, status.wait_low_minutes, status.wait_high_minutes)


def _people(flow: Flow, waiting: int) -> str:
    return _say(flow, "kiosk.people_waiting", waiting=waiting) if waiting else _say(flow, "kiosk.nobody_waiting")


def _span(flow: Flow, low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return ""
    if high < _SHORT_MINUTES:
        return _say(flow, "kiosk.wait_short")
    return _say(flow, "kiosk.wait_about" if low == high else "kiosk.wait_range", low=low, high=high)


def _counters(flow: Flow, counter_ids: list[str]) -> str:
    names = flow.hall.counter_names(counter_ids)
    joined = ", ".join(names)
    return _say(flow, "kiosk.counter_numbers", names=joined) if all(name.isdigit() for name in names) else joined


def _hours(flow: Flow) -> str:
    local = flow.hall.local()
    if flow.hall.hall is None or local is None:
        return ""
    spans = flow.hall.hall.hours.get(_weekday(local), [])
    if not spans:
        return _say(flow, "kiosk.hours_closed")
    is_open = any(first <= local.strftime("%H:%M") <= last for first, last in (span.split("-") for span in spans))
    key = "kiosk.hours_today" if is_open or local.strftime("%H:%M") < spans[0] else "kiosk.hours_over"
    return _say(flow, key, spans=", ".join(span.replace("-", "–") for span in spans))


def _weekday(local: dt.datetime | None) -> str:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return days[local.weekday()] if local else ""


def _printer_notice(flow: Flow, printer: PrinterStatus) -> str:
    if printer.may_print:
        return ""
    return _say(flow, "kiosk.printer_out" if printer.state is PrinterState.PAPER_OUT else "kiosk.printer_dead")


def _named(flow: Flow, name: str, name_en: str) -> str:
    return name_en if flow.visit.language == "en" else name


def _agency_name(flow: Flow, agency_id: str) -> str:
    agencies = flow.hall.hall.agencies if flow.hall.hall else []
    return next((_named(flow, found.name, found.name_en) for found in agencies if found.id == agency_id), "")


def _service_name(flow: Flow, service_id: str) -> str:
    service = flow.hall.service(service_id)
    return _named(flow, service.name, service.name_en) if service else ""


def _class_name(flow: Flow, class_id: str) -> str:
    classes = flow.hall.hall.classes if flow.hall.hall else []
    return next((_named(flow, found.name, found.name_en) for found in classes if found.class_id == class_id), class_id)
