"""`./motcua doctor`: finds what is wrong with a PC of the hall, says what to do, and changes nothing."""

import datetime as dt
import os
import re
import socket
from pathlib import Path
from types import SimpleNamespace

import apsw
import pytest

from config import texts
from config.settings import Watch
from doctor import clock, devices, disk, machine
from doctor.__main__ import main
from doctor.clock import look_at_clock
from doctor.database import look_at_backup
from doctor.devices import look_at_devices
from doctor.disk import look_at_disk
from doctor.finding import Finding, Findings, Level
from doctor.keys import SERVER_KEYS, look_at_keys
from doctor.network import look_at_network
from doctor.pair import look_at_first
from doctor.place import NoPlace, Place, place_of
from protocol.keys import DeviceKeys, read_keys, write_keys, write_private
from protocol.replies import Alert, HealthReply
from queue_server.__main__ import main as administrate
from queue_server.last_backup import NAME, LastBackup
from tests.queue_server.factories import hall_file
from tests.running import ROOT, RunningHall, free_ports

NOW = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)
SOURCES = sorted((ROOT / "doctor").glob("*.py"))


def found(findings: Findings) -> dict[str, Level]:
    return {one.code: one.level for one in findings}


def lines_of(told: str, sign: str) -> list[str]:
    return [line for line in told.splitlines() if line.startswith(sign)]


# ---- the whole look --------------------------------------------------------------


