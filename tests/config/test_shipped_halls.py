"""The halls that come with the program have everything that a hall needs on its first day."""

from pathlib import Path

import pytest

from config.loading import load_hall
from config.settings import ROOT, WEEKDAYS
from tests.config.halls import SHIPPED
from tests.running import hall_file_at_free_ports

RESULTS = {
    "received",
    "refused",
    "must_supplement",
    "result_handed_over",
    "fee_collected",
    "sent_by_post",
    "information_given",
}
each_hall = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


@each_hall
def test_a_shipped_hall_has_results_reasons_and_every_role(path: Path) -> None:
    hall = load_hall(path)
    assert {result.id for result in hall.counter_work.results} == RESULTS
    assert len(hall.counter_work.pause_reasons) == 7
    roles = {operator.id: operator.role for operator in hall.operators}
    assert {roles["90"], roles["91"]} == {"supervisor"}
    assert [roles["98"], roles["99"]] == ["auditor", "administrator"]
    assert [each.id for each in hall.operators if each.may_call_any] == ["90", "91"]
    serving = [operator.id for operator in hall.operators if operator.role == "operator"]
    assert serving == [f"{i:02}" for i in range(1, len(serving) + 1)]
    assert len(serving) > len(hall.counters)


@each_hall
def test_a_shipped_hall_proves_priority_at_the_counter_and_asks_nobody_who_he_is(path: Path) -> None:
    hall = load_hall(path)
    priority = [each for each in hall.classes if each.head_start_minutes]
    assert len(priority) == 5
    assert all(each.sign and each.proof and each.proof_en for each in priority)
    assert not [service.id for service in hall.services if service.asks_person]


@each_hall
def test_the_fixed_holidays_of_2027_are_entered(path: Path) -> None:
    holidays = {f"{day:%d/%m}" for day in load_hall(path).hours.holidays if day.year == 2027}
    assert holidays == {"01/01", "30/04", "01/05", "02/09"}


@each_hall
def test_targets_follow_the_length_of_the_service(path: Path) -> None:
    targets = sorted((service.minutes, service.target_minutes) for service in load_hall(path).services)
    assert [target for _, target in targets] == sorted(target for _, target in targets)
    assert {target for _, target in targets} <= {15, 30, 45}


def test_counters_help_in_the_pooled_hall_alone() -> None:
    helping = {path.stem: [each.id for each in load_hall(path).counters if each.helps] for path in SHIPPED}
    assert helping == {"cao-bang": [], "quang-nam": ["9", "10"], "xa": []}


def test_the_example_of_a_quota_holds_when_its_marks_are_taken_away(tmp_path: Path) -> None:
    text = (ROOT / "halls" / "cao-bang.toml").read_text(encoding="utf-8")
    for mark, name in (("../catalogue", str(ROOT / "catalogue")), ("# day_quota", "day_quota"), ("# quotas", "quotas")):
        text = text.replace(mark, name)
    path = tmp_path / "hall.toml"
    path.write_text(text, encoding="utf-8")
    [limited] = [service for service in load_hall(path).services if service.quotas]
    assert (limited.id, limited.day_quota, len(limited.quotas)) == ("dat-dai", 90, 2)


@each_hall
def test_the_copy_that_tests_run_on_is_always_open_and_its_counters_wait_for_nothing(
    path: Path, tmp_path: Path
) -> None:
    real = load_hall(path)
    copy, web_port = hall_file_at_free_ports(
        path, tmp_path, calling={"max_recalls": 2}, hours={"last_number_minutes": 9}
    )
    hall = load_hall(copy)
    assert hall.network.public_url == f"http://127.0.0.1:{web_port}"
    assert all(getattr(hall.hours, day) == ["00:00-24:00"] for day in WEEKDAYS)
    assert [hall.hours.holidays, hall.hours.issue_before_minutes, hall.hours.cut_off] == [[], 0, False]
    work = hall.counter_work
    assert [work.recall_gap_seconds, work.no_show_min_calls, work.no_show_min_seconds] == [0, 1, 0]
    assert [work.results, work.pause_reasons] == [real.counter_work.results, real.counter_work.pause_reasons]
    assert [hall.operators, hall.counters, hall.services] == [real.operators, real.counters, real.services]
    assert [hall.calling.max_recalls, hall.hours.last_number_minutes] == [2, 9]
