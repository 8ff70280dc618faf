"""A call is the right clips in the right order, and what is missing never makes it say something else."""

import pytest

from tests.voice.recordings import said
from voice.calls import Sentence, counter_number, name_clip, sentence
from voice.wanted import Needs, wanted

COUNTERS = ("Quầy 3", "Quầy 21", "Quầy hướng dẫn", "Quầy B2")
EVERY = frozenset(wanted("vi", said("vi"), Needs(COUNTERS)))
A015 = ["letter-a", "digit-0", "digit-1", "digit-5"]


def call(counter: str, *, number: str = "A015", again: bool = False, without: tuple[str, ...] = ()) -> Sentence:
    return sentence(said("vi"), number, counter, again=again, there=EVERY - set(without))


def names(found: Sentence) -> list[str]:
    return [clip.name for clip in found.clips]


@pytest.mark.parametrize(
    ("counter", "place"),
    [
        ("Quầy 3", ["to-counter", "number-3"]),
        ("Quầy 21", ["to-counter", "number-21"]),
        ("Quầy hướng dẫn", ["to-place", "name-quay-huong-dan"]),
        ("Quầy B2", ["to-counter", "letter-b", "number-2"]),
    ],
)
def test_a_call_names_number_and_counter(counter: str, place: list[str]) -> None:
    assert call(counter) == Sentence(call(counter).clips, [])
    assert names(call(counter)) == ["invite", *A015, *place]


def test_the_second_time_says_so() -> None:
    assert names(call("Quầy 3", again=True))[:2] == ["again", "invite"]


def test_the_signs_of_a_number_follow_each_other_more_closely_than_words() -> None:
    pauses = {clip.name: clip.pause for clip in call("Quầy 3").clips}
    assert pauses["letter-a"] == pauses["digit-0"] < pauses["invite"] == pauses["digit-5"]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("3", ("", 3)),
        ("Quầy 03", ("", 3)),
        ("quầy số 15", ("", 15)),
        ("Counter 7", ("", 7)),
        ("Cửa 2", ("", 2)),
        ("A2", ("A", 2)),
        ("Quầy hướng dẫn", None),
        ("Quầy 3 tầng 2", None),
        ("Quầy 1234", None),
        ("", None),
    ],
)
def test_a_counter_has_a_number_or_a_name(name: str, number: tuple[str, int] | None) -> None:
    assert counter_number(name) == number


def test_the_clip_of_a_name_is_written_without_accents() -> None:
    assert name_clip("Quầy Đăng ký – trả kết quả (tầng 2)") == "name-quay-dang-ky-tra-ket-qua-tang-2"


# ---- missing clips ----


def test_without_the_words_the_number_is_still_said() -> None:
    found = call("Quầy 3", again=True, without=("again", "invite"))
    assert names(found) == [*A015, "to-counter", "number-3"]
    assert found.missing == ["again", "invite"]


@pytest.mark.parametrize("lost", ["letter-a", "digit-0", "digit-5"])
def test_a_number_that_lacks_a_sign_is_not_said_since_it_would_be_anothers(lost: str) -> None:
    found = call("Quầy 3", without=(lost,))
    assert (found.clips, found.missing) == ([], [lost])


def test_a_counters_number_without_a_clip_is_read_digit_by_digit() -> None:
    found = call("Quầy 21", without=("number-21",))
    assert names(found) == ["invite", *A015, "to-counter", "digit-2", "digit-1"]
    assert found.missing == ["number-21"]


def test_without_the_word_before_it_the_counter_is_left_out_since_it_would_sound_like_the_number() -> None:
    assert names(call("Quầy 3", without=("to-counter",))) == ["invite", *A015]


def test_a_name_that_nobody_recorded_is_left_out_with_its_word() -> None:
    found = call("Quầy hướng dẫn", without=("name-quay-huong-dan",))
    assert names(found) == ["invite", *A015]
    assert found.missing == ["name-quay-huong-dan"]


def test_a_sign_that_the_language_does_not_know_is_missing() -> None:
    assert call("Quầy 3", number="Ω015").missing == ["letter-ω"]
