"""The limit per address."""

from web.limits import RateLimit


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
