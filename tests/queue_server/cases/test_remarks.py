"""What is said of a visit: notes kept apart, wrong times, checked claims, slips, and ratings at the counter."""

from pathlib import Path

import pytest

from protocol import codec
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import Performed, TicketState
from queue_server.domain.rows import Device
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import DESK, PHONE, SmallHall

BOX = Device("box-1", "counter", "b", counter_id="1")
SECRET = "khách bị khiếm thính, nói chậm"


@pytest.fixture
def hall() -> SmallHall:
    hall = SmallHall()
    hall.open("1", "2", "3")
    return hall


# ---- notes ----


def test_the_next_counter_sees_the_notes_of_those_before_with_who_and_when(hall: SmallHall) -> None:
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start("1")
    hall.ask(cmd.AddNote("1", ticket_id, SECRET))
    written_at = hall.clock.now
    hall.clock.tick(1)
    hall.ask(cmd.TransferTicket("1", ticket_id, "civil", note="đã thu bản chính"))
    assert hall.desk("1").notes == []
    hall.call("2")
    notes = hall.desk("2").notes
    assert [(n.text, n.counter_id, n.operator_id) for n in notes] == [
        (SECRET, "1", "01"),
        ("đã thu bản chính", "1", "01"),
    ]
    assert notes[0].at == written_at


def test_a_note_is_neither_in_the_log_nor_in_what_a_citizen_or_a_display_gets(hall: SmallHall) -> None:
    issued = hall.issue("land")
    ticket_id = issued.ticket.ticket_id
    hall.start("1")
    hall.ask(cmd.AddNote("1", ticket_id, SECRET))
    hall.ask(cmd.ParkTicket("1", ticket_id, 5, SECRET))
    hall.ask(cmd.ResumeTicket("1", ticket_id))
    hall.ask(cmd.StartServing("1", ticket_id))
    hall.ask(cmd.GrantComeBack("1", ticket_id, [SECRET], 24))
    hall.ask(cmd.SendMessage("90", SECRET))
    assert SECRET.encode() not in hall.stored_log()
    for query, device in (
        (cmd.GetTicket(token=issued.token), PHONE),
        (cmd.GetSnapshot(), PHONE),
        (cmd.GetHall(), PHONE),
    ):
        assert SECRET.encode() not in codec.encode(hall.ask(query, device))
    assert hall.refusal(cmd.GetWhy(ticket_id), PHONE) == "forbidden"
    assert hall.refusal(cmd.GetDesk("1"), PHONE) == "forbidden"


def test_a_note_is_not_kept_in_the_remembered_answer_either(tmp_path: Path) -> None:
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    hall.open("1")
    ticket_id = hall.issue().ticket.ticket_id
    hall.start()
    hall.ask(cmd.AddNote("1", ticket_id, SECRET), DESK, "note-request")
    answer = hall.storage.answer("note-request")
    assert answer is not None
    assert SECRET.encode() not in answer.reply


def test_a_note_of_blanks_is_none(hall: SmallHall) -> None:
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start("1")
    hall.ask(cmd.ParkTicket("1", ticket_id, 5, "   "))
    assert hall.log(ev.NoteAdded) == []


def test_nobody_writes_on_yesterdays_ticket(hall: SmallHall) -> None:
    hall.issue("land")
    finished = hall.serve("1")
    hall.clock.tick(24 * 60)
    hall.open("1")
    assert hall.refusal(cmd.AddNote("1", finished.ticket_id, "quên")) == "wrong_state"
    assert hall.refusal(cmd.FlagTimes("1", finished.ticket_id)) == "wrong_state"


# ---- wrong times ----


def test_a_visit_whose_times_are_wrong_counts_but_not_in_the_waits(hall: SmallHall) -> None:
    hall.issue("land")
    hall.clock.tick(100)
    wrong = hall.serve("1")
    hall.ask(cmd.FlagTimes("1", wrong.ticket_id))
    hall.issue("land")
    hall.clock.tick(4)
    hall.serve("1")
    overview = hall.overview()
    land = next(s for s in overview.services if s.status.service_id == "land")
    assert (land.finished, land.called, land.within_target) == (2, 1, 1.0)
    assert [hour.median_minutes for hour in overview.hours if hour.called] == [4]
    hall.ask(cmd.FlagTimes("1", wrong.ticket_id, wrong=False))
    land = next(s for s in hall.overview().services if s.status.service_id == "land")
    assert (land.called, land.within_target) == (2, 0.5)


