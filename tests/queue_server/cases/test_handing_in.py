"""Numbers given while the server was away count once, at their own time; a request that was given up has no effect."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from config import settings as st
from figures.report import Report
from protocol import codec
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.block_token import make_block_token
from protocol.errors import MalformedRequest
from protocol.waiting import waiting_changes
from queue_server.__main__ import main
from queue_server.day_events import events_of
from queue_server.domain.rows import Device
from queue_server.rehearsal.past import read_day
from queue_server.rehearsal.play import play
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.queue_server.day_reports import day_report
from tests.queue_server.factories import (
    DESK,
    KIOSK,
    MORNING,
    PHONE,
    SmallHall,
    hall_file,
    with_service,
)

OTHER = Device("kiosk-2", "kiosk", "k2")
TODAY = dt.date(2026, 11, 23)
TOMORROW = TODAY + dt.timedelta(days=1)
ID = "touch-000001"


@pytest.fixture
def hall() -> SmallHall:
    return SmallHall()


def block_of(hall: SmallHall, queue: str = "land", day: dt.date = TODAY, device: Device = KIOSK) -> re.NumberBlock:
    """A kiosk's block."""
    found = hall.get(re.BlocksReply, cmd.ReserveNumbers(), device).blocks
    return next(block for block in found if (block.queue_id, block.service_day) == (queue, day))


def given(block: re.NumberBlock, count: int = 800, minutes: float = 0, **fields: Any) -> cmd.HandInTicket:
    """What a kiosk tells of a number that it gave so many minutes after the morning began."""
    command = cmd.HandInTicket(block.block_id, count, block.queue_id, MORNING + dt.timedelta(minutes=minutes))
    return replace(command, **fields)


def hand_in(hall: SmallHall, command: cmd.HandInTicket, device: Device = KIOSK) -> re.TicketIssuedReply:
    """Hand a number in."""
    return hall.get(re.TicketIssuedReply, command, device)


def ask(hall: SmallHall, request_id: str = ID, service: str = "land", device: Device = KIOSK) -> re.TicketIssuedReply:
    """A number taken with a request whose answer is lost on the way back."""
    reply = hall.ask(cmd.IssueTicket(service), device, request_id)
    assert isinstance(reply, re.TicketIssuedReply)
    return reply


def state(hall: SmallHall, ticket: re.TicketIssuedReply) -> str:
    """What became of a ticket."""
    return hall.ticket(ticket.ticket.ticket_id).state.value


def restarted(hall: SmallHall, file: st.HallFile | None = None) -> SmallHall:
    """The same hall, started again from what is stored."""
    again = SmallHall(file, hall.storage, first_id=1000 * hall.service.hall.seq)
    again.clock.now = hall.clock.now
    return again


def sound(hall: SmallHall) -> None:
    """The log adds up to the state."""
    assert verify(hall.storage) == hall.service.hall.seq


# ---- handing in ----


def test_a_number_given_alone_stands_in_the_line_as_of_its_own_time(hall: SmallHall) -> None:
    block = block_of(hall)
    hall.clock.tick(10)
    first, later = hall.issue(), None
    hall.clock.tick(20)
    later = hall.issue()
    reply = hand_in(hall, given(block, 800, 15))
    assert (reply.ticket.number, reply.ticket.people_ahead) == ("A800", 1)
    assert reply.ticket.issued_at == MORNING + dt.timedelta(minutes=15)
    hall.open("1")
    assert [hall.serve().number for _ in range(3)] == [first.ticket.number, "A800", later.ticket.number]
    assert [waits.number for waits in hall.log(ev.TicketIssued)] == ["A001", "A002", "A800"]
    sound(hall)


