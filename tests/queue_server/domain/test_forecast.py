"""The waiting range comes from the hall's own rule played forward."""

import pytest

from queue_server.domain.forecast import play_forward, waiting_range
from tests.queue_server.factories import SmallHall, hall_file


def forecast_of(hall: SmallHall):  # type: ignore[no-untyped-def]
    return play_forward(hall.service.hall, hall.clock.now.timestamp())


def test_an_idle_counter_means_no_wait_and_a_closed_hall_no_answer() -> None:
    hall = SmallHall()
    hall.issue("land")
    assert forecast_of(hall).services == {}
    empty = SmallHall()
    empty.open("1")
    assert forecast_of(empty).services[("land", "ordinary")] == 0
    assert ("civil", "ordinary") not in forecast_of(empty).services, "no open counter serves it"


def test_each_waiting_ticket_adds_its_service_time() -> None:
    hall = SmallHall(hall_file(counters={"1": ["land"]}, services={"land": 10.0}))
    hall.open("1")
    tickets = [hall.issue("land").ticket.ticket_id for _ in range(3)]
    forecast = forecast_of(hall)
    step = 10.5
    assert [forecast.tickets[t] for t in tickets] == pytest.approx([0, step, 2 * step])
    assert forecast.services[("land", "ordinary")] == pytest.approx(3 * step)


def test_a_second_counter_halves_the_wait_and_priority_shortens_it() -> None:
    hall = SmallHall(hall_file(counters={"1": ["land"], "2": ["land"]}, services={"land": 10.0}))
    hall.open("1", "2")
    for _ in range(8):
        hall.issue("land")
    forecast = forecast_of(hall)
    assert forecast.services[("land", "ordinary")] == pytest.approx(42)
    assert forecast.services[("land", "elderly")] < 15


def test_playing_forward_leaves_the_hall_as_it_is() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue("land")
    forecast_of(hall)
    assert hall.service.hall.lines.waiting("land") == 1
    assert hall.call("1") is not None


@pytest.mark.parametrize(("minutes", "told"), [(0, (0, 2)), (2, (1, 5)), (3, (0, 10)), (10, (5, 20)), (42, (25, 65))])
def test_the_range_is_whole_minutes_when_near_and_fives_when_far(minutes: float, told: tuple[int, int]) -> None:
    assert waiting_range(minutes) == told
