"""What is wrong with the purposes and pictures of a hall file."""

from pathlib import Path
from typing import Any

from config.checking import check_hall
from config.faults import Faults
from config.loading import load_hall
from tests.config.halls import SHIPPED, small


def told(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    faults = Faults(Path("thu.toml"))
    check_hall(document, faults)
    return [(fault.key, fault.value, fault.hint) for fault in faults.found]


def purpose(**keys: object) -> dict[str, object]:
    return {"id": "ket-qua", "name": "Nhận kết quả", "name_en": "Fetch a result", **keys}


def test_a_purpose_of_a_service_that_the_hall_has_is_no_fault() -> None:
    listed = [purpose(services=["ho-tich"], pictogram="result"), purpose(id="nop", pictogram="")]
    assert told(small() | {"purposes": listed}) == []


def test_a_service_that_the_hall_does_not_have_is_a_fault_with_the_nearest_one() -> None:
    [fault] = told(small() | {"purposes": [purpose(services=["ho-tich", "ho-tic"])]})
    assert fault == ("purposes[ket-qua].services[2]", '"ho-tic"', "ho-tich")


def test_a_purpose_that_stands_twice_is_a_fault() -> None:
    [fault] = told(small() | {"purposes": [purpose(), purpose()]})
    assert fault[0].endswith(".id")


def test_a_picture_that_the_kiosk_does_not_have_is_a_fault_with_the_nearest_one() -> None:
    document = small() | {"purposes": [purpose(pictogram="resutl")]}
    document["services"][0]["pictogram"] = "berth"
    assert told(document) == [
        ("purposes[ket-qua].pictogram", '"resutl"', "result"),
        ("services[ho-tich].pictogram", '"berth"', "birth"),
    ]


def test_purposes_of_a_wrong_type_break_nothing() -> None:
    assert told(small() | {"purposes": "none"}) == []


def test_the_shipped_halls_ask_what_one_comes_for_with_a_picture_each() -> None:
    for path in SHIPPED:
        hall = load_hall(path)
        assert hall.purposes
        assert all(found.pictogram for found in hall.purposes)
        assert all(found.pictogram for found in hall.services)
