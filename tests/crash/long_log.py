"""A hall's folder with weeks of work in its log, as a server that starts in the morning finds it."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

from config.loading import load_hall
from protocol import commands as cmd
from protocol.commands import Command, Request
from queue_server.domain.rows import Device
from queue_server.service import QueueService
from queue_server.storage.sqlite import SqliteStorage

ADMIN = Device("admin", "admin", "a")
COUNTERS = [str(number) for number in range(1, 9)]
EVENTS_OF_A_DAY = 8000
BATCH = 200


def write_long_log(hall_file: Path, data: Path, events: int, seed: int = 1) -> int:
    """Play working days up to yesterday until the log holds so many events; how many it holds."""
    storage = SqliteStorage(data / "hall.db")
    service = QueueService(load_hall(hall_file), storage, random.Random(seed).randbytes)
    now = dt.datetime.now(dt.UTC) - dt.timedelta(days=2 + events // EVENTS_OF_A_DAY)
    service.ledger.begin(now)
    ids = (f"long-{number:012}" for number in itertools.count())
    while service.hall.seq < events:
        now += dt.timedelta(days=1)
        _day(service, ids, now, min(events, service.hall.seq + EVENTS_OF_A_DAY))
    storage.close()
    return service.hall.seq


def _day(service: QueueService, ids: Iterator[str], now: dt.datetime, until: int) -> None:
    def ask(command: Command) -> None:
        service.answer(Request(1, next(ids), command), ADMIN, now)

    for counter in COUNTERS:
        ask(cmd.OpenCounter(counter, counter))
    while service.hall.seq < until:
        for counter in COUNTERS:
            ask(cmd.IssueTicket(f"s{counter}"))
            ask(cmd.CallNext(counter))
            held = service.hall.counters[counter].ticket_id
            if held is not None:
                ask(cmd.StartServing(counter, held))
                ask(cmd.FinishTicket(counter, held))
        if service.ledger.pending_events >= BATCH:
            service.ledger.commit()
    service.ledger.commit()
