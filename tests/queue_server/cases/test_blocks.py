"""Blocks of numbers that kiosks hold: never a number twice, never one kept from citizens for nothing."""

import datetime as dt
import itertools

import pytest
from msgspec.structs import replace

from config import settings as st
from protocol import codec
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from queue_server.domain.rows import Device
from queue_server.verifying import verify
from tests.queue_server.factories import ALWAYS_OPEN, DESK, KIOSK, MORNING, SmallHall, hall_file

OTHER = Device("kiosk-2", "kiosk", "k2")
TODAY = dt.date(2026, 11, 23)
TOMORROW = TODAY + dt.timedelta(days=1)


def blocks(hall: SmallHall, device: Device = KIOSK) -> dict[tuple[str, dt.date], re.NumberBlock]:
    """The blocks that a kiosk holds, by queue and day."""
    reply = hall.get(re.BlocksReply, cmd.ReserveNumbers(), device)
    found = {(block.queue_id, block.service_day): block for block in reply.blocks}
    assert len(found) == len(reply.blocks), "a kiosk gives from one block of a queue and day"
    return found


def span(block: re.NumberBlock) -> tuple[int, int]:
    """The numbers of a block."""
    return block.first, block.last


def hand_in(block: re.NumberBlock, count: int, minutes: float = 0) -> cmd.HandInTicket:
    """What a kiosk tells of a number that it gave."""
    return cmd.HandInTicket(block.block_id, count, block.queue_id, MORNING + dt.timedelta(minutes=minutes))


def needs(hall: SmallHall) -> int:
    """How often kiosks were asked for numbers of today's land queue."""
    return sum(body == ev.NumbersNeeded("land", TODAY) for body in hall.log(ev.NumbersNeeded))


def online(hall: SmallHall) -> list[int]:
    """Numbers taken online until none is left."""
    found = []
    while isinstance(reply := hall.ask(cmd.IssueTicket("land")), re.TicketIssuedReply):
        found.append(int(reply.ticket.number[1:]))
    assert isinstance(reply, re.Refused)
    assert reply.code == "numbers_exhausted"
    return found


def test_a_kiosk_holds_the_end_of_every_series_for_today_and_the_next_day_of_work() -> None:
    hall = SmallHall()
    held = blocks(hall)
    assert {key: span(block) for key, block in held.items()} == {
        (queue, day): (800, 999) for queue in ("land", "civil", "results") for day in (TODAY, TOMORROW)
    }
    assert {key: span(block) for key, block in blocks(hall, OTHER).items()} == dict.fromkeys(held, (600, 799))
    assert len({block.key for block in held.values()}) == len(held)


def test_asking_again_gives_the_same_blocks_and_writes_nothing() -> None:
    hall = SmallHall()
    held, seq = blocks(hall), hall.service.hall.seq
    assert blocks(hall) == held
    assert hall.service.hall.seq == seq


def test_the_next_day_of_work_skips_the_weekend() -> None:
    work = ["07:30-17:00"]
    hours = st.Hours(monday=work, tuesday=work, wednesday=work, thursday=work, friday=work)
    hall = SmallHall(hall_file(hours=hours))
    hall.pass_time(4 * 24 * 60)  # Friday
    assert {day for _, day in blocks(hall)} == {TODAY + dt.timedelta(days=4), TODAY + dt.timedelta(days=7)}


def test_a_hall_that_wants_no_blocks_gives_none() -> None:
    hall = SmallHall(replace(hall_file(), kiosk=st.Kiosk(block_size=0)))
    assert blocks(hall) == {}
    assert hall.log(ev.NumbersReserved) == []


def test_only_kiosks_hold_numbers() -> None:
    hall = SmallHall()
    for device in (DESK, Device("p", "phone", "p"), Device("d", "display", "d"), Device("a", "admin", "a")):
        assert hall.refusal(cmd.ReserveNumbers(), device) == "forbidden"
        assert hall.refusal(cmd.ReturnNumbers(1, 1), device) == "forbidden"


