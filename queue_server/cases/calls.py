"""Calling: the next by the rule, a given number, again, back from being parked, or the next who arrives."""

import datetime as dt
import math
from dataclasses import replace as with_fields
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from protocol.events import CallRule
from protocol.words import Origin, TicketState
from queue_server.cases import Cases
from queue_server.cases.finding import held, known_class, known_service, ready, staffed, who_at
from queue_server.cases.serving import end_service
from queue_server.domain.calling import Choice, Head, choose, lines_for, preference, ranked, weigh
from queue_server.domain.roles import may_call_any
from queue_server.domain.rows import Counter, Device
from queue_server.domain.rules import Reach
from queue_server.domain.ticket import Ticket

if TYPE_CHECKING:
    from queue_server.service import QueueService


def call_next(service: "QueueService", command: cmd.CallNext, device: Device, now: dt.datetime) -> re.Reply:
    """Call whoever the rule puts first; nobody waiting is an answer, not a refusal."""
    reach = _reach(service, command)
    _finish_first(service, command, device, now)
    counter = ready(service, command.counter_id, command.operator_id)
    choice = _choose(service, reach, now)
    if choice is not None:
        return _called(service, counter, choice, device, now)
    wanted = command.service_id if command.wait else None
    if (counter.asks_next, counter.asks_service_id) != (command.wait, wanted):
        asked = ev.NextAsked(counter.counter_id, counter.operator_id or "", command.wait, wanted)
        service.ledger.record(asked, device.device_id, now)
    return re.CallReply(None)


def _reach(service: "QueueService", command: cmd.CallNext) -> Reach:
    """What is asked for: all that the counter may call, or one service of it."""
    staffed(service, command.counter_id, command.operator_id)
    reach = service.hall.reach(command.counter_id)
    if command.service_id is None:
        return reach
    if known_service(service, command.service_id) not in reach.services:
        raise errors.NotServedHere(counter_id=command.counter_id, service_id=command.service_id)
    return within(reach, command.service_id)


def within(reach: Reach, service_id: str) -> Reach:
    """What a counter may call of one service."""
    return with_fields(reach, services=(service_id,), foreign=False)


def _finish_first(service: "QueueService", command: cmd.CallNext, device: Device, now: dt.datetime) -> None:
    """End the running ticket, if it is the one named and the hall lets "next" do so."""
    if command.finish_ticket_id is None or not service.rules.work.next_finishes:
        return
    ticket = held(service, command.counter_id, command.finish_ticket_id, command.operator_id)
    end_service(service, ticket, [], device, now)


def _choose(service: "QueueService", reach: Reach, now: dt.datetime) -> Choice | None:
    run = service.hall.day.priority_run if service.hall.day else 0
    return choose(service.rules, reach, service.hall.lines, now.timestamp(), priority_run=run)


def _called(
    service: "QueueService", counter: Counter, choice: Choice, device: Device, now: dt.datetime
) -> re.CallReply:
    others = [_candidate(service, head) for head in choice.others]
    head = choice.head
    reason = ev.CallReason(choice.rule, round(head.points / 60, 2), others, round(head.over, 2))
    return call(service, counter, service.hall.ticket(head.entry.ticket_id), reason, device.device_id, now)


def _candidate(service: "QueueService", head: Head) -> ev.Candidate:
    number = service.hall.tickets[head.entry.ticket_id].number
    return ev.Candidate(number, round(head.points / 60, 2), round(head.over, 2))


def call(
    service: "QueueService",
    counter: Counter,
    ticket: Ticket,
    reason: ev.CallReason,
    device_id: str,
    now: dt.datetime,
) -> re.CallReply:
    """Record that a ticket is called to a counter, and why."""
    body = ev.TicketCalled(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        service_id=ticket.service_id,
        counter_id=counter.counter_id,
        operator_id=counter.operator_id or "",
        reason=reason,
        priority=service.rules.is_priority(ticket.class_id),
        class_id=ticket.class_id,
    )
    service.ledger.record(body, device_id, now)
    return service.call_reply(ticket.ticket_id)


