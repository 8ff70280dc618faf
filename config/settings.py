"""The hall file's words: every setting of a hall, typed. `config.loading` reads and checks it."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Minutes = Annotated[int, Meta(ge=0, le=480)]
Address = Annotated[str, Meta(pattern=r"^tcp://[^:\s]+:\d{1,5}$")]
AddressOrNone = Annotated[str, Meta(pattern=r"^(tcp://[^:\s]+:\d{1,5})?$")]
IpAddress = Annotated[str, Meta(pattern=r"^(\d{1,3}\.){3}\d{1,3}$|^[0-9A-Fa-f]*:[0-9A-Fa-f:]+$")]
Seconds = Annotated[int, Meta(ge=0, le=3600)]
Url = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$")]
Prefix = Annotated[str, Meta(pattern=r"^[A-Z]{0,3}$")]
Role = Literal["operator", "supervisor", "administrator", "auditor"]
LanguageCode = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")]
Span = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The keys of `[hours]` that hold a weekday's spans, in the order of `date.weekday`."""
PICTOGRAMS = (
    "birth",
    "building",
    "business",
    "car",
    "card",
    "child",
    "dossier",
    "education",
    "farm",
    "health",
    "house",
    "land",
    "money",
    "passport",
    "people",
    "post",
    "question",
    "result",
    "stamp",
    "work",
)
"""The pictures that a service or purpose may have on the kiosk's tiles."""
EVERY_FIELD = "*"
"""Stands in a service's `fields` for all fields of its agency that no other service names."""


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
    holidays: list[dt.date] = []
    """Days on which the hall is closed whatever their weekday."""
    special: list["SpecialDay"] = []
    issue_before_minutes: Minutes = 30
    """Numbers are given so many minutes before the hall opens in the morning."""
    last_number_minutes: Minutes = 0
    """Numbers end so many minutes before closing time; the forecast may end them earlier."""
    cut_off: bool = True
    """Numbers of a service stop when whoever takes one would not be called before closing time."""
    places_tomorrow: Annotated[int, Meta(ge=0, le=100)] = 10
    """First places of the next day of work, per service, for those who came too late."""


class SpecialDay(_Table, frozen=True, kw_only=True):
    """A day with hours of its own, such as a compensating Saturday."""

    date: dt.date
    spans: list[Span]


class Network(_Table, frozen=True, kw_only=True):
    """Where the hall's sockets are bound; `public_url` is what phones open, without a slash at the end."""

    commands: Address = "tcp://0.0.0.0:5570"
    events: Address = "tcp://0.0.0.0:5571"
    enrolment: Address = "tcp://0.0.0.0:5572"
    web_host: str = "0.0.0.0"  # noqa: S104 phones reach it through the hall's Wi-Fi
    web_port: Annotated[int, Meta(ge=1, le=65535)] = 8080
    public_url: Url = "http://127.0.0.1:8080"
    tls_certificate: str = ""
    """Path of a certificate chain (PEM), relative to the hall file: the web pages speak HTTPS. Empty: HTTP."""
    tls_key: str = ""
    """Path of its key (PEM, no password), relative to the hall file."""
    proxy: list[str] = []
    """Addresses or networks of reverse proxies that are believed in whose name they ask, and whether over TLS."""
    status_page: bool = True
    """`/` tells everybody how the hall stands: who is served, how many wait, how long."""


class Standby(_Table, frozen=True, kw_only=True):
    """The second machine: where clients find the hall if the first is gone. Empty: there is none."""

    link: AddressOrNone = ""
    """Where this machine waits for the second one, which follows it: `tcp://0.0.0.0:5573`."""
    commands: AddressOrNone = ""
    events: AddressOrNone = ""


class Watch(_Table, frozen=True, kw_only=True):
    """What the server watches of itself and keeps in reserve."""

    disk_reserve_mb: Annotated[int, Meta(ge=0, le=10_000)] = 50
    """So much is kept on the disk, and given up when that is full: the day can be finished."""
    disk_low_mb: Annotated[int, Meta(ge=1, le=100_000)] = 500
    """Less free than this is told to the head of the hall."""
    backup_hours: Annotated[int, Meta(ge=1, le=10_000)] = 26
    """A backup older than this is told to the head of the hall."""
    log_mb: Annotated[int, Meta(ge=1, le=10_000)] = 50
    """So much may the log files in the data folder take in all."""
    metrics_from: list[IpAddress] = []
    """The other machines whose programs may read `/metrics`; this one may always."""


