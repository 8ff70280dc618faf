"""`/health` and `/metrics`: what a monitor reads, and who may not."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families as families_of

from config.version import VERSION
from protocol.commands import IssueTicket
from protocol.errors import MotcuaError
from protocol.staff_replies import TROUBLES
from tests.running import ROOT, eventually
from tests.web.running import RunningHall, end, get
from web.health import Checkup
from web.metrics import GAUGES
from web.supervisor.alerts import LEVELS


def samples(hall: RunningHall) -> dict[tuple[str, str], float]:
    """Every sample by its name and the value of its label."""
    answer = get(hall.url + "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    told = [sample for family in families_of(answer.text) for sample in family.samples]
    return {(one.name, next(iter(one.labels.values()), "")): one.value for one in told}


def test_a_hall_that_works_says_so_and_what_it_is(running: RunningHall) -> None:
    answer = get(running.url + "/health")
    told = answer.json()
    assert (answer.status_code, told["hall"], told["version"], told["troubles"]) == (200, "online", VERSION, [])
    assert told["uptime_seconds"] >= 0
    assert told["seq"] > 0


def test_who_comes_through_a_proxy_learns_only_whether_the_hall_works(running: RunningHall) -> None:
    headers = {"X-Forwarded-For": "127.0.0.1"}
    assert get(running.url + "/health", headers=headers).json() == {"web": "ok", "hall": "online"}
    assert get(running.url + "/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("asking", "allowed"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.7", True),
        ("10.0.0.8", False),
        ("203.0.113.9", False),
        ("testclient", False),
        (None, False),
    ],
)
def test_metrics_are_for_this_machine_and_for_who_is_named(asking: str | None, allowed: bool) -> None:
    client = None if asking is None else SimpleNamespace(host=asking)
    request: Any = SimpleNamespace(client=client, headers={})
    assert Checkup(["10.0.0.7"]).may_read(request) is allowed


def test_what_happens_in_the_hall_is_counted(running: RunningHall) -> None:
    before = samples(running)
    running.issue()
    with pytest.raises(MotcuaError):
        running.admin.call(IssueTicket("none", "ordinary"))
    eventually(lambda: get(running.url + "/health").json()["seq"] > before["motcua_log_seq", ""])
    get(running.url + "/none")
    after = samples(running)
    grown = {name for name, value in after.items() if value > before.get(name, 0)}
    assert {
        ("motcua_requests_total", ""),
        ("motcua_batches_total", ""),
        ("motcua_commits_total", ""),
        ("motcua_events_total", ""),
        ("motcua_refusals_total", "unknown_service"),
        ("motcua_web_requests_total", "2xx"),
        ("motcua_web_requests_total", "4xx"),
    } <= grown
    assert after["motcua_up", ""] == 1
    assert after["motcua_database_bytes", ""] > 0
    assert after["motcua_open_files", ""] > 5
    assert {after["motcua_trouble", code] for code in TROUBLES} == {0}


def test_the_document_lists_every_metric_and_no_other(running: RunningHall) -> None:
    told = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(motcua_\w+)` \|", told, re.MULTILINE))
    running.issue()
    named = {name for name, _ in samples(running)} - {"motcua_refusals_created"}
    unlabelled = set(re.findall(r"^# TYPE (motcua_\w+)", get(running.url + "/metrics").text, re.MULTILINE))
    not_in_every_hall = {f"motcua_{name}" for name in GAUGES}
    assert named | unlabelled | not_in_every_hall == listed
    for name in named:
        kind = re.search(rf"^\| `{name}` \| (\w+) \|", told, re.MULTILINE)
        assert kind is not None
        assert (kind[1] == "counter") == name.endswith("_total"), name


def test_a_hall_that_is_silent_is_told_as_such(fresh: RunningHall) -> None:
    end(fresh.server)
    eventually(lambda: get(fresh.url + "/health").status_code == 503)
    assert get(fresh.url + "/health").json()["hall"] == "silent"
    told = samples(fresh)
    assert told["motcua_up", ""] == 0
    assert ("motcua_log_seq", "") not in told
    assert ("motcua_web_pages", "phones") in told


def test_the_page_knows_the_servers_troubles() -> None:
    assert {LEVELS[code] for code in TROUBLES} == {"danger", "warning", "note"}


def test_the_alarms_in_the_document_are_of_metrics_that_there_are() -> None:
    told = Path(ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(motcua_\w+)` \|", told, re.MULTILINE))
    alarms = told.partition("## Worth an alarm")[2]
    assert set(re.findall(r"motcua_\w+", alarms)) <= listed
