"""The real server tells systemd that it is ready and lives; when its loop hangs it is silent."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import PATIENCE, ROOT, eventually, hall_file_at_free_ports

HANGING_SERVER = """
import pathlib, sys, time
from queue_server.app import main
from queue_server.service import QueueService

hang, tick = pathlib.Path(sys.argv.pop()), QueueService.tick

def tick_or_hang(self, now):
    while hang.exists():
        time.sleep(0.05)
    tick(self, now)

QueueService.tick = tick_or_hang
sys.exit(main(sys.argv[1:]))
"""
SILENCE = 3.0
"""Seconds: the server's loop tells that it lives once a second."""


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(PATIENCE)
        yield listening


def start(tmp_path: Path, hang: Path) -> "subprocess.Popen[bytes]":
    hall, _ = hall_file_at_free_ports(ROOT / "config" / "halls" / "xa.toml", tmp_path)
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "NOTIFY_SOCKET": str(tmp_path / "notify"),
        "WATCHDOG_USEC": "2000000",
    }
    arguments = ["--hall", str(hall), "--data", str(tmp_path / "data"), "--no-web", str(hang)]
    command = [sys.executable, "-c", HANGING_SERVER, *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def test_the_server_is_ready_lives_falls_silent_when_its_loop_hangs_and_ends(
    tmp_path: Path, systemd: socket.socket
) -> None:
    hang = tmp_path / "hang"
    server = start(tmp_path, hang)
    try:
        assert systemd.recv(100) == b"READY=1"
        assert [systemd.recv(100) for _ in range(2)] == [b"WATCHDOG=1"] * 2
        hang.touch()
        systemd.settimeout(SILENCE)
        eventually(lambda: is_silent(systemd))
        assert server.poll() is None
        hang.unlink()
        systemd.settimeout(PATIENCE)
        assert systemd.recv(100) == b"WATCHDOG=1"
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=PATIENCE) == 0
        told = [systemd.recv(100)]
        while told[-1] == b"WATCHDOG=1":
            told.append(systemd.recv(100))
        assert told[-1] == b"STOPPING=1"
    finally:
        hang.unlink(missing_ok=True)
        server.kill()
        server.wait()


def is_silent(systemd: socket.socket) -> bool:
    """Whether nothing comes for a while."""
    try:
        systemd.recv(100)
    except TimeoutError:
        return True
    return False
