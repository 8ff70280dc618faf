"""A listener hears what a newer server says: what it does not know it passes over, and asks once in a while."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import Future
from itertools import pairwise

import pytest

from protocol import codec, feed
from protocol.events import DayStarted, Event
from protocol.feed import NEWER_SECONDS, Feed
from protocol.replies import Pulse, Reply, Satisfaction, Snapshot

AT = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)


class Hall:
    """A server whose log goes on, and a listener at it; time goes only when told."""

    def __init__(self) -> None:
        self.seq, self.now = 1, 100.0
        self.asked: list[float] = []
        self.heard: list[int] = []
        self.feed = Feed(self, self._ask)
        self.feed.turn([])

    def _ask(self, done: Callable[["Future[Reply]"], None]) -> None:
        self.asked.append(self.now)
        future: Future[Reply] = Future()
        future.set_result(Snapshot("e", self.seq, AT, None, [], [], [], Satisfaction()))
        done(future)

    def happens(self, *, known: bool = True) -> None:
        """The next event is heard."""
        self.seq += 1
        frame = codec.encode(Event("e", self.seq, AT, "desk", DayStarted(AT.date())))
        if not known:
            frame = frame.replace(b"day_started", b"what_nobody_knows_yet")
        self.feed.turn([[codec.EVENT_TOPIC, frame]])

    def pass_time(self, seconds: float) -> None:
        """Time passes, with a pulse at its end."""
        self.now += seconds
        pulse = Pulse("e", self.seq, AT, [], Satisfaction())
        self.feed.turn([[codec.PULSE_TOPIC, codec.encode(pulse)]])

    def on_snapshot(self, snapshot: Snapshot) -> None:
        self.heard.append(-snapshot.seq)

    def on_event(self, event: Event) -> None:
        self.heard.append(event.seq)

    def on_pulse(self, pulse: Pulse) -> None:
        self.heard.append(0)

    def on_silence(self, seconds: float) -> None:
        """Never, here."""


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> Hall:
    """A listener that has its first snapshot."""
    found: list[Hall] = []
    monkeypatch.setattr(feed.time, "monotonic", lambda: found[0].now if found else 100.0)
    found.append(Hall())
    found[0].pass_time(10)
    return found[0]


def test_an_event_of_a_newer_server_costs_one_snapshot_and_those_after_it_are_heard(hall: Hall) -> None:
    before = len(hall.asked)
    hall.happens(known=False)
    hall.happens()
    hall.pass_time(1)
    assert len(hall.asked) == before + 1
    assert hall.heard[-2:] == [3, 0]


def test_many_events_of_a_newer_server_are_no_storm_of_snapshots(hall: Hall) -> None:
    before = len(hall.asked)
    for _ in range(600):
        hall.happens(known=False)
        hall.happens()
        hall.pass_time(0.1)
    asked = hall.asked[before:]
    assert 10 <= len(asked) <= 14, "sixty seconds"
    assert all(later - earlier >= NEWER_SECONDS - 0.01 for earlier, later in pairwise(asked))
    assert [seq for seq in hall.heard if seq > 0] == list(range(3, 1202, 2)), "every known event is heard, once"
    hall.pass_time(NEWER_SECONDS)
    assert hall.asked[-1] == hall.now, "what was passed over is in the last snapshot"


def test_a_gap_is_made_good_at_once_also_after_events_of_a_newer_server(hall: Hall) -> None:
    hall.happens(known=False)
    hall.pass_time(1)
    before = len(hall.asked)
    hall.seq += 5
    hall.happens()
    hall.pass_time(0)
    assert len(hall.asked) == before + 1
