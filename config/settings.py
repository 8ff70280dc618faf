"""The hall file's words: every setting of a hall, typed. `config.loading` reads and checks it."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, field

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Minutes = Annotated[int, Meta(ge=0, le=480)]
Address = Annotated[str, Meta(pattern=r"^tcp://[^:\s]+:\d{1,5}$")]
Span = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]


class _Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the hall file: a key that it does not know is a fault."""


class HallTable(_Table, frozen=True, kw_only=True):
    """Who the hall is."""

    id: Id
    name: Name
    name_en: Name
    address: str = ""
    zone: str = "Asia/Ho_Chi_Minh"
    catalogue: str = ""
    """Path of the catalogue of procedures, relative to the hall file; empty: none."""


class Hours(_Table, frozen=True, kw_only=True):
    """Opening hours per weekday as spans of local time, e.g. `07:30-11:30`; an empty list: closed."""

    monday: list[Span] = []
    tuesday: list[Span] = []
    wednesday: list[Span] = []
    thursday: list[Span] = []
    friday: list[Span] = []
    saturday: list[Span] = []
    sunday: list[Span] = []


class Network(_Table, frozen=True, kw_only=True):
    """Where the hall's sockets are bound; `public_url` is what phones open, without a slash at the end."""

    commands: Address = "tcp://0.0.0.0:5570"
    events: Address = "tcp://0.0.0.0:5571"
    enrolment: Address = "tcp://0.0.0.0:5572"
    web_host: str = "0.0.0.0"  # noqa: S104 phones reach it through the hall's Wi-Fi
    web_port: Annotated[int, Meta(ge=1, le=65535)] = 8080
    public_url: Annotated[str, Meta(pattern=r"^https?://[^/\s]+$")] = "http://127.0.0.1:8080"


class Calling(_Table, frozen=True, kw_only=True):
    """The calling rule's parameters (docs/calling.md): first come, first served, with head starts and limits."""

    limits: bool = True
    """With limits on, a ticket past its class's limit goes before all that are within theirs."""
    own_field_minutes: Minutes = 10
    quick_minutes: Minutes = 5
    quick_service_minutes: Minutes = 5
    """A service whose mean time is at most this counts as quick."""
    max_recalls: Annotated[int, Meta(ge=1, le=20)] = 5


class Rating(_Table, frozen=True, kw_only=True):
    """How served tickets are rated; reasons are asked for at 3 or less."""

    open_hours: Annotated[int, Meta(ge=1, le=240)] = 24
    reasons: list["NamedTable"] = []


class NamedTable(_Table, frozen=True, kw_only=True):
    """Something with a name in Vietnamese and English."""

    id: Id
    name: Name
    name_en: Name


class Agency(NamedTable, frozen=True, kw_only=True):
    """Who answers for procedures; `also` are ids under which lists know it, such as the department it became."""

    also: list[Id] = []


class PriorityClass(_Table, frozen=True, kw_only=True):
    """A class of citizens with a head start; `ordinary` must be among them."""

    id: Id
    name: Name
    name_en: Name
    sign: Annotated[str, Meta(max_length=3)] = ""
    head_start_minutes: Minutes = 0
    limit_minutes: Minutes | None = None


class Queue(_Table, frozen=True, kw_only=True):
    """A number series: prefix and three digits or more, from `first` to `last` each service day."""

    id: Id
    prefix: Annotated[str, Meta(pattern=r"^[A-Z]{0,3}$")]
    first: Annotated[int, Meta(ge=1)] = 1
    last: Annotated[int, Meta(ge=1)] = 999
    digits: Annotated[int, Meta(ge=1, le=9)] = 3


class Service(_Table, frozen=True, kw_only=True):
    """What a number is taken for. `minutes` is the typed-in mean service time, until the log knows better."""

    id: Id
    name: Name
    name_en: Name
    agency: Id
    queue: Id
    minutes: Annotated[float, Meta(gt=0, le=480)]
    fields: list[str] = []
    """The official fields (lĩnh vực) of the agency whose procedures this service takes."""
    procedures: list[str] = []
    """Single procedure codes that belong here although their field says otherwise."""


class Counter(_Table, frozen=True, kw_only=True):
    """A counter: the services it may call, and those that are its own field."""

    id: Id
    name: Name
    services: list[Id]
    own: list[Id] = []


class Operator(_Table, frozen=True, kw_only=True):
    """A person who serves; the PIN is kept apart, hashed."""

    id: Id
    name: Name


class HallFile(_Table, frozen=True, kw_only=True):
    """A whole hall file."""

    hall: HallTable
    hours: Hours
    network: Network = field(default_factory=Network)
    calling: Calling = field(default_factory=Calling)
    rating: Rating = field(default_factory=Rating)
    classes: list[PriorityClass]
    queues: list[Queue]
    agencies: list[Agency]
    services: list[Service]
    counters: list[Counter]
    operators: list[Operator]


class Procedure(_Table, frozen=True, kw_only=True):
    """An administrative procedure (TTHC): official code, name and field in Unicode NFC."""

    code: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(min_length=1, max_length=2000)]
    field: str = ""
    agency: str = ""
    """The hall's agency id."""
    levels: list[str] = []


class Catalogue(_Table, frozen=True, kw_only=True):
    """A list of procedures, read from a catalogue file."""

    procedures: list[Procedure]


ROOT = Path(__file__).parent
"""The folder of the settings that come with the program."""
