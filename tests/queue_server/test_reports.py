"""A day's figures are what another reading of the raw log says they are."""

import datetime as dt
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.report import Report
from figures.words import Dimension
from protocol import commands as cmd
from protocol.replies import Refused
from queue_server.domain.quantile import quantile
from tests.queue_server.day_reports import day_report
from tests.queue_server.factories import MORNING, PHONE, SmallHall

DAY = MORNING.date()


def report(hall: SmallHall, day: dt.date = DAY) -> Report:
    """The report as the command makes it."""
    return day_report(hall.storage, day)


def random_day(hall: SmallHall, seed: int, steps: int) -> None:
    """Citizens come, are called, served, missed, cancelled and asked for a rating, as the seed will have it."""
    luck = random.Random(seed)
    hall.open("1", "2", "3")
    tokens: list[str] = []
    for _ in range(steps):
        hall.clock.tick(luck.choice([0, 0.1, 1, 3.3]))
        counter = luck.choice(["1", "2", "3"])
        held = hall.service.hall.counters[counter].ticket_id
        what = luck.random()
        if what < 0.4:
            tokens.append(
                hall.issue(luck.choice(["land", "civil", "results"]), luck.choice(["ordinary", "elderly"])).token
            )
        elif what < 0.5 and tokens:
            hall.ask(cmd.CancelTicket(token=luck.choice(tokens)), PHONE)
        elif what < 0.6 and tokens:
            hall.ask(cmd.RateTicket(luck.choice(tokens), luck.randint(1, 5)), PHONE)
        elif held is None:
            hall.ask(cmd.CallNext(counter))
        else:
            move = luck.choice([cmd.StartServing, cmd.FinishTicket, cmd.FinishTicket, cmd.MarkNoShow, cmd.RecallTicket])
            hall.ask(move(counter, held))


# ---- a second program: plain loops over the raw JSON ----


def recount(hall: SmallHall, day: dt.date, group: str | None = None, wanted: str = "") -> dict[str, Any]:
    """The figures of the whole hall, or of a group (service_id or counter_id) that is `wanted`."""
    raw = [json.loads(event.body) for event in hall.storage.events()]
    bodies = [one["body"] | {"at": dt.datetime.fromisoformat(one["at"])} for one in raw]
    issued = {b["ticket_id"]: b for b in bodies if b["type"] == "ticket_issued" and b["service_day"] == str(day)}
    first = {}
    for body in bodies:
        first.setdefault((body["type"], body.get("ticket_id")), body)

    def of(kind: str, ticket_id: int) -> dict[str, Any] | None:
        return first.get((kind, ticket_id))

    mine = []
    for ticket_id, body in issued.items():
        called = of("ticket_called", ticket_id)
        value = body["service_id"] if group != "counter_id" else called and called["counter_id"]
        if group is None or value == wanted:
            mine.append(ticket_id)

    def minutes(start: str, end: str) -> list[float]:
        spans = []
        for ticket_id in mine:
            a, b = of(start, ticket_id), of(end, ticket_id)
            if a is not None and b is not None:
                spans.append((b["at"] - a["at"]).total_seconds() / 60)
        return sorted(spans)

    ratings = [r for r in hall.storage.ratings(day) if group is None or getattr(r, group) == wanted]
    return {
        "issued": len(mine),
        "called": sum(of("ticket_called", t) is not None for t in mine),
        "served": sum(of("ticket_finished", t) is not None for t in mine),
        "no_show": sum(of("no_show_marked", t) is not None for t in mine),
        "cancelled": sum(of("ticket_cancelled", t) is not None for t in mine),
        "abandoned": sum(by_whom(of("ticket_cancelled", t)) in ("citizen", "day_end") for t in mine),
        "waiting_median": at_share(minutes("ticket_issued", "ticket_called"), 0.5),
        "waiting_p90": at_share(minutes("ticket_issued", "ticket_called"), 0.9),
        "walk_median": at_share(minutes("ticket_called", "serving_started"), 0.5),
        "service_median": at_share(minutes("serving_started", "ticket_finished"), 0.5),
        "service_p90": at_share(minutes("serving_started", "ticket_finished"), 0.9),
        "ratings": len(ratings),
    }


def by_whom(cancelled: dict[str, Any] | None) -> str:
    return cancelled["by"] if cancelled else ""


