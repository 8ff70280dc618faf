"""When a hall is open: weekdays, special days, holidays and breaks, in the hall's own zone."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from config.settings import WEEKDAYS, Hours

_LOOK_AHEAD_DAYS = 60
Stretch = tuple[dt.datetime, dt.datetime]
"""From when to when, aware UTC."""


@dataclass
class OpeningHours:
    """A hall's opening hours; every instant is aware UTC."""

    zone: ZoneInfo
    hours: Hours
    _days: dict[dt.date, list[Stretch]] = field(default_factory=dict)
    _number_days: dict[dt.date, list[Stretch]] = field(default_factory=dict)
    _day: tuple[dt.datetime, dt.datetime, dt.date] | None = None

    def local_day(self, now: dt.datetime) -> dt.date:
        """The calendar day of an instant where the hall is."""
        if self._day is None or not self._day[0] <= now < self._day[1]:
            day = now.astimezone(self.zone).date()
            self._day = self.at(day, "00:00"), self.at(day, "24:00"), day
        return self._day[2]

    def open_stretches(self, day: dt.date) -> list[Stretch]:
        """When the hall is open on a day, in order; empty: not at all."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = [self._stretch(day, span) for span in self._spans(day)]
        return found

    def _spans(self, day: dt.date) -> list[str]:
        for special in self.hours.special:
            if special.date == day:
                return special.spans
        return [] if day in self.hours.holidays else getattr(self.hours, WEEKDAYS[day.weekday()])

    def _stretch(self, day: dt.date, span: str) -> Stretch:
        start, end = span.split("-")
        return self.at(day, start), self.at(day, end)

    def at(self, day: dt.date, clock: str) -> dt.datetime:
        """A local time of a day, `HH:MM` up to 24:00, as an instant."""
        hour, minute = map(int, clock.split(":"))
        midnight = dt.datetime.combine(day, dt.time(), self.zone)
        return (midnight + dt.timedelta(hours=hour, minutes=minute)).astimezone(dt.UTC)

    def today(self, now: dt.datetime) -> list[Stretch]:
        """The open stretches of the local day of `now`."""
        return self.open_stretches(self.local_day(now))

    def closes_at(self, now: dt.datetime) -> dt.datetime | None:
        """When the day of `now` ends for the hall; None: it is closed all day."""
        stretches = self.today(now)
        return stretches[-1][1] if stretches else None

    def gives_numbers(self, now: dt.datetime) -> bool:
        """Whether numbers are given at this hour: a little before the morning opens, not in breaks."""
        return any(start <= now < end for start, end in self.number_stretches(self.local_day(now)))

    def number_stretches(self, day: dt.date) -> list[Stretch]:
        """When numbers are given on a day."""
        found = self._number_days.get(day)
        if found is None:
            found = self._number_days[day] = self._number_stretches(day)
        return found

    def numbers_begin(self, now: dt.datetime) -> dt.datetime | None:
        """When the first number of the day of `now` can be taken; None: on that day none can."""
        stretches = self.number_stretches(self.local_day(now))
        return stretches[0][0] if stretches else None

    def _number_stretches(self, day: dt.date) -> list[Stretch]:
        stretches = list(self.open_stretches(day))
        if stretches:
            start, end = stretches[0]
            stretches[0] = start - dt.timedelta(minutes=self.hours.issue_before_minutes), end
            start, end = stretches[-1]
            stretches[-1] = start, end - dt.timedelta(minutes=self.hours.last_number_minutes)
        return stretches

    def gives_numbers_next(self, now: dt.datetime) -> dt.datetime | None:
        """When numbers are given the next time after `now`; None: not within two months."""
        return self._next_start(now, self.number_stretches, self.local_day(now))

    def next_opening_day(self, now: dt.datetime) -> dt.datetime | None:
        """When the hall opens on its next day of work after the day of `now`."""
        return self._next_start(now, self.open_stretches, self.local_day(now) + dt.timedelta(days=1))

    def _next_start(
        self, now: dt.datetime, stretches_of: Callable[[dt.date], list[Stretch]], first: dt.date
    ) -> dt.datetime | None:
        for ahead in range(_LOOK_AHEAD_DAYS):
            for start, _ in stretches_of(first + dt.timedelta(days=ahead)):
                if start > now:
                    return start
        return None

    def after_working(self, now: dt.datetime, seconds: float) -> dt.datetime:
        """When so many seconds of work are over: breaks do not count; after closing time work goes on."""
        left, at = dt.timedelta(seconds=seconds), now
        stretches = self.today(now)
        for place, (start, end) in enumerate(stretches):
            at = max(at, start)
            if place == len(stretches) - 1 or at + left <= end:
                break
            if at < end:
                left -= end - at
        return at + left
