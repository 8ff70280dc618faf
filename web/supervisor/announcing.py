"""What is said to the room: what runs now, and what the form for the next one offers."""

from collections.abc import Iterable
from dataclasses import dataclass

from protocol.replies import AnnouncementInfo
from web.supervisor.choices import Choice
from web.supervisor.scene import Scene

KINDS = ("ticker", "announcement", "emergency")
MINUTES = (5, 10, 15, 30, 60, 120, 240, 480)
USUAL_MINUTES = 30
SIGNS = {"ticker": "…", "announcement": "i", "emergency": "‼"}


@dataclass(frozen=True)
class Running:
    """An announcement that is on the walls now."""

    announcement_id: int
    kind: str
    sign: str
    kind_text: str
    words: str
    more: str
    """Until when, where, and whether it was said."""


def running(scene: Scene) -> list[Running]:
    """What is said to the room now, warnings first, then the newest."""
    found = sorted(scene.announcements, key=lambda one: (one.kind != "emergency", -one.announcement_id))
    return [_running(scene, one) for one in found]


def _running(scene: Scene, one: AnnouncementInfo) -> Running:
    until = scene.say("announce_until", at=scene.clock(one.until)) if one.until else scene.say("announce_open")
    where = ", ".join(one.display_ids) if one.display_ids else scene.say("announce_everywhere")
    spoken = [scene.say("announce_spoken")] if one.spoken else []
    words = one.text_en if scene.language == "en" and one.text_en else one.text
    more = " · ".join([until, where, *spoken])
    kind_text = scene.say(f"announce_{one.kind}")
    return Running(one.announcement_id, one.kind, SIGNS[one.kind], kind_text, words, more)


def display_choices(scene: Scene) -> list[Choice]:
    """The displays that an announcement can be kept to, with what each shows."""
    kinds = {one.display_id: one.kind for one in scene.hall.displays}
    enrolled: Iterable[str] = (one.device_id for one in scene.overview.devices if one.role == "display")
    return [Choice(one, one, more=_kind(scene, kinds.get(one, "main"))) for one in enrolled]


def _kind(scene: Scene, kind: str) -> str:
    try:
        return scene.say(f"wall_{kind}")
    except KeyError:
        return kind
