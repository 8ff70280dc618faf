"""What the server tells of itself: troubles in order, each with facts that every page can read."""

import datetime as dt

import pytest

from queue_server.health import Health

NOW = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)


def test_troubles_are_told_the_most_urgent_first_and_keep_their_beginning() -> None:
    health = Health()
    assert health.trouble("backup_old", NOW, hours=27)
    assert health.trouble("disk_full", NOW)
    assert not health.trouble("backup_old", NOW + dt.timedelta(hours=1), hours=28)
    [first, second] = health.troubles
    assert (first.code, second.code) == ("disk_full", "backup_old")
    assert (second.since, second.facts) == (NOW, {"hours": 28})
    assert (health.well("disk_full"), health.well("disk_full")) == (True, False)


def test_a_fact_that_pages_could_not_read_is_refused_where_it_is_told() -> None:
    with pytest.raises(AssertionError):
        Health().trouble("standby_away", NOW, joined=True)
