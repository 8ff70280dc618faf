"""What the kiosk knows of its hall: the settings, who waits where, and whether the server lives."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from kiosk.blocks import HeldBlock, block_of
from kiosk.doors import Door, own_door, refused_door, spans_of
from protocol.errors import Fact
from protocol.events import Event, KioskReopened, KioskSuspended, ServiceSuspended
from protocol.replies import (
    ArrivalCodeReply,
    HallReply,
    ProcedureInfo,
    Pulse,
    QueueInfo,
    ServiceInfo,
    ServiceStatus,
    Snapshot,
)
from protocol.waiting import waiting_changes
from protocol.words import Issuing


class HallNow:
    """The hall as the server told it last; it is away until it told something."""

    def __init__(self, device_id: str = "") -> None:
        self.hall: HallReply | None = None
        self.away = True
        self.suspended: str | None = None
        """Why this kiosk is out of use; none: it is in use, as far as it heard."""
        self.procedures: tuple[ProcedureInfo, ...] = ()
        """The hall's procedures, the most used first."""
        self.arrival: ArrivalCodeReply | None = None
        """What the first screen shows to who took a place from home; none while it would be of no use."""
        self._device_id = device_id
        self._blocks: tuple[HeldBlock, ...] = ()
        self._silent = False
        self._services: dict[str, ServiceStatus] = {}
        self._at: dt.datetime | None = None

    def take_hall(self, hall: HallReply) -> None:
        """Learn the settings, or learn them again."""
        self.hall = hall

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Forget what was known before."""
        self.suspended = snapshot.suspended_kiosks.get(self._device_id)
        self._take_services(snapshot.services, snapshot.at)

    def take_pulse(self, pulse: Pulse) -> None:
        """The server lives; its own counts replace what was folded from events."""
        self._take_services(pulse.services, pulse.at)

    def take_event(self, event: Event) -> None:
        """Learn at once, rather than at the next pulse, who waits and what was taken out of use."""
        self.away = self._silent = False
        for service_id, change in waiting_changes(event.body):
            self._count(service_id, change)
        match event.body:
            case ServiceSuspended(service_id=service_id, reason=reason):
                closed = replace(self.status(service_id), issuing=Issuing.SUSPENDED, reason=reason)
                self._services[service_id] = closed
            case KioskSuspended(kiosk_id=self._device_id, reason=reason):
                self.suspended = reason
            case KioskReopened(kiosk_id=self._device_id):
                self.suspended = None
            case _:
                pass

    def take_blocks(self, blocks: Iterable[HeldBlock]) -> None:
        """Learn which numbers this kiosk may give by itself."""
        self._blocks = tuple(blocks)

    def take_time(self, at: dt.datetime) -> None:
        """Learn what time it is (aware UTC) while the server does not tell."""
        self._at = at

    def take_doors(self, services: list[ServiceStatus], suspended: str | None) -> None:
        """Learn what the server said last, before this program began."""
        self.suspended = suspended
        self._services = {status.service_id: status for status in services}

    def take_procedures(self, procedures: tuple[ProcedureInfo, ...]) -> None:
        """Learn the hall's procedures."""
        self.procedures = procedures

    def take_arrival(self, arrival: ArrivalCodeReply | None) -> None:
        """Learn the code that proves to the hall that who reads it is here, or that there is none."""
        self.arrival = arrival

    def suspend(self, reason: str) -> None:
        """The hall refused a number because this kiosk is out of use."""
        self.suspended = reason

    def lose(self) -> None:
        """Nothing was heard for too long."""
        self.away = self._silent = True

    @property
    def usable(self) -> bool:
        """Whether a number can be taken now."""
        return self.hall is not None and (not self.away or self.alone)

    @property
    def alone(self) -> bool:
        """Whether the server is away and this kiosk gives numbers by itself: nobody knows then how many wait.

        Just started, it listens for the server first.
        """
        return self.away and self._silent and any(self.block(service.service_id) for service in self.services())

    def block(self, service_id: str) -> HeldBlock | None:
        """The block from which this kiosk may give a number for a service now."""
        service = self.service(service_id)
        if service is None or self.queue(service.queue_id) is None:
            return None
        return block_of(self._blocks, service.queue_id, self.today())

    def queue(self, queue_id: str) -> QueueInfo | None:
        """The number series of this id."""
        return next((found for found in self.hall.queues if found.queue_id == queue_id), None) if self.hall else None

    def service(self, service_id: str) -> ServiceInfo | None:
        """The service of this id, if the hall has it."""
        return next((found for found in self.services() if found.service_id == service_id), None)

    def services(self, agency_id: str | None = None) -> list[ServiceInfo]:
        """The services of an agency, or all, in the hall's order."""
        everything = self.hall.services if self.hall else []
        return [found for found in everything if agency_id in (None, found.agency_id)]

    def statuses(self) -> list[ServiceStatus]:
        """How all services stand, as far as the server told."""
        return list(self._services.values())

    def status(self, service_id: str) -> ServiceStatus:
        """How a service stands; nobody waiting and no counter open as long as nothing is known, as when alone."""
        status = self._services.get(service_id, ServiceStatus(service_id, waiting=0, open_counters=0))
        if self.alone:
            return replace(status, waiting=0, wait_low_minutes=None, wait_high_minutes=None)
        return status

    def door(self, service_id: str) -> Door:
        """Whether a number can be taken for a service; while the server is away, by the hall's hours."""
        status, now, block = self.status(service_id), self.local(), self.block(service_id)
        if self.away and self.hall is not None and now is not None:
            return own_door(self.hall, status, block.left if block else 0, now)
        opens_at = self.local(status.opens_at) if status.opens_at else None
        return Door(status.issuing, status.reason, opens_at, self.today())

    def refused_door(self, code: str, facts: dict[str, Fact]) -> Door | None:
        """The door that a refusal tells of, if it does."""
        return refused_door(code, facts, ZoneInfo(self.hall.zone), self.today()) if self.hall else None

    def spans(self) -> list[str]:
        """Today's hours of the hall, special days and holidays counted; empty on a day without work."""
        today = self.today()
        return spans_of(self.hall, today) if self.hall and today else []

    def waiting(self, agency_id: str | None = None) -> int:
        """How many people wait for an agency's services, or for all."""
        return sum(self.status(found.service_id).waiting for found in self.services(agency_id))

    def local(self, instant: dt.datetime | None = None) -> dt.datetime | None:
        """An instant, or the server's last, on the hall's clock; none as long as one of them is unknown."""
        instant = instant or self._at
        return instant.astimezone(ZoneInfo(self.hall.zone)) if instant and self.hall else None

    def today(self) -> dt.date | None:
        """The day in the hall; none as long as the time is unknown."""
        local = self.local()
        return local.date() if local else None

    def counter_names(self, counter_ids: list[str]) -> tuple[str, ...]:
        """The names of counters, as written above them."""
        names = {counter.counter_id: counter.name for counter in self.hall.counters} if self.hall else {}
        return tuple(names.get(counter_id, counter_id) for counter_id in counter_ids)

    def _take_services(self, services: list[ServiceStatus], at: dt.datetime) -> None:
        self.away = self._silent = False
        self._at = at
        self._services = {status.service_id: status for status in services}

    def _count(self, service_id: str, change: int) -> None:
        status = self.status(service_id)
        self._services[service_id] = replace(status, waiting=max(status.waiting + change, 0))
