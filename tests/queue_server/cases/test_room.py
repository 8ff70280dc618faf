"""Calls that the room saw or did not see, announcements, and how satisfied it is told to be."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from config import settings as st
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from queue_server.domain.rows import Device
from queue_server.service import QueueService
from queue_server.storage.base import StorageFault
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import DESK, PHONE, SmallHall, counting_bytes, hall_file

WALL = Device("wall", "display", "w")
LAND_ONLY = Device("land-wall", "display", "lw")
SIGN = Device("sign", "display", "s")


@pytest.fixture
def hall() -> SmallHall:
    displays = [st.Display(id="land-wall", services=["land"]), st.Display(id="sign", kind="counter", counter="1")]
    hall = SmallHall(replace(hall_file(), displays=displays))
    hall.open("1", "2", "3")
    return hall


def called(hall: SmallHall, service_id: str = "land", counter_id: str = "3") -> re.TicketView:
    hall.issue(service_id)
    ticket = hall.call(counter_id)
    assert ticket is not None
    return ticket


def acknowledge(hall: SmallHall, ticket: re.TicketView, wall: Device = WALL, *, said: bool = False) -> None:
    assert ticket.announced_at is not None
    reply = hall.ask(cmd.AcknowledgeCall(ticket.ticket_id, ticket.announced_at, said), wall)
    assert isinstance(reply, re.DoneReply)


def wait(hall: SmallHall, seconds: float) -> None:
    hall.clock.tick(seconds / 60)
    hall.service.tick(hall.clock.now)
    hall.service.ledger.commit()


def unseen(hall: SmallHall, counter_id: str = "3") -> bool:
    ticket = hall.get(re.DeskReply, cmd.GetDesk(counter_id), DESK).counter.ticket
    return ticket is not None and ticket.unseen


# ---- acknowledged calls ----


def test_the_first_wall_that_shows_a_call_is_noted_and_the_first_that_said_it(hall: SmallHall) -> None:
    hall.enrol(WALL, LAND_ONLY)
    ticket = called(hall)
    for wall in (WALL, LAND_ONLY):
        acknowledge(hall, ticket, wall)
        acknowledge(hall, ticket, wall, said=True)
    assert [body.display_id for body in hall.bodies(ev.CallShown)] == ["wall"]
    assert [body.display_id for body in hall.bodies(ev.CallSaid)] == ["wall"]


def test_a_call_that_no_wall_showed_is_told_to_its_counter_once(hall: SmallHall) -> None:
    hall.enrol(WALL)
    ticket = called(hall)
    wait(hall, 1)
    assert not unseen(hall)
    wait(hall, 1)
    wait(hall, 1)
    assert [(body.number, body.counter_id) for body in hall.bodies(ev.CallUnseen)] == [(ticket.number, "3")]
    assert unseen(hall)
    acknowledge(hall, ticket)
    assert not unseen(hall), "it came late, but it is there"


@pytest.mark.parametrize("elsewhere", [SIGN, LAND_ONLY])
def test_a_call_is_seen_only_where_it_had_to_be_shown(hall: SmallHall, elsewhere: Device) -> None:
    """A sign hangs at the counter, and a wall of other services shows none of its calls: the room saw nothing."""
    hall.enrol(WALL, elsewhere)
    ticket = called(hall, "civil")
    acknowledge(hall, ticket, elsewhere)
    wait(hall, 3)
    assert hall.bodies(ev.CallShown) == []
    assert len(hall.bodies(ev.CallUnseen)) == 1
    acknowledge(hall, ticket)
    assert [body.display_id for body in hall.bodies(ev.CallShown)] == ["wall"]


def test_an_unseen_call_that_the_disk_did_not_take_is_told_again(hall: SmallHall) -> None:
    hall.enrol(WALL)
    ticket = called(hall)
    assert isinstance(hall.storage, MemoryStorage)
    hall.storage.failing = True
    with pytest.raises(StorageFault):
        wait(hall, 3)
    hall.service.reload()
    hall.storage.failing = False
    wait(hall, 1)
    wait(hall, 1)
    assert [body.ticket_id for body in hall.bodies(ev.CallUnseen)] == [ticket.ticket_id]


def test_a_call_that_was_told_as_unseen_stays_so_when_the_disk_fails_later(hall: SmallHall) -> None:
    hall.enrol(WALL)
    called(hall)
    wait(hall, 3)
    assert isinstance(hall.storage, MemoryStorage)
    hall.storage.failing = True
    with pytest.raises(StorageFault):
        hall.issue("civil")
    hall.storage.failing = False
    hall.service.reload()
    assert unseen(hall)
    wait(hall, 1)
    assert len(hall.bodies(ev.CallUnseen)) == 1, "told once"


def test_a_call_that_was_shown_while_the_disk_failed_is_noted_when_it_is_told_again(hall: SmallHall) -> None:
    hall.enrol(WALL, LAND_ONLY)
    ticket = called(hall)
    assert isinstance(hall.storage, MemoryStorage)
    hall.storage.failing = True
    with pytest.raises(StorageFault):
        acknowledge(hall, ticket)
    hall.service.reload()
    hall.storage.failing = False
    acknowledge(hall, ticket, LAND_ONLY)
    assert [body.display_id for body in hall.bodies(ev.CallShown)] == ["land-wall"]


def test_a_call_that_was_shown_is_not_told(hall: SmallHall) -> None:
    hall.enrol(WALL)
    acknowledge(hall, called(hall))
    wait(hall, 3)
    assert hall.bodies(ev.CallUnseen) == []


def test_each_recall_must_be_seen_again(hall: SmallHall) -> None:
    hall.enrol(WALL)
    ticket = called(hall)
    acknowledge(hall, ticket)
    hall.clock.tick(1)
    again = hall.get(re.CallReply, cmd.RecallTicket("3", ticket.ticket_id)).ticket
    assert again is not None
    acknowledge(hall, ticket)
    wait(hall, 3)
    assert len(hall.bodies(ev.CallUnseen)) == 1


def test_a_hall_without_walls_is_not_told_anything(hall: SmallHall) -> None:
    hall.enrol(SIGN)
    called(hall)
    wait(hall, 3)
    assert hall.bodies(ev.CallUnseen) == []


def test_a_wall_of_other_services_need_not_show_it(hall: SmallHall) -> None:
    hall.enrol(LAND_ONLY)
    called(hall, "civil")
    wait(hall, 3)
    assert hall.bodies(ev.CallUnseen) == []


def test_who_is_being_served_was_found_without_a_wall(hall: SmallHall) -> None:
    hall.enrol(WALL)
    ticket = called(hall)
    hall.ask(cmd.StartServing("3", ticket.ticket_id))
    wait(hall, 3)
    assert hall.bodies(ev.CallUnseen) == []


def test_an_acknowledgement_does_not_stand_in_the_way_of_taking_back(hall: SmallHall) -> None:
    hall.enrol(WALL)
    hall.issue()
    reply = hall.get(re.CallReply, cmd.CallNext("3"))
    assert reply.ticket is not None
    acknowledge(hall, reply.ticket)
    acknowledge(hall, reply.ticket, said=True)
    wait(hall, 3)
    assert reply.action_seq is not None
    assert isinstance(hall.ask(cmd.UndoAction("3", reply.action_seq)), re.CounterReply)


def test_only_displays_acknowledge(hall: SmallHall) -> None:
    assert hall.refusal(cmd.AcknowledgeCall(1, hall.clock.now), DESK) == "forbidden"


# ---- announcements ----


def announced(hall: SmallHall) -> list[re.AnnouncementInfo]:
    return hall.get(re.Snapshot, cmd.GetSnapshot(), WALL).announcements


def test_an_announcement_stands_until_its_time_is_over_or_it_is_ended(hall: SmallHall) -> None:
    hall.enrol(WALL)
    hall.ask(cmd.MakeAnnouncement("90", "ticker", " Nghỉ trưa 11:30 ", minutes=5, display_ids=["wall"]), DESK)
    hall.ask(cmd.MakeAnnouncement("90", "emergency", "Cháy! Ra cửa số 2", "Fire", spoken=True), DESK)
    ticker, emergency = announced(hall)
    assert (ticker.text, ticker.display_ids) == ("Nghỉ trưa 11:30", ["wall"])
    assert (emergency.kind, emergency.until, emergency.spoken) == ("emergency", None, True)
    hall.clock.tick(6)
    assert [one.kind for one in announced(hall)] == ["emergency"]
    hall.ask(cmd.EndAnnouncement("90", emergency.announcement_id), DESK)
    assert announced(hall) == []
    assert hall.refusal(cmd.EndAnnouncement("90", emergency.announcement_id), DESK) == "unknown_announcement"


def test_only_who_leads_speaks_to_the_room_and_only_to_walls_that_are_there(hall: SmallHall) -> None:
    assert hall.refusal(cmd.MakeAnnouncement("01", "ticker", "x"), DESK) == "not_permitted"
    assert hall.refusal(cmd.MakeAnnouncement("90", "ticker", "x", display_ids=["nix"]), DESK) == "unknown_display"
    assert hall.refusal(cmd.EndAnnouncement("01", 1), DESK) == "not_permitted"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Nghỉ trưa\n11:30\t– 13:30", "Nghỉ trưa 11:30 – 13:30"),
        ("Mời\x00 \x1b[31mvề\x07", "Mời [31mvề"),
        ("\u202eđảo\u202c chữ\u200b", "đảo chữ"),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
    ],
)
def test_what_is_said_to_the_room_is_one_line_of_plain_signs(hall: SmallHall, written: str, shown: str) -> None:
    hall.get(re.DoneReply, cmd.MakeAnnouncement("90", "ticker", written, written))
    [said] = announced(hall)
    assert (said.text, said.text_en) == (shown, shown)


def test_an_announcement_of_nothing_is_refused(hall: SmallHall) -> None:
    for nothing in ("   ", "\n", "\u200b"):
        assert hall.refusal(cmd.MakeAnnouncement("90", "emergency", nothing)) == "malformed_request"
    assert announced(hall) == []


def test_of_announcements_that_nobody_ends_the_latest_stand(hall: SmallHall) -> None:
    hall.ask(cmd.MakeAnnouncement("90", "emergency", "Cháy"))
    for number in range(30):
        hall.ask(cmd.MakeAnnouncement("90", "ticker", f"số {number}"))
    texts = [one.text for one in announced(hall)]
    assert texts == ["Cháy", *(f"số {number}" for number in range(11, 30))], "a warning is not pushed out"
    assert len(hall.bodies(ev.AnnouncementEnded)) == 11


def test_announcements_keep_their_order_through_a_restart(hall: SmallHall, tmp_path: Path) -> None:
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    hall.enrol(*(Device(f"wall-{number}", "display", f"w{number}") for number in range(6)))
    for text in ("một", "hai", "ba", "bốn", "năm"):
        hall.ask(cmd.MakeAnnouncement("90", "ticker", text))
    hall.service.reload()
    assert [one.text for one in announced(hall)] == ["một", "hai", "ba", "bốn", "năm"]
    hall.storage.close()


def test_a_wall_that_was_shut_out_is_spoken_to_no_more(hall: SmallHall) -> None:
    hall.enrol(WALL)
    hall.get(re.DoneReply, cmd.RevokeDevice("wall"))
    assert hall.refusal(cmd.MakeAnnouncement("90", "ticker", "x", display_ids=["wall"])) == "unknown_display"


def test_an_emergency_outlives_midnight_and_what_is_over_is_forgotten(hall: SmallHall) -> None:
    hall.ask(cmd.MakeAnnouncement("90", "ticker", "hôm nay", minutes=5), DESK)
    hall.ask(cmd.MakeAnnouncement("90", "emergency", "Cháy"), DESK)
    hall.clock.tick(24 * 60)
    wait(hall, 1)
    assert [row.kind for row in hall.service.hall.announcements.values()] == ["emergency"]


# ---- satisfaction ----


def satisfaction(hall: SmallHall) -> re.SatisfactionReply:
    return hall.get(re.SatisfactionReply, cmd.GetSatisfaction(), WALL)


def test_every_group_is_told_by_fives() -> None:
    hall = SmallHall(replace(hall_file(), wall=st.Wall(by_counter=True)))
    hall.open("1")
    for _ in range(4):
        hall.rated(5)
    assert satisfaction(hall) == re.SatisfactionReply(None, {}, {}, [])
    hall.rated(2)
    told = satisfaction(hall)
    assert told.today == re.Satisfied(5, 4, 5)
    assert told.services == {"land": re.Satisfied(5, 4, 5)}
    assert told.counters == {"1": re.Satisfied(5, 4, 5)}
    hall.rated(1)
    assert satisfaction(hall).today == re.Satisfied(5, 4, 6)


def rate(hall: SmallHall, service_id: str, counter_id: str, score: int) -> None:
    issued = hall.issue(service_id)
    assert hall.serve(counter_id).ticket_id == issued.ticket.ticket_id
    hall.get(re.DoneReply, cmd.RateTicket(issued.token, score), PHONE)


def test_no_two_tallies_differ_by_what_one_citizen_said() -> None:
    """Told by their own fives, the whole hall's five and the service's five would differ by two citizens."""
    hall = SmallHall(replace(hall_file(), wall=st.Wall(by_counter=True)))
    hall.open("1", "2", "3")
    for _ in range(4):
        rate(hall, "land", "1", 5)
    rate(hall, "civil", "2", 1)
    rate(hall, "land", "3", 5)
    assert satisfaction(hall) == re.SatisfactionReply(None, {}, {}, [])
    rate(hall, "land", "1", 5)
    told = satisfaction(hall)
    assert told.today == re.Satisfied(5, 5, 7)
    assert told.services == {"land": re.Satisfied(5, 5, 6)}
    assert told.counters == {"1": re.Satisfied(5, 5, 5)}


def test_a_hall_that_tells_nothing_by_counter_tells_it_to_nobody(hall: SmallHall) -> None:
    for _ in range(5):
        hall.rated(5)
    assert satisfaction(hall).counters == {}
    assert hall.get(re.SatisfactionReply, cmd.GetSatisfaction(), PHONE).counters == {}


def test_what_waits_in_many_small_parts_is_told_of_the_whole_hall() -> None:
    services = {f"s{i}": 5.0 for i in range(6)}
    hall = SmallHall(hall_file(services=services, counters={"1": list(services)}))
    hall.open("1")
    for at in range(19):
        rate(hall, f"s{at % 6}", "1", 4)
        assert satisfaction(hall).today is None
    rate(hall, "s1", "1", 1)
    told = satisfaction(hall)
    assert (told.today, told.services) == (re.Satisfied(20, 19, 20), {})


def test_a_late_rating_does_not_change_what_is_told_of_a_day_that_is_over(hall: SmallHall) -> None:
    issued = hall.issue("land")
    hall.serve("1")
    for _ in range(6):
        hall.rated(5)
    hall.clock.tick(20 * 60)
    before = satisfaction(hall).days
    hall.pass_time(0)
    assert [day.ratings for day in satisfaction(hall).days] == [5]
    hall.get(re.DoneReply, cmd.RateTicket(issued.token, 1), PHONE)
    assert satisfaction(hall).days == [re.SatisfiedDay(dt.date(2026, 11, 23), 5, 5)]
    hall.service.reload()
    assert satisfaction(hall).days == [re.SatisfiedDay(dt.date(2026, 11, 23), 5, 5)]
    assert before == []


def test_a_hall_file_that_begins_to_tell_by_counter_tells_nothing_twice(hall: SmallHall) -> None:
    for score in (5, 5, 5, 5, 5, 1):
        hall.rated(score)
    file = replace(hall_file(), wall=st.Wall(by_counter=True))
    hall.service = QueueService(file, hall.storage, counting_bytes())
    for _ in range(4):
        hall.rated(5)
    assert satisfaction(hall).today == re.Satisfied(5, 5, 10)
    hall.rated(5)
    assert satisfaction(hall).today == re.Satisfied(10, 10, 11)


def test_a_restart_tells_nothing_more_than_was_told(hall: SmallHall) -> None:
    for score in (5, 5, 5, 5, 5, 1):
        hall.rated(score)
    before = satisfaction(hall)
    hall.service.reload()
    assert satisfaction(hall) == before


def test_days_with_enough_ratings_make_the_trend(hall: SmallHall) -> None:
    for score in (5, 4, 3, 2, 1):
        hall.rated(score)
    hall.clock.tick(24 * 60)
    hall.open("1")
    hall.rated(5)
    day = dt.date(2026, 11, 23)
    assert satisfaction(hall).days == [re.SatisfiedDay(day, 5, 2)]
    hall.clock.tick(24 * 60)
    assert satisfaction(hall).days == [re.SatisfiedDay(day, 5, 2)], "one rating is no group"


def test_names_of_officers_are_told_to_displays_only_where_the_hall_wants_it() -> None:
    hall = SmallHall(replace(hall_file(), wall=st.Wall(officers=True)))
    assert hall.get(re.HallReply, cmd.GetHall(), WALL).operators[0] == re.OperatorInfo("01", "Cán bộ 01")
    assert hall.get(re.HallReply, cmd.GetHall(), PHONE).operators == []
    assert SmallHall().get(re.HallReply, cmd.GetHall(), WALL).operators == []