def test_its_wait_and_its_hour_are_those_of_its_own_time(hall: SmallHall) -> None:
    block = block_of(hall)
    hall.clock.tick(90)
    hand_in(hall, given(block))
    overview = hall.overview()
    land = next(service for service in overview.services if service.status.service_id == "land")
    assert (land.status.waiting, land.longest_minutes, land.late) == (1, 90.0, 1)
    assert [(hour.hour, hour.issued) for hour in overview.hours if hour.issued] == [(7, 1)]
    assert "long_wait" in {alert.code for alert in overview.alerts}
    hall.open("1")
    assert [ticket.number for ticket in hall.desk().tickets] == ["A800"]
    assert next(service.longest_minutes for service in hall.desk().services if service.service_id == "land") == 90.0


def test_the_same_number_is_taken_once_also_after_a_restart(hall: SmallHall) -> None:
    block = block_of(hall)
    first = hall.ask(given(block), KIOSK, "hand-in-00001")
    assert hall.ask(given(block), KIOSK, "hand-in-00001") == first
    again = restarted(hall)
    assert again.ask(given(block), KIOSK, "hand-in-00001") == first
    refused = again.ask(given(block), KIOSK, "hand-in-00002")
    assert isinstance(refused, re.Refused)
    assert isinstance(first, re.TicketIssuedReply)
    assert (refused.code, refused.facts) == ("number_taken", {"ticket_id": first.ticket.ticket_id})
    assert len(again.log(ev.TicketIssued)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"count": 799}, "not_in_block"),
        ({"count": 1000}, "not_in_block"),
        ({"count": 10**15}, "not_in_block"),
        ({"service_id": "civil"}, "not_in_block"),
        ({"service_id": "nix"}, "unknown_service"),
        ({"class_id": "vip"}, "unknown_class"),
        ({"block_id": 1}, "unknown_block"),
        ({"block_id": 2**53}, "unknown_block"),
        ({"issued_at": dt.datetime(2026, 11, 23, 8, 0)}, "malformed_request"),  # noqa: DTZ001 - without a zone
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(hall: SmallHall, change: dict[str, Any], code: str) -> None:
    block, ghost = block_of(hall), ask(hall)
    seq = hall.service.hall.seq
    assert hall.refusal(given(block, instead_of=ID, **change), KIOSK) == code
    assert hall.service.hall.seq == seq
    assert state(hall, ghost) == "waiting"


@pytest.mark.parametrize("count", [b"0", b"-1", b"4294967296", b"1" * 5000, b"1e3", b'"800"', b"null"])
def test_a_number_that_is_none_is_malformed(count: bytes) -> None:
    for command in (cmd.HandInTicket(3, 777, "land", MORNING), cmd.ReturnNumbers(3, 777)):
        raw = codec.encode_request("request-0001", command).replace(b"777", count)
        with pytest.raises(MalformedRequest):
            codec.decode_request(raw)


def test_another_kiosks_numbers_and_roles_that_are_no_kiosk_are_refused(hall: SmallHall) -> None:
    block = block_of(hall)
    assert hall.refusal(given(block), OTHER) == "unknown_block"
    for device in (DESK, PHONE, Device("a", "admin", "a"), Device("x", "auditor", "x")):
        assert hall.refusal(given(block), device) == "forbidden"
        assert hall.refusal(cmd.WithdrawRequest(ID), device) == "forbidden"


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ("2026-11-23T00:10:00Z", "2026-11-23T00:10:00"),
        ("2026-11-23T07:10:00+07:00", "2026-11-23T00:10:00"),
        ("2026-11-23T09:00:00Z", "2026-11-23T00:30:00"),  # later than now
        ("2027-11-23T00:10:00Z", "2026-11-23T00:30:00"),
        ("2026-11-21T00:10:00Z", "2026-11-22T17:00:00"),  # before the day's midnight
        ("9999-12-31T23:59:59-14:00", "2026-11-23T00:30:00"),
        ("0001-01-01T00:00:00+14:00", "2026-11-22T17:00:00"),
    ],
)
def test_a_wrong_clock_can_leave_neither_the_day_nor_the_past(hall: SmallHall, told: str, counts: str) -> None:
    block = block_of(hall)
    raw = codec.encode_request("request-far-off", given(block))
    raw = raw.replace(b"2026-11-23T00:30:00Z", told.encode())
    frame = hall.service.answer(codec.decode_request(raw), KIOSK, hall.clock.now)
    hall.service.ledger.commit()
    reply = codec.decode_answer(frame).reply
    assert isinstance(reply, re.TicketIssuedReply)
    assert reply.ticket.issued_at == dt.datetime.fromisoformat(counts).replace(tzinfo=dt.UTC)
    sound(hall)


