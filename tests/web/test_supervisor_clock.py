"""A clock that is doubted: the supervisor reads which day it tells, and can say that it is right."""

import pytest
from starlette.datastructures import FormData

from protocol.commands import ConfirmClock
from tests.web.sample import HALL
from tests.web.supervisor_halls import LEADER, alert, scene
from web.supervisor.alerts import alert_line
from web.supervisor.orders import read_order


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_alert_tells_the_day_that_the_clock_shows_and_leads_to_the_confirmation(language: str) -> None:
    told = alert("clock_doubted", told="1999-12-31T17:05:00+00:00", expected="2026-11-23T01:00:00+00:00")
    line = alert_line(scene(language), told, leads=True)
    assert "00:05 01/01/2000" in line.sentence
    assert line.level == "danger"
    assert line.action is not None
    form = FormData({"do": line.action.do, "request_id": "request-1"})
    assert read_order(form, LEADER, HALL).command == ConfirmClock(LEADER)


def test_who_only_looks_has_no_button() -> None:
    told = alert("clock_doubted", told="1999-12-31T17:05:00+00:00", expected="2026-11-23T01:00:00+00:00")
    assert alert_line(scene(), told, leads=False).action is None
