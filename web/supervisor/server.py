"""The panel about the queue server itself: since when it runs, disk, backup, log, second machine, and what to do."""

from dataclasses import dataclass

from config.texts import text
from config.version import VERSION
from protocol.commands import GetHealth
from protocol.errors import MotcuaError
from protocol.replies import Alert, HealthReply
from web.hall import Hall
from web.supervisor.alerts import LEVELS, SIGNS, sentence
from web.supervisor.scene import Scene, decimal

GIGABYTE = 10**9
HOUR = 3600
STRANGE = ("refused_unknown_key", "refused_revoked", "refused_handshake", "refused_code")
"""The counts of knocks that no device of the hall makes."""


@dataclass(frozen=True)
class Trouble:
    """One trouble: how urgent, in a sentence, and what to do."""

    level: str
    sign: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class Panel:
    """What is shown; `facts` are pairs of name and value."""

    troubles: list[Trouble]
    facts: list[tuple[str, str]]


async def ask_panel(hall: Hall, scene: Scene) -> Panel | None:
    """The panel as of now; None: the server does not answer."""
    try:
        reply = await hall.as_desk(GetHealth(), HealthReply)
    except MotcuaError:
        return None
    return panel(scene, reply)


def panel(scene: Scene, reply: HealthReply) -> Panel:
    """The panel of an answer of the server."""

    def say(key: str, **values: object) -> str:
        return text(f"server.{key}", scene.language, **values)

    facts = {
        "since": scene.clock(reply.began_at or reply.at),
        "disk": _disk(reply.gauges, scene.language),
        "backup": _backup(reply.gauges, scene.language),
        "chain": _chain(reply, scene.language),
        "standby": _standby(reply, scene.language),
        "refused": _refused(reply.counts, scene.language),
        "version": VERSION,
    }
    troubles = [_trouble(scene, alert) for alert in reply.troubles]
    return Panel(troubles, [(say(name), value) for name, value in facts.items()])


def _trouble(scene: Scene, alert: Alert) -> Trouble:
    level = LEVELS.get(alert.code, "warning")
    try:
        advice = text(f"server.do_{alert.code}", scene.language)
    except KeyError:  # newer than this page
        advice = ""
    return Trouble(level, SIGNS[level], sentence(scene, alert), advice)


def _disk(gauges: dict[str, float], language: str) -> str:
    if "disk_free_bytes" not in gauges or "disk_bytes" not in gauges:
        return text("server.disk_unknown", language)
    free, total = (decimal(gauges[name] / GIGABYTE, language) for name in ("disk_free_bytes", "disk_bytes"))
    return text("server.disk_free", language, free=free, total=total)


def _backup(gauges: dict[str, float], language: str) -> str:
    if "backup_age_seconds" not in gauges:
        return text("server.backup_none", language)
    return text("server.backup_ago", language, hours=_hours(gauges["backup_age_seconds"]))


def _chain(reply: HealthReply, language: str) -> str:
    gauges = reply.gauges
    if any(alert.code == "chain_broken" for alert in reply.troubles):
        return text("server.chain_broken", language)
    if "chain_checked_seq" not in gauges or "chain_checked_age_seconds" not in gauges:
        return text("server.chain_unknown", language)
    hours = _hours(gauges["chain_checked_age_seconds"])
    return text("server.chain_checked", language, seq=int(gauges["chain_checked_seq"]), hours=hours)


def _standby(reply: HealthReply, language: str) -> str:
    in_step = reply.gauges.get("standby_in_step")
    if in_step is None:
        return text("server.standby_none", language)
    return text("server.standby_in_step" if in_step else "server.standby_behind", language)


def _refused(counts: dict[str, int], language: str) -> str:
    count = sum(counts.get(kind, 0) for kind in STRANGE)
    return text("server.refused_count", language, count=count) if count else text("server.refused_none", language)


def _hours(seconds: float) -> int:
    return round(seconds / HOUR)