def test_a_number_on_paper_is_taken_in_also_where_no_number_would_be_given_now(hall: SmallHall) -> None:
    block = block_of(hall)
    hall.enrol(KIOSK)
    hall.ask(cmd.SuspendService("90", "land", "mất điện"))
    hall.ask(cmd.SuspendKiosk("90", KIOSK.device_id, "hỏng"))
    assert hand_in(hall, given(block)).ticket.state == "waiting"


def test_it_counts_for_the_quotas_of_its_own_hour() -> None:
    quotas = [st.Quota(span="07:00-08:00", count=1), st.Quota(span="08:00-09:00", count=1)]
    hall = SmallHall(with_service(hall_file(), "land", quotas=quotas, day_quota=9))
    block = block_of(hall)
    hall.clock.tick(60)
    hand_in(hall, given(block, 800, 5))
    assert hall.service.hall.day is not None
    assert hall.service.hall.day.given == {"land": 1, "land@07:00-08:00": 1}
    hall.issue()
    assert hall.refusal(cmd.IssueTicket("land")) == "quota_reached"


def test_online_numbers_do_not_jump_to_where_numbers_were_handed_in(hall: SmallHall) -> None:
    block = block_of(hall)
    assert hall.issue().ticket.number == "A001"
    hand_in(hall, given(block, 950))
    assert hall.issue().ticket.number == "A002"


def test_a_handed_in_ticket_lives_like_every_other(hall: SmallHall) -> None:
    """Called, taken back, missed, restored, parked, transferred, served and rated, by the token on its paper."""
    block = block_of(hall)
    token = make_block_token(bytes.fromhex(block.key), block.block_id, 800)
    ticket_id = hand_in(hall, given(block)).ticket.ticket_id
    hall.open("1", "2")
    hall.call()
    assert isinstance(hall.undo(), re.CounterReply)
    assert hall.get(re.TicketReply, cmd.GetTicket(token=token), PHONE).ticket.state == "waiting"
    hall.call()
    hall.ask(cmd.MarkNoShow("1", ticket_id))
    hall.get(re.CallReply, cmd.RestoreTicket(ticket_id, "1"))
    hall.call()
    hall.get(re.CallReply, cmd.TransferTicket("1", ticket_id, "civil"))
    assert hall.serve("2").ticket_id == ticket_id
    hall.get(re.DoneReply, cmd.RateTicket(token, 5), PHONE)
    assert hall.get(re.TicketReply, cmd.GetTicket(token=token), PHONE).ticket.rated
    assert hall.refusal(cmd.RateTicket(token, 5), PHONE) == "already_rated"
    sound(hall)


def test_its_citizen_gives_it_back_by_the_token_on_the_paper(hall: SmallHall) -> None:
    block = block_of(hall)
    token = make_block_token(bytes.fromhex(block.key), block.block_id, 800)
    ticket = hand_in(hall, given(block))
    hall.get(re.TicketReply, cmd.CancelTicket(token=token), PHONE)
    assert state(hall, ticket) == "cancelled"


# ---- the token on its paper ----


