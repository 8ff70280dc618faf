"""Where a device finds its hall: at the first machine, or at the second one that took its place.

A server whose epoch another one has followed, as far as this device knows, is an old machine that came back: nothing
is asked of it, since what it says counts nowhere any more.
"""

from msgspec.structs import replace

from protocol.keys import DeviceKeys
from protocol.replies import HallReply


class Whereabouts:
    """The addresses of a key file, which of them is used now, and what the hall told of them."""

    def __init__(self, keys: DeviceKeys) -> None:
        self.keys = keys
        self._at_second = False

    @property
    def commands(self) -> str:
        """Where to ask now."""
        return self.keys.standby_commands if self._at_second else self.keys.commands

    @property
    def events(self) -> str:
        """Where to listen now."""
        return self.keys.standby_events if self._at_second else self.keys.events

    @property
    def two(self) -> bool:
        """Whether there is another place to look."""
        return bool(self.keys.standby_commands and self.keys.standby_events)

    def switch(self) -> None:
        """Look at the other place."""
        self._at_second = not self._at_second and self.two

    def believe(self, hall: HallReply) -> bool:
        """Whether the hall that answers here is the one to ask; if so, what it tells of itself is learned."""
        known = self.keys.epochs
        if hall.epochs and hall.epochs[-1] in known[:-1]:
            return False
        here, told = (self.commands, self.events), (hall.standby_commands, hall.standby_events)
        if all(told) and told != here:
            self._at_second = False  # whoever answers is the first, and knows who is the second
            self.keys = _at(self.keys, here, told)
        self.keys = replace(self.keys, epochs=tuple(hall.epochs) or known)
        return True


def _at(keys: DeviceKeys, first: tuple[str, str], second: tuple[str, str]) -> DeviceKeys:
    return replace(keys, commands=first[0], events=first[1], standby_commands=second[0], standby_events=second[1])
