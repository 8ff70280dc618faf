"""What the satisfaction board says, and what it does not say of small groups."""

import datetime as dt

from msgspec.structs import replace

from display.board import Board
from display.satisfaction import PAGE_SECONDS, SatisfactionBoard, compose_satisfaction
from protocol import replies as re
from tests.display import halls


def day(ago: int, ratings: int = 20, satisfied: int = 18) -> re.SatisfiedDay:
    return re.SatisfiedDay(halls.DAY - dt.timedelta(days=ago), ratings, satisfied)


TOLD = re.SatisfactionReply(
    today=re.Satisfied(1310, 1265, 1600),
    services={"ho-tich": re.Satisfied(40, 38, 80), "ket-qua": re.Satisfied(10, 10, 10)},
    counters={"2": re.Satisfied(25, 20, 60), "10": re.Satisfied(5, 4, 9)},
    days=[day(3), day(1, 40, 30), day(2)],
)


def board(told: re.SatisfactionReply | None, by_counter: bool = True, zone: list[str] | None = None) -> Board:
    found = Board("wall")
    shown = re.DisplayInfo("wall", "satisfaction", zone or [])
    found.describe(replace(halls.hall(), displays=[shown], wall=re.WallHabits(8, False, by_counter)))
    found.take_snapshot(halls.snapshot(), 0.0)
    if told is not None:
        found.take_satisfaction(told)
    return found


def shown(told: re.SatisfactionReply | None = TOLD, now: float = 0.0, places: int = 4) -> SatisfactionBoard:
    return compose_satisfaction(board(told), places, 14, now)


def test_the_share_of_satisfied_citizens_stands_beside_ratings_and_response_rate() -> None:
    today = shown().today
    assert (today.share, today.ratings) == ("97%", "1.310 lượt đánh giá")
    assert today.response == "82% người được phục vụ đã đánh giá"


def test_all_are_satisfied_only_if_all_are() -> None:
    almost = replace(TOLD, today=re.Satisfied(1000, 999, 1000))
    assert shown(almost).today.share == "99%"


def test_a_small_group_is_not_told() -> None:
    few = replace(
        TOLD, today=re.Satisfied(4, 4, 9), services={"ho-tich": re.Satisfied(4, 1, 9)}, counters={}, days=[day(1, 4, 4)]
    )
    for told in (few, replace(few, today=None), None):
        found = shown(told)
        assert (found.today.part, found.today.share, found.groups, found.days) == (None, "", [], [])


def test_services_and_then_counters_come_in_the_halls_order() -> None:
    services, counters = shown(now=0.0), shown(now=PAGE_SECONDS)
    assert services.head[0] == "Theo lĩnh vực"
    assert [(group.name, group.share) for group in services.groups] == [("Hộ tịch", "95%"), ("Nhận kết quả", "100%")]
    assert counters.head[0] == "Theo quầy"
    assert [(group.name, group.share) for group in counters.groups] == [("Quầy 2", "80%"), ("Quầy 10", "80%")]
    assert (services.page, counters.page) == ("1/2", "2/2")


def test_counters_are_told_only_where_the_hall_wants_it() -> None:
    found = board(TOLD, by_counter=False)
    heads = {compose_satisfaction(found, 4, 14, page * PAGE_SECONDS).head[0] for page in range(3)}
    assert heads == {"Theo lĩnh vực"}


def test_more_groups_than_places_take_turns() -> None:
    assert [[group.name for group in shown(now=page * PAGE_SECONDS, places=1).groups] for page in range(4)] == [
        ["Hộ tịch"],
        ["Nhận kết quả"],
        ["Quầy 2"],
        ["Quầy 10"],
    ]


def test_a_display_of_a_zone_tells_its_services() -> None:
    found = compose_satisfaction(board(TOLD, by_counter=False, zone=["ket-qua"]), 4, 14, 0.0)
    assert [group.name for group in found.groups] == ["Nhận kết quả"]


def test_the_last_days_stand_oldest_first() -> None:
    days = compose_satisfaction(board(TOLD), 4, 2, 0.0).days
    assert [(bar.day, bar.share) for bar in days] == [("10/01", "90%"), ("11/01", "75%")]
