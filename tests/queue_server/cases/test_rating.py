"""What citizens say back: criteria, cleaned words, sealed requests to be called back, alarms, erasure with proof."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from config import settings as st
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from queue_server.domain.rows import Device
from queue_server.outside import Outside
from queue_server.sealing import FileSealer
from queue_server.service import QueueService
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.queue_server.factories import DESK, PHONE, SmallHall, counting_bytes, hall_file

TABLET = Device("tablet", "tablet", "t")
PHONE_NUMBER = "0912 345 678"


@pytest.fixture
def hall(tmp_path: Path) -> SmallHall:
    plain = hall_file()
    criteria = [st.NamedTable(id="attitude", name="Thái độ", name_en="Attitude")]
    file = replace(plain, rating=replace(plain.rating, criteria=criteria, callbacks=True))
    hall = SmallHall(file, SqliteStorage(tmp_path / "hall.db"))
    sealer = FileSealer(tmp_path / "keys" / "callbacks.key")
    hall.service = QueueService(file, hall.storage, counting_bytes(), Outside(sealer=sealer))
    hall.service.ledger.begin(hall.clock.now)
    hall.open("1")
    return hall


def served(hall: SmallHall) -> re.TicketIssuedReply:
    issued = hall.issue("land")
    hall.serve("1")
    return issued


def ratings(hall: SmallHall) -> list[object]:
    assert hall.service.hall.day is not None
    return list(hall.storage.ratings(hall.service.hall.day.service_day))


# ---- what is kept ----


def test_scores_by_criterion_are_kept_and_unknown_ones_refused(hall: SmallHall) -> None:
    issued = served(hall)
    assert hall.refusal(cmd.RateTicket(issued.token, 4, criteria={"beauty": 5}), PHONE) == "unknown_criterion"
    hall.ask(cmd.RateTicket(issued.token, 4, criteria={"attitude": 5}), PHONE)
    [rating] = ratings(hall)
    assert (rating.criteria, rating.operator_id) == ({"attitude": 5}, "01")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("gọi tôi 0912345678 nhé", "gọi tôi *** nhé"),
        ("gọi +84 912-345-678.", "gọi ***."),
        ("CCCD 004 085 001 234, cảm ơn", "CCCD ***, cảm ơn"),
        ("viết cho an.nguyen@example.vn", "viết cho ***"),
        ("quầy 3 chờ 45 phút, ngày 12/01/2026", "quầy 3 chờ 45 phút, ngày 12/01/2026"),
        ("số A015", "số A015"),
        ("SĐT0912345678", "SĐT***"),
        ("sdt_0912345678_zalo", "sdt_***_zalo"),
        ("gọi 0912/345/678, 0912,345,678", "gọi ***"),
        ("0912\u200b345\u200b678 nhé", "*** nhé"),
        ("0912 – 345 – 678", "***"),
        ("từ 08:00 ngày 12/01/2026 đến 13/01/2026", "từ 08:00 ngày 12/01/2026 đến 13/01/2026"),
        ("an.nguyen @ example . vn", "***"),
    ],
)
def test_numbers_that_tell_who_wrote_are_taken_out_before_anything_is_stored(
    hall: SmallHall, written: str, kept: str
) -> None:
    hall.ask(cmd.RateTicket(served(hall).token, 2, comment=written), PHONE)
    assert [rating.comment for rating in ratings(hall)] == [kept]  # type: ignore[attr-defined]


def test_the_tablet_rates_what_its_counter_finished_last_and_nothing_else(hall: SmallHall) -> None:
    first = served(hall).ticket
    status = hall.get(re.Snapshot, cmd.GetSnapshot(), TABLET).counters[0]
    assert status.rateable_id == first.ticket_id
    rate = cmd.RateAtCounter("1", first.ticket_id, 2, reasons=["long-wait"], comment="lâu")
    assert isinstance(hall.ask(rate, TABLET), re.DoneReply)
    assert hall.get(re.Snapshot, cmd.GetSnapshot(), TABLET).counters[0].rateable_id is None
    assert hall.refusal(cmd.RateAtCounter("1", first.ticket_id, 5), TABLET) == "already_rated"
    assert hall.refusal(cmd.CallNext("1"), TABLET) == "forbidden"
    assert hall.refusal(cmd.RateAtCounter("1", first.ticket_id, 5), DESK) == "forbidden"


def test_an_item_without_a_citizen_is_rated_by_nobody_and_counts_among_nobody(hall: SmallHall) -> None:
    for _ in range(5):
        hall.ask(cmd.RateTicket(served(hall).token, 5), PHONE)
    item = hall.get(re.CallReply, cmd.ServeDirectly("1", "land", back_office=True)).ticket
    assert item is not None
    hall.get(re.CallReply, cmd.FinishTicket("1", item.ticket_id))
    assert hall.get(re.Snapshot, cmd.GetSnapshot(), TABLET).counters[0].rateable_id is None
    assert hall.refusal(cmd.RateAtCounter("1", item.ticket_id, 5), TABLET) == "not_yet_served"
    told = hall.get(re.SatisfactionReply, cmd.GetSatisfaction(), PHONE)
    assert told.today is not None
    assert (told.today.finished, told.services["land"].finished) == (5, 5)


# ---- asked to be called back ----


def callbacks(hall: SmallHall, who: str = "90") -> list[re.CallbackInfo]:
    return hall.get(re.CallbacksReply, cmd.GetCallbacks(who), DESK).callbacks


def test_a_contact_is_sealed_read_by_who_leads_and_erased_with_a_trace(hall: SmallHall, tmp_path: Path) -> None:
    hall.ask(cmd.RateTicket(served(hall).token, 1, comment="thiếu giấy", contact=PHONE_NUMBER), PHONE)
    hall.storage.tidy()
    for file in tmp_path.glob("hall.db*"):
        assert PHONE_NUMBER.encode() not in file.read_bytes()
    [asked] = callbacks(hall)
    assert (asked.contact, asked.comment) == (PHONE_NUMBER, "thiếu giấy")
    assert [rating.comment for rating in ratings(hall)] == [""], "nothing joins the contact to a score"  # type: ignore[attr-defined]
    assert hall.refusal(cmd.GetCallbacks("01"), DESK) == "not_permitted"
    assert hall.refusal(cmd.EraseCallback("01", asked.callback_id), DESK) == "not_permitted"
    hall.ask(cmd.EraseCallback("90", asked.callback_id), DESK)
    assert callbacks(hall) == []
    assert hall.refusal(cmd.EraseCallback("90", asked.callback_id), DESK) == "unknown_callback"
    assert [(body.what, body.count, body.by) for body in hall.bodies(ev.DataErased)] == [("callbacks", 1, "90")]


def test_a_hall_that_calls_nobody_back_keeps_no_contact(hall: SmallHall) -> None:
    plain = SmallHall()
    plain.open("1")
    plain.ask(cmd.RateTicket(served(plain).token, 1, contact=PHONE_NUMBER), PHONE)
    assert callbacks(plain) == []


def test_a_lost_key_leaves_nothing_to_read_and_no_fault(hall: SmallHall, tmp_path: Path) -> None:
    hall.ask(cmd.RateTicket(served(hall).token, 1, contact=PHONE_NUMBER), PHONE)
    (tmp_path / "keys" / "callbacks.key").unlink()
    other = FileSealer(tmp_path / "keys" / "callbacks.key")
    hall.service.outside = Outside(sealer=other)
    assert [asked.contact for asked in callbacks(hall)] == [""]


# ---- comments ----


def test_comments_are_told_when_their_day_is_over_and_only_to_who_leads(hall: SmallHall) -> None:
    hall.ask(cmd.RateTicket(served(hall).token, 2, comment="chờ lâu"), PHONE)
    day = dt.date(2026, 11, 23)
    assert hall.get(re.CommentsReply, cmd.GetComments("90", day), DESK).comments == []
    hall.clock.tick(24 * 60)
    hall.service.keep_time(hall.clock.now)
    assert hall.get(re.CommentsReply, cmd.GetComments("90", day), DESK).comments == [re.CommentInfo("land", "chờ lâu")]
    assert hall.refusal(cmd.GetComments("01", day), DESK) == "not_permitted"


# ---- alarms ----


def alerts(hall: SmallHall) -> dict[str, dict[str, object]]:
    overview = hall.get(re.OverviewReply, cmd.GetOverview(), DESK)
    return {alert.code: dict(alert.facts) for alert in overview.alerts}


def test_many_ratings_from_one_phone_raise_an_alarm_that_names_no_phone(hall: SmallHall) -> None:
    for _ in range(4):
        hall.ask(cmd.RateTicket(served(hall).token, 5, mark="one-phone"), PHONE)
        hall.ask(cmd.RateTicket(served(hall).token, 5, mark=f"phone-{hall.clock.now}"), PHONE)
        hall.clock.tick(1)
    assert "rating_burst" not in alerts(hall)
    hall.ask(cmd.RateTicket(served(hall).token, 5, mark="one-phone"), PHONE)
    assert alerts(hall)["rating_burst"] == {"ratings": 5, "minutes": 10}
    hall.clock.tick(61)
    assert "rating_burst" not in alerts(hall)


def test_more_ratings_at_a_counter_than_it_finished_raise_an_alarm(hall: SmallHall) -> None:
    hall.ask(cmd.RateTicket(served(hall).token, 5), PHONE)
    assert "ratings_over_services" not in alerts(hall)
    forged = replace_ticket(hall)
    hall.service.ratings.add(forged)  # type: ignore[arg-type]
    assert alerts(hall)["ratings_over_services"] == {"counter_id": "1", "ratings": 2, "finished": 1}


def replace_ticket(hall: SmallHall) -> object:
    """A rating that no ticket stands behind."""
    return ratings(hall)[0]


# ---- erased in time ----


def test_what_is_personal_is_erased_on_time_with_its_proof_and_the_chain_holds(hall: SmallHall) -> None:
    hall.ask(cmd.AddNote("1", hall.issue().ticket.ticket_id, "ghi chú"))
    hall.serve("1")
    hall.ask(cmd.RateTicket(served(hall).token, 2, comment="chờ lâu", contact=PHONE_NUMBER), PHONE)
    hall.ask(cmd.RateTicket(served(hall).token, 2, comment="đông quá"), PHONE)
    day = dt.date(2026, 11, 23)
    for days in (14, 30, 366):
        assert verify(hall.storage) > 0
        hall.clock.now = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC) + dt.timedelta(days=days + 1)
        hall.service.keep_time(hall.clock.now)
        hall.service.ledger.commit()
    erased = [(body.what, body.count, body.before) for body in hall.bodies(ev.DataErased)]
    assert erased == [(what, 1, day + dt.timedelta(days=1)) for what in ("notes", "callbacks", "comments")]
    assert callbacks(hall) == []
    assert [rating.comment for rating in hall.storage.ratings(day)] == ["", ""]
    assert [rating.score for rating in hall.storage.ratings(day)] == [2, 2], "the score is nobody's"
    assert verify(hall.storage) == hall.service.hall.seq