def test_before_the_hand_in_the_hall_knows_the_paper_and_its_number(hall: SmallHall) -> None:
    block = block_of(hall)
    token = make_block_token(bytes.fromhex(block.key), block.block_id, 807)
    for command in (cmd.GetTicket(token=token), cmd.GetPlace(token)):
        refused = hall.ask(command, PHONE)
        assert isinstance(refused, re.Refused)
        assert (refused.code, refused.facts) == ("unknown_ticket", {"ticket_id": None, "number": "A807"})
    assert hall.refusal(cmd.CancelTicket(token=token), PHONE) == "unknown_ticket"
    assert hall.refusal(cmd.RateTicket(token, 5), PHONE) == "unknown_ticket"
    assert hall.refusal(cmd.CheckIn(token), KIOSK) == "unknown_ticket"


def test_a_token_of_a_number_that_is_not_of_the_block_opens_nothing(hall: SmallHall) -> None:
    block = block_of(hall)
    key = bytes.fromhex(block.key)
    hall.get(re.DoneReply, cmd.ReturnNumbers(block.block_id, 900), KIOSK)
    other = bytes.fromhex(block_of(hall, device=OTHER).key)
    for token in (
        make_block_token(key, block.block_id, 1000),
        make_block_token(key, block.block_id, 850),  # given back
        make_block_token(key, block.block_id + 1, 950),
        make_block_token(other, block.block_id, 950),
    ):
        assert hall.refusal(cmd.GetTicket(token=token), PHONE) == "invalid_token"


def test_a_kiosk_asks_for_tickets_by_token_only(hall: SmallHall) -> None:
    ticket = hall.issue()
    assert hall.refusal(cmd.GetTicket(ticket_id=ticket.ticket.ticket_id), KIOSK) == "forbidden"
    assert hall.get(re.TicketReply, cmd.GetTicket(token=ticket.token), KIOSK).ticket == ticket.ticket


# ---- instead of a request that got no answer ----


def test_what_the_lost_request_gave_is_cancelled_in_the_same_moment(hall: SmallHall) -> None:
    block, ghost = block_of(hall), ask(hall)
    reply = hand_in(hall, given(block, instead_of=ID))
    assert (state(hall, ghost), reply.ticket.state) == ("cancelled", "waiting")
    assert reply.ticket.people_ahead == 0, "nobody stands before himself"
    cancelled = hall.log(ev.TicketCancelled)
    assert [(body.number, body.by) for body in cancelled] == [("A001", "kiosk")]
    sound(hall)


def test_one_touch_counts_once_in_figures_and_quotas() -> None:
    quotas = [st.Quota(span="07:00-08:00", count=2)]
    hall = SmallHall(with_service(hall_file(), "land", quotas=quotas, day_quota=9))
    block, ghost = block_of(hall), ask(hall)
    hand_in(hall, given(block, instead_of=ID))
    assert hall.service.hall.day is not None
    assert hall.service.hall.day.given == {"land": 1, "land@07:00-08:00": 1}
    assert (hall.overview().today.issued, hall.overview().today.cancelled) == (1, 0)
    whole = report_of(hall, TODAY).whole
    assert (whole.issued, whole.cancelled) == (1, 0)
    hall.open("1")
    hall.get(re.CallReply, cmd.RestoreTicket(ghost.ticket.ticket_id, "1"))
    assert hall.overview().today.issued == 2, "restored, it is somebody's after all"
    sound(hall)


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("way", ["hand_in", "withdraw"])
def test_a_request_that_comes_late_gets_nothing_any_more(hall: SmallHall, way: str, restart: bool) -> None:
    block = block_of(hall)
    if way == "hand_in":
        hand_in(hall, given(block, instead_of=ID))
    else:
        hall.get(re.DoneReply, cmd.WithdrawRequest(ID), KIOSK)
    hall = restarted(hall) if restart else hall
    seq = hall.service.hall.seq
    assert hall.refusal(cmd.IssueTicket("land"), KIOSK, ID) == "request_id_reused"
    assert hall.refusal(cmd.IssueTicket("land"), KIOSK, ID) == "request_id_reused"
    assert hall.service.hall.seq == seq