def test_numbers_taken_online_stop_before_the_blocks_and_go_on_behind_them() -> None:
    hall = SmallHall(hall_file(last=8))
    held = blocks(hall)["land", TODAY]
    assert span(held) == (5, 8)
    assert online(hall) == [1, 2, 3, 4]
    hall.get(re.DoneReply, cmd.ReturnNumbers(held.block_id, 7), KIOSK)
    assert online(hall) == [5, 6]
    hall.get(re.DoneReply, cmd.ReturnNumbers(held.block_id, 9), KIOSK)
    assert online(hall) == [7, 8]


def test_returning_twice_or_less_than_before_changes_nothing() -> None:
    hall = SmallHall(hall_file(last=8))
    held = blocks(hall)["land", TODAY]
    hall.get(re.DoneReply, cmd.ReturnNumbers(held.block_id, 8), KIOSK)
    seq = hall.service.hall.seq
    for first in (8, 6, 1):
        hall.get(re.DoneReply, cmd.ReturnNumbers(held.block_id, first), KIOSK)
    assert hall.service.hall.seq == seq
    assert span(blocks(hall)["land", TODAY]) == (8, 8)


def test_more_than_all_of_a_block_cannot_be_returned_nor_another_kiosks() -> None:
    hall = SmallHall(hall_file(last=8))
    held = blocks(hall)["land", TODAY]
    assert hall.refusal(cmd.ReturnNumbers(held.block_id, 10), KIOSK) == "not_in_block"
    assert hall.refusal(cmd.ReturnNumbers(held.block_id, 9), OTHER) == "unknown_block"
    assert hall.refusal(cmd.ReturnNumbers(0, 1), KIOSK) == "unknown_block"


def test_what_was_handed_in_before_a_return_is_never_given_again() -> None:
    """The kiosk gave 5 and 6, gives back the rest; neither the line nor another kiosk's block may have 5 and 6."""
    hall = SmallHall(hall_file(last=8))
    held = blocks(hall)["land", TODAY]
    for count in (5, 6):
        hall.get(re.TicketIssuedReply, hand_in(held, count), KIOSK)
    hall.get(re.DoneReply, cmd.ReturnNumbers(held.block_id, 9), KIOSK)
    theirs = blocks(hall, OTHER)["land", TODAY]
    assert span(theirs) == (2, 4)
    assert online(hall) == [1, 7, 8]


def test_a_number_below_one_handed_in_may_be_on_paper_and_is_not_freed_by_a_return() -> None:
    hall = SmallHall(hall_file(last=8))
    held = blocks(hall)["land", TODAY]
    hall.get(re.TicketIssuedReply, hand_in(held, 6), KIOSK)
    hall.get(re.DoneReply, cmd.ReturnNumbers(held.block_id, 9), KIOSK)
    assert online(hall) == [1, 2, 3, 4, 7, 8]
    late = hall.get(re.TicketIssuedReply, hand_in(held, 5), KIOSK)
    assert late.ticket.number == "A005"
    assert hall.refusal(hand_in(held, 7), KIOSK) == "not_in_block"


def test_a_block_begins_behind_what_was_handed_in_of_it() -> None:
    hall = SmallHall()
    held = blocks(hall)["land", TODAY]
    hall.get(re.TicketIssuedReply, hand_in(held, 803), KIOSK)
    assert span(blocks(hall)["land", TODAY]) == (804, 999)


def test_who_used_up_a_block_gets_another_one_only_where_numbers_abound() -> None:
    hall = SmallHall(replace(hall_file(last=20), kiosk=st.Kiosk(block_size=4)))
    held = blocks(hall)["land", TODAY]
    for count in range(17, 21):
        hall.get(re.TicketIssuedReply, hand_in(held, count), KIOSK)
    assert span(blocks(hall)["land", TODAY]) == (13, 16)
    for _ in range(6):
        hall.issue()
    for count in range(13, 17):
        hall.get(re.TicketIssuedReply, hand_in(blocks(hall)["land", TODAY], count), KIOSK)
    assert ("land", TODAY) not in blocks(hall)  # 7 to 12 are free: too few to take four of them again
    assert online(hall) == list(range(7, 13))


