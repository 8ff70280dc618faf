"""What devices get to see: tickets, counters, services and settings, as they stand in replies."""

import datetime as dt

from msgspec import Struct

from protocol.events import CallRule
from protocol.words import AnnouncementKind, DisplayKind, Issuing, Origin, Performed, Takes, TicketState


class ServiceStatus(Struct, frozen=True):
    """A service now: people waiting, and the waiting range (minutes) of who takes a number now."""

    service_id: str
    waiting: int
    open_counters: int
    wait_low_minutes: int | None = None
    wait_high_minutes: int | None = None
    issuing: Issuing = Issuing.OPEN
    reason: str = ""
    """Why it is suspended, as the supervisor wrote it."""
    opens_at: dt.datetime | None = None
    """When numbers are given again, if it is closed, cut off or its quota is used up."""


class Satisfaction(Struct, frozen=True):
    """The day's ratings: how many, how many of them 4 or 5, and how many tickets could have been rated."""

    ratings: int = 0
    satisfied: int = 0
    finished: int = 0


class TicketView(Struct, frozen=True, gc=False, omit_defaults=True):
    """A ticket as devices see it; instants are aware UTC."""

    ticket_id: int
    number: str
    service_day: dt.date
    service_id: str
    class_id: str
    state: TicketState
    issued_at: dt.datetime
    people_ahead: int | None = None
    wait_low_minutes: int | None = None
    wait_high_minutes: int | None = None
    counter_id: str | None = None
    called_at: dt.datetime | None = None
    serving_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    recalls: int = 0
    rated: bool = False
    procedure_code: str | None = None
    origin: Origin = Origin.KIOSK
    operator_id: str | None = None
    announced_at: dt.datetime | None = None
    slot_at: dt.datetime | None = None
    returned: bool = False
    """It came back into the line: by a transfer, from being parked or from a no-show."""
    parked_until: dt.datetime | None = None
    to_counter_id: str | None = None
    to_operator_id: str | None = None
    return_to_counter_id: str | None = None
    performed: list[Performed] = []
    times_wrong: bool = False
    claim_valid: bool | None = None
    """Whether the proof of its priority class was there; null: nobody looked yet."""
    come_back_until: dt.datetime | None = None
    notes: int = 0
    rule: CallRule | None = None
    delayed: bool = False
    """Its citizen has let others go first; that can be done once."""
    unseen: bool = False
    """No wall showed its call: the counter calls aloud."""


class CounterStatus(Struct, frozen=True, omit_defaults=True):
    """A counter now: who is there, since when it is as it is, and which ticket it holds."""

    counter_id: str
    open: bool
    operator_id: str | None = None
    ticket: TicketView | None = None
    since: dt.datetime | None = None
    paused_reason_id: str | None = None
    connected: bool = True
    """Whether its page or keypad was heard within the lease."""
    asks_next: bool = False
    service_ids: list[str] = []
    """What it calls now, if a supervisor changed it for today."""
    takes: Takes = "all"
    alarm_at: dt.datetime | None = None
    rateable_id: int | None = None
    """The ticket that it finished last, while that has no rating yet."""


class ServiceInfo(Struct, frozen=True):
    """A service of the hall: what a number can be taken for."""

    service_id: str
    name: str
    name_en: str
    agency_id: str
    queue_id: str
    counter_ids: list[str]
    target_minutes: int = 30
    asks_person: bool = False
    pictogram: str = ""
    uses: int = 0
    """How often a number was taken for it lately."""


class NamedInfo(Struct, frozen=True):
    """Something with a name in Vietnamese and English: an agency or a rating reason."""

    id: str
    name: str
    name_en: str


class CounterInfo(Struct, frozen=True):
    """A counter of the hall and the services it may call."""

    counter_id: str
    name: str
    service_ids: list[str]


class ClassInfo(Struct, frozen=True):
    """A priority class of the hall, with its sign for people who do not see its colour."""

    class_id: str
    name: str
    name_en: str
    sign: str
    head_start_minutes: int
    limit_minutes: int | None
    proof: str = ""
    proof_en: str = ""


class OperatorInfo(Struct, frozen=True):
    """A person who serves or leads: name, role and the counter that is always his, if one is."""

    operator_id: str
    name: str
    role: str = "operator"
    counter_id: str | None = None
    may_call_any: bool = False


class CounterHabits(Struct, frozen=True):
    """What a hall lets its counters do: seconds, counts and switches of `[counter_work]` in the hall file."""

    max_recalls: int
    recall_gap_seconds: int
    no_show_min_calls: int
    no_show_min_seconds: int
    undo_seconds: int
    lease_seconds: int
    next_finishes: bool
    result_required: bool
    come_back_hours: int


class NoteView(Struct, frozen=True):
    """A note on a ticket, or a message to counters."""

    at: dt.datetime
    text: str
    counter_id: str | None = None
    operator_id: str = ""