def test_late_request_and_hand_in_may_lie_in_one_batch(hall: SmallHall) -> None:
    block = block_of(hall)
    commands: list[cmd.Command] = [given(block, instead_of=ID), cmd.IssueTicket("land"), given(block, 801)]
    for place, command in enumerate(commands):
        request = cmd.Request(1, ID if place == 1 else f"in-batch-{place}", command)
        frame = hall.service.answer(request, KIOSK, hall.clock.now)
        assert isinstance(codec.decode_answer(frame).reply, re.Refused) == (place == 1)
    hall.service.ledger.commit()
    assert [body.number for body in hall.log(ev.TicketIssued)] == ["A800", "A801"]


def test_lost_request_and_hand_in_may_lie_in_one_batch(hall: SmallHall) -> None:
    block = block_of(hall)
    both: dict[str, cmd.Command] = {ID: cmd.IssueTicket("land"), "hand-in-00001": given(block, instead_of=ID)}
    for request_id, command in both.items():
        hall.service.answer(cmd.Request(1, request_id, command), KIOSK, hall.clock.now)
    hall.service.ledger.commit()
    assert {ticket.number: ticket.state for ticket in hall.storage.tickets()} == {
        "A001": "cancelled",
        "A800": "waiting",
    }
    sound(hall)


@pytest.mark.parametrize("restart", [False, True])
def test_a_refused_request_stays_refused_once_it_is_withdrawn(hall: SmallHall, restart: bool) -> None:
    hall.ask(cmd.SuspendService("90", "land", ""))
    refused = hall.ask(cmd.IssueTicket("land"), KIOSK, ID)
    hall.get(re.DoneReply, cmd.WithdrawRequest(ID), KIOSK)
    hall.get(re.DoneReply, cmd.WithdrawRequest(ID), KIOSK)
    hall.ask(cmd.ReopenService("90", "land"))
    hall = restarted(hall) if restart else hall
    assert hall.ask(cmd.IssueTicket("land"), KIOSK, ID) == refused
    assert hall.log(ev.TicketIssued) == []


def test_withdrawing_twice_is_as_once(hall: SmallHall) -> None:
    ghost = ask(hall)
    for _ in range(2):
        hall.get(re.DoneReply, cmd.WithdrawRequest(ID), KIOSK)
        assert state(hall, ghost) == "cancelled"
    assert len(hall.log(ev.TicketCancelled)) == 1
    assert hall.ask(cmd.IssueTicket("land"), KIOSK, ID) == ghost, "the same request, the same answer"
    sound(hall)


@pytest.mark.parametrize("way", ["instead_of", "withdraw"])
def test_nobody_takes_away_what_another_device_asked_for(hall: SmallHall, way: str) -> None:
    block, theirs = block_of(hall), ask(hall, device=OTHER)
    if way == "instead_of":
        hand_in(hall, given(block, instead_of=ID))
    else:
        hall.get(re.DoneReply, cmd.WithdrawRequest(ID), KIOSK)
    assert state(hall, theirs) == "waiting"


def test_requests_of_another_kind_and_its_own_are_no_harm(hall: SmallHall) -> None:
    block = block_of(hall)
    hall.open("1")
    hall.ask(cmd.ReportDevice([]), KIOSK, "another-kind-1")
    hall.ask(cmd.CallNext("1"), DESK, "another-kind-2")
    first = hand_in(hall, given(block, 800, instead_of="another-kind-1"))
    hand_in(hall, given(block, 801, instead_of="another-kind-2"))
    itself = hall.ask(given(block, 802, instead_of="its-own-request"), KIOSK, "its-own-request")
    assert isinstance(itself, re.TicketIssuedReply)
    assert hall.ask(given(block, 802, instead_of="its-own-request"), KIOSK, "its-own-request") == itself
    assert [state(hall, ticket) for ticket in (first, itself)] == ["waiting", "waiting"]
    for _ in range(2):
        assert hall.ask(cmd.WithdrawRequest("withdraws-itself"), KIOSK, "withdraws-itself") == re.DoneReply()
    assert isinstance(
        restarted(hall).ask(cmd.WithdrawRequest("withdraws-itself"), KIOSK, "withdraws-itself"), re.DoneReply
    )
    sound(hall)


