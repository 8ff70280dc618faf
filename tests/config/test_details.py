"""Fee, time limit and papers of a list are taken where they are certain, and left empty where they are not."""

import csv
from pathlib import Path

import openpyxl
import pytest

from config.commands import catalogue_import
from config.details import fee_of, lacks_unit, papers_of, time_limit_of
from config.loading import load_catalogue
from config.settings import ROOT, Procedure


@pytest.mark.parametrize(
    ("fee", "note", "told"),
    [
        ("Miễn phí", "", ""),
        ("Miễn phí", "Không quy định", ""),
        ("Miễn phí", "Theo quy định của Hội đồng nhân dân cấp tỉnh", "Theo quy định của Hội đồng nhân dân cấp tỉnh"),
        ("100,000 VNĐ", "", "100.000 đồng"),
        ("70,000 VNĐ", "70.000 đồng/Giấy chứng nhận", "70.000 đồng/Giấy chứng nhận"),
        ("6,000,000 VNĐ", "đồng/lần", "6.000.000 đồng/lần"),
        ("300,000 VNĐ", "Theo quy định của Bộ Tài chính", "300.000 đồng; Theo quy định của Bộ Tài chính"),
        ("", "- Lệ phí: 135.000  đồng/lần", "Lệ phí: 135.000 đồng/lần"),
        ("", "1", ""),
        ("Không", "", ""),
    ],
)
def test_a_fee_is_told_in_the_lists_words_and_what_tells_none_is_left_out(fee: str, note: str, told: str) -> None:
    assert fee_of({"fee": fee, "fee_note": note}) == told


@pytest.mark.parametrize(
    ("value", "unit", "text", "told"),
    [
        ("3", "working_day", "", "3 ngày làm việc"),
        ("30", "day", "", "30 ngày"),
        ("8", "hour", "", "8 giờ"),
        ("2", "month", "", "2 tháng"),
        ("0.5", "Ngày làm việc", "", "0,5 ngày làm việc"),
        ("5.0", "working days", "", "5 ngày làm việc"),
        ("1", "", "", ""),
        ("", "", "5", ""),
        ("", "", "04 ngày* *làm việc, kể từ ngày nhận đủ hồ sơ", "04 ngày làm việc, kể từ ngày nhận đủ hồ sơ"),
        ("", "", "", ""),
    ],
)
def test_a_time_limit_needs_its_unit(value: str, unit: str, text: str, told: str) -> None:
    cells = {"time_value": value, "time_unit": unit, "time_limit": text}
    assert time_limit_of(cells) == told
    assert lacks_unit(cells) == (not told and bool(value + text))


def test_papers_stand_on_lines_of_one_cell_with_bullets_or_without() -> None:
    assert papers_of("Tờ khai theo mẫu;\nGiấy chứng sinh\n\n") == ["Tờ khai theo mẫu", "Giấy chứng sinh"]
    assert papers_of("- Tờ khai theo\n  mẫu;\n+ Giấy  chứng sinh") == ["Tờ khai theo mẫu", "Giấy chứng sinh"]
    assert papers_of("1. Đơn đăng ký\n2) Bản gốc\na) Bản sao") == ["Đơn đăng ký", "Bản gốc", "Bản sao"]
    assert papers_of("") == []


HEADER = ["Mã TTHC", "Tên TTHC", "Thời hạn giải quyết", "Thành phần hồ sơ", "Phí, lệ phí (nếu có)"]
ROW = ["1.001193", "Khai sinh", "Trong ngày", "- Tờ khai\n- Giấy chứng sinh", "8.000 đồng/bản"]
TAKEN = Procedure(
    code="1.001193",
    name="Khai sinh",
    fee="8.000 đồng/bản",
    time_limit="Trong ngày",
    papers=["Tờ khai", "Giấy chứng sinh"],
)


def imported(path: Path, out: Path) -> list[Procedure]:
    assert catalogue_import([str(path), "-o", str(out), "--language", "en"]) == 0
    return load_catalogue(out).procedures


def test_a_decisions_list_with_vietnamese_headers_gives_all_three(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    sheet.append(ROW)
    book.save(tmp_path / "list.xlsx")
    assert imported(tmp_path / "list.xlsx", tmp_path / "out.toml") == [TAKEN]


def test_a_table_with_english_headers_gives_them_and_numbers_without_unit_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ["code", "name", "time_value", "time_unit", "fee", "fee_note", "papers", "Đơn vị tính"]
    rows = [
        ["1.001193", "Khai sinh", "1", "working_day", "8,000 VNĐ", "8.000 đồng/bản", "- Tờ khai\n- Giấy chứng sinh"],
        ["1.000656", "Khai tử", "1", "", "Miễn phí", "", ""],
    ]
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    birth, death = imported(tmp_path / "list.csv", tmp_path / "out.toml")
    assert [birth.time_limit, birth.fee, birth.papers] == ["1 ngày làm việc", "8.000 đồng/bản", TAKEN.papers]
    assert [death.time_limit, death.fee, death.papers] == ["", "", []]
    printed = capsys.readouterr().out
    assert "the fee of 1, the time limit of 1 and the papers of 1 procedures" in printed
    assert "1 time limits are numbers without a unit" in printed


def test_the_everyday_catalogue_tells_what_birth_registration_needs() -> None:
    procedures = {each.code: each for each in load_catalogue(ROOT / "catalogue" / "everyday.toml").procedures}
    assert len(procedures["1.001193"].papers) == 3
    assert procedures["1.004222"].time_limit == "7 ngày làm việc"
    assert all(not procedure.fee.lower().startswith("miễn phí") for procedure in procedures.values())
