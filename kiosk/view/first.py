"""The first screen, and those that stand in its place when no number can be taken."""

from kiosk import words
from kiosk.doors import Door
from kiosk.flow import Flow
from kiosk.stages import Screen
from kiosk.touches import Begin
from kiosk.view.frames import frame, notice, search_button
from kiosk.view.model import View
from kiosk.words import say
from printers.base import PrinterStatus
from protocol.words import Issuing

_STEPS = (("1", "choose"), ("2", "take"), ("3", "wait"))


def away(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """The hall does not answer."""
    title = "away" if flow.hall.hall else "connecting"
    return View(Screen.AWAY, frame(flow, now), title=say(flow, title), more=say(flow, "away_more"))


def suspended(flow: Flow, _printer: PrinterStatus, now: float) -> View:
    """This kiosk was taken out of use."""
    return View(
        Screen.SUSPENDED,
        frame(flow, now),
        title=say(flow, "suspended"),
        chosen_name=words.reason(flow, flow.hall.suspended or ""),
        more=say(flow, "suspended_more"),
    )


def idle(flow: Flow, printer: PrinterStatus, now: float) -> View:
    """Greets, and says how busy the hall is."""
    doors = [flow.hall.door(service.service_id) for service in flow.hall.services()]
    if doors and not any(door.gives_numbers for door in doors):
        return _closed(flow, doors, now)
    arrival = None if flow.hall.away else flow.hall.arrival
    return View(
        Screen.IDLE,
        frame(flow, now),
        arrival=(arrival.arrival_code, arrival.url) if arrival else ("", ""),
        arrival_words=(say(flow, "arrival"), say(flow, "arrival_more")) if arrival else ("", ""),
        title=say(flow, "greeting"),
        more=say(flow, "greeting_more"),
        notice=notice(flow, printer),
        chosen=words.hours(flow),
        chosen_waiting=_waiting(flow),
        facts=() if arrival else tuple((sign, say(flow, f"step_{step}")) for sign, step in _STEPS),
        button=say(flow, "begin"),
        button_more=say(flow, "begin_more"),
        means=Begin(),
        others=search_button(flow),
    )


def _waiting(flow: Flow) -> str:
    if flow.hall.alone:
        return say(flow, "waiting_unknown")
    waiting = flow.hall.waiting()
    return say(flow, "waiting_total" if waiting else "waiting_none", waiting=waiting)


def _closed(flow: Flow, doors: list[Door], now: float) -> View:
    """No service gives numbers: the first screen says why, when it will, and what can be had instead."""
    closed = all(door.issuing is Issuing.CLOSED for door in doors)
    title = "idle_over" if not closed else "idle_closed" if flow.hall.spans() else "idle_holiday"
    opening = min((door for door in doors if door.opens_at), key=lambda door: str(door.opens_at), default=None)
    place = any(door.offers_place for door in doors)
    return View(
        Screen.IDLE,
        frame(flow, now),
        title=say(flow, title),
        chosen=words.hours(flow) if flow.hall.spans() else "",
        chosen_waiting=say(flow, "idle_opens", opens=words.opens(flow, opening)) if opening else "",
        button=say(flow, "idle_place" if place else "idle_look"),
        button_more=say(flow, "idle_place_more") if place else "",
        means=Begin(),
        muted=not place,
        others=search_button(flow),
    )
