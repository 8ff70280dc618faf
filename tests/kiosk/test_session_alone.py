"""While the server is away a kiosk gives numbers of its own, and hands all of them in afterwards."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.stages import Screen
from kiosk.touches import ChooseService, TryAgain
from printers.base import PrinterState
from printers.layout import TicketPaper
from protocol.block_token import make_block_token
from protocol.commands import HandInTicket, IssueTicket, ReportPrint, ReserveNumbers, ReturnNumbers
from protocol.errors import StorageFailed
from protocol.events import DayStarted, Event, NumbersNeeded
from protocol.words import Issuing
from tests.kiosk.booth import Booth
from tests.kiosk.halls import DAY
from tests.kiosk.model_hall import ModelHall
from tests.kiosk.test_journal import FullDisk


@pytest.fixture
def hall() -> ModelHall:
    return ModelHall()


@pytest.fixture
def booth(tmp_path: Path, hall: ModelHall) -> Booth:
    """A kiosk that is connected and holds its blocks."""
    found = Booth(tmp_path / "kiosk-1.db", hall)
    found.hear()
    return found


def test_without_pulse_a_touch_gets_its_number_at_once(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    assert booth.flow.hall.alone
    booth.tap()
    assert booth.flow.screen is Screen.RESULT
    assert booth.number() == "A800"
    assert not booth.client.commands(IssueTicket), "nobody was asked"
    [job] = booth.printer.jobs
    assert isinstance(job.paper, TicketPaper)
    [block] = [block for block in hall.blocks.values() if (block.queue_id, block.day) == ("q0", DAY)]
    token = make_block_token(bytes.fromhex(f"{block.block_id:064x}"), block.block_id, 800)
    assert job.paper.url == f"http://10.0.0.2:8080/t/{token}"
    assert job.paper.offline


def test_alone_nobody_knows_how_many_wait(booth: Booth, hall: ModelHall) -> None:
    found = [replace(status, waiting=40, wait_low_minutes=60) for status in hall.snapshot().services]
    booth.session.on_pulse(replace(hall.pulse(), services=found))
    booth.work()
    assert booth.flow.hall.status("s0").waiting == 40
    booth.lose_server()
    assert booth.flow.hall.status("s0").waiting == booth.flow.hall.waiting() == 0
    assert booth.flow.hall.status("s0").wait_low_minutes is None


def test_a_kiosk_just_started_listens_for_the_server_before_it_gives_numbers_of_its_own(booth: Booth) -> None:
    booth.crash()
    assert booth.flow.screen is Screen.AWAY
    booth.lose_server()
    assert booth.flow.screen is Screen.IDLE
    booth.tap()
    assert booth.number() == "A800"


def test_each_queue_has_numbers_of_its_own(booth: Booth) -> None:
    booth.lose_server()
    given = []
    for service_id in ("s0", "s1", "s0", "s1"):
        booth.tap(service_id)
        given.append(booth.number())
    assert given == ["A800", "B800", "A801", "B801"]


def test_a_request_that_is_not_answered_becomes_a_number_of_the_kiosks_own(booth: Booth, hall: ModelHall) -> None:
    request_id = booth.tap()
    assert booth.flow.screen is Screen.ISSUING
    booth.client.arrive(answered=False)
    booth.lose_server()
    assert (booth.flow.screen, booth.number()) == (Screen.RESULT, "A800")
    booth.printer.finish()
    booth.work()
    booth.hear()
    [handed_in] = booth.client.commands(HandInTicket)
    assert isinstance(handed_in, HandInTicket)
    assert handed_in.instead_of == request_id
    assert [(t.number, t.cancelled) for t in hall.tickets.values()] == [("A001", True), ("A800", False)]


def test_a_slow_server_that_still_lives_is_waited_for(booth: Booth) -> None:
    booth.tap()
    for _ in range(11):
        booth.pass_time(1)
        booth.session.on_pulse(booth.hall.pulse())
        booth.work()
    assert booth.flow.screen is Screen.ISSUING
    booth.settle()
    assert booth.number() == "A001"


def test_an_answer_that_comes_after_the_number_of_the_kiosks_own_changes_nothing(booth: Booth) -> None:
    booth.tap()
    booth.lose_server()
    assert booth.number() == "A800"
    booth.settle()
    assert booth.number() == "A800"
    assert len(booth.printer.jobs) == 1


def test_another_try_after_a_long_silence_gets_a_number_of_the_kiosks_own(booth: Booth) -> None:
    request_id, blocks = booth.tap(), booth.journal.blocks
    booth.journal.keep_blocks([])
    booth.lose_server()
    booth.pass_time(12)
    assert booth.flow.can_try_again
    booth.journal.keep_blocks(blocks)
    booth.pass_time(0.25)
    booth.session.touch(TryAgain())
    assert (booth.flow.screen, booth.number()) == (Screen.RESULT, "A800")
    assert list(booth.journal.entries) == [request_id]


def test_a_second_finger_gets_no_second_number_of_the_kiosks_own(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.tap()
    issue = booth.flow.visit.issue
    assert issue is not None
    booth.session._issuing.begin(issue)
    assert len(booth.printer.jobs) == 1
    booth.printer.finish()
    booth.hear()
    assert [ticket.number for ticket in hall.tickets.values()] == ["A800"]


# ---- the hand-in ----


def test_all_numbers_are_handed_in_in_their_order_with_their_times(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    times = []
    for _ in range(5):
        booth.tap()
        times.append(hall.now)
        booth.printer.finish()
        booth.pass_time(60)
    booth.hear()
    taken_in = list(hall.tickets.values())
    assert [ticket.number for ticket in taken_in] == ["A800", "A801", "A802", "A803", "A804"]
    assert [ticket.issued_at for ticket in taken_in] == times
    assert [[report.outcome for report in ticket.reports] for ticket in taken_in] == [["printed"]] * 5
    assert not booth.journal.entries, "nothing is owed any more"


def test_a_hand_in_whose_answer_is_lost_is_repeated_as_the_same(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.tap()
    booth.printer.finish()
    booth.session.on_snapshot(hall.snapshot())
    booth.work()
    booth.client.arrive(answered=False)
    booth.crash(60)
    booth.hear()
    assert [ticket.number for ticket in hall.tickets.values()] == ["A800"]
    assert len({name for name, command in booth.client.told if isinstance(command, HandInTicket)}) == 1


def test_a_number_that_is_refused_is_kept_and_told_and_does_not_hold_up_the_others(
    booth: Booth, hall: ModelHall, caplog: pytest.LogCaptureFixture
) -> None:
    booth.lose_server()
    for _ in range(3):
        booth.tap()
        booth.printer.finish()
        booth.work()
    [block] = [block for block in hall.blocks.values() if (block.queue_id, block.day) == ("q0", DAY)]
    block.used[801] = 7
    booth.hear()
    assert [ticket.number for ticket in hall.tickets.values()] == ["A800", "A802"]
    refused = [entry.given for entry in booth.journal.all_entries() if entry.given and entry.given.refused]
    assert [(given.count, given.refused) for given in refused] == [(801, "number_taken")]
    assert "the hall did not take" in caplog.text
    booth.pass_time(1)
    booth.settle()
    assert hall.health[-1] == ["hand_in_refused"]


def test_a_hall_that_can_not_write_for_now_is_asked_again(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.tap()
    booth.printer.finish()
    handle, full = hall.handle, [True]

    def fails(kiosk_id: str, request_id: str, command: object) -> object:
        if full[0] and isinstance(command, HandInTicket):
            raise StorageFailed
        return handle(kiosk_id, request_id, command)  # type: ignore[arg-type]

    hall.handle = fails  # type: ignore[assignment, method-assign]
    booth.hear()
    assert not hall.tickets
    full[0] = False
    booth.pass_time(6)
    booth.settle()
    assert [ticket.number for ticket in hall.tickets.values()] == ["A800"]


def test_a_paper_that_comes_out_after_the_hand_in_is_reported_with_the_real_ticket(
    booth: Booth, hall: ModelHall
) -> None:
    booth.lose_server()
    booth.tap()
    booth.hear()
    [ticket] = hall.tickets.values()
    assert ticket.reports == []
    booth.printer.finish()
    booth.work()
    booth.settle()
    assert ticket.reports == [ReportPrint(ticket.ticket_id, "printed")]


def test_a_printer_out_of_paper_is_told_with_the_hand_in(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.printer.state = PrinterState.PAPER_OUT
    booth.tap()
    assert booth.flow.visit.paper == "failed"
    booth.hear()
    [ticket] = hall.tickets.values()
    assert ticket.reports == [ReportPrint(ticket.ticket_id, "failed", "paper_out")]


# ---- the blocks ----


def test_the_kiosk_asks_for_its_blocks_when_connected_and_every_ten_minutes_and_at_a_new_day(booth: Booth) -> None:
    def asked() -> int:
        return len([command for _, command in booth.client.told if isinstance(command, ReserveNumbers)])

    assert asked() == 1
    booth.pass_time(599)
    booth.settle()
    assert asked() == 1
    booth.pass_time(2)
    booth.settle()
    assert asked() == 2
    booth.session.on_event(Event("e", 200, booth.hall.now, "server", DayStarted(DAY)))
    booth.work()
    booth.settle()
    assert asked() == 3


def test_when_the_block_is_used_up_the_kiosk_says_so(tmp_path: Path) -> None:
    booth = Booth(tmp_path / "kiosk-1.db", ModelHall(block_size=2))
    booth.hear()
    booth.lose_server()
    assert [booth.tap() and booth.number() for _ in range(2)] == ["A998", "A999"]
    assert booth.flow.hall.door("s0").issuing is Issuing.QUOTA
    assert booth.flow.hall.alone, "the other queue has numbers"
    booth.tap("s1")
    booth.tap("s1")
    assert not booth.flow.hall.alone
    booth.pass_time(60)
    assert booth.flow.screen is Screen.AWAY


def test_numbers_that_others_need_are_given_back_by_half(booth: Booth, hall: ModelHall) -> None:
    booth.session.on_event(Event("e", 300, hall.now, "server", NumbersNeeded("q0", DAY)))
    booth.work()
    booth.settle()
    [block] = [block for block in hall.blocks.values() if (block.queue_id, block.day) == ("q0", DAY)]
    assert (block.first, block.last) == (900, 999)
    booth.lose_server()
    booth.tap()
    assert booth.number() == "A900"


def test_nothing_is_given_back_before_all_is_handed_in(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.tap()
    booth.printer.finish()
    booth.session.on_event(Event("e", 300, hall.now, "server", NumbersNeeded("q0", DAY)))
    booth.work()
    booth.session.on_snapshot(hall.snapshot())
    booth.work()
    assert booth.client.commands(HandInTicket)
    assert not booth.client.commands(ReturnNumbers), "messages may overtake each other"
    booth.hear()
    assert [ticket.number for ticket in hall.tickets.values()] == ["A800"]
    [block] = [block for block in hall.blocks.values() if (block.queue_id, block.day) == ("q0", DAY)]
    assert block.first == 901, "half of the 199 that were left"


def test_given_back_numbers_stay_given_back_although_the_hall_did_not_hear_it(booth: Booth, hall: ModelHall) -> None:
    booth.session.on_event(Event("e", 300, hall.now, "server", NumbersNeeded("q0", DAY)))
    booth.work()
    booth.crash()
    booth.hear()
    booth.lose_server()
    booth.tap()
    assert booth.number() == "A900"


def test_a_lost_journal_gives_no_number_a_second_time(
    booth: Booth, hall: ModelHall, caplog: pytest.LogCaptureFixture
) -> None:
    booth.lose_server()
    booth.tap()
    assert booth.number() == "A800"
    booth.printer.finish()
    booth.cut()
    for part in booth.path.parent.glob("kiosk-1.db*"):
        part.unlink()
    booth.start()
    booth.hear()
    assert "another journal's, not given" in caplog.text
    booth.lose_server()
    assert not booth.flow.hall.alone, "what is on paper of today's block nobody can tell"
    booth.hear()
    booth.pass_time(31)
    booth.settle()
    assert hall.health[-1] == ["journal_damaged"]
    hall.day += dt.timedelta(days=1)
    hall.now += dt.timedelta(days=1)
    booth.hear()
    booth.lose_server()
    booth.tap()
    assert booth.number() == "A800", "tomorrow's block was never given from"
    assert booth.flow.visit.reply is not None
    assert booth.flow.visit.reply.ticket.service_day == hall.day


def test_a_damaged_journal_is_told_and_what_it_still_held_is_handed_in(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.tap()
    booth.printer.finish()
    booth.work()
    booth.cut()
    whole = booth.path.read_bytes()
    at = whole.rindex(b'"public_url"')
    booth.path.write_bytes(whole[:at] + b"\x01" + whole[at + 1 :])
    booth.start()
    booth.hear()
    assert [ticket.number for ticket in hall.tickets.values()] == ["A800"]
    booth.pass_time(31)
    booth.settle()
    assert hall.health[-1] == ["journal_damaged"]


def test_on_a_full_disk_no_number_of_the_kiosks_own_is_given_until_there_is_room_again(booth: Booth) -> None:
    booth.lose_server()
    whole, booth.journal._db = booth.journal._db, FullDisk(booth.journal._db)  # type: ignore[assignment]
    booth.tap()
    assert not booth.printer.jobs
    assert not booth.flow.hall.alone, "the next citizen is told before the touch"
    booth.journal._db = whole
    booth.pass_time(6)
    assert booth.flow.hall.alone
    booth.pass_time(0.25)
    assert booth.number() == "A800", "who waited gets a number now"


# ---- the hall's hours ----


def test_the_kiosk_keeps_the_halls_hours_itself(booth: Booth, hall: ModelHall) -> None:
    """From 08:12 on; the morning ends at 11:30, the afternoon's last number is given ten minutes before 17:00."""
    booth.lose_server()
    issuing = {}
    for clock in ("08:30", "11:29", "11:30", "13:29", "13:30", "16:49", "16:50"):
        hour, minute = map(int, clock.split(":"))
        target = dt.datetime(2026, 1, 12, hour - 7, minute, tzinfo=dt.UTC)
        booth.pass_time((target - hall.now).total_seconds())
        issuing[clock] = booth.flow.hall.door("s0").issuing.value
    assert issuing == {
        "08:30": "open",
        "11:29": "open",
        "11:30": "closed",
        "13:29": "closed",
        "13:30": "open",
        "16:49": "open",
        "16:50": "closed",
    }
    door = booth.flow.hall.door("s0")
    assert door.opens_at is not None
    assert f"{door.opens_at:%d %H:%M}" == "13 07:15", "a quarter of an hour before the doors open"
    booth.tap()
    assert booth.flow.screen is Screen.NO_NUMBER