class Calling(_Table, frozen=True, kw_only=True):
    """The calling rule's parameters (docs/calling.md): first come, first served, with head starts and limits."""

    limits: bool = True
    """With limits on, a ticket past its class's limit goes before all that are within theirs."""
    own_field_minutes: Minutes = 10
    quick_minutes: Minutes = 5
    quick_service_minutes: Minutes = 5
    """A service whose mean time is at most this counts as quick."""
    max_recalls: Annotated[int, Meta(ge=1, le=20)] = 5
    returned_minutes: Minutes = 10
    """Head start of who comes back into the line: transferred, parked, restored or supplementing papers."""
    returned_limit_minutes: Annotated[int, Meta(ge=1, le=480)] = 20
    appointment_minutes: Minutes = 15
    """An appointment kept on time counts from so long before its slot."""
    appointment_limit_minutes: Annotated[int, Meta(ge=1, le=480)] = 15
    appointment_early_minutes: Minutes = 60
    """So long before its slot an appointment can check in at the earliest."""
    appointment_late_minutes: Minutes = 10
    """So long after its slot an appointment still counts as on time."""
    max_priority_run: Annotated[int, Meta(ge=0, le=100)] = 0
    """So many priority calls in a row while somebody ordinary waits past the target; 0: as many as come."""


class CounterWork(_Table, frozen=True, kw_only=True):
    """What the hall lets its counters do, and how long they have for it."""

    recall_gap_seconds: Seconds = 5
    no_show_min_calls: Annotated[int, Meta(ge=1, le=20)] = 2
    no_show_min_seconds: Seconds = 30
    undo_seconds: Annotated[int, Meta(ge=0, le=60)] = 10
    lease_seconds: Annotated[int, Meta(ge=10, le=3600)] = 60
    """A counter whose page or keypad was not heard for so long may pass to another operator."""
    next_finishes: bool = True
    """“Next” while serving finishes the running ticket first."""
    result_required: bool = False
    """A ticket is finished only with a result."""
    come_back_hours: Annotated[int, Meta(ge=1, le=240)] = 48
    results: list["NamedTable"] = []
    pause_reasons: list["NamedTable"] = []


class Alerts(_Table, frozen=True, kw_only=True):
    """From when on the supervisor's page points at something."""

    wait_minutes: Annotated[int, Meta(ge=1, le=480)] = 30
    idle_minutes: Annotated[int, Meta(ge=1, le=480)] = 3
    """A counter idle for so long while somebody it could call waits."""
    service_factor: Annotated[float, Meta(gt=1, le=20)] = 3.0
    """A service that takes so many times its mean."""
    pause_minutes: Annotated[int, Meta(ge=1, le=480)] = 20
    device_seconds: Annotated[int, Meta(ge=10, le=3600)] = 90
    """A device not heard for so long."""


class Rating(_Table, frozen=True, kw_only=True):
    """How served tickets are rated; reasons are asked for at 3 or less."""

    open_hours: Annotated[int, Meta(ge=1, le=240)] = 24
    reasons: list["NamedTable"] = []
    criteria: list["NamedTable"] = []
    """What else may be rated from 1 to 5, such as the points of the ministry's form."""
    tablet_seconds: Annotated[int, Meta(ge=10, le=300)] = 30
    """So long a counter's tablet shows the stars after a service."""
    callbacks: bool = False
    """Citizens may ask to be called back; what they leave is sealed and erased."""
    burst_ratings: Annotated[int, Meta(ge=2, le=1000)] = 5
    """So many ratings from one phone within `burst_minutes` raise an alarm."""
    burst_minutes: Minutes = 10


class Retention(_Table, frozen=True, kw_only=True):
    """For how many days what is personal is kept; the log keeps that it was erased."""

    notes_days: Annotated[int, Meta(ge=1, le=366)] = 14
    comments_days: Annotated[int, Meta(ge=1, le=3660)] = 366
    callbacks_days: Annotated[int, Meta(ge=1, le=366)] = 30


