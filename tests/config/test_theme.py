"""The colours of the screens are readable and their sizes follow the window."""

import pytest

from config import theme


@pytest.mark.parametrize("palette", [theme.NORMAL, theme.HIGH_CONTRAST], ids=["normal", "high"])
@pytest.mark.parametrize(("text", "ground"), theme.READABLE)
def test_every_text_stands_out_seven_to_one(text: str, ground: str, palette: dict[str, theme.Colour]) -> None:
    assert theme.contrast(palette[text], palette[ground]) >= 7


def test_both_themes_have_the_same_colours() -> None:
    everything = {name for name, value in vars(theme).items() if isinstance(value, tuple) and len(value) == 4}
    assert set(theme.NORMAL) == set(theme.HIGH_CONTRAST) == everything


def test_an_edge_can_be_seen_in_high_contrast() -> None:
    high = theme.HIGH_CONTRAST
    for ground in ("GROUND", "SURFACE", "ACCENT", "PRESSED", "WARNING"):
        assert theme.contrast(high["DEEP"], high[ground]) >= 7


def test_contrast_is_the_one_of_wcag() -> None:
    assert theme.contrast(theme.colour("#000000"), theme.colour("#ffffff")) == pytest.approx(21)
    assert theme.contrast(theme.colour("#767676"), theme.colour("#ffffff")) == pytest.approx(4.54, abs=0.01)


def test_a_window_upright_and_lying_have_the_same_unit() -> None:
    assert theme.unit(1080, 1920) == theme.unit(1920, 1080) == 1
    assert theme.unit(3840, 2160) == 2


def test_everything_to_touch_is_twenty_millimetres_wide_on_a_screen_of_21_inches() -> None:
    width_millimetres = 21 * 25.4 * 9 / (9**2 + 16**2) ** 0.5
    assert theme.TOUCH * width_millimetres / theme.REFERENCE_PIXELS >= 20
