"""Whatever a real hall does, a kiosk that listened counts what the hall counts."""

from hypothesis import given, settings

from kiosk.hall_now import HallNow
from tests.display.days import SERVICES, STEPS, Day


@settings(deadline=None, max_examples=80)
@given(steps=STEPS)
def test_a_kiosk_that_listened_counts_what_the_hall_counts(steps: list[tuple[str, str, int, float]]) -> None:
    day, listening = Day(), HallNow("kiosk-1")
    listening.take_snapshot(day.snapshot())
    for step in steps:
        for event in day.step(*step):
            listening.take_event(event)
        assert {service: listening.status(service).waiting for service in SERVICES} == day.waiting(), step