# ---- when numbers run short ----


def test_kiosks_are_asked_for_numbers_before_the_free_ones_end() -> None:
    hall = SmallHall(hall_file(last=80))
    assert span(blocks(hall)["land", TODAY]) == (41, 80)
    asked = []
    for _ in range(40):
        hall.issue()
        asked.append(needs(hall))
    left = [39 - place for place, (before, now) in enumerate(itertools.pairwise([0, *asked])) if now > before]
    assert left == [30, 20, 10, 5, 4, 3, 2, 1, 0]


def test_nobody_is_asked_for_numbers_that_nobody_holds() -> None:
    hall = SmallHall(hall_file(last=8))
    online(hall)
    assert needs(hall) == 0


@pytest.mark.parametrize("way", ["directly", "check_in"])
def test_kiosks_are_asked_whatever_takes_the_last_numbers(way: str) -> None:
    hall = SmallHall(hall_file(last=12))
    hall.open("1")
    blocks(hall)
    places = [
        hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", MORNING + dt.timedelta(minutes=30))) for _ in range(2)
    ]
    if way == "directly":
        call = hall.get(re.CallReply, cmd.ServeDirectly("1", "land"))
        assert call.ticket is not None
    else:
        hall.get(re.TicketIssuedReply, cmd.CheckIn(places[0].token))
    assert needs(hall) == 1


def test_a_block_taken_from_the_last_numbers_cannot_jump_over_the_asking() -> None:
    """Six are left; another kiosk takes three: the next number already asks for more."""
    hall = SmallHall(hall_file(last=24))
    blocks(hall)
    for _ in range(6):
        hall.issue()
    before = needs(hall)
    assert span(blocks(hall, OTHER)["land", TODAY]) == (10, 12)
    hall.issue()
    assert needs(hall) > before


def test_a_kiosk_that_was_away_learns_at_its_next_asking_that_its_numbers_are_needed() -> None:
    hall = SmallHall(hall_file(last=8))
    held = blocks(hall)["land", TODAY]
    assert online(hall) == [1, 2, 3, 4]
    before = needs(hall)
    assert span(blocks(hall)["land", TODAY]) == span(held)
    assert needs(hall) == before + 1
    hall.get(re.DoneReply, cmd.ReturnNumbers(held.block_id, 9), KIOSK)
    assert online(hall) == [5, 6, 7, 8]


def test_numbers_between_two_blocks_count_as_free() -> None:
    """Kiosk 1 gave back the lower half of the highest block: 25 of it are free, and 5 below the other block."""
    hall = SmallHall(replace(hall_file(last=150), kiosk=st.Kiosk(block_size=50)))
    held = blocks(hall)["land", TODAY]
    blocks(hall, OTHER)
    hall.get(re.DoneReply, cmd.ReturnNumbers(held.block_id, 126), KIOSK)
    for _ in range(45):
        hall.issue()
    assert needs(hall) == 1
    assert online(hall) == [*range(46, 51), *range(101, 126)]


def test_numbers_given_back_when_the_series_has_passed_them_come_at_its_end() -> None:
    hall = SmallHall(replace(hall_file(last=8), kiosk=st.Kiosk(block_size=2)))
    low = blocks(hall, OTHER)["land", TODAY]
    high = blocks(hall)["land", TODAY]
    assert (span(high), span(low)) == ((5, 6), (7, 8))
    hall.get(re.DoneReply, cmd.ReturnNumbers(low.block_id, 9), OTHER)
    assert online(hall) == [1, 2, 3, 4, 7, 8]
    hall.get(re.TicketIssuedReply, hand_in(high, 5), KIOSK)
    hall.get(re.DoneReply, cmd.ReturnNumbers(high.block_id, 7), KIOSK)
    again = restarted(hall, hall_file(last=8))
    assert online(again) == [6]
    assert verify(again.storage) == again.service.hall.seq


