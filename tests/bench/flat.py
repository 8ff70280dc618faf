"""Whether a call costs the same in an empty hall, in a crowded one, and late in a long day; on real SQLite."""

import datetime as dt
import secrets
import statistics
import time
from pathlib import Path

from config.loading import load_hall
from protocol import codec
from protocol import commands as cmd
from protocol.events import Event, TicketRated
from protocol.words import TicketState
from queue_server.domain.chain import START
from queue_server.domain.rows import Device
from queue_server.domain.ticket import Ticket
from queue_server.service import QueueService
from queue_server.storage.base import Batch, StoredAnswer, StoredEvent
from queue_server.storage.sqlite import SqliteStorage
from tests.bench.hall import write_hall

_ADMIN = Device("admin", "admin", "a")
_CALLS = 2000
_BATCH = 64
_FILL = 10_000


class Bench:
    """A hall in this process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        file = load_hall(write_hall(folder, [5570, 5571, 5572, 8080]))
        self.storage = SqliteStorage(folder / "hall.db")
        self.service = QueueService(file, self.storage, secrets.token_bytes)
        self.service.ledger.begin(dt.datetime.now(dt.UTC))
        self._count = 0
        self.ask(cmd.OpenCounter("1", "1"))

    def ask(self, command: cmd.Command) -> bytes:
        """The answer frame; every 64th commits."""
        self._count += 1
        request_id = f"{time.time_ns() // 1000:014x}{self._count:010x}"
        frame = self.service.answer(cmd.Request(1, request_id, command), _ADMIN, dt.datetime.now(dt.UTC))
        if self._count % _BATCH == 0:
            self.service.ledger.commit()
        return frame

    def fill_waiting(self, count: int) -> None:
        """Let so many wait."""
        for i in range(count):
            self.ask(cmd.IssueTicket(f"s{i % 8 + 1}"))
        self.service.ledger.commit()
        self.storage.tidy()

    def fill_finished(self, count: int) -> None:
        """Put so many finished tickets into the log, the tickets and the remembered answers."""
        hall = self.service.hall
        now = dt.datetime.now(dt.UTC)
        answer = b"x" * 600
        for start in range(0, count, _FILL):
            batch = Batch()
            for i in range(start, min(start + _FILL, count)):
                hall.seq += 1
                body = codec.encode(Event(hall.epoch, hall.seq, now, "bench", TicketRated(hall.seq)))
                batch.events.append(StoredEvent(hall.seq, body, START))
                ticket = Ticket(
                    hall.seq, f"B{i}", now.date(), "A", "s1", "ordinary", "vi", now, state=TicketState.FINISHED
                )
                batch.tickets.append(ticket)
                request_id = f"{time.time_ns() // 1000:014x}{i:010x}"
                batch.answers.append(StoredAnswer(request_id, b"f" * 32, answer))
            self.storage.commit(batch)
        self.storage.tidy()

    def call_cost(self) -> float:
        """Microseconds of a call and its no-show, the mean of one batch with its commit."""
        begin = time.perf_counter()
        for _ in range(_BATCH // 2):
            answer = codec.decode_answer(self.ask(cmd.CallNext("1"))).reply
            ticket = getattr(answer, "ticket", None)
            assert ticket is not None, "the bench ran out of waiting tickets"
            self.ask(cmd.MarkNoShow("1", ticket.ticket_id))
        return (time.perf_counter() - begin) / (_BATCH // 2) * 1e6


def waiting_costs(folder: Path, few: int, many: int) -> tuple[float, float]:
    """The cost of a call with few and with many waiting."""
    benches = Bench(folder / "few"), Bench(folder / "many")
    benches[0].fill_waiting(few + _CALLS)
    benches[1].fill_waiting(many + _CALLS)
    return _side_by_side(*benches)


def finished_costs(folder: Path, many: int) -> tuple[float, float]:
    """The cost of a call with no and with many finished tickets."""
    benches = Bench(folder / "none"), Bench(folder / "finished")
    benches[1].fill_finished(many)
    for bench in benches:
        bench.fill_waiting(_CALLS + 100)
    return _side_by_side(*benches)


def _side_by_side(one: Bench, other: Bench) -> tuple[float, float]:
    """The median costs in two halls, measured in turns so that the machine's moods meet both."""
    pairs = [(one.call_cost(), other.call_cost()) for _ in range(_CALLS // _BATCH * 2)]
    for bench in (one, other):
        bench.storage.close()
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
