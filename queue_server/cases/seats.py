"""Who sits where: opening, closing and pausing counters, their leases, and calls for help."""

import datetime as dt
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from queue_server.cases import Cases
from queue_server.cases.finding import counter_of, idle, ready, staffed
from queue_server.domain.roles import LEADERS, person, require_server
from queue_server.domain.rows import Counter, Device

if TYPE_CHECKING:
    from queue_server.service import QueueService


def open_counter(service: "QueueService", command: cmd.OpenCounter, device: Device, now: dt.datetime) -> re.Reply:
    """Put an operator at a counter; who is there already stays there, unless his lease is over."""
    counter = counter_of(service, command.counter_id)
    require_server(service.rules, command.operator_id)
    before = counter.operator_id
    if before not in (None, command.operator_id) and service.lease_holds(counter, now):
        raise errors.CounterTaken(counter_id=counter.counter_id, operator_id=before)
    if before != command.operator_id:
        leave_elsewhere(service, command.operator_id, device, now)
        body = ev.CounterOpened(command.counter_id, command.operator_id, from_operator_id=before)
        service.ledger.record(body, device.device_id, now)
    return service.counter_reply(command.counter_id, now)


def leave_elsewhere(service: "QueueService", operator_id: str, device: Device, now: dt.datetime) -> None:
    """Close the idle counter that an operator left with its page gone; raises OperatorElsewhere for any other."""
    elsewhere = service.hall.counter_with(operator_id)
    if elsewhere is None:
        return
    if elsewhere.ticket_id is not None or service.lease_holds(elsewhere, now):
        raise errors.OperatorElsewhere(operator_id=operator_id, counter_id=elsewhere.counter_id)
    service.ledger.record(ev.CounterClosed(elsewhere.counter_id, operator_id), device.device_id, now)


def close_counter(service: "QueueService", command: cmd.CloseCounter, device: Device, now: dt.datetime) -> re.Reply:
    """Take the operator from an idle counter."""
    counter = idle(service, command.counter_id, command.operator_id)
    if command.reason_id is not None and command.reason_id not in service.rules.pause_reasons:
        raise errors.UnknownReason(reason=command.reason_id)
    closed = ev.CounterClosed(counter.counter_id, counter.operator_id or "", reason_id=command.reason_id)
    service.ledger.record(closed, device.device_id, now)
    return service.counter_reply(command.counter_id, now)


def pause_counter(service: "QueueService", command: cmd.PauseCounter, device: Device, now: dt.datetime) -> re.Reply:
    """Stop calling for a while, for one of the hall's reasons."""
    counter = ready(service, command.counter_id, command.operator_id)
    if command.reason_id not in service.rules.pause_reasons:
        raise errors.UnknownReason(reason=command.reason_id)
    body = ev.CounterPaused(counter.counter_id, counter.operator_id or "", command.reason_id)
    service.ledger.record(body, device.device_id, now)
    return service.counter_reply(command.counter_id, now)


def continue_counter(
    service: "QueueService", command: cmd.ContinueCounter, device: Device, now: dt.datetime
) -> re.Reply:
    """End a pause; a counter that is not paused stays as it is."""
    counter = staffed(service, command.counter_id, command.operator_id)
    if counter.paused_reason_id is not None:
        body = ev.CounterContinued(counter.counter_id, counter.operator_id or "")
        service.ledger.record(body, device.device_id, now)
    return service.counter_reply(command.counter_id, now)


def raise_alarm(service: "QueueService", command: cmd.RaiseAlarm, device: Device, now: dt.datetime) -> re.Reply:
    """Call for help, whoever sits there; a counter that calls already goes on calling."""
    counter = counter_of(service, command.counter_id)
    if counter.alarm_at is None:
        service.ledger.record(ev.AlarmRaised(counter.counter_id, counter.operator_id or ""), device.device_id, now)
    return service.counter_reply(command.counter_id, now)


def answer_alarm(service: "QueueService", command: cmd.AnswerAlarm, device: Device, now: dt.datetime) -> re.Reply:
    """Say that help is there: another counter's, or a supervisor's, who names the calling counter itself."""
    calling: Counter = counter_of(service, command.alarm_counter_id)
    counter_of(service, command.counter_id)
    by = command.operator_id
    if by is None or person(service.rules, by).role not in LEADERS:
        by = staffed(service, command.counter_id, by).operator_id
    if calling.alarm_at is None:
        raise errors.NoAlarm(counter_id=calling.counter_id)
    body = ev.AlarmAnswered(calling.counter_id, by or "", command.counter_id)
    service.ledger.record(body, device.device_id, now)
    return service.counter_reply(command.counter_id, now)


CASES: Cases = {
    cmd.OpenCounter: open_counter,
    cmd.CloseCounter: close_counter,
    cmd.PauseCounter: pause_counter,
    cmd.ContinueCounter: continue_counter,
    cmd.RaiseAlarm: raise_alarm,
    cmd.AnswerAlarm: answer_alarm,
}
