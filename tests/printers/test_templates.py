"""A hall decides what its papers show: order, sizes, own words, a logo; a bad template is explained."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest
from PIL import Image, ImageChops

from printers.base import PrinterSetupError
from printers.device import EmulatedPrinter
from printers.layout import Banner, Fact, Logo, Number, QrCode, Rule, Size, Text, lay_out
from printers.models import load_model
from printers.printout import encode, pictures_to_keep
from printers.template_file import load_template
from printers.usual_template import DEFAULT_PATH, default_template


def written(tmp_path, words, name="hall.toml"):
    """A template file."""
    path = tmp_path / name
    path.write_text(words, encoding="utf-8")
    return path


def test_lines_come_in_the_order_of_the_template(paper, tmp_path):
    path = written(tmp_path, '[[ticket]]\nline = "number"\n[[ticket]]\nline = "hall"\n[[ticket]]\nline = "qr"\n')
    kinds = [type(line) for line in lay_out(paper, load_template(path))[:-1]]
    assert kinds == [Number, Text, QrCode]


def test_a_line_that_is_switched_off_leaves_no_gap(paper, tmp_path):
    path = written(
        tmp_path, '[[ticket]]\nline = "rule"\nabove_mm = 2\nshow = false\n[[ticket]]\nline = "qr"\nbelow_mm = 1\n'
    )
    assert not any(isinstance(line, Rule) for line in lay_out(paper, load_template(path)))
    assert len(lay_out(paper, load_template(path))) == 3


def test_size_weight_and_place_of_a_line_are_the_halls(paper, tmp_path):
    path = written(tmp_path, '[[ticket]]\nline = "service"\nsize = "large"\nbold = true\nalign = "left"\n')
    [line, _] = lay_out(paper, load_template(path))
    assert line == Text(paper.service_name, Size.LARGE, bold=True, align="left")


def test_own_words_are_said_in_the_citizens_language_or_else_in_vietnamese(paper, tmp_path):
    path = written(
        tmp_path,
        '[[ticket]]\nline = "text"\ntext = { vi = "Đường dây nóng 1022", en = "Hotline 1022" }\n'
        '[[ticket]]\nline = "rules"\ntext = { vi = "Giữ phiếu." }\n',
    )
    template = load_template(path)
    said = [line.text for line in lay_out(paper, template)[:-1]]
    assert said == ["Đường dây nóng 1022", "Giữ phiếu."]
    english = lay_out(msgspec.structs.replace(paper, language="en"), template)
    assert [line.text for line in english[:-1]] == ["Hotline 1022", "Giữ phiếu."]


def test_a_paper_of_which_the_template_says_nothing_looks_as_usual(paper, tmp_path):
    path = written(tmp_path, '[[place]]\nline = "time"\n')
    assert lay_out(paper, load_template(path)) == lay_out(paper)


def test_the_default_can_be_copied_and_changes_nothing(paper, tmp_path):
    path = written(tmp_path, DEFAULT_PATH.read_text(encoding="utf-8"))
    assert load_template(path) == default_template()


def test_a_logo_is_printed_on_white_and_kept_by_a_printer_that_can(paper, tmp_path):
    picture = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (50, 20, 150, 80))
    picture.save(tmp_path / "logo.png")
    path = written(tmp_path, 'logo = "logo.png"\nlogo_width_mm = 20\n[[ticket]]\nline = "logo"\n')
    lines = lay_out(paper, load_template(path))
    [logo] = [line for line in lines if isinstance(line, Logo)]
    assert (logo.width, logo.height) == (160, 80)
    assert logo.grey[0] == 255
    assert logo.grey[160 * 40 + 80] < 128

    model = load_model("epson-tm-t20")
    assert len(pictures_to_keep(lines, model)) == 1
    printer = EmulatedPrinter(tmp_path / "tickets")
    printer.feed(encode(lines, model))
    with Image.open(printer.pictures[0]) as paper_picture:
        ink = ImageChops.invert(paper_picture.convert("L")).getbbox()
    assert (ink[2] - ink[0], ink[3] - ink[1]) == (80, 48)


def test_a_logo_wider_than_the_paper_is_made_to_fit(paper, tmp_path):
    Image.new("L", (2000, 300), 0).save(tmp_path / "logo.png")
    path = written(tmp_path, 'logo = "logo.png"\n[[ticket]]\nline = "logo"\n')
    for name in ("generic-58mm", "generic-80mm"):
        assert encode(lay_out(paper, load_template(path)), load_model(name))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('[[ticket]]\nline = "nummer"\n', ['ticket[1].line = "nummer"', "people_ahead", "“number”"]),
        ('[[ticket]]\nline = "number"\nsize = "big"\n', ['ticket[1].size = "big"', "small, normal, large"]),
        ('[[ticket]]\nline = "hall"\nalgin = "left"\n', ["ticket[1].algin", "“align”"]),
        ('[[ticket]]\nline = "hall"\nabove_mm = 400\n', ["ticket[1].above_mm = 400", "60"]),
        ('[[ticket]]\nline = "text"\n', ["ticket[1].text", "text = { vi"]),
        ('[[ticket]]\nline = "text"\ntext = { vn = "Xin chào" }\n', ["ticket[1].text.vn", "vi, en"]),
        ('[[place]]\nline = "number"\n', ['place[1].line = "number"']),
        ("[ticket]\nline = 3\n", ["ticket"]),
        ('logo = "none.png"\n', ['logo = "none.png"', "none.png", "PNG"]),
        ("logo = [\n", ["TOML"]),
    ],
)
def test_a_bad_template_names_file_key_value_and_what_was_expected(tmp_path, words, said):
    path = written(tmp_path, words)
    with pytest.raises(PrinterSetupError) as caught:
        load_template(path)
    for part in [str(path), *said]:
        assert part in str(caught.value)


def test_all_faults_are_said_at_once(tmp_path):
    path = written(tmp_path, '[[ticket]]\nline = "x"\n[[ticket]]\nline = "hall"\nbold = 3\n')
    with pytest.raises(PrinterSetupError) as caught:
        load_template(path, "en")
    assert len(str(caught.value).splitlines()) == 2


def test_a_picture_that_is_no_png_is_refused(tmp_path):
    (tmp_path / "logo.png").write_text("not a picture")
    with pytest.raises(PrinterSetupError, match="PNG"):
        load_template(written(tmp_path, 'logo = "logo.png"\n'))


def test_a_template_that_is_not_there_is_explained(tmp_path):
    with pytest.raises(PrinterSetupError, match=r"none\.toml"):
        load_template(tmp_path / "none.toml")


# ---- what the new fields of a ticket print ------------------------------------------


def said(paper):
    """All that can be read."""
    return [
        f"{line.label} {line.value}" if isinstance(line, Fact) else line.text
        for line in lay_out(paper)
        if isinstance(line, Text | Banner | Fact)
    ]


def test_a_reprint_says_when_it_was_printed_again(paper):
    at = dt.datetime(2026, 1, 12, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert said(msgspec.structs.replace(paper, reprint_of=at))[0] == "PHIẾU IN LẠI 09:30"


def test_a_ticket_without_the_server_says_that_nothing_is_known_of_waiting(paper):
    found = said(msgspec.structs.replace(paper, offline=True))
    assert any("chưa biết số người chờ" in line for line in found)
    assert not any("người chờ trước" in line or "dự kiến" in line for line in found)


def test_a_note_stands_on_the_ticket(paper):
    assert "Đi cùng người nhà" in said(msgspec.structs.replace(paper, note="Đi cùng  người nhà\n"))
