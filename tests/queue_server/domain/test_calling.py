"""First come, first served, with head starts and limits."""

from hypothesis import given
from hypothesis import strategies as st

from config.settings import Calling
from protocol.events import CallRule
from queue_server.domain.calling import choose
from queue_server.domain.line import Entry, LineKey, Lines
from queue_server.domain.rules import Rules, rules_of
from tests.queue_server.factories import hall_file

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
