"""One hall's use cases: finds the case of a command, answers it once, keeps the day, and takes note of who is there."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from config.settings import HallFile
from protocol import codec, errors
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.pins import LockOut
from protocol.words import TicketState
from queue_server import views
from queue_server.call_watch import CallWatch
from queue_server.cases import (
    Cases,
    blocks,
    calls,
    clock,
    devices,
    handing_in,
    helping,
    issuing,
    phones,
    rating,
    remarks,
    room,
    seats,
    serving,
    supervising,
    undoing,
)
from queue_server.cases.dossiers import DossierSource
from queue_server.catalogue import catalogue_of
from queue_server.domain import numbering
from queue_server.domain.forecast import Forecast, play_forward
from queue_server.domain.hall import Hall
from queue_server.domain.roles import authorize, require_leader
from queue_server.domain.rows import NOBODY, Counter, Device
from queue_server.domain.rules import Rules, rules_of
from queue_server.domain.ticket import Ticket
from queue_server.domain.token import is_block_token, place_of, read_block_token, read_token
from queue_server.enrolment import Enrolments
from queue_server.hall_view import hall_reply, procedure_uses, service_uses
from queue_server.health import Health
from queue_server.knocks import Knocks
from queue_server.ledger import Ledger
from queue_server.marks import Marks
from queue_server.outside import Outside
from queue_server.queries import QUERIES
from queue_server.ratings import DayRatings
from queue_server.storage.base import Erasable, Storage, StoredAnswer, StoredRating

ANSWERS_KEPT = dt.timedelta(days=2)
RECENT_TICKETS = 10_000
"""What is used most is counted among so many tickets."""
RECENT_EVENTS = 2000
"""More than happen in the minutes within which it matters whether a call was seen."""
NOTHING_OUTSIDE = Outside()
BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)
SERVER = "server"
"""Who does what no device asked for; no device may have this name, also because of the server's key file."""


