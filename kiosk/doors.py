"""Whether a number can be taken for a service, and if not, why and since when again."""

import datetime as dt
from dataclasses import dataclass

from protocol.errors import Fact
from protocol.words import Issuing

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
        return self.issuing in _OVER_FOR_NOW and self.opens_at is not None and not self.opens_today


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
