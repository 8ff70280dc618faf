"""An official list becomes a catalogue: every row is taken, or told with its number and a reason."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from config.catalogue import CODE
from config.commands import catalogue_import, main
from config.loading import load_catalogue, load_hall
from config.mapping import Mapping
from config.settings import ROOT, Procedure
from tests.config.cao_bang_1266 import COUNT, NATIONAL_LIST, cao_bang_1266
from tests.config.halls import small, written

HEADER = ["STT", "Mã thủ tục", "Tên thủ tục", "Lĩnh vực", "Cơ quan thực hiện", "Cấp thực hiện"]
BIRTH = ["1", "1.001193", "Thủ tục đăng ký  khai sinh", "Hộ tịch", "Sở Tư pháp", "Cấp xã"]
LAND = ["2", "1.012784", "Tách thửa hoặc hợp thửa đất", "Đất đai", "Sở Nông nghiệp và Môi trường", "Cấp tỉnh, cấp xã"]
TAKEN = [
    Procedure(code="1.001193", name="Thủ tục đăng ký khai sinh", field="Hộ tịch", agency="so-tu-phap", levels=["xa"]),
    Procedure(
        code="1.012784",
        name="Tách thửa hoặc hợp thửa đất",
        field="Đất đai",
        agency="so-nong-nghiep-va-moi-truong",
        levels=["tinh", "xa"],
    ),
]

Rows = list[list[str]]


def as_text(encoding: str, delimiter: str) -> Callable[[Path, Rows], Path]:
    def write(folder: Path, rows: Rows) -> Path:
        path = folder / "danh-muc.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


def as_sheet(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    path = folder / "danh-muc.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def imported(list_file: Path, out: Path) -> list[Procedure]:
    assert catalogue_import([str(list_file), "-o", str(out), "--language", "en"]) == 0
    return load_catalogue(out).procedures


@pytest.mark.parametrize(
    "write",
    [as_text("utf-8", ","), as_text("utf-8-sig", ";"), as_text("utf-16", "\t"), as_text("utf-16-le", ";"), as_sheet],
    ids=["utf-8", "bom", "utf-16", "utf-16 without mark", "xlsx"],
)
def test_a_list_is_read_whatever_program_saved_it(tmp_path: Path, write: Callable[[Path, Rows], Path]) -> None:
    assert imported(write(tmp_path, [HEADER, BIRTH, LAND]), tmp_path / "out.toml") == TAKEN


def test_windows_vietnamese_with_its_separate_tone_marks_is_composed(tmp_path: Path) -> None:
    path = tmp_path / "danh-muc.csv"
    marks = {"ã": "a\u0303", "ủ": "u\u0309", "ụ": "u\u0323", "ộ": "ô\u0323", "ị": "i\u0323", "ự": "ư\u0323"}
    text = "Mã thủ tục;Tên thủ tục;Lĩnh vực\n1.001193;Hộ tịch xã;Lĩnh vực\n".replace("ĩ", "i\u0303")
    for letter, pair in marks.items():
        text = text.replace(letter, pair)
    path.write_bytes(text.encode("cp1258"))
    assert imported(path, tmp_path / "out.toml") == [Procedure(code="1.001193", name="Hộ tịch xã", field="Lĩnh vực")]


def test_english_headers_in_any_order_below_a_title_are_found(tmp_path: Path) -> None:
    rows = [["DANH MỤC"], [], ["Levels", "NAME", "Department", "code"], ["tinh;xa", "Land", "Sở Tư pháp", "1.012784"]]
    [procedure] = imported(as_text("utf-8", ",")(tmp_path, rows), tmp_path / "out.toml")
    assert procedure == Procedure(code="1.012784", name="Land", agency="so-tu-phap", levels=["tinh", "xa"])


def test_headers_with_words_after_them_are_found(tmp_path: Path) -> None:
    rows = [["Tên thủ tục hành chính (TTHC)", "Mã số TTHC trên Cổng"], ["Khai sinh", "1.001193"]]
    [procedure] = imported(as_text("utf-8", ";")(tmp_path, rows), tmp_path / "out.toml")
    assert procedure == Procedure(code="1.001193", name="Khai sinh")


def test_a_code_that_the_spreadsheet_took_for_a_number_gets_its_zeros_back(tmp_path: Path) -> None:
    path = as_sheet(tmp_path, [["Mã TTHC", "Tên TTHC"], [1.00119, "Khai sinh"]])
    assert imported(path, tmp_path / "out.toml")[0].code == "1.001190"


def test_every_row_that_cannot_be_taken_is_told_with_its_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [HEADER, BIRTH, ["2", "", "Không mã"], ["3", "12.3", "Sai mã"], ["4", "1.000001", ""], BIRTH, ["6"]]
    rows.append(["7", "1.000002", "x" * 2001])
    path = as_text("utf-8", ",")(tmp_path, rows)
    assert len(imported(path, tmp_path / "out.toml")) == 1
    printed = capsys.readouterr()
    told = [line.removeprefix(f"{path}: ") for line in printed.err.splitlines()]
    assert told == [
        'row 3 = "Không mã": The code is missing.',
        'row 4 = "12.3": A code looks like 1.001193 or 1.001193.000.00.00.H14.',
        'row 5 = "1.000001": The name is missing.',
        'row 6 = "1.001193": This code is in row 2 already.',
        'row 7 = "": Neither code nor name.',
        'row 8 = "1.000002": The name is longer than 2,000 characters.',
    ]
    assert "took 1 procedures, refused 6" in printed.out


def test_a_damaged_name_is_told_and_the_sound_rows_are_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = as_text("utf-8", ",")(tmp_path, [HEADER, BIRTH, LAND])
    path.write_bytes(path.read_bytes().replace("Tách".encode(), b"T\xe1ch"))
    assert imported(path, tmp_path / "out.toml") == TAKEN[:1]
    assert "damaged" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        "Mã thủ tục,Tên thủ tục\nx,y\n".encode(),
        b"PK\x03\x04 no sheet",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b'"Ten thu tuc",code\n"' + b"x" * 1_100_000 + b'",1.000001\n',
        b"\xff\xfe\x00",
    ],
    ids=["empty", "no header", "nothing to take", "broken xlsx", "old excel", "endless cell", "broken utf-16"],
)
def test_a_file_that_gives_nothing_is_refused_and_the_old_catalogue_stays(tmp_path: Path, content: bytes) -> None:
    path, out = tmp_path / "list", tmp_path / "out.toml"
    path.write_bytes(content)
    out.write_text("old", encoding="utf-8")
    assert catalogue_import([str(path), "-o", str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["list", "out.toml"]


def test_the_list_is_never_overwritten_and_a_missing_folder_or_file_is_told(tmp_path: Path) -> None:
    path = as_text("utf-8", ",")(tmp_path, [HEADER, BIRTH])
    before = path.read_bytes()
    assert catalogue_import([str(path), "-o", str(path)]) == 2
    assert catalogue_import([str(path), "-o", str(tmp_path / "none" / "out.toml")]) == 2
    assert catalogue_import([str(tmp_path / "none.csv"), "-o", str(tmp_path / "out.toml")]) == 2
    assert path.read_bytes() == before


def test_with_a_hall_its_agency_ids_are_used_and_procedures_without_a_service_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = small()
    document["agencies"][0]["id"] = document["services"][0]["agency"] = "tp"
    document["hall"]["catalogue"] = "out.toml"
    tax = ["3", "1.008590", "Gia hạn nộp thuế", "Thuế", "Thuế tỉnh", "tỉnh"]
    path = as_text("utf-8", ",")(tmp_path, [HEADER, BIRTH, LAND, tax])
    out = tmp_path / "out.toml"
    hall = written(tmp_path, document)
    assert main(["catalogue", "import", str(path), "-o", str(out), "--hall", str(hall), "--language", "en"]) == 0
    assert load_catalogue(out).procedures[0].agency == "tp"
    printed = capsys.readouterr().out
    assert "2/3 procedures" in printed
    assert "thue-tinh · Thuế" in printed


@pytest.mark.parametrize("code", ["1.001193", "1.001193.000.00.00.H14", "2.000635.H37"])
def test_a_national_code_may_carry_a_provinces_tail(code: str) -> None:
    assert CODE.fullmatch(code)


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> list[Procedure]:
    if not NATIONAL_LIST.is_file():
        pytest.skip(f"the national list is not on this machine: {NATIONAL_LIST}")
    return imported(NATIONAL_LIST, tmp_path_factory.mktemp("national") / "catalogue.toml")


def test_all_rows_of_the_national_list_are_taken_or_told(
    tmp_path: Path, national: list[Procedure], capsys: pytest.CaptureFixture[str]
) -> None:
    assert catalogue_import([str(NATIONAL_LIST), "-o", str(tmp_path / "again.toml"), "--language", "en"]) == 0
    printed = capsys.readouterr()
    refused = [line for line in printed.err.splitlines() if "row" in line and " = " in line]
    assert len(national) + len(refused) == 4017
    assert "Read 4017 rows" in printed.out


def test_the_cao_bang_hall_has_a_service_for_each_of_its_1266_procedures(national: list[Procedure]) -> None:
    hall = load_hall(ROOT / "halls" / "cao-bang.toml")
    chosen = cao_bang_1266(national, hall)
    mapping = Mapping(hall)
    assert len(chosen) == COUNT
    assert mapping.unmapped(chosen) == []
    reached = set(mapping.services_of(chosen).values())
    assert reached == {service.id for service in hall.services if service.fields}
