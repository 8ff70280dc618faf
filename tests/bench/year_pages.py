"""The report pages over a year of 300,000 tickets, as a supervisor's browser gets them."""

import json
import re
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx
from itsdangerous import TimestampSigner

from tests.bench.hall import LEADER
from tests.bench.web import WebHall, web_hall
from tests.figures.year import keep_year, working_days
from web.desk.session import read_secret
from web.supervisor.reports.routes import REPORTS
from web.supervisor.reports.views import VIEWS
from web.supervisor.session import COOKIE, PATH

_CHART = re.compile(r'src="(/[^"]*\.svg\?[^"]*)"')


def year_figures(folder: Path) -> list[str]:
    """Lines to print: milliseconds of the slowest pages and charts, beside their limit."""
    with web_hall(folder) as hall:
        begun = time.perf_counter()
        keep_year(hall.hall.data / "figures")
        kept = time.perf_counter() - begun
        with _browser(hall) as browser:
            pages = dict(_pages(browser))
            charts = {address: _get(browser, address)[0] for text in pages.values() for address in _charts(text[1])}
    times = {name: seconds for name, (seconds, _) in pages.items()}
    return [
        _line(f"report pages (limit 1,000 ms), the slowest of {len(times)}", times),
        _line(f"charts, each loaded beside its page, the slowest of {len(charts)}", _named(charts)),
        f"  the year's rows were made in {kept:.0f} s",
    ]


def _browser(hall: WebHall) -> httpx.Client:
    secret = read_secret(hall.hall.data / "keys" / "web.secret")
    content = b64encode(json.dumps({"leader_id": LEADER}).encode())
    cookie = TimestampSigner(f"{secret}{PATH}").sign(content).decode()
    url = f"http://127.0.0.1:{hall.port}"
    return httpx.Client(base_url=url, cookies={COOKIE: cookie}, timeout=60, verify=False)


def _pages(browser: httpx.Client) -> Iterator[tuple[str, tuple[float, str]]]:
    """Each page by each of its dimensions, with the seconds that it took and its text."""
    days = working_days()
    for name, view in VIEWS.items():
        for dimension in view.dimensions:
            words = {"from": days[0].isoformat(), "to": days[-1].isoformat(), "by": dimension.value}
            yield f"{name} by {dimension.value}", _get(browser, f"{REPORTS}/{name}?{httpx.QueryParams(words)}")


def _get(browser: httpx.Client, address: str) -> tuple[float, str]:
    asked = time.perf_counter()
    answer = browser.get(address)
    seconds = time.perf_counter() - asked
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return seconds, answer.text


def _charts(page: str) -> list[str]:
    return [address.replace("&amp;", "&") for address in _CHART.findall(page)]


def _named(charts: dict[str, float]) -> dict[str, float]:
    return {address.partition("?")[0].rpartition("/")[2]: seconds for address, seconds in charts.items()}


def _line(title: str, times: dict[str, float]) -> str:
    slowest = sorted(times, key=lambda name: -times[name])[:3]
    return f"  {title}: " + ", ".join(f"{name} {times[name] * 1000:.0f} ms" for name in slowest)