class QueueService:
    """One hall's use cases; `random` gives that many random bytes, instants come with each call."""

    def __init__(
        self, file: HallFile, storage: Storage, random: Callable[[int], bytes], outside: Outside = NOTHING_OUTSIDE
    ) -> None:
        self.rules: Rules = rules_of(file)
        self.kiosk = file.kiosk
        self.outside = outside
        self.lock_out = LockOut()
        self.ledger = Ledger(self.rules, storage)
        self.forecast = Forecast(0.0)
        self.ratings = DayRatings(None)
        self.health = Health()
        self.knocks = Knocks(self.health)
        self.marks = Marks()
        """The phones that rated lately."""
        self.from_home: dict[int, str] = {}
        """The marks of the phones that took places from home, by `appointment_id`."""
        self.call_watch = CallWatch()
        self.random = random
        self.enrolments = Enrolments()
        self._file = file
        self.network = file.network
        self.standby = file.standby
        self.heard: dict[str, dt.datetime] = {}
        """When each device was heard last."""
        self._kept: dict[str, dt.datetime] = {}
        self.began: dt.datetime | None = None
        """When the server was asked first: nobody can be called silent before that."""
        self._actions: dict[str, undoing.Action] = {}
        self._describe()
        self._day_ends_at = BEGINNING
        self._count_ratings()

    @property
    def hall(self) -> Hall:
        """The live state."""
        return self.ledger.hall

    @property
    def dossiers(self) -> DossierSource | None:
        """Where dossiers are looked up; none if the hall has none."""
        return self.outside.dossiers

    def _describe(self) -> None:
        """Tell what does not change within the day; how often services are used is counted up to its begin."""
        storage, day = self.ledger.storage, self.hall.day
        span = storage.day_span(day.service_day) if day else None
        recent = storage.recent_tickets(RECENT_TICKETS, span[0] if span else None)
        self.catalogue = catalogue_of(self._file, self.outside.procedures, procedure_uses(recent))
        self.description_for_staff = hall_reply(self._file, self.catalogue.catalogue_id, service_uses(recent))
        self.description = replace(self.description_for_staff, operators=[])
        officers = [re.OperatorInfo(o.id, o.name) for o in self._file.operators] if self._file.wall.officers else []
        self.description_for_displays = replace(self.description, operators=officers)
        storage.describe(codec.encode(self.description))

    # ---- answering ----

    def answer(self, request: cmd.Request, device: Device, now: dt.datetime) -> bytes:
        """The answer frame of a request; it may be sent only after `ledger.commit`. Never raises a Refusal."""
        command = request.command
        self._hear(device, now)
        try:
            authorize(device, command)
            query = QUERIES.get(type(command))
            if query is not None:
                return codec.encode_answer(request.request_id, query(self, command, device, now))
            return self._answer_once(request, device, now)
        except errors.Refusal as refusal:
            if isinstance(refusal, errors.Forbidden):
                self.knocks.note("refused_role", f"{device.device_id} asked for {command.__struct_config__.tag}")
            self.health.note_refusal(refusal.code)
            return codec.encode_answer(request.request_id, refused(refusal))

    def _answer_once(self, request: cmd.Request, device: Device, now: dt.datetime) -> bytes:
        fingerprint = _fingerprint(device, request.command)
        earlier = self.ledger.remembered(request.request_id)
        if earlier is not None:
            if earlier.fingerprint != fingerprint:
                raise errors.RequestIdReused(request_id=request.request_id)
            return earlier.reply
        self.keep_time(now)
        if self.hall.day is None and not isinstance(request.command, _WITHOUT_A_DAY):
            raise errors.ClockDoubted
        before = self.ledger.pending_events
        try:
            reply = self._decide(request.command, device, now)
        except errors.Refusal as refusal:
            self.health.note_refusal(refusal.code)
            reply = refused(refusal)
        frame = codec.encode_answer(request.request_id, reply)
        self.ledger.remember(StoredAnswer(request.request_id, fingerprint, frame), before)
        self._call_for_askers(now)
        return frame

    def _decide(self, command: cmd.Command, device: Device, now: dt.datetime) -> re.Reply:
        """The reply of a command's case; what a counter did becomes the action that it may take back."""
        if type(command) in supervising.BY_LEADERS:
            require_leader(self.rules, getattr(command, "operator_id", ""))
        first = self.hall.seq + 1
        reply = _CASES[type(command)](self, command, device, now)
        counter_id = getattr(command, "counter_id", None)
        if isinstance(command, cmd.TakeOverCounter):
            self._actions.pop(command.counter_id, None)
        if counter_id is None or isinstance(command, _ABOUT_COUNTERS):
            return reply
        if getattr(command, "operator_id", None) in (None, self.hall.counters[counter_id].operator_id):
            self.renew_lease(counter_id, now)
        if self.hall.seq < first:
            return reply
        self._actions.pop(counter_id, None)
        if type(command) in undoing.UNDOABLE:
            name = str(type(command).__struct_config__.tag)
            held_id = self.hall.counters[counter_id].ticket_id
            action = undoing.Action(name, first, self.hall.seq, now, _number(reply), held_id)
            self._actions[counter_id] = action
            if isinstance(reply, re.CallReply | re.ComeBackReply):
                return replace(reply, action_seq=first)
        return reply

    def undoable(self, counter_id: str, now: dt.datetime) -> undoing.Action | None:
        """A counter's last action, if it may still be taken back."""
        action = self._actions.get(counter_id)
        if action is None:
            return None
        passed = (now - action.at).total_seconds()
        return action if 0 <= passed <= self.rules.work.undo_seconds else None

    # ---- who is there ----

    def _hear(self, device: Device, now: dt.datetime) -> None:
        self.began = self.began or now
        self.heard[device.device_id] = now

    def renew_lease(self, counter_id: str, now: dt.datetime) -> None:
        """Note that a counter's page or keypad is there."""
        self._kept[counter_id] = now

    def lease_holds(self, counter: Counter, now: dt.datetime) -> bool:
        """Whether the page or keypad of a staffed counter was heard lately; a server just started waits for it."""
        heard = self._kept.get(counter.counter_id) or self.began or now
        return abs((now - heard).total_seconds()) <= self.rules.work.lease_seconds

    # ---- the day ----

    def keep_time(self, now: dt.datetime) -> None:
        """Let happen what is due: a new day, and parked tickets that come back. The endpoint asks every second."""
        self.began = self.began or now
        self.start_day(now)
        for ticket in self.hall.due(now):
            self.ledger.record(ev.TicketReturned(ticket.ticket_id, ticket.number, ticket.service_id), SERVER, now)

    def tick(self, now: dt.datetime) -> None:
        """What the server does without being asked."""
        self.keep_time(now)
        self._call_for_askers(now)
        room.tell_unseen(self, SERVER, now)

    def _call_for_askers(self, now: dt.datetime) -> None:
        if self.hall.askers:
            calls.call_for_askers(self, now, SERVER)

    def start_day(self, now: dt.datetime) -> None:
        """Begin the service day of `now` unless it runs; the clock going back never brings a day back.

        While the clock is doubted no day begins, and so nothing of an old one ends or is erased.
        """
        if now < self._day_ends_at or self.hall.clock_doubt is not None:
            return
        today, ends_at = numbering.service_day(now, self.rules.zone), numbering.next_midnight(now, self.rules.zone)
        day = self.hall.day
        if day is not None and today <= day.service_day:
            self._day_ends_at = ends_at
            return
        self._end_day(now)
        self.ledger.record(ev.DayStarted(today), SERVER, now)
        self.health.well("hall_restored")
        self.ratings = self._ratings(today, (), self.ratings.kept)
        self._actions.clear()
        self._describe()
        self.ledger.storage.forget_answers(today - ANSWERS_KEPT)
        self._erase_what_is_due(today, now)
        self.ledger.storage.guard_key(today)

    def _erase_what_is_due(self, today: dt.date, now: dt.datetime) -> None:
        """Erase what is personal and was kept long enough; the log keeps how much of it."""
        kept = self.rules.retention
        days_of: dict[Erasable, int] = {
            "notes": kept.notes_days,
            "comments": kept.comments_days,
            "callbacks": kept.callbacks_days,
        }
        for what, days in days_of.items():
            before = today - dt.timedelta(days=days)
            if count := self.ledger.erase(what, before):
                self.ledger.record(ev.DataErased(what, count, before), SERVER, now)

    def _end_day(self, now: dt.datetime) -> None:
        """Who is being served stays; everybody else's number ends, and empty counters close."""
        for ticket in list(self.hall.tickets.values()):
            if ticket.state is not TicketState.SERVING:
                serving.record_cancel(self, ticket, "day_end", "", SERVER, now)
        for counter in list(self.hall.counters.values()):
            if counter.operator_id is not None and counter.ticket_id is None:
                self.ledger.record(ev.CounterClosed(counter.counter_id, counter.operator_id, SERVER), SERVER, now)

    def reload(self) -> None:
        """Go back to what is stored, after the storage failed."""
        self._day_ends_at = BEGINNING
        self._actions.clear()
        self.ledger.reload()
        recent = self.ledger.storage.events(max(1, self.hall.seq - RECENT_EVENTS))
        self.call_watch.go_back(codec.decode_event(event.body).body for event in recent)
        self._count_ratings()

    def _count_ratings(self) -> None:
        storage, day = self.ledger.storage, self.hall.day
        if day is not None:
            self.ratings = self._ratings(day.service_day, storage.ratings(day.service_day), storage.tallies())

    def _ratings(self, day: dt.date, ratings: Iterable[StoredRating], told: bytes | None) -> DayRatings:
        return DayRatings(day, ratings, told, by_counter=self._file.wall.by_counter)

    @property
    def satisfaction(self) -> re.Satisfaction:
        """The day's ratings as far as they may be told, and how many could have rated."""
        return self.ratings.told(self.hall.day.finished if self.hall.day else 0)

    def refresh_forecast(self, now: dt.datetime) -> None:
        """Play the hall forward anew."""
        self.forecast = play_forward(self.hall, now.timestamp())

    def pulse(self, now: dt.datetime) -> re.Pulse:
        """What is published every second."""
        statuses = views.service_statuses(self.hall, self.forecast, now)
        return re.Pulse(self.hall.epoch, self.hall.seq, now, statuses, self.satisfaction)

    # ---- for the enrolment socket and the first start ----

    def enrol(self, command: cmd.Enrol, public_key: str, now: dt.datetime) -> re.Reply:
        """Let a device join with its code and the key of its connection; called by the enrolment socket only."""
        return devices.enrol(self, command, public_key, now)

    def add_device(self, device: Device, now: dt.datetime) -> None:
        """Record that a device belongs to the hall."""
        body = ev.DeviceEnrolled(device.device_id, device.role, device.public_key, device.counter_id)
        self.ledger.record(body, SERVER, now)

    # ---- replies that many cases give ----

    def find(self, ticket_id: int | None, token: str | None) -> Ticket:
        """A ticket by its id or its token; raises UnknownTicket, InvalidToken or MalformedRequest.

        The token of an appointment leads to the ticket that it became.
        """
        if token is not None:
            ticket_id = self.claim_of(token)
            claim = self.hall.appointments.get(ticket_id)
            ticket_id = claim.ticket_id if claim and claim.ticket_id else ticket_id
        if ticket_id is None:
            raise errors.MalformedRequest(detail="either ticket_id or token is needed")
        return self.hall.ticket(ticket_id)

    def claim_of(self, token: str) -> int:
        """The ticket, appointment or slip that a token proves; raises InvalidToken, or UnknownTicket for a number that
        its kiosk has not handed in yet."""
        key, epoch = self.ledger.storage.token_key, self.hall.epoch_of(place_of(token))
        if not is_block_token(token):
            return read_token(key, epoch, token)
        block_id, count = read_block_token(key, epoch, token)
        block = self.hall.blocks.get(block_id)
        if block is None or not block.holds(count):
            raise errors.InvalidToken
        ticket_id = block.used.get(count, NOBODY)
        if ticket_id == NOBODY:
            raise errors.UnknownTicket(ticket_id=None, number=numbering.format_number(block, count))
        return ticket_id

    def view(self, ticket_id: int) -> re.TicketView:
        """A ticket as devices see it."""
        return views.ticket_view(self.hall, self.hall.ticket(ticket_id))

    def call_reply(self, ticket_id: int) -> re.CallReply:
        """The reply of a counter's command about a ticket."""
        return re.CallReply(self.view(ticket_id))

    def counter_reply(self, counter_id: str, now: dt.datetime) -> re.CounterReply:
        """The reply of a command about a counter."""
        return re.CounterReply(self.counter_status(self.hall.counters[counter_id], now))

    def counter_status(self, counter: Counter, now: dt.datetime) -> re.CounterStatus:
        """A counter as devices see it."""
        connected = counter.operator_id is None or self.lease_holds(counter, now)
        status = views.counter_status(self.hall, counter, connected)
        if counter.ticket_id is None or not self.call_watch.is_unseen(self.hall.ticket(counter.ticket_id)):
            return status
        return replace(status, ticket=replace(status.ticket, unseen=True) if status.ticket else None)


