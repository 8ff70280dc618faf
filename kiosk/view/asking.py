"""The questions between a service and its number, and why none is given."""

from kiosk import words
from kiosk.flow import Flow
from kiosk.flow.choosing import other_purposes
from kiosk.stages import Screen
from kiosk.tiles import Tile, class_tile, purpose_tile
from kiosk.touches import ChooseClass, Home, Stay, TakePlace
from kiosk.view.frames import frame, notice
from kiosk.view.model import View
from kiosk.visit import ORDINARY
from kiosk.words import say
from printers.base import PrinterStatus
from protocol.words import Issuing


def no_number(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """Why no number is given, when it will be, and what can be had instead."""
    door = flow.visit.door
    assert door is not None
    why = [words.reason(flow, door.reason), say(flow, f"why_{door.issuing}")]
    opens = words.opens(flow, door)
    day = f"{door.opens_at:%d/%m}" if door.opens_at else ""
    return View(
        Screen.NO_NUMBER,
        frame(flow, now, back=True),
        title=say(flow, f"no_number_{door.issuing}"),
        chosen_name=words.service_name(flow, flow.visit.service_id or ""),
        more="\n".join(filter(None, why)),
        facts=((say(flow, "opens_again"), opens),) if opens else (),
        button=say(flow, "take_place", day=day) if door.offers_place else "",
        button_more=say(flow, "why_place") if door.offers_place else "",
        means=TakePlace() if door.offers_place else None,
        others=tuple(purpose_tile(flow, found.purpose_id) for found in other_purposes(flow)),
    )


def stay(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """Many people wait: is a number wanted nevertheless?"""
    service_id = flow.visit.service_id or ""
    waiting, span = words.service_waiting(flow, service_id)
    return View(
        Screen.STAY,
        frame(flow, now, back=True),
        title=say(flow, "stay", waiting=flow.hall.status(service_id).waiting),
        chosen_name=words.service_name(flow, service_id),
        more=say(flow, "stay_more"),
        facts=((say(flow, "wait_expected"), span or waiting),),
        button=say(flow, "stay_yes"),
        button_more=say(flow, "stay_yes_more"),
        means=Stay(),
        others=(Tile(Home(), say(flow, "stay_no")),),
    )


def priority(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Which priority class, honestly; none is the biggest answer."""
    service_id = flow.visit.service_id or ""
    uncertain = say(flow, "uncertain") if flow.hall.status(service_id).issuing is Issuing.UNCERTAIN else ""
    warning = notice(flow, printer) or uncertain
    over = flow.visit.wants_place and flow.visit.door is not None and flow.visit.door.issuing is Issuing.CUT_OFF
    waiting = () if flow.visit.wants_place else words.service_waiting(flow, service_id)
    none_more = "place_none_more" if flow.visit.wants_place else "priority_none_more"
    return View(
        Screen.PRIORITY,
        frame(flow, now, back=True),
        title=say(flow, "priority"),
        more=say(flow, "place_class" if over else "priority_more"),
        notice=warning,
        chosen=say(flow, "chosen_service"),
        chosen_name="" if warning else words.service_name(flow, service_id),
        chosen_waiting=" · ".join(filter(None, waiting)),
        tiles=(
            Tile(ChooseClass(ORDINARY), say(flow, "priority_none"), say(flow, none_more)),
            *(class_tile(flow, class_id) for class_id in flow.class_ids()),
        ),
        button=say(flow, "priority_mine"),
    )


def person(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """Asks for the card, where the service gives one number to a person."""
    return View(
        Screen.PERSON,
        frame(flow, now, back=True),
        title=say(flow, "person"),
        more=say(flow, "person_more"),
        chosen_name=words.service_name(flow, flow.visit.service_id or ""),
        facts=((say(flow, "person_none"), say(flow, "place_help_desk")),),
        pictogram="card",
    )


def issuing(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """The number is on its way."""
    slow = say(flow, "issuing_slow") if now - flow.visit.since > 1.5 else ""
    title = "place_asking" if flow.visit.wants_place else "issuing"
    return View(Screen.ISSUING, frame(flow, now), title=say(flow, title), more=slow)