def test_a_kiosk_may_withdraw_what_it_handed_in_itself(hall: SmallHall) -> None:
    block = block_of(hall)
    reply = hall.ask(given(block), KIOSK, "hand-in-00001")
    assert isinstance(reply, re.TicketIssuedReply)
    hall.get(re.DoneReply, cmd.WithdrawRequest("hand-in-00001"), KIOSK)
    assert state(hall, reply) == "cancelled"
    assert hall.refusal(given(block), KIOSK) == "number_taken"


def call(hall: SmallHall, _ticket_id: int) -> None:
    """The ghost is called."""
    hall.call()


def park(hall: SmallHall, ticket_id: int) -> None:
    """The ghost is set aside."""
    hall.call()
    hall.get(re.CallReply, cmd.ParkTicket("1", ticket_id, 5))


def serve(hall: SmallHall, _ticket_id: int) -> None:
    """The ghost is being served: somebody sits there."""
    hall.start()


def finish(hall: SmallHall, _ticket_id: int) -> None:
    """The ghost was served."""
    hall.serve()


def miss(hall: SmallHall, ticket_id: int) -> None:
    """The ghost did not come."""
    hall.call()
    hall.get(re.CallReply, cmd.MarkNoShow("1", ticket_id))


@pytest.mark.parametrize(
    ("meanwhile", "after"),
    [(call, "cancelled"), (park, "cancelled"), (serve, "serving"), (finish, "finished"), (miss, "no_show")],
)
def test_whatever_became_of_it_meanwhile(
    hall: SmallHall, meanwhile: Callable[[SmallHall, int], None], after: str
) -> None:
    block, ghost = block_of(hall), ask(hall)
    hall.open("1")
    meanwhile(hall, ghost.ticket.ticket_id)
    reply = hand_in(hall, given(block, instead_of=ID))
    assert (state(hall, ghost), reply.ticket.state) == (after, "waiting")
    held = hall.desk().counter.ticket
    assert (held is None) == (after != "serving")
    sound(hall)


def test_a_ghost_that_staff_restored_has_another_number_than_the_paper(hall: SmallHall) -> None:
    block, ghost = block_of(hall), ask(hall)
    hand_in(hall, given(block, instead_of=ID))
    hall.open("1")
    hall.get(re.CallReply, cmd.RestoreTicket(ghost.ticket.ticket_id, "1"))
    assert {hall.serve().number for _ in range(2)} == {"A001", "A800"}
    sound(hall)


def test_who_withdraws_a_check_in_may_check_in_again(hall: SmallHall) -> None:
    place = hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", MORNING + dt.timedelta(minutes=30)))
    assert isinstance(hall.ask(cmd.CheckIn(place.token), KIOSK, ID), re.TicketIssuedReply)
    assert hall.refusal(cmd.CheckIn(place.token), KIOSK) == "already_checked_in"
    hall.get(re.DoneReply, cmd.WithdrawRequest(ID), KIOSK)
    assert hall.get(re.PlaceReply, cmd.GetPlace(place.token), PHONE).ticket_id is None
    assert hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token), KIOSK).ticket.origin == "appointment"
    sound(hall)


