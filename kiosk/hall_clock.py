"""What time it is in the hall, when only the kiosk's own clock can say: a dead battery must not change the day."""

import datetime as dt


class HallClock:
    """Goes on from the last instant that the hall told; `running` are monotonic seconds, instants are aware UTC.

    Heard since this program began, the hall's instant and the seconds since then are the time. Before, the machine's
    clock is, but it is never behind what the hall told or the kiosk wrote before (`known`).
    """

    def __init__(self, known: dt.datetime | None, running: float) -> None:
        self._at = known
        self._since = running
        self._heard = False

    def hear(self, at: dt.datetime, running: float) -> None:
        """The hall told its time."""
        self._at, self._since, self._heard = at, running, True

    def now(self, own: dt.datetime, running: float) -> dt.datetime:
        """The time, where `own` is what the machine's clock says."""
        if self._at is None:
            return own
        reckoned = self._at + dt.timedelta(seconds=max(running - self._since, 0.0))
        return reckoned if self._heard else max(own, reckoned)
