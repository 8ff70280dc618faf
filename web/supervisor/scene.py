"""The hall at one moment, for one reader: what all parts of the page are made from."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.texts import text
from protocol.replies import AnnouncementInfo, CounterStatus, HallReply, OverviewReply, ServiceOverview, TicketView
from web import names

FEWEST_RATINGS = 5
"""Fewer ratings are not shown: a share of three votes is almost a vote."""


@dataclass(frozen=True)
class Scene:
    """An overview, the names of the hall and the language of who reads it."""

    hall: HallReply
    overview: OverviewReply
    language: str
    announcements: Sequence[AnnouncementInfo] = ()

    def say(self, key: str, **places: object) -> str:
        """A text of the supervisor's page."""
        return text(f"supervisor.{key}", self.language, **places)

    def counter(self, counter_id: str) -> str:
        """The name of a counter."""
        return names.counter_name(self.hall, counter_id, self.language)

    def service(self, service_id: str) -> str:
        """The name of a service."""
        return names.service_name(self.hall, service_id, self.language)

    def person(self, operator_id: str | None) -> str:
        """The name of a person; empty: nobody."""
        return names.operator_name(self.hall, operator_id) if operator_id else ""

    def sign(self, class_id: str) -> str:
        """The sign of a priority class; empty: ordinary."""
        found = names.class_info(self.hall, class_id)
        return found.sign if found else ""

    def class_name(self, class_id: str) -> str:
        """The name of a class."""
        found = names.class_info(self.hall, class_id)
        return names.named(found, self.language) if found else class_id

    def pause_reason(self, reason_id: str) -> str:
        """The name of a reason to pause."""
        return names.reason_name(self.hall.pause_reasons, reason_id, self.language)

    def clock(self, at: dt.datetime) -> str:
        """`HH:MM` in the hall; with the day if that is another one."""
        zone = ZoneInfo(self.hall.zone)
        here = at.astimezone(zone)
        same_day = here.date() == self.overview.at.astimezone(zone).date()
        return here.strftime("%H:%M" if same_day else "%H:%M %d/%m")

    def minutes(self, minutes: float) -> str:
        """A span in whole minutes: `42 phút`."""
        return self.say("minutes", n=max(0, int(minutes)))

    def status_of(self, counter_id: str) -> CounterStatus | None:
        """A counter now."""
        return next((one for one in self.overview.counters if one.counter_id == counter_id), None)

    def overview_of(self, service_id: str) -> ServiceOverview | None:
        """A service now."""
        return next((one for one in self.overview.services if one.status.service_id == service_id), None)

    def target_minutes(self, service_id: str) -> int:
        """How long nobody should wait for a service."""
        return next((one.target_minutes for one in self.hall.services if one.service_id == service_id), 30)

    def waited_since(self, ticket: TicketView) -> dt.datetime:
        """From when a ticket's waiting counts: its number, or its appointment if that is later."""
        return max(ticket.issued_at, ticket.slot_at) if ticket.slot_at else ticket.issued_at


def milliseconds(at: dt.datetime | None) -> int | None:
    """An instant as browsers count: milliseconds since 1970 UTC."""
    return None if at is None else int(at.timestamp() * 1000)


def percent(share: float) -> str:
    """A share as whole percent, never rounded up to all or down to none."""
    rounded = round(share * 100)
    if 0 < share < 1:
        rounded = min(max(rounded, 1), 99)
    return f"{rounded} %"


def decimal(value: float, language: str) -> str:
    """A number with one decimal at most: `4,5` in Vietnamese, `4.5` in English."""
    shown = f"{value:.1f}".removesuffix(".0")
    return shown.replace(".", ",") if language == "vi" else shown
