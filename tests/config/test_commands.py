"""`check` tells a good hall's summary or every fault, and never a traceback."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from config.commands import check
from config.loading import load_hall
from config.settings import ROOT, WEEKDAYS
from config.summary import hall_lines
from tests.config.halls import SHIPPED, full, small, written


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_good_hall_is_summed_up_on_one_screen(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(path) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert len(printed.out.splitlines()) <= 24


def test_procedures_without_a_service_are_a_note_and_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(ROOT / "halls" / "cao-bang.toml", "en") == 0
    printed = capsys.readouterr().out
    assert "188/193 procedures" in printed
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


TODAY = dt.date(2027, 2, 1)


def summed_up(folder: Path, document: dict[str, object], language: str = "vi", today: dt.date = TODAY) -> list[str]:
    return hall_lines(load_hall(written(folder, document)), [], language, today)


def test_the_summary_tells_hours_days_ahead_quotas_people_and_choices(tmp_path: Path) -> None:
    lines = summed_up(tmp_path, full())
    assert lines == [
        "Trung tâm thử (thu, Asia/Ho_Chi_Minh)",
        "Thứ Hai: 07:30-11:30, 13:30-17:00",
        "Thứ Bảy: 07:30-11:30",
        "Nghỉ: 30/04/2027",
        "Giờ riêng: 14/02/2027 07:30-11:30 · 04/05/2027 nghỉ",
        "Cấp số từ 30 phút trước giờ mở cửa đến 15 phút trước giờ đóng cửa; "
        "ngừng sớm hơn khi dự báo không còn kịp phục vụ",
        "Hạn mức dat-dai: 60 số/ngày, 07:00-09:30: 25, 13:30-15:00: 15",
        "2 cơ quan, 2 dịch vụ, 2 dãy số, 2 quầy, 2 đối tượng",
        "Nhân sự: 2 cán bộ, 1 giám sát, 1 kiểm tra",
        "Tại quầy: 1 kết quả, 1 lý do tạm dừng",
        "0/0 thủ tục trong danh mục đã thuộc một dịch vụ.",
    ]


def test_days_with_the_same_hours_are_told_as_one_and_breaks_of_the_week_are_kept(tmp_path: Path) -> None:
    document = small()
    document["hours"] = {day: ["08:00-12:00"] for day in WEEKDAYS if day not in ("thursday", "sunday")}
    document["hours"]["cut_off"] = False
    lines = summed_up(tmp_path, document, "en")
    assert lines[1:4] == [
        "Monday–Wednesday: 08:00-12:00",
        "Friday–Saturday: 08:00-12:00",
        "Numbers from 30 minutes before opening until closing",
    ]


def test_many_holidays_and_quotas_stay_on_one_screen(tmp_path: Path) -> None:
    document = full()
    document["hours"]["holidays"] = [TODAY + dt.timedelta(days=each) for each in range(12)]
    document["services"] = [document["services"][0] | {"id": f"s{i}", "fields": [], "day_quota": 9} for i in range(7)]
    document["counters"] = [{"id": "1", "name": "1", "services": [f"s{i}" for i in range(7)]}]
    document["operators"] = document["operators"][:1]
    lines = summed_up(tmp_path, document, "en")
    assert sum("Quota of" in line for line in lines) == 4
    assert "  … and 3 other services." in lines
    assert any(line.startswith("Holidays: 2027-02-01 ·") and line.endswith("… and 4 more days") for line in lines)


def test_what_is_allowed_but_odd_is_noted(tmp_path: Path) -> None:
    document = full()
    assert not [line for line in summed_up(tmp_path, document, "en") if line.startswith("Note")]
    del document["classes"][1]["sign"]
    del document["operators"][2]
    document["operators"][1] |= {"skills": ["ho-tich"], "prefers": {}}
    results = document["counter_work"]["results"]
    results.append(results[0] | {"id": "taken"})
    notes = [line for line in summed_up(tmp_path, document, "en", dt.date(2027, 5, 1)) if line.startswith("Note")]
    assert [note.split(",")[0] for note in notes] == [
        "Note: the class elderly has a head start but no sign",
        "Note: nobody is supervisor or administrator (operators.role)",
        "Note: the service dat-dai is among nobody's skills.",
        "Note: the name “Đã tiếp nhận hồ sơ” stands twice in counter_work.results.",
        "Note: no holiday ahead in hours.holidays; enter them each year from the official notice.",
    ]


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


def test_a_language_without_a_file_of_texts_is_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, small() | {"kiosk": {"languages": ["vi", "tyz"]}})
    assert check(path, "en") == 0
    assert "no file of texts for tyz" in capsys.readouterr().out


def test_a_list_of_dossiers_that_is_not_there_is_a_fault_of_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, small() | {"dossiers": {"file": "ready.csv"}})
    assert check(path, "en") == 2
    assert "ready.csv" in capsys.readouterr().err
    (tmp_path / "ready.csv").write_text("code,state\n", encoding="utf-8")
    assert check(path, "en") == 0
