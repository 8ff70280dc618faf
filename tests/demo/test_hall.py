"""The played hall is the real one, on free ports, a faster clock, and its own calendar."""

import datetime as dt
import socket
import tomllib
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.commands import check
from config.loading import load_hall
from config.settings import HallFile, SpecialDay
from demo.hall import NeverOpenError, beginning, next_opening, prepare
from demo.hall_time import HallTime
from protocol.events import CallReason, CallRule, Event, TicketCalled
from protocol.replies import Pulse, Satisfaction
from tests.conftest import ROOT

HALLS = ROOT / "config" / "halls"
XA = load_hall(HALLS / "xa.toml")
SUNDAY = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
MONDAY_OPENING = dt.datetime(2026, 11, 23, 0, tzinfo=dt.UTC)
"""07:00 in Việt Nam."""


def with_hours(file: HallFile, **changes: object) -> HallFile:
    return replace(file, hours=replace(file.hours, **changes))


def test_the_play_is_of_today_or_of_the_next_day_of_work() -> None:
    assert next_opening(XA, SUNDAY) == MONDAY_OPENING
    assert next_opening(XA, MONDAY_OPENING + dt.timedelta(hours=15)) == MONDAY_OPENING, "also once it has passed"


def test_holidays_are_passed_over_and_special_days_are_not() -> None:
    monday, tuesday = MONDAY_OPENING.date(), MONDAY_OPENING.date() + dt.timedelta(days=1)
    assert next_opening(with_hours(XA, holidays=[monday]), SUNDAY).date() == tuesday
    special = SpecialDay(date=SUNDAY.date(), spans=["09:00-11:00"])
    assert next_opening(with_hours(XA, special=[special]), SUNDAY) == dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC)


def test_a_hall_that_never_opens_is_told() -> None:
    closed = SpecialDay(date=SUNDAY.date(), spans=[])
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    with pytest.raises(NeverOpenError):
        next_opening(with_hours(XA, special=[closed], **{key: [] for key in days}), SUNDAY)


def test_the_play_begins_before_the_hall_opens_if_numbers_are_given_by_then() -> None:
    assert beginning(XA, SUNDAY) == MONDAY_OPENING - dt.timedelta(minutes=5)
    assert beginning(with_hours(XA, issue_before_minutes=2), SUNDAY) == MONDAY_OPENING - dt.timedelta(minutes=2)
    assert beginning(with_hours(XA, issue_before_minutes=0), SUNDAY) == MONDAY_OPENING


@pytest.mark.parametrize("name", ["cao-bang", "quang-nam", "xa"])
def test_the_settings_of_the_play_are_a_hall_file_that_passes_the_check(name: str, tmp_path: Path) -> None:
    played = prepare(HALLS / f"{name}.toml", tmp_path, speed=30)
    source = load_hall(HALLS / f"{name}.toml")
    assert check(played.path) == 0
    found = load_hall(played.path)
    assert found == played.file
    assert found.calling == source.calling
    assert found.hours == source.hours
    assert found.counter_work.lease_seconds == 30 * source.counter_work.lease_seconds
    assert found.counter_work.undo_seconds == 60, "no more than a hall file may say"


def test_ports_that_are_taken_are_left_to_who_has_them(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 5570))
            taken.listen()
        except OSError:
            pass  # somebody else has it already: just as well
        network = tomllib.loads(prepare(HALLS / "xa.toml", tmp_path, 1).path.read_text(encoding="utf-8"))["network"]
    assert not network["commands"].endswith(":5570")


# ---- its time ----


def hall_time() -> HallTime:
    return HallTime(XA, MONDAY_OPENING - dt.timedelta(minutes=5), speed=1e-6)


def test_time_is_what_the_hall_said_last() -> None:
    time = hall_time()
    assert (time.is_open, time.gives_numbers) == (False, True), "numbers are given before the hall opens"
    for hour, minute, expected in ((7, 0, (True, True)), (12, 0, (False, False)), (17, 29, (True, True))):
        at = dt.datetime.combine(MONDAY_OPENING.date(), dt.time(hour, minute), time.hours.zone)
        time.on_pulse(Pulse("epoch", 1, at.astimezone(dt.UTC), [], Satisfaction()))
        assert (time.is_open, time.gives_numbers) == expected
        assert abs(time.now() - at) < dt.timedelta(seconds=1)


def test_a_counter_hears_who_is_called_to_it_and_to_no_other() -> None:
    time = hall_time()
    reason = CallReason(CallRule.TURN, 0.0, [])
    body = TicketCalled(7, "A001", "s", XA.counters[0].id, "01", reason)
    time.on_event(Event("epoch", 9, MONDAY_OPENING, "server", body))
    assert time.called_to(XA.counters[1].id, within=0) is None
    assert time.called_to(XA.counters[0].id, within=0) == 7
    assert time.called_to(XA.counters[0].id, within=0) is None


def test_the_played_hall_has_neither_the_certificate_nor_the_second_machine_of_the_real_one(tmp_path: Path) -> None:
    real = (HALLS / "xa.toml").read_text(encoding="utf-8").replace('"../catalogue', f'"{ROOT}/config/catalogue')
    real += '\n[network]\ntls_certificate = "hall.pem"\ntls_key = "hall.key"\npublic_url = "https://hall.example"\n'
    source = tmp_path / "real.toml"
    source.write_text(real + '\n[standby]\nlink = "tcp://0.0.0.0:5573"\n', encoding="utf-8")
    played = prepare(source, tmp_path, 1).file
    assert (played.standby.link, played.network.tls_certificate) == ("", "")
    assert played.network.public_url.startswith("http://127.0.0.1:")
