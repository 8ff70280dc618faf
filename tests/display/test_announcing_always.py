"""Whatever comes, in whatever order: never two at a time, nobody after his answer, nothing lost without a reason."""

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from display.announcing import USUAL, Announcement, Announcing, Turn, Why

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
HABITS = replace(USUAL, repeats=2, deadline_seconds=40, recall_gap_seconds=5)
SAYING_SECONDS = 4.0
_TICKETS = st.integers(1, 3)


class Room(RuleBasedStateMachine):
    """What the hall asked to be said, and what the room heard."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Announcing(HABITS)
        self.now = 0.0
        self.asked: dict[dt.datetime, float] = {}
        """Every announcement of a call, by its instant: when it was asked for."""
        self.settled: dict[dt.datetime, str] = {}
        """What became of it: said, or why it was not."""
        self.answered: dict[int, bool] = {}
        self.order: list[int] = []
        """The tickets not said yet, in the order in which they were called."""
        self.saying: Turn | None = None
        self.ends_at = 0.0
        self.heard_at: dict[int, float] = {}

    def announced(self) -> dt.datetime:
        at = AT + dt.timedelta(seconds=len(self.asked))
        self.asked[at] = self.now
        return at

    # ---- what the hall does ----

    @rule(ticket=_TICKETS)
    def call(self, ticket: int) -> None:
        self.answered[ticket] = False
        self.line.call(ticket, f"A{ticket:03}", "Quầy 1", self.announced(), self.now)
        self.order = [*(each for each in self.order if each != ticket), ticket]

    @rule(ticket=_TICKETS)
    def recall(self, ticket: int) -> None:
        if self.answered.get(ticket, True):
            return
        at = self.announced()
        self.line.recall(ticket, f"A{ticket:03}", "Quầy 1", at, self.now)
        self.settle()
        if self.settled.get(at) == "too_soon":
            assert self.hears(ticket)
        elif ticket not in self.order:
            self.order.append(ticket)

    @rule(ticket=_TICKETS)
    def answer(self, ticket: int) -> None:
        self.answered[ticket] = True
        self.line.answered(ticket)
        self.order = [each for each in self.order if each != ticket]

    @rule()
    def speak(self) -> None:
        self.line.speak(1, {"vi": "Xin chú ý"}, self.now)

    @rule(rarely=st.integers(0, 9))
    def emergency(self, rarely: int) -> None:
        if rarely == 0:
            self.line.emergency(2, {"vi": "Xin ra ngoài"})
        else:
            self.line.end(2)

    # ---- as time passes ----

    @rule()
    def the_end_comes(self) -> None:
        """What is being said comes to its end, and the next begins."""
        self.time_passes(SAYING_SECONDS)

    @rule(seconds=st.sampled_from([0.5, 2.0, 6.0, 15.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.go_on()

    def go_on(self) -> None:
        if self.line.urgent:
            self.line.interrupted()
            self.put_back()
        if self.saying and self.now >= self.ends_at:
            self.hear(self.line.ended(self.now))
        turn = self.line.next(self.now)
        self.settle()
        if turn:
            self.begin(turn)

    def begin(self, turn: Turn) -> None:
        assert self.saying is None, "two at a time"
        self.saying, self.ends_at = turn, self.now + SAYING_SECONDS
        told = turn.announcement
        if told.kind != "call":
            return
        assert not self.answered[told.ticket_id], "called after the answer"
        assert told.repetition < HABITS.repeats
        if told.repetition == 0:
            assert self.order.pop(0) == told.ticket_id, "not in the order of calls"
        else:
            assert not self.order, "twice before others once"

    def put_back(self) -> None:
        assert self.saying is not None
        told, self.saying = self.saying.announcement, None
        if told.kind == "call" and told.repetition == 0 and self.still_wanted(told):
            self.order.insert(0, told.ticket_id)

    def still_wanted(self, told: Announcement) -> bool:
        return not self.answered[told.ticket_id] and told.announced_at not in self.dropped_now()

    def dropped_now(self) -> set[dt.datetime]:
        self.settle()
        return set(self.settled)

    def hear(self, told: Announcement | None) -> None:
        assert told is not None
        self.saying = None
        if told.announced_at:
            self.heard_at[told.ticket_id] = self.now
            self.settled.setdefault(told.announced_at, "said")

    def hears(self, ticket: int) -> bool:
        """Whether the room still hears a call, or heard it just now."""
        saying = self.saying is not None and self.saying.announcement.ticket_id == ticket
        return saying or self.now - self.heard_at.get(ticket, -99) < HABITS.recall_gap_seconds

    def settle(self) -> None:
        for dropped in self.line.dropped():
            told = dropped.announcement
            if told.announced_at is None:
                continue
            self.settled.setdefault(told.announced_at, dropped.why.value)
            if dropped.why is Why.LATE:
                assert self.now - self.asked[told.announced_at] >= HABITS.deadline_seconds
                self.order = [each for each in self.order if each != told.ticket_id]
            if dropped.why is Why.ANSWERED:
                assert told.ticket_id in self.answered

    @invariant()
    def one_line_knows_one_announcement(self) -> None:
        assert (self.line.saying is None) == (self.saying is None)

    def teardown(self) -> None:
        """When it is quiet, everything that was asked for was said, or dropped for a reason."""
        self.line.end(2)
        for _ in range(60):
            self.now += SAYING_SECONDS
            self.go_on()
        assert self.line.next(self.now) is None
        self.settle()
        assert self.settled.keys() == self.asked.keys()


TestAnyDay = Room.TestCase
TestAnyDay.settings = settings(stateful_step_count=40)


def test_forty_calls_in_a_minute_are_all_said_in_their_order_where_the_deadline_lets_them() -> None:
    line = Announcing(replace(HABITS, deadline_seconds=300))
    begun: list[tuple[int, int]] = []
    now, called, busy_until = 0.0, 0, 0.0
    while now < 400:
        if called < 40 and now >= called * 1.5:
            line.call(called, f"A{called:03}", "Quầy 1", AT, now)
            called += 1
        if line.saying and now >= busy_until:
            line.ended(now)
        turn = line.next(now)
        if turn:
            begun.append((turn.announcement.repetition, turn.announcement.ticket_id))
            busy_until = now + SAYING_SECONDS
        now += 0.5
    first = [ticket for repetition, ticket in begun if repetition == 0]
    assert first == list(range(40))
    assert begun.index((0, 39)) < begun.index((1, 3))
    assert {dropped.why for dropped in line.dropped()} <= {Why.LATE}
