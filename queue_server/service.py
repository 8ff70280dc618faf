"""The use cases: one method per command, each decides against the state and records what happened."""

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import reduce
from typing import Any

from msgspec.structs import replace

from config.settings import HallFile
from protocol import codec, errors
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState
from queue_server import views
from queue_server.domain import numbering
from queue_server.domain.calling import Choice, Head, choose
from queue_server.domain.forecast import Forecast, play_forward
from queue_server.domain.hall import Counter, Device, Hall
from queue_server.domain.line import Entry
from queue_server.domain.roles import authorize
from queue_server.domain.rules import Rules, rules_of
from queue_server.domain.ticket import Ticket
from queue_server.domain.token import make_token, read_token
from queue_server.enrolment import Enrolments
from queue_server.ledger import Ledger
from queue_server.queries import QUERIES
from queue_server.ratings import counted, refuse_rating
from queue_server.storage.base import Storage, StoredAnswer, StoredRating

ANSWERS_KEPT = dt.timedelta(days=2)
BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)
SERVER = "server"
"""Who does what no device asked for; no device may have this name, also because of the server's key file."""


class QueueService:
    """One hall's use cases; `random` gives that many random bytes, instants come with each call."""

    def __init__(self, file: HallFile, storage: Storage, random: Callable[[int], bytes]) -> None:
        self.rules: Rules = rules_of(file)
        self.ledger = Ledger(self.rules, storage)
        self.forecast = Forecast(0.0)
        self.satisfaction = re.Satisfaction()
        self._random = random
        self._enrolments = Enrolments()
        self.description = views.hall_reply(file)
        self._network = file.network
        storage.describe(codec.encode(self.description))
        self._day_ends_at = BEGINNING
        self._count_ratings()

    @property
    def hall(self) -> Hall:
        """The live state."""
        return self.ledger.hall

    # ---- answering ----

    def answer(self, request: cmd.Request, device: Device, now: dt.datetime) -> bytes:
        """The answer frame of a request; it may be sent only after `ledger.commit`. Never raises a Refusal."""
        command = request.command
        try:
            authorize(device, command)
            query = QUERIES.get(type(command))
            if query is not None:
                return codec.encode_answer(request.request_id, query(self, command, now))
            return self._answer_once(request, device, now)
        except errors.Refusal as refusal:
            return codec.encode_answer(request.request_id, refused(refusal))

    def _answer_once(self, request: cmd.Request, device: Device, now: dt.datetime) -> bytes:
        fingerprint = _fingerprint(device, request.command)
        earlier = self.ledger.remembered(request.request_id)
        if earlier is not None:
            if earlier.fingerprint != fingerprint:
                raise errors.RequestIdReused(request_id=request.request_id)
            return earlier.reply
        self.start_day(now)
        before = self.ledger.pending_events
        try:
            reply = _COMMANDS[type(request.command)](self, request.command, device, now)
        except errors.Refusal as refusal:
            reply = refused(refusal)
        frame = codec.encode_answer(request.request_id, reply)
        self.ledger.remember(StoredAnswer(request.request_id, fingerprint, frame), before)
        return frame

    # ---- the day ----

    def start_day(self, now: dt.datetime) -> None:
        """Begin the service day of `now` unless it runs; the clock going back never brings a day back."""
        if now < self._day_ends_at:
            return
        today, ends_at = numbering.service_day(now, self.rules.zone), numbering.next_midnight(now, self.rules.zone)
        day = self.hall.day
        if day is not None and today <= day.service_day:
            self._day_ends_at = ends_at
            return
        for ticket in list(self.hall.tickets.values()):
            if ticket.state is not TicketState.SERVING:
                self._record_cancel(ticket, "day_end", "", SERVER, now)
        self.ledger.record(ev.DayStarted(today), SERVER, now)
        self.satisfaction = re.Satisfaction()
        self.ledger.storage.forget_answers(today - ANSWERS_KEPT)

    def reload(self) -> None:
        """Go back to what is stored, after the storage failed."""
        self._day_ends_at = BEGINNING
        self.ledger.reload()
        self._count_ratings()

    def _count_ratings(self) -> None:
        day = self.hall.day
        scores = [rating.score for rating in self.ledger.storage.ratings(day.service_day)] if day else []
        self.satisfaction = reduce(counted, scores, re.Satisfaction(finished=day.finished if day else 0))

    def refresh_forecast(self, now: dt.datetime) -> None:
        """Play the hall forward anew."""
        self.forecast = play_forward(self.hall, now.timestamp())

    def pulse(self, now: dt.datetime) -> re.Pulse:
        """What is published every second."""
        statuses = views.service_statuses(self.hall, self.forecast)
        return re.Pulse(self.hall.epoch, self.hall.seq, now, statuses, self.satisfaction)

    # ---- kiosk ----

    def issue_ticket(self, command: cmd.IssueTicket, device: Device, now: dt.datetime) -> re.Reply:
        """Give the next number of the service's queue."""
        rules, hall = self.rules, self.hall
        if command.service_id not in rules.queue_of:
            raise errors.UnknownService(service_id=command.service_id)
        if command.class_id not in rules.head_start:
            raise errors.UnknownClass(class_id=command.class_id)
        queue = rules.queues[rules.queue_of[command.service_id]]
        assert hall.day is not None
        count = numbering.next_number(queue, hall.day.last_numbers.get(queue.id))
        ticket_id, since = hall.seq + 1, now.timestamp()
        entry = Entry(since - rules.advantage(command.service_id, command.class_id), ticket_id, since)
        low, high = self.forecast.range_for(command.service_id, command.class_id) or (None, None)
        body = ev.TicketIssued(
            ticket_id=ticket_id,
            number=numbering.format_number(queue, count),
            count=count,
            service_day=hall.day.service_day,
            queue_id=queue.id,
            service_id=command.service_id,
            class_id=command.class_id,
            language=command.language,
            people_ahead=hall.lines.ahead(rules.rivals[command.service_id], entry),
            procedure_code=command.procedure_code,
            wait_low_minutes=low,
            wait_high_minutes=high,
        )
        self.ledger.record(body, device.device_id, now)
        return self._issued(body)

    def _issued(self, body: ev.TicketIssued) -> re.TicketIssuedReply:
        view = replace(
            views.ticket_view(self.hall, self.hall.ticket(body.ticket_id)),
            people_ahead=body.people_ahead,
            wait_low_minutes=body.wait_low_minutes,
            wait_high_minutes=body.wait_high_minutes,
        )
        token = make_token(self.ledger.storage.token_key, self.hall.epoch, body.ticket_id)
        return re.TicketIssuedReply(
            view, token, f"{self._network.public_url}/t/{token}", self.hall.counters_to_watch(body.service_id)
        )

    def report_print(self, command: cmd.ReportPrint, device: Device, now: dt.datetime) -> re.Reply:
        """Record what became of a ticket's paper."""
        self.hall.ticket(command.ticket_id)
        if command.outcome == "printed":
            self.ledger.record(ev.TicketPrinted(command.ticket_id), device.device_id, now)
        else:
            failed = ev.PrintFailed(command.ticket_id, command.outcome, command.detail)
            self.ledger.record(failed, device.device_id, now)
        return re.DoneReply()

    # ---- counter ----

    def open_counter(self, command: cmd.OpenCounter, device: Device, now: dt.datetime) -> re.Reply:
        """Put an operator at a counter; who is there already stays there."""
        counter = self.counter(command.counter_id)
        if command.operator_id not in self.rules.operators:
            raise errors.UnknownOperator(operator_id=command.operator_id)
        if counter.operator_id not in (None, command.operator_id):
            raise errors.CounterTaken(counter_id=counter.counter_id, operator_id=counter.operator_id)
        if counter.operator_id is None:
            self.ledger.record(ev.CounterOpened(command.counter_id, command.operator_id), device.device_id, now)
        return self._counter_reply(command.counter_id)

    def close_counter(self, command: cmd.CloseCounter, device: Device, now: dt.datetime) -> re.Reply:
        """Take the operator from an idle counter."""
        counter = self._open(command.counter_id)
        self._refuse_busy(counter)
        closed = ev.CounterClosed(counter.counter_id, counter.operator_id or "")
        self.ledger.record(closed, device.device_id, now)
        return self._counter_reply(command.counter_id)

    def call_next(self, command: cmd.CallNext, device: Device, now: dt.datetime) -> re.Reply:
        """Call whoever the rule puts first; nobody waiting is an answer, not a refusal."""
        counter = self._open(command.counter_id)
        self._refuse_busy(counter)
        choice = choose(self.rules, self.rules.counters[counter.counter_id], self.hall.lines, now.timestamp())
        if choice is None:
            return re.CallReply(None)
        ticket = self.hall.ticket(choice.head.entry.ticket_id)
        body = ev.TicketCalled(
            ticket_id=ticket.ticket_id,
            number=ticket.number,
            service_id=ticket.service_id,
            counter_id=counter.counter_id,
            operator_id=counter.operator_id or "",
            reason=self._reason(choice),
        )
        self.ledger.record(body, device.device_id, now)
        return re.CallReply(self._view(ticket.ticket_id))

    def _reason(self, choice: Choice) -> ev.CallReason:
        others = [self._candidate(head) for head in choice.others]
        return ev.CallReason(choice.rule, round(choice.head.points / 60, 2), others)

    def _candidate(self, head: Head) -> ev.Candidate:
        number = self.hall.tickets[head.entry.ticket_id].number
        return ev.Candidate(number, round(head.points / 60, 2), round(head.over, 2))

    def recall_ticket(self, command: cmd.RecallTicket, device: Device, now: dt.datetime) -> re.Reply:
        """Announce again, as often as the hall allows."""
        ticket = self._held(command.counter_id, command.ticket_id)
        if ticket.recalls >= self.rules.max_recalls:
            raise errors.TooManyRecalls(number=ticket.number, recalls=ticket.recalls, limit=self.rules.max_recalls)
        body = ev.TicketRecalled(
            ticket.ticket_id, ticket.number, ticket.service_id, command.counter_id, ticket.recalls + 1
        )
        self.ledger.record(body, device.device_id, now)
        return re.CallReply(self._view(ticket.ticket_id))

    def start_serving(self, command: cmd.StartServing, device: Device, now: dt.datetime) -> re.Reply:
        """The citizen arrived."""
        return self._move(ev.ServingStarted, command, device, now)

    def finish_ticket(self, command: cmd.FinishTicket, device: Device, now: dt.datetime) -> re.Reply:
        """The service ended: the rating opens."""
        reply = self._move(ev.TicketFinished, command, device, now)
        self.satisfaction = replace(self.satisfaction, finished=self.satisfaction.finished + 1)
        return reply

    def mark_no_show(self, command: cmd.MarkNoShow, device: Device, now: dt.datetime) -> re.Reply:
        """The citizen did not come."""
        return self._move(ev.NoShowMarked, command, device, now)

    def _move(self, event: type[Any], command: Any, device: Device, now: dt.datetime) -> re.Reply:
        ticket = self._held(command.counter_id, command.ticket_id)
        body = event(ticket.ticket_id, ticket.number, ticket.service_id, command.counter_id)
        self.ledger.record(body, device.device_id, now)
        return re.CallReply(self._view(ticket.ticket_id))

    def cancel_ticket(self, command: cmd.CancelTicket, device: Device, now: dt.datetime) -> re.Reply:
        """Take a ticket out of the line, by its citizen or by staff."""
        ticket = self.find(command.ticket_id, command.token)
        by = "citizen" if command.token is not None else "staff"
        self._record_cancel(ticket, by, command.reason, device.device_id, now)
        return re.TicketReply(self._view(ticket.ticket_id), self.hall.seq, [])

    def _record_cancel(self, ticket: Ticket, by: Any, reason: str, device_id: str, now: dt.datetime) -> None:
        held_at = ticket.counter_id if ticket.live else None
        body = ev.TicketCancelled(ticket.ticket_id, ticket.number, ticket.service_id, ticket.state, by, reason, held_at)
        self.ledger.record(body, device_id, now)

    # ---- phone ----

    def rate_ticket(self, command: cmd.RateTicket, device: Device, now: dt.datetime) -> re.Reply:
        """Take the one rating of a served ticket; the score is kept without the ticket."""
        ticket = self.find(None, command.token)
        refuse_rating(self.rules, ticket, command, now)
        self.ledger.record(ev.TicketRated(ticket.ticket_id), device.device_id, now)
        self.ledger.rate(
            StoredRating(
                self._random(16),
                ticket.service_day,
                ticket.service_id,
                ticket.counter_id or "",
                command.score,
                command.reasons,
                command.comment,
            )
        )
        if self.hall.day is not None and ticket.service_day == self.hall.day.service_day:
            self.satisfaction = counted(self.satisfaction, command.score)
        return re.DoneReply()

    # ---- administrator ----

    def create_enrolment(self, command: cmd.CreateEnrolment, device: Device, now: dt.datetime) -> re.Reply:
        """Make a one-time code for a new device."""
        known = self.hall.devices.get(command.device_id)
        if command.device_id == SERVER or (known is not None and not known.revoked):
            raise errors.DeviceExists(device_id=command.device_id)
        if command.role == "counter" or command.counter_id is not None:
            self.counter(command.counter_id or "")
        code, expires_at = self._enrolments.create(command, self._random(16), now)
        return re.EnrolmentReply(code, expires_at, self._network.enrolment)

    def enrol(self, command: cmd.Enrol, public_key: str, now: dt.datetime) -> re.Reply:
        """Let a device join with its code and the key of its connection; called by the enrolment socket only.

        A key that has joined is told so again: its first answer may have been lost.
        """
        known = next((d for d in self.hall.devices.values() if d.public_key == public_key and not d.revoked), None)
        return self._enrolled(known or self._join(command, public_key, now))

    def _join(self, command: cmd.Enrol, public_key: str, now: dt.datetime) -> Device:
        promised = self._enrolments.promised(command.code, now)
        found = self.hall.devices.get(promised.device_id)
        if found is not None and not found.revoked:
            raise errors.InvalidEnrolmentCode
        device = Device(promised.device_id, promised.role, public_key, promised.counter_id)
        self.add_device(device, now)
        return device

    def _enrolled(self, device: Device) -> re.EnrolledReply:
        network = self._network
        return re.EnrolledReply(
            device.device_id, device.role, self.rules.hall_id, network.commands, network.events, device.counter_id
        )

    def add_device(self, device: Device, now: dt.datetime) -> None:
        """Record that a device belongs to the hall."""
        body = ev.DeviceEnrolled(device.device_id, device.role, device.public_key, device.counter_id)
        self.ledger.record(body, SERVER, now)

    def revoke_device(self, command: cmd.RevokeDevice, device: Device, now: dt.datetime) -> re.Reply:
        """Shut a device's key out."""
        if command.device_id not in self.hall.devices:
            raise errors.UnknownDevice(device_id=command.device_id)
        self._enrolments.withdraw(command.device_id)
        self.ledger.record(ev.DeviceRevoked(command.device_id), device.device_id, now)
        return re.DoneReply()

    # ---- finding ----

    def find(self, ticket_id: int | None, token: str | None) -> Ticket:
        """A ticket by its id or its token; raises UnknownTicket, InvalidToken or MalformedRequest."""
        if token is not None:
            ticket_id = read_token(self.ledger.storage.token_key, self.hall.epoch, token)
        if ticket_id is None:
            raise errors.MalformedRequest(detail="either ticket_id or token is needed")
        return self.hall.ticket(ticket_id)

    def counter(self, counter_id: str) -> Counter:
        """A counter of the hall; raises UnknownCounter."""
        if counter_id not in self.rules.counters:
            raise errors.UnknownCounter(counter_id=counter_id)
        return self.hall.counters[counter_id]

    def _open(self, counter_id: str) -> Counter:
        counter = self.counter(counter_id)
        if counter.operator_id is None:
            raise errors.CounterNotOpen(counter_id=counter_id)
        return counter

    def _refuse_busy(self, counter: Counter) -> None:
        if counter.ticket_id is not None:
            held = self.hall.ticket(counter.ticket_id)
            raise errors.CounterBusy(counter_id=counter.counter_id, number=held.number, state=held.state.value)

    def _held(self, counter_id: str, ticket_id: int) -> Ticket:
        """The ticket that a counter believes to hold."""
        counter = self.counter(counter_id)
        ticket = self.hall.ticket(ticket_id)
        if not ticket.live or ticket.state is TicketState.WAITING:
            raise errors.WrongState(ticket_id=ticket_id, number=ticket.number, state=ticket.state.value)
        if counter.ticket_id != ticket_id:
            raise errors.NotAtThisCounter(number=ticket.number, counter_id=ticket.counter_id)
        return ticket

    def _view(self, ticket_id: int) -> re.TicketView:
        return views.ticket_view(self.hall, self.hall.ticket(ticket_id))

    def _counter_reply(self, counter_id: str) -> re.CounterReply:
        return re.CounterReply(views.counter_status(self.hall, self.hall.counters[counter_id]))


