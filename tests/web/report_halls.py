"""Halls with figures and the web program before them, without a queue server: what the report pages need, no more."""

import datetime as dt
import json
import threading
from base64 import b64encode
from concurrent.futures import Future
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import httpx
import uvicorn
from itsdangerous import TimestampSigner
from msgspec.structs import replace
from playwright.sync_api import Page

from figures.directory import Directory
from figures.keeping import describe
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
    return signer.sign(b64encode(json.dumps({"leader_id": person}).encode())).decode()


def visitor(hall: ReportHall, person: str | None = LEADER) -> httpx.Client:
    """A browser that shows no pictures, of somebody who is signed in (None: of nobody)."""
    cookies = {COOKIE: cookie(person)} if person else {}
    return httpx.Client(base_url=hall.url, cookies=cookies, timeout=PATIENCE, verify=False)


def enter(page: Page, hall: ReportHall, address: str = "", person: str = LEADER) -> None:
    """Open a report page as somebody who is signed in."""
    place = {"domain": "127.0.0.1", "path": PATH}
    page.context.add_cookies([{"name": COOKIE, "value": cookie(person), **place}])
    page.goto(f"{hall.url}{REPORTS}{address}")
