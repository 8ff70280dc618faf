"""What is wrong with where a hall file lets dossiers be looked up."""

from pathlib import Path
from typing import Any

import pytest

from config.checking.dossiers import check_dossiers, check_dossiers_file
from config.faults import Faults
from config.settings import Dossiers
from tests.config.halls import small


def document(**tables: Any) -> dict[str, Any]:
    return small() | tables


def told(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    faults = Faults(Path("thu.toml"))
    check_dossiers(document, faults)
    return [(fault.key, fault.value, fault.hint) for fault in faults.found]


def purpose(**keys: object) -> dict[str, object]:
    return {"id": "ket-qua", "name": "Nhận kết quả", "name_en": "Fetch a result", **keys}


def test_a_hall_without_dossiers_has_nothing_to_check() -> None:
    assert told(document()) == []
    assert told(document(purposes=[purpose()])) == []


def test_a_service_that_the_hall_does_not_have_is_a_fault_with_the_nearest_one() -> None:
    assert told(document(dossiers={"file": "hoso.csv", "service": "ho-tic"})) == [
        ("dossiers.service", '"ho-tic"', "ho-tich")
    ]
    assert told(document(dossiers={"file": "hoso.csv", "service": "ho-tich"})) == []


def test_a_purpose_that_leads_to_dossiers_needs_some() -> None:
    by_code = [purpose(by_code=True)]
    [(key, value, _)] = told(document(purposes=by_code))
    assert (key, value) == ("purposes[ket-qua].by_code", "true")
    assert told(document(purposes=by_code, dossiers={"file": "hoso.csv"})) == []


def test_values_of_a_wrong_type_are_left_to_the_types() -> None:
    assert told(document(dossiers={"file": 3, "service": 4})) == []
    assert told(document(dossiers="hoso.csv", purposes="none")) == []


@pytest.mark.parametrize("file", ["none.csv", ".", "a\0b", "x" * 300])
def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path, file: str) -> None:
    faults = Faults(tmp_path / "thu.toml")
    check_dossiers_file(tmp_path / "thu.toml", Dossiers(file=file), faults)
    assert [fault.key for fault in faults.found] == ["dossiers.file"]
    assert str(tmp_path) in faults.found[0].expected


def test_a_file_that_is_there_or_not_wanted_is_none(tmp_path: Path) -> None:
    (tmp_path / "hoso.csv").write_text("code,state\n")
    faults = Faults(tmp_path / "thu.toml")
    for file in ("hoso.csv", ""):
        check_dossiers_file(tmp_path / "thu.toml", Dossiers(file=file), faults)
    assert not faults.found