def call_ticket(service: "QueueService", command: cmd.CallTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Call a given number out of order, by whoever may; the rule's own choice stands beside it in the record."""
    counter = ready(service, command.counter_id, command.operator_id)
    if not may_call_any(service.rules, counter.operator_id or ""):
        raise errors.NotPermitted(operator_id=counter.operator_id)
    ticket = _by_number(service, counter, command.number)
    reach = service.hall.reach(counter.counter_id)
    head = _weighed(service, reach, ticket, now)
    choice = _choose(service, reach, now)
    passed = [choice.head, *choice.others] if choice else []
    others = [_candidate(service, other) for other in passed if other.entry.ticket_id != ticket.ticket_id]
    reason = ev.CallReason(CallRule.CHOSEN, round(head.points / 60, 2), others[:3], round(head.over, 2), command.reason)
    return call(service, counter, ticket, reason, device.device_id, now)


def _by_number(service: "QueueService", counter: Counter, number: str) -> Ticket:
    """The waiting ticket of a number, or of its digits if they are one ticket's alone at this counter."""
    wanted = number.strip().upper()
    waiting = [t for t in service.hall.tickets.values() if t.state is TicketState.WAITING]
    found = [ticket for ticket in waiting if ticket.number.upper() == wanted]
    if not found and wanted.isdecimal():
        reach = service.hall.reach(counter.counter_id)
        same = [t for t in waiting if t.number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-").lstrip("0") == wanted.lstrip("0")]
        found = [t for t in same if t.service_id in reach.services] or same
    if not found:
        raise errors.UnknownNumber(number=number)
    if len(found) > 1:
        raise errors.AmbiguousNumber(number=number)
    return found[0]


def _weighed(service: "QueueService", reach: Reach, ticket: Ticket, now: dt.datetime) -> Head:
    """A ticket's points; raises UnknownService or UnknownClass if the hall file lost what it was taken for."""
    known_service(service, ticket.service_id)
    known_class(service, ticket.class_id)
    hall = service.hall
    return weigh(service.rules, reach, hall.line_of(ticket), hall.entry(ticket), now.timestamp())


def recall_ticket(service: "QueueService", command: cmd.RecallTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Announce again, as often as the hall allows and not too soon after the last time."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id).check("recall")
    limit, work = service.rules.calling.max_recalls, service.rules.work
    if ticket.recalls >= limit:
        raise errors.TooManyRecalls(number=ticket.number, recalls=ticket.recalls, limit=limit)
    refuse_too_soon(service, ticket, ticket.announced_at, work.recall_gap_seconds, 0, now)
    body = ev.TicketRecalled(
        ticket.ticket_id,
        ticket.number,
        ticket.service_id,
        command.counter_id,
        ticket.recalls + 1,
        who_at(service, command.counter_id),
        ticket.class_id,
    )
    service.ledger.record(body, device.device_id, now)
    return service.call_reply(ticket.ticket_id)


def mark_no_show(service: "QueueService", command: cmd.MarkNoShow, device: Device, now: dt.datetime) -> re.Reply:
    """The citizen did not come, although called often and long enough."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id).check("mark_no_show")
    work = service.rules.work
    refuse_too_soon(service, ticket, ticket.called_at, work.no_show_min_seconds, work.no_show_min_calls, now)
    operator_id = who_at(service, command.counter_id)
    body = ev.NoShowMarked(ticket.ticket_id, ticket.number, ticket.service_id, command.counter_id, operator_id)
    service.ledger.record(body, device.device_id, now)
    return service.call_reply(ticket.ticket_id)


def refuse_too_soon(
    service: "QueueService",
    ticket: Ticket,
    since: dt.datetime | None,
    min_seconds: int,
    min_calls: int,
    now: dt.datetime,
) -> None:
    """Raise TooSoon, with how many seconds and calls are missing."""
    passed = (now - since).total_seconds() if since else 0.0
    calls = ticket.recalls + 1
    # a clock that was set back must not make a counter wait for hours: then nobody knows how long it was
    seconds = max(0, math.ceil(min_seconds - passed)) if passed >= 0 else 0
    if seconds > 0 or calls < min_calls:
        raise errors.TooSoon(number=ticket.number, seconds=seconds, calls=calls, min_calls=max(min_calls, 1))


def resume_ticket(service: "QueueService", command: cmd.ResumeTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Call a parked ticket back; it must be parked here or be of a service that this counter calls."""
    counter = ready(service, command.counter_id, command.operator_id)
    ticket = service.hall.ticket(command.ticket_id).check("resume")
    reach = service.hall.reach(counter.counter_id)
    if ticket.target not in reach.mine and ticket.service_id not in reach.services:
        raise errors.NotServedHere(counter_id=counter.counter_id, number=ticket.number)
    if ticket.origin is Origin.BACK_OFFICE:
        return take_up(service, counter, ticket, device, now)
    head = _weighed(service, reach, ticket, now)
    reason = ev.CallReason(CallRule.RESUMED, round(head.points / 60, 2), [], round(head.over, 2))
    return call(service, counter, ticket, reason, device.device_id, now)


def take_up(
    service: "QueueService", counter: Counter, ticket: Ticket, device: Device, now: dt.datetime
) -> re.CallReply:
    """Go on with an item that was set aside: there is nobody to call."""
    operator_id = counter.operator_id or ""
    where = counter.counter_id, operator_id
    body = ev.ServingStarted(ticket.ticket_id, ticket.number, ticket.service_id, *where, directly=True)
    service.ledger.record(body, device.device_id, now)
    return service.call_reply(ticket.ticket_id)


def call_for_askers(service: "QueueService", now: dt.datetime, device_id: str) -> None:
    """Call for idle counters that asked for the next arrival, in the order of `calling.preference`."""
    for counter in sorted(_askers(service, now), key=lambda counter: _idle_rank(service, counter)):
        choice = _choose(service, _asked_reach(service, counter), now)
        if choice is not None:
            head = choice.head
            others = [_candidate(service, other) for other in choice.others]
            reason = ev.CallReason(choice.rule, round(head.points / 60, 2), others, round(head.over, 2))
            call(service, counter, service.hall.ticket(head.entry.ticket_id), reason, device_id, now)


def _idle_rank(service: "QueueService", counter: Counter) -> tuple[bool, int, float]:
    since = counter.since.timestamp() if counter.since else 0.0
    return preference(service.hall.reach(counter.counter_id), service.hall.lines, since)


def _asked_reach(service: "QueueService", counter: Counter) -> Reach:
    """What a counter asked for: all that it may call, or one service, which it may have lost meanwhile."""
    reach, wanted = service.hall.reach(counter.counter_id), counter.asks_service_id
    if wanted is None:
        return reach
    return within(reach, wanted) if wanted in reach.services else with_fields(reach, services=(), foreign=False)


def _askers(service: "QueueService", now: dt.datetime) -> list[Counter]:
    every = (service.hall.counters.get(counter_id) for counter_id in sorted(service.hall.askers))
    return [counter for counter in every if counter and counter.idle and service.lease_holds(counter, now)]


def in_calling_order(service: "QueueService", counter_id: str, limit: int, now: dt.datetime) -> list[Ticket]:
    """The tickets that a counter may call, in the order in which it would call them now; at most `limit`."""
    reach, hall = service.hall.reach(counter_id), service.hall
    lines = lines_for(service.rules, reach, hall.lines)
    waiting = ((line.key, entry) for line in lines for entry in line.first(limit))
    heads = ranked(service.rules, reach, waiting, now.timestamp())
    tickets = [hall.tickets[head.entry.ticket_id] for head in heads[:limit]]
    choice = _choose(service, reach, now)
    if choice is None or choice.rule is not CallRule.FAIR_SHARE:
        return tickets
    owed = hall.tickets[choice.head.entry.ticket_id]
    return [owed, *(ticket for ticket in tickets if ticket is not owed)][:limit]


CASES: Cases = {
    cmd.CallNext: call_next,
    cmd.CallTicket: call_ticket,
    cmd.RecallTicket: recall_ticket,
    cmd.MarkNoShow: mark_no_show,
    cmd.ResumeTicket: resume_ticket,
}
