"""Every use case: what it does, what it refuses, and that asking twice is harmless."""

import datetime as dt
from pathlib import Path

import pytest

from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.events import CallRule, ClockDoubted, TicketCalled
from protocol.words import TicketState
from queue_server.domain.rows import Device
from queue_server.service import QueueService
from queue_server.storage.base import StorageFault
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.queue_server.factories import (
    ADMIN,
    DESK,
    KIOSK,
    MORNING,
    PHONE,
    SmallHall,
    counting_bytes,
    hall_file,
    with_service,
)


@pytest.fixture
def hall() -> SmallHall:
    return SmallHall()


# ---- the kiosk ----


def test_a_number_comes_with_people_ahead_and_the_counters_to_watch(hall: SmallHall) -> None:
    first, second = hall.issue("land"), hall.issue("land")
    assert (first.ticket.number, second.ticket.number) == ("A001", "A002")
    assert (first.ticket.people_ahead, second.ticket.people_ahead) == (0, 1)
    assert first.counter_ids == ["1", "3"]
    hall.open("3")
    assert hall.issue("land").counter_ids == ["3"], "only open counters are worth watching"
    assert first.url.endswith(f"/t/{first.token}")


def test_people_ahead_counts_all_whom_the_same_counters_would_call_before(hall: SmallHall) -> None:
    hall.issue("civil")
    assert hall.issue("land").ticket.people_ahead == 1, "counter 3 serves both"
    assert hall.issue("land", "elderly").ticket.people_ahead == 0


def test_queues_count_apart_and_begin_again_each_service_day(hall: SmallHall) -> None:
    assert [hall.issue(s).ticket.number for s in ("land", "civil", "land")] == ["A001", "C001", "A002"]
    hall.clock.tick(24 * 60)
    assert hall.issue("land").ticket.number == "A001"


def test_a_new_day_clears_the_line_but_not_the_ticket_in_service(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue("land")
    waiting = hall.issue("land")
    served = hall.call("1")
    assert served is not None
    hall.ask(cmd.StartServing("1", served.ticket_id))
    hall.clock.tick(24 * 60)
    hall.issue("civil")
    assert hall.service.hall.ticket(waiting.ticket.ticket_id).state is TicketState.CANCELLED
    assert hall.service.hall.ticket(served.ticket_id).state is TicketState.SERVING
    reply = hall.ask(cmd.FinishTicket("1", served.ticket_id))
    assert isinstance(reply, re.CallReply)


def test_a_day_begins_with_its_first_instant(hall: SmallHall) -> None:
    for _ in range(2):
        hall.issue("land")
    hall.clock.now = dt.datetime(2026, 11, 23, 17, tzinfo=dt.UTC)
    assert hall.issue("land").ticket.service_day == dt.date(2026, 11, 24), "midnight in Việt Nam"


def test_a_clock_that_goes_back_brings_no_day_back(hall: SmallHall) -> None:
    hall.issue("land")
    hall.clock.tick(-48 * 60)
    assert hall.issue("land").ticket.number == "A002"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (cmd.IssueTicket("lnad"), "unknown_service"),
        (cmd.IssueTicket("land", "vip"), "unknown_class"),
        (cmd.ReportPrint(99, "printed"), "unknown_ticket"),
        (cmd.OpenCounter("9", "01"), "unknown_counter"),
        (cmd.OpenCounter("1", "77"), "unknown_operator"),
        (cmd.CallNext("1"), "counter_not_open"),
        (cmd.CloseCounter("1"), "counter_not_open"),
        (cmd.FinishTicket("1", 99), "unknown_ticket"),
        (cmd.CancelTicket(), "malformed_request"),
        (cmd.CancelTicket(token="AAAA"), "invalid_token"),
        (cmd.RevokeDevice("nobody"), "unknown_device"),
        (cmd.GetTicket(ticket_id=99), "unknown_ticket"),
        (cmd.GetWaiting("9"), "unknown_counter"),
        (cmd.CreateEnrolment("counter", "box-9", "9"), "unknown_counter"),
    ],
)
def test_what_the_hall_does_not_know_is_refused_and_changes_nothing(
    hall: SmallHall, command: cmd.Command, code: str
) -> None:
    hall.issue()
    before = hall.service.hall.seq
    assert hall.refusal(command) == code
    assert hall.service.hall.seq == before


