"""The slips beside the ticket: procedure, come-back, test."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from PIL import Image

from config.texts import languages
from printers.device import EmulatedPrinter, features_of
from printers.layout import Fact, Item, QrCode, Ruler, Text, lay_out
from printers.models import load_model
from printers.papers import ComeBackPaper, ProcedurePaper
from printers.preview import PAPERS, sample_of
from printers.printout import encode, most_bytes_of

PROCEDURE = ProcedurePaper(
    hall_name="Trung tâm Phục vụ hành chính công tỉnh Cao Bằng",
    procedure_name="Đăng ký khai sinh",
    code="1.001193",
    field="Hộ tịch",
    papers=("Tờ khai", "Giấy chứng sinh"),
    fee="Không",
    time_limit="Trong ngày",
    counters=("Quầy 3",),
    url="http://192.168.10.5:8080/p/1.001193",
)
COME_BACK = ComeBackPaper(
    hall_name=PROCEDURE.hall_name,
    service_name="Hộ tịch",
    number="A015",
    papers=("Giấy chứng sinh",),
    until=dt.datetime(2026, 1, 13, 8, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
    url="http://192.168.10.5:8080/t/hV3kQm8ZpT2xYw9LrB4nSg",
)


def said(paper):
    """All that can be read, with its marks."""
    found = []
    for line in lay_out(paper):
        match line:
            case Fact(label, value):
                found.append(f"{label} {value}")
            case Item(mark, text):
                found.append(f"{mark} {text}")
            case Text(text):
                found.append(text)
    return found


def test_a_procedures_slip_says_what_to_bring_what_it_costs_and_how_long_it_takes():
    assert said(PROCEDURE) == [
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG TỈNH CAO BẰNG",
        "Đăng ký khai sinh",
        "Mã thủ tục: 1.001193",
        "Lĩnh vực: Hộ tịch",
        "Giấy tờ cần mang theo:",
        "1. Tờ khai",
        "2. Giấy chứng sinh",
        "Phí, lệ phí: Không",
        "Thời hạn giải quyết: Trong ngày",
        "Quầy: 3",
        "Quét mã để xem thủ tục trên điện thoại",
    ]


def test_what_a_procedures_list_does_not_say_is_not_printed():
    bare = ProcedurePaper(hall_name="Hall", procedure_name="Name", code="1.1")
    assert said(bare) == ["HALL", "Name", "Mã thủ tục: 1.1"]
    assert not any(isinstance(line, QrCode) for line in lay_out(bare))


def test_a_come_back_slip_says_what_is_missing_and_until_when():
    found = said(COME_BACK)
    assert "– Giấy chứng sinh" in found
    assert "Quay lại trước: 08:12, Thứ Ba, 13/01/2026" in found


def test_the_test_slip_has_every_letter_with_two_marks_and_a_ruler():
    slip = sample_of("test", "vi")
    letters = "".join(said(slip))
    assert set("ẰẲẴẮẶẦẨẪẤẬỀỂỄẾỆỒỔỖỐỘỜỞỠỚỢỪỬỮỨỰằẳẵắặầẩẫấậềểễếệồổỗốộờởỡớợừửữứự") <= set(letters)
    assert any(isinstance(line, Ruler) for line in lay_out(slip))


@pytest.mark.parametrize("model_name", ["epson-tm-t88", "generic-58mm"])
@pytest.mark.parametrize("kind", PAPERS)
@pytest.mark.parametrize("language", languages())
def test_every_slip_is_printed_and_its_code_is_read(tmp_path: Path, read_qr, kind, model_name, language):
    paper, model = sample_of(kind, language), load_model(model_name)
    data = encode(lay_out(paper), model, most_bytes_of(paper))
    assert len(data) <= most_bytes_of(paper)
    printer = EmulatedPrinter(tmp_path, model.width_dots, features_of(model))
    printer.feed(data)
    printer.deliver()
    assert read_qr(printer.pictures[0]) == [paper.url]


def test_a_long_list_of_long_papers_is_set_in_beside_its_numbers(tmp_path):
    long = "Văn bản thỏa thuận của cha, mẹ về việc chọn quốc tịch cho con theo quy định của pháp luật"
    slip = msgspec.structs.replace(PROCEDURE, papers=(long,) * 12)
    printer = EmulatedPrinter(tmp_path, 384)
    printer.feed(encode([line for line in lay_out(slip) if isinstance(line, Item)], load_model("generic-58mm"), 99_999))
    printer.deliver()
    with Image.open(printer.pictures[0]) as picture:
        left = [
            row
            for row in range(32, picture.height)
            if picture.crop((32, row, 32 + 34, row + 1)).convert("L").getextrema()[0] == 0
        ]
    assert len(left) < (picture.height - 64) / 3
