"""What is wrong with the displays, voice and numbers from home of a hall file."""

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.checking import check_hall
from config.faults import Faults
from config.loading import load_hall
from config.notes import SPOKEN, notes
from config.settings import HallFile
from tests.config.halls import SHIPPED, small
from voice.wording import shipped_languages


def told(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    faults = Faults(Path("thu.toml"))
    check_hall(document, faults)
    return [(fault.key, fault.value, fault.hint) for fault in faults.found]


def with_displays(*displays: dict[str, object], **more: object) -> dict[str, Any]:
    return small() | {"displays": list(displays)} | more


def test_displays_of_what_the_hall_has_are_no_fault() -> None:
    listed = {"id": "anh", "items": [{"file": "a.png", "spans": ["07:00-11:30"]}]}
    found = told(
        with_displays(
            {"id": "wall", "services": ["ho-tich"], "playlist": "anh", "speaks": True},
            {"id": "sign", "kind": "counter", "counter": "1"},
            playlists=[listed],
            from_home={"services": ["ho-tich"]},
        )
    )
    assert found == []


def test_a_display_of_what_the_hall_has_not_is_a_fault_with_the_nearest_name() -> None:
    display = {"id": "wall", "services": ["ho-tic"], "counter": "11", "playlist": "an"}
    found = told(with_displays(display, playlists=[{"id": "anh", "items": [{"file": "a.png"}]}]))
    assert found == [
        ("displays[wall].services[1]", '"ho-tic"', "ho-tich"),
        ("displays[wall].counter", '"11"', "1"),
        ("displays[wall].playlist", '"an"', "anh"),
    ]


def test_a_counters_sign_needs_its_counter() -> None:
    [fault] = told(with_displays({"id": "sign", "kind": "counter"}))
    assert fault[0] == "displays[sign].counter"


def test_names_that_stand_twice_are_faults() -> None:
    playlist = {"id": "anh", "items": [{"file": "a.png"}]}
    criterion = {"id": "x", "name": "x", "name_en": "x"}
    document = with_displays({"id": "wall"}, {"id": "wall"}, playlists=[playlist, playlist])
    document["rating"] = {"criteria": [criterion, criterion]}
    assert [key for key, *_ in told(document)] == ["displays[wall].id", "playlists[anh].id", "rating.criteria[x].id"]


def test_spans_that_end_before_they_begin_are_faults() -> None:
    items = [{"file": "a.png", "spans": ["11:00-07:00"]}]
    document = small() | {"voice": {"levels": [{"span": "12:00-08:00", "percent": 50}]}}
    document |= {"playlists": [{"id": "anh", "items": items}]}
    assert [key for key, *_ in told(document)] == ["voice.levels[1].span", "playlists[anh].items[1].spans[1]"]


def test_numbers_from_home_for_a_service_that_the_hall_has_not_are_a_fault() -> None:
    [fault] = told(small() | {"from_home": {"services": ["ho-tic"]}})
    assert fault == ("from_home.services[1]", '"ho-tic"', "ho-tich")


def test_a_service_that_asks_who_comes_gives_no_places_from_home() -> None:
    document = small() | {"from_home": {"services": ["ho-tich"]}}
    document["services"][0]["asks_person"] = True
    [fault] = told(document)
    assert fault[0] == "from_home.services[1]"


@pytest.mark.parametrize("name", ["../../etc/passwd", ".hidden", "a/b.png", "C:\\x.png"])
def test_media_lie_in_the_media_folder_and_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(small() | {"playlists": [{"id": "anh", "items": [{"file": name}]}]}, HallFile)


def test_two_loudspeakers_of_one_service_are_noted_and_a_hall_without_any_too() -> None:
    def noted(*displays: dict[str, object]) -> list[str]:
        hall = msgspec.convert(with_displays(*displays), HallFile)
        return [note for note in notes(hall, "en", dt.date(2027, 1, 1)) if "loudspeaker" in note]

    assert noted({"id": "a", "speaks": True}) == []
    [two] = noted({"id": "a", "speaks": True}, {"id": "b", "speaks": True, "services": ["ho-tich"]})
    assert "a, b" in two
    [none] = noted({"id": "a"})
    assert "speaks" in none


def test_letters_are_read_by_their_capitals() -> None:
    document = small() | {"voice": {"letters": {"G": "gờ", "g": "gờ", "Đ": "đê", "NG": "x"}}}
    assert [key for key, *_ in told(document)] == ["voice.letters.g", "voice.letters.Đ", "voice.letters.NG"]


def counters_named(*names: str) -> list[dict[str, object]]:
    counters: list[dict[str, object]] = small()["counters"]
    return [{**counters[0], "id": str(at), "name": name} for at, name in enumerate(names)]


@pytest.mark.parametrize(
    ("names", "noted"),
    [
        (["Quầy tiếp dân", "quầy Tiếp Đàn"], "'Quầy tiếp dân', 'quầy Tiếp Đàn'"),
        (["窗口", "柜台"], "'窗口', '柜台'"),
        (["Quầy 1", "Quầy 2"], ""),
        (["Hướng dẫn", "Hướng dẫn"], ""),
    ],
)
def test_counters_that_the_voice_can_not_tell_apart_are_noted(names: list[str], noted: str) -> None:
    hall = msgspec.convert(small() | {"counters": counters_named(*names)}, HallFile)
    found = [note for note in notes(hall, "en", dt.date(2027, 1, 1)) if "loudspeaker" in note]
    assert len(found) == bool(noted)
    assert all(noted in note for note in found)


def test_languages_that_only_recordings_say_are_noted() -> None:
    assert set(SPOKEN) == set(shipped_languages())
    hall = msgspec.convert(small() | {"voice": {"languages": ["vi", "tay", "en"]}}, HallFile)
    [note] = [note for note in notes(hall, "en", dt.date(2027, 1, 1)) if "voice.languages" in note]
    assert "voice/tay/phrases.toml" in note


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_halls_have_one_loudspeaker_and_the_criteria_of_the_form(path: Path) -> None:
    hall = load_hall(path)
    assert sum(display.speaks for display in hall.displays) == 1
    assert [criterion.id for criterion in hall.rating.criteria] == [
        "attitude",
        "guidance",
        "time",
        "facilities",
        "result",
    ]