def test_a_server_that_runs_is_looked_over_and_is_well_once_it_has_a_backup(
    hall: RunningHall, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    look = ["--data", str(hall.data), "--hall", str(hall.hall_file)]
    before = {path: path.read_bytes() for path in (hall.data / "keys").iterdir()}
    assert main(look) == 1
    told = capsys.readouterr().out
    assert len(lines_of(told, "✗")) == 2, "no backup, and no web pages at public_url"
    assert "máy chủ trả lời tại" in told
    assert administrate(["backup", "--data", str(hall.data), str(tmp_path / "copy.db")]) == 0
    assert main(["--data", str(hall.data), "--thorough", "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert "unbroken, and add up to the state" in told
    assert "Nothing is wrong" in told
    assert {path: path.read_bytes() for path in (hall.data / "keys").iterdir()} == before
    assert not list(hall.data.glob(".doctor*"))


def test_a_server_that_stands_still_and_whose_log_was_changed_is_told_so(
    hall: RunningHall, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doctor.network.ANSWER_SECONDS", 0.2)
    hall.stop()
    with apsw.Connection(str(hall.data / "hall.db")) as database:
        database.execute("UPDATE events SET hash = zeroblob(32) WHERE seq = 3")
    (hall.data / "hall.db.answered_lost").write_text("event 9 was answered and is not there\n")
    assert main(["--data", str(hall.data), "--thorough", "--language", "en"]) == 1
    told = capsys.readouterr().out
    assert "the server does not run" in told
    assert re.search(r"✗ Database +the log was changed or is damaged: event \d+: its hash does not fit", told)
    assert "Delete nothing." in told
    assert "can't be opened: event 9 was answered and is not there" in told


def test_a_kiosk_whose_server_is_away_learns_what_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doctor.network.ANSWER_SECONDS", 0.2)
    kiosk_folder(tmp_path)
    picture = ["--printer", f"picture:{tmp_path / 'tickets'}", "--model", "generic-80mm"]
    assert main(["--data", str(tmp_path), *picture]) == 1
    told = capsys.readouterr().out
    assert "máy chủ không trả lời" in told
    assert "5570–5572" in told
    assert "Máy in" in told
    assert "sao lưu" not in told.lower(), "a kiosk makes no backups"


def test_a_device_that_reaches_its_hall_compares_the_clocks(
    hall: RunningHall, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "wall"
    told = administrate(["enrol", "--data", str(hall.data), "--role", "display", "--name", "wall-1"])
    invitation = capsys.readouterr().out.split()
    join = next(word for word in invitation if word.startswith("motcua:") or len(word) > 60)
    assert told == 0
    assert administrate(["enrol", "--data", str(folder), "--join", join]) == 0
    capsys.readouterr()
    main(["--data", str(folder), "--language", "en"])
    assert "agrees with the hall's clock" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["--data /nowhere", "--data {empty}", "--data {empty} --hall /no.toml"])
def test_a_folder_of_nothing_is_wrong_input(words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.format(empty=tmp_path).split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def test_every_code_has_a_sentence_and_what_is_not_well_an_advice() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    codes = dict.fromkeys(re.findall(r'(?:well|care|wrong)\("\w+", "(\w+)"', written), "")
    uneasy = set(re.findall(r'(?:care|wrong)\("\w+", "(\w+)"', written))
    uneasy |= {
        "printer_state",
        "hall_trouble",
        "hall_port_taken",
        "hall_stands_still",
        "hall_taken_over",
        "url_not_trusted",
        "url_closed",
    }
    uneasy |= {"clock_alone", "clock_unknown"}
    assert len(codes) > 35
    for language in ("vi", "en"):
        known = texts.keys(language)
        assert {f"doctor.{code}" for code in [*codes, *uneasy]} <= known
        assert {f"doctor.{code}_do" for code in uneasy} <= known


# ---- place -----------------------------------------------------------------------


def kiosk_folder(folder: Path, role: str = "kiosk") -> None:
    commands, events = free_ports(2)
    addresses = f"tcp://127.0.0.1:{commands}", f"tcp://127.0.0.1:{events}"
    write_keys(
        folder / "keys" / f"{role}-1.json", DeviceKeys(f"{role}-1", role, "p" * 40, "s" * 40, "k" * 40, *addresses)
    )


@pytest.mark.parametrize("role", ["kiosk", "display", "counter"])
def test_what_a_pc_is_stands_in_its_folder(role: str, tmp_path: Path) -> None:
    kiosk_folder(tmp_path, role)
    assert place_of(tmp_path, None).kind == role
    (tmp_path / "hall.db").touch()
    assert place_of(tmp_path, None).kind == "server"


def test_a_second_machine_is_looked_over_without_asking_it_for_what_only_the_first_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_server.standby.promoting.LISTEN_SECONDS", 0.1)
    kiosk_folder(tmp_path, "standby")
    write_private(tmp_path / "standby.json", read_keys(tmp_path / "keys" / "standby-1.json"))
    assert main(["--data", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("Kiểm tra máy chủ dự phòng")
    [no_copy, silent] = lines_of(told, "✗")
    assert "hall.db" in no_copy
    assert "máy chủ chính không trả lời" in silent


def test_a_second_machine_hears_the_first_or_says_why_it_can_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, "standby")
    (tmp_path / "standby.json").write_text("{")
    assert found(look_at_first(place)) == {"link_unreadable": Level.WRONG}
    kiosk_folder(tmp_path, "standby")
    write_private(tmp_path / "standby.json", read_keys(tmp_path / "keys" / "standby-1.json"))
    monkeypatch.setattr("doctor.pair.answers", lambda _keys: True)
    assert found(look_at_first(place)) == {"hall_answers": Level.WELL}


def test_a_machine_that_was_taken_over_is_not_told_to_start_again(tmp_path: Path) -> None:
    (tmp_path / "fenced.json").touch()
    assert found(look_at_network(Place(tmp_path, "server"), None, "vi")) == {"hall_taken_over": Level.WRONG}


def test_a_device_whose_key_others_can_read_is_still_known_and_its_key_is_what_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doctor.network.ANSWER_SECONDS", 0.1)
    kiosk_folder(tmp_path, "display")
    (tmp_path / "keys" / "display-1.json").chmod(0o644)
    assert main(["--data", str(tmp_path), "--language", "en"]) == 1
    assert "✗ Keys           others can read them, too: display-1.json" in capsys.readouterr().out


def test_a_second_machine_whose_key_others_can_read_is_looked_over(tmp_path: Path) -> None:
    (tmp_path / "standby.json").touch(mode=0o644)
    assert place_of(tmp_path, None).kind == "standby"


def test_a_folder_that_this_user_may_not_enter_names_the_user_who_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def is_dir(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", is_dir)
    assert main(["--data", str(tmp_path)]) == 2
    assert "runuser -u motcua" in capsys.readouterr().err


def test_a_key_file_that_can_not_be_read_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "kiosk.json").write_text("{")
    with pytest.raises(NoPlace, match="enrol this device first"):
        place_of(tmp_path, None)


# ---- single looks ----------------------------------------------------------------


def watching(**limits: int) -> Place:
    return Place(Path(), "server", SimpleNamespace(watch=Watch(**limits)))  # type: ignore[arg-type]


def test_a_disk_is_measured_against_the_hall_s_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = [600]
    usage = lambda _path: SimpleNamespace(free=free[0] * 10**6, total=10**12)  # noqa: E731
    monkeypatch.setattr(disk.shutil, "disk_usage", usage)
    place = Place(tmp_path, "server", watching(disk_reserve_mb=50, disk_low_mb=500).hall)
    for megabytes, code in ((600, "disk_free"), (501, "disk_free"), (499, "disk_low"), (49, "disk_full")):
        free[0] = megabytes
        assert next(look_at_disk(place)).code == code


@pytest.mark.parametrize(("milliseconds", "code"), [(3.0, "disk_speed"), (51.0, "disk_slow"), (800.0, "disk_too_slow")])
def test_a_slow_disk_is_told(milliseconds: float, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "sync_milliseconds", lambda _folder: milliseconds)
    assert code in found(look_at_disk(Place(tmp_path, "kiosk")))


def test_a_disk_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    assert disk.sync_milliseconds(tmp_path, tries=2) >= 0
    gone = Place(Path("/proc"), "kiosk")
    assert found(look_at_disk(gone))["disk_unwritable"] is Level.WRONG


@pytest.mark.parametrize(
    ("apart", "code", "level"),
    [(0.5, "clock_agrees", Level.WELL), (5, "clock_apart", Level.CARE), (-90, "clock_apart", Level.WRONG)],
)
def test_the_clock_is_held_beside_the_hall_s(apart: float, code: str, level: Level) -> None:
    assert found(look_at_clock(NOW, NOW + dt.timedelta(seconds=apart)))[code] is level


def test_a_dead_clock_is_told() -> None:
    assert found(look_at_clock(dt.datetime(2000, 1, 1, tzinfo=dt.UTC), None))["clock_dead"] is Level.WRONG


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("NTPSynchronized=yes\nNTP=yes\nTimezone=Asia/Ho_Chi_Minh", "clock_synchronised"),
        ("NTPSynchronized=no\nNTP=yes", "clock_not_yet"),
        ("NTPSynchronized=no\nNTP=no", "clock_alone"),
        ("", "clock_unknown"),
    ],
)
def test_the_time_server_is_asked_after(told: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "timedatectl", f"printf '{told}'", monkeypatch)
    assert code in found(clock._synchronised())


def program(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:{os.environ['PATH']}")


def test_a_backup_must_be_young_and_lie_on_another_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, "server", watching(backup_hours=26).hall)
    assert found(look_at_backup(place, NOW)) == {"backup_none": Level.WRONG}
    copy = tmp_path / "copy.db"
    copy.touch()
    write_private(tmp_path / NAME, LastBackup(NOW - dt.timedelta(hours=3), 9, "e", str(copy)))
    assert found(look_at_backup(place, NOW)) == {"backup_same_disk": Level.CARE}
    assert found(look_at_backup(place, NOW + dt.timedelta(hours=24))) == {"backup_old": Level.WRONG}
    monkeypatch.setattr("doctor.database._same_disk", lambda *_: False)
    assert found(look_at_backup(place, NOW)) == {"backup_well": Level.WELL}


def test_keys_that_others_can_read_or_that_are_missing_are_told(tmp_path: Path) -> None:
    kiosk_folder(tmp_path)
    place = place_of(tmp_path, None)
    assert found(look_at_keys(place)) == {"keys_private": Level.WELL, "key_of_device": Level.WELL}
    (tmp_path / "keys" / "kiosk-1.json").chmod(0o640)
    [readable, _] = look_at_keys(place)
    assert (readable.code, readable.facts["names"]) == ("keys_readable", "kiosk-1.json")
    for folder in (tmp_path, tmp_path / "without"):
        missing = next(one for one in look_at_keys(Place(folder, "server")) if one.code == "keys_missing")
        assert missing.facts["names"] == "server, admin, desk, phone, tablet"


def test_keys_that_others_can_read_are_not_told_to_be_missing(tmp_path: Path) -> None:
    keys = DeviceKeys("desk", "desk", "p", "s", "k", "tcp://a:1", "tcp://a:2")
    for name in SERVER_KEYS:
        write_keys(tmp_path / "keys" / f"{name}.json", keys)
    (tmp_path / "keys" / "desk.json").chmod(0o644)
    codes = {"keys_readable": Level.WRONG, "keys_there": Level.WELL}
    assert found(look_at_keys(Place(tmp_path, "server"))) == codes


def test_a_port_that_something_else_took_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        keys = DeviceKeys("admin", "admin", "p", "s", "k", address, address)
        write_keys(tmp_path / "keys" / "admin.json", keys)
        assert found(look_at_network(Place(tmp_path, "server"), None, "vi")) == {"hall_port_taken": Level.WRONG}
    assert found(look_at_network(Place(tmp_path, "server"), None, "vi")) == {"hall_stands_still": Level.WRONG}


def test_what_troubles_the_server_is_told_as_its_supervisor_reads_it(tmp_path: Path) -> None:
    told = Alert("clock_doubted", NOW, {"told": "2000-01-01T00:00:00+00:00"})
    reply = HealthReply(NOW, NOW, "e", 9, [told, Alert("newer", NOW, {})], {}, {})
    [_, doubt, newer] = look_at_network(Place(tmp_path, "server"), reply, "en")
    assert (doubt.level, newer.level) == (Level.WRONG, Level.CARE)
    assert re.search(r"jumped and says \d\d:\d\d \d\d/\d\d/(1999|2000)", doubt.sentence("en"))
    assert newer.sentence("en").endswith("Please look at: newer.")


def test_an_address_that_only_this_pc_can_open_is_told(tmp_path: Path) -> None:
    place = Place(tmp_path, "server", hall_file())
    assert found(look_at_network(place, None, "vi"))["url_of_this_pc"] is Level.CARE


def test_a_printer_says_how_it_is(tmp_path: Path) -> None:
    def look(printer: tuple[str, str] | None) -> Finding:
        return next(look_at_devices(Place(tmp_path, "kiosk", printer=printer), "vi"))

    assert look(None).code == "printer_unnamed"
    assert look(("usb", "generic-80mm")).code == "printer_setting"
    assert look((f"picture:{tmp_path}", "picture")).level is not Level.WRONG
    [port] = free_ports(1)
    gone = look((f"tcp://127.0.0.1:{port}", "generic-80mm"))
    assert (gone.code, gone.level) == ("printer_state", Level.WRONG)
    assert "từ chối" in gone.sentence("vi") or "không" in gone.sentence("vi")


def test_sound_is_a_card_and_a_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = tmp_path / "cards"
    cards.write_text("--- no soundcards ---\n")
    place = Place(tmp_path, "display")
    monkeypatch.setattr(devices.shutil, "which", lambda _name: None)
    assert found(devices._sound(place, cards)) == {"sound_no_card": Level.CARE, "sound_no_voice": Level.WRONG}
    cards.write_text(" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n")
    (tmp_path / "voice" / "vi").mkdir(parents=True)
    (tmp_path / "voice" / "vi" / "digit-1.wav").touch()
    assert found(devices._sound(place, cards)) == {"sound_card": Level.WELL, "sound_clips": Level.WELL}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("ActiveState=active\nNRestarts=0\nLoadState=loaded", "unit_runs"),
        ("ActiveState=active\nNRestarts=9\nLoadState=loaded", "unit_restarts"),
        ("ActiveState=failed\nNRestarts=0\nLoadState=loaded", "unit_down"),
        ("ActiveState=inactive\nNRestarts=0\nLoadState=not-found", "unit_missing"),
    ],
)
def test_the_units_are_asked_after(told: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "SYSTEMD", tmp_path)
    program(tmp_path, "systemctl", f"printf '{told}'", monkeypatch)
    assert list(found(machine._units(Place(tmp_path, "kiosk")))) == [code]


def test_libraries_are_those_of_the_lock(tmp_path: Path) -> None:
    assert machine._differing(machine.LOCK) == []
    lock = tmp_path / "lock"
    lock.write_text(
        "msgspec==0.0.1 \\\n    --hash=sha256:00\nnone-such==1.0 \\\nother==1 ; sys_platform == 'win32' \\\n"
    )
    assert [name.split()[0] for name in machine._differing(lock)] == ["msgspec", "none-such"]


def test_old_libraries_are_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.apsw, "sqlite_lib_version", lambda: "3.51.2")
    assert found(machine._libraries())["libraries_old"] is Level.WRONG


def test_little_memory_and_few_files_want_care(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "meminfo"
    told.write_text("MemTotal: 2048000 kB\nMemAvailable:   102400 kB\n")
    assert [one.facts["free"] for one in machine._memory(told)] == [100]
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _what: (1024, 1024))
    assert found(machine._files()) == {"files_low": Level.CARE}


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    free = Finding(Level.WELL, "disk", "disk_free", {"free": 1.5, "total": 20.0})
    assert ("1,5" in free.sentence("vi"), "1.5" in free.sentence("en")) == (True, True)
