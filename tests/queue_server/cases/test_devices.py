"""Devices: one code each, names that are free, keys that are shut out, and what they say of themselves."""

import pytest
from msgspec.structs import replace

from config import settings as st
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.errors import InvalidEnrolmentCode
from queue_server.domain.rows import Device
from tests.queue_server.factories import DESK, KIOSK, SmallHall, hall_file


@pytest.fixture
def hall() -> SmallHall:
    return SmallHall()


def code_for(hall: SmallHall, device_id: str, role: str = "kiosk", counter_id: str | None = None) -> str:
    return hall.get(re.EnrolmentReply, cmd.CreateEnrolment(role, device_id, counter_id)).code  # type: ignore[arg-type]


def join(hall: SmallHall, code: str, key: str) -> re.Reply:
    reply = hall.service.enrol(cmd.Enrol(code), key, hall.clock.now)
    hall.service.ledger.commit()
    return reply


def test_a_code_admits_one_key_and_that_key_may_ask_again(hall: SmallHall) -> None:
    code = code_for(hall, "kiosk-7")
    first = join(hall, code, "key-a")
    assert isinstance(first, re.EnrolledReply)
    assert join(hall, code, "key-a") == first, "its first answer may have been lost"
    with pytest.raises(InvalidEnrolmentCode):
        join(hall, code, "key-b")


def test_a_counters_device_belongs_to_its_counter_and_a_name_to_one_device(hall: SmallHall) -> None:
    enrolled = join(hall, code_for(hall, "box-1", "counter", "1"), "key-a")
    assert isinstance(enrolled, re.EnrolledReply)
    assert enrolled.counter_id == "1"
    assert hall.refusal(cmd.CreateEnrolment("counter", "box-1", "2")) == "device_exists"
    assert hall.refusal(cmd.CreateEnrolment("kiosk", "server")) == "device_exists"


def test_a_name_whose_key_was_shut_out_may_join_again_with_another_key(hall: SmallHall) -> None:
    join(hall, code_for(hall, "kiosk-7"), "key-a")
    hall.ask(cmd.RevokeDevice("kiosk-7"))
    revoked = hall.service.hall.devices["kiosk-7"]
    assert hall.refusal(cmd.IssueTicket("land"), revoked) == "forbidden"
    join(hall, code_for(hall, "kiosk-7"), "key-b")
    assert hall.service.hall.devices["kiosk-7"].public_key == "key-b"
    assert not hall.service.hall.devices["kiosk-7"].revoked


def test_shutting_a_device_out_also_withdraws_the_code_that_was_made_for_it(hall: SmallHall) -> None:
    hall.enrol(Device("kiosk-7", "kiosk", "key-a", revoked=True))
    hall.ask(cmd.RevokeDevice("kiosk-7"))
    code = code_for(hall, "kiosk-7")
    hall.ask(cmd.RevokeDevice("kiosk-7"))
    with pytest.raises(InvalidEnrolmentCode):
        join(hall, code, "key-b")


def test_trouble_is_logged_when_it_changes_and_not_each_half_minute(hall: SmallHall) -> None:
    hall.enrol(KIOSK)
    for troubles in (["paper_low"], ["paper_low"], [], []):
        hall.ask(cmd.ReportDevice(troubles), KIOSK)
    assert [body.troubles for body in hall.log(ev.DeviceReported)] == [["paper_low"], []]


def test_being_heard_is_known_without_the_log(hall: SmallHall) -> None:
    hall.enrol(KIOSK)
    before = hall.service.hall.seq
    hall.ask(cmd.ReportDevice(), KIOSK)
    hall.clock.tick(0.5)
    hall.ask(cmd.ReportDevice(), KIOSK)
    assert hall.service.hall.seq == before + 1, "only the day began"
    assert hall.service.heard["kiosk-1"] == hall.clock.now


def test_a_stranger_device_reports_nothing_into_the_log(hall: SmallHall) -> None:
    assert isinstance(hall.ask(cmd.ReportDevice(["paper_low"]), Device("ghost", "kiosk", "g")), re.DoneReply)
    assert hall.log(ev.DeviceReported) == []


@pytest.mark.parametrize("role", ["kiosk", "desk", "phone", "counter", "display", "auditor"])
def test_only_the_administrators_device_makes_codes_and_shuts_out(hall: SmallHall, role: str) -> None:
    device = Device("somebody", role, "s", counter_id="1")
    hall.enrol(DESK)
    assert hall.refusal(cmd.CreateEnrolment("kiosk", "kiosk-7"), device) == "forbidden"
    assert hall.refusal(cmd.RevokeDevice("desk"), device) == "forbidden"


def test_a_second_machine_joins_only_where_the_hall_file_says_where_to_follow(hall: SmallHall) -> None:
    refused = hall.ask(cmd.CreateEnrolment("standby", "second"))
    assert isinstance(refused, re.Refused)
    assert "no [standby] link" in refused.facts["detail"]
    following = SmallHall(replace(hall_file(), standby=st.Standby(link="tcp://127.0.0.1:5573")))
    enrolled = join(following, code_for(following, "second", "standby"), "key-s")
    assert isinstance(enrolled, re.EnrolledReply)
    assert enrolled.commands == "tcp://127.0.0.1:5573"
    assert isinstance(join(following, code_for(following, "kiosk-7"), "key-a"), re.EnrolledReply)
