"""The screens on which a service is found: all of them fit, and every name of the catalogue fits into its box."""

from collections.abc import Iterator
from itertools import islice

import pytest

from kiosk.access import Access, AccessTouch, ChangeContrast, ChangeTextSize, ReachLow
from kiosk.screens.fitting import top_of_touches
from kiosk.stages import Screen
from kiosk.touches import (
    Begin,
    ChooseClass,
    ChooseProcedure,
    ChoosePurpose,
    EraseLetter,
    Home,
    Search,
    SwitchTelex,
    TakeNumber,
    TypeLetter,
)
from protocol.views import ProcedureInfo
from tests.kiosk.real_halls import everyday, shipped
from tests.screens.driver import LYING, UPRIGHT, Driver, walk
from tests.screens.kiosk import SMALL, SMALL_LYING, Kiosk
from tests.screens.scenes import BIRTH, CIVIL, every_scene, finding, full

pytestmark = pytest.mark.window

NAME = "cao-bang"
BOTH = pytest.mark.parametrize(
    "size", [SMALL, pytest.param(SMALL_LYING, marks=pytest.mark.long)], ids=["upright", "lying"]
)
PSEUDO = "Thủ tục " + "chuyển nhượng quyền sử dụng đất, tài sản gắn liền với đất ở vùng sâu, vùng xa, " * 5


def kiosk_of(driver: Driver, size: tuple[int, int], procedures: tuple[ProcedureInfo, ...] | None = None) -> Kiosk:
    return Kiosk(driver, size, full(shipped(NAME)), everyday(NAME) if procedures is None else procedures)


@pytest.mark.parametrize(
    ("language", "size"),
    [
        ("vi", SMALL),
        pytest.param("vi", SMALL_LYING, marks=pytest.mark.long),
        pytest.param("en", SMALL, marks=pytest.mark.long),
        pytest.param("en", SMALL_LYING, marks=pytest.mark.long),
        pytest.param("vi", UPRIGHT, marks=pytest.mark.long),
        pytest.param("vi", LYING, marks=pytest.mark.long),
    ],
    ids=["vi-upright", "vi-lying", "en-upright", "en-lying", "vi-upright-large", "vi-lying-large"],
)
def test_every_screen_fits_and_can_be_touched(driver: Driver, size: tuple[int, int], language: str) -> None:
    kiosk = kiosk_of(driver, size)
    assert [f"{name}: {fault}" for name in every_scene(kiosk, language) for fault in kiosk.faults()] == []


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", [SMALL, SMALL_LYING], ids=["upright", "lying"])
@pytest.mark.parametrize(
    "wishes",
    [(ChangeTextSize(),), (ChangeTextSize(), ChangeTextSize(), ChangeContrast()), (ReachLow(),)],
    ids=["larger", "largest-in-contrast", "low"],
)
def test_every_screen_fits_as_the_citizen_wishes_it(
    driver: Driver, size: tuple[int, int], wishes: tuple[AccessTouch, ...]
) -> None:
    kiosk, faults = kiosk_of(driver, size), []
    for name in every_scene(kiosk, "vi"):
        if kiosk.app.access == Access():
            kiosk.wish(*wishes)
        faults += [f"{name}: {fault}" for fault in kiosk.faults()]
    assert faults == []


@pytest.mark.long
def test_the_way_to_a_service_fits_also_where_the_window_lies(driver: Driver) -> None:
    kiosk = kiosk_of(driver, SMALL_LYING)
    scenes = islice(finding(kiosk, "vi"), 8)
    assert [f"{name}: {fault}" for name in scenes for fault in kiosk.faults()] == []


# ---- every name ----


def pages_of_services(kiosk: Kiosk) -> Iterator[str]:
    """All pages of procedures of all services."""
    for service in kiosk.flow.hall.services():
        kiosk.flow.visit.service_id, kiosk.flow.visit.page = service.service_id, 0
        for page in range(kiosk.flow.pages() if kiosk.flow.choices() else 0):
            kiosk.flow.visit.page = page
            kiosk.redraw()
            yield f"{service.service_id}-{page}"


def procedures_shown(kiosk: Kiosk, procedures: tuple[ProcedureInfo, ...]) -> Iterator[str]:
    """The pages of procedures, one after the other."""
    for procedure in procedures:
        kiosk.flow.visit.procedure_code = procedure.code
        kiosk.redraw()
        yield procedure.code


@pytest.mark.parametrize(
    ("size", "shortest"),
    [
        (SMALL, 180),
        pytest.param(SMALL, 0, marks=pytest.mark.long),
        pytest.param(SMALL_LYING, 0, marks=pytest.mark.long),
    ],
    ids=["upright-long-names", "upright", "lying"],
)
def test_every_name_fits_its_tile(driver: Driver, size: tuple[int, int], shortest: int) -> None:
    named = tuple(found for found in everyday(NAME) if len(found.name) >= shortest)
    kiosk = kiosk_of(driver, size, named).connect().go(Begin(), ChoosePurpose("nop-ho-so"))
    kiosk.flow.visit.screen, kiosk.flow.visit.service_id = Screen.PROCEDURES, CIVIL
    assert [f"{page}: {fault}" for page in pages_of_services(kiosk) for fault in kiosk.faults()] == []


