"""`/metrics`: what server and web count and measure, for Prometheus; docs/metrics.md lists it.

Whoever reads it asks the server at that moment, so nothing is kept or sampled here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.version import VERSION
from protocol.replies import HealthReply
from protocol.staff_replies import TROUBLES
from web.entrance import Entrance
from web.feed import Feed
from web.hall import hall_of
from web.health import PAGES, Checkup, checkup_of

COUNTS = {
    "requests": "Requests that the server read",
    "batches": "Batches of requests decided together",
    "commits": "Durable commits",
    "events": "Events written to the log",
    "storage_faults": "Commits that the disk did not take",
}
GAUGES = {
    "batch_requests": "Requests in the last batch: how many lay ready at once",
    "batch_requests_most": "Most requests in one batch since the start",
    "devices_heard": "Devices heard within the last minute",
    "database_bytes": "Size of the database",
    "wal_bytes": "Size of the database's write-ahead log",
    "commit_p99_seconds": "99 of 100 of the latest commits took the disk no longer",
    "disk_free_bytes": "Free space on the data folder's disk",
    "disk_bytes": "Size of the data folder's disk",
    "disk_reserve_bytes": "Kept on that disk to finish the day when it is full",
    "memory_bytes": "Resident memory of the server",
    "open_files": "File descriptors of the server",
    "open_files_limit": "File descriptors that the server may have",
    "backup_age_seconds": "Age of the last checked copy of the database",
    "backup_seq": "Last event of that copy",
    "chain_checked_seq": "Last event of the last check of the whole log",
    "chain_checked_age_seconds": "Age of that check",
    "standby_in_step": "1 while the second machine has all that was answered",
}
_REFUSAL, _REFUSED = "refusal_", "refused_"


class Traffic:
    """The requests that the web answered, by the class of their status; counts them as middleware."""

    def __init__(self) -> None:
        self.answered: Counter[str] = Counter({f"{first}xx": 0 for first in range(2, 6)})
        self.rejected = 0
        """Those told to come back: too many from one address."""

    def note(self, status: int) -> None:
        """Count an answer."""
        self.answered[f"{status // 100}xx"] += 1
        self.rejected += status == 429


class Counted:
    """Middleware: counts every answer."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; look at the status as it leaves."""

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._traffic.note(message["status"])
            await send(message)

        await self._app(scope, receive, send_and_count)


class Reading(Collector):
    """One reading of everything."""

    def __init__(self, reply: HealthReply | None, feed: Feed, traffic: Traffic, entrance: Entrance | None) -> None:
        self._reply = reply
        self._feed = feed
        self._traffic = traffic
        self._entrance = entrance

    def collect(self) -> Iterator[Metric]:
        """Every family with its samples."""
        yield _labelled(GaugeMetricFamily, "motcua_info", "Version of the program", "version", {VERSION: 1})
        yield GaugeMetricFamily("motcua_up", "1 while the queue server answers", value=float(self._reply is not None))
        if self._reply is not None:
            yield from _server(self._reply)
        yield from self._web()

    def _web(self) -> Iterator[Metric]:
        pages = {name: self._feed.open_pages(kind) for name, kind in PAGES.items()}
        yield _labelled(GaugeMetricFamily, "motcua_web_pages", "Open pages", "kind", pages)
        answered = self._traffic.answered
        yield _labelled(CounterMetricFamily, "motcua_web_requests", "Answers of the web by status", "status", answered)
        yield CounterMetricFamily(
            "motcua_web_rejected", "Requests told to come back: too many from an address", self._traffic.rejected
        )
        if self._entrance is not None:
            states = {"waited_for": self._entrance.waiting, "answered": self._entrance.answered}
            yield _labelled(GaugeMetricFamily, "motcua_web_connections", "Connections of browsers", "state", states)


def _server(reply: HealthReply) -> Iterator[Metric]:
    open_now = {alert.code for alert in reply.troubles}
    troubles = {code: int(code in open_now) for code in [*TROUBLES, *open_now]}
    yield _labelled(GaugeMetricFamily, "motcua_trouble", "1 while the server has this trouble", "code", troubles)
    began = (reply.began_at or reply.at).timestamp()
    yield GaugeMetricFamily("motcua_start_time_seconds", "When the server began (Unix time)", began)
    yield GaugeMetricFamily("motcua_log_seq", "Last event of the log", reply.seq)
    counts, gauges = dict(reply.counts), dict(reply.gauges)
    for name, told in COUNTS.items():
        yield CounterMetricFamily(f"motcua_{name}", told, counts.pop(name, 0))
    yield _taken(counts, _REFUSAL, "motcua_refusals", "Answers that refuse, by their code", "code")
    yield _taken(counts, _REFUSED, "motcua_knocks_refused", "Refused at the sockets, by the kind of knock", "kind")
    yield _labelled(CounterMetricFamily, "motcua_other_counts", "What else the server counts", "name", counts)
    for name, told in GAUGES.items():
        if name in gauges:
            yield GaugeMetricFamily(f"motcua_{name}", told, gauges.pop(name))
    yield _labelled(GaugeMetricFamily, "motcua_other_gauges", "What else the server measures", "name", gauges)


def _taken(counts: dict[str, int], start: str, name: str, told: str, label: str) -> Metric:
    """A family of the counts with such a start, which are taken out."""
    own = {key: counts.pop(key) for key in list(counts) if key.startswith(start)}
    return _labelled(CounterMetricFamily, name, told, label, {k.removeprefix(start): v for k, v in own.items()})


def _labelled(
    kind: type[GaugeMetricFamily] | type[CounterMetricFamily],
    name: str,
    told: str,
    label: str,
    values: "dict[str, int] | dict[str, float] | Counter[str]",
) -> Metric:
    family = kind(name, told, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


async def metrics(request: Request) -> Response:
    """All of it, for who may read it; for anybody else there is no such page."""
    checkup = checkup_of(request)
    if not checkup.may_read(request):
        raise HTTPException(404)
    hall, state = hall_of(request), request.app.state
    registry = CollectorRegistry()
    ProcessCollector(namespace="motcua_web", registry=registry)
    registry.register(Reading(await checkup.reply(hall), hall.feed, state.traffic, state.entrance))
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def attach(app: Starlette, traffic: Traffic) -> None:
    """What the two addresses need of the application."""
    app.state.traffic, app.state.entrance, app.state.checkup = traffic, None, Checkup()


def let_read(app: Starlette, entrance: Entrance, readers: Iterable[str]) -> None:
    """Tell the application of its entrance, and which other machines may read."""
    app.state.entrance, app.state.checkup = entrance, Checkup(readers)


def routes() -> Sequence[BaseRoute]:
    """The address."""
    return [Route("/metrics", metrics)]
