"""Whatever the rows are, the engine says what plain loops over them say."""

import datetime as dt
import statistics

from hypothesis import given, settings
from hypothesis import strategies as st

from figures import ask
from figures.rows import Rows, Stay, Visit
from figures.tables import Tables
from figures.words import Dimension, Figures
from tests.figures.sample import DAY, directory, question, stay, visit

_seconds = st.none() | st.floats(0, 20_000, allow_nan=False).map(lambda value: round(value, 6))
_visits = st.builds(
    visit,
    st.integers(1, 10_000),
    service=st.sampled_from(["land", "civil", "gone"]),
    outcome=st.sampled_from(["served", "no_show", "cancelled", "abandoned", "open"]),
    service_day=st.sampled_from([DAY, DAY + dt.timedelta(days=1)]),
    called=st.booleans(),
    transferred=st.booleans(),
    waiting_seconds=_seconds,
    quoted_low=st.just(5),
    quoted_high=st.sampled_from([5, 10, 60]),
    quoted_seconds=_seconds,
)
_stays = st.builds(
    stay,
    st.integers(1, 20),
    counter=st.sampled_from(["1", "2", "9"]),
    end=st.sampled_from(["served", "no_show", "cancelled", "abandoned", "open", "transferred", "parked"]),
    waiting_seconds=_seconds,
    walk_seconds=_seconds,
    service_seconds=_seconds,
)


def at(values: list[float], percent: int) -> float | None:
    """A quantile in minutes, by another library."""
    if len(values) < 2:
        return round(values[0] / 60, 1) if values else None
    return round(statistics.quantiles(values, n=100, method="inclusive")[percent - 1] / 60, 1)


def close(found: float | None, naive: float | None) -> bool:
    """Equal but for how a half is rounded."""
    return found == naive or (found is not None and naive is not None and abs(found - naive) < 0.1001)


def known(rows: list[Visit] | list[Stay], column: str) -> list[float]:
    return [value for row in rows if (value := getattr(row, column)) is not None]


def check_visits(found: Figures, mine: list[Visit]) -> None:
    outcomes = [one.outcome for one in mine]
    assert (found.issued, found.served, found.no_show) == (
        len(mine),
        outcomes.count("served"),
        outcomes.count("no_show"),
    )
    assert found.cancelled == outcomes.count("cancelled") + outcomes.count("abandoned")
    assert (found.called, found.transferred) == (sum(o.called for o in mine), sum(o.transferred for o in mine))
    waits = known(mine, "waiting_seconds")
    for percent, value in ((50, found.waiting_median), (90, found.waiting_p90), (95, found.waiting_p95)):
        assert close(value, at(waits, percent))
    targeted = known([one for one in mine if one.service != "gone"], "waiting_seconds")
    within = sum(wait <= 1200 for wait in targeted)
    assert found.within_target == (round(within / len(targeted), 3) if targeted else None)
    quotes = [(one.quoted_seconds, one.quoted_high * 60) for one in mine if one.quoted_seconds is not None]
    assert found.quoted == len(quotes)
    late = sum(wait > high for wait, high in quotes)
    assert found.quoted_late == (round(late / len(quotes), 3) if quotes else None)
    assert close(found.quote_error, at([abs(wait - (300 + high) / 2) for wait, high in quotes], 50))


@settings(max_examples=12)
@given(st.lists(_visits, max_size=40), st.lists(_stays, max_size=40))
def test_the_engine_agrees_with_plain_loops(visits: list[Visit], stays: list[Stay]) -> None:
    with Tables(directory()) as tables:
        tables.add(Rows(visits=visits, stays=stays))
        check_visits(ask.whole(tables, question()), visits)
        for found in ask.by(tables, question(), Dimension.SERVICE):
            check_visits(found, [one for one in visits if one.service == found.key])
        for found in ask.by(tables, question(), Dimension.DAY):
            check_visits(found, [one for one in visits if str(one.service_day) == found.key])
        for found in ask.by(tables, question(), Dimension.COUNTER):
            mine = [one for one in stays if one.counter == found.key]
            ends = [one.end for one in mine]
            assert found.issued == len({one.visit for one in mine})
            assert (found.served, found.transferred) == (ends.count("served"), ends.count("transferred"))
            assert close(found.walk_p90, at(known(mine, "walk_seconds"), 90))
            assert close(found.service_p95, at(known(mine, "service_seconds"), 95))
            assert close(found.waiting_median, at(known(mine, "waiting_seconds"), 50))
