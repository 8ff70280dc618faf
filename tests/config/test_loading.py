"""A hall file is loaded whole, or refused with every fault at once."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.loading import Fault, SettingsError, catalogue_path, load_catalogue, load_hall
from tests.config.halls import SHIPPED, full, small, written


def faults_of(path: Path, language: str = "en") -> dict[str, Fault]:
    with pytest.raises(SettingsError) as refusal:
        load_hall(path, language)
    return {fault.key: fault for fault in refusal.value.faults}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_hall_and_its_catalogue_load_clean_and_composed(path: Path) -> None:
    hall = load_hall(path)
    listed = catalogue_path(path, hall)
    assert listed is not None
    assert len(load_catalogue(listed).procedures) >= 150
    for file in (path, listed):
        text = file.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text)


def test_the_three_halls_have_their_real_sizes() -> None:
    halls = {path.stem: load_hall(path) for path in SHIPPED}
    assert [len(halls["cao-bang"].agencies), len(halls["cao-bang"].counters)] == [20, 20]
    assert len(halls["quang-nam"].counters) == 12
    assert len([agency for agency in halls["quang-nam"].agencies if agency.id.startswith("so-")]) == 15
    assert len(halls["xa"].counters) == 10
    assert halls["xa"].hours.saturday == ["07:00-11:30"]


def test_a_file_full_of_faults_tells_them_all_each_with_the_nearest_name(tmp_path: Path) -> None:
    document = small()
    document["hall"]["zone"] = "Asia/Ho_Chi_Min"
    document["hall"]["adress"] = "1 Đường Một"
    document["hours"]["monday"] = ["07:30-11:30", "11:00-17:00", "8-9"]
    document["network"] = {"web_port": 99999, "commands": "tcp://0.0.0.0:5571"}
    document["calling"] = {"own_feild_minutes": 3}
    document["classes"][0] |= {"id": "ordinry"}
    del document["classes"][0]["limit_minutes"]
    document["queues"][0] |= {"prefix": "I", "first": 10, "last": 5}
    document["queues"][1] |= {"prefix": "Đ", "last": 5000}
    document["services"][0] |= {"agency": "so-tu-fap", "minutes": "12"}
    document["services"][1] |= {"queue": "d"}
    document["counters"][0] |= {"services": ["ho-tic"], "own": ["dat-dai"]}
    document["oprators"] = document.pop("operators")
    faults = faults_of(written(tmp_path, document))
    hints = {key: fault.hint for key, fault in faults.items()}
    assert hints == {
        "hall.zone": "Asia/Ho_Chi_Minh",
        "hall.adress": "address",
        "hours.monday[2]": "",
        "hours.monday[3]": "",
        "network.web_port": "",
        "network.events": "",
        "calling.own_feild_minutes": "own_field_minutes",
        "classes": "ordinry",
        "classes[ordinry].limit_minutes": "",
        "queues[a].prefix": "",
        "queues[a].last": "",
        "queues[c].prefix": "",
        "queues[c].last": "",
        "services[ho-tich].agency": "so-tu-phap",
        "services[ho-tich].minutes": "",
        "services[dat-dai].queue": "",
        "counters[1].services[1]": "ho-tich",
        "counters[1].own[1]": "",
        "services[ho-tich]": "",
        "services[dat-dai]": "",
        "oprators": "operators",
        "operators": "",
    }
    assert faults["services[ho-tich].minutes"].value == '"12"'
    assert faults["services[ho-tich].minutes"].expected == "Expected a number above 0, up to 480."


@pytest.mark.parametrize(
    ("place", "change", "key"),
    [
        ("services", {"procedures": ["1.001193"]}, "services[dat-dai].procedures[1.001193]"),
        ("queues", {"prefix": "C"}, "queues[c].prefix"),
        ("queues", {"id": "c"}, "queues[c].id"),
        ("queues", {"prefix": "AD"}, "queues[a].prefix"),
        ("classes", {"limit_minutes": 0}, "classes[ordinary].limit_minutes"),
        ("services", {"minutes": 0}, "services[ho-tich].minutes"),
        ("services", {"minutes": True}, "services[ho-tich].minutes"),
        ("services", {"fields": "Hộ tịch"}, "services[ho-tich].fields"),
        ("counters", {"services": [1]}, "counters[1].services[1]"),
        ("agencies", {"id": "Sở Tư pháp"}, "agencies[Sở Tư pháp].id"),
    ],
)
def test_each_fault_is_told_at_its_key(tmp_path: Path, place: str, change: dict[str, Any], key: str) -> None:
    document = small()
    document[place][0] |= change
    keys = faults_of(written(tmp_path, document))
    assert any(key.partition(".")[0] in found for found in keys), keys


def test_two_services_may_not_take_the_same_field_even_through_an_adopted_agency(tmp_path: Path) -> None:
    document = small()
    document["agencies"].append(document["agencies"][1] | {"id": "so-nong-nghiep", "name": "Sở Nông nghiệp"})
    document["services"].append(document["services"][1] | {"id": "dat-lua", "agency": "so-nong-nghiep"})
    document["services"][2]["procedures"] = []
    document["counters"][0]["services"].append("dat-lua")
    assert list(faults_of(written(tmp_path, document))) == ["services[dat-lua].fields[1]"]


def test_without_limits_a_class_needs_none(tmp_path: Path) -> None:
    document = small()
    del document["classes"][0]["limit_minutes"]
    document["calling"] = {"limits": False}
    assert load_hall(written(tmp_path, document)).classes[0].limit_minutes is None


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "."])
def test_a_catalogue_name_that_no_file_can_have_is_a_fault(tmp_path: Path, name: str) -> None:
    document = small()
    document["hall"]["catalogue"] = name
    assert list(faults_of(written(tmp_path, document))) == ["hall.catalogue"]


def test_a_missing_catalogue_is_a_fault_but_not_for_the_import_that_writes_it(tmp_path: Path) -> None:
    document = small()
    document["hall"]["catalogue"] = "danh-muc.toml"
    path = written(tmp_path, document)
    assert list(faults_of(path)) == ["hall.catalogue"]
    assert load_hall(path, catalogue_needed=False).hall.catalogue == "danh-muc.toml"


def test_a_syntax_error_tells_its_line(tmp_path: Path) -> None:
    path = tmp_path / "hall.toml"
    path.write_text('[hall]\nid = "thu"\nname = Trung tâm\n', encoding="utf-8")
    [fault] = faults_of(path).values()
    assert "line 3" in fault.expected


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"[hall]\nname = '\xe9'", b"a = " + b"[" * 5000, b"", b"hall = 1"]
)
def test_a_file_that_is_no_hall_file_is_refused_politely(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hall.toml"
    path.write_bytes(content)
    assert faults_of(path)


def test_a_missing_file_and_a_folder_are_refused_politely(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "none.toml")
    assert faults_of(tmp_path)


def test_a_byte_order_mark_and_decomposed_letters_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "hall.toml"
    text = unicodedata.normalize("NFD", tomli_w.dumps(small()))
    path.write_text(text, encoding="utf-8-sig")
    assert load_hall(path).services[0].name == "Hộ tịch"


def test_a_catalogue_tells_all_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    entries = [{"code": "1.001193", "name": "Khai sinh"}, {"code": "1.001193", "name": ""}, {"name": "x", "feild": "y"}]
    path.write_text(tomli_w.dumps({"procedures": entries}), encoding="utf-8")
    with pytest.raises(SettingsError) as refusal:
        load_catalogue(path, "en")
    keys = {fault.key: fault.hint for fault in refusal.value.faults}
    assert keys == {
        "procedures[1.001193].name": "",
        "procedures[3].feild": "field",
        "procedures[3].code": "",
        "procedures[1.001193].code": "",
    }


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=True),
    st.text(max_size=20),
    st.datetimes(),
    st.lists(st.one_of(st.integers(-5, 5), st.text(max_size=5), st.dictionaries(st.text(max_size=3), st.none()))),
    st.dictionaries(st.sampled_from(["id", "x", "prefix"]), st.text(max_size=3), max_size=2),
)


def tomlable(value: object) -> object:
    """`value` with what TOML can't hold left out."""
    if isinstance(value, dict):
        return {key: tomlable(member) for key, member in value.items() if member is not None}
    return [tomlable(member) for member in value if member is not None] if isinstance(value, list) else value


