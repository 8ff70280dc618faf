"""The network: whether the hall answers, whether its pages open where phones look for them."""

import datetime as dt
import socket
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from config.texts import text
from doctor.finding import Finding, Findings, Level, care, well, wrong
from doctor.pair import taken_over
from doctor.place import Place, keys_in
from protocol.client import HallClient
from protocol.commands import Command, GetHealth, GetSnapshot
from protocol.errors import MotcuaError
from protocol.replies import Alert, HealthReply, Reply, Snapshot
from web.supervisor.alerts import LEVELS

ANSWER_SECONDS = 4.0
_LEVELS = {"danger": Level.WRONG, "warning": Level.CARE, "note": Level.CARE}


def ask_hall(place: Place) -> Reply | None:
    """How the server is, asked with the key that lies here; None: no answer."""
    command: Command = GetHealth() if place.kind == "server" else GetSnapshot()
    keys = place.keys or keys_in(place.data / "keys" / "admin.json")
    if keys is None:
        return None
    client = HallClient(keys)
    try:
        return client.call(command, within=ANSWER_SECONDS)
    except MotcuaError:
        return None
    finally:
        client.close()


def hall_time(reply: Reply | None) -> dt.datetime | None:
    """The hall's clock as an answer tells it."""
    return reply.at if isinstance(reply, HealthReply | Snapshot) else None


def look_at_network(place: Place, reply: Reply | None, language: str) -> Findings:
    """Whether the server answers, what troubles it tells, and whether `public_url` opens from here."""
    keys = place.keys or keys_in(place.data / "keys" / "admin.json")
    address = keys.commands if keys is not None else "?"
    if reply is not None:
        yield well("network", "hall_answers", address=address)
    elif place.kind == "server":
        yield taken_over(place) or wrong(
            "network", "hall_port_taken" if _is_taken(address) else "hall_stands_still", address=address
        )
    else:
        yield wrong("network", "hall_silent", address=address)
    if isinstance(reply, HealthReply):
        yield from _troubles(reply, language)
    if place.hall is not None:
        yield from _pages(place.hall.network.public_url, running=reply is not None)


def _troubles(reply: HealthReply, language: str) -> Findings:
    for alert in reply.troubles:
        said = _said(alert, language)
        yield Finding(_LEVELS[LEVELS.get(alert.code, "warning")], "network", "hall_trouble", {"said": said})


def _said(alert: Alert, language: str) -> str:
    """What the supervisor's page says, too; the clock is told by this PC's zone."""
    told = alert.facts.get("told")
    here = f"{dt.datetime.fromisoformat(str(told)).astimezone():%H:%M %d/%m/%Y}" if told else ""
    try:
        return text(f"supervisor.alert_{alert.code}", language, told=here)
    except KeyError:  # newer than this program
        return text("supervisor.alert_other", language, code=alert.code)


def _is_taken(address: str) -> bool:
    """Whether something listens at `tcp://host:port`."""
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=2):
            return True
    except OSError:
        return False


def _pages(url: str, *, running: bool) -> Findings:
    host = urlsplit(url).hostname or ""
    if host in ("localhost", "::1") or host.startswith("127."):
        yield care("network", "url_of_this_pc", url=url)
    if not running:
        return
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=ANSWER_SECONDS):  # noqa: S310 - settings allow http only
            yield well("network", "url_opens", url=url)
    except urllib.error.HTTPError:  # an answer, though not a good one: the troubles above say why
        yield well("network", "url_opens", url=url)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "reason", fault)
        is_tls = isinstance(reason, ssl.SSLError)
        yield wrong("network", "url_not_trusted" if is_tls else "url_closed", url=url, fault=reason)
