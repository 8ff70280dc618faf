"""What was recorded on the wire is worth nothing when sent again: CURVE has fresh nonces, the server remembers."""

import select
import socket
import threading

from msgspec.structs import replace

from protocol.client import HallClient, new_request_id
from protocol.commands import GetHealth, GetSnapshot, IssueTicket
from protocol.errors import RequestIdReused
from protocol.replies import HealthReply, Snapshot, TicketIssuedReply
from tests.conftest import RunningHall, eventually


class Recorder:
    """Passes one connection on to `target` and keeps what its client sent."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.sent: list[bytes] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        near, _ = self._listener.accept()
        with near, socket.create_connection(("127.0.0.1", self._target)) as far, self._listener:
            while True:
                for one in select.select([near, far], [], [])[0]:
                    found = one.recv(65536)
                    if not found:
                        return
                    if one is near:
                        self.sent.append(found)
                    (far if one is near else near).sendall(found)


def waiting(hall: RunningHall) -> int:
    snapshot = hall.client("admin").call(GetSnapshot())
    assert isinstance(snapshot, Snapshot)
    return sum(service.waiting for service in snapshot.services)


def broken(hall: RunningHall) -> int:
    health = hall.client("admin").call(GetHealth())
    assert isinstance(health, HealthReply)
    return sum(health.counts.get(kind, 0) for kind in ("refused_handshake", "broken_handshake"))


def test_a_recorded_connection_played_again_does_nothing(hall: RunningHall) -> None:
    keys = hall.keys("admin")
    port = int(keys.commands.rpartition(":")[2])
    recorder = Recorder(port)
    client = HallClient(replace(keys, commands=f"tcp://127.0.0.1:{recorder.port}"))
    snapshot = client.call(GetSnapshot())
    assert isinstance(snapshot, Snapshot)
    client.call(IssueTicket(snapshot.services[0].service_id))
    client.close()
    assert waiting(hall) == 1
    before = broken(hall)
    with socket.create_connection(("127.0.0.1", port)) as thief:
        thief.sendall(b"".join(recorder.sent))
        eventually(lambda: broken(hall) > before, what="the server breaks it off")
    assert waiting(hall) == 1


def test_the_same_request_sent_again_over_another_connection_gives_the_same_number(hall: RunningHall) -> None:
    first, second = HallClient(hall.keys("admin")), HallClient(hall.keys("admin"))
    try:
        snapshot = first.call(GetSnapshot())
        assert isinstance(snapshot, Snapshot)
        service, other = (one.service_id for one in snapshot.services[:2])
        request_id = new_request_id()
        given = first.call(IssueTicket(service), request_id=request_id)
        assert isinstance(given, TicketIssuedReply)
        assert second.call(IssueTicket(service), request_id=request_id) == given
        assert waiting(hall) == 1
        refused = second.ask(IssueTicket(other), request_id=request_id)
        assert isinstance(refused.exception(), RequestIdReused)
        assert waiting(hall) == 1
    finally:
        first.close()
        second.close()
