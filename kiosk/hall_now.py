"""What the kiosk knows of its hall: the settings, who waits where, and whether the server lives."""

import datetime as dt
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from protocol.events import Event, TicketCalled, TicketCancelled, TicketIssued
from protocol.replies import HallReply, Pulse, ServiceInfo, ServiceStatus, Snapshot
from protocol.words import TicketState


class HallNow:
    """The hall as the server told it last; it is away until it told something."""

    def __init__(self) -> None:
        self.hall: HallReply | None = None
        self.away = True
        self._services: dict[str, ServiceStatus] = {}
        self._at: dt.datetime | None = None

    def take_hall(self, hall: HallReply) -> None:
        """Learn the settings, or learn them again."""
        self.hall = hall

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Forget the counts known before."""
        self._take_services(snapshot.services, snapshot.at)

    def take_pulse(self, pulse: Pulse) -> None:
        """The server lives; its own counts replace what was folded from events."""
        self._take_services(pulse.services, pulse.at)

    def take_event(self, event: Event) -> None:
        """Count one more or one less waiting, at once rather than at the next pulse."""
        self.away = False
        match event.body:
            case TicketIssued(service_id=service_id):
                self._count(service_id, 1)
            case TicketCalled(service_id=service_id):
                self._count(service_id, -1)
            case TicketCancelled(service_id=service_id, state_before=TicketState.WAITING):
                self._count(service_id, -1)
            case _:
                pass

    def lose(self) -> None:
        """Nothing was heard for too long."""
        self.away = True

    @property
    def usable(self) -> bool:
        """Whether a number can be asked for now."""
        return self.hall is not None and not self.away

    def service(self, service_id: str) -> ServiceInfo | None:
        """The service of this id, if the hall has it."""
        return next((found for found in self.services() if found.service_id == service_id), None)

    def services(self, agency_id: str | None = None) -> list[ServiceInfo]:
        """The services of an agency, or all, in the hall's order."""
        everything = self.hall.services if self.hall else []
        return [found for found in everything if agency_id in (None, found.agency_id)]

    def status(self, service_id: str) -> ServiceStatus:
        """How a service stands; nobody waiting and no counter open as long as nothing is known."""
        return self._services.get(service_id, ServiceStatus(service_id, waiting=0, open_counters=0))

    def waiting(self, agency_id: str | None = None) -> int:
        """How many people wait for an agency's services, or for all."""
        return sum(self.status(found.service_id).waiting for found in self.services(agency_id))

    def local(self, instant: dt.datetime | None = None) -> dt.datetime | None:
        """An instant, or the server's last, on the hall's clock; none as long as one of them is unknown."""
        instant = instant or self._at
        return instant.astimezone(ZoneInfo(self.hall.zone)) if instant and self.hall else None

    def counter_names(self, counter_ids: list[str]) -> tuple[str, ...]:
        """The names of counters, as written above them."""
        names = {counter.counter_id: counter.name for counter in self.hall.counters} if self.hall else {}
        return tuple(names.get(counter_id, counter_id) for counter_id in counter_ids)

    def _take_services(self, services: list[ServiceStatus], at: dt.datetime) -> None:
        self.away = False
        self._at = at
        self._services = {status.service_id: status for status in services}

    def _count(self, service_id: str, change: int) -> None:
        status = self.status(service_id)
        self._services[service_id] = replace(status, waiting=max(status.waiting + change, 0))
