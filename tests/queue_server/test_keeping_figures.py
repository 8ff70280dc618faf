"""The kept rows follow the log, tell no single vote of the running day, and survive whoever is killed while writing."""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from figures import ask
from figures.keeping import keep, publish
from figures.kept import Index, NoFigures, open_kept, read_index
from figures.rows import Rows
from figures.words import Dimension, Figures, Question
from protocol import commands as cmd
from protocol import replies as re
from queue_server import keeping_figures
from queue_server.hall_names import directory_of
from queue_server.keeping_figures import bring_up_to_date, look_once
from queue_server.reports import tables_of_days
from queue_server.storage.sqlite import SqliteStorage
from tests.conftest import ROOT, eventually
from tests.figures.sample import directory, visit
from tests.queue_server.factories import MORNING, PHONE, SmallHall

DAY = MORNING.date()
TOMORROW = DAY + dt.timedelta(days=1)
ALL = Question(DAY - dt.timedelta(days=40), DAY + dt.timedelta(days=400))


def kept(folder: Path, question: Question = ALL) -> Figures:
    """All that the kept rows say."""
    with open_kept(folder) as tables:
        return ask.whole(tables, question)


def told(hall: SmallHall) -> Figures:
    """All that the log says, as the report command reads it."""
    names = directory_of(hall.storage.description() or b"")
    with tables_of_days(hall.storage, names, hall.storage.days()) as tables:
        return ask.whole(tables, ALL)


def serve_and_rate(hall: SmallHall, count: int = 1) -> None:
    """Citizens who are served at once and satisfied."""
    for _ in range(count):
        issued = hall.issue()
        hall.serve("1")
        hall.ask(cmd.RateTicket(issued.token, 5), PHONE)


def test_what_is_kept_is_what_the_log_says_and_is_looked_at_only_when_there_is_something_new(tmp_path: Path) -> None:
    hall = SmallHall()
    assert bring_up_to_date(hall.storage, tmp_path / "figures") is False
    hall.open("1")
    hall.issue()
    assert bring_up_to_date(hall.storage, tmp_path / "figures") is True
    assert bring_up_to_date(hall.storage, tmp_path / "figures") is False
    hall.serve("1")
    assert kept(tmp_path / "figures").served == 0, "not before somebody looks again"
    assert bring_up_to_date(hall.storage, tmp_path / "figures") is True
    assert (kept(tmp_path / "figures").issued, kept(tmp_path / "figures").served) == (1, 1)


def test_votes_are_told_when_their_day_has_ended_and_late_ones_when_the_next_has(tmp_path: Path) -> None:
    hall, folder = SmallHall(), tmp_path / "figures"
    hall.open("1", "2")
    serve_and_rate(hall, 5)
    late = hall.issue()
    hall.serve("1")
    hall.issue("civil")
    past_midnight = hall.start("2")
    bring_up_to_date(hall.storage, folder)
    assert (kept(folder).ratings, kept(folder).response_rate) == (0, None)
    hall.clock.tick(24 * 60)
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    assert (kept(folder).ratings, kept(folder).response_rate, kept(folder).satisfied) == (5, 0.833, 1.0)
    hall.ask(cmd.RateTicket(late.token, 1), PHONE)
    hall.get(re.CallReply, cmd.FinishTicket("2", past_midnight.ticket_id))
    bring_up_to_date(hall.storage, folder)
    assert kept(folder).served == 7, "the day was read anew"
    assert kept(folder).ratings == 5, "whose vote it is could be told from when it shows"
    hall.clock.tick(24 * 60)
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    assert (kept(folder).ratings, kept(folder).satisfied) == (6, 0.833)


def test_a_visit_that_ends_past_midnight_is_kept_anew(tmp_path: Path) -> None:
    hall, folder = SmallHall(), tmp_path / "figures"
    hall.open("1")
    hall.issue()
    ticket = hall.start("1")
    hall.clock.tick(24 * 60)
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    assert kept(folder, Question(DAY, DAY)).served == 0
    hall.ask(cmd.FinishTicket("1", ticket.ticket_id))
    bring_up_to_date(hall.storage, folder)
    assert kept(folder, Question(DAY, DAY)).served == 1
    assert kept(folder) == told(hall)


def test_months_have_files_of_their_own_and_the_running_day_too(tmp_path: Path) -> None:
    hall, folder = SmallHall(), tmp_path / "figures"
    for _ in range(5):
        hall.open("1")
        serve_and_rate(hall)
        bring_up_to_date(hall.storage, folder)
        hall.clock.tick(3 * 24 * 60)
    assert set(read_index(folder).parts) == {"2026-11", "2026-12", "running"}
    assert kept(folder).issued == told(hall).issued == 5
    with open_kept(folder) as tables:
        assert [one.issued for one in ask.by(tables, ALL, Dimension.DAY)] == [1] * 5
    shutil.rmtree(folder)
    bring_up_to_date(hall.storage, folder)
    assert kept(folder).issued == 5, "the rows can be made anew from the log at any time"


