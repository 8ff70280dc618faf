"""What the room sees and hears: acknowledged calls, announcements, how satisfied it is."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from protocol.words import SMALLEST_GROUP, TicketState
from queue_server.call_watch import shows
from queue_server.cases import Cases
from queue_server.domain.cleaning import one_line
from queue_server.domain.hall import Hall
from queue_server.domain.rows import Announcement, Device
from queue_server.domain.ticket import IN_HAND
from queue_server.domain.visit import is_served

if TYPE_CHECKING:
    from queue_server.service import QueueService

MOST_ANNOUNCEMENTS = 20
"""So many stand at most: a board that shows more says nothing, and every snapshot carries them."""


def acknowledge_call(
    service: "QueueService", command: cmd.AcknowledgeCall, device: Device, now: dt.datetime
) -> re.Reply:
    """Note that a call was shown or said; the first wall that tells so is recorded, later ones change nothing."""
    ticket = service.hall.tickets.get(command.ticket_id)
    if ticket is None or ticket.state not in IN_HAND:
        return re.DoneReply()
    if not command.said and not shows(service.rules, device.device_id, ticket.service_id):
        return re.DoneReply()  # a sign, or a wall of other services: the room did not see it there
    if service.call_watch.acknowledge(ticket, command.announced_at, said=command.said):
        kind = ev.CallSaid if command.said else ev.CallShown
        service.ledger.record(kind(ticket.ticket_id, command.announced_at, device.device_id), device.device_id, now)
    return re.DoneReply()


def tell_unseen(service: "QueueService", device_id: str, now: dt.datetime) -> None:
    """Record which calls no wall showed in time."""
    for ticket in service.call_watch.missed(service.hall, service.began or now, now):
        if ticket.state is TicketState.CALLED and ticket.announced_at is not None:
            body = ev.CallUnseen(ticket.ticket_id, ticket.number, ticket.counter_id or "", ticket.announced_at)
            service.ledger.record(body, device_id, now)


def make_announcement(
    service: "QueueService", command: cmd.MakeAnnouncement, device: Device, now: dt.datetime
) -> re.Reply:
    """Say something to the room."""
    for display_id in command.display_ids:
        found = service.hall.devices.get(display_id)
        if found is None or found.role != "display" or found.revoked:
            raise errors.UnknownDisplay(display_id=display_id)
    text = one_line(command.text)
    if not text:
        raise errors.MalformedRequest(detail="an announcement needs words")
    _make_room(service, command.operator_id, device, now)
    body = ev.AnnouncementMade(
        announcement_id=service.hall.seq + 1,
        kind=command.kind,
        text=text,
        by=command.operator_id,
        text_en=one_line(command.text_en),
        until=now + dt.timedelta(minutes=command.minutes) if command.minutes else None,
        display_ids=command.display_ids,
        spoken=command.spoken,
    )
    service.ledger.record(body, device.device_id, now)
    return re.DoneReply()


def _make_room(service: "QueueService", operator_id: str, device: Device, now: dt.datetime) -> None:
    """End the oldest announcements where too many stand: those that are over first, emergencies last."""
    rows = sorted(service.hall.announcements.values(), key=lambda row: (not _over(row, now), *_rank(row)))
    for row in rows[: max(0, len(rows) + 1 - MOST_ANNOUNCEMENTS)]:
        service.ledger.record(ev.AnnouncementEnded(row.announcement_id, operator_id), device.device_id, now)


def _over(row: Announcement, now: dt.datetime) -> bool:
    return row.until is not None and row.until <= now


def _rank(row: Announcement) -> tuple[bool, int]:
    return row.kind == "emergency", row.announcement_id


def end_announcement(
    service: "QueueService", command: cmd.EndAnnouncement, device: Device, now: dt.datetime
) -> re.Reply:
    """Take an announcement from the walls."""
    if command.announcement_id not in service.hall.announcements:
        raise errors.UnknownAnnouncement(announcement_id=command.announcement_id)
    body = ev.AnnouncementEnded(command.announcement_id, command.operator_id)
    service.ledger.record(body, device.device_id, now)
    return re.DoneReply()


def announcements(hall: Hall, now: dt.datetime) -> list[re.AnnouncementInfo]:
    """What is said to the room at `now`, oldest first."""
    rows = sorted(hall.announcements.values(), key=lambda row: row.announcement_id)
    return [_info(row) for row in rows if not _over(row, now)]


def _info(row: Announcement) -> re.AnnouncementInfo:
    what = row.kind, row.text, row.text_en, row.at, row.until, row.display_ids, row.spoken
    return re.AnnouncementInfo(row.announcement_id, *what)


def get_satisfaction(
    service: "QueueService", _query: cmd.GetSatisfaction, _device: Device, _now: dt.datetime
) -> re.Reply:
    """How satisfied citizens are, as far as it may be told."""
    hall, told = service.hall, service.satisfaction
    today = re.Satisfied(told.ratings, told.satisfied, told.finished) if told.ratings >= SMALLEST_GROUP else None
    finished = [ticket for ticket in hall.ended.values() if is_served(ticket)]
    return re.SatisfactionReply(
        today,
        service.ratings.groups("service", _count(ticket.service_id for ticket in finished)),
        service.ratings.groups("counter", _count(ticket.counter_id or "" for ticket in finished)),
        [re.SatisfiedDay(day.service_day, day.tally.ratings, day.tally.satisfied) for day in service.ratings.days],
    )


def _count(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))


CASES: Cases = {
    cmd.AcknowledgeCall: acknowledge_call,
    cmd.MakeAnnouncement: make_announcement,
    cmd.EndAnnouncement: end_announcement,
}
