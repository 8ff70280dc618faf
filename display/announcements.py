"""What the supervisor says to the room: kept from snapshot and events, and told as long as it is meant to be read."""

import datetime as dt

from protocol import events as ev
from protocol.replies import AnnouncementInfo, Snapshot


class Announcements:
    """The announcements of one hall."""

    def __init__(self) -> None:
        self._made: dict[int, AnnouncementInfo] = {}

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Start again from the whole state."""
        self._made = {made.announcement_id: made for made in snapshot.announcements}

    def take_event(self, event: ev.Event) -> None:
        """Fold the next event."""
        match event.body:
            case ev.AnnouncementMade() as made:
                self._made[made.announcement_id] = _info(made, event.at)
            case ev.AnnouncementEnded(announcement_id=announcement_id):
                self._made.pop(announcement_id, None)
            case _:
                pass

    def on(self, display_id: str, at: dt.datetime) -> list[AnnouncementInfo]:
        """What is said on a display at an instant, oldest first; what is over is forgotten."""
        self._made = {key: made for key, made in self._made.items() if made.until is None or at < made.until}
        return [made for made in self._made.values() if not made.display_ids or display_id in made.display_ids]


def _info(made: ev.AnnouncementMade, at: dt.datetime) -> AnnouncementInfo:
    return AnnouncementInfo(
        announcement_id=made.announcement_id,
        kind=made.kind,
        text=made.text,
        text_en=made.text_en,
        at=at,
        until=made.until,
        display_ids=made.display_ids,
        spoken=made.spoken,
    )
