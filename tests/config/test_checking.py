"""What contradicts itself in a hall file is refused at its key, with the reason and the nearest name."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from config.refused_keys import refused_key
from config.settings import HallFile
from config.shapes import fields_of
from tests.config.halls import faults_in, full, small
from tests.config.test_halls_doc import ALL

Document = dict[str, Any]


def put(document: Document, path: str, value: object) -> Document:
    """Set the value at a path such as `services.1.day_quota`."""
    *way, last = path.split(".")
    node: Any = document
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    node[int(last) if isinstance(node, list) else last] = value
    return document


def test_a_hall_with_something_in_every_table_has_no_fault() -> None:
    assert faults_in(full()) == {}


# ---- each value against its type --------------------------------------------


def leaves(node: Any, path: str = "", key: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a document: its path, and its key as faults name it."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, f"{path}.{name}", f"{key}.{name}")
    elif isinstance(node, list) and node:
        for index, value in enumerate(node):
            label = value.get("id", index + 1) if isinstance(value, dict) else index + 1
            yield from leaves(value, f"{path}.{index}", f"{key}[{label}]")
    else:
        yield path.removeprefix("."), key.removeprefix(".")


def test_a_wrong_value_anywhere_is_told_at_its_key_with_what_was_expected() -> None:
    for path, key in leaves(full()):
        wrong = dt.time(7, 30)  # a time of day is right nowhere
        faults = faults_in(put(full(), path, wrong))
        found = [fault for name, fault in faults.items() if fault.value == "07:30:00"]
        assert len(found) == 1, (key, faults)
        assert key.rpartition(".")[2].partition("[")[0] in found[0].key
        assert found[0].expected.startswith("Expected"), found
        assert "pattern" not in found[0].expected, "every form is said in words"


@pytest.mark.parametrize(
    ("path", "value", "key", "said", "hint"),
    [
        ("hours.holidays.0", "01/01/2027", "hours.holidays[1]", "a date such as", ""),
        ("hours.holidays", "2027-01-01", "hours.holidays", "a list", ""),
        ("hours.special.0.date", 2027, "hours.special[1].date", "a date such as", ""),
        ("counters.1.helps", ["dat-dai"], "counters[2].helps", "names and values", ""),
        ("counters.1.helps", {"dat-dai": "15"}, "counters[2].helps.dat-dai", "from 0 to 480", ""),
        ("counters.1.helps", {"dat-dai": 481}, "counters[2].helps.dat-dai", "from 0 to 480", ""),
        ("counters.1.helps", {"Đất đai": 5}, "counters[2].helps.Đất đai", "an id", ""),
        ("counters.1.helps", {"dat-dia": 5}, "counters[2].helps.dat-dia", "No such service", "dat-dai"),
        ("counters.1.helps", {"ho-tich": 5}, "counters[2].helps.ho-tich", "serves it anyway", ""),
        ("operators.1.prefers", {"dat-dia": 5}, "operators[cb02].prefers.dat-dia", "among the skills", "dat-dai"),
        ("operators.1.skills", ["dat-dia", "ho-tich"], "operators[cb02].skills[1]", "No such service", "dat-dai"),
        ("operators.1.counter", "q2", "operators[cb02].counter", "No such counter", "2"),
        ("operators.2.role", "supervisr", "operators[90].role", "one of: operator, supervisor", "supervisor"),
        ("operators.2.role", 1, "operators[90].role", "one of: operator, supervisor", ""),
        ("services.1.quotas.0.count", -1, "services[dat-dai].quotas[1].count", "0 or more", ""),
        ("alerts.service_factor", 1, "alerts.service_factor", "above 1, up to 20", ""),
        ("counter_work.lease_seconds", 9, "counter_work.lease_seconds", "from 10 to 3600", ""),
        ("counter_work.lease_secods", 60, "counter_work.lease_secods", "no such key", "lease_seconds"),
    ],
)
def test_a_fault_names_key_expectation_and_nearest_name(
    path: str, value: object, key: str, said: str, hint: str
) -> None:
    fault = faults_in(put(full(), path, value))[key]
    assert said in fault.expected
    assert fault.hint == hint


def test_a_date_may_be_written_with_or_without_quotes() -> None:
    document = put(full(), "hours.holidays", ["2027-09-02", dt.date(2027, 1, 1)])
    assert faults_in(document) == {}
    document["hours"]["holidays"].append(dt.date(2027, 9, 2))
    assert list(faults_in(document)) == ["hours.holidays[3]"]


# ---- the rule of the line ---------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "key", "said"),
    [
        ("calling.returned_limit_minutes", 61, "calling.returned_limit_minutes", "limit_minutes of ordinary (60)"),
        ("calling.appointment_limit_minutes", 61, "calling.appointment_limit_minutes", "undoes the head start"),
        ("calling.appointment_late_minutes", 46, "calling.appointment_late_minutes", "being late would pay"),
        ("classes.1.limit_minutes", 61, "classes[elderly].limit_minutes", "undoes the head start"),
        ("classes.1.head_start_minutes", 0, "calling.max_priority_run", "no priority calls to limit"),
        ("counter_work.no_show_min_calls", 5, "counter_work.no_show_min_calls", "Must be 4 or less"),
        ("counter_work.results", [], "counter_work.result_required", "no ticket could ever be finished"),
    ],
)
def test_parameters_that_contradict_are_refused_with_the_reason(path: str, value: object, key: str, said: str) -> None:
    faults = faults_in(put(full(), path, value))
    assert list(faults) == [key]
    assert said in faults[key].expected


def test_the_largest_values_that_do_not_contradict_are_taken() -> None:
    document = full()
    document["calling"] |= {"returned_limit_minutes": 60, "appointment_limit_minutes": 60}
    document["calling"] |= {"appointment_minutes": 50, "appointment_late_minutes": 10}
    document["classes"][1]["limit_minutes"] = 60
    assert faults_in(document) == {}


def test_a_default_that_contradicts_is_told_too() -> None:
    document = full()
    document["classes"][0]["limit_minutes"] = 12
    faults = faults_in(document)
    assert set(faults) == {
        "calling.returned_limit_minutes",
        "calling.appointment_limit_minutes",
        "calling.appointment_late_minutes",
    }
    assert faults["calling.returned_limit_minutes"].value == "20"


def test_without_limits_no_limit_contradicts() -> None:
    document = full()
    document["calling"] |= {"limits": False, "returned_limit_minutes": 400, "appointment_late_minutes": 400}
    document["classes"][1]["limit_minutes"] = 400
    assert faults_in(document) == {}


@pytest.mark.parametrize("choices", ["results", "pause_reasons"])
def test_two_choices_may_not_have_the_same_id(choices: str) -> None:
    document = full()
    [choice] = document["counter_work"][choices]
    document["counter_work"][choices].append(choice | {"name": "Khác"})
    assert list(faults_in(document)) == [f"counter_work.{choices}[{choice['id']}].id"]


minutes = st.integers(1, 480)


@given(minutes, minutes, st.integers(0, 60), minutes, minutes)
def test_no_accepted_hall_gives_a_head_start_that_its_limit_takes_back(
    ordinary: int, elderly: int, start: int, returned: int, appointment: int
) -> None:
    document = full()
    document["calling"] = {"returned_limit_minutes": returned, "appointment_limit_minutes": appointment}
    document["calling"]["appointment_late_minutes"] = 0
    document["classes"][0]["limit_minutes"] = ordinary
    document["classes"][1] |= {"limit_minutes": elderly, "head_start_minutes": start}
    document["calling"]["appointment_minutes"] = 0
    sound = max(returned, appointment, elderly if start else 0) <= ordinary
    assert (faults_in(document | {"counter_work": {}}) == {}) is sound


# ---- ratios -----------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", ["ratio", "priority_ratio", "interleave", "one_in", "one_in_three", "ty_le_uu_tien"])
def test_a_ratio_rule_is_refused_with_what_it_costs(name: str, language: str) -> None:
    for path, key in (("calling", "calling"), ("classes.1", "classes[elderly]"), ("services.0", "services[ho-tich]")):
        fault = faults_in(put(full(), f"{path}.{name}", 3), language)[f"{key}.{name}"]
        assert fault.value == "3"
        assert all(fact in fault.expected for fact in ("35 %", "38", "113", "55", "head_start_minutes", "calling.md"))
        assert fault.hint == ""


def test_a_table_of_ratios_is_refused_as_one() -> None:
    document = full() | {"ratio": {"elderly": 1, "ordinary": 3}}
    document["classes"][1]["share"] = 0.25
    document["counters"][0]["alternate"] = True
    faults = faults_in(document)
    assert set(faults) == {"ratio", "classes[elderly].share", "counters[1].alternate"}
    assert all("refused" in fault.expected for fault in faults.values())


def test_no_key_of_a_hall_file_is_taken_for_a_ratio() -> None:
    tables: list[type[Struct]] = [HallFile, *ALL.values()]
    for table in tables:
        assert [name for name in fields_of(table) if refused_key(table, name)] == []
    assert refused_key(HallFile, "duration") is None


# ---- people -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"counter": "1"}, "counter"),
        ({"may_call_any": True}, "may_call_any"),
        ({"skills": ["ho-tich"]}, "skills"),
        ({"prefers": {"ho-tich": 5}}, "prefers"),
    ],
)
def test_an_auditor_does_nothing_at_a_counter(changes: Document, key: str) -> None:
    document = full()
    document["operators"][3] |= changes
    assert list(faults_in(document)) == [f"operators[98].{key}"]


def test_who_can_do_nothing_at_his_own_counter_is_a_fault() -> None:
    document = small()
    document["counters"].append({"id": "2", "name": "Quầy 2", "services": ["ho-tich"]})
    document["operators"].append({"id": "cb02", "name": "Cán bộ 02", "counter": "2", "skills": ["dat-dai"]})
    assert list(faults_in(document)) == ["operators[cb02].counter"]
    document["counters"][1]["helps"] = {"dat-dai": 10}
    assert faults_in(document) == {}


def test_two_operators_may_share_a_counter() -> None:
    document = small()
    document["operators"] += [{"id": each, "name": each, "counter": "1"} for each in ("cb02", "cb03")]
    assert faults_in(document) == {}


def test_an_unknown_counter_of_the_only_operator_is_one_fault_not_one_for_every_service() -> None:
    document = small()
    document["operators"][0]["counter"] = "11"
    assert list(faults_in(document)) == ["operators[cb01].counter"]


SERVICES, COUNTERS = ["ho-tich", "dat-dai"], ["1", "2"]
services = st.lists(st.sampled_from(SERVICES), unique=True)
people = st.fixed_dictionaries(
    {"skills": services, "role": st.sampled_from(["operator", "supervisor", "auditor"])},
    optional={"counter": st.sampled_from(COUNTERS)},
)


@given(st.lists(people, min_size=1, max_size=3), st.sets(st.sampled_from(SERVICES), min_size=1))
def test_a_service_is_refused_just_when_nobody_could_ever_serve_it(staff: list[Document], second: set[str]) -> None:
    document = small()
    document["counters"] = [
        {"id": "1", "name": "1", "services": SERVICES},
        {"id": "2", "name": "2", "services": [*second]},
    ]
    document["operators"] = [{"id": f"cb{i}", "name": "Cán bộ"} | person for i, person in enumerate(staff)]
    offered = {"1": set(SERVICES), "2": second}
    done = {
        service
        for person in staff
        for counter in COUNTERS
        for service in offered[counter]
        if person["role"] != "auditor"
        and person.get("counter", counter) == counter
        and service in (person["skills"] or SERVICES)
    }
    orphans = {f"services[{service}]" for service in SERVICES if service not in done}
    assert {key for key in faults_in(document) if key.startswith("services")} == orphans