def at_share(ordered: list[float], share: float) -> float | None:
    """The quantile by hand: a straight line between the two neighbours of the place."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def assert_same(found: Any, recounted: dict[str, Any]) -> None:
    for name, value in recounted.items():
        shown = getattr(found, name)
        if isinstance(value, float):
            assert shown == pytest.approx(value, abs=0.051), name
        else:
            assert shown == value, name


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 150))
def test_every_figure_of_a_random_day_is_what_a_second_program_finds(seed: int, steps: int) -> None:
    hall = SmallHall()
    random_day(hall, seed, steps)
    found = report(hall)
    assert_same(found.whole, recount(hall, DAY))
    services, counters = found.groups[Dimension.SERVICE], found.groups[Dimension.COUNTER]
    assert [one.key for one in services] == ["land", "civil", "results"]
    assert [one.key for one in counters] == ["1", "2", "3"]
    for figures in services:
        assert_same(figures, recount(hall, DAY, "service_id", figures.key))
    for figures in counters:
        assert_same(figures, recount(hall, DAY, "counter_id", figures.key))
    for name in ("issued", "called", "served", "no_show", "cancelled", "ratings"):
        assert sum(getattr(one, name) for one in services) == getattr(found.whole, name)
    assert (found.whole.ratings or 0) <= found.whole.served


def test_a_scripted_day() -> None:
    hall = SmallHall()
    hall.open("1")
    for _ in range(4):
        hall.issue("land")
    for wait, walk, service in ((2, 1, 10), (0, 2, 20), (0, 0.5, 6)):
        hall.clock.tick(wait)
        ticket = hall.call("1")
        assert ticket is not None
        hall.clock.tick(walk)
        hall.ask(cmd.StartServing("1", ticket.ticket_id))
        hall.clock.tick(service)
        hall.ask(cmd.FinishTicket("1", ticket.ticket_id))
    last = hall.call("1")
    assert last is not None
    hall.ask(cmd.MarkNoShow("1", last.ticket_id))
    whole = report(hall).whole
    assert (whole.issued, whole.called, whole.served, whole.no_show, whole.cancelled) == (4, 4, 3, 1, 0)
    # waits: 2, 13, 35, 41.5
    assert (whole.waiting_median, whole.waiting_p90) == (24.0, pytest.approx(39.5, abs=0.06))
    assert (whole.walk_median, whole.service_median, whole.service_p90) == (1.0, 10.0, 18.0)


def test_a_day_ends_where_the_next_begins_and_takes_its_line_along() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue("land")
    hall.issue("land")
    hall.serve("1")
    hall.clock.tick(24 * 60)
    hall.issue("civil")
    first, second = report(hall), report(hall, DAY + dt.timedelta(days=1))
    assert (first.whole.issued, first.whole.served, first.whole.cancelled) == (2, 1, 1)
    assert (second.whole.issued, second.whole.served, second.whole.cancelled) == (1, 0, 0)
    assert hall.storage.days() == [DAY, DAY + dt.timedelta(days=1)]
    assert hall.storage.day_span(DAY - dt.timedelta(days=1)) is None


def test_days_turn_at_midnight_of_the_hall_and_not_of_the_machine() -> None:
    hall = SmallHall()
    hall.clock.now = dt.datetime(2026, 11, 23, 16, 59, 59, tzinfo=dt.UTC)
    hall.issue("land")
    hall.clock.tick(1 / 60)
    hall.issue("land")
    assert [report(hall, day).whole.issued for day in hall.storage.days()] == [1, 1]
    assert hall.storage.days() == [dt.date(2026, 11, 23), dt.date(2026, 11, 24)]


def test_a_clock_that_went_back_gives_no_negative_time() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue("land")
    hall.clock.tick(-30)
    hall.serve("1")
    assert report(hall).whole.waiting_median == 0


@given(st.lists(st.floats(0, 1000), max_size=50), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_lies_on_the_line_between_its_neighbours(values: list[float], share: float) -> None:
    by_hand = at_share(sorted(values), share)
    assert quantile(values, share) == (None if by_hand is None else pytest.approx(by_hand, abs=0.0501))


def test_a_refused_command_is_in_no_figure() -> None:
    hall = SmallHall()
    assert isinstance(hall.ask(cmd.CallNext("1")), Refused)
    assert report(hall).whole.called == 0
