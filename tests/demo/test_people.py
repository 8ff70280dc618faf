"""Who plays whom, how they behave, and what they do later."""

import threading
from collections import Counter

import pytest
from msgspec.structs import replace

from config.loading import load_hall
from config.settings import HallFile, Operator
from demo.later import Later
from demo.pace import Ending, Pace, Share
from demo.people import cast_of
from protocol.errors import ServerUnreachable
from tests.conftest import ROOT, eventually

HALLS = {name: load_hall(ROOT / "config" / "halls" / f"{name}.toml") for name in ("cao-bang", "quang-nam", "xa")}


@pytest.fixture(params=sorted(HALLS))
def file(request: pytest.FixtureRequest) -> HallFile:
    return HALLS[request.param]


def test_only_operators_sit_at_counters_and_a_supervisor_leads(file: HallFile) -> None:
    cast = cast_of(file)
    assert {person.role for _, person in cast.clerks} == {"operator"}
    assert cast.visitor.role == "operator"
    assert cast.head is not None
    assert cast.visiting_head is not None
    assert {cast.head.role, cast.visiting_head.role} == {"supervisor"}


def test_every_counter_but_the_free_one_is_played_each_by_another_person(file: HallFile) -> None:
    cast = cast_of(file)
    assert sorted(counter.id for counter, _ in cast.clerks) == sorted(
        counter.id for counter in file.counters if counter is not cast.free
    )
    people = [person.id for _, person in cast.clerks]
    assert len(set(people)) == len(people)
    assert cast.visitor.id not in people


def test_whoever_has_a_counter_or_skills_of_his_own_sits_where_they_fit() -> None:
    file = HALLS["xa"]
    last = file.counters[-2]
    skilled = Operator(id="77", name="Cán bộ 77", skills=[file.counters[2].services[0]])
    settled = Operator(id="78", name="Cán bộ 78", counter=last.id)
    cast = cast_of(replace(file, operators=[skilled, settled, *file.operators]))
    at = {person.id: counter for counter, person in cast.clerks}
    assert at["78"] is last
    assert skilled.skills[0] in at["77"].services


def test_without_enough_operators_some_counters_stay_closed() -> None:
    file = HALLS["xa"]
    few = replace(file, operators=[person for person in file.operators if person.id in ("01", "02", "90")])
    cast = cast_of(few)
    assert [person.id for _, person in cast.clerks] == ["01"]
    assert cast.visitor.id == "02"
    assert cast_of(replace(few, operators=few.operators[:2])).head is None


def test_one_seed_plays_one_day_and_another_seed_another(file: HallFile) -> None:
    def day(seed: int) -> list[object]:
        pace = Pace(file, 60, seed)
        return [[pace.wish(), pace.ending(), pace.seconds_to_next_citizen(), pace.score()] for _ in range(50)]

    assert day(1) == day(1)
    assert day(1) != day(2)


def test_played_people_ask_only_for_what_the_hall_has(file: HallFile) -> None:
    pace = Pace(file, 60, 1)
    results = {result.id for result in file.counter_work.results}
    services = {service.id for service in file.services}
    classes = {found.id for found in file.classes}
    for _ in range(300):
        wish = pace.wish()
        done = pace.performed(wish.service_id, sorted(services - {wish.service_id}))
        assert wish.class_id in classes
        assert {one.service_id for one in done} <= services
        assert {one.result_id for one in done} <= results
        assert pace.pause_reason() in {reason.id for reason in file.counter_work.pause_reasons}


def test_most_visits_end_as_they_should_and_a_few_do_not() -> None:
    pace = Pace(HALLS["xa"], 60, 1)
    endings = Counter(pace.ending() for _ in range(2000))
    assert set(endings) == set(Ending)
    assert endings[Ending.FINISH] > 1600
    assert 50 < sum(pace.happens(Share.NO_SHOW) for _ in range(2000)) < 150


@pytest.mark.parametrize("what", ["note", "park", "transfer", "paper", "message", "suspended"])
def test_there_are_words_for_everything_that_is_written(what: str) -> None:
    pace = Pace(HALLS["xa"], 60, 1)
    assert len({pace.words(what) for _ in range(50)}) == 3


def test_later_does_each_thing_at_its_time_and_goes_on_after_a_refusal() -> None:
    done: list[str] = []
    over = threading.Event()

    def fail() -> None:
        done.append("refused")
        raise ServerUnreachable("the test")

    later = Later()
    later.after(0.03, over.set)
    later.after(0.02, lambda: done.append("second"))
    later.after(0.0, fail)
    later.after(60, lambda: done.append("never"))
    later.start()
    eventually(over.is_set, what="the last is done")
    later.close()
    assert done == ["refused", "second"]
    assert not later.is_alive()
