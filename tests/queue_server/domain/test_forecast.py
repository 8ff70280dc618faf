"""The waiting range comes from the hall's own rule played forward."""

import pytest

from protocol import commands as cmd
from protocol import replies as re
from queue_server.domain import forecast as forecasting
from queue_server.domain.forecast import Forecast, play_forward, waiting_range
from queue_server.domain.hall import Hall
from queue_server.domain.rules import rules_of
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


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, (0, 2)), (2, (1, 5)), (3, (0, 10)), (10, (5, 20)), (42, (25, 65)), (2.5, (0, 10))]
)
def test_the_range_is_whole_minutes_when_near_and_fives_when_far(minutes: float, told: tuple[int, int]) -> None:
    assert waiting_range(minutes) == told


def test_a_range_that_ends_at_five_minutes_sharp_is_told_in_fives() -> None:
    assert waiting_range(3 / 1.4) == (0, 5)


def one_counter() -> SmallHall:
    """A hall of one open counter that takes ten minutes each, and half a minute to walk."""
    hall = SmallHall(hall_file(counters={"1": ["land"]}, services={"land": 10.0}))
    hall.open("1")
    return hall


def test_whoever_is_called_but_not_there_yet_takes_the_walk_and_the_whole_service() -> None:
    hall = one_counter()
    hall.issue()
    waiting = hall.issue().ticket.ticket_id
    hall.call()
    assert forecast_of(hall).tickets[waiting] == pytest.approx(10.5)


@pytest.mark.parametrize(("served", "left"), [(0, 10.0), (4, 6.0), (9.5, 1.0), (30, 1.0)])
def test_whoever_is_served_takes_what_is_left_of_the_time_but_a_minute_at_least(served: float, left: float) -> None:
    hall = one_counter()
    hall.issue()
    waiting = hall.issue().ticket.ticket_id
    hall.start()
    hall.clock.tick(served)
    assert forecast_of(hall).tickets[waiting] == pytest.approx(left)


def test_a_ticket_in_hand_of_a_service_that_is_no_more_takes_five_minutes() -> None:
    both = {"land": 10.0, "civil": 8.0}
    before = SmallHall(hall_file(counters={"1": ["land", "civil"]}, services=both))
    before.open("1")
    before.issue("civil")
    before.call()
    after = SmallHall(hall_file(counters={"1": ["land"]}, services={"land": 10.0}), before.storage, first_id=100)
    assert forecast_of(after).services[("land", "ordinary")] == pytest.approx(5.5)


def test_a_head_start_puts_who_comes_now_before_those_who_wait() -> None:
    hall = one_counter()
    hall.issue()
    forecast = forecast_of(hall)
    assert forecast.services[("land", "elderly")] == 0
    assert forecast.services[("land", "ordinary")] == pytest.approx(10.5)


def test_whom_the_run_does_not_come_to_is_told_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasting, "MAX_CALLS", 3)
    hall = one_counter()
    tickets = [hall.issue().ticket.ticket_id for _ in range(7)]
    forecast = forecast_of(hall)
    assert set(forecast.tickets) == set(tickets[:3])
    assert ("land", "ordinary") in forecast.services
    monkeypatch.setattr(forecasting, "MAX_CALLS", 0)
    assert forecast_of(hall).tickets == {}


def test_the_head_of_the_hall_says_with_how_many_counters_to_reckon() -> None:
    services = {"land": 10.0}
    hall = SmallHall(hall_file(counters={"1": ["land"], "2": ["land"], "3": ["land"]}, services=services))
    hall.open("2")
    for _ in range(4):
        hall.issue()
    waits = []
    for count in (1, 2, 3, 9, None):
        hall.get(re.DoneReply, cmd.SetCounterCount("90", count))
        waits.append(forecast_of(hall).services.get(("land", "ordinary")))
    assert waits == pytest.approx([42, 21, 10.5, 10.5, 42])


def test_a_counter_that_pauses_is_not_reckoned_with() -> None:
    hall = one_counter()
    hall.ask(cmd.PauseCounter("1", "break"))
    assert forecast_of(hall).services == {}


def test_before_the_first_day_nobody_can_say_how_long_it_takes() -> None:
    assert play_forward(Hall(rules_of(hall_file()), lambda _: None), 0.0) == Forecast(0.0)


def test_a_range_gets_shorter_as_time_passes_and_never_less_than_none() -> None:
    forecast = Forecast(1000.0, {7: 62.0}, {("land", "ordinary"): 2.0})
    assert forecast.range_of(7, 1000.0) == (40, 90)
    assert forecast.range_of(7, 1000.0 + 3600) == (1, 5)
    assert forecast.range_of(7, 1000.0 + 9000) == (0, 2)
    assert forecast.range_of(8, 1000.0) is None
    assert forecast.range_for("land", "ordinary") == (1, 5)
    assert forecast.range_for("land", "elderly") is None
