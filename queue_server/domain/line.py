"""The waiting tickets: one ordered line per service and class, because a ticket's key never changes."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

from sortedcontainers import SortedKeyList


class Entry(NamedTuple):
    """A waiting ticket; instants are seconds since the Unix epoch.

    `counts_from` is the issue time moved back by the ticket's head start: it alone orders a line.
    """

    counts_from: float
    ticket_id: int
    waited_since: float


class Lines:
    """All lines of a hall. Adding, removing and looking at a head cost O(log n) of one line."""

    def __init__(self) -> None:
        self._services: dict[str, dict[str, SortedKeyList[Entry, tuple[float, int]]]] = {}

    def add(self, service_id: str, class_id: str, entry: Entry) -> None:
        """Put a ticket into its line."""
        classes = self._services.setdefault(service_id, {})
        line = classes.get(class_id)
        if line is None:
            line = classes[class_id] = SortedKeyList(key=itemgetter(0, 1))
        line.add(entry)

    def remove(self, service_id: str, class_id: str, entry: Entry) -> None:
        """Take a ticket out of its line; raises KeyError or ValueError if it is not there."""
        classes = self._services[service_id]
        line = classes[class_id]
        line.remove(entry)
        if not line:
            del classes[class_id]

    def heads(self, service_ids: Iterable[str]) -> Iterator[tuple[str, str, Entry]]:
        """The first ticket of every line of these services, as (service, class, entry)."""
        for service_id in service_ids:
            for class_id, line in self._services.get(service_id, {}).items():
                yield service_id, class_id, line[0]

    def waiting(self, service_id: str) -> int:
        """How many wait for a service."""
        return sum(map(len, self._services.get(service_id, {}).values()))

    def ahead(self, service_ids: Iterable[str], entry: Entry) -> int:
        """How many tickets of these services count from earlier than this one."""
        key = (entry.counts_from, entry.ticket_id)
        lines = (line for service_id in service_ids for line in self._services.get(service_id, {}).values())
        return sum(line.bisect_key_left(key) for line in lines)

    def first(self, service_ids: Iterable[str], limit: int) -> list[tuple[str, str, Entry]]:
        """The first `limit` tickets of every line of these services."""
        return [
            (service_id, class_id, entry)
            for service_id in service_ids
            for class_id, line in self._services.get(service_id, {}).items()
            for entry in line.islice(0, limit)
        ]

    def copy(self, limit: int) -> "Lines":
        """Lines of their own to play with, each with its first `limit` tickets."""
        twin = Lines()
        for service_id, classes in self._services.items():
            twin._services[service_id] = {
                class_id: SortedKeyList(line.islice(0, limit), key=itemgetter(0, 1))
                for class_id, line in classes.items()
            }
        return twin
