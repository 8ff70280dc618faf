"""The colours of the screens are readable and their sizes follow the window."""

import pytest

from config import theme


@pytest.mark.parametrize(("text", "ground"), theme.READABLE)
def test_every_text_stands_out_seven_to_one(text: theme.Colour, ground: theme.Colour) -> None:
    assert theme.contrast(text, ground) >= 7


def test_contrast_is_the_one_of_wcag() -> None:
    assert theme.contrast(theme.colour("#000000"), theme.colour("#ffffff")) == pytest.approx(21)
    assert theme.contrast(theme.colour("#767676"), theme.colour("#ffffff")) == pytest.approx(4.54, abs=0.01)


def test_a_window_upright_and_lying_have_the_same_unit() -> None:
    assert theme.unit(1080, 1920) == theme.unit(1920, 1080) == 1
    assert theme.unit(3840, 2160) == 2


def test_everything_to_touch_is_twenty_millimetres_wide_on_a_screen_of_21_inches() -> None:
    width_millimetres = 21 * 25.4 * 9 / (9**2 + 16**2) ** 0.5
    assert theme.TOUCH * width_millimetres / theme.REFERENCE_PIXELS >= 20
