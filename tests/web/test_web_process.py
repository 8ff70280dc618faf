"""The web program as a process: its end, its wrong inputs, slow and many visitors."""

import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.running import PATIENCE, eventually, free_ports
from tests.web.running import ROOT, RunningHall, get, post, stream
from web.__main__ import UNHEARD_SECONDS, listen


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "web", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_asked_even_with_open_streams(fresh: RunningHall, number: signal.Signals) -> None:
    token = fresh.issue().token
    with stream("GET", f"{fresh.url}/t/{token}/events") as answer:
        lines = answer.iter_lines()
        next(lines)
        fresh.web.send_signal(number)
        assert all("stale" not in line for line in lines)
        assert fresh.web.wait() == 0


def test_the_secret_is_private_and_kept(running: RunningHall) -> None:
    path = running.data / "keys" / "web.secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text()) >= 43


@pytest.mark.parametrize("arguments", [(), ("--data", "/no/such/folder"), ("--data", "/tmp", "--port", "99999")])
def test_wrong_arguments_end_with_two_and_say_why(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stderr.strip()


def test_a_taken_port_ends_with_one_clear_line(running: RunningHall) -> None:
    ended = run("--data", running.data, "--host", "127.0.0.1", "--port", str(running.port))
    assert ended.returncode == 1
    assert str(running.port) in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_what_strangers_send_does_not_fill_the_log(running: RunningHall) -> None:
    (port,) = free_ports(1)
    place = ["--data", str(running.data), "--host", "127.0.0.1", "--port", str(port)]
    web = subprocess.Popen([sys.executable, "-m", "web", *place], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{port}"
    eventually(lambda: answers(f"{url}/health"))
    headers = {"Origin": url, "Content-Type": "multipart/form-data; boundary=x"}
    assert post(f"{url}/t/forged/rate", content=b"\xff no form", headers=headers).status_code == 400
    web.terminate()
    told = web.communicate(timeout=PATIENCE)[1].splitlines()
    assert [line for line in told if "files may be open" not in line] == []


def answers(address: str) -> bool:
    try:
        return get(address).status_code == 200
    except httpx.TransportError:
        return False


def test_a_silent_server_gives_a_page_that_tries_again(fresh: RunningHall) -> None:
    token = fresh.issue().token
    fresh.server.terminate()
    fresh.server.wait()
    page = get(f"{fresh.url}/t/{token}")
    assert page.status_code == 503
    assert "Số của quý khách vẫn được giữ" in page.text
    assert 'http-equiv="refresh"' in page.text


def test_it_finds_a_server_that_comes_back(fresh: RunningHall) -> None:
    token = fresh.issue().token
    fresh.server.kill()
    fresh.server.wait()
    eventually(lambda: fresh.health().get("hall") == "silent")
    assert get(f"{fresh.url}/t/{token}").status_code == 503
    fresh.server = fresh.start_server()
    fresh.wait_until_online()
    assert get(f"{fresh.url}/t/{token}").status_code == 200


def test_an_open_page_sees_the_server_go_and_come_back(fresh: RunningHall) -> None:
    token = fresh.issue().token
    with stream("GET", f"{fresh.url}/t/{token}/events") as answer:
        lines = answer.iter_lines()
        next(line for line in lines if line.startswith("data:"))
        fresh.server.kill()
        fresh.server.wait()
        assert next(line for line in lines if line == "event: stale")
        fresh.server = fresh.start_server()
        assert "A001" in next(line for line in lines if line.startswith("data: {") and "html" in line)


def test_connections_send_at_once_and_do_not_wait_for_a_phone_out_of_reach() -> None:
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        listening.setblocking(True)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1000 * UNHEARD_SECONDS


def test_it_ends_with_its_parent_when_told_to(running: RunningHall) -> None:
    port = free_ports(1)[0]
    arguments = ["-m", "web", "--data", str(running.data), "--host", "127.0.0.1", "--port", str(port), "--with-parent"]
    starter = f"import subprocess, sys; subprocess.Popen([sys.executable, *{arguments!r}]); sys.stdin.read()"
    parent = subprocess.Popen([sys.executable, "-c", starter], cwd=ROOT, stdin=subprocess.PIPE)
    eventually(lambda: listens(port))
    parent.kill()
    parent.wait()
    assert parent.stdin is not None
    parent.stdin.close()
    eventually(lambda: not listens(port))


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
