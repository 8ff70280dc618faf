"""The bytes of a ticket: few, harmless, and complete."""

import datetime as dt
import subprocess
import sys
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from PIL import Image, ImageChops

from printers.device import EmulatedPrinter
from printers.escpos import resynchronise, without_real_time_commands
from printers.layout import Cut, Feed, QrCode, Rule, Text, lay_out
from printers.models import load_model, model_names
from printers.printout import encode, pictures_to_keep, print_out

REAL_TIME = [b"\x10\x04", b"\x10\x05", b"\x10\x14"]
FULL_NAME = "Cấp Giấy chứng nhận đủ điều kiện kinh doanh dịch vụ thẩm định giá cho doanh nghiệp"


KINDS = {
    "ordinary": {},
    "priority": {"class_name": "Người khuyết tật nặng, người khuyết tật đặc biệt nặng"},
    "long name": {"service_name": FULL_NAME},
    "reprint": {"reprint_of": dt.datetime(2026, 1, 12, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))},
    "offline": {"offline": True, "note": "Hỗ trợ người khuyết tật, đi cùng người nhà"},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", model_names())
def test_a_ticket_is_at_most_12_kilobytes(paper, model, kind):
    printed = msgspec.structs.replace(paper, **KINDS[kind])
    assert len(encode(lay_out(printed), load_model(model))) <= 12_000


@pytest.mark.parametrize("model", model_names())
def test_a_ticket_with_everything_at_once_is_at_most_14_kilobytes(paper, model):
    everything = {key: value for kind in KINDS.values() for key, value in kind.items()} | {"uncertain": True}
    assert len(encode(lay_out(msgspec.structs.replace(paper, **everything)), load_model(model))) <= 14_000


@pytest.mark.parametrize("model", [name for name in model_names() if load_model(name).memory == "graphics"])
def test_a_printer_that_keeps_the_headings_gets_less_than_3_quarters_of_the_bytes(paper, model):
    lines, found = lay_out(paper), load_model(model)
    kept = pictures_to_keep(lines, found)
    assert len(kept) >= 4
    assert len(print_out(lines, found, frozenset(kept)).data) < len(encode(lines, found)) * 0.75


def test_what_a_printer_keeps_is_printed_as_if_it_were_sent(paper, tmp_path):
    lines, model = lay_out(paper), load_model("epson-tm-t20")
    kept = pictures_to_keep(lines, model)
    sent, remembered = EmulatedPrinter(tmp_path / "sent"), EmulatedPrinter(tmp_path / "kept")
    sent.feed(encode(lines, model))
    remembered.feed(b"".join(kept.values()) + print_out(lines, model, frozenset(kept)).data)
    with Image.open(sent.pictures[0]) as one, Image.open(remembered.pictures[0]) as other:
        assert ImageChops.difference(one.convert("L"), other.convert("L")).getbbox() is None


def test_how_much_paper_a_ticket_takes_is_known(paper, tmp_path):
    for name in ("epson-tm-t20", "generic-58mm"):
        model = load_model(name)
        printer = EmulatedPrinter(tmp_path / name, model.width_dots)
        printout = print_out(lay_out(paper), model)
        printer.feed(printout.data)
        printer.deliver()
        with Image.open(printer.pictures[0]) as picture:
            rows = picture.height - 64
        assert printout.rows == rows + (model.cut_dots if model.cutter == "partial" else 0)


@pytest.mark.parametrize("command", REAL_TIME)
def test_a_picture_never_holds_a_real_time_command(command):
    image = Image.frombytes("1", (32, 3), b"\x00" + command + b"\xff" + command * 4)
    data = without_real_time_commands(image).tobytes()
    assert not any(each in data for each in REAL_TIME)
    changed = sum((a ^ b).bit_count() for a, b in zip(data, image.tobytes(), strict=True))
    assert changed <= 5


def test_a_harmless_picture_is_left_alone():
    image = Image.frombytes("1", (16, 3), bytes(range(6)))
    assert without_real_time_commands(image).tobytes() == image.tobytes()


@pytest.mark.parametrize("model", model_names())
def test_no_ticket_makes_the_printer_answer(paper, tmp_path, model):
    printer = EmulatedPrinter(tmp_path)
    for number in ("A015", "B104", "C999"):
        for people in range(12):
            printed = msgspec.structs.replace(paper, number=number, people_ahead=people)
            printer.feed(encode(lay_out(printed), load_model(model)))
    assert printer.take_answers() == b""


@pytest.mark.parametrize("offset", [5, 40, 400, 2000, 6000])
def test_after_a_broken_job_the_next_one_is_whole(paper, tmp_path, read_qr, offset):
    model = load_model("epson-tm-t20")
    printer = EmulatedPrinter(tmp_path)
    data = encode(lay_out(paper), model)
    printer.feed(data[:offset] + resynchronise(model) + data)
    assert len(printer.pictures) <= 2
    _assert_same_paper(printer.pictures[-1], data, tmp_path / "alone")
    assert read_qr(printer.pictures[-1]) == [paper.url]


def _assert_same_paper(picture, data, folder):
    """A picture shows what these bytes print, and nothing of what was before."""
    alone = EmulatedPrinter(folder)
    alone.feed(data)
    with Image.open(picture) as found, Image.open(alone.pictures[0]) as wanted:
        assert ImageChops.difference(found.convert("L"), wanted.convert("L")).getbbox() is None


def ink_rows(lines, folder):
    """Which rows of the printed lines hold ink."""
    printer = EmulatedPrinter(folder)
    printer.feed(encode([*lines, Cut()], load_model("epson-tm-t20")))
    with Image.open(printer.pictures[0]) as picture:
        ink = ImageChops.invert(picture.convert("1"))
    return [row for row in range(ink.height) if ink.crop((0, row, ink.width, row + 1)).getbbox()]


def test_lines_stand_one_line_height_apart(tmp_path):
    rows = ink_rows([Text("xx"), Text("xx"), Feed(7), Text("xx")], tmp_path)
    tops = [row for row in rows if row - 1 not in rows]
    assert tops[1] - tops[0] == 33
    assert tops[2] - tops[1] == 40


@pytest.mark.parametrize("native", [True, False])
def test_a_qr_has_its_quiet_zone(tmp_path, paper, native):
    model = msgspec.structs.replace(load_model("epson-tm-t20"), native_qr=native)
    printer = EmulatedPrinter(tmp_path)
    printer.feed(encode([Rule(), QrCode(paper.url), Rule(), Cut()], model))
    with Image.open(printer.pictures[0]) as picture:
        ink = ImageChops.invert(picture.convert("1"))
    rows = [row for row in range(ink.height) if ink.crop((0, row, ink.width, row + 1)).getbbox()]
    gaps = [lower - upper - 1 for upper, lower in pairwise(rows) if lower - upper > 1]
    assert gaps == [gap for gap in gaps if gap >= 24]
    assert len(gaps) == 2


def test_paper_without_cutter_is_fed_to_the_edge():
    model = load_model("generic-58mm")
    data = encode([Text("Ẳ"), Cut()], model)
    assert b"\x1dV" not in data
    assert data[-3:-1] == b"\x1bJ"
    assert data[-1] >= model.tear_dots


def test_importing_leaves_no_folder_and_no_log_handler(tmp_path):
    code = "import logging, printers.escpos; assert not logging.root.handlers; import os; print(sorted(os.environ))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"TMPDIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "ESCPOS" not in run.stdout
    assert list(tmp_path.iterdir()) == []
