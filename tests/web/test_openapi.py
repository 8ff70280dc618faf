"""docs/openapi.yaml tells all addresses of the web and no other, and the web answers as it tells (schemathesis)."""

import contextlib
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import LONG, ROOT
from tests.running import eventually, free_ports
from tests.web.every_route import routes
from tests.web.rating_steps import served
from tests.web.running import PIN, RunningHall, end
from tests.web.test_web_process import answers

TOLD = ROOT / "docs" / "openapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(TOLD.read_text(encoding="utf-8"))
EXAMPLES = 1500 if LONG else 6
"""Requests for each operation."""
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
Sessions = dict[str, requests.Session]


def test_every_address_is_described_and_no_other() -> None:
    described = {
        (method.upper(), path)
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method in ("get", "post", "put", "delete", "patch")
    }
    answered = {(method, path.replace(":path}", "}")) for method, path in routes()}
    assert described == answered


def test_every_operation_says_what_it_is_for_and_who_may() -> None:
    for path, item in DOCUMENT["paths"].items():
        for method in {"get", "post"} & item.keys():
            operation = item[method]
            assert operation["summary"], path
            assert {"429", "503"} <= operation["responses"].keys(), path
            staff = path.startswith(("/desk", "/supervisor")) and "sign-in" not in path and "scripts" not in path
            if staff and path != "/supervisor/sign-out":
                assert operation["security"], path


@pytest.fixture
def web_with_log(running: RunningHall, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web program whose log is kept: its address and its log."""
    (port,) = free_ports(1)
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    place = ["--data", str(running.data), "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as stderr:
        web = subprocess.Popen([sys.executable, "-m", "web", *place], cwd=ROOT, stderr=stderr)
        try:
            eventually(lambda: answers(f"{url}/health"))
            yield url, log
        finally:
            end(web)


def signed_in(url: str) -> Sessions:
    """A stranger and everybody who may more."""
    found = {name: requests.Session() for name in ("nobody", "desk", "supervisor", "tablet")}
    for session in found.values():
        session.headers["Origin"] = url
        session.trust_env = False
    pin = {"pin": PIN}
    found["desk"].post(f"{url}/desk/sign-in", {"operator": "012", "counter": "q1", **pin}, allow_redirects=False)
    found["supervisor"].post(f"{url}/supervisor/sign-in", {"operator": "078", **pin}, allow_redirects=False)
    page = found["supervisor"].post(f"{url}/supervisor/tablets/code", {"counter_id": "q1"}).text
    code = re.search(r">\s*([A-Z0-9]{4} [A-Z0-9]{4})\s*<", page)
    assert code, page
    found["tablet"].post(f"{url}/counter/q1/rating/pair", {"code": code[1]}, allow_redirects=False)
    return found


def test_the_web_answers_whatever_is_asked_as_it_is_described(
    running: RunningHall, web_with_log: tuple[str, Path]
) -> None:
    url, log = web_with_log
    done = served(running, operator_id="034")
    known = {
        "token": [done.token, *(running.issue().token for _ in range(3))],
        "counter_id": ["q1"],
        "service_id": ["ho-tich", "trap"],
        "name": ["main.js", "phone.css"],
    }
    sessions = signed_in(url)
    asked: Counter[int] = Counter()
    for found in schemathesis.openapi.from_path(str(TOLD)).get_all_operations():
        operation = found.ok()
        if not operation.path.endswith(("/events", "/sign-out")):  # a stream has no end; all else needs the sessions
            hammer(operation, url, sessions, known, asked)
    assert asked[200] > EXAMPLES
    assert not any(status >= 500 and status != 503 for status in asked)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "Exception" not in said


def hammer(operation: Any, url: str, sessions: Sessions, known: dict[str, list[str]], asked: Counter[int]) -> None:
    """Ask for one operation in many ways, with words that exist and with any."""

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), chance=st.randoms(use_true_random=False))
    def ask(case: Any, chance: random.Random) -> None:
        for name in case.path_parameters or {}:
            if name in known and chance.random() < 0.7:
                case.path_parameters[name] = chance.choice(known[name])
        own = next(iter(case.operation.definition.raw.get("security", [{"nobody": []}])[0]))
        session = sessions[own if chance.random() < 0.8 else "nobody"]
        case.cookies = {}
        response = case.call(base_url=url, session=session, allow_redirects=False)
        asked[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    with contextlib.suppress(StopIteration):
        ask()
