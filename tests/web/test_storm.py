"""Slow and broken connections by the thousand at the usual file limit: who asks is answered, the log stays small."""

import logging
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.conftest import LONG
from tests.running import eventually, free_ports
from tests.web.running import ROOT, RunningHall, end, get
from web.entrance import Entrance
from web.log_limit import LINES_A_MINUTE, LogLimit
from web.server import entrance_for

USUAL_FILES = 1024
SLOW = 1500
BROKEN = 20_000 if LONG else 3_000
MOST_LINES = 100
ENDS = (b"", b"GET", b"\0\xff\x16\x03\x01", b"GET / HTTP/9.9\r\n\r\n", b"POST /t/x/rate HTTP/1.1\r\nHost: h\r\n\r\n")


@pytest.fixture
def small_web(running: RunningHall, tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A web program that may open the usual number of files and no more: its port and its log."""
    (port,) = free_ports(1)
    log = tmp_path / "log"
    place = ["--data", str(running.data), "--host", "127.0.0.1", "--port", str(port)]
    limits = (USUAL_FILES, USUAL_FILES)
    with log.open("wb") as stderr:
        web = subprocess.Popen(
            [sys.executable, "-m", "web", *place],
            cwd=ROOT,
            stderr=stderr,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limits),
        )
        try:
            eventually(lambda: shows(f"http://127.0.0.1:{port}"))
            yield port, log
        finally:
            end(web)


def shows(url: str) -> bool:
    """Whether the public page is there."""
    try:
        return get(url).status_code == 200
    except httpx.TransportError:
        return False


def connected(port: int) -> socket.socket:
    """A connection that waits for nothing."""
    found = socket.create_connection(("127.0.0.1", port))
    found.setblocking(False)
    return found


def test_slow_connections_past_the_file_limit_keep_nobody_out_and_do_not_fill_the_log(
    small_web: tuple[int, Path],
) -> None:
    port, log = small_web
    url = f"http://127.0.0.1:{port}"
    with ExitStack() as opened:
        for number in range(SLOW):
            slow = opened.enter_context(connected(port))
            slow.send(b"GET / HTTP/1.1\r\nHost: hall\r\nX: " + b"x" * (number % 7))
            if number % 300 == 0:
                assert get(url).status_code == 200
        assert get(url).status_code == 200
    said = log.read_text(encoding="utf-8").splitlines()
    assert f"{USUAL_FILES} files may be open: 512 connections may wait and 312 be answered at once" in said[0]
    assert len(said) <= MOST_LINES


def test_broken_connections_do_not_fill_the_log(small_web: tuple[int, Path]) -> None:
    port, log = small_web
    for number in range(BROKEN):
        with connected(port) as broken:
            broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0" if number % 2 else bytes(8))
            broken.send(ENDS[number % len(ENDS)])
    assert get(f"http://127.0.0.1:{port}").status_code == 200
    said = log.read_text(encoding="utf-8").splitlines()
    assert len(said) <= MOST_LINES
    assert "Traceback" not in "".join(said)


@pytest.mark.parametrize("files", [64, 256, 1024, 4096, 16_384])
def test_all_connections_fit_into_the_files_that_may_be_open(files: int) -> None:
    entrance = entrance_for(files)
    waiting, answered = (int(word) for word in str(entrance).split() if word.isdecimal())
    assert not entrance.is_full
    assert waiting + answered < files
    assert waiting > 10
    assert answered > 10
    assert isinstance(entrance, Entrance)


# ---- the limit itself ----------------------------------------------------------------------


class Kept(logging.Handler):
    """Keeps what is written."""

    def __init__(self, limit: LogLimit) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.addFilter(limit)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += self.format(record).splitlines()


def logger_of(limit: LogLimit, name: str) -> tuple[logging.Logger, Kept]:
    """A logger of its own that writes through a limit."""
    logger, kept = logging.Logger(name), Kept(limit)
    logger.addHandler(kept)
    return logger, kept


def test_a_storm_is_cut_and_counted_and_the_next_minute_is_heard_again() -> None:
    now = [0.0]
    logger, kept = logger_of(LogLimit(clock=lambda: now[0]), "storm")
    for number in range(10_000):
        logger.error("refused %s", number)
    assert len(kept.lines) == LINES_A_MINUTE
    now[0] = 60.0
    logger.error("after %s", "it")
    assert kept.lines[-1] == f"({10_000 - LINES_A_MINUTE} entries were left out) after it"
    logger.error("and on")
    assert kept.lines[-1] == "and on"


def test_the_lines_of_traces_count() -> None:
    logger, kept = logger_of(LogLimit(clock=lambda: 0.0), "traces")
    for _ in range(1000):
        try:
            raise ValueError("many\nlines")
        except ValueError:
            logger.exception("a\nfault")
    assert 0 < len(kept.lines) <= LINES_A_MINUTE
