"""A device that knows two machines of its hall asks the right one."""

from pathlib import Path

from msgspec.structs import replace

from protocol.keys import DeviceKeys, keeping, read_keys, write_keys
from protocol.replies import HallReply
from protocol.whereabouts import Whereabouts

FIRST, SECOND, THIRD = (("tcp://a:1", "tcp://a:2"), ("tcp://b:1", "tcp://b:2"), ("tcp://c:1", "tcp://c:2"))
ALONE = DeviceKeys("kiosk-1", "kiosk", "p" * 40, "s" * 40, "h" * 40, *FIRST)
BOTH = replace(ALONE, standby_commands=SECOND[0], standby_events=SECOND[1])


def told(epochs: list[str], other: tuple[str, str] = ("", "")) -> HallReply:
    empty: list[object] = []
    given = HallReply("h", "", "", "", "", "", {}, *([empty] * 5))  # type: ignore[arg-type]
    return replace(given, standby_commands=other[0], standby_events=other[1], epochs=epochs)


def here(where: Whereabouts) -> tuple[str, str]:
    return where.commands, where.events


def test_a_device_that_knows_one_place_stays_there() -> None:
    where = Whereabouts(ALONE)
    assert not where.two
    where.switch()
    assert here(where) == FIRST


def test_the_other_place_is_looked_at_in_turn() -> None:
    where = Whereabouts(BOTH)
    assert where.two
    where.switch()
    assert here(where) == SECOND
    where.switch()
    assert here(where) == FIRST


def test_a_hall_tells_where_its_second_machine_is() -> None:
    where = Whereabouts(ALONE)
    assert where.believe(told(["e1"], SECOND))
    assert where.keys == replace(BOTH, epochs=("e1",))


def test_who_answers_at_the_second_place_becomes_the_first() -> None:
    where = Whereabouts(BOTH)
    where.switch()
    assert where.believe(told(["e1", "e2"], FIRST))
    assert here(where) == SECOND
    where.switch()
    assert here(where) == FIRST


def test_a_hall_that_names_nobody_leaves_what_was_known() -> None:
    where = Whereabouts(BOTH)
    where.switch()
    assert where.believe(told(["e1", "e2"]))
    assert here(where) == SECOND
    assert where.two


def test_a_machine_that_another_has_followed_is_not_believed() -> None:
    where = Whereabouts(replace(BOTH, epochs=("e1", "e2")))
    assert not where.believe(told(["e1"], THIRD))
    assert where.keys.standby_commands == SECOND[0]
    assert where.believe(told(["e1", "e2"]))
    assert where.believe(told(["e1", "e2", "e3"]))
    assert not where.believe(told(["e1", "e2"]))
    assert where.believe(told([]))  # an earlier version of the server
    assert not where.believe(told(["e1", "e2"]))


def test_what_was_learned_is_in_the_key_file(tmp_path: Path) -> None:
    path = tmp_path / "kiosk-1.json"
    keeping(path)(BOTH)
    assert not path.exists()
    write_keys(path, ALONE)
    keeping(path)(BOTH)
    assert read_keys(path) == BOTH
