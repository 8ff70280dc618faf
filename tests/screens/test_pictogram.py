"""The pictograms: every name has its picture, none is a smudge, and they stand where they belong."""

from typing import Any

import pytest

from config.settings import PICTOGRAMS
from tests.screens.driver import Driver

pytestmark = pytest.mark.window


@pytest.mark.parametrize("name", PICTOGRAMS)
def test_a_picture_of_96_pixels_is_neither_empty_nor_a_blot_and_keeps_a_margin(name: str, driver: Driver) -> None:
    from kiosk.screens.pictogram import picture_of

    picture = picture_of(name, 96)
    inked = sum(picture.histogram()[128:]) / 96**2
    left, top, right, bottom = picture.point(lambda ink: 255 * (ink > 128)).getbbox()
    assert 0.12 < inked < 0.6
    assert min(left, top, 96 - right, 96 - bottom) >= 0
    assert max(right - left, bottom - top) > 72


def test_no_two_pictures_are_nearly_the_same(driver: Driver) -> None:
    from PIL import ImageChops, ImageStat

    from kiosk.screens.pictogram import picture_of
    from kiosk.screens.shapes import SHAPES

    pictures = {name: picture_of(name, 48) for name in SHAPES}
    names = sorted(pictures)
    for at, name in enumerate(names):
        for other in names[at + 1 :]:
            difference = ImageStat.Stat(ImageChops.difference(pictures[name], pictures[other])).mean[0] / 255
            assert difference > 0.05, f"{name} looks like {other}"


def test_a_picture_is_drawn_in_the_middle_of_its_box_in_its_ink(driver: Driver) -> None:
    from kivy.uix.anchorlayout import AnchorLayout

    from kiosk.screens.pictogram import Pictogram

    widget = Pictogram(name="health", ink=(1, 0, 0, 1), size_hint=(None, None), size=(200, 100))
    box: Any = AnchorLayout()
    box.add_widget(widget)
    box.size = (540, 960)
    box.do_layout()
    assert widget._picture.size == (100, 100)
    assert widget._picture.pos == (widget.x + 50, widget.y)
    assert list(widget._colour.rgba) == [1, 0, 0, 1]


@pytest.mark.parametrize("name", ["", "unicorn"])
def test_an_unknown_picture_draws_nothing(driver: Driver, name: str) -> None:
    from kiosk.screens.pictogram import Pictogram

    assert Pictogram(name=name, size=(100, 100))._picture.size == (0, 0)