def refused(refusal: errors.Refusal) -> re.Refused:
    """A refusal as it travels."""
    return re.Refused(refusal.code, dict(refusal.facts))


def _number(reply: re.Reply) -> str:
    ticket = getattr(reply, "ticket", None)
    return ticket.number if isinstance(ticket, re.TicketView) else ""


def _fingerprint(device: Device, command: cmd.Command) -> bytes:
    """What makes a repeated request the same one, without what must not be told from it: a score, a person, a PIN."""
    known: object = command
    if isinstance(command, cmd.RateTicket):
        known = command.token
    elif isinstance(command, cmd.RateAtCounter):
        known = (command.counter_id, command.ticket_id)
    elif isinstance(command, cmd.IssueTicket):
        known = replace(command, person=None)
    elif isinstance(command, cmd.OpenHelper):
        known = replace(command, pin="-")
    return hashlib.sha256(device.device_id.encode() + b"\0" + codec.encode(known)).digest()


_ABOUT_COUNTERS = (cmd.AssignServices, cmd.TakeOverCounter, cmd.CreateEnrolment)
"""What names a counter without coming from it."""
_CASES: Cases = {
    **issuing.CASES,
    **calls.CASES,
    **serving.CASES,
    **remarks.CASES,
    **seats.CASES,
    **undoing.CASES,
    **supervising.CASES,
    **devices.CASES,
    **blocks.CASES,
    **handing_in.CASES,
    **helping.CASES,
    **phones.CASES,
    **rating.CASES,
    **room.CASES,
    **clock.CASES,
}
_WITHOUT_A_DAY = (cmd.ConfirmClock, cmd.CreateEnrolment, cmd.RevokeDevice, cmd.ReportDevice)
"""What can be done before the first day began; it waits only for a clock that is believed."""
