"""One-time codes: used once, in time, and guessed by nobody."""

import datetime as dt

import pytest

from protocol import commands as cmd
from protocol import replies as re
from protocol.commands import CreateEnrolment
from protocol.errors import InvalidEnrolmentCode
from queue_server.enrolment import Enrolments
from queue_server.storage.memory import MemoryStorage
from tests.queue_server.factories import KIOSK, MORNING, SmallHall

KIOSK_2 = CreateEnrolment("kiosk", "kiosk-2")


def test_a_code_opens_the_door_once_and_again_only_for_the_key_that_joined() -> None:
    hall = SmallHall()
    invited = hall.ask(KIOSK_2)
    assert isinstance(invited, re.EnrolmentReply)
    join = cmd.Enrol(f" {invited.code.lower()}\n")  # typed by a person
    joined = hall.service.enrol(join, "first key", hall.clock.now)
    assert hall.service.enrol(join, "first key", hall.clock.now) == joined, "the first answer was lost"
    with pytest.raises(InvalidEnrolmentCode):
        hall.service.enrol(join, "second key", hall.clock.now)


def test_the_code_of_a_device_that_was_shut_out_lets_nobody_in() -> None:
    hall = SmallHall()
    invited = hall.ask(KIOSK_2)
    assert isinstance(invited, re.EnrolmentReply)
    hall.service.enrol(cmd.Enrol(invited.code), "first key", hall.clock.now)
    hall.ask(cmd.RevokeDevice("kiosk-2"))
    with pytest.raises(InvalidEnrolmentCode):
        hall.service.enrol(cmd.Enrol(invited.code), "second key", hall.clock.now)


def test_a_code_survives_a_disk_that_did_not_take_the_device() -> None:
    storage = MemoryStorage()
    hall = SmallHall(storage=storage)
    invited = hall.ask(KIOSK_2)
    assert isinstance(invited, re.EnrolmentReply)
    hall.service.enrol(cmd.Enrol(invited.code), "a key", hall.clock.now)
    hall.service.reload()
    assert "kiosk-2" not in hall.service.hall.devices
    assert isinstance(hall.service.enrol(cmd.Enrol(invited.code), "a key", hall.clock.now), re.EnrolledReply)


def test_a_code_is_over_after_its_time() -> None:
    enrolments = Enrolments()
    code, expires_at = enrolments.create(KIOSK_2, bytes(16), MORNING)
    with pytest.raises(InvalidEnrolmentCode):
        enrolments.promised(code, expires_at)
    enrolments.create(CreateEnrolment("kiosk", "kiosk-3"), bytes([1] * 16), expires_at)
    with pytest.raises(InvalidEnrolmentCode):
        enrolments.promised(code, MORNING)


def test_a_new_code_for_a_device_ends_the_old_one() -> None:
    enrolments = Enrolments()
    old, _ = enrolments.create(KIOSK_2, bytes([1] * 16), MORNING)
    new, _ = enrolments.create(KIOSK_2, bytes([2] * 16), MORNING + dt.timedelta(minutes=1))
    with pytest.raises(InvalidEnrolmentCode):
        enrolments.promised(old, MORNING + dt.timedelta(minutes=1))
    assert enrolments.promised(new, MORNING + dt.timedelta(minutes=1)) == KIOSK_2


def test_a_code_has_twenty_letters_that_nobody_mixes_up_and_changes_with_every_random_bit() -> None:
    codes = set()
    for bit in range(100):
        code, _ = Enrolments().create(KIOSK_2, (1 << bit).to_bytes(16, "big"), MORNING)
        assert [len(part) for part in code.split("-")] == [5, 5, 5, 5]
        assert not set(code) & set("IO01")
        codes.add(code)
    assert len(codes) == 100


@pytest.mark.parametrize("code", ["", "AAAAA", "AAAAA-AAAAA-AAAAA-AAAAA", "é" * 23])
def test_a_guess_opens_nothing(code: str) -> None:
    enrolments = Enrolments()
    enrolments.create(KIOSK_2, bytes([7] * 16), MORNING)
    with pytest.raises(InvalidEnrolmentCode):
        enrolments.promised(code, MORNING)


def test_a_device_that_was_shut_out_may_be_invited_again_and_nobody_is_called_server() -> None:
    hall = SmallHall()
    created = hall.ask(cmd.CreateEnrolment("kiosk", "kiosk-2"))
    assert isinstance(created, re.EnrolmentReply)
    hall.service.enrol(cmd.Enrol(created.code), "key", hall.clock.now)
    hall.service.ledger.commit()
    assert hall.refusal(cmd.CreateEnrolment("kiosk", "kiosk-2")) == "device_exists"
    assert hall.refusal(cmd.CreateEnrolment("kiosk", "server")) == "device_exists"
    hall.ask(cmd.RevokeDevice("kiosk-2"))
    assert isinstance(hall.ask(cmd.CreateEnrolment("kiosk", "kiosk-2")), re.EnrolmentReply)
    assert hall.refusal(cmd.CreateEnrolment("kiosk", "kiosk-3"), KIOSK) == "forbidden"
