"""The waiting tickets: one ordered line per service, class, kind and target, because a ticket's key never changes."""

from collections.abc import Iterable, Iterator
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple

from sortedcontainers import SortedKeyList

Kind = Literal["walk_in", "appointment", "returned"]


class Entry(NamedTuple):
    """A waiting ticket; instants are seconds since the Unix epoch.

    `counts_from` is the time it counts from, moved back by its head starts; it alone orders a line by points.
    """

    counts_from: float
    ticket_id: int
    waited_since: float


class LineKey(NamedTuple):
    """What the tickets of a line have in common; `target` as in `Ticket.target`."""

    service_id: str
    class_id: str
    kind: Kind = "walk_in"
    target: str = ""


Waiting = tuple[LineKey, Entry]
_by_points = itemgetter(0, 1)
_by_wait = attrgetter("waited_since", "ticket_id")


class Line:
    """Tickets in the order of their points and, where that may differ, also in the order in which they waited."""

    def __init__(self, key: LineKey) -> None:
        self.key = key
        self.by_points: SortedKeyList[Entry, tuple[float, int]] = SortedKeyList(key=_by_points)
        self.by_wait: SortedKeyList[Entry, tuple[float, int]] | None = None
        if key.kind != "walk_in":
            self.by_wait = SortedKeyList(key=_by_wait)

    def add(self, entry: Entry) -> None:
        """Put a ticket into its place."""
        self.by_points.add(entry)
        if self.by_wait is not None:
            self.by_wait.add(entry)

    def remove(self, entry: Entry) -> None:
        """Take a ticket out; raises ValueError if it is not there."""
        self.by_points.remove(entry)
        if self.by_wait is not None:
            self.by_wait.remove(entry)

    def heads(self) -> Iterator[Waiting]:
        """Who may be first: by points and, if that is somebody else, by how long he waited."""
        first = self.by_points[0]
        yield self.key, first
        if self.by_wait is not None and self.by_wait[0] is not first and self.by_wait[0] != first:
            yield self.key, self.by_wait[0]

    def first(self, limit: int) -> Iterator[Entry]:
        """The first tickets by points."""
        return self.by_points.islice(0, limit)


class Lines:
    """All lines of a hall. Adding, removing and looking at a head cost O(log n) of one line."""

    def __init__(self) -> None:
        self._services: dict[str, dict[LineKey, Line]] = {}
        self._directed: dict[str, dict[LineKey, Line]] = {}

    def add(self, key: LineKey, entry: Entry) -> None:
        """Put a ticket into its line."""
        lines = self._services.setdefault(key.service_id, {})
        line = lines.get(key)
        if line is None:
            line = lines[key] = Line(key)
            if key.target:
                self._directed.setdefault(key.target, {})[key] = line
        line.add(entry)

    def remove(self, key: LineKey, entry: Entry) -> None:
        """Take a ticket out of its line; raises KeyError or ValueError if it is not there."""
        lines = self._services[key.service_id]
        line = lines[key]
        line.remove(entry)
        if not line.by_points:
            del lines[key]
            if key.target:
                del self._directed[key.target][key]

    def of(self, service_ids: Iterable[str]) -> Iterator[Line]:
        """The lines of these services."""
        for service_id in service_ids:
            yield from self._services.get(service_id, {}).values()

    def directed(self, target: str) -> Iterable[Line]:
        """The lines of those who wait for one counter or person, of whatever service."""
        return self._directed.get(target, {}).values()

    def waiting(self, service_id: str) -> int:
        """How many wait for a service."""
        return sum(len(line.by_points) for line in self._services.get(service_id, {}).values())

    def ahead(self, service_ids: Iterable[str], entry: Entry) -> int:
        """How many tickets of these services count from earlier than this one."""
        key = (entry.counts_from, entry.ticket_id)
        return sum(line.by_points.bisect_key_left(key) for line in self.of(service_ids))

    def first(self, service_ids: Iterable[str], limit: int) -> list[Waiting]:
        """The first `limit` tickets of every line of these services."""
        return [(line.key, entry) for line in self.of(service_ids) for entry in line.first(limit)]

    def copy(self, limit: int) -> "Lines":
        """Lines of their own to play with, each with its first `limit` tickets."""
        twin = Lines()
        for lines in self._services.values():
            for line in lines.values():
                for entry in line.first(limit):
                    twin.add(line.key, entry)
        return twin
