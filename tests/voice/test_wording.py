"""A language says calls as its file tells; a hall may say single things otherwise, or bring a language of its own."""

from pathlib import Path

import pytest

from tests.voice.recordings import said
from voice.reading import ticket_number
from voice.wanted import Needs, may_be, same_clip, voice_of, wanted
from voice.wording import FILE, WordingError, number_words, shipped, shipped_languages, wording

TAY = """
[order]
call = ["{counter}", "slo", "{ticket}"]
again = ["lai", "{counter}", "slo", "{ticket}"]
numbered = ["quay", "{number}"]
named = ["quay", "{name}"]
[phrases]
slo = "…"
lai = "…"
quay = "…"
[digits]
0 = "…"
1 = "…"
2 = "…"
3 = "…"
4 = "…"
5 = "…"
6 = "…"
7 = "…"
8 = "…"
9 = "…"
[letters]
A = "…"
[numbers]
1 = "ất"
"""


def test_vietnamese_comes_first_and_every_shipped_language_is_whole() -> None:
    assert shipped_languages()[:1] == ["vi"]
    for language in shipped_languages():
        assert set(said(language).letters) == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        assert said(language).voice


def test_letters_and_digits_are_read_as_on_the_screens() -> None:
    for sign in "0123456789ABCDEGHKLMNPQRSTUVXY":
        spoken = said("vi").digits.get(sign) or said("vi").letters[sign]
        assert spoken == ticket_number(sign)


def test_a_counter_is_read_as_a_normal_number() -> None:
    clips = wanted("vi", said("vi"), Needs(("Quầy 15", "Quầy 21")))
    assert (clips["number-15"], clips["number-21"]) == ("mười lăm", "hai mươi mốt")


def test_letters_are_read_as_in_the_region() -> None:
    clips = wanted("vi", said("vi"), Needs(("Quầy 1",), "GQ", {"G": "gờ"}))
    assert {name: words for name, words in clips.items() if name.startswith("letter-")} == {
        "letter-g": "gờ",
        "letter-q": "quy",
    }


def test_a_hall_needs_the_clips_of_its_own_counters_and_letters_only() -> None:
    clips = wanted("vi", said("vi"), Needs(("Quầy 1", "Quầy C2", "Quầy hướng dẫn"), "A"))
    kinds = ("letter-", "number-", "name-")
    assert {name for name in clips if name.startswith(kinds)} == {
        "letter-a",
        "letter-c",
        "number-1",
        "number-2",
        "name-quay-huong-dan",
    }


def test_a_counters_name_is_vietnamese_in_every_language() -> None:
    assert (voice_of("name-quay-huong-dan", said("en")), voice_of("digit-1", said("en"))) == ("vi", "en-gb")


def test_counters_that_differ_by_accents_only_are_found() -> None:
    assert same_clip(["Quầy bán", "Quầy 1", "Quầy bạn", "Quầy bán"]) == [("Quầy bán", "Quầy bạn")]


@pytest.mark.parametrize(
    ("name", "may"),
    [
        *((name, True) for name in ("digit-9", "letter-q", "number-137", "name-quay", "invite")),
        *((name, False) for name in ("digit-10", "letter-ab", "number-01", "number-x", "invte", "gong")),
    ],
)
def test_a_language_knows_which_names_clips_may_have(name: str, may: bool) -> None:
    assert may_be(name, said("vi")) is may


# ---- a hall's own ----


def test_a_hall_says_single_phrases_otherwise(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('[phrases]\ninvite = "Mời công dân có số phiếu"\n')
    own = wording("vi", tmp_path)
    assert own is not None
    assert own.phrases == {**said("vi").phrases, "invite": "Mời công dân có số phiếu"}
    assert own.order == said("vi").order


def test_a_language_of_its_own_comes_with_its_recordings(tmp_path: Path) -> None:
    assert shipped("tyz") is None
    assert wording("tyz", tmp_path) is None
    (tmp_path / FILE).write_text(TAY)
    own = wording("tyz", tmp_path)
    assert own is not None
    assert own.voice == ""
    assert [number_words("tyz", own, value) for value in (1, 2)] == ["ất", "2"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[order]\ncall = [", "Invalid"),
        ('[order]\ncall = ["invite", "{ticket}"]', "order.call: expected {counter} {ticket}"),
        ('[order]\ncall = ["welcome", "{ticket}", "{counter}"]', "no phrase 'welcome'"),
        ('[order]\nbye = ["invite"]', "order.bye: expected nothing"),
        ("[digits]\n0 = 5", "Expected `str`"),
        ('[phrases]\n"to Counter" = "x"', "phrases.to Counter"),
        ('[letters]\na = "x"', "letters.a"),
        ('[letters]\nNG = "x"', "letters.NG"),
        ('[colours]\nred = "x"', "unknown field"),
        (TAY.replace('9 = "…"\n', ""), "digits.9: missing"),
    ],
)
def test_a_file_that_can_not_be_used_says_why(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / FILE).write_text(content)
    language = "tyz" if content.startswith(TAY[:9]) and "slo" in content else "vi"
    with pytest.raises(WordingError) as fault:
        wording(language, tmp_path)
    assert told in str(fault.value)
    assert FILE in str(fault.value)


def test_counters_whose_names_would_share_a_clip_have_none() -> None:
    clips = wanted("vi", said("vi"), Needs(("Quầy tiếp dân", "Quầy tiếp đàn", "Quầy trả kết quả")))
    assert [name for name in clips if name.startswith("name-")] == ["name-quay-tra-ket-qua"]
