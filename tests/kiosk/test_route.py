"""A finger that knows what it wants finds the way through every hall, whatever the kiosk asks on it."""

import pytest
from msgspec.structs import replace

from kiosk.flow import Flow
from kiosk.route import Wish, next_touch
from kiosk.touches import Home, Issue
from protocol.commands import IssueTicket
from protocol.replies import HallReply
from tests.kiosk.halls import cao_bang, commune
from tests.kiosk.real_halls import crowded, everyday, flow_of, shipped

MOST_TOUCHES = 30


def command(flow: Flow, wish: Wish) -> IssueTicket:
    """What is asked of the hall when the finger goes all the way."""
    for at in range(MOST_TOUCHES):
        touch = next_touch(flow, wish)
        assert touch is not None
        assert touch != Home()
        for effect in flow.touch(touch, f"request-{at}", 100.0 + at):
            assert isinstance(effect, Issue)
            assert isinstance(effect.command, IssueTicket)
            return effect.command
    raise AssertionError(f"still on {flow.screen}")


@pytest.mark.parametrize("name", ["cao-bang", "xa", "quang-nam"])
def test_every_service_and_its_procedures_are_reached(name: str) -> None:
    for service in shipped(name).services:
        codes = [found.code for found in everyday(name) if found.service_id == service.service_id]
        for code in (None, *codes[-1:]):
            wish = Wish(service.service_id, "elderly", "en", code)
            asked = command(flow_of(shipped(name), everyday(name)), wish)
            assert (asked.service_id, asked.class_id, asked.language) == (service.service_id, "elderly", "en")
            direct = any(found.service_ids == [service.service_id] for found in shipped(name).purposes)
            assert asked.procedure_code == (None if direct else code)


@pytest.mark.parametrize("hall", [cao_bang(), commune()])
def test_a_hall_without_purposes_and_procedures_is_gone_through_too(hall: HallReply) -> None:

    assert {command(flow_of(hall), Wish(found.service_id)).service_id for found in hall.services} == {
        found.service_id for found in hall.services
    }


def test_who_wants_it_stays_among_many_and_shows_a_card() -> None:
    hall = shipped("cao-bang")
    asks = replace(hall, services=[replace(found, asks_person=True) for found in hall.services])
    flow = flow_of(asks, told=crowded(asks, "ho-tich", 64))
    assert command(flow, Wish("ho-tich", person="played")).person == "played"


def test_who_has_no_card_goes_home() -> None:
    hall = shipped("cao-bang")
    flow = flow_of(replace(hall, services=[replace(found, asks_person=True) for found in hall.services]))
    wish = Wish("ho-tich")
    touches = []
    for at in range(MOST_TOUCHES):
        touches.append(next_touch(flow, wish))
        if touches[-1] == Home():
            break
        assert flow.touch(touches[-1], f"request-{at}", 100.0 + at) == []  # type: ignore[arg-type]
    assert touches[-1] == Home()
