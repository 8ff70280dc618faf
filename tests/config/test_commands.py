"""`check` tells a good hall's summary or every fault, and never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.commands import check
from config.settings import ROOT
from tests.config.halls import SHIPPED, small, written


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_good_hall_is_summed_up_on_one_screen(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(path) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert len(printed.out.splitlines()) <= 24


def test_procedures_without_a_service_are_a_note_and_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(ROOT / "halls" / "cao-bang.toml", "en") == 0
    printed = capsys.readouterr().out
    assert "170/174 procedures" in printed
    assert "thue-tinh · Thuế" in printed


def test_letters_that_sound_alike_and_idle_queues_are_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = small()
    document["queues"][0]["prefix"] = "B"
    document["queues"][1]["prefix"] = "P"
    document["queues"].append({"id": "x", "prefix": "X"})
    assert check(written(tmp_path, document), "en") == 0
    printed = capsys.readouterr().out
    assert "B and P sound alike" in printed
    assert "no service uses the queue x" in printed


def test_faults_of_the_hall_and_of_its_catalogue_are_told_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = small()
    document["hall"]["zone"] = "Asia/Hanoy"
    document["hall"]["catalogue"] = "list.toml"
    (tmp_path / "list.toml").write_text('[[procedures]]\ncode = ""\nname = "x"\n', encoding="utf-8")
    assert check(written(tmp_path, document), "en") == 2
    told = capsys.readouterr().err
    assert "hall.zone" in told
    assert "procedures[1].code" in told


def test_the_command_line_exits_with_2_and_names_file_key_value_and_hint(tmp_path: Path) -> None:
    document = small()
    document["hall"]["zone"] = "Asia/Hanoy"
    document["services"][0]["queue"] = "aa"
    path = written(tmp_path, document)
    command = [sys.executable, "-m", "config", "check", str(path), "--language", "en"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT.parent, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f'{path}: hall.zone = "Asia/Hanoy": There is no such time zone. Did you mean' in done.stderr
    assert 'services[ho-tich].queue = "aa": No such queue in [[queues]]. Did you mean “a”?' in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["chek", "x"], ["catalogue"], ["check"], ["catalogue", "import", "x"]])
def test_a_command_that_is_not_understood_exits_with_2(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "config", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT.parent, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
