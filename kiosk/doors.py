"""Whether a number can be taken for a service, and if not, why and since when again."""

import datetime as dt
from dataclasses import dataclass

from protocol.errors import Fact
from protocol.replies import HallReply, ServiceStatus
from protocol.words import Issuing

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LOOK_AHEAD_DAYS = 60

_GIVING = (Issuing.OPEN, Issuing.UNCERTAIN)
_OVER_FOR_NOW = (Issuing.CUT_OFF, Issuing.QUOTA, Issuing.CLOSED)
_REFUSALS = {
    "hall_closed": Issuing.CLOSED,
    "cut_off": Issuing.CUT_OFF,
    "quota_reached": Issuing.QUOTA,
    "service_suspended": Issuing.SUSPENDED,
}


@dataclass(frozen=True)
class Door:
    """How the door of a service stands; `opens_at` and `today` are of the hall's own calendar."""

    issuing: Issuing
    reason: str = ""
    opens_at: dt.datetime | None = None
    today: dt.date | None = None
    alone: bool = False
    """The server is away, so that nobody can promise a place."""

    @property
    def gives_numbers(self) -> bool:
        """Whether a number can be asked for."""
        return self.issuing in _GIVING

    @property
    def opens_today(self) -> bool:
        """Whether it is enough to wait here for the door to open again."""
        return self.opens_at is not None and self.opens_at.date() == self.today

    @property
    def offers_place(self) -> bool:
        """Whether a place of the next day of work can be taken instead."""
        later = self.opens_at is not None and not self.opens_today
        return self.issuing in _OVER_FOR_NOW and later and not self.alone


def refused_door(code: str, facts: dict[str, Fact], zone: dt.tzinfo, today: dt.date | None) -> Door | None:
    """The door that a refusal tells of; none if it was refused for something else."""
    issuing = _REFUSALS.get(code)
    if issuing is None:
        return None
    return Door(issuing, str(facts.get("reason") or ""), _instant(facts.get("opens_at"), zone), today)


def _instant(told: Fact, zone: dt.tzinfo) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(told)).astimezone(zone)
    except ValueError:
        return None


# ---- the hall's hours, kept by the kiosk itself while the server is away ----


def spans_of(hall: HallReply, day: dt.date) -> list[str]:
    """A day's hours of the hall, special days and holidays counted; empty on a day without work."""
    if (special := hall.special_days.get(day.isoformat())) is not None:
        return special
    return [] if day in hall.holidays else hall.hours.get(_WEEKDAYS[day.weekday()], [])


def number_stretches(hall: HallReply, day: dt.date, zone: dt.tzinfo) -> list[tuple[dt.datetime, dt.datetime]]:
    """From when to when numbers are given on a day: a little before the morning opens, not in breaks."""
    stretches = [_stretch(day, span, zone) for span in spans_of(hall, day)]
    if stretches and hall.kiosk is not None:
        (start, end), before = stretches[0], dt.timedelta(minutes=hall.kiosk.issue_before_minutes)
        stretches[0] = start - before, end
        (start, end), early = stretches[-1], dt.timedelta(minutes=hall.kiosk.last_number_minutes)
        stretches[-1] = start, end - early
    return stretches


def _stretch(day: dt.date, span: str, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    start, end = span.split("-")
    return _at(day, start, zone), _at(day, end, zone)


def _at(day: dt.date, clock: str, zone: dt.tzinfo) -> dt.datetime:
    """A local time of a day, `HH:MM` up to 24:00."""
    hour, minute = map(int, clock.split(":"))
    return dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(hours=hour, minutes=minute)


def own_door(hall: HallReply, status: ServiceStatus, left: int, now: dt.datetime) -> Door:
    """How a door stands by the hall's hours and what the server said last; `now` is local, `left` are numbers kept."""
    today = now.date()
    if status.issuing is Issuing.SUSPENDED:
        return Door(Issuing.SUSPENDED, status.reason, None, today, alone=True)
    zone = now.tzinfo or dt.UTC
    if not any(start <= now < end for start, end in number_stretches(hall, today, zone)):
        return Door(Issuing.CLOSED, "", _next_start(hall, now, zone), today, alone=True)
    if status.issuing in (Issuing.QUOTA, Issuing.CUT_OFF) and _still(status, now):
        opens_at = status.opens_at and status.opens_at.astimezone(zone)
        return Door(status.issuing, status.reason, opens_at, today, alone=True)
    return Door(Issuing.OPEN if left else Issuing.QUOTA, "", None, today, alone=True)


def _still(status: ServiceStatus, now: dt.datetime) -> bool:
    """Whether what the server said of a door holds at `now`."""
    return status.opens_at is None or now < status.opens_at


def _next_start(hall: HallReply, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    days = (now.date() + dt.timedelta(days=ahead) for ahead in range(_LOOK_AHEAD_DAYS))
    starts = (start for day in days for start, _ in number_stretches(hall, day, zone))
    return next((start for start in starts if start > now), None)
