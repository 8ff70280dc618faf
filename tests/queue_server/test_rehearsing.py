"""The command `rehearse`: the table beside the day as it was, and clear words for all that can't be."""

import csv
import datetime as dt
import io
import tomllib
from pathlib import Path

import pytest
import tomli_w

from config.loading import load_hall
from protocol import commands as cmd
from queue_server.__main__ import main
from queue_server.storage.sqlite import SqliteStorage
from tests.conftest import ROOT, hall_file_at_free_ports
from tests.queue_server.factories import MORNING, SmallHall

XA = ROOT / "config" / "halls" / "xa.toml"
DAY = MORNING.date()
NEXT_DAY = DAY + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a commune hall after a day and a morning, with its hall file beside it."""
    folder = tmp_path_factory.mktemp("data")
    path, _ = hall_file_at_free_ports(XA, folder)
    path.rename(folder / "hall.toml")
    storage = SqliteStorage(folder / "hall.db")
    hall = SmallHall(load_hall(folder / "hall.toml"), storage)
    live(hall, 8)
    hall.clock.now = MORNING + dt.timedelta(days=1)
    live(hall, 3)
    storage.close()
    return folder


def live(hall: SmallHall, citizens: int) -> None:
    """Citizens come for the first counter's service, every third with a priority; each is served ten minutes."""
    services = hall.service.rules.counters["1"].services
    hall.open("1")
    for place in range(citizens):
        hall.issue(services[0], "elderly" if place % 3 == 2 else "ordinary")
        hall.clock.tick(1)
    for _ in range(citizens):
        ticket = hall.call("1")
        assert ticket is not None
        hall.clock.tick(0.5)
        hall.ask(cmd.StartServing("1", ticket.ticket_id))
        hall.clock.tick(9.5)
        hall.ask(cmd.FinishTicket("1", ticket.ticket_id))
        hall.clock.tick(0.2)
    hall.ask(cmd.CloseCounter("1"))


Output = tuple[int, str, str]


@pytest.fixture
def rehearse(data: Path, capsys: pytest.CaptureFixture[str]) -> "Rehearse":
    return Rehearse(data, capsys)


