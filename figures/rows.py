"""The rows that figures are reckoned from: what the log says of visits, stays, counters and votes.

No row bears a ticket, its number or a citizen. Instants are gone: the hour is the hour of local time.
"""

import datetime as dt
from typing import get_type_hints

from msgspec import Struct, field


class _Row(Struct, frozen=True, gc=False):
    """A row of a table; each field is a column."""


class Visit(_Row, frozen=True):
    """A citizen's turn, in the service, class and state with which it ended; `hour` is the hour of issue."""

    visit: int
    """Tells visits of a stretch of rows apart; says nothing of the ticket."""
    service_day: dt.date
    weekday: int
    hour: int
    service: str
    procedure: str
    class_: str = field(name="class")
    origin: str
    outcome: str
    """`served`, `no_show`, `cancelled`, `abandoned`, or `open` while it goes on."""
    called: bool
    transferred: bool
    came_back: bool
    claim_false: bool
    times_wrong: bool
    rateable: bool
    """Served, on a day whose votes are among the rows."""
    waiting_seconds: float | None
    quoted_low: int | None
    quoted_high: int | None
    quoted_seconds: float | None
    """Issue to first call, where a range was told."""


class Stay(_Row, frozen=True):
    """One stay of a visit at a counter; `hour` is the hour of the call."""

    visit: int
    service_day: dt.date
    weekday: int
    hour: int
    service: str
    procedure: str
    class_: str = field(name="class")
    counter: str
    operator: str
    end: str
    """An outcome as of a visit, or `transferred` or `parked`."""
    came_back: bool
    claim_false: bool
    rateable: bool
    waiting_seconds: float | None
    """Only of the first stay, as the quoted ones: it was this counter that ended the wait."""
    walk_seconds: float | None
    service_seconds: float | None
    quoted_low: int | None
    quoted_high: int | None
    quoted_seconds: float | None


class Span(_Row, frozen=True):
    """Seconds of one hour that a counter with this person spent in a state: idle, called, serving or paused."""

    service_day: dt.date
    weekday: int
    hour: int
    counter: str
    operator: str
    state: str
    seconds: float


class Vote(_Row, frozen=True):
    """A score, of the whole visit (`criterion` empty) or of one criterion; which belong together is not kept."""

    service_day: dt.date
    weekday: int
    service: str
    counter: str
    operator: str
    criterion: str
    score: int


class Reason(_Row, frozen=True):
    """A reason that somebody ticked."""

    service_day: dt.date
    weekday: int
    service: str
    counter: str
    operator: str
    reason: str


class Rows(Struct):
    """The rows of a day or of several."""

    visits: list[Visit] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    def add(self, more: "Rows") -> None:
        """Take in the rows of another day."""
        for table in TABLES:
            getattr(self, table).extend(getattr(more, table))


_TYPES = {str: "VARCHAR", int: "BIGINT", bool: "BOOLEAN", float: "DOUBLE", dt.date: "DATE"}
_TYPES_OR_NULL = {int | None: "BIGINT", float | None: "DOUBLE"}


def _columns(row: type[Struct]) -> dict[str, str]:
    hints, types = get_type_hints(row), _TYPES | _TYPES_OR_NULL
    names = zip(row.__struct_fields__, row.__struct_encode_fields__, strict=True)
    return {column: types[hints[name]] for name, column in names}


TABLES: dict[str, dict[str, str]] = {
    "visits": _columns(Visit),
    "stays": _columns(Stay),
    "spans": _columns(Span),
    "votes": _columns(Vote),
    "reasons": _columns(Reason),
}
"""The tables, each with its columns and their types in DuckDB."""
VOTE_TABLES = ("votes", "reasons")
"""Those that are told of ended days only."""
