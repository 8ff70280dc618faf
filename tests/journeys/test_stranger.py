"""A client that knows docs/protocol.md and ZeroMQ, and none of our code, joins, takes and calls a ticket."""

import json
import secrets
import subprocess
import sys
import time

import pytest
import zmq
from zmq.utils import z85

from tests.conftest import ROOT, RunningHall


class Stranger:
    """What somebody would write from the document alone."""

    def __init__(self) -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.public, self.secret = zmq.curve_keypair()

    def connect(self, kind: int, address: str, server_key: bytes) -> "zmq.Socket[bytes]":
        socket = self.context.socket(kind)
        socket.setsockopt(zmq.LINGER, 0)
        socket.curve_publickey, socket.curve_secretkey, socket.curve_serverkey = self.public, self.secret, server_key
        socket.connect(address)
        return socket

    def ask(self, socket: "zmq.Socket[bytes]", command: dict[str, object]) -> dict[str, object]:
        request_id = f"{int(time.time() * 1000):012x}{secrets.token_hex(8)}"
        socket.send(json.dumps({"version": 1, "request_id": request_id, "command": command}).encode())
        assert socket.poll(60_000)
        answer = json.loads(socket.recv())
        assert answer["request_id"] == request_id
        reply: dict[str, object] = answer["reply"]
        return reply


def invitation(hall: RunningHall, role: str, name: str) -> list[str]:
    """What `./motcua enrol` prints for the device, in its parts."""
    command = [sys.executable, "-m", "queue_server", "enrol", "--data", str(hall.data), "--role", role, "--name", name]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    (line,) = [line for line in printed.splitlines() if "--join" in line]
    return line.split("--join ")[1].rsplit("/", 2)


@pytest.mark.parametrize("role", ["admin"])
def test_a_strangers_client_joins_listens_takes_and_calls_a_ticket(hall: RunningHall, role: str) -> None:
    stranger = Stranger()
    address, key, code = invitation(hall, role, "stranger-1")
    server_key = z85.encode(bytes.fromhex(key))
    door = stranger.connect(zmq.DEALER, address, server_key)
    enrolled = stranger.ask(door, {"type": "enrol", "code": code})
    assert enrolled["type"] == "enrolled"

    sub = stranger.connect(zmq.SUB, str(enrolled["events"]), server_key)
    sub.setsockopt(zmq.SUBSCRIBE, b"event")
    sub.setsockopt(zmq.SUBSCRIBE, b"pulse")
    assert sub.poll(60_000), "the first pulse"
    commands = stranger.connect(zmq.DEALER, str(enrolled["commands"]), server_key)
    hall_reply = stranger.ask(commands, {"type": "get_hall"})
    service = hall_reply["services"][0]  # type: ignore[index]
    issued = stranger.ask(commands, {"type": "issue_ticket", "service_id": service["service_id"]})
    counter_id = service["counter_ids"][0]
    opened = stranger.ask(commands, {"type": "open_counter", "counter_id": counter_id, "operator_id": "01"})
    assert opened["counter"]["open"] is True  # type: ignore[index]
    called = stranger.ask(commands, {"type": "call_next", "counter_id": counter_id})
    assert called["ticket"]["number"] == issued["ticket"]["number"]  # type: ignore[index]

    heard = []
    while not heard or heard[-1]["type"] != "ticket_called":
        assert sub.poll(60_000)
        topic, frame = sub.recv_multipart()
        if topic == b"event":
            heard.append(json.loads(frame)["body"])
    assert [body["type"] for body in heard[-3:]] == ["ticket_issued", "counter_opened", "ticket_called"]
    for socket in (door, sub, commands):
        socket.close()
    stranger.context.term()
