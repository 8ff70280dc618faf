"""What is typed finds procedures: words, their beginnings, initials, codes, what people say, and what was meant."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.said import Saying, SpokenWords
from kiosk.finding import Hit, Index
from kiosk.finding.guessing import sound
from protocol.views import ProcedureInfo
from tests.kiosk.procedures import everyday, everyday_index

BIRTH = ProcedureInfo("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch", "so-tu-phap", "ho-tich")
MOBILE = ProcedureInfo("1.003583", "Thủ tục đăng ký khai sinh lưu động", "Hộ tịch", "so-tu-phap", "ho-tich")
DEATH = ProcedureInfo("1.000656", "Thủ tục đăng ký khai tử", "Hộ tịch", "so-tu-phap", "ho-tich")
TITLE = ProcedureInfo("1.012783", "Cấp đổi Giấy chứng nhận quyền sử dụng đất", "Đất đai", "so-nong-nghiep", "dat-dai")
LOST = ProcedureInfo("1.012786", "Cấp lại Giấy chứng nhận do bị mất", "Đất đai", "so-nong-nghiep", "dat-dai")
CERAMICS = ProcedureInfo("9.000001", "Cấp phép xuất khẩu gốm sứ", "Thương mại", "so-cong-thuong", "cong-thuong")
LICENCE = ProcedureInfo("9.000002", "Đổi giấy phép lái xe", "Sát hạch", "cong-an-tinh", "cong-an")
ALL = [BIRTH, MOBILE, DEATH, TITLE, LOST, CERAMICS, LICENCE]
SPOKEN = SpokenWords(
    said=[
        Saying(say=["sổ đỏ", "bìa đỏ"], codes=["1.012783", "1.012786"]),
        Saying(say=["mất sổ đỏ"], codes=["1.012786"]),
        Saying(say=["bằng lái"], means=["giấy phép lái xe"]),
    ],
    fillers=["xin", "làm", "cho", "con", "thủ tục"],
)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(ALL, SPOKEN)


def names(hits: list[Hit]) -> list[str]:
    return [hit.procedure.code for hit in hits]


def marked(hit: Hit) -> str:
    """The letters that a screen marks."""
    return "|".join(hit.procedure.name[begin:end] for begin, end in hit.spans)


@pytest.mark.parametrize(
    "typed",
    [
        "khai sinh",
        "KHAI SINH",
        "sinh khai",
        "kh si",
        "khaisinh",
        "dkks",
        "đăng ký khai si",
        "1.001193",
        "1.0011",
        "001193",
        "1.001193.000.00.00.H14",
    ],
)
def test_birth_registration_is_found_first(index: Index, typed: str) -> None:
    [first, *_] = index.find(typed, 5)
    assert first.procedure is BIRTH
    assert not first.guessed


def test_every_typed_word_must_begin_a_word(index: Index) -> None:
    assert set(names(index.find("kha si", 9))) == {BIRTH.code, MOBILE.code}
    assert all(hit.guessed for hit in index.find("hai inh", 9))


def test_the_field_finds_too_and_nothing_typed_finds_nothing(index: Index) -> None:
    assert set(names(index.find("hộ tịch", 9))) == {BIRTH.code, MOBILE.code, DEATH.code}
    assert index.find("", 9) == []
    assert index.find(" .,", 9) == []


def test_accents_as_typed_come_first() -> None:
    tu = [ProcedureInfo(f"9.00000{i}", name, "", "", "") for i, name in enumerate(["Khai tư", "Khai tử", "Khai từ"])]
    index = Index(tu, SpokenWords(said=[]))
    assert index.find("khai từ", 3)[0].procedure.name == "Khai từ"
    assert index.find("khai tử", 3)[0].procedure.name == "Khai tử"
    assert index.count("khai tu") == 3


def test_the_tone_may_stand_by_either_rule() -> None:
    index = Index([ProcedureInfo("9.000001", "Hoà giải", "", "", ""), CERAMICS], SpokenWords(said=[]))
    for typed in ("hòa giải", "hoà giải", "hoa giai"):
        assert index.find(typed, 2)[0].procedure.name == "Hoà giải"


def test_ki_and_ky_are_the_same(index: Index) -> None:
    assert index.find("đăng kí khai tử", 1)[0].procedure is DEATH
    assert marked(index.find("đăng kí khai tử", 1)[0]) == "đăng|ký|khai|tử"


def test_telex_keys_that_were_not_composed_are_read(index: Index) -> None:
    hit = index.find("ddawng kys khai tuwr", 1)[0]
    assert (hit.procedure, hit.guessed) == (DEATH, False)


def test_what_many_come_for_goes_before_what_few_do() -> None:
    rare = ProcedureInfo("9.000001", "Đăng ký tàu", "", "", "")
    usual = ProcedureInfo("9.000002", "Đăng ký thường trú", "", "", "", uses=900)
    assert names(Index([rare, usual], SpokenWords(said=[])).find("dang ky", 2)) == [usual.code, rare.code]
    assert names(Index([rare, usual], SpokenWords(said=[])).find("dang ky ta", 2)) == [rare.code]


def test_a_saying_finds_what_it_means_in_its_order(index: Index) -> None:
    assert names(index.find("sổ đỏ", 2)) == [TITLE.code, LOST.code]
    assert names(index.find("mat so do", 1)) == [LOST.code]
    assert index.find("so do", 1)[0].said == "sổ đỏ"
    assert marked(index.find("so do", 1)[0]) == ""


def test_a_saying_finds_by_the_words_of_official_names(index: Index) -> None:
    assert names(index.find("bằng lái", 3)) == [LICENCE.code]
    assert names(index.find("đổi bằng", 3)) == [LICENCE.code]


def test_a_provinces_tail_at_a_code_does_not_hide_what_people_say() -> None:
    local = ProcedureInfo("1.012783.000.00.00.H14", TITLE.name, "", "", "")
    assert Index([local], SPOKEN).find("bia do", 1)[0].procedure is local


def test_fillers_need_not_be_found_but_count_where_they_are(index: Index) -> None:
    assert index.find("xin lam khai sinh cho con", 1)[0].procedure is BIRTH
    assert index.find("thu tuc khai sinh", 1)[0].procedure is BIRTH
    assert names(index.find("thu tuc doi giay phep lai xe", 3)) == [LICENCE.code]
    assert index.find("xin", 3) == []


@pytest.mark.parametrize("typed", ["khai sinnh", "kahi sinh", "khai xinh", "đăng ký khai sing", "khai snih luu dong"])
def test_typing_errors_are_forgiven_when_nothing_else_is_found(index: Index, typed: str) -> None:
    hits = index.find(typed, 3)
    assert hits[0].procedure in (BIRTH, MOBILE)
    assert all(hit.guessed for hit in hits)


def test_a_word_too_many_is_forgiven_too_but_not_half_a_sentence(index: Index) -> None:
    assert index.find("khai sinh gấp", 1)[0].procedure is BIRTH
    assert index.find("xyz qwert zzz", 3) == []


@pytest.mark.parametrize(
    ("one", "other"), [("xo", "so"), ("trung", "chung"), ("day", "giay"), ("lop", "nop"), ("ki", "ky")]
)
def test_regions_that_say_it_differently_are_understood(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_a_hall_without_procedures_finds_none() -> None:
    assert Index([], SPOKEN).find("khai sinh", 3) == []
    assert Index([], SPOKEN).count("sổ đỏ") == 0


def test_the_matching_letters_are_told_for_marking(index: Index) -> None:
    assert marked(index.find("khai si", 1)[0]) == "khai|si"
    assert marked(index.find("khaisi", 1)[0]) == "khai|si"
    assert marked(index.find("dkks", 1)[0]) == "đ|k|k|s"
    assert marked(index.find("1.001193", 1)[0]) == ""


def test_a_further_page_goes_on_where_the_first_ended(index: Index) -> None:
    together = names(index.find("dang ky", 3))
    assert names(index.find("dang ky", 1)) + names(index.find("dang ky", 2, start=1)) == together
    assert index.count("dang ky") == 3


def finds(index: Index, typed: str) -> bool:
    return any(not hit.guessed for hit in index.find(typed, 1))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_letter_that_still_finds_something_is_never_muted(data: st.DataObject) -> None:
    index = everyday_index()
    procedure = data.draw(st.sampled_from(everyday()))
    start = data.draw(st.sampled_from([0, *(at + 1 for at, letter in enumerate(procedure.name) if letter == " ")]))
    typed = procedure.name[start : start + data.draw(st.integers(0, 14))]
    alive = {letter for letter in string.ascii_lowercase + string.digits if finds(index, typed + letter)}
    following = index.next_letters(typed)
    composing = {letter for letter in alive - following if finds(index, typed + letter)}
    assert composing <= set("sfrxjzwaeod"), "only Telex keys find without being letters of a word"


def test_keys_that_lead_nowhere_are_not_among_the_next_letters(index: Index) -> None:
    assert index.next_letters("khai") == {"s", "t"}
    assert "q" not in index.next_letters("kha")
    assert index.next_letters("khai tu zz") == frozenset()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=25))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    for hit in everyday_index().find(typed, 6):
        assert all(0 <= begin < end <= len(hit.procedure.name) for begin, end in hit.spans)
    everyday_index().next_letters(typed)
