"""What the hall is told of each call: that it stood on the wall, and that it was said; once each."""

import datetime as dt
from collections.abc import Iterable

from display.calls import Call
from protocol.commands import AcknowledgeCall

REMEMBERED = 1000
"""So many of the latest are remembered: more than a hall calls while one of them is still there."""


class Acknowledging:
    """Remembers what the hall was told."""

    def __init__(self) -> None:
        self._told: dict[AcknowledgeCall, None] = {}

    def shown(self, calls: Iterable[Call]) -> list[AcknowledgeCall]:
        """What to tell once these calls were in a picture that the room saw."""
        known = ((call.ticket_id, call.announced_at) for call in calls)
        return self._new(AcknowledgeCall(ticket_id, at) for ticket_id, at in known if at is not None)

    def said(self, ticket_id: int, announced_at: dt.datetime) -> list[AcknowledgeCall]:
        """What to tell once a call was said to its end."""
        return self._new([AcknowledgeCall(ticket_id, announced_at, said=True)])

    def _new(self, commands: Iterable[AcknowledgeCall]) -> list[AcknowledgeCall]:
        found = [command for command in commands if command not in self._told]
        self._told.update(dict.fromkeys(found))
        while len(self._told) > REMEMBERED:
            del self._told[next(iter(self._told))]
        return found
