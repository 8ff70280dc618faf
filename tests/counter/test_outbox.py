"""What waits to be written."""

from counter.driver import Picture
from counter.outbox import Outbox

GAP = 0.2


def pictures(outbox: Outbox, now: float) -> list[bytes]:
    """What may be written at one moment."""
    taken = []
    while (frame := outbox.next(now)) is not None:
        taken.append(frame)
    return taken


def test_of_many_pictures_for_one_place_only_the_newest_is_written() -> None:
    outbox = Outbox()
    for number in range(1000):
        outbox.put(1, Picture("letters", b"%d" % number), GAP)
        outbox.put(2, Picture("letters", b"other"), GAP)
    assert [outbox.next(step * GAP) for step in range(3)] == [b"999", b"other", None]


def test_the_line_is_left_alone_between_pictures() -> None:
    outbox = Outbox()
    outbox.put(1, Picture("letters", b"a"), GAP)
    outbox.put(2, Picture("letters", b"b"), GAP)
    assert pictures(outbox, 10.0) == [b"a"]
    assert pictures(outbox, 10.1) == []
    assert 0 < outbox.wait(10.1, 1.0) <= GAP
    assert pictures(outbox, 10.0 + GAP) == [b"b"]
    assert outbox.wait(10.2, 1.0) == 1.0


def test_an_answer_waits_for_nothing() -> None:
    outbox = Outbox()
    outbox.put(1, Picture("letters", b"a"), GAP)
    assert pictures(outbox, 0.0) == [b"a"]
    outbox.put(1, Picture("letters", b"b"), GAP)
    outbox.answer(b"ack")
    assert outbox.wait(0.0, 1.0) == 0.0
    assert pictures(outbox, 0.0) == [b"ack"]


def test_different_slots_of_a_box_are_all_written_in_their_order() -> None:
    outbox = Outbox()
    for slot in ("digits", "beep", "rating"):
        outbox.put(1, Picture(slot, slot.encode()), 0.0)
    assert pictures(outbox, 0.0) == [b"digits", b"beep", b"rating"]


def test_a_flood_of_answers_is_bounded_and_clearing_forgets_all() -> None:
    outbox = Outbox()
    for number in range(1000):
        outbox.answer(b"%d" % number)
    assert len(pictures(outbox, 0.0)) == 64
    outbox.put(1, Picture("letters", b"a"), GAP)
    outbox.clear()
    assert pictures(outbox, 0.0) == []
