"""What a hall file says in minutes is reckoned with in seconds, for each class, service, counter and person."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from config import settings as st
from queue_server.domain.line import Kind
from queue_server.domain.rules import ORDINARY, Reach, Rules, rules_of
from tests.queue_server.factories import hall_file, with_operator, with_service

OWN = {"1": ["land"]}


def helping(file: st.HallFile) -> st.HallFile:
    """The hall whose counter 1 takes civil records too, eight minutes behind."""
    first, *others = file.counters
    return replace(file, counters=[replace(first, helps={"civil": 8}), *others])


def rules_with(**calling: object) -> Rules:
    return rules_of(hall_file(calling=st.Calling(**calling)))  # type: ignore[arg-type]


def test_head_starts_of_class_service_and_return_add_up() -> None:
    rules = rules_with(quick_minutes=4, returned_minutes=7)
    assert rules.advantage("land", ORDINARY) == 0
    assert rules.advantage("land", "elderly") == 15 * 60
    assert rules.advantage("results", ORDINARY) == 4 * 60
    assert rules.advantage("results", "elderly", "returned") == (15 + 4 + 7) * 60
    assert rules.advantage("land", ORDINARY, "appointment") == 0


@pytest.mark.parametrize(("minutes", "seconds"), [(5, 300), (6, 0)])
def test_a_service_is_quick_up_to_the_minutes_of_the_hall_file(minutes: int, seconds: int) -> None:
    rules = rules_of(with_service(hall_file(), "land", minutes=minutes))
    assert rules.advantage("land", ORDINARY) == seconds


@pytest.mark.parametrize(
    ("class_id", "kind", "minutes"),
    [
        (ORDINARY, "walk_in", 60),
        (ORDINARY, "returned", 20),
        (ORDINARY, "appointment", 15),
        ("elderly", "walk_in", 10),
        ("elderly", "returned", 10),
        ("elderly", "appointment", 10),
    ],
)
def test_who_comes_back_or_has_an_appointment_waits_no_longer_than_others_of_his_class(
    class_id: str, kind: Kind, minutes: int
) -> None:
    assert rules_with().limit_of(class_id, kind) == minutes * 60
    assert rules_with(limits=False).limit_of(class_id, kind) is None


def test_a_class_without_a_limit_has_none_whatever_the_hall_says() -> None:
    file = hall_file()
    classes = [replace(one, limit_minutes=None) if one.id == ORDINARY else one for one in file.classes]
    rules = rules_of(replace(file, classes=classes))
    assert (rules.limit_of(ORDINARY, "walk_in"), rules.limit_of("elderly", "walk_in")) == (None, 600)


def test_a_class_is_of_priority_if_it_has_any_head_start() -> None:
    file = hall_file()
    classes = [replace(one, head_start_minutes=1) if one.id == "elderly" else one for one in file.classes]
    rules = rules_of(replace(file, classes=classes))
    assert (rules.is_priority("elderly"), rules.is_priority(ORDINARY), rules.is_priority("gone")) == (
        True,
        False,
        False,
    )


def test_a_counter_reaches_its_services_and_those_it_helps_with_each_by_its_own_bonus() -> None:
    rules = rules_of(with_operator(helping(hall_file(own=OWN)), "01", prefers={"land": 3}))
    reach = rules.reach("1", "01")
    assert reach.services == ("land", "results", "civil")
    assert reach.bonus == {"land": (10 + 3) * 60, "results": 0, "civil": -8 * 60}
    assert rules.reach("1", "02").bonus["land"] == 10 * 60, "what another person prefers counts for nobody else"
    assert rules.reach("1").bonus["land"] == 10 * 60
    assert reach.mine == {"counter:1", "operator:01"}


def test_a_person_with_skills_is_reached_for_nothing_else() -> None:
    rules = rules_of(with_operator(hall_file(), "01", skills=["results"]))
    assert rules.reach("1", "01").services == ("results",)
    assert rules.reach("1", "02").services == ("land", "results")
    assert rules.reach("1", "01", ["land", "civil", "results"]).services == ("results",)
    assert rules.reach("1", "02", ["civil"], "priority").services == ("civil",)


def test_the_rules_hold_what_the_hall_file_says() -> None:
    file = helping(with_service(hall_file(own=OWN), "land", target_minutes=20))
    file = replace(
        file,
        alerts=st.Alerts(wait_minutes=45),
        retention=st.Retention(notes_days=7),
        from_home=st.FromHome(services=["land"]),
        calling=st.Calling(max_recalls=3),
    )
    file = replace(file, rating=replace(file.rating, open_hours=36, criteria=[named("speed"), named("manners")]))
    rules = rules_of(file)
    assert (rules.hall_id, rules.zone) == ("small", ZoneInfo("Asia/Ho_Chi_Minh"))
    assert rules.hours.local_day(dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)) == dt.date(2026, 11, 23)
    assert rules.counters["1"] == Reach("1", ("land", "results"), frozenset({"land"}))
    assert rules.helps == {"1": {"civil": 480}, "2": {}, "3": {}}
    assert rules.service_seconds == {"land": 900, "civil": 480, "results": 240}
    assert rules.target["land"] == 1200
    assert rules.rating_seconds == 36 * 3600
    assert rules.rating_reasons == {"long-wait"}
    assert rules.rating_criteria == {"speed", "manners"}
    assert rules.results == {"received", "must_supplement"}
    assert rules.pause_reasons == {"break"}
    assert (rules.calling, rules.work, rules.alerts) == (file.calling, file.counter_work, file.alerts)
    assert (rules.rating, rules.retention, rules.from_home) == (file.rating, file.retention, file.from_home)


def named(name: str) -> st.NamedTable:
    return st.NamedTable(id=name, name=name, name_en=name)