class Wall(_Table, frozen=True, kw_only=True):
    """How all walls of the hall are."""

    minimum_seconds: Annotated[int, Meta(ge=3, le=60)] = 8
    """A call stays at least so long before another may push it out."""
    officers: bool = False
    """A counter's sign names who sits there."""
    by_counter: bool = False
    """The satisfaction board tells it by counter too."""
    ticker: list[Annotated[str, Meta(min_length=1, max_length=300)]] = []
    ticker_en: list[Annotated[str, Meta(max_length=300)]] = []


class Display(_Table, frozen=True, kw_only=True):
    """One wall display, by the name under which it was enrolled; one that is not listed is a silent main board."""

    id: Id
    kind: Literal["main", "one_call", "summary", "counter", "satisfaction"] = "main"
    services: list[Id] = []
    """Its zone: only these services; empty: all."""
    counter: Id | None = None
    """Whose sign it is, for the kind `counter`."""
    speaks: bool = False
    """Its loudspeaker calls the numbers of its zone."""
    playlist: Id | None = None


class Playlist(_Table, frozen=True, kw_only=True):
    """Pictures and films shown beside the calls, one after the other."""

    id: Id
    items: list["MediaItem"]


class MediaItem(_Table, frozen=True, kw_only=True):
    """A file of the display's media folder; a film is shown to its end."""

    file: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^/\\.][^/\\]*$")]
    seconds: Annotated[int, Meta(ge=2, le=3600)] = 12
    spans: list[Span] = []
    """Only in these local times; empty: always."""


class Voice(_Table, frozen=True, kw_only=True):
    """How calls are spoken."""

    languages: Annotated[list[LanguageCode], Meta(min_length=1, max_length=4)] = field(default_factory=lambda: ["vi"])
    """Said one after the other."""
    repeats: Annotated[int, Meta(ge=1, le=3)] = 2
    gong: bool = True
    deadline_seconds: Annotated[int, Meta(ge=5, le=600)] = 180
    """A call that could not be said for so long is not said any more."""
    recall_gap_seconds: Seconds = 5
    """A recall so soon after the previous announcement is not said again."""
    levels: list["Level"] = []
    """Local times in which it is quieter; else as loud as it goes."""
    letters: dict[str, str] = {}
    """Letters as they are read here, such as `G = "gờ"`."""


class Level(_Table, frozen=True, kw_only=True):
    """How loud it is within a span of local time."""

    span: Span
    percent: Annotated[int, Meta(ge=0, le=100)]


class FromHome(_Table, frozen=True, kw_only=True):
    """Numbers taken with a phone before coming; they count once their citizen is in the hall."""

    services: list[Id] = []
    """The services that give such numbers; empty: none does."""
    per_phone: Annotated[int, Meta(ge=1, le=20)] = 1
    """So many a day for one phone."""
    per_service: Annotated[int, Meta(ge=1, le=1000)] = 30
    """So many a day for each service."""


class NamedTable(_Table, frozen=True, kw_only=True):
    """Something with a name in Vietnamese and English."""

    id: Id
    name: Name
    name_en: Name


class Kiosk(_Table, frozen=True, kw_only=True):
    """How the hall's kiosks serve citizens."""

    languages: Annotated[list[LanguageCode], Meta(min_length=1, max_length=8)] = field(
        default_factory=lambda: ["vi", "en"]
    )
    """The languages offered, by their files in `config/texts`; the first one is spoken to everybody."""
    ask_above: Annotated[int, Meta(ge=0, le=10_000)] = 30
    """With more people waiting the kiosk asks whether to stay; 0: never."""
    block_size: Annotated[int, Meta(ge=0, le=5_000)] = 200
    """So many numbers per queue and day each kiosk holds for when the server is away; 0: none."""


class Purpose(NamedTable, frozen=True, kw_only=True):
    """What citizens come for, asked before anything else; no `services`: whatever procedure it is."""

    pictogram: str = ""
    services: list[Id] = []
    by_code: bool = False
    """The code of a dossier's receipt leads on, where `[dossiers]` says where to look."""


