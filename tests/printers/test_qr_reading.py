"""The code on the paper is read by a phone: small, large, blurred, askew, and with a dead dot of the print head."""

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from printers.device import EmulatedPrinter, features_of
from printers.layout import lay_out
from printers.models import load_model, model_names
from printers.printout import encode


def _scaled(factor):
    return lambda picture: picture.resize(
        (round(picture.width * factor), round(picture.height * factor)), Image.Resampling.BILINEAR
    )


def _dead_dot(picture):
    worn = picture.copy()
    ImageDraw.Draw(worn).rectangle((picture.width // 2 + 20, 0, picture.width // 2 + 21, picture.height), fill=255)
    return worn


SEEN = {
    "as it is": lambda picture: picture,
    "half size": _scaled(0.5),
    "a third of its size": _scaled(0.35),
    "large": _scaled(2.3),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(2)),
    "small and blurred": lambda picture: _scaled(0.5)(picture).filter(ImageFilter.GaussianBlur(1)),
    "askew": lambda picture: picture.rotate(7, expand=True, fillcolor=255),
    "pale": lambda picture: picture.point(lambda grey: 150 + grey // 4),
    "with a dead dot": _dead_dot,
}


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("model_name", model_names())
def test_the_code_is_read(paper, tmp_path, model_name, seen):
    model = load_model(model_name)
    printer = EmulatedPrinter(tmp_path, model.width_dots, features_of(model))
    printer.feed(encode(lay_out(paper), model))
    printer.deliver()
    with Image.open(printer.pictures[0]) as picture:
        found = zxingcpp.read_barcodes(SEEN[seen](picture.convert("L")))
    assert [one.text for one in found] == [paper.url]
