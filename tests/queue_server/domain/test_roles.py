"""Who may do what: by the role of the device, by its counter, and by the person."""

import pytest
from msgspec.structs import replace

from protocol import commands as cmd
from protocol.errors import Forbidden, NotPermitted, Refusal, UnknownOperator
from queue_server.domain.roles import authorize, may_call_any, person, require_leader, require_server
from queue_server.domain.rows import Device
from queue_server.domain.rules import rules_of
from tests.queue_server.factories import ADMIN, KIOSK, PHONE, hall_file, with_operator

RULES = rules_of(with_operator(hall_file(), "02", may_call_any=True))
BOX = Device("box-1", "counter", "b", counter_id="1")


def facts_of(refusal: Refusal) -> dict[str, object]:
    return dict(refusal.facts)


@pytest.mark.parametrize(
    ("device", "command", "facts"),
    [
        (KIOSK, cmd.CallNext("1"), {"role": "kiosk", "command": "CallNext"}),
        (replace(ADMIN, revoked=True), cmd.GetHall(), {"role": "admin", "command": "GetHall"}),
        (PHONE, cmd.GetTicket(7), {"role": "phone", "command": "GetTicket", "needs": "token"}),
        (BOX, cmd.CallNext("2"), {"role": "counter", "command": "CallNext", "counter_id": "2"}),
    ],
)
def test_who_is_refused_is_told_as_what_and_for_what(
    device: Device, command: cmd.Command, facts: dict[str, object]
) -> None:
    with pytest.raises(Forbidden) as refused:
        authorize(device, command)
    assert facts_of(refused.value) == facts


def test_a_command_that_only_another_door_takes_is_refused_to_everybody() -> None:
    with pytest.raises(Forbidden):
        authorize(ADMIN, cmd.Enrol("1234567890"))


@pytest.mark.parametrize(
    ("device", "command"),
    [(PHONE, cmd.GetTicket(token="token")), (BOX, cmd.CallNext("1")), (BOX, cmd.GetHall()), (ADMIN, cmd.GetTicket(7))],
)
def test_who_may_is_let_through(device: Device, command: cmd.Command) -> None:
    authorize(device, command)


def test_a_person_whom_the_hall_does_not_know_is_named() -> None:
    with pytest.raises(UnknownOperator) as unknown:
        person(RULES, "77")
    assert facts_of(unknown.value) == {"operator_id": "77"}


@pytest.mark.parametrize(
    ("operator_id", "leads", "serves"), [("01", False, True), ("90", True, True), ("98", False, False)]
)
def test_leaders_act_for_the_whole_hall_and_auditors_for_nobody(operator_id: str, leads: bool, serves: bool) -> None:
    for require, may in ((require_leader, leads), (require_server, serves)):
        if may:
            require(RULES, operator_id)
            continue
        with pytest.raises(NotPermitted) as refused:
            require(RULES, operator_id)
        assert facts_of(refused.value) == {"operator_id": operator_id}


def test_out_of_order_calls_who_leads_or_was_allowed_to() -> None:
    assert [may_call_any(RULES, one) for one in ("01", "02", "90", "98")] == [False, True, True, False]
