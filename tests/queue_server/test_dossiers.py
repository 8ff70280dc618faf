"""Dossiers in a file that another system writes: read however it is saved, read again, kept when it is bad."""

import datetime as dt
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import Workbook

from config import settings
from protocol import commands as cmd
from protocol.errors import NoDossiers
from protocol.replies import DossierReply
from queue_server import dossiers as dossiers_module
from queue_server.cases.dossiers import Dossier, DossierSource, key_of, look_up_dossier
from queue_server.domain.rows import Device
from queue_server.dossier_rows import dossiers_of
from queue_server.dossiers import FileDossiers, dossiers_of_hall
from tests.queue_server.factories import MORNING, hall_file
from tests.running import eventually

CODE = "H14.21-260115-0007"
SERVICES = {"results": "results", "tra ket qua": "results", "land": "land"}
PLAIN = f"code,state,service,due_on\n{CODE},ready,land,2026-01-20\nH14.21-260115-0008,not_ready,,\n"
KIOSK = Device("kiosk-1", "kiosk", "")

Write = Callable[[str], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dossiers.csv"


@pytest.fixture
def source(path: Path) -> FileDossiers:
    return FileDossiers(path, SERVICES, "results")


@pytest.fixture
def write(path: Path) -> Write:
    """Write the file anew; each time it is a second newer."""
    newer = iter(range(1_000_000_000, 2_000_000_000))

    def write(content: str, encoding: str = "utf-8") -> None:
        path.write_bytes(content.encode(encoding))
        os.utime(path, (at := next(newer), at))

    return write


def read(source: FileDossiers, write: Write, content: str) -> FileDossiers:
    """Look twice: a file that changed is read when it stayed the same."""
    write(content)
    source.look()
    source.look()
    return source


# ---- what a citizen is told --------------------------------------------------------


class Hall:
    """A service of a hall, as far as dossiers go."""

    def __init__(self, source: DossierSource | None) -> None:
        self.dossiers = source

    def ask(self, code: str) -> object:
        return look_up_dossier(self, cmd.LookUpDossier(code), KIOSK, MORNING)


def test_a_dossier_is_found_by_its_code_however_it_is_typed(source: FileDossiers, write: Write) -> None:
    hall = Hall(read(source, write, PLAIN))
    ready = DossierReply(CODE, "ready", "land", dt.date(2026, 1, 20))
    assert hall.ask(CODE) == hall.ask("h14.21 – 260115 – 0007 ") == ready
    assert hall.ask("H14.21-260115-0008") == DossierReply("H14.21-260115-0008", "not_ready", "results")


def test_a_code_that_is_not_listed_is_answered_like_one_that_never_was(source: FileDossiers, write: Write) -> None:
    hall = Hall(read(source, write, PLAIN))
    assert hall.ask("H14.21-260115-9999") == DossierReply("H14.21-260115-9999", "unknown")
    assert hall.ask("?") == DossierReply("?", "unknown")


def test_a_hall_without_dossiers_says_so(source: FileDossiers) -> None:
    for hall in (Hall(None), Hall(source)):
        with pytest.raises(NoDossiers):
            hall.ask(CODE)


# ---- how the file may look -----------------------------------------------------------

VIETNAMESE = """DANH SÁCH HỒ SƠ;;;;
STT;Mã hồ sơ;Họ và tên;Trạng thái;Ngày hẹn trả (dự kiến);Lĩnh vực
1;000.00.14.H14-200930-0001;Nông Thị Hòa;Đã có kết quả;20/01/2026 17:00;Trả kết quả
2;000.00.14.H14-200930-0002;Lý Văn Páo;Đang xử lý;21/01/2026;
3;000.00.14.H14-200930-0003;Bế Văn Đàn;Đã trả kết quả;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_vietnamese_headers_states_and_days_are_understood(
    source: FileDossiers, write: Callable[[str, str], None], encoding: str
) -> None:
    write(VIETNAMESE, encoding)
    source.look()
    ready = source.look_up("000.00.14.H14-200930-0001")
    assert ready == Dossier("000.00.14.H14-200930-0001", True, "results", dt.date(2026, 1, 20))
    waiting = source.look_up("000.00.14.H14-200930-0002")
    assert waiting == Dossier("000.00.14.H14-200930-0002", False, "results", dt.date(2026, 1, 21))
    assert source.look_up("000.00.14.H14-200930-0003") is None, "it was fetched"


def test_a_workbook_is_read_as_well(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Mã hồ sơ", "Trạng thái", "Hẹn trả"], [CODE, "Hoàn thành", dt.date(2026, 1, 20)]):
        book.active.append(row)
    book.save(tmp_path / "dossiers.xlsx")
    source = FileDossiers(tmp_path / "dossiers.xlsx", SERVICES)
    source.look()
    assert source.look_up(CODE) == Dossier(CODE, True, None, dt.date(2026, 1, 20))


def test_of_a_dossier_listed_twice_the_last_row_counts(source: FileDossiers, write: Write) -> None:
    read(source, write, f"code,state\n{CODE},not_ready\n{CODE},ready\n")
    assert source.look_up(CODE) == Dossier(CODE, True, "results")


def test_a_result_that_was_fetched_is_not_offered_again(source: FileDossiers, write: Write) -> None:
    read(source, write, f"code,state\n{CODE},ready\n{CODE},fetched\n")
    assert source.look_up(CODE) is None


def test_bad_rows_are_told_once_with_their_place_and_the_others_are_read(
    source: FileDossiers, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    bad = "code,state,service,due_on\n,ready,,\nA-1,maybe,,\nA-2,ready,lnad,\nA-3,ready,,31/02/2026\nA-4,maybe,,\n"
    read(source, write, bad)
    told = [record.message for record in caplog.records]
    assert [words.partition("dossiers.csv: ")[2] for words in told] == [
        "row 2: code = '': expected a code of at most 64 signs",
        "row 3: state = 'maybe': expected ready or not_ready",
        "row 4: service = 'lnad': expected the id or name of a service of the hall",
        "row 5: due_on = '31/02/2026': expected a day as 2026-11-30 or 30/11/2026",
    ]
    assert source.look_up("A-1") is source.look_up("A-4") is None
    assert source.look_up("A-2") == Dossier("A-2", True, "results")
    assert source.look_up("A-3") == Dossier("A-3", True, "results")
    caplog.clear()
    read(source, write, bad + "A-5,ready,,\nA-6,perhaps,,\n")
    assert source.look_up("A-5") is not None
    assert [record.message.partition("dossiers.csv: ")[2] for record in caplog.records] == [
        "row 8: state = 'perhaps': expected ready or not_ready"
    ]


def test_thousands_of_bad_rows_do_not_fill_the_log(
    source: FileDossiers, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    read(source, write, "code,state\n" + "".join(f"A-{at},state {at}\n" for at in range(5000)))
    assert len(caplog.records) == 21
    assert caplog.records[-1].message.endswith("and 4980 more like these")


# ---- a file that changes ---------------------------------------------------------------


def test_a_changed_file_is_read_when_it_stayed_the_same_for_a_while(source: FileDossiers, write: Write) -> None:
    read(source, write, f"code,state\n{CODE},not_ready\n")
    write(f"code,state\n{CODE},ready\n")
    source.look()
    assert source.look_up(CODE) == Dossier(CODE, False, "results"), "it may still be written"
    source.look()
    assert source.look_up(CODE) == Dossier(CODE, True, "results")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (PLAIN[: PLAIN.index("0008") + 2], "half written"),
        ("", "no header"),
        ("name,age\nHòa,30\n", "no header"),
        ("PK\x03\x04 no workbook", "workbook"),
    ],
    ids=["cut off", "empty", "another list", "broken workbook"],
)
def test_a_file_that_is_no_list_leaves_what_was_read_before_and_is_told_once(
    source: FileDossiers, write: Write, caplog: pytest.LogCaptureFixture, content: str, why: str
) -> None:
    read(source, write, PLAIN)
    read(source, write, content)
    source.look()
    assert source.look_up(CODE) is not None
    assert len(caplog.records) == 1
    assert "what was read before still holds" in caplog.text
    if why != "workbook":
        assert why in caplog.text
    read(source, write, PLAIN.replace("0007", "0017"))
    assert source.look_up(CODE) is None, "the next good file is read"


def test_a_file_that_is_gone_leaves_what_was_read_before(
    source: FileDossiers, write: Write, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read(source, write, PLAIN)
    path.unlink()
    for _ in range(3):
        source.look()
    assert source.look_up(CODE) is not None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "can't be found" in caplog.text


def test_a_file_that_can_not_be_read_is_tried_again(
    source: FileDossiers, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_path: Path) -> None:
        raise OSError(5, "Input/output error")

    write(PLAIN)
    with monkeypatch.context() as patch:
        patch.setattr(dossiers_module, "_cut_off", lambda path, _rows: broken(path))
        source.look()
    source.look()
    assert source.look_up(CODE) is not None


def test_a_huge_file_is_refused(source: FileDossiers, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossiers_module, "MOST_BYTES", 20)
    read(source, write, PLAIN)
    with pytest.raises(NoDossiers):
        source.look_up(CODE)


def test_rows_that_all_leave_their_last_cells_out_are_not_cut_off(source: FileDossiers, write: Write) -> None:
    read(source, write, f"code,state,service,due_on\nA-1,ready\n{CODE},ready")
    assert source.look_up(CODE) is not None


def test_the_thread_reads_what_another_system_writes(
    source: FileDossiers, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossiers_module, "LOOK_SECONDS", 0.02)
    source.start()
    try:
        write(PLAIN)
        eventually(lambda: Hall(source).dossiers and _found(source))
        write(PLAIN.replace("0007", "0017"))
        eventually(lambda: not _found(source))
    finally:
        source.close()


def _found(source: FileDossiers) -> bool:
    try:
        return source.look_up(CODE) is not None
    except NoDossiers:
        return False


# ---- wiring and rules ---------------------------------------------------------------


def test_the_hall_file_says_where_the_list_is_and_what_its_services_are_called(tmp_path: Path) -> None:
    hall = hall_file()
    assert dossiers_of_hall(tmp_path / "hall.toml", hall) is None
    listed = settings.Dossiers(file="lists/dossiers.csv", service="results")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "dossiers.csv").write_text("code,state,service\nA-1,ready,land\nA-2,ready,\n")
    source = dossiers_of_hall(tmp_path / "hall.toml", replace(hall, dossiers=listed))
    assert source is not None
    source.look()
    assert source.look_up("A-1") == Dossier("A-1", True, "land")
    assert source.look_up("A-2") == Dossier("A-2", True, "results")


@given(st.lists(st.tuples(st.integers(1, 99), st.lists(st.text(max_size=20), max_size=6)), max_size=20))
def test_whatever_the_rows_hold_nothing_else_is_raised(rows: list[tuple[int, list[str]]]) -> None:
    dossiers, _ = dossiers_of([(1, ["code", "state", "due_on"]), *rows], SERVICES, None)
    assert all(code == key_of(code) == dossier.code for code, dossier in dossiers.items())
