"""The command `report`: what it reads, what it refuses, and in which words."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from protocol import commands as cmd
from queue_server.__main__ import main
from queue_server.keeping_figures import look_once
from queue_server.storage.sqlite import SqliteStorage
from tests.conftest import ROOT
from tests.queue_server.factories import MORNING, PHONE, SmallHall

DAY = MORNING.date()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten days of a hall: on each one a citizen is served at counter 1, and one at counter 2 gives up."""
    folder = tmp_path_factory.mktemp("hall")
    hall = SmallHall(storage=SqliteStorage(folder / "hall.db"))
    for _ in range(10):
        hall.open("1", "2")
        token = hall.issue("land").token
        hall.clock.tick(10)
        hall.serve("1")
        hall.ask(cmd.RateTicket(token, 5), PHONE)
        hall.ask(cmd.CancelTicket(token=hall.issue("civil").token), PHONE)
        hall.clock.tick(24 * 60 - 10)
    hall.storage.close()
    return folder


def rows(out: str) -> dict[tuple[str, str], dict[str, str]]:
    """The rows of a CSV by group and name."""
    read = csv.DictReader(io.StringIO(out.removeprefix("\ufeff"), newline=""))
    return {(row["Group"], row["Name"]): row for row in read}


def report(data: Path, *arguments: str) -> int:
    return main(["report", "--data", str(data), *arguments])


def test_the_last_day_is_reported_to_the_terminal_unless_told_otherwise(
    data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert report(data) == 0
    out = capsys.readouterr().out
    assert "Báo cáo ngày 02/12/2026: Sảnh nhỏ" in out
    assert "10,0" in out, "minutes waited"
    file = tmp_path / "day.xlsx"
    assert report(data, "--day", DAY.isoformat(), "--format", "xlsx", "-o", str(file)) == 0
    assert load_workbook(file).worksheets[0]["B2"].value == 2


def test_several_days_are_told_apart_by_what_is_asked(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--from", "2026-11-24", "--to", "2026-11-27", "--by", "day", "--by", "operator", "--format", "csv")
    assert report(data, *asked, "--language", "en") == 0
    found = rows(capsys.readouterr().out)
    assert found[("Whole hall", "Small hall")]["Issued"] == "8"
    assert [name for group, name in found if group == "By day"] == [f"{day}/11/2026" for day in range(24, 28)]
    assert found[("By operator", "01")]["Served"] == "4"
    assert ("By service", "land") not in found


@pytest.mark.parametrize(
    ("filters", "issued", "abandoned"),
    [
        (("--service", "civil"), "10", "10"),
        (("--service", "civil", "--service", "land"), "20", "10"),
        (("--counter", "1"), "10", "0"),
        (("--operator", "02"), "0", "0"),
        (("--agency", "office", "--class", "ordinary"), "20", "10"),
        (("--procedure", "1.001193"), "0", "0"),
    ],
)
def test_only_what_is_asked_for_counts(
    data: Path, capsys: pytest.CaptureFixture[str], filters: tuple[str, ...], issued: str, abandoned: str
) -> None:
    assert report(data, "--from", DAY.isoformat(), "--format", "csv", "--language", "en", *filters) == 0
    told = capsys.readouterr()
    whole = rows(told.out)[("Whole hall", "Small hall")]
    assert (whole["Issued"], whole["Abandoned"]) == (issued, abandoned)
    assert "of 10" in told.err, "it is told how far the reading is"


def test_the_sheet_is_one_page_of_html(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(data, "--day", DAY.isoformat(), "--sheet") == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    assert "Kết quả phục vụ ngày 23/11/2026" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--day", "2026-11-22"), "2026-12-02"),
        (("--from", "2027-01-01"), "2026-12-02"),
        (("--from", "2026-12-02", "--to", "2026-12-01"), "--from"),
        (("--day", "2026-11-23", "--from", "2026-11-23"), "--day"),
        (("--service", "sea"), "land, civil, results"),
        (("--counter", "17"), "--counter 17"),
        (("--sheet", "--format", "csv"), "--sheet"),
        (("--sheet", "--from", "2026-11-23"), "--sheet"),
        (("--hall", "/nowhere/hall.toml"), "/nowhere/hall.toml"),
    ],
)
def test_what_can_not_be_reported_is_said_in_one_line(
    data: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert report(data, *arguments, "--language", "en") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("--day", "yesterday"), ("--format", "pdf"), ("--by", "weather")])
def test_words_that_the_command_does_not_know_end_it(data: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as end:
        report(data, *arguments)
    assert end.value.code == 2


def test_a_file_that_can_not_be_written_is_a_failure_and_a_folder_without_hall_is_none(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(data, "-o", "/nowhere/day.txt") == 1
    assert "/nowhere/day.txt" in capsys.readouterr().err
    assert report(tmp_path) == 2
    SqliteStorage(tmp_path / "hall.db").close()
    assert report(tmp_path) == 2
    assert "–" in capsys.readouterr().err


def test_the_hall_file_names_procedures_fields_and_staff_and_the_kept_rows_remember_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hall_file = ROOT / "config" / "halls" / "cao-bang.toml"
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    hall.open("1")
    hall.ask(cmd.IssueTicket("land", "ordinary", procedure_code="1.001193"))
    hall.serve("1")
    hall.storage.close()
    asked = ("--by", "procedure", "--by", "operator", "--format", "csv", "--language", "en")
    assert report(tmp_path, *asked) == 0
    assert ("By procedure", "1.001193") in rows(capsys.readouterr().out)
    assert report(tmp_path, *asked, "--hall", str(hall_file)) == 0
    with_names = rows(capsys.readouterr().out)
    assert [name for group, name in with_names if group == "By procedure"] == ["1.001193 Thủ tục đăng ký khai sinh"]
    look_once(tmp_path, hall_file)
    assert report(tmp_path, *asked) == 0
    assert rows(capsys.readouterr().out).keys() == with_names.keys()


def test_keep_figures_looks_once_unless_it_is_a_child(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keep-figures", "--data", str(data)]) == 0
    assert (data / "figures" / "index.json").is_file()
    assert main(["keep-figures", "--data", str(data / "nothing")]) == 2
    assert dt.date(2026, 12, 2).isoformat() in (data / "figures" / "index.json").read_text()
