"""The second machine of a hall: what was answered is on both, and one goes on alone when the other is gone."""

import threading
from pathlib import Path

from protocol import commands as cmd
from protocol.client import HallClient, new_request_id
from protocol.errors import MotcuaError
from protocol.replies import TicketIssuedReply
from queue_server.verifying import verify
from tests.queue_server.standby.machines import Machines, reading
from tests.running import eventually

CITIZENS = 4
ANSWERS = 200


class Citizen(threading.Thread):
    """Takes number after number until the hall is gone, and remembers every answer."""

    def __init__(self, client: HallClient, service_id: str) -> None:
        super().__init__(daemon=True)
        self._client = client
        self.command = cmd.IssueTicket(service_id)
        self.answers: dict[str, TicketIssuedReply] = {}
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            request_id = new_request_id()
            try:
                reply = self._client.call(self.command, request_id=request_id, within=2)
            except MotcuaError:
                return
            assert isinstance(reply, TicketIssuedReply)
            self.answers[request_id] = reply


def test_nothing_answered_is_lost_when_the_first_machine_is_stolen(tmp_path: Path) -> None:
    with Machines(tmp_path) as machines:
        machines.join()
        citizens = [Citizen(machines.first.client("admin"), f"s{i + 1}") for i in range(CITIZENS)]
        for citizen in citizens:
            citizen.start()
        eventually(lambda: sum(len(c.answers) for c in citizens) >= ANSWERS, what="a hall under load")
        machines.lose_first()
        for citizen in citizens:
            citizen.enough.set()
            citizen.join()
        assert machines.second.promote().returncode == 0
        client = machines.second.client()
        try:
            answers = {key: answer for c in citizens for key, answer in c.answers.items()}
            for citizen in citizens:
                for request_id, answer in list(citizen.answers.items())[::10]:
                    assert client.call(citizen.command, request_id=request_id, within=20) == answer
            fresh = client.call(cmd.IssueTicket("s1"), within=20)
        finally:
            client.close()
        assert isinstance(fresh, TicketIssuedReply)
        machines.second.end()
        with reading(machines.second.data) as storage:
            stored = {ticket.ticket_id: ticket.number for ticket in storage.tickets()}
            assert all(stored.get(a.ticket.ticket_id) == a.ticket.number for a in answers.values())
            series = sorted(int(number[1:]) for number in stored.values())
            assert series == list(range(1, len(series) + 1)), "the series has a hole or a double"
            assert fresh.ticket.number not in {a.ticket.number for a in answers.values()}
            verify(storage)
