"""Halls with figures and the web program before them, without a queue server: what the report pages need, no more."""

import datetime as dt
import itertools
import json
import threading
from base64 import b64encode
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import httpx
import uvicorn
from itsdangerous import TimestampSigner
from msgspec.structs import replace
from playwright.sync_api import Page

from figures.directory import Directory
from figures.keeping import describe, keep, publish
from figures.kept import Index
from figures.rows import Rows, Stay, Visit
from figures.words import Procedure
from protocol.commands import Command
from protocol.replies import HallReply, OperatorInfo, Reply
from queue_server.keeping_figures import bring_up_to_date
from tests.figures.second.months import PROCEDURES, RandomMonth
from tests.running import PATIENCE, eventually, free_ports
from tests.web.small_hall import TRAP
from web.app import create_app
from web.feed import Feed
from web.hall import Hall
from web.supervisor.reports.routes import REPORTS
from web.supervisor.reports.routes import routes as report_routes
from web.supervisor.session import COOKIE, PATH

LEADER, AUDITOR, OPERATOR = "90", "98", "01"
SECRET = "a secret of no hall"
FORMULA = '=HYPERLINK("http://evil","x")'
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


# ---- figures ----


class Told:
    """Answers every question with the description of the hall."""

    def __init__(self, hall: HallReply) -> None:
        self._hall = hall

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        """The hall."""
        told: Future[Reply] = Future()
        told.set_result(self._hall)
        return told

    def close(self) -> None:
        """Nothing is open."""


def today() -> dt.date:
    """The day in the hall."""
    return dt.datetime.now(ZONE).date()


def played_figures(folder: Path) -> HallReply:
    """Keep the figures of the last five weeks of a hall whose names are traps; gives its description."""
    month = RandomMonth(7, days=35, busy=90, first=today() - dt.timedelta(days=34)).play()
    bring_up_to_date(month.storage, folder)
    hall = trapped(month.hall.service.description_for_staff)
    procedures = {code: Procedure(f"Thủ tục {code} {TRAP}", field) for code, (_service, field) in PROCEDURES.items()}
    describe(folder, Directory(hall, procedures))
    return hall


def trapped(hall: HallReply) -> HallReply:
    """The hall with names that want to be run, by a browser or by a spreadsheet."""
    names = {"land": f"Đất đai {TRAP}", "civil": FORMULA, "results": "+1+cmd|' /C calc'!A0", "certify": "@SUM(1+1)"}
    services = [replace(one, name=names[one.service_id], name_en=names[one.service_id]) for one in hall.services]
    operators = [OperatorInfo(one.operator_id, f"-2+3 {TRAP}", one.role) for one in hall.operators]
    reasons = [replace(one, name=f"{TRAP} chờ", name_en=TRAP) for one in hall.rating_reasons]
    counters = [replace(one, name=f"\t={one.name}") for one in hall.counters]
    return replace(
        hall, services=services, operators=operators, rating_reasons=reasons, counters=counters, name=f"Sảnh {TRAP}"
    )


def payloads(count: int = 1000) -> list[str]:
    """Words that want to be run by a browser, by a spreadsheet or by a template."""
    marks = ["document.title='pwned'", "window.pwned=1", "location='http://evil'", "alert(1)"]
    webs = ["<script>{}</script>", "<img src=x onerror={}>", "<svg onload={}>", '"><b onmouseover={}>', "'-{}-'"]
    webs += ["javascript:{}", "</td></table><script>{}</script>", "{{{{ {} }}}}", "<style>@import'{}'</style>"]
    sheets = ["=1+{}", "+{}", "-{}", "@SUM({})", "\t={}", "\r={}", " ={}", '=HYPERLINK("http://evil","{}")']
    forms = itertools.cycle([*webs, *sheets])
    return [f"{form.format(mark)} {place}" for place, form, mark in zip(range(count), forms, itertools.cycle(marks))]


def figures_of(folder: Path, names: list[str]) -> HallReply:
    """Keep figures of today of a hall whose services and counters have these names; gives its description."""
    plain = RandomMonth(1, days=0).hall.service.description_for_staff
    one = plain.services[0]
    services = [replace(one, service_id=f"s{n}", name=name, name_en=name) for n, name in enumerate(names[::2])]
    counters = [replace(plain.counters[0], counter_id=f"s{n}", name=name) for n, name in enumerate(names[1::2])]
    hall = replace(plain, services=services, counters=counters, hall_id="payloads")
    day, rows = today(), Rows()
    for number, service in enumerate(services):
        where = number, day, day.weekday(), 8, service.service_id
        told: dict[str, Any] = {"quoted_low": 5, "quoted_high": 10, "quoted_seconds": 400.0, "waiting_seconds": 400.0}
        common: dict[str, Any] = {
            "class_": "ordinary",
            "came_back": False,
            "claim_false": False,
            "rateable": False,
            **told,
        }
        rows.visits.append(
            Visit(
                *where,
                "",
                origin="kiosk",
                outcome="served",
                called=True,
                transferred=False,
                times_wrong=False,
                **common,
            )
        )
        rows.stays.append(
            Stay(
                *where,
                "",
                counter=service.service_id,
                operator="01",
                end="served",
                walk_seconds=30.0,
                service_seconds=300.0,
                **common,
            )
        )
    directory = Directory(hall, {name[:64]: Procedure(name, name) for name in names})
    describe(folder, directory)
    publish(folder, keep(folder, Index(), directory, f"{day:%Y-%m}", rows, {day.isoformat(): "made up"}))
    return hall


# ---- the web program ----


class ReportHall:
    """The web program for a description and a folder of figures, in a thread."""

    def __init__(self, hall: HallReply, folder: Path) -> None:
        feed, told = Feed(), Told(hall)
        self.app = create_app(Hall(told, told, told, feed), pins=folder / "pins.json", secret=SECRET)
        self.app.state.figures = folder
        if not any(getattr(route, "path", "") == REPORTS for route in self.app.routes):
            self.app.router.routes[:0] = report_routes()
        self.port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = uvicorn.Server(uvicorn.Config(self.app, host="127.0.0.1", port=self.port, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        eventually(lambda: self._server.started)
        return self

    def __exit__(self, *_fault: object) -> None:
        self._server.should_exit = True
        self._thread.join()


def cookie(person: str) -> str:
    """The signed cookie of somebody who leads the hall or looks at it."""
    signer = TimestampSigner(f"{SECRET}{PATH}")
    return signer.sign(b64encode(json.dumps({"leader_id": person, "sign_in": "a-test"}).encode())).decode()


def visitor(hall: ReportHall, person: str | None = LEADER) -> httpx.Client:
    """A browser that shows no pictures, of somebody who is signed in (None: of nobody)."""
    cookies = {COOKIE: cookie(person)} if person else {}
    return httpx.Client(base_url=hall.url, cookies=cookies, timeout=PATIENCE, verify=False)


def enter(page: Page, hall: ReportHall, address: str = "", person: str = LEADER) -> None:
    """Open a report page as somebody who is signed in."""
    page.context.add_cookies([{"name": COOKIE, "value": cookie(person), "domain": "127.0.0.1", "path": PATH}])
    page.goto(f"{hall.url}{REPORTS}{address}")
