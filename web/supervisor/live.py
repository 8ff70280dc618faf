"""The newest overview for all pages that look: asked for at most once a second, rendered once per kind of reader."""

import asyncio
import time

from starlette.requests import Request

from protocol.commands import GetOverview, GetSnapshot
from protocol.replies import AnnouncementInfo, HallReply, OverviewReply, Snapshot
from web.hall import Hall
from web.pages import render
from web.supervisor import announcing, charts
from web.supervisor.alerts import alert_groups
from web.supervisor.counters import tiles
from web.supervisor.devices import device_rows
from web.supervisor.head import closing, figures
from web.supervisor.scene import Scene
from web.supervisor.services import service_rows
from web.supervisor.tickets import GROUPS, ticket_rows

FRESH_SECONDS = 1.0
PARTS = ("announcements", "figures", "alerts", "counters", "services", "devices", "tickets", "hours")


class Live:
    """What the supervisors' pages share."""

    def __init__(self) -> None:
        self._overview: OverviewReply | None = None
        self._announcements: list[AnnouncementInfo] = []
        self._read_at = 0.0
        self._one_at_a_time = asyncio.Lock()
        self._rendered: dict[tuple[str, bool], dict[str, str]] = {}
        self._rendered_for: tuple[OverviewReply, HallReply] | None = None

    async def scene(self, hall: Hall, language: str, *, newest: bool = False) -> Scene:
        """The hall now, `newest`: not a second ago; raises Refusal or ServerUnreachable."""
        info = await hall.info()
        asked_at = time.monotonic()
        async with self._one_at_a_time:
            enough = asked_at if newest else asked_at - FRESH_SECONDS
            if self._overview is None or self._read_at < enough:
                read_at = time.monotonic()
                self._overview = await hall.as_desk(GetOverview(), OverviewReply)
                self._announcements = (await hall.as_desk(GetSnapshot(), Snapshot)).announcements
                self._read_at = read_at
            return Scene(info, self._overview, language, self._announcements)

    def parts(self, scene: Scene, *, leads: bool) -> dict[str, str]:
        """The page's parts as HTML, for who leads or only looks."""
        made_from = (scene.overview, scene.hall)
        if self._rendered_for is None or any(a is not b for a, b in zip(made_from, self._rendered_for, strict=True)):
            self._rendered, self._rendered_for = {}, made_from
        key = (scene.language, leads)
        if key not in self._rendered:
            self._rendered[key] = render_parts(scene, leads=leads)
        return self._rendered[key]


def live_of(request: Request) -> Live:
    """What the supervisors' pages share."""
    found = request.app.state.live
    assert isinstance(found, Live)
    return found


def render_parts(scene: Scene, *, leads: bool) -> dict[str, str]:
    """Every part of the page as HTML."""
    values: dict[str, dict[str, object]] = {
        "announcements": {"running": announcing.running(scene)},
        "figures": {"figures": figures(scene), "closing": closing(scene)},
        "alerts": {"groups": alert_groups(scene, leads=leads)},
        "counters": {"tiles": tiles(scene)},
        "services": {"rows": service_rows(scene)},
        "devices": {"rows": device_rows(scene)},
        "tickets": {"rows": ticket_rows(scene), "groups": GROUPS},
        "hours": {
            "version": charts.version(scene.overview.hours),
            "rows": charts.hour_rows(scene),
            "today": scene.overview.today,
        },
    }
    return {part: str(render(f"supervisor/{part}.html", scene.language, leads=leads, **values[part])) for part in PARTS}
