"""Cao Bằng's hall at full size: 1,266 real procedures, each taken a number for, called and served."""

from pathlib import Path

import pytest

from config.commands import catalogue_import
from config.loading import load_catalogue, load_hall
from config.mapping import Mapping
from protocol import commands as cmd
from protocol import replies as re
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.config.cao_bang_1266 import COUNT, NATIONAL_LIST, cao_bang_1266
from tests.conftest import ROOT
from tests.queue_server.factories import SmallHall


@pytest.mark.skipif(not NATIONAL_LIST.exists(), reason=f"the national list is not on this machine: {NATIONAL_LIST}")
def test_every_one_of_1266_procedures_gets_its_number_and_its_service(tmp_path: Path) -> None:
    file = load_hall(ROOT / "config" / "halls" / "cao-bang.toml")
    catalogue = tmp_path / "catalogue.toml"
    assert catalogue_import([str(NATIONAL_LIST), "-o", str(catalogue)]) == 0
    procedures = cao_bang_1266(load_catalogue(catalogue).procedures, file)
    assert len(procedures) == COUNT
    service_of = Mapping(file).services_of(procedures)
    storage = SqliteStorage(tmp_path / "hall.db")
    hall = SmallHall(file, storage)
    issued = [issue(hall, service_of[p.code], p.code) for p in procedures]
    assert len({ticket.number for ticket in issued}) == COUNT

    for counter, operator in zip(file.counters, file.operators, strict=False):
        hall.ask(cmd.OpenCounter(counter.id, operator.id))
    served: list[re.TicketView] = []
    while len(served) < COUNT:
        hall.clock.tick(5)
        round_ = [hall.serve(counter.id) for counter in file.counters if waiting(hall, counter.services)]
        assert round_, "work is conserved"
        served += round_
    serves = {counter.id: set(counter.services) for counter in file.counters}
    assert all(ticket.service_id in serves[ticket.counter_id or ""] for ticket in served)
    assert sorted(ticket.ticket_id for ticket in served) == sorted(ticket.ticket_id for ticket in issued)
    assert verify(storage) == hall.service.hall.seq


def issue(hall: SmallHall, service_id: str, code: str) -> re.TicketView:
    reply = hall.ask(cmd.IssueTicket(service_id, procedure_code=code))
    assert isinstance(reply, re.TicketIssuedReply), reply
    return reply.ticket


def waiting(hall: SmallHall, services: list[str]) -> int:
    return sum(map(hall.service.hall.lines.waiting, services))