class Rehearse:
    """The command on the hall's data: exit code, output, errors."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self.capsys = capsys

    def __call__(self, *arguments: object) -> Output:
        code = main(["rehearse", "--data", str(self.data), *map(str, arguments)])
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err

    def table(self, *arguments: object) -> dict[tuple[str, str], dict[str, str]]:
        code, out, err = self("--format", "csv", "--language", "en", *arguments)
        assert code == 0, err
        rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
        return {(row["Group"], row["Rule"]): row for row in rows}


def test_the_rule_as_it_is_gives_the_day_as_it_was_and_stands_beside_it(rehearse: Rehearse) -> None:
    table = rehearse.table("--day", DAY)
    really = {group: row for (group, rule), row in table.items() if rule == "As it really was"}
    as_it_is = {group: row for (group, rule), row in table.items() if rule == "The rule as it is"}
    assert really["Everybody"]["Calls"] == "8"
    assert float(really["Everybody"]["Mean wait"]) > 10
    for group, row in really.items():
        assert {**row, "Rule": ""} == {**as_it_is[group], "Rule": ""}


def test_another_value_stands_in_a_row_of_its_own(rehearse: Rehearse) -> None:
    table = rehearse.table("--day", DAY, "--set", "classes.elderly.head_start_minutes=0", "--set", "limits=false")
    tried = "With classes.elderly.head_start_minutes=0, limits=false"
    rules = {rule for _, rule in table}
    assert rules == {"As it really was", "The rule as it is", "Without limits (gentle)", tried}
    elderly = {rule: row for (group, rule), row in table.items() if group.startswith("Elderly")}
    assert float(elderly[tried]["Mean wait"]) > float(elderly["The rule as it is"]["Mean wait"])
    assert table["Everybody", tried]["Most overtaken"] == "0.0"
    assert float(table["Everybody", "The rule as it is"]["Most overtaken"]) > 0


def test_another_hall_file_can_be_compared(rehearse: Rehearse, tmp_path: Path) -> None:
    document = tomllib.loads((rehearse.data / "hall.toml").read_text(encoding="utf-8"))
    document["calling"]["limits"] = False
    other = tmp_path / "other.toml"
    other.write_text(tomli_w.dumps(document), encoding="utf-8")
    table = rehearse.table("--day", DAY, "--other", other)
    gentle, by_file = table["Everybody", "Without limits (gentle)"], table["Everybody", "By other.toml"]
    assert {**gentle, "Rule": ""} == {**by_file, "Rule": ""}


def test_it_speaks_vietnamese_first_and_plays_the_last_day_unless_told_otherwise(rehearse: Rehearse) -> None:
    code, out, err = rehearse()
    assert (code, err) == (0, "")
    assert out.startswith("Diễn tập quy tắc gọi số: ")
    assert f"{NEXT_DAY:%d/%m/%Y}" in out.splitlines()[0]
    assert "Bị vượt nhiều nhất" in out
    assert "Quy tắc hiện tại" in out
    (everybody,) = [line.split() for line in out.splitlines() if line.startswith("  Thực tế")][:1]
    assert everybody[2] == "3"
    assert "," in everybody[3]
    assert max(map(len, out.splitlines())) < 170


def test_several_days_are_added_up_and_said_on_the_way(rehearse: Rehearse) -> None:
    code, out, err = rehearse("--day", DAY, "--day", NEXT_DAY, "--language", "en")
    assert code == 0
    assert f"The rule as it is: {DAY} (1 of 2)" in err
    (everybody,) = [line.split() for line in out.splitlines() if line.startswith("  As it really was")][:1]
    assert everybody[4] == "11"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("own_feild_minutes=5", "own_field_minutes"),
        ("classes.eldrly.head_start_minutes=5", "elderly"),
        ("calling.limits=maybe", "true"),
        ("own_field_minutes=-1", "own_field_minutes"),
        ("own_field_minutes", "KEY=VALUE"),
        ("hours.monday=[]", "classes"),
        ("classes.ordinary.limit_minutes=0", "limit_minutes"),
        ("calling.ratio=3", "35"),
        ("counters.1.services=[]", "counters"),
    ],
)
def test_a_wrong_setting_is_refused_with_the_reason(rehearse: Rehearse, setting: str, said: str) -> None:
    for language in ("vi", "en"):
        code, out, err = rehearse("--set", setting, "--language", language)
        assert (code, out) == (2, "")
        assert said in err
        assert "Traceback" not in err


def test_every_wrong_setting_is_told_at_once(rehearse: Rehearse) -> None:
    code, _, err = rehearse("--set", "classes.x.sign=1", "--set", "counters.99.own=[]", "--set", "nonsense")
    assert (code, len(err.splitlines())) == (2, 3)


def test_a_day_without_tickets_says_so_and_names_those_that_there_are(rehearse: Rehearse) -> None:
    code, out, err = rehearse("--day", "2020-01-01", "--language", "en")
    assert (code, out) == (2, "")
    assert "2020-01-01" in err
    assert str(DAY) in err


def test_a_folder_without_a_hall_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "--data", str(tmp_path)]) == 2
    assert "--hall" in capsys.readouterr().err
    assert main(["rehearse", "--data", str(tmp_path), "--hall", str(XA)]) == 2
    assert "hall.db" in capsys.readouterr().err


def test_a_wrong_hall_file_is_told(rehearse: Rehearse, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[hall]\nid = "x"\n', encoding="utf-8")
    code, _, err = rehearse("--hall", wrong)
    assert code == 2
    assert "wrong.toml" in err
    assert "hall.toml" not in err


def test_a_rehearsal_changes_nothing(rehearse: Rehearse) -> None:
    before = (rehearse.data / "hall.db").read_bytes()
    rehearse("--set", "own_field_minutes=0")
    assert (rehearse.data / "hall.db").read_bytes() == before