def test_another_log_is_read_from_its_beginning(tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    for numbers in (3, 2):
        hall = SmallHall()
        hall.storage.epoch = f"epoch-{numbers}"
        for _ in range(numbers):
            hall.issue()
        bring_up_to_date(hall.storage, folder)
        assert kept(folder).issued == numbers


def test_rows_that_can_not_be_read_are_made_anew(tmp_path: Path) -> None:
    hall, folder = SmallHall(), tmp_path / "figures"
    for _ in range(3):
        hall.issue()
        hall.clock.tick(24 * 60)
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    (folder / read_index(folder).parts["2026-11"].files["visits"]).write_bytes(b"no rows")
    hall.clock.tick(24 * 60)
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    assert kept(folder).issued == 5


def test_an_index_that_can_not_be_read_is_as_none(tmp_path: Path) -> None:
    hall, folder = SmallHall(), tmp_path / "figures"
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    (folder / "index.json").write_bytes(b'{"version":')
    with pytest.raises(NoFigures):
        kept(folder)
    assert bring_up_to_date(hall.storage, folder) is True
    assert kept(folder).issued == 1


def test_no_ticket_number_token_or_comment_lies_in_the_kept_files(tmp_path: Path) -> None:
    hall, folder = SmallHall(), tmp_path / "figures"
    hall.open("1")
    issued = hall.issue()
    hall.serve("1")
    hall.ask(cmd.RateTicket(issued.token, 1, ["long-wait"], "Ông Nguyễn Văn A rất bực"), PHONE)
    hall.clock.tick(24 * 60)
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"long-wait" in content, "what is looked for would be found"
    for secret in (issued.ticket.number, issued.token, "Nguyễn"):
        assert secret.encode() not in content


# ---- killed ----


class _Killed(BaseException):
    """Stands for a SIGKILL at one place of the program."""


@pytest.mark.parametrize("place", [0, 4, 5, 6, 7, 8, 17, 18, 19, 20])
def test_whoever_is_killed_anywhere_leaves_the_rows_as_they_were_or_as_they_shall_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    hall, folder = SmallHall(), tmp_path / "figures"
    hall.issue()
    hall.clock.tick(24 * 60)
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    hall.clock.tick(24 * 60)
    hall.issue()
    steps = iter(range(1000))
    real = {name: getattr(Path, name) for name in ("replace", "open", "write_bytes")}

    def dies(name: str):  # type: ignore[no-untyped-def]
        def step(path: Path, *arguments, **options):  # type: ignore[no-untyped-def]
            if folder in path.parents and next(steps) == place:
                raise _Killed
            return real[name](path, *arguments, **options)

        return step

    for name in real:
        monkeypatch.setattr(Path, name, dies(name))
    with pytest.raises(_Killed):
        bring_up_to_date(hall.storage, folder)
    monkeypatch.undo()
    assert kept(folder).issued in (2, 3)
    bring_up_to_date(hall.storage, folder)
    hall.issue()
    bring_up_to_date(hall.storage, folder)
    assert kept(folder).issued == 4
    assert {path.name for path in folder.glob("*.parquet")} >= read_index(folder).files


def test_a_reader_keeps_what_it_opened_while_the_rows_change(tmp_path: Path) -> None:
    tmp_path.joinpath("hall.json").write_bytes(b"")
    names, index = directory(), Index()
    for count in (1, 2):
        rows = Rows(visits=[visit(number) for number in range(count)])
        index = publish(tmp_path, keep(tmp_path, index, names, "2026-11", rows, {"2026-11-23": str(count)}))
    assert len(list(tmp_path.glob("2026-11-visits-*.parquet"))) == 2, "the old file stays until the next update"


def test_the_process_keeps_figures_as_a_child_and_survives_sigkill(tmp_path: Path) -> None:
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    hall.issue()
    command = [sys.executable, "-m", "queue_server", "keep-figures", "--data", str(tmp_path), "--with-parent"]
    child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        eventually((tmp_path / "figures" / "index.json").exists, what="the first rows")
        assert os.getpriority(os.PRIO_PROCESS, child.pid) > 10, "figures are never in the hall's way"
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    hall.issue()
    assert look_once(tmp_path, None) is True
    assert kept(tmp_path / "figures").issued == 2
    hall.storage.close()


def test_a_disk_that_fails_is_told_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    parents = iter([1, 1, 2, 2])
    monkeypatch.setattr(keeping_figures.os, "getppid", lambda: next(parents))
    monkeypatch.setattr(keeping_figures.os, "nice", lambda _by: 0)
    keeping_figures.keep_while_parent_lives(tmp_path, None, parent=1)
    assert "stay as they were" in caplog.text