def refused(refusal: errors.Refusal) -> re.Refused:
    """A refusal as it travels."""
    return re.Refused(refusal.code, dict(refusal.facts))


def _fingerprint(device: Device, command: cmd.Command) -> bytes:
    """What makes a repeated request the same one. A rating's covers its token only, so that no score can be guessed."""
    known = command.token if isinstance(command, cmd.RateTicket) else command
    return hashlib.sha256(device.device_id.encode() + b"\0" + codec.encode(known)).digest()


_COMMANDS: dict[type, Callable[[QueueService, Any, Device, dt.datetime], re.Reply]] = {
    cmd.IssueTicket: QueueService.issue_ticket,
    cmd.ReportPrint: QueueService.report_print,
    cmd.OpenCounter: QueueService.open_counter,
    cmd.CloseCounter: QueueService.close_counter,
    cmd.CallNext: QueueService.call_next,
    cmd.RecallTicket: QueueService.recall_ticket,
    cmd.StartServing: QueueService.start_serving,
    cmd.FinishTicket: QueueService.finish_ticket,
    cmd.MarkNoShow: QueueService.mark_no_show,
    cmd.CancelTicket: QueueService.cancel_ticket,
    cmd.RateTicket: QueueService.rate_ticket,
    cmd.CreateEnrolment: QueueService.create_enrolment,
    cmd.RevokeDevice: QueueService.revoke_device,
}