def test_who_withdraws_the_check_in_of_a_come_back_slip_may_come_back_again(hall: SmallHall) -> None:
    hall.issue()
    hall.open("1")
    ticket = hall.start()
    slip = hall.get(re.ComeBackReply, cmd.GrantComeBack("1", ticket.ticket_id, ["Giấy khai sinh"], 48))
    assert isinstance(hall.ask(cmd.CheckIn(slip.token), KIOSK, ID), re.TicketIssuedReply)
    hall.get(re.DoneReply, cmd.WithdrawRequest(ID), KIOSK)
    assert hall.get(re.TicketIssuedReply, cmd.CheckIn(slip.token), KIOSK).ticket.origin == "come_back"
    sound(hall)


def test_who_gave_a_number_back_himself_may_not_check_in_again(hall: SmallHall) -> None:
    place = hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", MORNING + dt.timedelta(minutes=30)))
    ticket = hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token), KIOSK)
    hall.get(re.TicketReply, cmd.CancelTicket(token=ticket.token), PHONE)
    assert hall.refusal(cmd.CheckIn(place.token), KIOSK) == "already_checked_in"


def test_whose_lost_request_is_withdrawn_may_take_a_number_where_the_hall_allows_one_each() -> None:
    hall = SmallHall(with_service(hall_file(), "land", asks_person=True))
    person = cmd.IssueTicket("land", person="001099012345")
    assert isinstance(hall.ask(person, KIOSK, ID), re.TicketIssuedReply)
    assert hall.refusal(person, KIOSK) == "already_waiting"
    hall.get(re.DoneReply, cmd.WithdrawRequest(ID), KIOSK)
    hall.get(re.TicketIssuedReply, person, KIOSK)


# ---- a number of an earlier day ----


def day_after(hall: SmallHall) -> re.NumberBlock:
    """One number is taken online; the server is away for the rest of the day and comes back on the next."""
    block = block_of(hall)
    hall.issue()
    hall.pass_time(24 * 60)
    hall.issue()
    return block


def test_a_number_of_an_earlier_day_ends_at_once_and_waits_on_no_screen(hall: SmallHall) -> None:
    block = day_after(hall)
    seq = hall.service.hall.seq
    reply = hand_in(hall, given(block, 800, 45))
    assert (reply.ticket.state, reply.ticket.service_day) == ("cancelled", TODAY)
    assert reply.ticket.issued_at == MORNING + dt.timedelta(minutes=45)
    events = [codec.decode_event(event.body) for event in hall.storage.events(seq + 1)]
    assert sum(more for event in events for _, more in waiting_changes(event.body)) == 0
    land = next(status for status in hall.overview().services if status.status.service_id == "land")
    assert (land.status.waiting, hall.overview().today.issued, hall.overview().today.cancelled) == (1, 1, 0)
    hall.open("1")
    assert [ticket.number for ticket in hall.desk().tickets] == ["A001"]
    assert hall.refusal(cmd.RestoreTicket(reply.ticket.ticket_id, "1")) == "wrong_state"
    assert hall.service.hall.day is not None
    assert hall.service.hall.day.last_numbers == {"land": 1}
    sound(hall)
    again = restarted(hall)
    assert again.overview().today == hall.overview().today


def test_a_number_of_an_earlier_day_takes_nothing_from_todays_quota() -> None:
    hall = SmallHall(with_service(hall_file(), "land", day_quota=2))
    block = day_after(hall)
    hand_in(hall, given(block, 800, 45))
    assert hall.service.hall.day is not None
    assert hall.service.hall.day.given == {"land": 1}


def report_of(hall: SmallHall, day: dt.date) -> Report:
    """A day's figures as the command makes them."""
    return day_report(hall.storage, day)


