"""The second machine of a hall: what was answered is on both, and one goes on alone when the other is gone."""

import random
import shutil
import signal
import stat
import threading
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol.client import HallClient, new_request_id
from protocol.errors import MotcuaError
from protocol.keys import DeviceKeys, read_keys
from protocol.replies import HallReply, Snapshot, TicketIssuedReply
from queue_server.app import TAKEN_OVER
from queue_server.standby.key_files import SHIPPED
from queue_server.verifying import verify
from tests.conftest import LONG
from tests.protocol.proxy import FaultProxy
from tests.queue_server.standby.machines import Machines, health, in_step, reading, tables, troubles
from tests.running import eventually

CITIZENS = 4
ANSWERS = 200
KILLS = 30 if LONG else 3


class Citizen(threading.Thread):
    """Takes number after number until it is enough, asks each again until answered, remembers every answer."""

    def __init__(self, keys: DeviceKeys, service_id: str, within: float = 60.0) -> None:
        super().__init__(daemon=True)
        self._client = HallClient(keys)
        self._within = within
        self.command = cmd.IssueTicket(service_id)
        self.answers: dict[str, TicketIssuedReply] = {}
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                request_id = new_request_id()
                reply = self._client.call(self.command, request_id=request_id, within=self._within)
                assert isinstance(reply, TicketIssuedReply)
                self.answers[request_id] = reply
        except MotcuaError:
            return
        finally:
            self._client.close()


def issue(client: HallClient) -> TicketIssuedReply:
    reply = client.call(cmd.IssueTicket("s1"), within=20)
    assert isinstance(reply, TicketIssuedReply)
    return reply


