"""Letters keep all their ink, fit the paper, and stay on their line."""

import itertools

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw

from printers.layout import Size
from printers.raster import draw_banner, draw_fact, draw_number, draw_qr, draw_rule, draw_text

WIDTHS = [384, 576]
NAMES = [
    "Đăng ký khai sinh",
    "ĐĂNG KÝ HOẠT ĐỘNG CỦA CHI NHÁNH, VĂN PHÒNG ĐẠI DIỆN, ĐỊA ĐIỂM KINH DOANH ẲẴẪỖỄỮỢỆỘ",
    "Cấp Giấy chứng nhận đủ điều kiện kinh doanh dịch vụ thẩm định giá, điều chỉnh và cấp lại cho doanh nghiệp",
    "Thủ tục hưởng trợ cấp thất nghiệp đối với người lao động chấm dứt hợp đồng lao động trước thời hạn",
    "Xác nhận thông tin hộ tịch; cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh",
    "W" * 200,
    "Ẳ" * 90,
]
TALLEST = "ẲẴẪẨỖỔỄỂỮỬỠỞgjpqyẬỘỆỰỴ"


def ink(image):
    """How many dots are ink."""
    return image.convert("L").histogram()[255]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("bold", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_any_name_fits_the_paper(width, size, bold, name):
    bands = draw_text(name, size, bold=bold, align="center", width=width)
    assert all(band.image.width <= width and band.image.width % 8 == 0 for band in bands)


@pytest.mark.parametrize("width", WIDTHS)
def test_wrapping_loses_and_doubles_no_letter(width):
    name = NAMES[2]
    wrapped = draw_text(name, Size.NORMAL, bold=False, align="center", width=width)
    words = [draw_text(word, Size.NORMAL, bold=False, align="center", width=width)[0] for word in name.split()]
    assert len(wrapped) > 1
    assert sum(ink(band.image) for band in wrapped) == sum(ink(word.image) for word in words)


@pytest.mark.parametrize("letter", list(TALLEST))
@pytest.mark.parametrize("bold", [True, False])
def test_no_letter_is_clipped(letter, bold):
    alone = draw_text(letter, Size.LARGE, bold=bold, align="center", width=576)[0].image
    among = draw_text(f"xx{letter}xx", Size.LARGE, bold=bold, align="center", width=576)[0].image
    rest = draw_text("xx", Size.LARGE, bold=bold, align="center", width=576)[0].image
    assert abs(ink(among) - 2 * ink(rest) - ink(alone)) <= 2
    assert alone.getbbox()[1] == 0
    assert alone.getbbox()[3] == alone.height


def test_a_stacked_accent_is_as_tall_as_the_font_draws_it():
    from printers.raster import _font

    reference = Image.new("L", (300, 300))
    ImageDraw.Draw(reference).text((100, 150), "Ẳ", fill=255, font=_font(32, True), anchor="ls")
    box = reference.point(lambda grey: 255 * (grey >= 112)).getbbox()
    drawn = draw_text("Ẳ", Size.LARGE, bold=True, align="center", width=576)[0].image
    assert drawn.height == box[3] - box[1]


def test_letters_with_and_without_accents_stand_on_one_line():
    plain = draw_text("ma", Size.SMALL, bold=False, align="center", width=576)[0]
    for word in ("mã", "mẵ", "dẫn", "lỡ"):
        accented = draw_text(word, Size.SMALL, bold=False, align="center", width=576)[0]
        assert accented.below == plain.below


def test_lines_do_not_touch_each_other():
    bands = draw_text(f"{TALLEST} {TALLEST} {TALLEST}", Size.NORMAL, bold=True, align="center", width=384)
    assert len(bands) > 1
    assert all(upper.below + lower.above >= 1 for upper, lower in itertools.pairwise(bands))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_fact_breaks_before_its_value(width):
    label, value = "Thời gian chờ dự kiến của quý khách:", "10–15\N{NO-BREAK SPACE}phút"
    bands = draw_fact(label, value, Size.NORMAL, width=width)
    assert len(bands) == (1 if width == 576 else 3)
    alone = draw_text(value, Size.NORMAL, bold=True, align="center", width=width)[0]
    if width == 384:
        assert ImageChops.difference(bands[-1].image, alone.image).getbbox() is None


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("number", ["A001", "A999", "015", "1"])
def test_the_number_is_at_least_12_mm_high(width, number):
    band = draw_number(number, width=width)
    assert band.image.height * band.down >= 96
    assert band.image.width * band.across <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_number_still_fits(width):
    band = draw_number("WWW123456789", width=width)
    assert band.image.width * band.across <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_banners_and_rules_fit(width):
    for band in [*draw_banner("ƯU TIÊN: Người khuyết tật nặng, đặc biệt nặng", width=width), draw_rule(width)]:
        assert band.image.width * band.across <= width
        assert ink(band.image)


@pytest.mark.parametrize("length", [10, 40, 54, 80, 120, 200])
def test_a_qr_of_any_length_fits_the_narrow_paper_and_is_read(length):
    url = "https://" + "a" * (length - 8)
    band = draw_qr(url)
    assert band.image.width * band.across + 40 <= 384
    sheet = Image.new("L", (384, 384), 255)
    code = ImageChops.invert(band.image.convert("L").resize((band.image.width * 2, band.image.height * 2)))
    sheet.paste(code, (60, 40))
    assert [found.text for found in zxingcpp.read_barcodes(sheet)] == [url]