def test_only_the_counter_that_served_says_that_its_times_are_wrong(hall: SmallHall) -> None:
    hall.issue("land")
    finished = hall.serve("1")
    assert hall.refusal(cmd.FlagTimes("3", finished.ticket_id)) == "not_at_this_counter"


# ---- claims ----


def test_a_false_claim_is_counted_and_makes_the_ticket_ordinary_from_then_on(hall: SmallHall) -> None:
    hall.issue("land", "elderly")
    ticket_id = hall.start("1").ticket_id
    checked = hall.get(re.CallReply, cmd.CheckClaim("1", ticket_id, valid=False)).ticket
    assert checked is not None
    assert (checked.class_id, checked.claim_valid) == ("ordinary", False)
    assert hall.refusal(cmd.CheckClaim("1", ticket_id, valid=False)) == "no_claim", "once is enough"
    today = hall.overview().today
    assert (today.claims_checked, today.claims_false) == (1, 1)
    hall.clock.tick(5)
    hall.ask(cmd.TransferTicket("1", ticket_id, "civil"))
    assert hall.service.hall.line_of(hall.ticket(ticket_id)).class_id == "ordinary", "it has no head start any more"


def test_a_good_claim_is_counted_and_changes_nothing(hall: SmallHall) -> None:
    hall.issue("land", "elderly")
    ticket_id = hall.start("1").ticket_id
    hall.ask(cmd.CheckClaim("1", ticket_id, valid=True))
    assert hall.ticket(ticket_id).class_id == "elderly"
    today = hall.overview().today
    assert (today.claims_checked, today.claims_false) == (1, 0)


# ---- slips ----


def test_a_slip_finishes_the_ticket_and_keeps_the_missing_papers_for_staff(hall: SmallHall) -> None:
    hall.issue("land")
    ticket_id = hall.start("1").ticket_id
    done = [Performed("land", 1, "must_supplement")]
    slip = hall.get(re.ComeBackReply, cmd.GrantComeBack("1", ticket_id, ["Giấy khai sinh", " Ảnh 4×6 "], 48, done))
    assert (slip.ticket.state, slip.ticket.performed) == (TicketState.FINISHED, done)
    assert slip.ticket.come_back_until == slip.until
    notes = hall.get(re.WhyReply, cmd.GetWhy(ticket_id)).notes
    assert [note.text for note in notes] == ["• Giấy khai sinh\n• Ảnh 4×6"]
    assert slip.url.endswith(f"/t/{slip.token}")


# ---- rating from the counter's box ----


def test_the_box_rates_only_what_its_counter_finished_last_and_once(hall: SmallHall) -> None:
    hall.issue("land")
    first = hall.serve("1")
    assert isinstance(hall.ask(cmd.RateAtCounter("1", first.ticket_id, 5), BOX), re.DoneReply)
    assert hall.refusal(cmd.RateAtCounter("1", first.ticket_id, 1), BOX) == "already_rated"
    hall.issue("land")
    second = hall.serve("1")
    assert hall.refusal(cmd.RateAtCounter("1", first.ticket_id, 5), BOX) == "not_at_this_counter"
    hall.ask(cmd.RateAtCounter("1", second.ticket_id, 2), BOX)
    assert hall.scores() == [2, 5]


def test_no_rating_comes_from_the_operators_page(hall: SmallHall) -> None:
    hall.issue("land")
    finished = hall.serve("1")
    assert hall.refusal(cmd.RateAtCounter("1", finished.ticket_id, 5), DESK) == "forbidden"
    other = Device("box-3", "counter", "b", counter_id="3")
    assert hall.refusal(cmd.RateAtCounter("1", finished.ticket_id, 5), other) == "forbidden"