class Dossiers(_Table, frozen=True, kw_only=True):
    """Where to look whether a dossier's result is ready: a CSV file that another system writes."""

    file: str = ""
    """Path relative to the hall file; columns `code`, `state` (`ready`, `not_ready`), `service`, `due_on`."""
    service: Id | None = None
    """The service at which results are fetched, where a row names none."""


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
    proof: str = ""
    """The usual proof, looked at once at the counter."""
    proof_en: str = ""


class Queue(_Table, frozen=True, kw_only=True):
    """A number series: prefix and three digits or more, from `first` to `last` each service day."""

    id: Id
    prefix: Prefix
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
    target_minutes: Annotated[int, Meta(ge=1, le=480)] = 30
    """Nobody should wait longer; colours and the share within target go by it."""
    day_quota: Annotated[int, Meta(ge=1)] | None = None
    """So many numbers a day at most."""
    quotas: list["Quota"] = []
    asks_person: bool = False
    """A number is given only to who says who he is, and one at a time."""
    fields: list[str] = []
    """The official fields (lĩnh vực) of the agency whose procedures this service takes."""
    procedures: list[str] = []
    """Single procedure codes that belong here although their field says otherwise."""
    pictogram: str = ""
    """A picture for people who do not read: one of `config.settings.PICTOGRAMS`."""


class Quota(_Table, frozen=True, kw_only=True):
    """So many numbers of a service within a span of local time."""

    span: Span
    count: Annotated[int, Meta(ge=0)]


class Counter(_Table, frozen=True, kw_only=True):
    """A counter: the services it may call, and those that are its own field."""

    id: Id
    name: Name
    services: list[Id]
    own: list[Id] = []
    helps: dict[Id, Minutes] = {}
    """Foreign services that it takes too, each so many minutes behind: help for queues that overflow."""


class Operator(_Table, frozen=True, kw_only=True):
    """A person who serves; the PIN is kept apart, hashed."""

    id: Id
    name: Name
    role: Role = "operator"
    counter: Id | None = None
    """The counter that is always his."""
    may_call_any: bool = False
    """May call a given number out of order."""
    skills: list[Id] = []
    """The services that he can do; empty: all."""
    prefers: dict[Id, Minutes] = {}
    """Services that count as so many minutes older for him."""


class HallFile(_Table, frozen=True, kw_only=True):
    """A whole hall file."""

    hall: HallTable
    hours: Hours
    network: Network = field(default_factory=Network)
    calling: Calling = field(default_factory=Calling)
    rating: Rating = field(default_factory=Rating)
    counter_work: CounterWork = field(default_factory=CounterWork)
    alerts: Alerts = field(default_factory=Alerts)
    classes: list[PriorityClass]
    queues: list[Queue]
    agencies: list[Agency]
    services: list[Service]
    counters: list[Counter]
    operators: list[Operator]
    kiosk: Kiosk = field(default_factory=Kiosk)
    purposes: list[Purpose] = []
    dossiers: Dossiers = field(default_factory=Dossiers)
    retention: Retention = field(default_factory=Retention)
    wall: Wall = field(default_factory=Wall)
    displays: list[Display] = []
    playlists: list[Playlist] = []
    voice: Voice = field(default_factory=Voice)
    from_home: FromHome = field(default_factory=FromHome)
    standby: Standby = field(default_factory=Standby)
    watch: Watch = field(default_factory=Watch)


class Procedure(_Table, frozen=True, kw_only=True):
    """An administrative procedure (TTHC): official code, name and field in Unicode NFC."""

    code: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(min_length=1, max_length=2000)]
    field: str = ""
    agency: str = ""
    """The hall's agency id."""
    levels: list[str] = []
    fee: Annotated[str, Meta(max_length=2000)] = ""
    """As published; empty: none is told, which does not mean that it is free."""
    time_limit: Annotated[str, Meta(max_length=2000)] = ""
    """As published, such as `3 ngày làm việc`."""
    papers: list[Annotated[str, Meta(min_length=1, max_length=2000)]] = []
    """What the dossier needs (thành phần hồ sơ)."""


class Catalogue(_Table, frozen=True, kw_only=True):
    """A list of procedures, read from a catalogue file."""

    procedures: list[Procedure]


ROOT = Path(__file__).parent
"""The folder of the settings that come with the program."""
