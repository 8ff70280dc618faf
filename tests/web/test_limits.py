"""The limit per address, and the room in which connections wait."""

from web.limits import RateLimit, WaitingRoom


def test_an_address_may_burst_then_gets_its_rate() -> None:
    limit = RateLimit(burst=5, per_second=2)
    assert [limit.allow("a", 0.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert [limit.allow("a", 1.0) for _ in range(3)] == [True, True, False]


def test_addresses_do_not_share() -> None:
    limit = RateLimit(burst=1, per_second=1)
    assert limit.allow("a", 0.0)
    assert limit.allow("b", 0.0)
    assert not limit.allow("a", 0.0)


def test_a_quiet_time_gives_no_more_than_the_burst() -> None:
    limit = RateLimit(burst=2, per_second=10)
    limit.allow("a", 0.0)
    assert [limit.allow("a", 3600.0) for _ in range(3)] == [True, True, False]


def test_memory_is_bounded_and_the_latest_are_kept() -> None:
    limit = RateLimit(burst=1, per_second=0, addresses=100)
    for number in range(10_000):
        limit.allow(str(number), 0.0)
    assert limit.remembered == 100
    assert not limit.allow("9999", 0.0)


def test_who_waits_longest_goes_first_when_the_room_is_full() -> None:
    room: WaitingRoom[str] = WaitingRoom(places=4)
    assert [room.enter(name, name, 0.0) for name in "abcd"] == [None] * 4
    assert room.enter("e", "e", 1.0) == "a"
    room.leave("b")
    assert room.enter("f", "f", 2.0) is None
    assert len(room) == 4


def test_one_address_never_takes_the_places_of_the_others() -> None:
    room: WaitingRoom[str] = WaitingRoom(places=10)
    room.enter("citizen", "wifi", 0.0)
    sent_away = [room.enter(f"slow-{number}", "one", float(number)) for number in range(100)]
    assert sent_away == [None] * 5 + [f"slow-{number}" for number in range(95)]
    assert "citizen" not in sent_away
    assert len(room) == 6


def test_who_asks_again_waits_anew() -> None:
    room: WaitingRoom[str] = WaitingRoom(places=10)
    room.enter("patient", "a", 0.0)
    room.enter("other", "a", 1.0)
    room.enter("patient", "a", 5.0)
    assert room.take_overdue(before=5.0) == ["other"]
    assert room.take_overdue(before=5.0) == []
    room.leave("other")
    assert len(room) == 1