@pytest.mark.parametrize("disk", [False, True])
def test_it_counts_in_the_report_of_its_own_day_and_in_no_other(disk: bool, tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db") if disk else MemoryStorage()
    hall = SmallHall(storage=storage)
    block = day_after(hall)
    hand_in(hall, given(block, 800, 45))
    hall.pass_time(3 * 24 * 60)
    hand_in(hall, given(block, 801, 46))
    later = [report_of(hall, TODAY + dt.timedelta(days=days)).whole for days in range(5) if days not in (2, 3)]
    assert [(day.issued, day.cancelled) for day in later] == [(3, 3), (1, 1), (0, 0)]
    late = [seq for t in storage.tickets() if t.number > "A8" for seq in (t.ticket_id, t.ticket_id + 1)]
    assert storage.late_events(TODAY) == late
    assert storage.late_events(TOMORROW) == []
    storage.close()


@pytest.mark.parametrize("disk", [False, True])
def test_one_touch_counts_once_also_if_the_day_ended_between(disk: bool, tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db") if disk else MemoryStorage()
    hall = SmallHall(storage=storage)
    block, ghost = block_of(hall), ask(hall)
    hall.pass_time(24 * 60)
    hall.issue()
    hand_in(hall, given(block, 800, instead_of=ID))
    assert hall.ticket(ghost.ticket.ticket_id).withdrawn
    days = [report_of(hall, day).whole for day in (TODAY, TOMORROW)]
    assert [(day.issued, day.cancelled) for day in days] == [(1, 1), (1, 0)]
    sound(hall)
    storage.close()


def test_a_whole_day_without_the_server_has_its_report_too(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    block = block_of(hall, day=TOMORROW)
    hall.pass_time(2 * 24 * 60)
    hand_in(hall, given(block, 800, 24 * 60 + 45))
    hand_in(hall, given(block, 801, 24 * 60 + 46))
    hall.storage.close()
    assert main(["report", "--data", str(tmp_path), "--day", TOMORROW.isoformat(), "--format", "csv"]) == 0
    whole = capsysbinary.readouterr().out.decode("utf-8-sig").splitlines()[1]
    assert ",2," in whole.replace(";", ",")
    assert main(["report", "--data", str(tmp_path), "--day", "2026-12-24"]) == 2
    assert main(["verify", "--data", str(tmp_path)]) == 0


# ---- a past day played again ----


def test_a_rehearsal_lets_it_come_when_the_hall_learned_of_it_but_wait_since_its_own_time() -> None:
    hall = SmallHall()
    block = block_of(hall)
    hall.open("1")
    hall.clock.tick(30)
    hand_in(hall, given(block, 800, 10))
    hall.clock.tick(5)
    hall.serve()
    day = read_day(hall.service.rules, events_of(hall.storage, TODAY))
    assert [(call.number, call.wait) for call in day.calls] == [("A800", 25 * 60)]
    assert play(day, hall.service.rules) == day.calls


def test_a_rehearsal_of_the_day_of_hand_in_knows_nothing_of_an_earlier_days_number(hall: SmallHall) -> None:
    block = day_after(hall)
    hall.open("1")
    hand_in(hall, given(block, 800, 45))
    hall.clock.tick(5)
    hall.serve()
    span = hall.storage.day_span(TOMORROW)
    assert span is not None
    day = read_day(hall.service.rules, (codec.decode_event(event.body) for event in hall.storage.events(*span)))
    assert [[stay.ticket.number for stay in visit] for visit in day.visits] == [["A001"]]
    assert [call.number for call in play(day, hall.service.rules)] == ["A001"]


# ---- papers ----


def test_the_paper_of_a_number_given_alone_is_reported_after_its_hand_in(hall: SmallHall) -> None:
    block = block_of(hall)
    ticket = hand_in(hall, given(block)).ticket.ticket_id
    hall.get(re.DoneReply, cmd.ReportPrint(ticket, "printed"), KIOSK)
    hall.get(re.DoneReply, cmd.ReportPrint(ticket, "failed", "paper_out", reprint=True), KIOSK)
    assert [body.reprint for body in hall.log(ev.PrintFailed)] == [True]
    assert hall.refusal(cmd.ReportPrint(999_999, "printed"), KIOSK) == "unknown_ticket"
