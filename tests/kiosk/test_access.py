"""How things are shown and said is one citizen's matter: it changes at a touch and is forgotten with the visit."""

import pytest

from config import theme
from config.texts import languages
from kiosk.access import (
    Access,
    AccessNow,
    ChangeContrast,
    ChangeTextSize,
    ChooseFocused,
    Listen,
    NextChoice,
    ReachLow,
    Repeat,
    StopListening,
    changed,
    keys,
    switches,
)
from kiosk.touches import Back, Begin, Home, Speak
from kiosk.visit import CHOOSING_SECONDS, Screen

ALL = Access(text_size=2, high_contrast=True, low=True, listening=True)


def now_with(access: Access, screen: Screen = Screen.SERVICE) -> AccessNow:
    """Somebody who changed everything and stands at a screen, at second 10."""
    now = AccessNow()
    now.follow(Screen.IDLE, 0.0)
    now.touch(Begin(), 10.0)
    now.follow(screen, 10.0)
    now.access = access
    return now


def test_text_grows_with_each_touch_and_is_the_usual_one_after_the_largest() -> None:
    access, sizes = Access(), []
    for _ in theme.TEXT_SIZES:
        access = changed(access, ChangeTextSize())
        sizes.append(theme.TEXT_SIZES[access.text_size])
    assert sizes == [*theme.TEXT_SIZES[1:], theme.TEXT_SIZES[0]]


@pytest.mark.parametrize("touch", [ChangeContrast(), ReachLow()])
def test_a_second_touch_takes_a_switch_back(touch: ChangeContrast | ReachLow) -> None:
    once = changed(Access(), touch)
    assert once != Access()
    assert changed(once, touch) == Access()


def test_listening_begins_and_ends() -> None:
    assert changed(Access(), Listen()).listening
    assert not changed(ALL, StopListening()).listening


@pytest.mark.parametrize("touch", [NextChoice(), ChooseFocused(), Repeat()])
def test_the_three_keys_change_nothing_of_it(touch: NextChoice) -> None:
    assert changed(ALL, touch) == ALL


def test_home_forgets_everything() -> None:
    now = now_with(ALL)
    now.touch(Home(), 11.0)
    assert now.follow(Screen.IDLE, 11.0)
    assert now.access == Access()


def test_the_end_of_time_forgets_everything() -> None:
    now = now_with(ALL, Screen.RESULT)
    assert now.follow(Screen.IDLE, 22.0)
    assert now.access == Access()


def test_who_goes_back_to_the_first_screen_is_still_here() -> None:
    now = now_with(ALL)
    now.touch(Back(), 11.0)
    assert not now.follow(Screen.IDLE, 11.0)
    assert now.access == ALL


def test_going_on_keeps_everything() -> None:
    now = now_with(ALL)
    assert not now.follow(Screen.PRIORITY, 12.0)
    assert not now.follow(Screen.RESULT, 13.0)
    assert now.access == ALL


def test_who_walks_away_from_the_first_screen_is_forgotten_after_a_while() -> None:
    now = AccessNow()
    now.follow(Screen.IDLE, 0.0)
    now.touch(ChangeContrast(), 100.0)
    assert not now.follow(Screen.IDLE, 100.0 + CHOOSING_SECONDS - 1)
    now.touch(Speak("en"), 120.0)
    assert not now.follow(Screen.IDLE, 120.0 + CHOOSING_SECONDS - 1)
    assert now.access.high_contrast
    assert now.follow(Screen.IDLE, 120.0 + CHOOSING_SECONDS)
    assert now.access == Access()


def test_who_listens_is_given_twice_as_long() -> None:
    now = AccessNow()
    now.touch(Listen(), 100.0)
    assert not now.follow(Screen.IDLE, 100.0 + 2 * CHOOSING_SECONDS - 1)
    assert now.follow(Screen.IDLE, 100.0 + 2 * CHOOSING_SECONDS)


def test_nothing_is_forgotten_twice() -> None:
    now = AccessNow()
    assert not now.follow(Screen.RESULT, 0.0)
    assert not now.follow(Screen.IDLE, 1.0)
    assert not now.follow(Screen.IDLE, 1000.0)


@pytest.mark.parametrize("language", languages())
def test_each_switch_says_what_touching_it_does(language: str) -> None:
    usual = switches(Access(), language, upright=True)
    other = switches(ALL, language, upright=True)
    assert [type(switch.touch) for switch in usual] == [ChangeTextSize, ChangeContrast, ReachLow, Listen]
    assert [type(switch.touch) for switch in other] == [ChangeTextSize, ChangeContrast, ReachLow, StopListening]
    assert not any(switch.on for switch in usual)
    assert all(switch.on for switch in other)
    assert all(one.name != two.name for one, two in zip(usual, other, strict=True))


def test_a_screen_that_lies_needs_no_lower_reach() -> None:
    assert ReachLow() not in [switch.touch for switch in switches(ALL, "vi", upright=False)]


def test_only_who_listens_is_shown_the_three_keys() -> None:
    assert keys(Access(), "vi") == ()
    assert [key.touch for key in keys(Access(listening=True), "vi")] == [NextChoice(), ChooseFocused(), Repeat()]