def test_a_hall_whose_kiosks_help_each_other_out_gives_its_whole_series_online() -> None:
    """Twenty kiosks hold blocks of 999 numbers; each time numbers are needed all give the lower half of theirs back."""
    hall = SmallHall()
    kiosks = [Device(f"kiosk-{number}", "kiosk", "k") for number in range(20)]
    held = {
        kiosk.device_id: blocks(hall, kiosk)["land", TODAY]
        for kiosk in kiosks
        if ("land", TODAY) in blocks(hall, kiosk)
    }
    given, asked = [], needs(hall)
    while isinstance(reply := hall.ask(cmd.IssueTicket("land")), re.TicketIssuedReply):
        given.append(int(reply.ticket.number[1:]))
        if needs(hall) > asked:
            for kiosk in kiosks:
                asked = needs(hall)
                block = held.get(kiosk.device_id)
                if block is not None and block.first <= block.last:
                    half = replace(block, first=block.first + (block.last - block.first + 2) // 2)
                    hall.get(re.DoneReply, cmd.ReturnNumbers(half.block_id, half.first), kiosk)
                    held[kiosk.device_id] = half
    assert sorted(given) == list(range(1, 1000))


# ---- days, restarts, other hall files ----


def test_a_new_day_gives_the_numbers_from_the_blocks_that_were_reserved_for_it() -> None:
    hall = SmallHall(hall_file(last=8))
    held = blocks(hall)["land", TOMORROW]
    assert hall.refusal(hand_in(held, 5), KIOSK) == "not_in_block"  # that day has not begun
    hall.pass_time(24 * 60)
    assert span(blocks(hall)["land", TOMORROW]) == span(held)
    assert blocks(hall)["land", TOMORROW].block_id == held.block_id
    assert online(hall) == [1, 2, 3, 4]


def test_while_the_clock_is_put_back_no_numbers_of_a_day_that_is_over_are_reserved() -> None:
    hall = SmallHall()
    hall.issue()
    hall.pass_time(2 * 24 * 60)
    hall.clock.tick(-2 * 24 * 60)
    assert {day for _, day in blocks(hall)} == {TODAY + dt.timedelta(days=2), TODAY + dt.timedelta(days=3)}


def test_blocks_are_dropped_a_week_after_their_day_and_the_log_still_adds_up() -> None:
    hall = SmallHall()
    held = blocks(hall)["land", TODAY]
    hall.get(re.TicketIssuedReply, hand_in(held, 800), KIOSK)
    hall.pass_time(7 * 24 * 60)
    assert hall.get(re.TicketIssuedReply, hand_in(held, 801), KIOSK).ticket.state == "cancelled"
    hall.pass_time(24 * 60)
    assert hall.refusal(hand_in(held, 802), KIOSK) == "unknown_block"
    assert held.block_id not in hall.service.hall.blocks
    assert all(key != f"block:{held.block_id}" for key in hall.storage.rows())
    assert verify(hall.storage) == hall.service.hall.seq


def test_after_a_restart_the_blocks_are_as_before() -> None:
    hall = SmallHall()
    held = blocks(hall)
    hall.get(re.TicketIssuedReply, hand_in(held["land", TODAY], 800), KIOSK)
    hall.get(re.DoneReply, cmd.ReturnNumbers(held["civil", TODAY].block_id, 900), KIOSK)
    again = SmallHall(storage=hall.storage, first_id=1000)
    again.clock.now = hall.clock.now
    assert again.service.hall.blocks == hall.service.hall.blocks
    assert again.service.hall.blocks_of("land", TODAY) == hall.service.hall.blocks_of("land", TODAY)
    assert blocks(again) == blocks(hall)
    assert verify(again.storage) == again.service.hall.seq


def with_queue(file: st.HallFile, **fields: object) -> st.HallFile:
    """The hall file with another land queue."""
    return replace(file, queues=[replace(q, **fields) if q.id == "land" else q for q in file.queues])


def restarted(hall: SmallHall, file: st.HallFile) -> SmallHall:
    """The same hall, started again with another hall file."""
    again = SmallHall(file, hall.storage, first_id=1000 * hall.service.hall.seq)
    again.clock.now = hall.clock.now
    return again


def test_a_series_made_shorter_or_longer_meanwhile_gives_no_number_twice() -> None:
    hall = SmallHall(hall_file(last=20))
    held = blocks(hall)["land", TODAY]
    assert span(held) == (11, 20)
    hall.issue()
    shorter = restarted(hall, hall_file(last=13))
    assert online(shorter) == list(range(2, 11))
    longer = restarted(shorter, hall_file(last=24))
    longer.get(re.TicketIssuedReply, hand_in(held, 11), KIOSK)
    theirs = blocks(longer, OTHER)["land", TODAY]
    assert span(theirs) == (23, 24)
    assert online(longer) == [21, 22]


def test_a_number_keeps_the_letters_with_which_it_was_printed_and_the_block_is_used_no_more() -> None:
    hall = SmallHall(hall_file(last=40))
    held = blocks(hall)["land", TODAY]
    renamed = restarted(hall, with_queue(hall_file(last=40), prefix="L"))
    assert renamed.get(re.TicketIssuedReply, hand_in(held, held.first), KIOSK).ticket.number == f"A{held.first:03}"
    assert renamed.issue().ticket.number == "L001"
    fresh = blocks(renamed).get(("land", TODAY))
    assert fresh is None or fresh.block_id != held.block_id
    tomorrow = blocks(renamed)["land", TOMORROW]
    assert tomorrow.last < blocks(hall)["land", TOMORROW].first


def test_a_queue_that_is_gone_from_the_hall_file_does_not_disturb_the_others() -> None:
    hall = SmallHall()
    blocks(hall)
    file = hall_file(services={"civil": 8.0, "results": 4.0}, counters={"1": ["civil", "results"]})
    fewer = restarted(hall, file)
    assert {queue for queue, _ in blocks(fewer)} == {"civil", "results"}
    assert verify(fewer.storage) == fewer.service.hall.seq


def test_the_blocks_of_a_large_hall_fit_into_a_message_and_asking_writes_them_once() -> None:
    services = {f"dich-vu-cong-{i:02}": 5.0 for i in range(22)}
    queues = [st.Queue(id=s, prefix=chr(65 + i % 20) + chr(65 + i // 20)) for i, s in enumerate(services)]
    names = [st.Service(id=s, name=s, name_en=s, agency="office", queue=s, minutes=5) for s in services]
    counters = [st.Counter(id="1", name="Quầy 1", services=list(services))]
    file = replace(hall_file(hours=ALWAYS_OPEN), services=names, queues=queues, counters=counters)
    hall = SmallHall(file)
    for number in range(4):
        request = cmd.Request(1, f"reserve-{number}", cmd.ReserveNumbers())
        frame = hall.service.answer(request, Device(f"kiosk-{number}", "kiosk", "k"), hall.clock.now)
        hall.service.ledger.commit()
        assert len(frame) < codec.MAX_REQUEST_BYTES
        reply = codec.decode_answer(frame).reply
        assert isinstance(reply, re.BlocksReply)
        assert len(reply.blocks) == 44
    assert len(hall.log(ev.NumbersReserved)) == 4 * 44
    spans: dict[tuple[str, dt.date], set[int]] = {}
    for body in hall.log(ev.NumbersReserved):
        taken = spans.setdefault((body.queue_id, body.service_day), set())
        numbers = set(range(body.first, body.last + 1))
        assert not numbers & taken
        taken |= numbers
