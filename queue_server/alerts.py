"""What the head of the hall should look at now, by the hall's thresholds."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from protocol import replies as re
from protocol.errors import Fact
from protocol.staff_replies import TROUBLES
from protocol.words import TicketState
from queue_server.domain.calling import lines_for
from queue_server.domain.hall import Hall
from queue_server.domain.rules import Rules
from queue_server.domain.visit import is_served
from queue_server.marks import Marks
from queue_server.ratings import DayRatings

LISTENING = frozenset({"kiosk", "display", "counter"})
"""The devices that report themselves every half minute."""


def alerts_of(
    rules: Rules,
    counters: list[re.CounterStatus],
    services: list[re.ServiceOverview],
    devices: list[re.DeviceHealth],
    now: dt.datetime,
    hall: Hall,
    began: dt.datetime,
) -> list[re.Alert]:
    """What counters, services and devices make worth a look; nobody can have been heard before `began`."""
    found = [alert for counter in counters for alert in _counter(rules, counter, now, hall)]
    found += [alert for service in services for alert in _service(rules, service, now)]
    return found + [alert for device in devices for alert in _device(rules, device, now, began)]


_ORDER = (
    "alarm",
    *TROUBLES,
    "device_trouble",
    "long_wait",
    "after_closing",
    "connection_lost",
    "ratings_over_services",
    "rating_burst",
    "idle_while_waiting",
    "long_service",
    "long_pause",
    "device_silent",
    "service_suspended",
    "kiosk_suspended",
)
"""The codes of alerts, the most urgent first."""


def rating_alerts(ratings: DayRatings, marks: Marks, rules: Rules, hall: Hall, now: dt.datetime) -> list[re.Alert]:
    """Ratings that can't be honest: too many from one phone, or more at a counter than it finished tickets."""
    minutes = rules.rating.burst_minutes
    bursts = marks.bursts(rules.rating.burst_ratings, minutes, now)
    found = [re.Alert("rating_burst", since, {"ratings": count, "minutes": minutes}) for count, since in bursts]
    finished = Counter(ticket.counter_id for ticket in hall.ended.values() if is_served(ticket))
    for counter_id in hall.counters:
        rated = ratings.counted_at(counter_id)
        if rated > finished[counter_id]:
            facts: dict[str, Fact] = {"counter_id": counter_id, "ratings": rated, "finished": finished[counter_id]}
            found.append(re.Alert("ratings_over_services", None, facts))
    return found


def urgent_first(alerts: list[re.Alert]) -> list[re.Alert]:
    """The most urgent first."""
    return sorted(alerts, key=lambda alert: _ORDER.index(alert.code))


def _minutes(since: dt.datetime | None, now: dt.datetime) -> float:
    return (now - since).total_seconds() / 60 if since else 0.0


def _counter(rules: Rules, counter: re.CounterStatus, now: dt.datetime, hall: Hall) -> Iterator[re.Alert]:
    facts: dict[str, Fact] = {"counter_id": counter.counter_id, "operator_id": counter.operator_id}
    if counter.alarm_at is not None:
        yield re.Alert("alarm", counter.alarm_at, facts)
    if not counter.open:
        return
    if not counter.connected:
        yield re.Alert("connection_lost", None, facts)
    minutes = _minutes(counter.since, now)
    if counter.paused_reason_id is not None:
        if minutes >= rules.alerts.pause_minutes:
            yield re.Alert("long_pause", counter.since, {**facts, "reason_id": counter.paused_reason_id})
    elif counter.ticket is None:
        yield from _idle(rules, counter, facts, now, hall)
    else:
        yield from _long_service(rules, counter.ticket, facts, now)


def _idle(
    rules: Rules, counter: re.CounterStatus, facts: dict[str, Fact], now: dt.datetime, hall: Hall
) -> Iterator[re.Alert]:
    """Idle and somebody it may call waits, both for long enough: an arrival at a quiet counter is no fault."""
    lines = list(lines_for(rules, hall.reach(counter.counter_id), hall.lines))
    waited_since = [entry.waited_since for line in lines for _, entry in line.heads()]
    if not waited_since or counter.since is None:
        return
    since = max(counter.since, dt.datetime.fromtimestamp(min(waited_since), dt.UTC))
    if _minutes(since, now) >= rules.alerts.idle_minutes:
        waiting = sum(len(line.by_points) for line in lines)
        yield re.Alert("idle_while_waiting", since, {**facts, "waiting": waiting})


def _long_service(rules: Rules, ticket: re.TicketView, facts: dict[str, Fact], now: dt.datetime) -> Iterator[re.Alert]:
    mean = rules.service_seconds.get(ticket.service_id)
    serving = ticket.state is TicketState.SERVING and ticket.serving_at is not None
    if mean and serving and _minutes(ticket.serving_at, now) * 60 >= mean * rules.alerts.service_factor:
        yield re.Alert("long_service", ticket.serving_at, {**facts, "number": ticket.number})


def _service(rules: Rules, service: re.ServiceOverview, now: dt.datetime) -> Iterator[re.Alert]:
    status = service.status
    facts: dict[str, Fact] = {"service_id": status.service_id, "waiting": status.waiting}
    if service.longest_minutes >= rules.alerts.wait_minutes:
        yield re.Alert("long_wait", None, {**facts, "minutes": round(service.longest_minutes)})
    if status.waiting and service.last_called_at is not None:
        closes_at = rules.hours.closes_at(now)
        if closes_at is not None and service.last_called_at > closes_at:
            yield re.Alert("after_closing", service.last_called_at, facts)
    if status.issuing == "suspended":
        yield re.Alert("service_suspended", None, {**facts, "reason": status.reason})


def _device(rules: Rules, device: re.DeviceHealth, now: dt.datetime, began: dt.datetime) -> Iterator[re.Alert]:
    facts: dict[str, Fact] = {"device_id": device.device_id, "role": device.role}
    for trouble in device.troubles:
        yield re.Alert("device_trouble", device.heard_at, {**facts, "trouble": trouble})
    silent = (now - (device.heard_at or began)).total_seconds() > rules.alerts.device_seconds
    if device.role in LISTENING and silent:
        yield re.Alert("device_silent", device.heard_at, facts)
    if device.suspended:
        yield re.Alert("kiosk_suspended", None, {**facts, "reason": device.reason})