class DeviceInfo(Struct, frozen=True):
    """A device of the hall."""

    device_id: str
    role: str
    public_key: str
    counter_id: str | None
    revoked: bool


class ProcedureInfo(Struct, frozen=True):
    """An administrative procedure and the service that takes it; `papers`, `fee` and `time_limit` as published."""

    code: str
    name: str
    field: str
    agency_id: str
    service_id: str
    fee: str = ""
    time_limit: str = ""
    papers: list[str] = []
    uses: int = 0
    """How often a number was taken for it lately."""


class PurposeInfo(Struct, frozen=True):
    """What a citizen comes for: hand in a dossier, fetch a result; `service_ids` empty: whatever procedure it is."""

    purpose_id: str
    name: str
    name_en: str
    pictogram: str = ""
    service_ids: list[str] = []
    by_code: bool = False
    """Whether the code of a dossier's receipt leads on."""


class NumberBlock(Struct, frozen=True):
    """Numbers of one queue and service day that a kiosk may give by itself, from `first` to `last`.

    `key` (hexadecimal) makes the tokens of their papers, see `protocol.block_token`.
    """

    block_id: int
    queue_id: str
    service_day: dt.date
    first: int
    last: int
    key: str


class KioskHabits(Struct, frozen=True):
    """How the hall wants its kiosks: `[kiosk]` and parts of `[hours]` and `[calling]` of the hall file."""

    languages: list[str]
    ask_above: int
    """With more people waiting the kiosk asks whether to stay; 0: never."""
    issue_before_minutes: int
    last_number_minutes: int
    appointment_early_minutes: int
    appointment_late_minutes: int
    block_size: int = 200
    """So many numbers per queue and day each holds for when the server is away."""


class QueueInfo(Struct, frozen=True):
    """A number series: what stands before the digits, how many digits there are, and from where to where it goes.

    `last` is 0 where an older server did not tell it.
    """

    queue_id: str
    prefix: str
    digits: int
    first: int = 1
    last: int = 0


class DisplayInfo(Struct, frozen=True):
    """A wall display as the hall file wants it: `display_id` is the device's name.

    `service_ids`: its zone, `[]` all services; `counter_id` for a counter's sign; `speaks`: its loudspeaker calls.
    """

    display_id: str
    kind: DisplayKind
    service_ids: list[str] = []
    counter_id: str | None = None
    speaks: bool = False
    playlist_id: str | None = None


class MediaInfo(Struct, frozen=True):
    """A picture or film of a playlist: a file of the display's media folder; `spans`: only in these local times."""

    file: str
    seconds: int
    spans: list[str] = []


class PlaylistInfo(Struct, frozen=True):
    """What a display shows beside the calls, one after the other."""

    playlist_id: str
    items: list[MediaInfo]


class WallHabits(Struct, frozen=True):
    """How the hall wants its walls: `[wall]` of the hall file."""

    minimum_seconds: int
    officers: bool
    """Whether signs name who sits at the counter."""
    by_counter: bool
    """Whether the satisfaction board tells it by counter."""
    ticker: list[str] = []
    ticker_en: list[str] = []


class VoiceLevel(Struct, frozen=True):
    """How loud calls are within a span of local time, in percent."""

    span: str
    percent: int


class VoiceHabits(Struct, frozen=True):
    """How calls are spoken: `[voice]` of the hall file."""

    languages: list[str]
    repeats: int
    gong: bool
    deadline_seconds: int
    recall_gap_seconds: int
    levels: list[VoiceLevel] = []
    letters: dict[str, str] = {}
    """Letters as they are read here, where that differs."""


class RatingHabits(Struct, frozen=True):
    """How served tickets are rated: `[rating]` of the hall file."""

    criteria: list[NamedInfo]
    tablet_seconds: int
    callbacks: bool
    """Whether citizens may ask to be called back."""


class HomeHabits(Struct, frozen=True):
    """Numbers from home: `[from_home]` of the hall file; no `service_ids`: none are given."""

    service_ids: list[str]
    per_phone: int


class AnnouncementInfo(Struct, frozen=True):
    """What is said to the room now; `display_ids` `[]`: on every display."""

    announcement_id: int
    kind: AnnouncementKind
    text: str
    text_en: str
    at: dt.datetime
    until: dt.datetime | None
    display_ids: list[str]
    spoken: bool


class Satisfied(Struct, frozen=True):
    """A group of at least five ratings: how many, how many of them 4 or 5, and how many could have rated."""

    ratings: int
    satisfied: int
    finished: int


class SatisfiedDay(Struct, frozen=True):
    """A service day that is over, if it had enough ratings."""

    service_day: dt.date
    ratings: int
    satisfied: int


class CallbackInfo(Struct, frozen=True):
    """Who wants to be called back: `contact` as the citizen wrote it, and about what."""

    callback_id: str
    service_day: dt.date
    contact: str
    comment: str


class CommentInfo(Struct, frozen=True):
    """What a citizen wrote with a rating; only the service is known."""

    service_id: str
    text: str