def longest(count: int) -> tuple[ProcedureInfo, ...]:
    """The procedures with the longest names and papers."""
    by_name = sorted(everyday(NAME), key=lambda found: -len(found.name))[:count]
    by_papers = sorted(everyday(NAME), key=lambda found: -sum(map(len, found.papers)))[:count]
    return (*by_name, *by_papers)


@BOTH
def test_the_longest_names_and_papers_fit_their_page(driver: Driver, size: tuple[int, int]) -> None:
    kiosk = kiosk_of(driver, size).connect().go(Search()).type("khai sinh").go(ChooseProcedure(BIRTH))
    assert [f"{code}: {fault}" for code in procedures_shown(kiosk, longest(3)) for fault in kiosk.faults()] == []


@pytest.mark.long
@pytest.mark.parametrize("size", [SMALL, SMALL_LYING], ids=["upright", "lying"])
def test_every_procedure_fits_its_page(driver: Driver, size: tuple[int, int]) -> None:
    kiosk = kiosk_of(driver, size).connect().go(Search()).type("khai sinh").go(ChooseProcedure(BIRTH))
    assert [f"{code}: {fault}" for code in procedures_shown(kiosk, everyday(NAME)) for fault in kiosk.faults()] == []


@BOTH
def test_hits_of_four_hundred_letters_fit(driver: Driver, size: tuple[int, int]) -> None:
    odd = tuple(ProcedureInfo(f"1.{at:06}", PSEUDO[: 60 + at * 70], "", "a", CIVIL) for at in range(6))
    kiosk = kiosk_of(driver, size, odd).connect().go(Search()).type("chuyen nhuong")
    faults = []
    for page in range(kiosk.flow.pages()):
        kiosk.flow.visit.page = page
        kiosk.redraw()
        faults += kiosk.faults()
    assert faults == []


# ---- within reach ----


@pytest.mark.long
@pytest.mark.timeout(600)
def test_everything_can_be_reached_in_the_lower_half(driver: Driver) -> None:
    kiosk, too_high = kiosk_of(driver, SMALL), []
    for name in every_scene(kiosk, "vi"):
        if kiosk.app.access == Access():
            kiosk.wish(ReachLow())
        if (
            name not in ("helper", "helper-again")
            and top_of_touches(kiosk.app.root.ids.manager.current_screen) > SMALL[1] / 2 + 2
        ):
            too_high.append(name)
    assert too_high == []


def test_fewer_choices_stand_on_a_page_that_is_within_reach(driver: Driver) -> None:
    kiosk = kiosk_of(driver, SMALL).connect().go(Search()).type("khai sinh")
    whole = len(kiosk.flow.on_page())
    kiosk.wish(ReachLow())
    assert len(kiosk.flow.on_page()) == 2 < whole
    kiosk.wish(ReachLow())
    assert len(kiosk.flow.on_page()) == whole


# ---- a finger at the keyboard ----


def test_a_finger_finds_a_procedure_and_takes_a_number_for_it(driver: Driver) -> None:
    kiosk = kiosk_of(driver, SMALL).connect().tap(Search(), *map(TypeLetter, "khai s")).type("inh")
    assert "khai sinh|" in kiosk.texts()
    kiosk.tap(ChooseProcedure(BIRTH), TakeNumber(), ChooseClass("ordinary"))
    [(_, asked)] = kiosk.client.issues()
    assert (asked.service_id, asked.procedure_code) == (CIVIL, BIRTH)
    kiosk.client.answer()
    kiosk.until(Screen.RESULT)


def test_matching_words_are_marked_and_keys_that_find_nothing_are_muted_but_type(driver: Driver) -> None:
    kiosk = kiosk_of(driver, SMALL).connect().go(Search()).type("khai sinh")
    label = next(each for each in walk(kiosk.app.root) if getattr(each, "words", "") == "Thủ tục đăng ký khai sinh")
    assert label.markup
    assert label.text.count("[u]") == 2
    assert "[/u][/b] [b][u]" in label.text.replace("[/color]", "").replace("[color=#0b2f6bff]", "")
    assert kiosk.shown(TypeLetter("q"))[0].key.muted
    assert not kiosk.shown(TypeLetter("c"))[0].key.muted
    kiosk.go(TypeLetter("q"), EraseLetter(), SwitchTelex())
    assert "khai sinh|" in kiosk.texts()
    kiosk.go(Home())
    assert not any("khai sinh" in text for text in kiosk.texts())
