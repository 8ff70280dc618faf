"""First come, first served, with head starts and limits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Calling
from protocol.events import CallRule
from queue_server.domain.calling import choose, preference
from queue_server.domain.line import Entry, Kind, LineKey, Lines
from queue_server.domain.rules import Rules, rules_of
from tests.queue_server.factories import hall_file, with_operator, with_service

SERVICES = ("land", "civil", "results")
MINUTE = 60.0


def line_up(rules: Rules, tickets: list[tuple[float, str, str]]) -> Lines:
    """Lines of tickets given as (issued at minute, service, class), ids in their order from 1."""
    lines = Lines()
    for ticket_id, (minute, service, class_id) in enumerate(tickets, 1):
        since = minute * MINUTE
        lines.add(LineKey(service, class_id), Entry(since - rules.advantage(service, class_id), ticket_id, since))
    return lines


def called(
    rules: Rules, tickets: list[tuple[float, str, str]], minute: float, counter: str = "3"
) -> tuple[int, CallRule]:
    choice = choose(rules, rules.reach(counter), line_up(rules, tickets), minute * MINUTE)
    assert choice is not None
    return choice.head.entry.ticket_id, choice.rule


GENTLE = rules_of(hall_file(limits=False))
LIMITED = rules_of(hall_file(limits=True))


def test_who_came_first_is_called_first() -> None:
    assert called(GENTLE, [(0, "land", "ordinary"), (1, "civil", "ordinary")], 5) == (1, CallRule.TURN)


def test_a_priority_class_counts_as_fifteen_minutes_earlier_but_no_more() -> None:
    assert called(GENTLE, [(0, "land", "ordinary"), (14, "land", "elderly")], 20) == (2, CallRule.HEAD_START)
    assert called(GENTLE, [(0, "land", "ordinary"), (16, "land", "elderly")], 20) == (1, CallRule.TURN)


def test_a_quick_service_counts_as_five_minutes_earlier() -> None:
    assert called(GENTLE, [(0, "land", "ordinary"), (4, "results", "ordinary")], 20) == (2, CallRule.QUICK)


def test_a_counter_prefers_its_own_field_by_ten_minutes() -> None:
    rules = rules_of(hall_file(limits=False, own={"3": ["civil"]}))
    assert called(rules, [(0, "land", "ordinary"), (9, "civil", "ordinary")], 20) == (2, CallRule.OWN_FIELD)
    assert called(rules, [(0, "land", "ordinary"), (11, "civil", "ordinary")], 20) == (1, CallRule.TURN)


def test_with_limits_whoever_is_past_his_limit_goes_first() -> None:
    tickets = [(0.0, "land", "ordinary"), (40.0, "land", "elderly")]
    assert called(LIMITED, tickets, 51)[0] == 2
    assert called(LIMITED, tickets, 61)[0] == 2, "11 of 10 minutes is a larger share than 61 of 60"
    assert called(LIMITED, [(0, "land", "ordinary"), (62, "land", "elderly")], 63) == (1, CallRule.TURN)


def test_a_counter_never_calls_what_it_does_not_serve() -> None:
    rules = GENTLE
    assert choose(rules, rules.reach("2"), line_up(rules, [(0, "land", "ordinary")]), 600.0) is None


TICKETS = st.lists(
    st.tuples(st.floats(0, 300, allow_nan=False), st.sampled_from(SERVICES), st.sampled_from(["ordinary", "elderly"])),
    min_size=1,
    max_size=40,
)


@given(tickets=TICKETS, counter=st.sampled_from(["1", "2", "3"]), minute=st.floats(300, 700), limits=st.booleans())
def test_if_anybody_is_eligible_next_is_never_empty(
    tickets: list[tuple[float, str, str]], counter: str, minute: float, limits: bool
) -> None:
    rules = LIMITED if limits else GENTLE
    eligible = any(service in rules.reach(counter).services for _, service, _ in tickets)
    choice = choose(rules, rules.reach(counter), line_up(rules, tickets), minute * MINUTE)
    assert (choice is not None) == eligible
    if choice:
        assert choice.head.key.service_id in rules.reach(counter).services


@given(tickets=TICKETS, own=st.sampled_from([[], ["land"], ["civil", "results"]]), data=st.data())
def test_without_limits_nobody_is_overtaken_by_more_than_the_sum_of_the_advantages(
    tickets: list[tuple[float, str, str]], own: list[str], data: st.DataObject
) -> None:
    parts = [data.draw(st.integers(0, 60)) for _ in range(2)]
    calling = Calling(limits=False, own_field_minutes=parts[0], quick_minutes=parts[1])
    rules = rules_of(hall_file(own={"3": own}, calling=calling))
    bound = (15 + sum(parts)) * MINUTE
    lines, now = line_up(rules, tickets), 301 * MINUTE
    waiting = {i: minute * MINUTE for i, (minute, _, _) in enumerate(tickets, 1)}
    while waiting:
        choice = choose(rules, rules.reach("3"), lines, now)
        assert choice is not None, "work is conserved: somebody waits, so somebody is called"
        head = choice.head
        lines.remove(head.key, head.entry)
        since = waiting.pop(head.entry.ticket_id)
        assert all(since - other <= bound + 1e-6 for other in waiting.values())
        now += 5 * MINUTE


@given(tickets=TICKETS)
def test_with_limits_nobody_past_the_limit_waits_for_somebody_within(tickets: list[tuple[float, str, str]]) -> None:
    lines, now = line_up(LIMITED, tickets), 301 * MINUTE
    waiting = {i: (minute * MINUTE, class_id) for i, (minute, _, class_id) in enumerate(tickets, 1)}

    def share(since: float, class_id: str) -> float:
        return (now - since) / (LIMITED.limit[class_id] or 1)

    while waiting:
        choice = choose(LIMITED, LIMITED.reach("3"), lines, now)
        assert choice is not None
        head = choice.head
        lines.remove(head.key, head.entry)
        mine = share(*waiting.pop(head.entry.ticket_id))
        over = [share(*other) for other in waiting.values() if share(*other) >= 1]
        assert not over or mine >= max(over) - 1e-9
        now += 5 * MINUTE


def test_the_reason_names_the_best_of_the_others() -> None:
    tickets = [(0.0, "land", "ordinary"), (2.0, "civil", "ordinary"), (3.0, "results", "ordinary")]
    choice = choose(GENTLE, GENTLE.reach("3"), line_up(GENTLE, tickets), 10 * MINUTE)
    assert choice is not None
    assert [head.entry.ticket_id for head in choice.others] == [1, 2]


def test_of_many_others_the_three_best_are_named() -> None:
    tickets = [(float(minute), "land", "ordinary") for minute in range(6)]
    choice = choose(GENTLE, GENTLE.reach("3"), line_up(GENTLE, [(0.0, "civil", "elderly"), *tickets]), 10 * MINUTE)
    assert choice is not None
    assert len(choice.others) == 1, "of each line its head only"
    apart = [(1.0, "land", "ordinary"), (2.0, "land", "elderly"), (3.0, "civil", "ordinary"), (4.0, "civil", "elderly")]
    choice = choose(GENTLE, GENTLE.reach("3"), line_up(GENTLE, [*apart, (9.0, "results", "ordinary")]), 10 * MINUTE)
    assert choice is not None
    assert [choice.head.entry.ticket_id, *(head.entry.ticket_id for head in choice.others)] == [2, 4, 1, 3]


# ---- why ----


def test_a_limit_counts_from_the_instant_at_which_it_is_reached() -> None:
    tickets = [(0.0, "land", "ordinary"), (40.0, "land", "elderly")]
    assert called(LIMITED, tickets, 49.9) == (1, CallRule.TURN)
    assert called(LIMITED, tickets, 50) == (2, CallRule.OVER_LIMIT)


def test_within_all_limits_the_share_of_a_limit_counts_for_nothing() -> None:
    tickets = [(0.0, "land", "ordinary"), (18.0, "land", "elderly")]
    assert called(LIMITED, tickets, 25) == (1, CallRule.TURN), "7 of 10 minutes are within as 25 of 60 are"


@pytest.mark.parametrize(("kind", "rule"), [("returned", CallRule.RETURNED), ("appointment", CallRule.APPOINTMENT)])
def test_who_comes_back_or_came_for_an_appointment_is_called_for_that(kind: Kind, rule: CallRule) -> None:
    lines = line_up(GENTLE, [(0, "land", "ordinary")])
    lines.add(LineKey("land", "ordinary", kind), Entry(-5 * MINUTE, 2, 5 * MINUTE))
    choice = choose(GENTLE, GENTLE.reach("3"), lines, 20 * MINUTE)
    assert choice is not None
    assert (choice.head.entry.ticket_id, choice.rule) == (2, rule)


@pytest.mark.parametrize("service", ["land", "results"])
def test_what_a_person_prefers_is_called_for_that_also_if_it_is_quick(service: str) -> None:
    rules = rules_of(with_operator(hall_file(limits=False), "01", prefers={service: 3}))
    lines = line_up(rules, [(0, "civil", "ordinary"), (2, service, "ordinary")])
    choice = choose(rules, rules.reach("3", "01"), lines, 20 * MINUTE)
    assert choice is not None
    assert (choice.head.entry.ticket_id, choice.rule) == (2, CallRule.PREFERENCE)


@pytest.mark.parametrize(("run", "target", "expected"), [(2, 20, 1), (1, 20, 2), (2, 30, 2), (2, 40, 2)])
def test_after_a_run_of_priority_calls_who_waits_past_the_target_is_owed_the_next(
    run: int, target: int, expected: int
) -> None:
    file = hall_file(calling=Calling(limits=False, max_priority_run=2))
    rules = rules_of(with_service(file, "land", target_minutes=target))
    lines = line_up(rules, [(100, "land", "ordinary"), (110, "land", "elderly")])
    choice = choose(rules, rules.reach("1"), lines, 130 * MINUTE, priority_run=run)
    assert choice is not None
    assert choice.head.entry.ticket_id == expected
    assert (choice.rule is CallRule.FAIR_SHARE) == (expected == 1)
    assert [head.entry.ticket_id for head in choice.others] == [3 - expected]


def test_who_waits_for_one_counter_alone_is_not_called_where_a_service_was_asked_for() -> None:
    lines = Lines()
    lines.add(LineKey("civil", "ordinary", target="counter:1"), Entry(0.0, 1, 0.0))
    reach = GENTLE.reach("1")
    assert choose(GENTLE, reach, lines, 10 * MINUTE) is not None, "of whatever service"
    assert choose(GENTLE, replace(reach, foreign=False), lines, 10 * MINUTE) is None


def test_an_arrival_goes_to_whose_own_field_waits_then_to_who_can_do_least_then_to_the_idle_longest() -> None:
    rules = rules_of(hall_file(own={"3": ["civil"]}))
    lines = line_up(rules, [(0, "civil", "ordinary")])
    order = sorted(
        ("1", "2", "3", "2 since long"),
        key=lambda name: preference(rules.reach(name[0]), lines, 5.0 if "long" in name else 9.0),
    )
    assert order == ["3", "2 since long", "1", "2"]
    assert preference(rules.reach("3"), Lines(), 9.0)[0], "nobody of its field waits"
