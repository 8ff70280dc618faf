"""The words that people say are read whole, or refused with every fault at once."""

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from config.catalogue import Reader
from config.loading import load_catalogue
from config.rows import rows_of
from config.said import SAID, SettingsError, load_said
from config.settings import ROOT
from tests.config.cao_bang_1266 import NATIONAL_LIST

GOOD: dict[str, Any] = {"said": [{"say": ["sổ đỏ"], "codes": ["1.012783"]}], "fillers": ["xin"]}


def faults_of(path: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(SettingsError) as refusal:
        load_said(path, "en")
    return [(fault.key, fault.value, fault.expected) for fault in refusal.value.faults]


def written(folder: Path, *sayings: dict[str, Any], **others: Any) -> Path:
    path = folder / "said.toml"
    path.write_text(tomli_w.dumps(GOOD | {"said": list(sayings)} | others), encoding="utf-8")
    return path


def test_the_shipped_words_are_many_and_lead_to_everyday_procedures() -> None:
    spoken = load_said()
    assert len(spoken.said) >= 80
    said = {words for saying in spoken.said for words in saying.say}
    assert {"giấy khai sinh", "sổ đỏ", "bằng lái", "hộ khẩu", "cmnd", "cccd", "gplx", "bhyt", "đkkd", "sao y"} <= said
    everyday = {each.code for each in load_catalogue(ROOT / "catalogue" / "everyday.toml").procedures}
    reached = [saying for saying in spoken.said if everyday & set(saying.codes)]
    assert len(reached) >= 80


def test_every_code_of_the_shipped_words_is_one_of_the_national_list() -> None:
    if not NATIONAL_LIST.is_file():
        pytest.skip(f"the national list is not on this machine: {NATIONAL_LIST}")
    reader = Reader({})
    for _ in reader.read(rows_of(NATIONAL_LIST)):
        pass
    national = {each.code for each in reader.procedures}
    assert [code for saying in load_said().said for code in saying.codes if code not in national] == []


def test_words_are_brought_to_one_form_of_unicode(tmp_path: Path) -> None:
    [saying] = load_said(written(tmp_path, {"say": ["sô\u0309 đo\u0309"], "means": ["x"]})).said
    assert saying.say == ["sổ đỏ"]


def test_every_fault_is_told_with_its_key_its_value_and_what_was_expected(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"say": ["sổ đỏ", " "], "codes": ["1.012783", "12"]},
        {"say": ["Sổ đỏ"], "means": ["quyền sử dụng đất"]},
        {"say": [], "codes": ["1.012783"]},
        {"say": ["bìa đỏ"]},
        {"say": [1], "means": ["x"], "mean": "x"},
    )
    found = faults_of(path)
    assert ("said[1].codes[2]", '"12"', "A code looks like 1.001193 or 1.001193.000.00.00.H14.") in found
    keys = [key for key, _, _ in found]
    assert {
        "said[1].say[2]",
        "said[2].say[1]",
        "said[3].say",
        "said[4].codes",
        "said[5].say[1]",
        "said[5].mean",
    } == set(keys) - {"said[1].codes[2]"}


@pytest.mark.parametrize("content", [b"[[said", b"\xff", b"fillers = []"], ids=["not toml", "not utf-8", "no sayings"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "said.toml"
    path.write_bytes(content)
    assert len(faults_of(path)) == 1
    path.unlink()
    assert len(faults_of(path)) == 1


def test_the_shipped_file_is_the_default() -> None:
    assert load_said() == load_said(SAID)
