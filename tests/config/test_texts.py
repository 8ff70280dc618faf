"""Texts: a language falls back, a province lays its own beside, and what is missing or wrong is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config import texts
from config.texts import TextsError, faults_in, folder_given, keys, languages, lay_beside, missing, named, text
from tests.config.pseudo import PSEUDO, write_pseudo

BUILT_IN = languages()


@pytest.fixture(autouse=True)
def _nothing_beside() -> Iterator[None]:
    yield
    lay_beside(None)


def laid(folder: Path, **files: str) -> Path:
    """A folder with files, laid beside."""
    for name, content in files.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    lay_beside(folder)
    return folder


@pytest.mark.parametrize("language", BUILT_IN)
def test_a_language_that_comes_with_the_program_lacks_nothing_and_has_no_fault(language: str) -> None:
    assert missing(language) == []
    assert faults_in(Path(texts.__file__).parent / "texts") == []


def test_a_language_beside_is_offered_and_falls_back_text_by_text(tmp_path: Path) -> None:
    laid(tmp_path, tyz='[kiosk]\nlanguage_name = "Tày"\nback = "(back)"\n')
    assert languages() == [*BUILT_IN, "tyz"]
    assert text("kiosk.back", "tyz") == "(back)"
    assert text("kiosk.home", "tyz") == text("kiosk.home")
    assert "kiosk.home" in missing("tyz")
    assert "kiosk.back" not in missing("tyz")


def test_a_province_may_say_single_texts_otherwise(tmp_path: Path) -> None:
    usual = text("kiosk.home")
    laid(tmp_path, vi='[kiosk]\nback = "Trở lại"\n')
    assert text("kiosk.back") == "Trở lại"
    assert text("kiosk.home") == usual
    assert missing("vi") == []


def test_names_of_the_hall_file_have_a_language_too_and_fall_back(tmp_path: Path) -> None:
    laid(tmp_path, tyz='[kiosk]\nlanguage_name = "Tày"\n[names]\n"Hộ tịch" = "(civil)"\n')
    assert named("tyz", "Hộ tịch", "Civil status") == "(civil)"
    assert named("tyz", "Đất đai", "Land") == "Đất đai"
    assert named("en", "Đất đai", "Land") == "Land"
    assert named("vi", "Đất đai", "Land") == "Đất đai"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("tyz", "[kiosk\n", "can't be read"),
        ("tyz", 'kiosk = "no table"', "expected a table"),
        ("tyz", "[kiosk]\nback = 3", "kiosk.back: expected a text"),
        ("tyz", '[kiosk]\nback = " "', "kiosk.back: expected a text"),
        ("tyz", '[kiosk]\nbakc = "x"', "kiosk.bakc: there is no such text"),
        ("tyz", '[kiosk]\npage = "{page}"', "kiosk.page: has the places {page}, expected {page} {pages}"),
        ("tyz", '[kiosk]\npage = "{page}/{pages"', "left open"),
        ("tyz", '[kiosk]\nback = "{oops}"', "kiosk.back: has the places {oops}, expected none"),
        ("Tày", '[kiosk]\nback = "x"', "no code of a language"),
    ],
)
def test_what_is_wrong_in_a_folder_is_named_and_changes_nothing(
    tmp_path: Path, name: str, content: str, fault: str
) -> None:
    with pytest.raises(TextsError) as told:
        laid(tmp_path, **{name: content})
    assert fault in str(told.value)
    assert f"{name}.toml" in str(told.value)
    assert languages() == BUILT_IN


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TextsError, match="no such folder"):
        lay_beside(tmp_path / "missing")


def test_the_option_goes_before_the_environment() -> None:
    assert folder_given(Path("option"), {"MOTCUA_TEXTS": "environment"}) == Path("option")
    assert folder_given(None, {"MOTCUA_TEXTS": "environment"}) == Path("environment")
    assert folder_given(None, {}) is None


def test_the_language_of_the_layout_tests_is_complete_longer_and_without_fault(tmp_path: Path) -> None:
    lay_beside(write_pseudo(tmp_path))
    assert missing(PSEUDO) == []
    longer = [len(text(key, PSEUDO)) / len(text(key)) for key in keys("vi") if len(text(key)) > 10]
    assert sum(longer) / len(longer) > 1.35
