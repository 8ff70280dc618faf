"""Whether a number can be taken: suspended services, opening hours, quotas, and the honest cut-off."""

import datetime as dt

from msgspec import Struct

from protocol.words import Issuing
from queue_server.domain.forecast import Forecast
from queue_server.domain.hall import Hall


class Door(Struct, frozen=True):
    """Whether a service gives numbers, why not, and when it does again."""

    issuing: Issuing
    reason: str = ""
    opens_at: dt.datetime | None = None


def door(hall: Hall, forecast: Forecast, service_id: str, class_id: str, now: dt.datetime) -> Door:
    """How a service's door stands for a class at `now`."""
    suspension = hall.suspensions.get(service_id)
    if suspension is not None:
        return Door(Issuing.SUSPENDED, suspension.reason)
    hours = hall.rules.hours
    if not hours.gives_numbers(now):
        return Door(Issuing.CLOSED, opens_at=hours.gives_numbers_next(now))
    return _quota(hall, service_id, now) or _cut_off(hall, forecast, service_id, class_id, now)


def _cut_off(hall: Hall, forecast: Forecast, service_id: str, class_id: str, now: dt.datetime) -> Door:
    """Whoever would be called after closing time gets no number; who might be, is told so."""
    hours, minutes = hall.rules.hours, forecast.services.get((service_id, class_id))
    closes_at, span = hours.closes_at(now), forecast.range_for(service_id, class_id)
    if minutes is None or span is None or closes_at is None or not hours.hours.cut_off:
        return Door(Issuing.OPEN)
    if hours.after_working(now, minutes * 60) > closes_at:
        return Door(Issuing.CUT_OFF, opens_at=hours.next_opening_day(now))
    return Door(Issuing.UNCERTAIN if hours.after_working(now, span[1] * 60) > closes_at else Issuing.OPEN)


def _quota(hall: Hall, service_id: str, now: dt.datetime) -> Door | None:
    service, given = hall.rules.services[service_id], hall.day.given if hall.day else {}
    hours = hall.rules.hours
    if service.day_quota is not None and given.get(service_id, 0) >= service.day_quota:
        return Door(Issuing.QUOTA, opens_at=hours.next_opening_day(now))
    today = hours.local_day(now)
    for quota in service.quotas:
        start, end = (hours.at(today, clock) for clock in quota.span.split("-"))
        if start <= now < end and given.get(f"{service_id}@{quota.span}", 0) >= quota.count:
            open_later = any(begin <= end < close for begin, close in hours.number_stretches(today))
            return Door(Issuing.QUOTA, opens_at=end if open_later else hours.gives_numbers_next(end))
    return None


def counts_for(hall: Hall, service_id: str, now: dt.datetime) -> list[str]:
    """The quotas that a number taken now counts for."""
    service, hours = hall.rules.services[service_id], hall.rules.hours
    today = hours.local_day(now)
    found = [service_id] if service.day_quota is not None else []
    for quota in service.quotas:
        start, end = (hours.at(today, clock) for clock in quota.span.split("-"))
        if start <= now < end:
            found.append(f"{service_id}@{quota.span}")
    return found


def local_text(hall: Hall, instant: dt.datetime | None, now: dt.datetime) -> str:
    """An instant as people of the hall read it: the time of day, with the date if that is another."""
    if instant is None:
        return "–"
    zone = hall.rules.zone
    there, here = instant.astimezone(zone), now.astimezone(zone)
    return there.strftime("%H:%M" if there.date() == here.date() else "%H:%M %d/%m")
