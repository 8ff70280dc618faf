"""What a program tells systemd, read from a socket as systemd's."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import watchdog
from config.watchdog import Watchdog


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


def heard(systemd: socket.socket) -> list[str]:
    found = []
    try:
        while True:
            found.append(systemd.recv(100).decode())
    except BlockingIOError:
        return found


def test_a_program_is_ready_once_and_lives_three_times_within_the_time(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "9000000")
    now = [100.0]
    monkeypatch.setattr(watchdog.time, "monotonic", lambda: now[0])
    dog = Watchdog()
    for _ in range(90):
        dog.alive()
        now[0] += 0.1
    dog.ending()
    told = heard(systemd)
    assert (told[0], told[-1]) == ("READY=1", "STOPPING=1")
    assert told.count("WATCHDOG=1") == len(told) - 2 == watchdog.BEATS


def test_where_no_watchdog_is_asked_for_none_is_told(systemd: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    dog = Watchdog()
    dog.alive()
    dog.alive()
    assert heard(systemd) == ["READY=1"]
    dog.ending()


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    dog = Watchdog()
    dog.alive()
    dog.ending()


def test_a_service_manager_that_does_not_read_does_not_hold_the_program_up(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "0")
    dog = Watchdog()
    for _ in range(10_000):
        dog.alive()
    assert heard(systemd)[0] == "READY=1"
    dog.ending()
