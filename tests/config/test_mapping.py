"""A procedure finds its service by its code, else by its agency and field."""

from pathlib import Path

import msgspec
import pytest

from config.loading import load_catalogue, load_hall
from config.mapping import Mapping
from config.settings import ROOT, HallFile, Procedure
from tests.config.halls import small


@pytest.fixture
def mapping() -> Mapping:
    return Mapping(msgspec.convert(small(), HallFile))


def service(mapping: Mapping, code: str, agency: str, field: str) -> str | None:
    found = mapping.service_of(Procedure(code=code, name="x", field=field, agency=agency))
    return found.id if found else None


def test_a_field_of_the_agency_goes_to_its_service(mapping: Mapping) -> None:
    assert service(mapping, "9.000001", "so-tu-phap", "Hộ tịch") == "ho-tich"


def test_a_field_is_found_whatever_its_accents_and_case(mapping: Mapping) -> None:
    assert service(mapping, "9.000001", "so-tai-nguyen-va-moi-truong", "ĐẤT  đai") == "dat-dai"


def test_an_agency_stands_for_the_department_it_became(mapping: Mapping) -> None:
    assert service(mapping, "9.000001", "so-nong-nghiep-va-moi-truong", "Đất đai") == "dat-dai"


def test_a_single_code_goes_before_its_field_with_or_without_a_provinces_tail(mapping: Mapping) -> None:
    assert service(mapping, "1.001193", "so-tu-phap", "Hộ tịch") == "dat-dai"
    assert service(mapping, "1.001193.000.00.00.H14", "so-tu-phap", "Hộ tịch") == "dat-dai"


def test_a_star_takes_every_other_field_of_its_agency_alone(mapping: Mapping) -> None:
    assert service(mapping, "9.000001", "so-tu-phap", "Luật sư") == "ho-tich"
    assert service(mapping, "9.000001", "so-y-te", "Luật sư") is None


def test_without_an_agency_a_field_decides_if_just_one_service_has_it(mapping: Mapping) -> None:
    assert service(mapping, "9.000001", "", "Đất đai") == "dat-dai"
    assert service(mapping, "9.000001", "", "Luật sư") is None


def test_a_procedure_of_no_service_is_told_as_unmapped(mapping: Mapping) -> None:
    procedures = [Procedure(code="1.000001", name="x", agency="thue-tinh"), Procedure(code="1.001193", name="y")]
    assert mapping.services_of(procedures) == {"1.001193": "dat-dai"}
    assert [procedure.code for procedure in mapping.unmapped(procedures)] == ["1.000001"]


@pytest.mark.parametrize("name", ["cao-bang", "quang-nam"])
def test_every_provincial_service_that_bundles_procedures_has_everyday_ones(name: str) -> None:
    hall = load_hall(ROOT / "halls" / f"{name}.toml")
    catalogue = load_catalogue(ROOT / "catalogue" / "everyday.toml")
    reached = set(Mapping(hall).services_of(catalogue.procedures).values())
    assert {each.id for each in hall.services if each.fields} <= reached


def test_a_ward_takes_every_everyday_procedure_of_justice_and_land() -> None:
    hall = load_hall(Path(ROOT / "halls" / "xa.toml"))
    procedures = load_catalogue(ROOT / "catalogue" / "everyday.toml").procedures
    unmapped = {each.field for each in Mapping(hall).unmapped(procedures)}
    assert not unmapped & {"Hộ tịch", "Chứng thực", "Đất đai", "Hoạt động xây dựng", "Người có công"}
