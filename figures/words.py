"""What is asked of the figures, and what is answered: minutes, shares up to 1, None where nothing can be said."""

import datetime as dt
from enum import StrEnum

from msgspec import Struct


class Dimension(StrEnum):
    """What figures are told apart by."""

    DAY = "day"
    MONTH = "month"
    WEEKDAY = "weekday"
    HOUR = "hour"
    SERVICE = "service"
    AGENCY = "agency"
    FIELD = "field"
    PROCEDURE = "procedure"
    COUNTER = "counter"
    OPERATOR = "operator"
    CLASS = "class"


class Question(Struct, frozen=True):
    """Which visits are meant: of the days from `first_day` to `last_day`; an empty tuple asks for all."""

    first_day: dt.date
    last_day: dt.date
    services: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


class Figures(Struct, frozen=True):
    """The figures of a group of visits; docs/figures.md defines each of them.

    `key` is the group: an id, an ISO day or month, a weekday (0: Monday), an hour of local time; empty: everything.
    """

    key: str = ""
    issued: int = 0
    called: int = 0
    served: int = 0
    no_show: int = 0
    cancelled: int = 0
    abandoned: int = 0
    """Those of the cancelled whose citizen left, or was still there when the day ended."""
    transferred: int = 0
    came_back: int = 0
    claims_false: int = 0
    waiting_median: float | None = None
    waiting_p90: float | None = None
    waiting_p95: float | None = None
    within_target: float | None = None
    walk_median: float | None = None
    walk_p90: float | None = None
    walk_p95: float | None = None
    service_median: float | None = None
    service_p90: float | None = None
    service_p95: float | None = None
    quoted: int = 0
    """Visits that were told a waiting range, and called."""
    quoted_inside: float | None = None
    """The share of them that were called within it."""
    quoted_late: float | None = None
    """The share of them that were called after it."""
    quote_error: float | None = None
    """The median distance of their wait from the middle of the range, in minutes."""
    ratings: int | None = None
    """None where ratings can't be told apart so: nobody knows the procedure, class or hour of a rating."""
    response_rate: float | None = None
    satisfied: float | None = None
    score: float | None = None
    """The mean score, 1 to 5."""


class HourCell(Struct, frozen=True):
    """The visits that were issued in one hour of local time of one weekday (0: Monday)."""

    weekday: int
    hour: int
    days: int
    """So many days of this weekday had visits at all."""
    issued: int
    waiting_median: float | None
    waiting_p90: float | None


class CounterTimes(Struct, frozen=True):
    """How long a counter (or person) was open, and how that time was spent; `key` as in Figures."""

    key: str = ""
    open_minutes: float = 0.0
    called_minutes: float = 0.0
    """Waiting for a called citizen to come."""
    serving_minutes: float = 0.0
    idle_minutes: float = 0.0
    paused_minutes: float = 0.0
    occupancy: float | None = None
    """The share of the open and unpaused time in which somebody was called or served."""
    idle_share: float | None = None
    paused_share: float | None = None


class CriterionScore(Struct, frozen=True):
    """What citizens said of one criterion."""

    criterion_id: str
    ratings: int
    satisfied: float | None
    score: float | None


class RatingFigures(Struct, frozen=True):
    """The ratings of a group, by criterion, with how often each reason was given; `key` as in Figures."""

    key: str = ""
    ratings: int = 0
    served: int = 0
    """Visits that could be rated."""
    response_rate: float | None = None
    satisfied: float | None = None
    score: float | None = None
    criteria: list[CriterionScore] = []
    reasons: dict[str, int] = {}


class Procedure(Struct, frozen=True):
    """What a procedure is called, and its field."""

    name: str
    field: str = ""