def test_the_next_morning_begins_with_the_next_days_block(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.tap()
    booth.pass_time((dt.datetime(2026, 1, 13, 1, 0, tzinfo=dt.UTC) - hall.now).total_seconds())
    booth.tap()
    reply = booth.flow.visit.reply
    assert reply is not None
    assert (reply.ticket.number, reply.ticket.service_day) == ("A800", dt.date(2026, 1, 13))


def test_a_suspended_service_stays_so_also_over_a_restart(booth: Booth, hall: ModelHall) -> None:
    statuses = hall.snapshot().services

    found = [replace(statuses[0], issuing=Issuing.SUSPENDED, reason="Mất điện"), *statuses[1:]]
    booth.session.on_pulse(replace(hall.pulse(), services=found))
    booth.work()
    booth.lose_server()
    booth.crash()
    booth.lose_server()
    assert booth.flow.hall.door("s0").issuing is Issuing.SUSPENDED
    assert booth.flow.hall.door("s1").issuing is Issuing.OPEN


# ---- the clock ----


def test_a_kiosk_whose_clock_is_dead_keeps_the_day_that_it_heard_of(booth: Booth) -> None:
    booth.pass_time(120)
    booth.session.on_pulse(booth.hall.pulse())
    booth.work()
    booth.cut()
    booth.own_clock_behind = dt.timedelta(days=365 * 26)
    booth.start()
    booth.lose_server()
    booth.tap()
    [given] = [entry.given for entry in booth.journal.entries.values()]
    assert given is not None
    assert abs(given.at - booth.hall.now) < dt.timedelta(minutes=2)
    assert booth.number() == "A800"


def test_a_clock_that_jumps_does_not_matter_once_the_hall_was_heard(booth: Booth) -> None:
    booth.lose_server()
    for behind in (-400, 400):
        booth.own_clock_behind = dt.timedelta(days=behind)
        booth.pass_time(10)
        booth.tap()
        assert booth.flow.visit.reply is not None
        assert booth.flow.visit.reply.ticket.issued_at == booth.hall.now


def test_after_numbers_of_a_day_the_clock_never_goes_back_before_them(booth: Booth, hall: ModelHall) -> None:
    booth.lose_server()
    booth.pass_time((dt.datetime(2026, 1, 13, 1, 0, tzinfo=dt.UTC) - hall.now).total_seconds())
    booth.tap()
    booth.own_clock_behind = dt.timedelta(days=1)
    booth.crash()
    booth.lose_server()
    booth.tap()
    assert booth.flow.visit.reply is not None
    assert booth.flow.visit.reply.ticket.service_day == dt.date(2026, 1, 13)
    assert booth.number() == "A801"


def test_a_clock_far_ahead_finds_no_block_of_that_day(booth: Booth) -> None:
    booth.own_clock_behind = dt.timedelta(days=-30)
    booth.crash()
    booth.lose_server()
    assert not booth.flow.hall.alone
    assert booth.flow.screen is Screen.AWAY


def test_the_first_touch_of_a_start_without_server_has_the_halls_names(booth: Booth) -> None:
    booth.crash()
    booth.lose_server()
    booth.session.touch(ChooseService("s0"))
    booth.tap()
    [job] = booth.printer.jobs
    assert isinstance(job.paper, TicketPaper)
    assert job.paper.service_name == "Service 0"