def test_nothing_answered_is_lost_when_the_first_machine_is_stolen(tmp_path: Path) -> None:
    with Machines(tmp_path) as machines:
        machines.join()
        citizens = [Citizen(machines.knows_both(), f"s{i + 1}") for i in range(CITIZENS)]
        for citizen in citizens:
            citizen.start()
        eventually(lambda: answered(citizens) >= ANSWERS, what="a hall under load")
        machines.lose_first()
        assert machines.second.promote().returncode == 0
        so_far = answered(citizens)
        eventually(lambda: answered(citizens) >= so_far + ANSWERS, what="the devices find the second machine")
        for citizen in citizens:
            citizen.enough.set()
        for citizen in citizens:
            citizen.join()
        with machines.second.client() as client:
            for citizen in citizens:
                for request_id, answer in list(citizen.answers.items())[:: len(citizen.answers) // 10 + 1]:
                    assert client.call(citizen.command, request_id=request_id, within=20) == answer
        machines.second.end()
        assert_nothing_lost_or_doubled(citizens, machines.second.data)


def test_machines_that_are_killed_at_random_under_load_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(6)
    with Machines(tmp_path) as machines:
        machines.join()
        citizens = [Citizen(machines.first.keys("admin"), f"s{i + 1}") for i in range(CITIZENS)]
        for citizen in citizens:
            citizen.start()
        for _ in range(KILLS):
            so_far = answered(citizens)
            eventually(lambda n=so_far: answered(citizens) >= n + ANSWERS // 10, what="a hall under load")
            if chance.random() < 0.5:
                machines.first.kill()
                machines.first.start()
            else:
                machines.second.kill()
                machines.second.start()
        machines.wait_in_step()
        for citizen in citizens:
            citizen.enough.set()
        for citizen in citizens:
            citizen.join()
        machines.first.stop()
        machines.second.end()
        assert tables(machines.first.data) == tables(machines.second.data)
        assert_nothing_lost_or_doubled(citizens, machines.second.data)


def answered(citizens: list[Citizen]) -> int:
    return sum(len(citizen.answers) for citizen in citizens)


def assert_nothing_lost_or_doubled(citizens: list[Citizen], data: Path) -> None:
    answers = [answer for citizen in citizens for answer in citizen.answers.values()]
    assert len({answer.ticket.number for answer in answers}) == len(answers), "a number was given twice"
    with reading(data) as storage:
        stored = {ticket.ticket_id: ticket.number for ticket in storage.tickets()}
        assert all(stored.get(answer.ticket.ticket_id) == answer.ticket.number for answer in answers), "one was lost"
        series = sorted(int(number[1:]) for number in stored.values())
        assert series == list(range(1, len(series) + 1)), "the series has a hole or a double"
        verify(storage)


def test_the_second_machine_has_every_row_and_every_key_of_the_first(tmp_path: Path) -> None:
    with Machines(tmp_path) as machines:
        before = issue(machines.first.client("admin"))
        machines.join()
        after = issue(machines.first.client("admin"))
        machines.wait_in_step()
        for name in SHIPPED:
            theirs, ours = machines.first.data / "keys" / name, machines.second.data / "keys" / name
            assert theirs.exists() == ours.exists()
            if theirs.exists():
                eventually(lambda a=theirs, b=ours: a.read_bytes() == b.read_bytes(), what=name)
                assert stat.S_IMODE(ours.stat().st_mode) == 0o600
        machines.first.stop()
        machines.second.end()
        assert tables(machines.first.data) == tables(machines.second.data)
        with reading(machines.second.data) as storage:
            held = {ticket.number for ticket in storage.tickets()}
        assert {before.ticket.number, after.ticket.number} <= held


def test_the_old_machine_comes_back_and_writes_nothing_any_more(tmp_path: Path) -> None:
    with Machines(tmp_path) as machines:
        machines.join()
        issue(machines.first.client("admin"))
        machines.first.kill()
        assert machines.second.promote().returncode == 0
        with machines.second.client() as client:
            issue(client)
            with reading(machines.first.data) as storage:
                head = storage.head()
            knows_one_only = machines.first.client("admin").ask(cmd.IssueTicket("s1"), within=60)
            assert machines.start_first_again() == TAKEN_OVER
            assert not knows_one_only.done()
            with reading(machines.first.data) as storage:
                assert storage.head() == head
            assert machines.start_first_again() == TAKEN_OVER  # it remembers
            told = machines.first_errors()
            assert "took this hall over" in told
            assert "--role standby" in told
            # it becomes the second machine as it was told to
            machines.first_follows(machines.invite(client, "old-first"))
            eventually(lambda: in_step(client), what="the old machine is in step")
            last = issue(client)
        machines.end_first_following()
        with reading(machines.first.data) as storage:
            assert last.ticket.ticket_id in {ticket.ticket_id for ticket in storage.tickets()}
            verify(storage)


def test_a_running_machine_that_was_taken_over_ends_and_answers_nothing_that_counts_nowhere(tmp_path: Path) -> None:
    with Machines(tmp_path) as machines, FaultProxy(machines.links[0]) as proxy:
        machines.join(f"tcp://127.0.0.1:{proxy.port}")
        refused = machines.second.promote()
        assert refused.returncode == 1
        assert "still answers" in refused.stderr
        proxy.frozen.set()
        assert machines.second.promote().returncode == 0
        issue(machines.first.client("admin"))  # the first one can't know yet
        proxy.frozen.clear()
        proxy.cut()
        assert machines.first.process.wait(timeout=60) == TAKEN_OVER
        assert "took this hall over" in machines.first.errors()


def test_the_hall_goes_on_alone_tells_it_and_brings_the_second_machine_up_to_date(tmp_path: Path) -> None:
    with Machines(tmp_path) as machines, FaultProxy(machines.links[0]) as proxy:
        machines.join(f"tcp://127.0.0.1:{proxy.port}")
        client = machines.first.client("admin")
        assert "standby_away" not in troubles(client)
        proxy.frozen.set()
        alone = [issue(client) for _ in range(5)]
        eventually(lambda: "standby_away" in troubles(client), what="the trouble is told")
        proxy.frozen.clear()
        proxy.cut()
        machines.wait_in_step()
        eventually(lambda: "standby_away" not in troubles(client), what="the trouble is over")
        machines.first.kill()
        machines.second.end()
        with reading(machines.second.data) as storage:
            assert {t.ticket.ticket_id for t in alone} <= {ticket.ticket_id for ticket in storage.tickets()}


def test_a_second_machine_comes_back_by_itself_from_a_kill_and_a_freeze_that_cost_the_hall_a_second(
    tmp_path: Path,
) -> None:
    with Machines(tmp_path) as machines:
        machines.join()
        client = machines.first.client("admin")
        machines.second.kill()
        missed = issue(client)
        machines.second.start()  # a unit file may tell the old invitation, or nothing
        machines.wait_in_step()
        with reading(machines.second.data) as storage:
            assert missed.ticket.ticket_id in {ticket.ticket_id for ticket in storage.tickets()}
        assert machines.second.process is not None
        machines.second.process.send_signal(signal.SIGSTOP)
        for _ in range(20):
            issue(client)
        assert "goes on alone" in machines.first.errors()
        assert machines.first.errors().count("does not keep up") == 1
        machines.second.process.send_signal(signal.SIGCONT)
        machines.wait_in_step()


def test_a_first_machine_that_lost_what_the_second_has_does_not_serve(tmp_path: Path) -> None:
    with Machines(tmp_path) as machines:
        machines.join()
        client = machines.first.client("admin")
        issue(client)
        machines.first.stop()
        machines.first.log.close()
        older = tmp_path / "older.db"
        shutil.copy(machines.first.data / "hall.db", older)
        machines.first.start()
        machines.wait_in_step()
        issue(client)
        machines.first.stop()
        shutil.copy(older, machines.first.data / "hall.db")
        assert machines.start_first_again() == 1
        assert "lacks" in machines.first_errors()


def test_devices_learn_of_the_second_machine_and_do_not_go_back_to_an_old_one(tmp_path: Path) -> None:
    learned: list[DeviceKeys] = []
    with Machines(tmp_path) as machines:
        machines.join()
        client = HallClient(machines.first.keys("admin"), learned=learned.append)
        try:
            described = client.call(cmd.GetHall(), within=20)
            assert isinstance(described, HallReply)
            assert learned[-1].standby_commands == f"tcp://127.0.0.1:{machines.second_sockets[0]}"
            machines.first.kill()
            machines.second.promote()
            snapshot = client.call(cmd.GetSnapshot(), within=30)
            assert isinstance(snapshot, Snapshot)
            assert snapshot.epoch != described.epochs[-1]
            assert learned[-1].commands == f"tcp://127.0.0.1:{machines.second_sockets[0]}"
            assert learned[-1].epochs == (*described.epochs, snapshot.epoch)
        finally:
            client.close()


@pytest.mark.long
def test_a_folder_of_a_second_machine_is_never_served_before_it_is_promoted(tmp_path: Path) -> None:
    with Machines(tmp_path) as machines:
        machines.join()
        machines.second.end()
        machines.first.kill()
        assert read_keys(machines.second.data / "standby.json").role == "standby"
        offline = machines.second.promote()
        assert "start it" in offline.stdout
        machines.second.start()
        with machines.second.client() as client:
            assert health(client).epoch
            issue(client)
