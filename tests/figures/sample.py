"""Rows and names that tests of figures share."""

import datetime as dt
from typing import Any

from figures.directory import Directory
from figures.rows import Reason, Span, Stay, Visit, Vote
from figures.words import Procedure, Question
from protocol.replies import HallReply, NamedInfo, RatingHabits
from protocol.views import ClassInfo, CounterInfo, ServiceInfo

DAY = dt.date(2026, 11, 23)
"""A Monday."""
DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    " =1+1",
    '=HYPERLINK("http://x";"y")',
    "<script>alert(1)</script>",
]
VIETNAMESE = "Đăng ký hộ tịch – Quầy số 5, phường Nghĩa Đô"


def hall(
    services: dict[str, str] | None = None, counters: dict[str, str] | None = None, name: str = VIETNAMESE
) -> HallReply:
    """A hall of services and counters (id → name); every service but the first belongs to the agency `other`."""
    named = services or {"land": "Đất đai", "civil": "Hộ tịch"}
    return HallReply(
        hall_id="h",
        name=name,
        name_en=name,
        address="Số 1, đường Hoàng Văn Thụ",
        zone="Asia/Ho_Chi_Minh",
        public_url="",
        hours={},
        agencies=[NamedInfo("first", "Sở thứ nhất", "First"), NamedInfo("other", "Sở khác", "Other")],
        services=[
            ServiceInfo(key, name, name, "other" if place else "first", key, [], target_minutes=20)
            for place, (key, name) in enumerate(named.items())
        ],
        counters=[CounterInfo(key, name, []) for key, name in (counters or {"1": "Quầy 1", "2": "Quầy 2"}).items()],
        classes=[ClassInfo("ordinary", "Thường", "Ordinary", "", 0, None)],
        rating_reasons=[NamedInfo("slow", "Chờ lâu", "Slow")],
        operator_ids=["01", "02"],
        rating=RatingHabits([NamedInfo("attitude", "Thái độ", "Attitude")], 30, False),
    )


def directory(**changes: Any) -> Directory:
    """The hall's names, with one procedure."""
    return Directory(hall(**changes), {"1.001193": Procedure("Đăng ký khai sinh", "Hộ tịch")}, {"land": "Đất đai"})


def question(**changes: Any) -> Question:
    """Of all days, unless changed."""
    return Question(**{"first_day": dt.date(2026, 1, 1), "last_day": dt.date(2026, 12, 31)} | changes)


def visit(number: int, **changes: Any) -> Visit:
    """A served visit for land at eight o'clock that waited ten minutes."""
    day = changes.get("service_day", DAY)
    usual = {
        "visit": day.toordinal() * 1_000_000 + number,
        "service_day": day,
        "weekday": day.weekday(),
        "hour": 8,
        "service": "land",
        "procedure": "",
        "class_": "ordinary",
        "origin": "kiosk",
        "outcome": "served",
        "called": True,
        "transferred": False,
        "came_back": False,
        "claim_false": False,
        "times_wrong": False,
        "rateable": True,
        "waiting_seconds": 600.0,
        "quoted_low": None,
        "quoted_high": None,
        "quoted_seconds": None,
    }
    return Visit(**usual | changes)


def stay(number: int, **changes: Any) -> Stay:
    """The only stay of such a visit, at counter 1: half a minute to walk, five minutes of service."""
    day = changes.get("service_day", DAY)
    usual = {
        "visit": day.toordinal() * 1_000_000 + number,
        "service_day": day,
        "weekday": day.weekday(),
        "hour": 8,
        "service": "land",
        "procedure": "",
        "class_": "ordinary",
        "counter": "1",
        "operator": "01",
        "end": "served",
        "came_back": False,
        "claim_false": False,
        "rateable": True,
        "waiting_seconds": 600.0,
        "walk_seconds": 30.0,
        "service_seconds": 300.0,
        "quoted_low": None,
        "quoted_high": None,
        "quoted_seconds": None,
    }
    return Stay(**usual | changes)


def span(state: str, seconds: float, counter: str = "1", operator: str = "01", hour: int = 8) -> Span:
    """A piece of a counter's time."""
    return Span(DAY, DAY.weekday(), hour, counter, operator, state, seconds)


def vote(score: int, criterion: str = "", counter: str = "1", service: str = "land", day: dt.date = DAY) -> Vote:
    """A vote on the officer 01."""
    return Vote(day, day.weekday(), service, counter, "01", criterion, score)


def reason(name: str, counter: str = "1") -> Reason:
    """A reason that was ticked."""
    return Reason(DAY, DAY.weekday(), "land", counter, "01", name)
