"""What each event does to the state: nothing less, and nothing beside it."""

import datetime as dt

import pytest
from msgspec.structs import replace

from protocol import events as ev
from protocol.errors import UnknownTicket
from protocol.words import Origin, TicketState
from queue_server.domain.folding import BLOCKS_KEPT, apply
from queue_server.domain.hall import Hall, Step
from queue_server.domain.rows import (
    NO_KIOSK,
    Announcement,
    Appointment,
    Block,
    ClockDoubt,
    ComeBack,
    Counter,
    Day,
    Device,
    Epoch,
    Suspension,
)
from queue_server.domain.rules import Rules, rules_of
from queue_server.domain.ticket import Ticket
from tests.queue_server.factories import MORNING, hall_file

TODAY = MORNING.date()
REASON = ev.CallReason(ev.CallRule.TURN, 1.0, [])
OF_LAND = ("A001", "land")
WHAT = (*OF_LAND, "1", "01")
"""Number, service, counter and person, as most events of tickets name them."""


class Played:
    """A hall to which events happen a minute apart."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.hall = Hall(rules or Rules(), lambda _: None)
        self.now = MORNING

    def happen(self, body: ev.EventBody) -> dt.datetime:
        """Let the next event happen, and say when."""
        self.now += dt.timedelta(minutes=1)
        apply(self.hall, ev.Event("epoch", self.hall.seq + 1, self.now, "device", body))
        return self.now

    def issue(self, **fields: object) -> int:
        """Give a number; its ticket_id."""
        seq = self.hall.seq + 1
        place = {"queue_id": "land", "service_id": "land", "class_id": "elderly", "language": "vi", "people_ahead": 0}
        self.happen(ev.TicketIssued(seq, "A001", service_day=TODAY, **({"count": 1} | place | fields)))  # type: ignore[arg-type]
        return seq

    def call(self, ticket_id: int, *, priority: bool = False) -> dt.datetime:
        return self.happen(ev.TicketCalled(ticket_id, *WHAT, REASON, priority=priority))

    def serve(self, ticket_id: int) -> None:
        self.call(ticket_id)
        self.happen(ev.ServingStarted(ticket_id, *WHAT))
        self.happen(ev.TicketFinished(ticket_id, *WHAT))

    def counter(self) -> Counter:
        found = self.hall.counter("1")
        assert found is not None
        return found

    def day(self) -> Day:
        assert self.hall.day is not None
        return self.hall.day


@pytest.fixture
def played() -> Played:
    """A hall whose day began and whose counter 1 is open."""
    played = Played()
    played.happen(ev.DayStarted(TODAY))
    played.happen(ev.CounterOpened("1", "01"))
    return played


# ---- the hall and its devices ----


def test_an_event_is_the_head_of_its_epoch_and_an_epoch_is_known_by_its_first_event() -> None:
    played = Played()
    at = played.happen(ev.EpochStarted("hall", "restored", "earlier"))
    assert (played.hall.epoch, played.hall.seq) == ("epoch", 1)
    assert played.hall.epochs == [Epoch("epoch", 1, at, "restored")]
    assert played.hall.epoch_of(1) == "epoch"


def test_what_was_given_is_of_the_epoch_that_gave_it() -> None:
    played = Played()
    played.happen(ev.EpochStarted("hall"))
    played.happen(ev.DayStarted(TODAY))
    apply(played.hall, ev.Event("later", 3, played.now, "server", ev.EpochStarted("hall", "restored", "epoch")))
    assert [played.hall.epoch_of(seq) for seq in (1, 2, 3, 4)] == ["epoch", "epoch", "later", "later"]


def test_a_device_is_kept_as_it_enrolled_and_changes_only_in_what_happens_to_it() -> None:
    played = Played()
    played.happen(ev.DeviceEnrolled("kiosk-1", "kiosk", "z85", "3"))
    device = Device("kiosk-1", "kiosk", "z85", "3")
    assert played.hall.devices == {"kiosk-1": device}
    played.happen(ev.DeviceReported("kiosk-1", ["paper_low"]))
    played.happen(ev.KioskSuspended("kiosk-1", "giấy kẹt", "90"))
    out_of_use = replace(device, troubles=["paper_low"], suspended=True, reason="giấy kẹt")
    assert played.hall.devices == {"kiosk-1": out_of_use}
    played.happen(ev.KioskReopened("kiosk-1", "90"))
    assert played.hall.devices == {"kiosk-1": replace(device, troubles=["paper_low"])}
    played.happen(ev.DeviceRevoked("kiosk-1"))
    assert played.hall.devices["kiosk-1"].revoked


def test_a_suspended_service_says_why_and_by_whom_until_it_is_reopened(played: Played) -> None:
    played.happen(ev.ServiceSuspended("land", "mất điện", "90"))
    assert played.hall.suspensions == {"land": Suspension("land", "mất điện", "90")}
    played.happen(ev.ServiceReopened("land", "90"))
    assert played.hall.suspensions == {}


def test_the_clock_is_doubted_until_somebody_confirms_it_and_confirming_twice_is_harmless(played: Played) -> None:
    told = MORNING + dt.timedelta(days=400)
    played.happen(ev.ClockDoubted(told, MORNING))
    assert played.hall.clock_doubt == ClockDoubt(told, MORNING)
    for _ in range(2):
        played.happen(ev.ClockConfirmed("99"))
        assert played.hall.clock_doubt is None


def test_an_announcement_stands_until_it_is_ended(played: Played) -> None:
    at = played.happen(ev.AnnouncementMade(3, "announcement", "Mời", "90", "Please", None, ["wall"], True))
    expected = Announcement(3, "announcement", "Mời", "Please", at, None, ["wall"], spoken=True)
    assert played.hall.announcements == {3: expected}
    played.happen(ev.AnnouncementEnded(3, "90"))
    assert played.hall.announcements == {}


def test_whom_a_counter_takes_is_said_for_a_day_also_without_other_services(played: Played) -> None:
    played.hall.put_row(replace(played.counter(), takes="ordinary"))
    played.happen(ev.DayStarted(TODAY + dt.timedelta(days=1)))
    assert played.counter().takes == "all"


def test_a_new_day_begins_from_nothing_and_drops_what_is_over(played: Played) -> None:
    hall, soon, later = played.hall, MORNING + dt.timedelta(hours=1), MORNING + dt.timedelta(days=30)
    served = played.issue()
    played.serve(served)
    played.happen(ev.ServicesAssigned("1", ["land"], "priority", "90"))
    hall.put_row(ComeBack(1, "land", "elderly", MORNING, soon))
    hall.put_row(ComeBack(2, "land", "elderly", MORNING, later))
    tomorrow = TODAY + dt.timedelta(days=9)
    begun = MORNING + dt.timedelta(days=9, minutes=1)
    for appointment_id, passed in enumerate((dt.timedelta(hours=25), dt.timedelta(hours=24)), 1):
        hall.put_row(Appointment(appointment_id, "land", "elderly", begun - passed))
    for announcement_id, until in enumerate([soon, later, None], 1):
        hall.put_row(Announcement(announcement_id, "announcement", "Mời", "", MORNING, until))
    for block_id, day in enumerate([tomorrow - BLOCKS_KEPT - dt.timedelta(days=1), tomorrow - BLOCKS_KEPT], 1):
        hall.put_row(Block(block_id, "kiosk-1", "land", day, 1, 9))
    played.now = MORNING + dt.timedelta(days=9)
    played.happen(ev.DayStarted(tomorrow))
    assert played.day() == Day(tomorrow)
    assert (played.counter().service_ids, played.counter().takes) == (None, "all")
    assert list(hall.come_backs) == [2]
    assert list(hall.appointments) == [2]
    assert list(hall.announcements) == [2, 3]
    assert list(hall.blocks) == [2]
    assert hall.blocks_of("land", tomorrow - BLOCKS_KEPT - dt.timedelta(days=1)) == []
    assert [block.block_id for block in hall.blocks_of("land", tomorrow - BLOCKS_KEPT)] == [2]
    assert hall.ended == {}
    assert hall.steps_of("1", 0, hall.seq) == []


# ---- numbers of kiosks ----


def reserve(played: Played, first: int, last: int) -> int:
    block_id = played.hall.seq + 1
    played.happen(ev.NumbersReserved(block_id, "kiosk-1", "land", TODAY, first, last, "A", 3))
    return block_id


def test_numbers_given_back_that_the_series_has_passed_come_at_its_end(played: Played) -> None:
    block_id = reserve(played, 5, 9)
    played.issue(count=10)
    played.happen(ev.NumbersReturned(block_id, 8))
    assert played.day().passed == {"land": [5, 6, 7]}
    played.happen(ev.NumbersReturned(block_id, 10))
    assert played.day().passed == {"land": [5, 6, 7, 8, 9]}
    played.issue(count=6)
    assert played.day().passed == {"land": [5, 7, 8, 9]}
    assert played.day().last_numbers == {"land": 10}


def test_numbers_given_back_that_the_series_has_yet_to_reach_are_free_as_they_are(played: Played) -> None:
    block_id = reserve(played, 1, 5)
    before = played.day()
    played.happen(ev.NumbersReturned(block_id, 6))
    assert played.day() == before


def test_numbers_of_another_day_or_of_none_change_nothing_of_today() -> None:
    played = Played()
    block_id = reserve(played, 1, 5)
    played.happen(ev.NumbersReturned(block_id, 6))
    assert played.hall.day is None
    played.happen(ev.NumbersVoided("land", TODAY, 1, 3))
    assert played.hall.day is None
    played.happen(ev.DayStarted(TODAY + dt.timedelta(days=1)))
    before = played.day()
    played.happen(ev.NumbersReturned(block_id, 6))
    played.happen(ev.NumbersVoided("land", TODAY, 4, 5))
    assert played.day() == before


def test_voided_numbers_are_a_block_of_nobodys_and_come_no_more_at_the_end_of_the_series(played: Played) -> None:
    block_id = reserve(played, 5, 9)
    played.issue(count=10)
    played.happen(ev.NumbersReturned(block_id, 10))
    played.happen(ev.NumbersVoided("land", TODAY, 7, 8))
    voided = Block(played.hall.seq, NO_KIOSK, "land", TODAY, 7, 8)
    assert played.hall.blocks[played.hall.seq] == voided
    assert played.hall.blocks_of("land", TODAY)[-1] == voided
    assert played.day().passed == {"land": [5, 6, 9]}
    before = played.day()
    played.happen(ev.NumbersVoided("land", TODAY, 20, 30))
    assert played.day() == before


def test_a_number_that_a_kiosk_gave_is_noted_in_its_block_and_moves_no_series(played: Played) -> None:
    block_id = reserve(played, 5, 9)
    ticket_id = played.issue(count=6, block_id=block_id, counts_for=["land", "land@07:00-11:30"])
    assert played.hall.blocks[block_id].used == {6: ticket_id}
    assert played.day() == Day(TODAY, given={"land": 1, "land@07:00-11:30": 1})


def test_a_number_of_yesterday_counts_for_nothing_today(played: Played) -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    before = played.day()
    block_id = played.hall.seq + 1
    played.happen(ev.NumbersReserved(block_id, "kiosk-1", "land", yesterday, 1, 9))
    ticket_id = played.hall.seq + 1
    place = ("land", "land", "elderly", "vi", 0)
    played.happen(ev.TicketIssued(ticket_id, "A001", 1, yesterday, *place, block_id=block_id))
    assert played.day() == before
    played.serve(ticket_id)
    assert ticket_id not in played.hall.ended
    assert played.hall.ticket(ticket_id).state is TicketState.FINISHED


# ---- counters ----


def test_whoever_opens_a_counter_finds_it_free_of_pauses_and_wishes(played: Played) -> None:
    played.happen(ev.NextAsked("1", "01", True, "land"))
    played.happen(ev.CounterPaused("1", "01", "break"))
    at = played.happen(ev.CounterOpened("1", "02"))
    assert played.counter() == Counter("1", "02", since=at)


def test_whoever_takes_over_a_counter_that_asks_for_the_next_has_not_asked(played: Played) -> None:
    played.happen(ev.NextAsked("1", "01", True, "land"))
    at = played.happen(ev.CounterOpened("1", "02"))
    assert played.counter() == Counter("1", "02", since=at)
    assert played.hall.askers == set()


def test_who_takes_over_a_ticket_in_hand_takes_over_since_when(played: Played) -> None:
    called = played.call(ticket_id := played.issue())
    played.happen(ev.CounterOpened("1", "02"))
    assert played.counter() == Counter("1", "02", ticket_id, called)


def test_closing_keeps_what_is_not_the_persons(played: Played) -> None:
    ticket_id = played.issue()
    played.serve(ticket_id)
    played.happen(ev.ServicesAssigned("1", ["land"], "priority", "90"))
    alarm = played.happen(ev.AlarmRaised("1", "01"))
    closed = played.happen(ev.CounterClosed("1", "01"))
    kept = {"service_ids": ["land"], "takes": "priority", "alarm_at": alarm, "last_finished_id": ticket_id}
    assert played.counter() == Counter("1", since=closed, **kept)
    played.happen(ev.AlarmAnswered("1", "02", "2"))
    assert played.counter().alarm_at is None


def test_a_pause_takes_the_wish_for_the_next_back_and_both_ends_are_noted(played: Played) -> None:
    played.happen(ev.NextAsked("1", "01", True, "land"))
    assert (played.counter().asks_next, played.counter().asks_service_id) == (True, "land")
    assert played.hall.askers == {"1"}
    paused = played.happen(ev.CounterPaused("1", "01", "break"))
    assert played.counter() == Counter("1", "01", since=paused, paused_reason_id="break")
    assert played.hall.askers == set()
    continued = played.happen(ev.CounterContinued("1", "01"))
    assert played.counter() == Counter("1", "01", since=continued)


def test_whoever_asks_no_more_asks_for_no_service_either(played: Played) -> None:
    played.happen(ev.NextAsked("1", "01", True, "land"))
    since = played.counter().since
    played.happen(ev.NextAsked("1", "01", False, "land"))
    assert played.counter() == Counter("1", "01", since=since)


# ---- tickets ----


def test_a_call_ends_the_wish_for_the_next(played: Played) -> None:
    played.happen(ev.NextAsked("1", "01", True, "land"))
    at = played.call(ticket_id := played.issue())
    assert played.counter() == Counter("1", "01", ticket_id, at)


def test_a_service_without_a_call_is_noted_with_its_person_and_its_instant(played: Played) -> None:
    ticket_id = played.issue(origin=Origin.DIRECT)
    at = played.happen(ev.ServingStarted(ticket_id, *WHAT, directly=True))
    ticket = played.hall.ticket(ticket_id)
    assert (ticket.counter_id, ticket.operator_id, ticket.called_at, ticket.serving_at) == ("1", "01", at, at)
    assert played.counter() == Counter("1", "01", ticket_id, at)
    assert ticket.moved_seq == played.hall.seq


def test_every_way_out_of_the_hand_frees_the_counter_at_that_instant(played: Played) -> None:
    ends = (
        lambda i: ev.NoShowMarked(i, *WHAT),
        lambda i: ev.TicketParked(i, *WHAT, MORNING + dt.timedelta(hours=2)),
        lambda i: ev.TicketCancelled(i, *OF_LAND, TicketState.CALLED, "staff", counter_id="1"),
        lambda i: ev.TicketTransferred(
            i, *OF_LAND, TicketState.CALLED, TicketState.WAITING, "civil", "elderly", counter_id="1"
        ),
    )
    for number, end in enumerate(ends):
        played.call(ticket_id := played.issue())
        at = played.happen(end(ticket_id))
        assert played.counter() == Counter("1", "01", since=at), number
        ticket = played.hall.ticket(ticket_id)
        assert at in (ticket.ended_at, *(leg.ended_at for leg in ticket.legs)), number
        assert ticket.moved_seq == played.hall.seq


def test_cancelling_frees_its_quotas_and_no_others(played: Played) -> None:
    played.issue(counts_for=["land", "land@07:00-11:30"])
    ticket_id = played.issue(counts_for=["land"])
    played.happen(ev.TicketCancelled(ticket_id, *OF_LAND, TicketState.WAITING, "citizen", frees=["land"]))
    assert played.day().given == {"land": 1, "land@07:00-11:30": 1}


def test_before_a_day_there_is_no_quota_to_free() -> None:
    played = Played()
    played.hall.put(ticket := Ticket(7, "A001", TODAY, "land", "land", "elderly", "vi", MORNING))
    played.happen(ev.TicketCancelled(7, *OF_LAND, TicketState.WAITING, "citizen", frees=["land"]))
    assert played.hall.ticket(7).state is TicketState.CANCELLED
    assert played.hall.ticket(7).number == ticket.number


def test_a_number_that_its_kiosk_takes_back_frees_its_claim_and_only_its_own(played: Played) -> None:
    hall = played.hall
    hall.put_row(Appointment(901, "land", "elderly", MORNING))
    hall.put_row(ComeBack(902, "land", "elderly", MORNING, MORNING))
    for claim_id in (901, 902, None):
        ticket_id = played.issue(claim_id=claim_id)
        played.happen(ev.TicketCancelled(ticket_id, *OF_LAND, TicketState.WAITING, "kiosk"))
        assert hall.ticket(ticket_id).withdrawn
        assert (hall.appointments[901].ticket_id, hall.come_backs[902].used_by) == (None, None)
    first, second = played.issue(claim_id=902), played.issue(claim_id=902)
    played.happen(ev.TicketCancelled(first, *OF_LAND, TicketState.WAITING, "kiosk"))
    assert hall.come_backs[902].used_by == second
    played.happen(ev.TicketCancelled(second, *OF_LAND, TicketState.WAITING, "staff"))
    assert hall.come_backs[902].used_by == second
    played.happen(ev.TicketCancelled(second, *OF_LAND, TicketState.CANCELLED, "kiosk"))
    assert hall.come_backs[902].used_by is None


def test_a_good_claim_leaves_the_class_and_a_false_one_changes_it(played: Played) -> None:
    ticket_id = played.issue()
    played.happen(ev.ClaimChecked(ticket_id, "1", "01", "elderly", True, "ordinary"))
    ticket = played.hall.ticket(ticket_id)
    assert (ticket.class_id, ticket.claim_valid) == ("elderly", True)
    played.happen(ev.ClaimChecked(ticket_id, "1", "01", "elderly", False, "ordinary"))
    ticket = played.hall.ticket(ticket_id)
    assert (ticket.class_id, ticket.claim_valid) == ("ordinary", False)


def test_items_without_a_citizen_are_not_counted_among_those_who_may_rate(played: Played) -> None:
    played.serve(played.issue())
    played.serve(played.issue(origin=Origin.BACK_OFFICE))
    assert played.day().finished == 1


def test_priority_calls_in_a_row_are_counted_until_an_ordinary_one(played: Played) -> None:
    runs = []
    for priority in (True, True, False, True):
        played.call(played.issue(), priority=priority)
        runs.append(played.day().priority_run)
    assert runs == [1, 2, 0, 1]


# ---- taking back ----


def undo(played: Played, first: int) -> dt.datetime:
    return played.happen(ev.ActionUndone("1", "01", "call", first, played.hall.seq, []))


def test_a_call_taken_back_leaves_ticket_counter_and_run_as_before_and_the_paper_as_it_is(played: Played) -> None:
    ticket_id = played.issue()
    before = played.hall.ticket(ticket_id)
    played.call(ticket_id, priority=True)
    first = played.hall.seq
    played.happen(ev.TicketPrinted(ticket_id))
    played.happen(ev.NoteAdded(ticket_id, "2", "02"))
    at = undo(played, first)
    after = played.hall.ticket(ticket_id)
    assert after == replace(before, print_outcome="printed", notes=1, moved_seq=played.hall.seq)
    assert played.counter() == Counter("1", "01", since=at)
    assert played.day().priority_run == 0


def test_a_finish_taken_back_serves_again_since_when_it_did_and_counts_no_more(played: Played) -> None:
    called = played.call(ticket_id := played.issue())
    started = played.happen(ev.ServingStarted(ticket_id, *WHAT))
    played.happen(ev.TicketFinished(ticket_id, *WHAT))
    undo(played, played.hall.seq)
    ticket = played.hall.ticket(ticket_id)
    assert (ticket.state, ticket.serving_at, ticket.ended_at) == (TicketState.SERVING, started, None)
    assert played.counter() == Counter("1", "01", ticket_id, called)
    assert played.day().finished == 0


def test_a_ticket_that_the_action_itself_made_is_cancelled(played: Played) -> None:
    first = played.issue(origin=Origin.DIRECT)
    played.happen(ev.ServingStarted(first, *WHAT, directly=True))
    at = undo(played, first)
    ticket = played.hall.ticket(first)
    assert (ticket.state, ticket.ended_at) == (TicketState.CANCELLED, at)
    assert played.counter() == Counter("1", "01", since=at)


def test_a_promise_to_come_back_is_taken_back_with_its_notes(played: Played) -> None:
    ticket_id = played.issue()
    played.serve(ticket_id)
    first = played.hall.seq + 1
    until = MORNING + dt.timedelta(days=3)
    played.happen(ev.ComeBackGranted(ticket_id, *WHAT[:1], *WHAT[2:], until))
    played.happen(ev.NoteAdded(ticket_id, "1", "01"))
    assert played.hall.come_backs[ticket_id].until == until
    undo(played, first)
    assert played.hall.come_backs == {}
    ticket = played.hall.ticket(ticket_id)
    assert (ticket.come_back_until, ticket.notes) == (None, 0)


def test_a_promise_that_was_there_before_stays_when_a_second_one_is_taken_back(played: Played) -> None:
    ticket_id = played.issue()
    played.serve(ticket_id)
    for days in (3, 5):
        played.happen(ev.ComeBackGranted(ticket_id, *WHAT[:1], *WHAT[2:], MORNING + dt.timedelta(days=days)))
    undo(played, played.hall.seq)
    assert list(played.hall.come_backs) == [ticket_id]


def test_the_first_thing_that_ever_happened_at_a_counter_can_be_taken_back_in_a_log_without_rules() -> None:
    played = Played()
    played.happen(ev.DayStarted(TODAY))
    ticket_id = played.issue()
    played.call(ticket_id)
    assert played.hall.ticket(ticket_id).state is TicketState.CALLED
    undo(played, played.hall.seq)
    assert played.hall.ticket(ticket_id).state is TicketState.WAITING


# ---- the hall's own keeping ----


def test_a_step_keeps_what_was_dropped_as_it_was() -> None:
    hall = Hall(Rules(), lambda _: None)
    suspension = Suspension("land", "mất điện", "90")
    hall.put_row(suspension)
    event = ev.Event("epoch", 5, MORNING, "device", ev.AlarmRaised("1", "01"))
    hall.begin_step(event)
    hall.drop_row(suspension)
    hall.end_step("1")
    assert hall.steps_of("1", 5, 5) == [Step(5, event.body, {}, {"suspension:land": suspension})]
    assert hall.steps_of("1", 6, 9) == []
    assert hall.steps_of("2", 0, 9) == []
    assert hall.changes.rows == {"suspension:land": None}


def test_no_counter_is_freed_of_nothing() -> None:
    hall = Hall(rules_of(hall_file()), lambda _: None)
    hall.free_counter(None, MORNING)
    hall.free_counter("1", MORNING)
    assert hall.changes.rows == {}


def test_a_ticket_that_nobody_knows_is_refused_and_an_old_one_comes_from_the_archive() -> None:
    old = Ticket(7, "A001", TODAY, "land", "land", "elderly", "vi", MORNING)
    hall = Hall(Rules(), {7: old}.get)
    assert hall.ticket(7) is old
    with pytest.raises(UnknownTicket) as refused:
        hall.ticket(8)
    assert refused.value.facts == {"ticket_id": 8}


def test_only_those_are_ahead_whom_the_same_counters_call() -> None:
    counters = {"1": ["land"], "2": ["civil", "results"]}
    played = Played(rules_of(hall_file(counters=counters)))
    played.happen(ev.DayStarted(TODAY))
    for service_id in ("land", "civil", "results", "civil"):
        last = played.issue(service_id=service_id, queue_id=service_id)
    hall = played.hall
    assert hall.people_ahead(hall.ticket(last)) == 2
    assert hall.people_ahead(replace(hall.ticket(last), service_id="gone")) is None


def test_tickets_that_ended_on_another_day_are_not_taken_over_at_a_start() -> None:
    ended = Ticket(7, "A001", TODAY, "land", "land", "elderly", "vi", MORNING).cancel(MORNING)
    for rows, kept in (({}, []), ({"day": Day(TODAY)}, [7]), ({"day": Day(TODAY + dt.timedelta(days=1))}, [])):
        hall = Hall(Rules(), lambda _: None)
        hall.restore([], [ended], rows)  # type: ignore[arg-type]
        assert list(hall.ended) == kept


def test_a_cancelled_number_whose_paper_never_came_out_was_withdrawn_all_the_same(played: Played) -> None:
    ticket_id = played.issue()
    for by in ("staff", "kiosk"):
        played.happen(ev.TicketCancelled(ticket_id, *OF_LAND, TicketState.WAITING, by))
    assert played.hall.ticket(ticket_id).withdrawn


@pytest.mark.parametrize(("on_time", "slot", "waits_from"), [(True, 20, 20), (True, -20, 0), (False, 20, 0)])
def test_who_came_early_for_an_appointment_waits_from_its_slot_on(on_time: bool, slot: int, waits_from: int) -> None:
    hall = Hall(rules_of(hall_file()), lambda _: None)
    at = MORNING + dt.timedelta(minutes=slot)
    ticket = Ticket(7, "A001", TODAY, "land", "land", "ordinary", "vi", MORNING, slot_at=at, on_time=on_time)
    assert hall.entry(ticket).waited_since == MORNING.timestamp() + waits_from * 60
    assert hall.line_of(ticket).kind == ("appointment" if on_time else "walk_in")


def test_the_counters_to_watch_are_the_open_ones_or_all_while_none_is_open() -> None:
    hall = Hall(rules_of(hall_file()), lambda _: None)
    for _ in range(2):
        assert hall.counters_to_watch("land") == ["1", "3"]
    hall.put_row(Counter("3", "03"))
    for _ in range(2):
        assert hall.counters_to_watch("land") == ["3"]
