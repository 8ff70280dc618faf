"""Vietnamese in the printer's own letters, for models that have the TCVN-3 pages."""

import msgspec
import pytest

import printers.escpos  # noqa: F401 - imports python-escpos without its litter

from escpos.capabilities import CAPABILITIES  # isort: skip
from printers.device import EmulatedPrinter, features_of
from printers.layout import Text, lay_out
from printers.models import load_model
from printers.preview import sample_of
from printers.printout import encode
from printers.tcvn import in_pages, letter_of, page_letters

SMALL = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
TCVN = msgspec.structs.replace(load_model("epson-tm-t20"), text="tcvn")


def test_both_pages_hold_all_vietnamese_letters():
    assert set(page_letters(False)) == set(SMALL)
    assert set(page_letters(True)) == set(SMALL.upper())


@pytest.mark.parametrize(("upper", "name"), [(False, "TCVN-3-1"), (True, "TCVN-3-2")])
def test_the_pages_are_those_of_python_escpos(upper, name):
    theirs = "".join(CAPABILITIES["encodings"][name]["data"]).replace("Ð", "Đ")
    ours = "".join(letter_of(byte, upper=upper) or " " for byte in range(0x80, 0x100))
    assert ours == theirs


def test_a_text_changes_pages_only_where_it_must():
    assert list(in_pages("Ăn ở")) == [(True, b"\xa1"), (None, b"n "), (False, b"\xeb")]
    with pytest.raises(ValueError, match="TCVN"):
        list(in_pages("漢"))


def test_a_ticket_in_letters_is_a_quarter_as_long(paper):
    assert len(encode(lay_out(paper), TCVN)) < len(encode(lay_out(paper), load_model("epson-tm-t20"))) / 3


def test_a_letter_that_the_printer_lacks_makes_its_line_a_picture(paper):
    printed = encode([Text("漢字")], TCVN)
    assert b"\x1dv0" in printed
    assert b"\x1dv0" not in encode([Text("Hộ tịch")], TCVN)


@pytest.mark.parametrize("kind", ["ticket", "priority", "procedure", "test"])
def test_a_paper_in_letters_comes_out_with_its_code(tmp_path, read_qr, kind):
    paper = sample_of(kind, "vi")
    printer = EmulatedPrinter(tmp_path, TCVN.width_dots, features_of(TCVN))
    printer.feed(encode(lay_out(paper), TCVN))
    assert read_qr(printer.pictures[0]) == [paper.url]
    assert printer.take_answers() == b""
