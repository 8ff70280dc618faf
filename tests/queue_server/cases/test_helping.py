"""Staff who take numbers for others at a kiosk: let in by the right PIN only, and the PIN stays nowhere."""

import datetime as dt
import logging
from pathlib import Path

import pytest

from protocol import codec
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.pins import LockOut, check_pin, set_pin
from queue_server.domain.rows import Device
from queue_server.outside import Outside
from queue_server.service import QueueService
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import DESK, KIOSK, PHONE, SmallHall, counting_bytes, hall_file

PIN, WRONG = "73915", "73916"


@pytest.fixture
def hall(tmp_path: Path) -> SmallHall:
    """A hall on disk whose operator 01 and auditor 98 have a PIN."""
    pins = tmp_path / "pins.json"
    set_pin(pins, "01", PIN)
    set_pin(pins, "98", PIN)
    found = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    outside = Outside(check_pin=lambda operator_id, pin: check_pin(pins, operator_id, pin))
    found.service = QueueService(hall_file(), found.storage, counting_bytes(), outside)
    return found


def helper(pin: str = PIN, operator_id: str = "01") -> cmd.OpenHelper:
    """Somebody wants to help."""
    return cmd.OpenHelper(operator_id, pin)


def test_the_right_pin_lets_a_person_help_and_the_log_says_who_and_where(hall: SmallHall) -> None:
    hall.get(re.DoneReply, helper(), KIOSK)
    assert hall.log(ev.HelperOpened) == [ev.HelperOpened("kiosk-1", "01")]
    ticket = hall.get(re.TicketIssuedReply, cmd.IssueTicket("land", operator_id="01", note="đi xe lăn"), KIOSK)
    assert hall.log(ev.TicketIssued)[-1].by == "01"
    assert [note.text for note in hall.service.ledger.notes(ticket.ticket.ticket_id)] == ["đi xe lăn"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (helper(WRONG), "wrong_pin"),
        (helper(PIN, "02"), "wrong_pin"),  # has none
        (helper(PIN, "nobody"), "wrong_pin"),
        (helper(PIN, "98"), "not_permitted"),  # an auditor
    ],
)
def test_nobody_else_gets_in_and_nothing_is_written(hall: SmallHall, command: cmd.OpenHelper, code: str) -> None:
    hall.ask(cmd.ReserveNumbers(), KIOSK)
    seq = hall.service.hall.seq
    assert hall.refusal(command, KIOSK) == code
    assert hall.service.hall.seq == seq


def test_only_kiosks_open_a_helper(hall: SmallHall) -> None:
    for device in (DESK, PHONE, Device("a", "admin", "a"), Device("d", "display", "d")):
        assert hall.refusal(helper(), device) == "forbidden"


def test_without_a_list_of_pins_nobody_helps() -> None:
    assert SmallHall().refusal(helper(), KIOSK) == "wrong_pin"


def test_an_auditor_takes_no_numbers_for_others(hall: SmallHall) -> None:
    assert hall.refusal(cmd.IssueTicket("land", operator_id="98"), KIOSK) == "not_permitted"
    assert hall.refusal(cmd.IssueTicket("land", operator_id="nobody"), KIOSK) == "unknown_operator"


def test_too_many_wrong_pins_make_even_the_right_one_wait(hall: SmallHall) -> None:
    for _ in range(3):
        assert hall.refusal(helper(WRONG), KIOSK) == "wrong_pin"
    refused = hall.ask(helper(), KIOSK)
    assert isinstance(refused, re.Refused)
    assert (refused.code, refused.facts) == ("locked_out", {"seconds": 5})
    hall.clock.tick(6 / 60)
    hall.get(re.DoneReply, helper(), KIOSK)
    assert hall.refusal(helper(WRONG), KIOSK) == "wrong_pin", "the count began anew"


def test_another_kiosk_gives_no_further_tries_and_another_person_is_not_locked_out(hall: SmallHall) -> None:
    for number in range(3):
        assert hall.refusal(helper(WRONG), Device(f"kiosk-{number}", "kiosk", "k")) == "wrong_pin"
    assert hall.refusal(helper(), KIOSK) == "locked_out"
    assert hall.refusal(helper(WRONG, "98"), KIOSK) == "wrong_pin"


def test_a_clock_that_is_put_back_locks_nobody_out_for_longer(hall: SmallHall) -> None:
    for _ in range(3):
        hall.refusal(helper(WRONG), KIOSK)
    hall.clock.tick(-600)
    refused = hall.ask(helper(), KIOSK)
    assert isinstance(refused, re.Refused)
    assert (refused.code, refused.facts) == ("locked_out", {"seconds": 5})
    hall.clock.tick(6 / 60)
    hall.get(re.DoneReply, helper(), KIOSK)


def test_a_clock_put_back_again_and_again_frees_nobody_either() -> None:
    lock = LockOut()
    for _ in range(4):
        lock.note_wrong("01", 1000.0)
    assert [lock.wait_seconds("01", now) for now in (1000.0, 900.0, 800.0, 805.0, 810.0)] == [
        10.0,
        10.0,
        10.0,
        5.0,
        0.0,
    ]


def test_the_same_request_is_no_second_try_and_tells_nothing_of_another_pin(hall: SmallHall) -> None:
    first = hall.ask(helper(WRONG), KIOSK, "one-request-1")
    for pin in (WRONG, PIN, "1"):
        assert hall.ask(helper(pin), KIOSK, "one-request-1") == first
    assert hall.service.lock_out.wait_seconds("01", hall.clock.now.timestamp()) == 0
    assert hall.refusal(helper(PIN, "98"), KIOSK, "one-request-1") == "request_id_reused"


def test_a_pin_is_left_neither_in_the_database_nor_in_an_answer_nor_in_the_programs_log(
    hall: SmallHall, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for pin in (PIN, WRONG):
        request = cmd.Request(1, f"with-pin-{pin[-1]}", helper(pin))
        frame = hall.service.answer(request, KIOSK, hall.clock.now)
        hall.service.ledger.commit()
        assert PIN[:4].encode() not in frame
    hall.storage.close()
    assert all(PIN[:4].encode() not in path.read_bytes() for path in tmp_path.glob("hall.db*"))
    assert PIN[:4] not in caplog.text


@pytest.mark.parametrize("pin", ["", "7" * 65, 73915, None, ["73915"]])
def test_a_pin_that_is_none_is_refused_without_repeating_it(pin: object) -> None:
    raw = codec.encode_request("request-1", helper())
    raw = raw.replace(b'"73915"', codec.encode(pin))
    with pytest.raises(Exception, match="pin") as fault:
        codec.decode_request(raw)
    assert "739" not in str(fault.value)
    assert "777" not in str(fault.value)


def test_who_helped_is_no_part_of_the_state(hall: SmallHall) -> None:
    before = hall.storage.rows()
    hall.get(re.DoneReply, helper(), KIOSK)
    hall.clock.now += dt.timedelta(seconds=1)
    assert {key: row for key, row in hall.storage.rows().items() if key != "day"} == before
