"""The report pages: what an address asks for, who may read, what is said where there is nothing."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
import pytest
from starlette.datastructures import QueryParams

from figures import ask
from figures.kept import open_kept
from figures.words import Dimension, Question
from queue_server.keeping_figures import look_once
from tests.web.report_halls import (
    AUDITOR,
    OPERATOR,
    ReportHall,
    figures_of,
    payloads,
    played_figures,
    today,
    visitor,
)
from tests.web.running import RunningHall
from tests.web.small_hall import TRAP
from web.supervisor.reports.asking import Asked, asked, one_day
from web.supervisor.reports.drawing import CHARTS
from web.supervisor.reports.views import VIEWS

DAY = dt.date(2026, 11, 18)
"""A Wednesday."""
PAGES = ["", *(f"/{view}" for view in VIEWS), "/sheet"]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportHall]:
    """A hall with five weeks of figures, whose names are traps."""
    folder = tmp_path_factory.mktemp("figures")
    with ReportHall(played_figures(folder), folder) as hall:
        yield hall


@pytest.fixture
def leader(reports: ReportHall) -> Iterator[httpx.Client]:
    """A supervisor who is signed in."""
    with visitor(reports) as found:
        yield found


def five_weeks(**more: str) -> dict[str, str]:
    return {"from": (today() - dt.timedelta(days=34)).isoformat(), "to": today().isoformat(), **more}


def asks(query: str) -> Asked:
    return asked(QueryParams(query), DAY)


def span(query: str) -> tuple[str, str]:
    found = asks(query).question
    return found.first_day.isoformat(), found.last_day.isoformat()


# ---- what an address asks for ----


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("quick=today", ("2026-11-18", "2026-11-18")),
        ("quick=yesterday", ("2026-11-17", "2026-11-17")),
        ("quick=week&from=2020-01-01&to=2020-01-02", ("2026-11-16", "2026-11-22")),
        ("quick=month", ("2026-11-01", "2026-11-30")),
        ("quick=year", ("2026-01-01", "2026-12-31")),
        ("", ("2026-11-01", "2026-11-30")),
        ("from=2026-02-03", ("2026-02-03", "2026-02-03")),
        ("to=03/02/2026", ("2026-02-03", "2026-02-03")),
        ("from=2024-02-29&to=2026-02-28", ("2024-02-29", "2026-02-28")),
    ],
)
def test_days_are_chosen_by_name_or_by_date(query: str, expected: tuple[str, str]) -> None:
    assert span(query) == expected
    assert asks(query).fault == ""


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("from=2026-02-30", "wrong_date"),
        ("from=tomorrow&to=2026-01-01", "wrong_date"),
        ("from=1066-10-14", "wrong_date"),
        ("to=9999-12-31", "wrong_date"),
        ("from=2026-02-02&to=2026-02-01", "wrong_order"),
        ("quick=decade", ""),
    ],
)
def test_days_that_are_none_have_a_name_for_what_is_wrong(query: str, fault: str) -> None:
    assert asks(query).fault == fault


def test_an_address_made_of_a_question_asks_the_same() -> None:
    query = "from=2026-01-01&to=2026-03-01&service=land&service=civil&class=elderly&procedure=1.1&field=H%E1%BB%99+t"
    first = asks(query)
    assert asks(first.query(by="day", lang="en")).question == first.question
    assert first.without("service", "land").question.services == ("civil",)
    assert first.question.classes == ("elderly",)


def test_nonsense_in_a_filter_is_kept_short() -> None:
    found = asks("&".join([f"service={'x' * 5000}"] * 500) + "&operator=&operator=+").question
    assert len(found.services) == 50
    assert {len(service) for service in found.services} == {200}
    assert found.operators == ()


def test_what_is_told_over_time_goes_by_hours_days_or_months() -> None:
    assert asks("quick=today").over_time() is Dimension.HOUR
    assert asks("quick=month").over_time() is Dimension.DAY
    assert asks("quick=year").over_time() is Dimension.MONTH
    assert one_day("31/11/2026") is None


# ---- who may read ----


@pytest.mark.parametrize("path", [*PAGES, "/figures.csv", "/figures.xlsx"])
def test_nobody_reads_without_being_signed_in_to_lead_or_to_look(reports: ReportHall, path: str) -> None:
    for person in (None, OPERATOR):
        with visitor(reports, person) as page:
            answer = page.get(f"/supervisor/reports{path}")
            assert answer.headers["location"] == "/supervisor/sign-in"
            assert page.get("/supervisor/reports/charts/flow.svg").status_code == 401


def test_an_auditor_reads_everything(reports: ReportHall) -> None:
    with visitor(reports, AUDITOR) as page:
        for path in PAGES:
            assert page.get(f"/supervisor/reports{path}", params=five_weeks()).status_code == 200


# ---- what is told ----


def test_the_page_shows_what_the_figures_say(reports: ReportHall, leader: httpx.Client) -> None:
    with open_kept(reports.app.state.figures) as tables:
        whole = ask.whole(tables, Question(today() - dt.timedelta(days=34), today()))
        days = ask.days(tables)
    shown = leader.get("/supervisor/reports", params=five_weeks()).text
    assert f'<dd class="value">{whole.issued}</dd>' in shown
    assert f"{whole.served} lượt phục vụ xong" in shown
    assert f"{str(whole.waiting_median).replace('.', ',').removesuffix(',0')} phút" in shown
    assert f"{len(days)} ngày có số liệu" in shown
    assert f"{whole.ratings} lượt đánh giá, tham gia" in shown


@pytest.mark.parametrize("view", [name for name, view in VIEWS.items() if len(view.dimensions) > 1])
def test_figures_are_told_apart_by_all_that_a_page_offers(leader: httpx.Client, view: str) -> None:
    for by in VIEWS[view].dimensions:
        answer = leader.get(f"/supervisor/reports/{view}", params=five_weeks(by=by.value))
        assert answer.status_code == 200
        assert f'by={by.value}" aria-current="true"' in answer.text
        assert "<tfoot>" in answer.text


def test_a_filter_narrows_is_named_and_can_be_taken_away(leader: httpx.Client) -> None:
    every = leader.get("/supervisor/reports/tables", params=five_weeks(by="service")).text
    some = leader.get(
        "/supervisor/reports/tables", params=five_weeks(by="service", service="results", counter="4")
    ).text
    assert every.count('<th scope="row">') == 5
    assert some.count('<th scope="row">') == 2
    assert some.count('class="chip"') == 2
    assert "Quầy 4" in some.partition('class="narrowed"')[2].partition("</p>")[0]
    assert 'value="results" selected' in some


def test_ratings_say_when_they_cannot_be_told_apart(leader: httpx.Client) -> None:
    told = leader.get("/supervisor/reports/ratings", params=five_weeks(**{"class": "elderly"})).text
    assert "Đánh giá không gắn với phiếu" in told
    assert "<tfoot>" not in told


def test_a_score_of_few_is_a_dash_and_has_its_response_rate_beside_it(leader: httpx.Client) -> None:
    few = leader.get("/supervisor/reports/ratings", params={"quick": "today"}).text
    assert '<dd class="value">–</dd>' in few
    assert "chưa có lượt đánh giá nào được tính" in few
    enough = leader.get("/supervisor/reports/ratings", params=five_weeks()).text
    assert re.search(r'<dd class="value">\d+ %</dd><dd class="more">\d+ lượt đánh giá, tham gia \d+ %', enough)


def test_every_index_names_the_rule_that_asks_it(leader: httpx.Client) -> None:
    shown = leader.get("/supervisor/reports/rules", params=five_weeks()).text
    assert shown.count('<th scope="row">') == 15
    assert shown.count("QĐ 766/QĐ-TTg 2022</td>") == 6
    assert "5. Mức độ hài lòng" in shown


def test_pages_are_read_in_english_too(leader: httpx.Client) -> None:
    for path in PAGES:
        assert '<html lang="en">' in leader.get(f"/supervisor/reports{path}", params=five_weeks(lang="en")).text
    assert "Waited within target" in leader.get("/supervisor/reports", params=five_weeks(lang="en")).text


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_pictures_that_need_nothing_else(leader: httpx.Client, name: str) -> None:
    for query in (five_weeks(), {"quick": "today"}, {"from": "2020-01-01"}):
        answer = leader.get(f"/supervisor/reports/charts/{name}.svg", params=query)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert " src=" not in answer.text
        assert "href=" not in answer.text


def test_what_happened_in_a_real_hall_is_told_once_it_is_kept(running: RunningHall, leading: httpx.Client) -> None:
    running.issue()
    running.open("q2", "012")
    running.serve_out("q2")
    assert 'href="/supervisor/reports' in leading.get("/supervisor").text
    look_once(running.data, running.file)
    told = leading.get("/supervisor/reports?quick=today").text
    assert "Hộ tịch, chứng thực" in told
    assert re.search(r'Lượt lấy số</dt><dd class="value">[1-9]', told)


# ---- where there is nothing to tell ----


def test_days_outside_the_log_get_one_sentence_with_the_days_there_are(leader: httpx.Client) -> None:
    for path in PAGES[:-1]:
        answer = leader.get(f"/supervisor/reports{path}", params={"from": "2020-01-01", "to": "2020-02-01"})
        assert answer.status_code == 200
        first = today() - dt.timedelta(days=34)
        assert "Không có số liệu: Từ 01/01/2020 đến 01/02/2020." in answer.text
        assert f"đến {today():%d/%m/%Y}." in answer.text
        assert f"{first.year}" in answer.text
    assert "Không có số liệu: Ngày 01/01/2020." in leader.get("/supervisor/reports/sheet?day=2020-01-01").text


def test_wrong_dates_get_one_sentence_and_the_form_again(leader: httpx.Client) -> None:
    for query, said in (
        ("from=2026-13-01", "Ngày không đúng"),
        ("from=2026-02-02&to=2026-02-01", "Ngày đầu phải trước"),
    ):
        answer = leader.get(f"/supervisor/reports?{query}")
        assert answer.status_code == 400
        assert said in answer.text
        assert 'name="from"' in answer.text
        assert leader.get(f"/supervisor/reports/figures.csv?{query}").status_code == 303
    assert "Ngày không đúng" in leader.get("/supervisor/reports/sheet?day=hôm qua").text


@pytest.mark.parametrize("path", ["/nowhere", "/figures.pdf", "/charts/other.svg", "/charts/flow.png", "/../figures"])
def test_addresses_that_are_none_are_not_found(leader: httpx.Client, path: str) -> None:
    assert leader.get(f"/supervisor/reports{path}").status_code == 404


def test_a_hall_without_figures_says_so(reports: ReportHall, leader: httpx.Client, tmp_path: Path) -> None:
    kept = reports.app.state.figures
    try:
        for folder in (tmp_path, tmp_path / "nowhere", None):
            reports.app.state.figures = folder
            for path in PAGES:
                answer = leader.get(f"/supervisor/reports{path}")
                assert answer.status_code == 200
                assert "Chưa có số liệu." in answer.text
            assert leader.get("/supervisor/reports/figures.csv").status_code == 404
    finally:
        reports.app.state.figures = kept


def test_figures_that_cannot_be_read_are_told_of(reports: ReportHall, leader: httpx.Client, tmp_path: Path) -> None:
    kept = reports.app.state.figures
    try:
        reports.app.state.figures = tmp_path
        played_figures(tmp_path)
        for file in tmp_path.glob("*.parquet"):
            file.write_bytes(b"not a table")
        answer = leader.get("/supervisor/reports", params=five_weeks())
        assert answer.status_code == 503
        assert "Chưa đọc được số liệu." in answer.text
        assert leader.get("/supervisor/reports/charts/flow.svg").status_code == 503
        reports.app.state.figures = tmp_path / "hall.json"
        assert leader.get("/supervisor/reports").status_code == 503
    finally:
        reports.app.state.figures = kept


# ---- files, and names that want to be run ----


def test_files_hold_all_figures_and_no_formula(leader: httpx.Client) -> None:
    answer = leader.get("/supervisor/reports/figures.csv", params=five_weeks())
    assert f"{today()}.csv" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) > 50
    assert [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)] == []
    book = openpyxl.load_workbook(
        io.BytesIO(leader.get("/supervisor/reports/figures.xlsx", params=five_weeks()).content)
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert any(TRAP in str(cell.value) for cell in cells)


def test_a_thousand_payloads_are_only_text(tmp_path: Path) -> None:
    words = payloads(1010)
    with ReportHall(figures_of(tmp_path, words), tmp_path) as hall, visitor(hall) as page:
        shown = page.get("/supervisor/reports/tables?by=service&quick=today").text
        assert "Chỉ hiện 500 mục đông nhất trong 505" in shown
        shown += page.get("/supervisor/reports/counters?by=counter&quick=today").text
        shown += page.get("/supervisor/reports/tables?by=counter&quick=today").text
        assert shown.count('<th scope="row">') == 2 * 500 + 2
        for sign in ("<script", "<img", "<svg", "<b ", "<style"):
            assert sign not in shown
        rows = csv.reader(
            io.StringIO(page.get("/supervisor/reports/figures.csv?quick=today").content.decode("utf-8-sig"))
        )
        assert [cell for row in rows for cell in row if cell.lstrip(" ").startswith(FORMULA_STARTS)] == []
        content = page.get("/supervisor/reports/figures.xlsx?quick=today").content
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
        for query in (
            f"service={TRAP}",
            f"field={TRAP}",
            f"lang={TRAP}",
            f"by={TRAP}",
            f"operator='%20OR%201=1--{TRAP}",
        ):
            assert "<img src=x" not in page.get(f"/supervisor/reports/tables?quick=today&{query}").text