def change(node: Any, data: st.DataObject) -> None:
    """Walk down to a random place of the document and spoil it."""
    while True:
        places = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not places:
            return
        place = data.draw(st.sampled_from(places))
        if isinstance(node[place], dict | list) and data.draw(st.booleans()):
            node = node[place]
            continue
        action = data.draw(st.sampled_from(["replace", "remove", "rename"]))
        if action == "replace":
            node[place] = data.draw(values)
        elif action == "remove" or not isinstance(node, dict):
            del node[place]
        else:
            node[data.draw(st.text(max_size=8))] = node.pop(place)
        return


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_spoiled_in_a_hall_file_only_a_settings_error_is_raised(
    tmp_path: Path, data: st.DataObject
) -> None:
    document = data.draw(st.sampled_from([small, full]))()
    for _ in range(data.draw(st.integers(1, 4))):
        change(document, data)
    path = tmp_path / "hall.toml"
    path.write_text(tomli_w.dumps(tomlable(document)), encoding="utf-8")  # type: ignore[arg-type]
    loads_or_refuses(path)


@given(st.integers(0, 3500), st.integers(0, 40), st.text(max_size=10))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_over_a_hall_file_only_a_settings_error_is_raised(
    tmp_path: Path, start: int, length: int, typed: str
) -> None:
    text = tomli_w.dumps(full())
    path = tmp_path / "hall.toml"
    path.write_text(text[:start] + typed + text[start + length :], encoding="utf-8")
    loads_or_refuses(path)


def loads_or_refuses(path: Path) -> None:
    faults = refusal_of(path)
    assert all(fault.expected and fault.line("en") for fault in faults)


def refusal_of(path: Path) -> list[Fault]:
    try:
        load_hall(path)
    except SettingsError as error:
        return error.faults or [Fault(path, "", "", "")]
    return []
