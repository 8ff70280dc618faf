"""What takes long is done while nobody asks, and never in a rush."""

from pathlib import Path

import pytest
import zmq

from queue_server import endpoint
from tests.queue_server.served_hall import Served
from tests.running import eventually


def test_what_takes_long_is_done_while_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_TIDY_SECONDS", 0.0)
    served = Served(tmp_path)
    done: list[str] = []
    served.endpoint.when_idle = lambda: done.append("idle")
    try:
        eventually(lambda: done, what="an idle moment")
    finally:
        served.close()


def test_what_takes_long_waits_as_long_as_somebody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_TIDY_SECONDS", 0.0)
    served = Served(tmp_path)
    served.endpoint.stop()
    served.client.close()
    eventually(lambda: not served.serves(), what="its end, so that the test turns the loop")
    done: list[str] = []
    served.endpoint.when_idle = lambda: done.append("idle")
    monkeypatch.setattr(served.endpoint, "_serve", lambda _socket, _answer: None)
    monkeypatch.setattr(served.endpoint, "_publish_pulse", lambda: None)
    served.endpoint._turn({served.endpoint._commands: zmq.POLLIN})
    assert done == []
    served.endpoint._turn({})
    assert done == ["idle"]
    served.close()
