"""Typed Telex keys become Vietnamese words, marks can be taken back, and foreign words stay as they are."""

import csv
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.telex import composed, erased, spelled
from tests.config.cao_bang_1266 import NATIONAL_LIST

OLD_RULE = {"oá": "óa", "oà": "òa", "oả": "ỏa", "uỷ": "ủy", "uỹ": "ũy", "uý": "úy"}
"""Vowels at a word's end whose tone the lists of the ministries put by either rule."""
OUT_OF_REACH = {"TKTƯ", "Nitơ"}
"""No syllables: an abbreviation with a vowel in it, and a foreign name in Vietnamese spelling."""


def by_the_old_rule(word: str) -> str:
    for new, old in OLD_RULE.items():
        if word.lower().endswith(new) and not word.lower().startswith("qu"):
            return word[:-2] + (old.capitalize() if word[:-2] == "" and word[0].isupper() else old)
    return word


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("ddawng kys khai sinh", "đăng ký khai sinh"),
        ("hoaf hoafn thuyr khoer ngoaif", "hòa hoàn thủy khỏe ngoài"),
        ("gif gias gieengs giuwx", "gì giá giếng giữ"),
        ("quys quoocs quyeenf quawn", "quý quốc quyền quăn"),
        ("nguwowif nguowif nguoiwf", "người người người"),
        ("thuowr chuwa chuaw luuw ruwouj", "thuở chưa chưa lưu rượu"),
        ("khuyur chuyeern khuya", "khuỷu chuyển khuya"),
        ("toans tosan tuana dangd", "toán toán tuân đang"),
        ("TIEESNG Vieetj NDD HDDND DDKKD", "TIẾNG Việt NĐ HĐND ĐKKD"),
        ("DDawsk Lawks", "Đắk Lắk"),
    ],
)
def test_marks_and_tones_find_their_letters(keys: str, shown: str) -> None:
    assert composed(keys) == shown


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("aaa", "aa"), ("aaaa", "aaa"), ("ddd", "dd"), ("aww", "aw"), ("toanss", "toans"), ("toansz", "toan")],
)
def test_a_mark_typed_twice_is_taken_back_and_z_takes_the_tone(keys: str, shown: str) -> None:
    assert composed(keys) == shown


def test_another_tone_replaces_the_first() -> None:
    assert composed("toansf") == "toàn"


def test_foreign_words_and_codes_stay_as_they_were_typed() -> None:
    for typed in ("karaoke website voucher z w 1.001193", "İİ ÀÉ ß日本"):
        assert composed(typed) == typed


def test_a_letter_is_erased_as_it_is_seen() -> None:
    assert composed(erased("toans")) == "tóa"
    assert composed(erased("ddawng kys")) == "đăng k"
    assert composed(erased("ddaw ")) == "đă"
    assert erased("") == ""


@settings(deadline=None)
@given(st.text(alphabet="adeowsfrxjzuingchtDAT ", max_size=14))
def test_whatever_is_typed_erasing_empties_it(keys: str) -> None:
    for _ in range(2 * len(keys)):
        assert unicodedata.is_normalized("NFC", composed(keys))
        keys = erased(keys)
    assert keys == ""


def test_every_word_of_the_real_procedure_names_can_be_typed() -> None:
    if not NATIONAL_LIST.is_file():
        pytest.skip(f"the national list is not on this machine: {NATIONAL_LIST}")
    with NATIONAL_LIST.open(encoding="utf-8", newline="") as file:
        words = {word for row in csv.DictReader(file) for word in re.findall(r"[^\W\d_]+", row["name"])}
    assert len(words) > 1700
    wrong = {word for word in words if composed(spelled(word)) != by_the_old_rule(word)}
    assert wrong == OUT_OF_REACH
