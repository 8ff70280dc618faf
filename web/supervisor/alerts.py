"""What to look at now, in plain sentences, each with the deed that helps."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from protocol.replies import Alert
from protocol.staff_replies import TROUBLES
from web.supervisor.scene import Scene, milliseconds

LEVELS = {
    "alarm": "danger",
    "chain_broken": "danger",
    "disk_fault": "danger",
    "disk_full": "danger",
    "clock_doubted": "danger",
    "standby_away": "warning",
    "disk_low": "warning",
    "backup_old": "warning",
    "hall_restored": "warning",
    "keys_refused": "note",
    "device_trouble": "danger",
    "long_wait": "danger",
    "after_closing": "warning",
    "connection_lost": "warning",
    "ratings_over_services": "warning",
    "rating_burst": "warning",
    "idle_while_waiting": "warning",
    "long_service": "warning",
    "long_pause": "warning",
    "device_silent": "warning",
    "service_suspended": "note",
    "kiosk_suspended": "note",
}
"""How urgent each code is; one that is newer than this page is a warning."""
SIGNS = {"danger": "‼", "warning": "!", "note": "i"}


@dataclass(frozen=True)
class Action:
    """A button: it opens a form (`ask`), or does something at once (`do` with its fields)."""

    label: str
    ask: str = ""
    do: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AlertLine:
    """One alert; `since` is in milliseconds since 1970 UTC. An action that changes something is for leaders only."""

    key: str
    level: str
    sign: str
    level_text: str
    sentence: str
    since: int | None
    action: Action | None


@dataclass(frozen=True)
class AlertGroup:
    """The alerts of one code: the first ones are shown, the others unfold."""

    code: str
    shown: list[AlertLine]
    folded: list[AlertLine]


SHOWN_OF_A_KIND = 3


def alert_groups(scene: Scene, *, leads: bool) -> list[AlertGroup]:
    """The alerts by kind, in the server's order of urgency."""
    groups = []
    for code, alerts in groupby(scene.overview.alerts, key=lambda alert: alert.code):
        lines = [alert_line(scene, alert, leads=leads) for alert in alerts]
        cut = SHOWN_OF_A_KIND if len(lines) > SHOWN_OF_A_KIND + 1 else len(lines)
        groups.append(AlertGroup(code, lines[:cut], lines[cut:]))
    return groups


def alert_line(scene: Scene, alert: Alert, *, leads: bool) -> AlertLine:
    """One alert in words."""
    level = LEVELS.get(alert.code, "warning")
    named = "-".join(str(alert.facts.get(key) or "") for key in ("counter_id", "service_id", "device_id", "trouble"))
    action = _action(scene, alert)
    return AlertLine(
        key=f"{alert.code}-{named}",
        level=level,
        sign=SIGNS[level],
        level_text=scene.say(f"level_{level}"),
        sentence=sentence(scene, alert),
        since=milliseconds(alert.since) if alert.code != "after_closing" else None,
        action=action if action and (leads or not action.do) else None,
    )


def sentence(scene: Scene, alert: Alert) -> str:
    """What an alert says."""
    places = _places(scene, alert)
    try:
        return scene.say(f"alert_{alert.code}", **places)
    except KeyError:
        return scene.say("alert_other", code=alert.code)


def _places(scene: Scene, alert: Alert) -> dict[str, object]:
    facts = alert.facts
    reason = str(facts.get("reason") or "")
    return {
        "counter": scene.counter(str(facts.get("counter_id") or "")),
        "operator": scene.person(str(facts.get("operator_id") or "")),
        "service": scene.service(str(facts.get("service_id") or "")),
        "device": str(facts.get("device_id") or ""),
        "trouble": trouble_text(scene, str(facts.get("trouble") or "")),
        "pause": scene.pause_reason(str(facts.get("reason_id") or "")),
        "reason": scene.say("because", reason=reason) if reason else "",
        "number": str(facts.get("number") or ""),
        "waiting": facts.get("waiting") or 0,
        "minutes": facts.get("minutes") or 0,
        "ratings": facts.get("ratings") or 0,
        "finished": facts.get("finished") or 0,
        "told": _date(scene, facts.get("told")),
        "at": scene.clock(alert.since) if alert.since else "",
    }


def _date(scene: Scene, told: object) -> str:
    """An instant that a fact tells, with its year."""
    here = dt.datetime.fromisoformat(str(told)).astimezone(ZoneInfo(scene.hall.zone)) if told else None
    return f"{here:%H:%M %d/%m/%Y}" if here else ""


def trouble_text(scene: Scene, code: str) -> str:
    """What is wrong with a device; its own code if it is newer than the texts."""
    try:
        return scene.say(f"trouble_{code}")
    except KeyError:
        return code


def _action(scene: Scene, alert: Alert) -> Action | None:
    """The deed that helps."""
    facts = {key: str(value) for key, value in alert.facts.items() if value is not None}
    counter = {"counter_id": facts.get("counter_id", "")}
    service = {"service_id": facts.get("service_id", "")}
    device = {"device_id": facts.get("device_id", "")}
    match alert.code:
        case "alarm":
            fields = (("counter_id", counter["counter_id"]), ("alarm_counter_id", counter["counter_id"]))
            return Action(scene.say("act_answer_alarm"), do="answer_alarm", fields=fields)
        case "clock_doubted":
            return Action(scene.say("act_confirm_clock"), do="confirm_clock")
        case "connection_lost" | "long_pause":
            return _asking(scene, "act_take_over", "counter", counter)
        case "idle_while_waiting" | "long_service":
            return _asking(scene, "act_message", "message", counter)
        case "long_wait":
            found = scene.overview_of(service["service_id"])
            if found is not None and not found.status.open_counters:
                return _asking(scene, "act_open", "service", service)
            return _asking(scene, "act_message", "message", service)
        case "ratings_over_services":
            return _asking(scene, "act_look_counter", "counter", counter)
        case "rating_burst":
            return _asking(scene, "act_about_ratings", "ratings", {})
        case "after_closing":
            return _asking(scene, "act_suspend", "service", service)
        case "device_trouble" | "device_silent":
            return _asking(scene, "act_look", "device", device)
        case "service_suspended":
            return Action(scene.say("act_reopen"), do="reopen_service", fields=tuple(service.items()))
        case "kiosk_suspended":
            return Action(scene.say("act_reopen"), do="reopen_kiosk", fields=tuple(device.items()))
    if alert.code in TROUBLES:  # a panel tells more
        return _asking(scene, "act_look_server", "server", {})
    return None


def _asking(scene: Scene, label: str, what: str, places: dict[str, str]) -> Action:
    return Action(scene.say(label), ask=f"{what}?{urlencode(places)}")
