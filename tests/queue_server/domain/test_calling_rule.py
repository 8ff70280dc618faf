"""What the whole calling rule promises, over whole days of a hall and over every kind of ticket."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config import settings
from config.checking import check_hall
from config.faults import Faults
from config.loading import load_hall
from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.events import CallRule, ServicesAssigned, TicketIssued
from protocol.words import Takes
from queue_server.domain.calling import choose
from queue_server.domain.line import Entry, Kind, LineKey, Lines
from queue_server.domain.rules import Reach, Rules, rules_of
from queue_server.domain.ticket import Ticket
from queue_server.rehearsal.calls import Called
from queue_server.rehearsal.past import SECOND, PastDay, Stay, seconds_of
from queue_server.rehearsal.play import play
from tests.conftest import ROOT
from tests.queue_server.factories import MORNING, OPERATORS, SmallHall, hall_file
from tests.queue_server.played_day import PlayedDay
from tests.queue_server.simulated import SimulatedDay, at, provincial_day, provincial_hall

LIMITED = rules_of(provincial_hall(settings.Calling()))
GENTLE = rules_of(provincial_hall(settings.Calling(limits=False)))
RUN_OF_TWO = rules_of(provincial_hall(settings.Calling(max_priority_run=2)))
KINDS: tuple[Kind, ...] = ("walk_in", "appointment", "returned")


def stay_of(day: PastDay, call: Called) -> Stay:
    """The stay that a call was for."""
    stays = next(stays for stays in day.visits if stays[0].ticket.ticket_id == call.ticket_id)
    return stays[-1] if call.group == "returned" else stays[0]


def hold_seconds(stay: Stay) -> float:
    assert stay.ended is not None
    assert stay.called is not None
    return (stay.ended - stay.called) / SECOND


def waited_since(ticket: Ticket) -> float:
    issued, slot = ticket.issued_at.timestamp(), ticket.slot_at
    return max(issued, slot.timestamp()) if slot else issued


# ---- whole days ----


@pytest.mark.parametrize("rules", [LIMITED, GENTLE, RUN_OF_TWO], ids=["limits", "gentle", "run of two"])
def test_no_counter_is_idle_while_somebody_whom_it_serves_waits(rules: Rules) -> None:
    day = provincial_day(rules, 1, priority=0.2)
    calls = play(day, rules)
    assert len(calls) == sum(len(stays) for stays in day.visits), "everybody is called in the end"
    idle: dict[str, list[tuple[float, float]]] = {counter_id: [] for counter_id in rules.counters}
    free_since = dict.fromkeys(rules.counters, seconds_of(at(0)))
    for call in calls:
        idle[call.counter_id].append((free_since[call.counter_id], call.at))
        free_since[call.counter_id] = call.at + hold_seconds(stay_of(day, call))
    entered = arrivals(day, calls)
    for call, since in zip(calls, entered, strict=True):
        service_id = stay_of(day, call).ticket.service_id
        for counter_id, reach in rules.counters.items():
            if service_id in reach.services:
                for start, end in idle[counter_id]:
                    overlap = min(end, call.at) - max(start, since)
                    assert overlap < 1e-3, f"{counter_id} idle for {overlap} s while {call.number} waited"


def arrivals(day: PastDay, calls: Sequence[Called]) -> list[float]:
    """When the ticket of each call came into its line; whoever was sent on, when the stay before was over."""
    ended: dict[int, float] = {}
    found = []
    for call in calls:
        stay = stay_of(day, call)
        found.append(ended.get(call.ticket_id, seconds_of(stay.enters)))
        ended[call.ticket_id] = call.at + hold_seconds(stay)
    return found


@pytest.mark.parametrize("load", [1.0, 1.15], ids=["usual load", "15 % more"])
@pytest.mark.parametrize("rules", [LIMITED, GENTLE], ids=["limits", "gentle"])
@pytest.mark.parametrize("share", [0.05, 0.15, 0.35, 0.6])
def test_priority_never_waits_longer_on_average_however_many_have_it(rules: Rules, share: float, load: float) -> None:
    waits: dict[str, list[float]] = {"ordinary": [], "elderly": []}
    for seed in (11, 12):
        for call in play(provincial_day(rules, seed, priority=share, load=load), rules):
            if call.group in waits:
                waits[call.group].append(call.wait)
    ordinary, priority = (sum(found) / len(found) for found in waits.values())
    assert priority <= ordinary
    assert ordinary > 120, "the morning is overloaded, or the test says nothing"


def test_without_limits_nobody_is_overtaken_beyond_the_sum_of_the_advantages() -> None:
    calling = GENTLE.calling
    returned, own, quick = calling.returned_minutes, calling.own_field_minutes, calling.quick_minutes
    appointment = calling.appointment_minutes + calling.appointment_late_minutes
    bound = (15 + returned + own + quick + appointment) * 60
    calls = [call for seed in (1, 2) for call in play(provincial_day(GENTLE, seed, priority=0.3, load=1.3), GENTLE)]
    most = max(seconds for call in calls for seconds in call.overtaken.values())
    assert 15 * 60 < most <= bound
    among_walk_ins = [call.overtaken.get("ordinary", 0.0) for call in calls if call.group in ("ordinary", "elderly")]
    assert max(among_walk_ins) <= (15 + own + quick) * 60
    assert any(call.group == "returned" and call.overtaken for call in calls)


def test_at_most_so_many_priority_calls_in_a_row_while_somebody_ordinary_is_past_the_target() -> None:
    day = provincial_day(RUN_OF_TWO, 3, priority=0.6, load=1.3)
    calls = play(day, RUN_OF_TWO)
    waited = list(zip(calls, arrivals(day, calls), strict=True))
    runs, checked = 0, 0
    for call in calls:
        priority = stay_of(day, call).ticket.class_id == "elderly"
        if priority and runs >= 2:
            checked += 1
            assert not [
                other.number
                for other, since in waited
                if since <= call.at < other.at
                and (found := stay_of(day, other).ticket).class_id == "ordinary"
                and found.service_id in RUN_OF_TWO.counters[call.counter_id].services
                and call.at - waited_since(found) > RUN_OF_TWO.target[found.service_id]
            ]
        runs = runs + 1 if priority else 0
    assert checked > 10, "there were runs to look at"


def test_a_counter_calls_only_what_it_and_its_operator_can_do() -> None:
    file = hall_file(counters={"1": ["land"], "2": ["civil"], "3": ["land", "civil", "results"]})
    helping = replace(file.counters[0], helps={"civil": 3})
    skilled = [replace(OPERATORS[2], id="op-3", skills=["results"])]
    rules = rules_of(replace(file, counters=[helping, *file.counters[1:]], operators=skilled))
    simulated = SimulatedDay(rules)
    simulated.open_all()
    for minute in range(40):
        simulated.come(minute, ("land", "civil", "results")[minute % 3], 5)
    simulated.staff(30, ServicesAssigned("2", ["results"], "all", "90"))
    day = simulated.until(600)
    calls = play(day, rules)
    assert len(calls) == 40
    served = {(call.counter_id, call.at < seconds_of(at(30)), stay_of(day, call).ticket.service_id) for call in calls}
    assert {service_id for counter_id, _, service_id in served if counter_id == "1"} == {"land", "civil"}
    assert {service_id for counter_id, _, service_id in served if counter_id == "3"} == {"results"}
    assert {one for one in served if one[0] == "2"} == {("2", True, "civil"), ("2", False, "results")}


def test_help_for_another_field_comes_so_many_minutes_behind() -> None:
    file = hall_file(counters={"1": ["land"], "2": ["civil"]}, calling=settings.Calling(limits=False))
    rules = rules_of(replace(file, counters=[replace(file.counters[0], helps={"civil": 3}), file.counters[1]]))
    assert first(rules, [(0, "civil", "ordinary", "walk_in", ""), (2, "land", "ordinary", "walk_in", "")]) == 2
    assert first(rules, [(0, "civil", "ordinary", "walk_in", ""), (4, "land", "ordinary", "walk_in", "")]) == 1


# ---- single calls over every kind of ticket ----

Made = tuple[float, str, str, Kind, str]
"""Issued at minute, service, class, kind, target."""


def lined_up(rules: Rules, tickets: Sequence[Made]) -> Lines:
    lines = Lines()
    for ticket_id, (minute, service_id, class_id, kind, target) in enumerate(tickets, 1):
        key, since = LineKey(service_id, class_id, kind, target), minute * 60
        lines.add(key, Entry(since - rules.advantage(service_id, class_id, kind), ticket_id, since))
    return lines


def first(rules: Rules, tickets: Sequence[Made], minute: float = 20, counter_id: str = "1") -> int | None:
    choice = choose(rules, rules.reach(counter_id), lined_up(rules, tickets), minute * 60)
    return choice.head.entry.ticket_id if choice else None


SERVICES = ("land", "civil", "results")
TARGETS = ("", "", "counter:1", "counter:2", "operator:01", "operator:02")
TICKETS = st.lists(
    st.tuples(
        st.floats(0, 300, allow_nan=False),
        st.sampled_from(SERVICES),
        st.sampled_from(["ordinary", "elderly"]),
        st.sampled_from(KINDS),
        st.sampled_from(TARGETS),
    ),
    min_size=1,
    max_size=30,
)
SMALL = rules_of(hall_file(counters={"1": ["land", "results"], "2": ["civil", "results"]}))


def eligible(reach: Reach, made: Made) -> bool:
    """Whether a counter may call a ticket, in plain words of the rule."""
    _, service_id, class_id, _, target = made
    if target in reach.mine:
        return True
    if service_id not in reach.services or target in reach.present:
        return False
    return bool(target) or reach.takes in ("all", "priority" if class_id == "elderly" else "ordinary")


@given(
    tickets=TICKETS,
    minute=st.floats(300, 700),
    counter_id=st.sampled_from(["1", "2"]),
    takes=st.sampled_from(["all", "ordinary", "priority"]),
    present=st.sets(st.sampled_from(TARGETS[2:])),
    run=st.integers(0, 5),
)
def test_if_anybody_may_be_called_somebody_is_whatever_the_kinds_and_targets(
    tickets: list[Made], minute: float, counter_id: str, takes: Takes, present: set[str], run: int
) -> None:
    rules = rules_of(hall_file(counters={"1": ["land", "results"], "2": ["civil", "results"]}))
    reach = rules.reach(counter_id, f"0{counter_id}", takes=takes, present=frozenset(present))
    choice = choose(rules, reach, lined_up(rules, tickets), minute * 60, priority_run=run)
    may = [ticket_id for ticket_id, made in enumerate(tickets, 1) if eligible(reach, made)]
    assert (choice.head.entry.ticket_id in may) if choice else not may


@given(tickets=TICKETS, minute=st.floats(300, 700), run=st.integers(2, 5))
def test_after_a_run_of_priority_somebody_ordinary_past_the_target_comes_first(
    tickets: list[Made], minute: float, run: int
) -> None:
    rules = rules_of(hall_file(calling=settings.Calling(max_priority_run=2)))
    reach = rules.reach("3")
    choice = choose(rules, reach, lined_up(rules, tickets), minute * 60, priority_run=run)
    ordinary = [made for made in tickets if made[2] == "ordinary" and eligible(reach, made)]
    late = any((minute - issued) * 60 > rules.target[service_id] for issued, service_id, *_ in ordinary)
    if late:
        assert choice is not None
        assert choice.head.key.class_id == "ordinary"


def test_a_run_of_priority_is_broken_only_for_somebody_late_and_says_so() -> None:
    rules = rules_of(hall_file(calling=settings.Calling(max_priority_run=2)))
    late: list[Made] = [(0, "land", "ordinary", "walk_in", ""), (5, "land", "elderly", "walk_in", "")]

    def choice(minute: float, run: int) -> tuple[int, CallRule]:
        found = choose(rules, rules.reach("1"), lined_up(rules, late), minute * 60, priority_run=run)
        assert found is not None
        return found.head.entry.ticket_id, found.rule

    assert choice(31, 2) == (1, CallRule.FAIR_SHARE)
    assert choice(31, 1)[0] == 2
    assert choice(29, 2)[0] == 2, "nobody ordinary is past the target of 30 minutes yet"


@given(tickets=TICKETS, data=st.data())
def test_without_limits_no_kind_of_ticket_overtakes_beyond_its_advantages(
    tickets: list[Made], data: st.DataObject
) -> None:
    returned = data.draw(st.integers(0, 60))
    rules = rules_of(hall_file(calling=settings.Calling(limits=False, returned_minutes=returned)))
    lines, waiting = lined_up(rules, tickets), dict(enumerate(tickets, 1))
    reach, now = rules.reach("3"), 301.0 * 60
    bound = 15 + 5 + returned
    while (choice := choose(rules, reach, lines, now)) is not None:
        head = choice.head
        lines.remove(head.key, head.entry)
        since = waiting.pop(head.entry.ticket_id)[0]
        assert all(since - made[0] <= bound + 1e-6 for made in waiting.values() if eligible(reach, made))
        now += 60


# ---- limits ----


@pytest.mark.parametrize("name", ["cao-bang", "quang-nam", "xa"])
def test_every_class_has_a_limit_for_every_kind_once_one_has(name: str) -> None:
    rules = rules_of(load_hall(ROOT / "config" / "halls" / f"{name}.toml"))
    limits = [rules.limit_of(class_id, kind) for class_id in rules.head_start for kind in KINDS]
    assert all(limit is not None and limit > 0 for limit in limits)


def test_a_class_without_a_limit_is_refused_while_others_have_one() -> None:
    for limits, faults_expected in ((True, 1), (False, 0)):
        faults = Faults(ROOT / "hall.toml")
        classes = [{"id": "ordinary", "limit_minutes": 60}, {"id": "elderly", "head_start_minutes": 15}]
        check_hall({"calling": {"limits": limits}, "classes": classes}, faults)
        about = [fault for fault in faults.found if fault.key == "classes[elderly].limit_minutes"]
        assert len(about) == faults_expected


# ---- through the hall's own commands ----


def hall_of_three(**calling: int | bool) -> SmallHall:
    hall = SmallHall(hall_file(calling=settings.Calling(limits=False, **calling)))  # type: ignore[arg-type]
    hall.open("1", "2", "3")
    return hall


def number(ticket: re.TicketView | None) -> str:
    assert ticket is not None
    return ticket.number


@pytest.mark.parametrize("to", [{"to_counter_id": "3"}, {"to_operator_id": "03"}])
def test_who_was_sent_to_a_counter_or_person_is_called_there_alone_while_somebody_is_there(to: dict[str, str]) -> None:
    hall = hall_of_three()
    sent = hall.issue("land").ticket
    hall.call("1")
    hall.ask(cmd.StartServing("1", sent.ticket_id))
    hall.clock.tick(1)
    later = hall.issue("land").ticket
    hall.ask(cmd.TransferTicket("1", sent.ticket_id, **to))
    assert number(hall.call("1")) == later.number, "the other one waited less, but this counter may call him"
    hall.ask(cmd.StartServing("1", later.ticket_id))
    hall.ask(cmd.FinishTicket("1", later.ticket_id))
    assert hall.call("1") is None
    assert number(hall.call("3")) == sent.number


def test_who_was_sent_to_somebody_who_left_is_called_by_anybody_for_his_service() -> None:
    hall = hall_of_three()
    sent = hall.issue("land").ticket
    hall.call("1")
    hall.ask(cmd.StartServing("1", sent.ticket_id))
    hall.ask(cmd.TransferTicket("1", sent.ticket_id, to_counter_id="3"))
    assert hall.call("1") is None
    hall.ask(cmd.CloseCounter("3"))
    assert hall.call("2") is None, "counter 2 does not serve land"
    assert number(hall.call("1")) == sent.number


def test_a_counter_calls_who_was_sent_to_it_also_for_a_service_that_it_does_not_offer() -> None:
    hall = hall_of_three()
    sent = hall.issue("land").ticket
    hall.call("1")
    hall.ask(cmd.StartServing("1", sent.ticket_id))
    hall.ask(cmd.TransferTicket("1", sent.ticket_id, to_counter_id="2"))
    assert number(hall.call("2")) == sent.number


@pytest.mark.parametrize(
    ("comes_after", "waited_before", "goes_first"),
    [
        (20, 4, True),  # ten minutes early: counts from slot - 15, the other since three minutes later
        (20, 6, False),
        (30, 14, True),  # on time
        (38, 22, True),  # eight minutes late is still on time
        (41, 1, False),  # eleven minutes late: a walk-in's place
    ],
)
def test_an_appointment_counts_from_before_its_slot_unless_it_comes_late(
    comes_after: float, waited_before: float, goes_first: bool
) -> None:
    """The slot is at minute 30; somebody without one takes a number `waited_before` minutes before the check-in."""
    hall = hall_of_three()
    slot_at = MORNING + dt.timedelta(minutes=30)
    place = hall.ask(cmd.BookAppointment("90", "land", slot_at))
    assert isinstance(place, re.PlaceReply)
    hall.clock.tick(comes_after - waited_before)
    hall.issue("land")
    hall.clock.tick(waited_before)
    kept = hall.ask(cmd.CheckIn(place.token))
    assert isinstance(kept, re.TicketIssuedReply), kept
    hall.clock.tick(1)
    assert (number(hall.call("1")) == kept.ticket.number) == goes_first


def test_an_appointment_that_comes_much_too_early_is_asked_to_come_later() -> None:
    hall = hall_of_three()
    place = hall.ask(cmd.BookAppointment("90", "land", MORNING + dt.timedelta(minutes=61)))
    assert isinstance(place, re.PlaceReply)
    assert hall.refusal(cmd.CheckIn(place.token)) == "too_early"
    hall.clock.tick(1)
    assert isinstance(hall.ask(cmd.CheckIn(place.token)), re.TicketIssuedReply)


@pytest.mark.parametrize(("times", "other_came", "goes_first"), [(1, -9, True), (1, -11, False), (3, -11, False)])
def test_a_parked_ticket_gains_nothing_but_its_head_start_however_often_it_was_parked(
    times: int, other_came: float, goes_first: bool
) -> None:
    """The other one took a number `other_came` minutes before the parked one."""
    hall = SmallHall(hall_file(calling=settings.Calling(limits=False)))
    hall.ask(cmd.OpenCounter("1", "90"))
    hall.clock.tick(12 + other_came)
    hall.issue("land")
    hall.clock.tick(-other_came)
    parked = hall.issue("land").ticket
    for _ in range(times):
        hall.ask(cmd.CallTicket("1", parked.number, "asked for"))
        hall.ask(cmd.ParkTicket("1", parked.ticket_id, 5))
        hall.clock.tick(6)
        hall.service.tick(hall.clock.now)
    assert (number(hall.call("1")) == parked.number) == goes_first


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_to_a_ticket_its_time_of_issue_never_changes(seed: int) -> None:
    hall = SmallHall()
    log = PlayedDay(hall, seed, troubled=True).run()
    given_at = {event.body.ticket_id: event.at for event in log if isinstance(event.body, TicketIssued)}
    tickets = {**hall.service.hall.tickets, **hall.service.hall.ended}
    assert {ticket_id: tickets[ticket_id].issued_at for ticket_id in given_at} == given_at
    assert any(ticket.returned for ticket in tickets.values())
    stored = [codec.decode_event(event.body) for event in hall.storage.events()]
    assert all(a.at <= b.at for a, b in pairwise(stored))