def test_a_series_that_is_used_up_refuses() -> None:
    hall = SmallHall(hall_file(last=2))
    hall.issue()
    hall.issue()
    assert hall.refusal(cmd.IssueTicket("land")) == "numbers_exhausted"


def test_what_became_of_the_paper_is_a_fact(hall: SmallHall) -> None:
    ticket_id = hall.issue().ticket.ticket_id
    hall.ask(cmd.ReportPrint(ticket_id, "unknown", "no answer"), KIOSK)
    assert hall.service.hall.ticket(ticket_id).print_outcome == "unknown"
    hall.ask(cmd.ReportPrint(ticket_id, "printed"), KIOSK)
    assert hall.service.hall.ticket(ticket_id).print_outcome == "printed"


# ---- the counter ----


def test_a_counter_calls_starts_and_finishes(hall: SmallHall) -> None:
    hall.open("1")
    issued = hall.issue("land")
    finished = hall.serve("1")
    assert finished.ticket_id == issued.ticket.ticket_id
    assert finished.state is TicketState.FINISHED
    assert hall.call("1") is None, "nobody waits: an answer, not a refusal"


def test_a_busy_counter_calls_nobody_and_can_not_close(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue()
    hall.issue()
    hall.call("1")
    assert hall.refusal(cmd.CallNext("1")) == "counter_busy"
    assert hall.refusal(cmd.CloseCounter("1")) == "counter_busy"


def test_two_counters_never_hold_the_same_ticket(hall: SmallHall) -> None:
    hall.open("1", "3")
    ticket_id = hall.issue("land").ticket.ticket_id
    assert hall.call("1") is not None
    assert hall.call("3") is None
    assert hall.refusal(cmd.StartServing("3", ticket_id)) == "not_at_this_counter"


def test_a_move_out_of_turn_is_refused_with_the_state(hall: SmallHall) -> None:
    hall.open("1")
    ticket_id = hall.issue().ticket.ticket_id
    assert hall.refusal(cmd.StartServing("1", ticket_id)) == "wrong_state"
    hall.call("1")
    assert hall.refusal(cmd.FinishTicket("1", ticket_id)) == "wrong_state"
    hall.ask(cmd.MarkNoShow("1", ticket_id))
    assert hall.refusal(cmd.MarkNoShow("1", ticket_id)) == "wrong_state"


def test_recalls_are_counted_and_limited(hall: SmallHall) -> None:
    hall.open("1")
    ticket_id = hall.issue().ticket.ticket_id
    hall.call("1")
    for _ in range(5):
        assert isinstance(hall.ask(cmd.RecallTicket("1", ticket_id)), re.CallReply)
    assert hall.refusal(cmd.RecallTicket("1", ticket_id)) == "too_many_recalls"


def test_a_counter_is_taken_until_its_operator_leaves(hall: SmallHall) -> None:
    hall.ask(cmd.OpenCounter("1", "01"))
    assert hall.refusal(cmd.OpenCounter("1", "02")) == "counter_taken"
    assert isinstance(hall.ask(cmd.OpenCounter("1", "01")), re.CounterReply)
    hall.ask(cmd.CloseCounter("1"))
    assert isinstance(hall.ask(cmd.OpenCounter("1", "02")), re.CounterReply)


def test_a_cancelled_ticket_is_not_called_and_frees_its_counter(hall: SmallHall) -> None:
    hall.open("1")
    first, second = hall.issue("land"), hall.issue("land")
    hall.ask(cmd.CancelTicket(token=first.token), PHONE)
    called = hall.call("1")
    assert called is not None
    assert called.number == second.ticket.number
    hall.ask(cmd.CancelTicket(ticket_id=called.ticket_id, counter_id="1"), DESK)
    assert hall.service.hall.counters["1"].ticket_id is None


def test_a_counters_own_device_can_not_cancel_what_waits_for_others(hall: SmallHall) -> None:
    box = Device("box-1", "counter", "b", counter_id="1")
    ticket_id = hall.issue("civil").ticket.ticket_id
    assert hall.refusal(cmd.CancelTicket(ticket_id=ticket_id), box) == "forbidden"


def test_every_call_stores_why(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue("land")
    hall.clock.tick(5)
    hall.issue("land", "elderly")
    hall.clock.tick(1)
    hall.call("1")
    events = [codec.decode_event(e.body).body for e in hall.storage.events()]
    (call,) = [body for body in events if isinstance(body, TicketCalled)]
    assert call.number == "A002"
    assert call.reason.rule is CallRule.HEAD_START
    assert call.reason.points == 16
    assert [(c.number, c.points) for c in call.reason.candidates] == [("A001", 6)]


def test_the_waiting_list_is_in_the_order_of_calling(hall: SmallHall) -> None:
    hall.open("3")
    hall.issue("land")
    hall.clock.tick(3)
    hall.issue("results")
    hall.issue("civil", "elderly")
    listed = hall.ask(cmd.GetWaiting("3"))
    assert isinstance(listed, re.WaitingReply)
    numbers = [ticket.number for ticket in listed.tickets]
    called = []
    while (ticket := hall.call("3")) is not None:
        called.append(ticket.number)
        hall.ask(cmd.MarkNoShow("3", ticket.ticket_id))
    assert numbers == called
    assert len(numbers) == listed.total == 3


# ---- the phone ----


def rate(hall: SmallHall, token: str, score: int = 5, **more: object) -> re.Reply:
    return hall.ask(cmd.RateTicket(token, score, **more), PHONE)  # type: ignore[arg-type]


def test_a_served_ticket_is_rated_once(hall: SmallHall) -> None:
    hall.open("1")
    issued = hall.issue()
    assert rate(hall, issued.token) == re.Refused("not_yet_served", {"number": "A001", "state": "waiting"})
    hall.serve("1")
    assert isinstance(rate(hall, issued.token, 2, reasons=["long-wait"]), re.DoneReply)
    assert rate(hall, issued.token) == re.Refused("already_rated", {"number": "A001"})
    assert hall.scores() == [2]


def test_ratings_close_after_their_hours_and_know_their_reasons(hall: SmallHall) -> None:
    hall.open("1")
    issued = hall.issue()
    hall.serve("1")
    assert rate(hall, issued.token, 1, reasons=["weather"]).code == "unknown_reason"  # type: ignore[union-attr]
    hall.clock.tick(25 * 60)
    assert rate(hall, issued.token).code == "rating_closed"  # type: ignore[union-attr]


def test_the_log_says_that_a_ticket_was_rated_but_not_how(hall: SmallHall) -> None:
    hall.open("1")
    issued = hall.issue()
    hall.serve("1")
    hall.ask(cmd.RateTicket(issued.token, 1, ["long-wait"], "chờ lâu quá"), PHONE)
    log = b"".join(event.body for event in hall.storage.events())
    assert b"ticket_rated" in log
    assert b"score" not in log
    assert b"long-wait" not in log
    assert "chờ lâu".encode() not in log


def test_a_repeated_rating_with_another_score_gives_the_first_answer(hall: SmallHall) -> None:
    hall.open("1")
    issued = hall.issue()
    hall.serve("1")
    first = hall.ask(cmd.RateTicket(issued.token, 1), PHONE, "rating-request")
    assert hall.ask(cmd.RateTicket(issued.token, 5), PHONE, "rating-request") == first
    assert hall.scores() == [1]


# ---- asking again ----


def test_the_same_request_id_has_one_effect_and_one_answer(hall: SmallHall) -> None:
    first = hall.ask(cmd.IssueTicket("land"), KIOSK, "the-same-id")
    assert hall.ask(cmd.IssueTicket("land"), KIOSK, "the-same-id") == first
    assert hall.service.hall.lines.waiting("land") == 1


def test_the_same_request_id_with_another_body_or_device_is_refused(hall: SmallHall) -> None:
    hall.ask(cmd.IssueTicket("land"), KIOSK, "the-same-id")
    refused = hall.ask(cmd.IssueTicket("civil"), KIOSK, "the-same-id")
    assert refused == re.Refused("request_id_reused", {"request_id": "the-same-id"})
    assert hall.refusal(cmd.IssueTicket("land"), request_id="the-same-id") == "request_id_reused"


def test_a_rating_of_another_ticket_is_no_repetition(hall: SmallHall) -> None:
    tablet = Device("box-1", "counter", "b", counter_id="1")
    hall.open("1")
    first, second = (hall.issue() for _ in range(2))
    served = hall.serve("1")
    rate(hall, first.token)
    hall.ask(cmd.RateTicket(first.token, 5), PHONE, "rating-request")
    assert hall.refusal(cmd.RateTicket(second.token, 5), PHONE, "rating-request") == "request_id_reused"
    hall.ask(cmd.RateAtCounter("1", served.ticket_id, 5), tablet, "tablet-request")
    again = hall.serve("1")
    assert hall.refusal(cmd.RateAtCounter("1", again.ticket_id, 5), tablet, "tablet-request") == "request_id_reused"


def test_whether_a_request_is_repeated_is_told_without_who_asked() -> None:
    """A fingerprint with the person in it would tell, to who reads the database, whether he was here."""
    hall = SmallHall(with_service(hall_file(), "land", asks_person=True))
    first = hall.ask(cmd.IssueTicket("land", person="001199012345"), KIOSK, "the-same-id")
    assert hall.ask(cmd.IssueTicket("land", person="001199054321"), KIOSK, "the-same-id") == first


def test_a_counters_commands_are_told_apart_under_one_request_id(hall: SmallHall) -> None:
    hall.open("1")
    hall.ask(cmd.CallNext("1"), DESK, "call-request")
    assert hall.refusal(cmd.PauseCounter("1", "break"), DESK, "call-request") == "request_id_reused"


def test_an_empty_call_is_repeated_empty_even_when_somebody_came_since(hall: SmallHall) -> None:
    hall.open("1")
    first = hall.ask(cmd.CallNext("1"), DESK, "call-request")
    hall.issue("land")
    assert hall.ask(cmd.CallNext("1"), DESK, "call-request") == first
    assert hall.call("1") is not None


def test_answers_are_the_same_after_a_restart(tmp_path: Path) -> None:
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    first = hall.ask(cmd.IssueTicket("land"), KIOSK, "the-same-id")
    hall.storage.close()
    again = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    assert again.ask(cmd.IssueTicket("land"), KIOSK, "the-same-id") == first
    assert again.issue("land").ticket.number == "A002"


def test_what_is_used_most_is_counted_up_to_the_days_begin_also_after_a_restart(tmp_path: Path) -> None:
    def uses(of: SmallHall) -> dict[str, int]:
        return {one.service_id: one.uses for one in of.get(re.HallReply, cmd.GetHall(), KIOSK).services}

    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    for service_id in ("land", "land", "civil"):
        hall.issue(service_id)
    assert uses(hall) == {"land": 0, "civil": 0, "results": 0}
    hall.clock.tick(24 * 60)
    for service_id in ("results", "land"):
        hall.issue(service_id)
    assert uses(hall) == {"land": 2, "civil": 1, "results": 0}
    hall.storage.close()
    again = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"), first_id=100)
    assert uses(again) == uses(hall), "kiosks know their catalogue by it all day"
    again.storage.close()


# ---- the disk ----


def test_a_disk_that_fails_leaves_everything_as_it_was() -> None:
    storage = MemoryStorage()
    hall = SmallHall(storage=storage)
    hall.open("1")
    hall.issue("land")
    before = hall.ask(cmd.GetSnapshot())
    storage.failing = True
    with pytest.raises(StorageFault):
        hall.ask(cmd.CallNext("1"), DESK, "call-request")
    hall.service.reload()
    assert hall.ask(cmd.GetSnapshot()) == before
    storage.failing = False
    assert isinstance(hall.ask(cmd.CallNext("1"), DESK, "call-request"), re.CallReply)
    assert verify(storage) == hall.service.hall.seq


def test_a_snapshot_tells_the_state_at_its_seq(hall: SmallHall) -> None:
    hall.open("1", "2")
    hall.issue("land")
    hall.issue("civil")
    called = hall.call("1")
    snapshot = hall.ask(cmd.GetSnapshot())
    assert isinstance(snapshot, re.Snapshot)
    assert snapshot.seq == hall.service.hall.seq
    assert {s.service_id: s.waiting for s in snapshot.services} == {"land": 0, "civil": 1, "results": 0}
    assert snapshot.calls == [called]
    assert [c.open for c in snapshot.counters] == [True, True, False]
    assert snapshot.service_day == dt.date(2026, 11, 23)


# ---- what the server does by itself ----


def test_a_pulse_tells_the_waits_of_the_forecast_as_it_was_made_last(hall: SmallHall) -> None:
    hall.open("1")
    before = hall.service.pulse(hall.clock.now)
    assert (before.epoch, before.seq, before.at) == (hall.service.hall.epoch, hall.service.hall.seq, hall.clock.now)
    assert {s.service_id: s.wait_high_minutes for s in before.services}["land"] is None
    hall.service.refresh_forecast(hall.clock.now)
    hall.issue("land")
    after = hall.service.pulse(hall.clock.now)
    assert {s.service_id: s.wait_high_minutes for s in after.services}["land"] == 2
    assert {s.service_id: s.waiting for s in after.services}["land"] == 1
    hall.serve("1")
    told = hall.service.pulse(hall.clock.now).satisfaction
    assert told is not None
    assert told.finished == 1


def test_before_the_first_day_only_what_needs_none_is_done_while_the_clock_is_doubted() -> None:
    service = QueueService(hall_file(), MemoryStorage(), counting_bytes())
    service.ledger.begin(MORNING)
    assert service.satisfaction.finished == 0
    service.ledger.record(ClockDoubted(MORNING, MORNING + dt.timedelta(days=400)), "server", MORNING)

    def reply_to(command: cmd.Command) -> re.Reply:
        request = cmd.Request(1, f"request-{type(command).__name__}", command)
        return codec.decode_answer(service.answer(request, ADMIN, MORNING)).reply

    number, device = reply_to(cmd.IssueTicket("land", "ordinary")), reply_to(cmd.RevokeDevice("kiosk-1"))
    assert isinstance(number, re.Refused)
    assert number.code == "clock_doubted"
    assert isinstance(device, re.Refused)
    assert device.code == "unknown_device"
    assert service.hall.day is None


def test_a_ticket_is_asked_for_by_its_id_or_its_token(hall: SmallHall) -> None:
    issued = hall.issue()
    for command in (cmd.GetTicket(issued.ticket.ticket_id), cmd.GetTicket(token=issued.token)):
        assert hall.get(re.TicketReply, command).ticket.number == "A001"
    refused = hall.ask(cmd.GetTicket())
    assert refused == re.Refused("malformed_request", {"detail": "either ticket_id or token is needed"})


def test_every_refusal_is_counted_by_its_code(hall: SmallHall) -> None:
    hall.ask(cmd.GetTicket(99))
    hall.ask(cmd.IssueTicket("lnad"))
    hall.ask(cmd.IssueTicket("lnad"))
    counts = hall.service.health.counts
    assert (counts["refusal_unknown_ticket"], counts["refusal_unknown_service"]) == (1, 2)


def test_a_device_that_asks_for_too_much_is_named_in_the_log(hall: SmallHall, caplog: pytest.LogCaptureFixture) -> None:
    assert hall.refusal(cmd.CallNext("1"), KIOSK) == "forbidden"
    hall.service.knocks.tell(hall.clock.now, 1.0)
    assert "kiosk-1 asked for call_next" in caplog.text


def test_a_device_that_is_added_belongs_to_its_counter(hall: SmallHall) -> None:
    box = Device("box-1", "counter", "b", counter_id="1")
    hall.enrol(box)
    assert hall.service.hall.devices["box-1"] == box


def test_a_hall_without_dossiers_says_so(hall: SmallHall) -> None:
    assert hall.service.dossiers is None
    assert hall.refusal(cmd.LookUpDossier("G22.99-000001"), KIOSK) == "no_dossiers"
