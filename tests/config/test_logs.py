"""Logs: lines in JSON, inside a quota, calm in a storm, and never the reason why a program falls."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import logs
from config.logs import PROGRAMS, SAME_PER_MINUTE, Calm, QuotaFile
from tests.running import ROOT


class Kept(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def lines(self) -> list[str]:
        return [record.getMessage() for record in self.records]


def record(wording: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("hall", logging.WARNING, "", 0, wording, values, None)


def run(program: str, script: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    begin = (
        f"import logging, pathlib; from config import logs; logs.begin({program!r}, pathlib.Path({str(folder)!r}))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", begin + script], capture_output=True, text=True, env=environment)


def test_a_line_is_read_by_people_in_the_journal_and_by_programs_in_the_file(tmp_path: Path) -> None:
    said = run("server", "logging.getLogger('hall').warning('số %s', 'A007', extra={'device_id': 'kiosk-1'})", tmp_path)
    assert said.stderr.endswith("WARNING hall số A007\n")
    [line] = (tmp_path / "logs" / "server.jsonl").read_text(encoding="utf-8").splitlines()
    fields = json.loads(line)
    assert set(fields) == {"time", "level", "logger", "message", "device_id"}
    assert (fields["level"], fields["logger"], fields["message"]) == ("WARNING", "hall", "số A007")
    assert (tmp_path / "logs" / "server.jsonl").stat().st_mode & 0o077 == 0


def test_what_makes_a_program_fall_stands_in_its_log(tmp_path: Path) -> None:
    fell = run(
        "kiosk", "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start(); t.join()\n{}['x']", tmp_path
    )
    told = [json.loads(line) for line in (tmp_path / "logs" / "kiosk.jsonl").read_text().splitlines()]
    assert [one["level"] for one in told] == ["CRITICAL", "CRITICAL"]
    assert ["ZeroDivisionError" in told[0]["exc_info"], "KeyError" in told[1]["exc_info"]] == [True, True]
    assert fell.returncode == 1


def test_a_second_process_in_the_same_folder_leaves_the_file_to_the_first(tmp_path: Path) -> None:
    inner = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {_SECOND.format(folder=str(tmp_path))!r}])"
    said = run("display", inner + "\nlogging.warning('first')", tmp_path)
    assert "second" in said.stderr
    lines = (tmp_path / "logs" / "display.jsonl").read_text().splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["first"]


_SECOND = (
    "import logging, pathlib; from config import logs; logs.begin('display', pathlib.Path('{folder}'));"
    "logging.warning('second')"
)


def test_a_folder_that_can_not_be_written_is_no_reason_to_fall(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    said = run("server", "logging.warning('still here')", tmp_path)
    assert (said.returncode, "still here" in said.stderr) == (0, True)


def test_all_files_of_a_program_stay_inside_its_part_of_the_quota(tmp_path: Path) -> None:
    size = 20_000
    handler = QuotaFile(tmp_path / "web.jsonl", size)
    for number in range(2000):
        handler.emit(record("line %s " + "x" * (number % 300), number))
    handler.emit(record("%s", "y" * 50_000))
    handler.close()
    files = list(tmp_path.iterdir())
    assert sum(path.stat().st_size for path in files) <= logs.FILES * size
    assert len(files) == logs.FILES
    assert "(cut)" in (tmp_path / "web.jsonl").read_text()


def test_all_programs_of_a_folder_together_stay_inside_the_megabytes_of_the_hall_file(tmp_path: Path) -> None:
    handler = logs._file("web", tmp_path, quota_mb=12)
    assert isinstance(handler, QuotaFile)
    assert handler.maxBytes * logs.FILES * len(logs.PROGRAMS) <= 12_000_000
    handler.close()
    logs._held.pop().close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_lines_out_and_breaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "web.jsonl").symlink_to("/dev/full")
    said = run("web", "logging.warning('lost on disk')\nlogging.warning('go on')", tmp_path)
    assert said.returncode == 0
    assert [line.split()[-1] for line in said.stderr.splitlines()] == ["disk", "on"]


def test_a_storm_of_the_same_line_is_counted_and_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, now = Kept(), [1000.0]
    monkeypatch.setattr(logs.time, "monotonic", lambda: now[0])
    calm = Calm([kept])
    for number in range(5000):
        calm.handle(record("refused %s at 100 %%", number))
    calm.handle(record("another line"))
    assert len(kept.records) == SAME_PER_MINUTE + 1
    assert kept.lines[-1] == "another line"
    now[0] += logs.WINDOW_SECONDS
    calm.handle(record("refused %s at 100 %%", "again"))
    told = kept.records[-2]
    assert (told.__dict__["left_out"], told.levelno) == (4980, logging.WARNING)
    assert kept.lines[-1] == "refused again at 100 %"


def test_a_storm_of_lines_that_all_differ_is_calm_too() -> None:
    kept = Kept()
    calm = Calm([kept])
    for number in range(5000):
        calm.handle(record(f"wording {number}"))
    assert len(kept.records) <= logs.KINDS_COUNTED + SAME_PER_MINUTE
    calm.sum_up()
    assert "lines of many kinds" in kept.lines[-1]


def test_who_may_log_into_a_folder_is_told_apart() -> None:
    with pytest.raises(AssertionError):
        logs.begin("printer")
    assert len(set(PROGRAMS)) == 6
