"""Lines keep their order, and a copy of them is one's own."""

import pytest

from queue_server.domain.line import Entry, LineKey, Lines

LAND = LineKey("land", "ordinary")
KEPT = LineKey("land", "ordinary", "appointment")
FOR_3 = LineKey("land", "ordinary", "returned", "counter:3")


def lines_of(key: LineKey, *entries: Entry) -> Lines:
    lines = Lines()
    for entry in entries:
        lines.add(key, entry)
    return lines


def test_a_copy_has_the_first_of_each_line_and_changes_nothing_of_the_hall() -> None:
    lines = lines_of(LAND, Entry(30.0, 3, 30.0), Entry(10.0, 1, 10.0), Entry(20.0, 2, 20.0))
    copy = lines.copy(2)
    assert [entry.ticket_id for _, entry in copy.first(["land"], 9)] == [1, 2]
    copy.remove(LAND, Entry(10.0, 1, 10.0))
    assert lines.waiting("land") == 3
    assert [entry.ticket_id for _, entry in lines.first(["land"], 1)] == [1]


def test_a_line_whose_points_and_waits_differ_has_two_who_may_be_first() -> None:
    by_points, by_wait = Entry(10.0, 2, 50.0), Entry(20.0, 1, 40.0)
    (line,) = lines_of(KEPT, by_points, by_wait).of(["land"])
    assert list(line.heads()) == [(KEPT, by_points), (KEPT, by_wait)]
    (line,) = lines_of(KEPT, by_points).of(["land"])
    assert list(line.heads()) == [(KEPT, by_points)]


def test_who_waits_for_one_counter_is_found_by_it_until_nobody_does() -> None:
    first, second = Entry(10.0, 1, 10.0), Entry(20.0, 2, 20.0)
    lines = lines_of(FOR_3, first, second)
    lines.remove(FOR_3, first)
    assert [line.key for line in lines.directed("counter:3")] == [FOR_3]
    lines.remove(FOR_3, second)
    assert list(lines.directed("counter:3")) == []
    assert lines.waiting("land") == 0
    with pytest.raises(KeyError):
        lines.remove(FOR_3, second)
